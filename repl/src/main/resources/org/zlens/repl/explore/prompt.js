// The prompt: the form for a text, and its tokens to choose a position.

import { button, el, put } from './dom.js';
import { promptCommand } from './commands.js';
import { token, visible } from './text.js';

/** The panel of the prompt. */
export class PromptPanel {
  /** @param on {run(text), choose(position), turn(prompt)} */
  constructor(on) {
    this.on = on;
    this.text = el('textarea', { id: 'prompt', rows: 2, spellcheck: 'false', 'aria-labelledby': 'prompt-title',
      placeholder: 'When Ann and Bob went to the store, Bob gave a drink to' });
    this.answer = el('input', { id: 'answer', placeholder: ' Ann', autocomplete: 'off' });
    this.over = el('input', { id: 'over', placeholder: ' Bob', autocomplete: 'off' });
    this.strip = el('div', { class: 'strip', role: 'group', 'aria-label': 'tokens of the prompt' });
    this.chooser = el('div', { class: 'row' });
    this.form = el('form', { class: 'prompt', onsubmit: event => this.submit(event) },
      this.text,
      el('div', { class: 'row' },
        el('label', { for: 'answer' }, 'answer'), this.answer,
        el('label', { for: 'over' }, 'over'), this.over,
        el('button', { type: 'submit', class: 'main' }, 'Run')));
    this.text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        this.submit(event);
      }
    });
    this.start = el('div', { class: 'start' });
    this.element = el('section', { class: 'panel', 'aria-labelledby': 'prompt-title' },
      el('h2', { id: 'prompt-title' }, 'Prompt'), this.start, this.form, this.chooser, this.strip);
  }

  submit(event) {
    event.preventDefault();
    if (this.text.value.trim() !== '') {
      this.on.run(promptCommand(this.text.value, this.answer.value, this.over.value));
    }
  }

  /** Shows the session's prompts. */
  show(model, position) {
    const { state } = model;
    this.form.hidden = !state.model;
    this.fill(model);
    put(this.start, state.model ? null : [
      el('p', {}, 'This session has no model yet.'),
      button('model sprig', () => this.on.run('model sprig'), { class: 'main' }),
    ]);
    put(this.chooser, state.count > 1 ? this.turning(model) : null);
    const tokens = model.tokens();
    put(this.strip, tokens.map((one, at) => button(token(one.text), () => this.on.choose(at), {
      class: 'token',
      'aria-pressed': String(at === position),
      'aria-label': `position ${at}: ${token(one.text)}${one.labels ? ', ' + visible(one.labels) : ''}`,
      title: `${at}${one.labels ? ' ' + visible(one.labels) : ''}`,
    })));
  }

  /** The session's prompt, where nobody has written another that has not run. */
  fill({ state, prompt }) {
    const shown = state.prompts[prompt];
    if (!shown || shown === this.shown) {
      return;
    }
    this.shown = shown;
    if (this.text.value === this.filled || this.text.value === '') {
      [this.text, this.answer, this.over].forEach((field, i) => {
        field.value = [shown.text, shown.answer, shown.over][i] ?? '';
      });
    }
    this.filled = shown.text;
  }

  turning(model) {
    const last = model.state.prompts.length - 1;
    const turn = by => () => this.on.turn(Math.min(last, Math.max(0, model.prompt + by)));
    return [
      button('‹', turn(-1), { 'aria-label': 'the prompt before' }),
      el('span', {}, `prompt ${model.prompt} of 0 to ${model.state.count - 1}`),
      button('›', turn(1), { 'aria-label': 'the next prompt' }),
    ];
  }
}
