// The features that are active at a position, by layer and kind of SAE.

import { button, el, put } from './dom.js';
import { barsView, notesView } from './values.js';
import { visible } from './text.js';

/** The panel of active features. */
export class FeaturesPanel {
  /** @param on {layer(number), residual(flag), open(name, position)} */
  constructor(on) {
    this.on = on;
    this.layers = el('div', { class: 'row', role: 'group', 'aria-label': 'layer' });
    this.kinds = el('div', { class: 'row', role: 'group', 'aria-label': 'kind of features' });
    this.list = el('div', { class: 'list' });
    this.element = el('section', { class: 'panel grow', 'aria-labelledby': 'features-title' },
      el('h2', { id: 'features-title' }, 'Active features'), this.kinds, this.layers, this.list);
  }

  /** Shows what was found, and which layers there are. */
  show(model, chosen) {
    const pressed = flag => ({ 'aria-pressed': String(flag) });
    put(this.kinds,
      button('attention', () => this.on.residual(false), pressed(!chosen.residual)),
      button('residual', () => this.on.residual(true), pressed(chosen.residual)));
    const layers = model.state.saes.filter(sae => sae.residual === chosen.residual);
    put(this.layers, layers.map(sae =>
      button(`L${sae.layer}`, () => this.on.layer(sae.layer),
        { ...pressed(sae.layer === chosen.layer), title: `${sae.features} features` })));
    const found = model.features;
    put(this.list, found
      ? [el('p', { class: 'note' }, visible(found.title)), this.bars(found), notesView(found.notes)]
      : el('p', { class: 'note' }, model.tokens().length > 0
        ? 'Choose a token and a layer.' : 'Run a prompt first.'));
  }

  bars(found) {
    return barsView(found.rows.filter(row => typeof row.activation === 'number').map(row => ({
      name: visible(row.feature),
      number: row.activation,
      title: `at ${row.position}: open its card`,
      onclick: () => this.on.open(row.feature, row.position),
    })), 'active features');
  }
}
