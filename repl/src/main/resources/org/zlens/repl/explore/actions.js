// The card of one number: what is known of it, and what can be done with it.

import { ablation, isFeature, steering } from './commands.js';
import { factsView, findings } from './card.js';
import { button, el, put } from './dom.js';
import { tableView, notesView } from './values.js';
import { token, visible } from './text.js';

const WAYS = [
  ['attention', 'attention features'],
  ['residual', 'residual features'],
  ['both', 'both'],
  ['heads', 'heads and components'],
];

const SPLITS = [
  ['residual', 'residual features'],
  ['features', 'attention features'],
  ['heads', 'heads'],
  ['components', 'components'],
];

/** The columns of a score's parts that fit a card. */
const PAIR = ['query', 'key', 'part', 'contribution'];

/** The panel of the chosen feature or node. */
export class CardPanel {
  /** @param on {open(name, position), follow(how), edit(statement), why(head, split, source), mark(kind, value), source(position), node(key)} */
  constructor(on) {
    this.on = on;
    this.how = { via: 'attention', width: 5, mlps: false, audit: false };
    this.split = 'residual';
    this.by = 4;
    this.element = el('aside', { class: 'panel card', 'aria-label': 'card' });
  }

  /**
   * Shows a card.
   *
   * @param chosen {name, position, key} or null; the key is that of a node of the graph
   */
  show(model, chosen, source) {
    if (!chosen) {
      put(this.element, el('h2', {}, 'Card'),
        el('p', { class: 'note' }, 'Open a feature, or choose a node of the graph.'));
      return;
    }
    const shown = model.shown();
    const node = shown.nodes.find(one => one.key === chosen.key);
    const at = model.tokens()[chosen.position];
    const known = model.cardOf(chosen.name, chosen.position);
    const card = `${chosen.name}@${chosen.position}`;
    const isOther = card !== this.shown;
    this.shown = card;
    put(this.element,
      el('h2', {}, visible(chosen.name), ' ',
        el('small', {}, chosen.position === '' ? '' : `at ${chosen.position} `
          + (at ? token(at.text) : ''))),
      this.following(chosen),
      this.editing(chosen, model.place(chosen.position)),
      node ? this.marking(model, node) : null,
      node ? factsView(node, shown, model.graph.unit, key => this.on.node(key)) : null,
      findings(known,
        { source: position => this.on.source(position), head: head => this.on.why(head, this.split) }),
      known.head || this.headOf(node) || this.isOfCard(model, node) ? this.why(model, node, source) : null);
    if (isOther) {
      this.element.scrollTop = 0;
    }
  }

  following(chosen) {
    if (!isFeature(chosen.name) && !chosen.name.startsWith('logit') && !/^L\d+\.H\d+$/.test(chosen.name)) {
      return null;
    }
    const via = el('select', { id: 'via', onchange: () => { this.how.via = via.value; } },
      WAYS.map(([value, label]) => el('option', { value, selected: value === this.how.via }, label)));
    const width = el('select', { id: 'width', onchange: () => { this.how.width = Number(width.value); } },
      [3, 5, 10, 20].map(n => el('option', { value: n, selected: n === this.how.width }, String(n))));
    const flag = name => {
      const box = el('input', { id: name, type: 'checkbox', checked: this.how[name],
        onchange: () => { this.how[name] = box.checked; } });
      return box;
    };
    return el('div', { class: 'row action' },
      button('Follow upstream', () => this.on.follow({ ...this.how }), { class: 'main' }),
      el('label', { for: 'via' }, 'to'), via,
      el('label', { for: 'width' }, 'most'), width,
      flag('mlps'), el('label', { for: 'mlps' }, 'MLPs'),
      flag('audit'), el('label', { for: 'audit', title: 'the exact effect of each part beside it' }, 'audit'));
  }

  editing(chosen, place) {
    const statement = ablation(chosen.name, place);
    if (!statement) {
      return null;
    }
    const by = el('input', { id: 'by', type: 'number', step: 1, value: this.by,
      oninput: () => { this.by = Number(by.value); } });
    return el('div', { class: 'row action' },
      button('Ablate', () => this.on.edit(statement)),
      isFeature(chosen.name)
        ? [button('Steer', () => this.on.edit(steering(chosen.name, place, Number(by.value)))),
          el('label', { for: 'by' }, 'by'), by]
        : null);
  }

  marking(model, node) {
    const isGroup = node.kind === 'group';
    return el('div', { class: 'row action' },
      button(node.pinned ? 'Unpin' : 'Pin', () => this.on.mark('pinned', node.pinned ? null : true),
        { 'aria-pressed': String(node.pinned), disabled: isGroup, title: 'p' }),
      button('Prune', () => this.on.mark('pruned', true), { title: 'Delete' }),
      button(isGroup ? 'Ungroup' : 'Group', () => this.on.mark('group', isGroup ? null : ''),
        { title: 'g' }));
  }

  /** The head that a node is or tells of, which can be asked where it looked; null if none. */
  headOf(node) {
    return node?.kind === 'score' ? node.head : /^L\d+\.H\d+$/.test(node?.name) ? node.name : null;
  }

  /** Whether the score that was taken apart last has to do with what the card shows. */
  isOfCard(model, node) {
    const head = model.headOfWhy();
    const [name, position] = this.shown.split(/@(?=[^@]*$)/);
    if (!head) {
      return false;
    } else if (this.headOf(node)) {
      return head === this.headOf(node);
    }
    const isReader = name.startsWith(head.replace(/H\d+$/, 'F')) && model.placeOfWhy('query') === position;
    return isReader || model.why.rows.some(row => row.query === name || row.key === name);
  }

  /** What was found of a head's score; a feature in it is opened where it was read. */
  why(model, node, source) {
    const found = this.isOfCard(model, node) ? model.why : null;
    const split = el('select', { id: 'split', onchange: () => { this.split = split.value; } },
      SPLITS.map(([value, label]) => el('option', { value, selected: value === this.split }, label)));
    const head = this.headOf(node);
    const asking = head ? this.asking(model, head, node, source) : null;
    return el('section', { class: 'finding' },
      el('h3', {}, 'Why a head looked there'),
      el('div', { class: 'row' }, el('label', { for: 'split' }, 'by'), split, asking
        ?? el('span', { class: 'note' }, source == null ? '' : `source ${source}`)),
      found ? [tableView({ ...found, columns: found.columns.filter(c => PAIR.includes(c.name)) }, 12, (name, column) => this.opener(name, model.placeOfWhy(column))),
        notesView(found.notes)]
        : el('p', { class: 'note' }, asking ? 'Its score is taken apart into pairs of what looks and what is looked at.'
          : 'Choose a head above; before it a token, to ask about another source.'));
  }

  /** Which position a head of the graph is asked about: one up to its own. */
  asking(model, head, node, source) {
    const end = node.position < 0 ? model.tokens().length - 1 : node.position;
    const chosen = source ?? node.source ?? 0;
    const key = el('select', { id: 'key' }, model.tokens().slice(0, end + 1).map((one, at) =>
      el('option', { value: at, selected: at === chosen }, `${at} ${token(one.text, 14)}`)));
    return [el('label', { for: 'key' }, 'looking at'), key,
      button(`Why ${head}`, () => this.on.why(head, this.split, Number(key.value)))];
  }

  opener(name, position) {
    return isFeature(name) && position != null ? () => this.on.open(name, position) : null;
  }
}
