// What the model expects next, as it is and under the edits that were chosen.

import { button, el, put } from './dom.js';
import { digits, token, visible } from './text.js';

/** Tokens that are shown, beside the answer pair. */
const MOST = 10;

/** The panel of logits. */
export class LogitsPanel {
  /** @param on {logits(), lift(edit), clear(), follow()} */
  constructor(on) {
    this.on = on;
    this.edits = el('ul', { class: 'edits', 'aria-label': 'edits in force' });
    this.rows = el('div', { class: 'list', 'aria-live': 'polite' });
    this.buttons = el('div', { class: 'row' },
      button('Logits', () => on.logits()),
      button('Follow the logit difference', () => on.follow()));
    this.element = el('section', { class: 'panel', 'aria-labelledby': 'logits-title' },
      el('h2', { id: 'logits-title' }, 'Next token'), this.buttons, this.edits, this.rows);
  }

  show(model) {
    put(this.edits, model.edits.map(edit => el('li', {}, el('code', {}, visible(edit)),
      button('×', () => this.on.lift(edit), { 'aria-label': `lift ${visible(edit)}` }))),
    model.edits.length > 1 ? el('li', {}, button('lift all', () => this.on.clear())) : null);
    const mine = value => (value?.rows ?? []).filter(row => row.prompt === model.prompt);
    const clean = mine(model.logits);
    const edited = mine(model.edited);
    const [before, after] = [clean, edited].map(rows => new Map(rows.map(row => [row.id, row])));
    const likeliest = id => Math.max(before.get(id)?.logit ?? -Infinity, after.get(id)?.logit ?? -Infinity);
    const isNamed = id => before.get(id)?.answer || after.get(id)?.answer;
    const ids = [...new Set([...before.keys(), ...after.keys()])]
      .sort((a, b) => likeliest(b) - likeliest(a))
      .filter((id, i) => i < MOST || isNamed(id));
    if (ids.length === 0) {
      put(this.rows, el('p', { class: 'note' }, 'No prediction was asked for yet.'));
      return;
    }
    const numbers = ids.flatMap(id => [before.get(id), after.get(id)]).flatMap(row => row ? [row.logit] : []);
    const [least, most] = [Math.min(0, ...numbers), Math.max(...numbers)];
    put(this.rows,
      edited.length === 0 ? null : el('p', { class: 'note' },
        el('span', { class: 'swatch' }), 'as it is', el('span', { class: 'swatch edited' }), 'under the edits'),
      el('ul', { class: 'bars logits', 'aria-label': 'logits' }, ids.map(id =>
        this.row(before.get(id), after.get(id), least, most, edited.length > 0))),
      this.notes(model));
  }

  row(before, after, least, most, isEdited) {
    const row = before ?? after;
    const bar = (one, kind) => {
      const made = el('span', { class: `bar ${kind}`, 'aria-hidden': 'true' });
      made.style.width = one ? `${(100 * (one.logit - least)) / Math.max(1e-9, most - least)}%` : '0';
      return made;
    };
    const change = before && after ? after.logit - before.logit : null;
    return el('li', { class: row.answer ? `answer ${row.answer}` : null },
      el('span', { class: 'name' }, token(row.token)),
      el('span', { class: 'track' }, bar(before, 'clean'), isEdited ? bar(after, 'edited') : null),
      el('span', { class: 'amount' },
        (isEdited ? digits(after?.logit) : digits(before?.logit)) || '–',
        change == null ? null : el('small', {}, ` ${change < 0 ? '−' : '+'}${digits(Math.abs(change))}`)));
  }

  notes(model) {
    return (model.edited ?? model.logits).notes.map(note => el('p', { class: 'note' }, visible(note, 300)));
  }
}
