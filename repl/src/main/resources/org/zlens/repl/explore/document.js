// An exploration that was saved: the same graph and cards, without a session behind them.

import { button, el, put, svg } from './dom.js';
import { factsView, findings } from './card.js';
import { GraphView } from './graph.js';
import { layout } from './layout.js';
import { readGraph, readMarks, shownGraph } from './nodes.js';
import { token, visible, visibleLines } from './text.js';

/** Shows a saved exploration in an element. */
export function showDocument(root, saved) {
  const graph = readGraph(saved.graph);
  const marks = readMarks(saved.marks);
  const shown = shownGraph(graph, marks);
  const picture = svg('svg', { class: 'graph', role: 'group' });
  const card = el('aside', { class: 'panel card', 'aria-label': 'card', 'aria-live': 'polite' },
    el('p', { class: 'note' }, 'Choose a node.'));
  const select = key => {
    const node = shown.nodes.find(other => other.key === key);
    view.select(key);
    put(card, el('h2', {}, visible(node.name)), el('p', {}, visible(node.place)),
      factsView(node, shown, graph.unit, select), findings(saved.cards?.[key] ?? {}));
  };
  const view = new GraphView(picture, { select, move: () => {}, key: () => {} });
  put(root,
    el('header', { class: 'bar' },
      el('h1', {}, visible(saved.title)),
      el('p', { class: 'note' }, `${visible(saved.model)}, saved ${visible(saved.date)}`),
      button('fit', () => view.fit())),
    el('p', { class: 'strip' }, graph.pieces.map(piece => el('span', { class: 'token' }, token(piece)))),
    el('div', { class: 'saved-columns' },
      el('section', { class: 'panel graph-panel', 'aria-label': 'graph' }, picture), card),
    el('section', { class: 'panel', 'aria-label': 'commands' },
      el('h2', {}, 'Commands'),
      el('pre', { tabindex: 0 }, visibleLines((saved.commands ?? []).join('\n')))));
  view.show(shown, layout(shown, graph, marks.moved), visible(saved.title));
  view.begin();
  const first = shown.nodes.find(node => node.root);
  if (first) {
    select(first.key);
  }
  view.fitWhereItIsWider();
}
