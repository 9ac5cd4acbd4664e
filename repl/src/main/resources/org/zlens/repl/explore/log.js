// Everything that the session was given, wherever it was given, and a line to give it more.

import { button, el } from './dom.js';
import { notesView, valueView } from './values.js';
import { visibleLines } from './text.js';

/** The panel of commands. */
export class LogPanel {
  /** @param on {run(text)} */
  constructor(on) {
    this.on = on;
    this.list = el('ol', { class: 'log', 'aria-label': 'commands', tabindex: 0 });
    this.line = el('input', { id: 'line', autocomplete: 'off', spellcheck: 'false',
      placeholder: 'any statement, such as: ablate head L1.H4 at END' });
    this.element = el('section', { class: 'panel log-panel', 'aria-labelledby': 'log-title' },
      el('h2', { id: 'log-title' }, 'Commands'), this.list,
      el('form', { class: 'row', onsubmit: event => this.submit(event) },
        el('label', { for: 'line' }, 'zlens>'), this.line,
        el('button', { type: 'submit' }, 'Run')));
    this.items = new Map();
    this.open = new Set();
  }

  submit(event) {
    event.preventDefault();
    if (this.line.value.trim() !== '') {
      this.on.run(this.line.value);
      this.line.value = '';
    }
  }

  /** Shows the entries; only those that have changed are made anew. */
  show(entries) {
    const atEnd = this.list.scrollTop + this.list.clientHeight >= this.list.scrollHeight - 8;
    const wanted = entries.map(entry => {
      const looks = `${entry.state} ${entry.values.length} ${entry.notes.length} ${this.open.has(entry.entry)}`;
      const before = this.items.get(entry.entry);
      if (before?.looks === looks) {
        return before.item;
      }
      const item = this.item(entry);
      this.items.set(entry.entry, { looks, item });
      return item;
    });
    // What stays is not moved: the list would lose its place.
    const kept = new Set(wanted);
    [...this.list.children].filter(item => !kept.has(item)).forEach(item => item.remove());
    wanted.forEach((item, i) => {
      if (this.list.children[i] !== item) {
        this.list.insertBefore(item, this.list.children[i] ?? null);
      }
    });
    if (atEnd) {
      this.list.scrollTop = this.list.scrollHeight;
    }
  }

  item(entry) {
    const isOpen = this.open.has(entry.entry);
    const hasMore = entry.values.length + entry.notes.length > 0;
    return el('li', { class: `entry ${entry.state} ${entry.from}` },
      el('div', { class: 'row' },
        el('span', { class: 'from' }, entry.from),
        el('code', {}, visibleLines(entry.text)),
        entry.milliseconds == null ? null : el('small', {}, `${entry.milliseconds} ms`),
        hasMore ? button(isOpen ? 'hide' : 'show', () => this.toggle(entry),
          { id: `more-${entry.entry}`, 'aria-expanded': String(isOpen), 'aria-label': 'what came of it' }) : null,
        button('copy', event => this.copy(event, entry.text), { id: `copy-${entry.entry}`, 'aria-label': 'copy the command' })),
      entry.error ? el('pre', { class: 'error', role: 'alert', tabindex: 0 }, visibleLines(entry.error)) : null,
      isOpen ? [entry.values.map(valueView), notesView(entry.notes)] : null);
  }

  toggle(entry) {
    if (!this.open.delete(entry.entry)) {
      this.open.add(entry.entry);
    }
    this.on.changed();
  }

  async copy(event, text) {
    const clicked = event.currentTarget;
    try {
      await navigator.clipboard.writeText(text);
      clicked.textContent = 'copied';
    } catch {
      clicked.textContent = 'not copied';
    }
    setTimeout(() => { clicked.textContent = 'copy'; }, 1500);
  }
}
