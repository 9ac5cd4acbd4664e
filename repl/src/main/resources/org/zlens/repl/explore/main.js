// The page of a running session.

import { CardPanel } from './actions.js';
import { cardCommand, featuresCommand, followCommand, isFeature, logitsCommand, whyCommand } from './commands.js';
import { button, el, put, svg } from './dom.js';
import { FeaturesPanel } from './features.js';
import { GraphView } from './graph.js';
import { layout } from './layout.js';
import { LogPanel } from './log.js';
import { LogitsPanel } from './logits.js';
import { PromptPanel } from './prompt.js';
import { Server } from './server.js';
import { nameOf, positionOf, SessionModel } from './session.js';
import { visible } from './text.js';
import { Toolbar } from './toolbar.js';

const model = new SessionModel();
const chosen = { position: null, layer: 0, residual: false, node: null, source: null };
const undone = [];
let waiting = false;
let caughtUp = false;
let drawn = null;

const status = el('p', { class: 'status', role: 'status' });
const cancel = button('Cancel', () => send(server.cancel()), { hidden: true });
const about = el('span', { class: 'note' });
const prompt = new PromptPanel({ run, choose, turn });
const features = new FeaturesPanel({
  layer: layer => look({ layer }),
  residual: residual => look({ residual }),
  open,
});
const card = new CardPanel({
  follow: how => run(followCommand(current().name, model.place(current().position), how, model.prompt, model.state.count)),
  edit,
  why: (head, split, source) => run(whyCommand(head, model.place(current().position),
    model.place(source ?? sourceOf()), split, model.prompt, model.state.count)),
  open,
  mark: (kind, value) => markChosen(kind, value),
  source: position => { chosen.source = position; redraw(); },
  node: selectNode,
});
const logits = new LogitsPanel({
  logits: () => run(logitsCommand([])),
  lift: edit => run(logitsCommand(model.edits.filter(other => other !== edit))),
  clear: () => run(logitsCommand([])),
  follow: () => run(followCommand('logit', 'END', card.how, model.prompt, model.state.count)),
});
const log = new LogPanel({ run, changed: redraw });
const picture = svg('svg', { class: 'graph', role: 'group', 'aria-label': 'graph' });
const view = new GraphView(picture, {
  select: selectNode,
  move: (key, place) => mark([{ kind: 'moved', node: key, value: place }]),
  key: keyPressed,
});
const toolbar = new Toolbar({
  model: () => model,
  view: () => view,
  get server() { return server; },
  undo,
  restore: () => mark([...model.marks.pruned.keys()].map(node => ({ kind: 'pruned', node, value: null }))),
  failed: error => { status.textContent = visible(error.message); },
});

put(document.getElementById('app'),
  el('header', { class: 'bar' },
    el('h1', {}, 'zlens'), about, status, cancel,
    button('◐', theme, { 'aria-label': 'light or dark', title: 'light or dark' })),
  el('div', { class: 'columns' },
    el('div', { class: 'column' }, prompt.element, features.element),
    el('div', { class: 'column middle' },
      el('section', { class: 'panel graph-panel grow', 'aria-labelledby': 'graph-title' },
        el('h2', { id: 'graph-title' }, 'Graph'), toolbar.element, picture,
        el('p', { class: 'note keys' },
          'Blue edges add, dashed ones take away, dotted ones lead to attention scores. Arrows go from node to node, Enter opens, Shift with arrows '
          + 'moves, p pins, g groups, Delete prunes.'),
        el('p', { class: 'note hint' },
          'Open a feature and follow it upstream, or follow the logit difference: what it is made of '
          + 'appears here, and can be followed in its turn.'))),
    el('div', { class: 'column' }, card.element, logits.element),
    log.element));

const server = new Server({
  event(name, data) {
    if (name === 'ready') {
      caughtUp = true;
    }
    model.apply(name, data);
    if (name === 'value' || name === 'state') {
      followModel();
    }
    redraw();
  },
  connected(isOpen) {
    if (isOpen) {
      model.reset();
      caughtUp = false;
    }
    document.body.classList.toggle('cut-off', !isOpen);
    redraw();
  },
});

function send(promise) {
  promise.catch(error => { status.textContent = visible(error.message); });
}

function run(text) {
  send(server.run(text));
}

/** What the card shows: a node of the graph, or the feature that a command was about last. */
function current() {
  const node = chosen.node && model.graph.nodes.get(chosen.node);
  if (node) {
    return { name: node.name, position: node.position < 0 ? 'END' : String(node.position), key: node.key };
  }
  if (chosen.node?.startsWith('group:')) {
    return { name: chosen.node.slice(6), position: '', key: chosen.node };
  }
  if (!model.card) {
    return null;
  }
  const [name, position] = [nameOf(model.card), positionOf(model.card)];
  const key = [...model.graph.nodes.values()]
    .find(one => one.name === name && String(one.position) === position)?.key;
  return { name, position, key };
}

/** What commands said last decides what every window shows. */
function followModel() {
  if (model.state.ground !== followModel.ground) {
    followModel.ground = model.state.ground;
    const last = model.tokens().length - 1;
    chosen.position = last >= 0 ? last : null;
    chosen.node = null;
  }
  if (model.card !== followModel.card) {
    followModel.card = model.card;
    chosen.node = null;
    chosen.source = null;
  }
  const found = model.features?.title.match(/^features of L(\d+)\.(\S+)/);
  if (found && model.features !== followModel.features) {
    followModel.features = model.features;
    chosen.layer = Number(found[1]);
    chosen.residual = found[2].startsWith('resid');
    const place = model.features.rows[0]?.position;
    chosen.position = place ?? chosen.position;
  }
}

function choose(position) {
  chosen.position = position;
  look({});
}

function turn(number) {
  model.turn(number);
  chosen.position = Math.min(chosen.position ?? 0, model.tokens().length - 1);
  redraw();
}

/** Asks for the features at the chosen place. */
function look(change) {
  Object.assign(chosen, change);
  const saes = model.state.saes.filter(sae => sae.residual === chosen.residual);
  if (saes.length > 0 && !saes.some(sae => sae.layer === chosen.layer)) {
    chosen.layer = saes[0].layer;
  }
  if (chosen.position === null || saes.length === 0) {
    redraw();
    return;
  }
  run(featuresCommand(chosen.layer, chosen.residual, model.place(chosen.position), model.prompt, model.state.count));
}

/** Opens a card: what is not known yet is asked for. */
function open(name, position) {
  chosen.node = null;
  chosen.source = null;
  model.card = `${name}@${position}`;
  followModel.card = model.card;
  const known = model.cardOf(name, String(position));
  const command = cardCommand(name, model.place(position), known, model.prompt, model.state.count);
  if (command) {
    run(command);
  }
  redraw();
}

function selectNode(key) {
  chosen.node = key;
  chosen.source = null;
  view.select(key);
  const node = model.graph.nodes.get(key);
  if (node && isFeature(node.name)) {
    const command = cardCommand(node.name, model.place(node.position), model.cardOf(node.name, String(node.position)),
      model.prompt, model.state.count);
    if (command) {
      followModel.card = model.card = `${node.name}@${node.position}`;
      run(command);
    }
  }
  redraw();
}

/** The source that a head is asked about: the chosen one, else the one that adds most. */
function sourceOf() {
  if (chosen.source != null) {
    return chosen.source;
  }
  const { name, position } = current();
  const rows = model.cardOf(name, position).source?.rows.filter(row => row.position != null) ?? [];
  return rows.reduce((best, row) => (row.contribution > best.contribution ? row : best),
    { position: position, contribution: -Infinity }).position;
}

/** Adds an edit to those in force; a node has one at a time. */
function edit(statement) {
  if (!statement) {
    return;
  }
  const [name, position] = [current().name, model.place(current().position)];
  const isOther = one => !(one.includes(` ${name} `) && one.endsWith(` at ${position}`));
  run(logitsCommand([...model.edits.filter(isOther), statement]));
}

function mark(marks) {
  if (marks.length > 0) {
    undone.push(marks.map(one => ({ ...one, value: model.marks[one.kind].get(one.node) ?? null })));
    send(server.mark(marks));
  }
}

function undo() {
  const marks = undone.pop();
  if (marks) {
    send(server.mark(marks));
  }
}

function membersOf(key) {
  return model.shown().nodes.find(node => node.key === key)?.members ?? [];
}

function markChosen(kind, value) {
  const key = chosen.node ?? current()?.key;
  if (key == null) {
    return;
  }
  if (kind === 'group' && value === '') {
    askGroup(key);
    return;
  }
  mark(membersOf(key).map(node => ({ kind, node, value })));
  if (kind === 'pruned') {
    chosen.node = null;
  }
}

/** Asks for the name of a group where the buttons are; nodes of one name are one group. */
function askGroup(key) {
  const names = [...new Set(model.marks.group.values())];
  const name = el('input', { id: 'group-name', list: 'groups', maxlength: 80, required: true });
  const dialog = el('dialog', { 'aria-labelledby': 'group-label' },
    el('form', { method: 'dialog', onsubmit: () => {
      const value = name.value.trim();
      if (value !== '') {
        mark(membersOf(key).map(node => ({ kind: 'group', node, value })));
        chosen.node = `group:${value}`;
      }
    } },
      el('label', { for: 'group-name', id: 'group-label' }, 'Group with all that have this name'), name,
      el('datalist', { id: 'groups' }, names.map(value => el('option', { value }))),
      el('div', { class: 'row' }, el('button', { type: 'submit', class: 'main' }, 'Group'),
        button('Cancel', () => dialog.close()))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function keyPressed(event, key) {
  chosen.node = key;
  const marks = { p: ['pinned', model.marks.pinned.has(key) ? null : true],
    Delete: ['pruned', true], Backspace: ['pruned', true],
    g: ['group', key.startsWith('group:') ? null : ''] }[event.key];
  if (marks) {
    event.preventDefault();
    markChosen(...marks);
  } else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) {
    undo();
  }
}

function theme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
}

/** Shows everything at the next frame, once however much has come. */
function redraw() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  }
}

function draw() {
  const { state } = model;
  about.textContent = state.model
    ? `${visible(state.model.name)}: ${state.model.layers} layers, ${state.model.heads} heads` : '';
  const busy = model.running !== null;
  cancel.hidden = !busy;
  document.body.toggleAttribute('data-busy', busy);
  document.body.toggleAttribute('data-ready', caughtUp);
  status.textContent = document.body.classList.contains('cut-off') ? 'no session: it has ended, or its page was closed'
    : !busy ? '' : model.progress ? progressText(model.progress) : 'running…';
  keepFocus(() => {
    ifOther(prompt, [state, model.prompt, chosen.position], () => prompt.show(model, chosen.position));
    ifOther(features, [state, model.features, chosen.position, chosen.layer, chosen.residual],
      () => features.show(model, chosen));
    ifOther(card, [model.results, model.prompt, chosen.node, chosen.source, model.card],
      () => card.show(model, current(), chosen.source));
    ifOther(logits, [model.results, model.prompt], () => logits.show(model));
    log.show(model.entries);
    drawGraph();
  });
}

/** Panels are made anew where what they show is another: who clicks in one must find it there. */
function ifOther(panel, parts, show) {
  if (!panel.parts || parts.some((part, i) => part !== panel.parts[i])) {
    panel.parts = parts;
    show();
  }
}

function progressText({ what, done, total }) {
  return `${visible(what)} ${done}${total > 0 ? ` of ${total}` : ''}`;
}

function drawGraph() {
  if (drawn?.graph !== model.graph || drawn?.marks !== model.marks) {
    const isNew = drawn?.graph !== model.graph;
    drawn = { graph: model.graph, marks: model.marks };
    const shown = model.shown();
    picture.classList.toggle('empty', shown.nodes.length === 0);
    view.show(shown, layout(shown, model.graph, model.marks.moved), `graph of ${shown.nodes.length} nodes`);
    toolbar.show(shown, model.marks);
    if (isNew) {
      view.begin();
    }
  }
  const key = current()?.key ?? null;
  if (view.selected !== key) {
    view.select(key);
  }
}

/** Panels are made anew; whoever types or tabs in them stays where they were. */
function keepFocus(body) {
  const held = document.activeElement;
  const panel = held?.closest('section, aside');
  const all = panel ? [...panel.querySelectorAll('button, input, select, textarea, [tabindex]')] : [];
  const at = all.indexOf(held);
  const key = held?.dataset?.key;
  body();
  if (key && !held.isConnected) {
    view.focus(key);
  } else if (at >= 0 && !held.isConnected) {
    const now = [...panel.querySelectorAll('button, input, select, textarea, [tabindex]')];
    (now.find(one => one.id && one.id === held.id)
      ?? now.find(one => one.textContent === held.textContent && one.tagName === held.tagName)
      ?? now[Math.min(at, now.length - 1)])?.focus();
  }
}

view.fitWhereItIsWider();
