// What is known of one node, as a card.

import { el } from './dom.js';
import { barsView, notesView, stripView } from './values.js';
import { compact, digits, token, visible } from './text.js';

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
  const isScore = node.kind === 'score';
  const facts = [
    ['activation', node.activation], [isScore ? 'score' : 'total', node.total],
    ['attention', node.attention], ['of the score', node.contribution],
    [isScore ? 'other pairs' : 'not followed', node.rest],
  ].filter(([, value]) => value != null);
  const names = new Map(shown.nodes.map(other => [other.key, other]));
  const into = shown.edges.filter(edge => edge.to === node.key)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const bars = (title, roles, prefix = () => '') => {
    const rows = into.filter(edge => roles.includes(edge.role)).map(edge => ({
      name: prefix(edge) + compact(nodeName(names.get(edge.from))),
      title: nodeName(names.get(edge.from)),
      number: edge.contribution,
      beside: edge.exact == null ? null : `exact ${digits(edge.exact)}, ${visible(edge.trust)}`,
      onclick: onselect ? () => onselect(edge.from) : null,
    }));
    return rows.length === 0 ? null : section(title, barsView(rows, title.toLowerCase(), 'wide'));
  };
  return [
    facts.length === 0 ? null : el('dl', { class: 'facts' },
      facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, digits(value))])),
    bars(`Upstream [${visible(unit)}]`, [undefined]),
    bars('Pairs of query and key [score]', ['pair']),
    bars('Parts of the pair [score]', ['query', 'key'], edge => `${edge.role}: `),
    bars('Where its heads looked [attention]', ['score']),
  ];
}

/** A node with its place, where that does not stand in its name. */
function nodeName(node) {
  const place = node.kind === 'pair' || node.kind === 'score' ? '' : ` ${visible(node.place)}`;
  return visible(node.name) + place;
}
