// What is known of one node, as a card.

import { el } from './dom.js';
import { barsView, notesView, stripView } from './values.js';
import { digits, token, visible } from './text.js';

/**
 * The parts of a card that show what was found.
 *
 * @param card {effect, source, head} values of commands, where they were asked for
 * @param on {source(position), head(name)} what a click does, where there is something to do
 */
export function findings(card, on = {}) {
  return [
    card.effect ? effectView(card.effect) : null,
    card.source ? sourceView(card.source, on.source) : null,
    card.head ? headView(card.head, on.head) : null,
  ];
}

function section(title, ...children) {
  return el('section', { class: 'finding' }, el('h3', {}, title), children);
}

function effectView(value) {
  const side = name => value.rows.filter(row => row.side === name)
    .map(row => ({ name: token(row.token), number: row.effect, title: `id ${row.id}` }));
  return section('Promotes and suppresses',
    el('div', { class: 'two' },
      barsView(side('promoted'), 'promoted tokens'),
      barsView(side('suppressed'), 'suppressed tokens')));
}

function sourceView(value, onclick) {
  const rows = value.rows.filter(row => row.position != null).map(row => ({
    token: token(row.token), number: row.contribution, position: row.position,
    onclick: onclick ? () => onclick(row.position) : null,
  }));
  const constant = value.rows.find(row => row.position == null);
  return section('From which tokens',
    stripView(rows, 'contributions by source token'),
    constant ? el('p', { class: 'note' }, `constant ${digits(constant.contribution)}`) : null,
    notesView(value.notes));
}

function headView(value, onclick) {
  return section('Through which heads',
    barsView(value.rows.map(row => ({
      name: visible(row.part), number: row.contribution,
      onclick: onclick && /^L\d+\.H\d+$/.test(row.part) ? () => onclick(row.part) : null,
      title: onclick ? 'why this head looked there' : null,
    })), 'contributions by head'));
}

/** Facts of a node in the graph and its edges. */
export function factsView(node, shown, unit, onselect) {
  const facts = [
    ['activation', node.activation], ['total', node.total], ['not followed', node.rest],
  ].filter(([, value]) => value != null);
  const names = new Map(shown.nodes.map(other => [other.key, other]));
  const rows = shown.edges.filter(edge => edge.to === node.key)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .map(edge => ({
      name: `${visible(names.get(edge.from).name)} ${visible(names.get(edge.from).place)}`,
      number: edge.contribution,
      title: edge.exact == null ? null : `exact ${digits(edge.exact)}: ${edge.trust}`,
      onclick: onselect ? () => onselect(edge.from) : null,
    }));
  return [
    facts.length === 0 ? null : el('dl', { class: 'facts' },
      facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, digits(value))])),
    rows.length === 0 ? null : section(`Upstream [${visible(unit)}]`, barsView(rows, 'upstream', 'wide')),
  ];
}
