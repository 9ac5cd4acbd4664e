// What can be done with the whole graph.

import { button, download, el } from './dom.js';
import { pictureFile } from './picture.js';
import { visible } from './text.js';

/** The buttons above the graph. */
export class Toolbar {
  /** @param on {model(), view(), server, undo(), restore(), failed(error)} */
  constructor(on) {
    this.on = on;
    this.count = el('span', { class: 'note', 'aria-live': 'polite' });
    this.buttons = [
      button('Fit', () => on.view().fit()),
      button('Undo', () => on.undo()),
      button('Restore pruned', () => on.restore()),
      button('SVG', () => this.picture()),
      button('circuit-tracer JSON', () => this.circuitTracer()),
      button('Save as HTML', () => this.saved()),
    ];
    this.element = el('div', { class: 'row toolbar', role: 'toolbar', 'aria-label': 'graph' },
      this.buttons, this.count);
  }

  show(shown, marks) {
    const pruned = marks.pruned.size;
    this.buttons.forEach(one => { one.disabled = shown.nodes.length + pruned === 0; });
    this.count.textContent = `${shown.nodes.length} nodes, ${shown.edges.length} edges`
      + (pruned > 0 ? `, ${pruned} pruned` : '');
  }

  picture() {
    download('exploration.svg', 'image/svg+xml', pictureFile(this.on.view(), 'exploration'));
  }

  async circuitTracer() {
    await this.trying(async () => {
      const keys = this.on.model().shown().nodes.flatMap(node => node.members);
      download('exploration.json', 'application/json', await this.on.server.circuitTracer(keys));
    });
  }

  async saved() {
    await this.trying(async () =>
      download('exploration.html', 'text/html', await this.on.server.saved(this.document())));
  }

  /** What a saved file holds: the graph as it is shown, its cards and the commands. */
  document() {
    const model = this.on.model();
    const cards = {};
    for (const node of model.graph.nodes.values()) {
      const known = model.cardOf(node.name, node.position);
      if (Object.values(known).some(value => value)) {
        cards[node.key] = known;
      }
    }
    return {
      title: `${this.roots(model)} on ${visible(model.state.model?.name)}`,
      model: visible(model.state.model?.name),
      date: new Date().toISOString().slice(0, 16).replace('T', ' '),
      graph: model.rawGraph,
      marks: model.rawMarks,
      cards,
      commands: model.entries.filter(entry => entry.state !== 'failed').map(entry => entry.text),
    };
  }

  /** What was followed, the first of it by name. */
  roots(model) {
    const { nodes } = model.shown();
    const roots = nodes.filter(node => node.root);
    const heads = nodes.filter(node => node.kind === 'score');
    const names = [...new Set((roots.length > 0 ? roots : heads).map(node => visible(node.name)))];
    return names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  }

  async trying(body) {
    try {
      await body();
    } catch (error) {
      this.on.failed(error);
    }
  }
}
