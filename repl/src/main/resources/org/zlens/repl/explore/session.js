// What the page shows, made of the events of the session alone: every window makes the same.

import { readGraph, readMarks, shownGraph } from './nodes.js';

const ATTRIBUTION = /^direct feature attribution of (\S+) at (.+) by (source|head)$/;
const EFFECT = /^direct logit effect of (\S+)$/;
const SCORE = /^score of (\S+) from (\d+|END(?:-\d+)?) on (\d+|END(?:-\d+)?)(?: in prompt (\d+))?$/;
const MOST_ENTRIES = 400;

/** The session as this page knows it. */
export class SessionModel {
  constructor() {
    this.reset();
  }

  /** Forgets all; what follows begins from nothing. */
  reset() {
    this.state = { model: null, saes: [], prompts: [], count: 0, ground: 0 };
    this.entries = [];
    this.running = null;
    this.progress = null;
    this.graph = readGraph(null);
    this.rawGraph = null;
    this.marks = readMarks(null);
    this.rawMarks = null;
    this.forgetResults();
  }

  /** Forgets what hangs on the prompts. */
  forgetResults() {
    this.effects = new Map();
    this.logits = null;
    this.edited = null;
    this.edits = [];
    this.turn(0);
  }

  /** Shows another of the prompts, of which nothing was found yet. */
  turn(prompt) {
    this.prompt = prompt;
    this.features = null;
    this.cards = new Map();
    this.card = null;
    this.why = null;
    this.results = (this.results ?? 0) + 1;
  }

  /** What was found on one of several prompts is shown with that. */
  turnTo(value) {
    const prompt = value.rows[0]?.prompt ?? this.prompt;
    if (prompt !== this.prompt) {
      this.turn(prompt);
    }
  }

  /** Takes one event in. */
  apply(name, data) {
    const handler = this[`on_${name}`];
    if (handler) {
      handler.call(this, data);
    }
  }

  on_state(state) {
    const other = state.ground !== this.state.ground;
    this.state = { saes: [], prompts: [], count: 0, ...state };
    if (other) {
      this.forgetResults();
    }
  }

  on_start(entry) {
    this.entries.push({ ...entry, values: [], notes: [], state: 'running' });
    this.entries.splice(0, Math.max(0, this.entries.length - MOST_ENTRIES));
    this.running = entry.entry;
    this.progress = null;
  }

  entry(number) {
    return this.entries.findLast(entry => entry.entry === number);
  }

  on_note({ entry, text }) {
    this.entry(entry)?.notes.push(text);
  }

  on_progress(progress) {
    this.progress = progress;
  }

  on_end({ entry, milliseconds }) {
    this.finish(entry, { state: 'done', milliseconds });
  }

  on_failure({ entry, error, interrupted }) {
    this.finish(entry, { state: interrupted ? 'interrupted' : 'failed', error });
  }

  finish(number, how) {
    Object.assign(this.entry(number) ?? {}, how);
    this.running = null;
    this.progress = null;
  }

  on_graph(data) {
    this.results++;
    this.rawGraph = data;
    this.graph = readGraph(data);
  }

  on_view(data) {
    this.results++;
    this.rawMarks = data;
    this.marks = readMarks(data);
  }

  on_value({ entry, verbs, value }) {
    const from = this.entry(entry);
    if (!from) {
      return;
    }
    from.values.push(value);
    this.results++;
    const has = name => value.columns?.some(column => column.name === name);
    if (verbs[0] === 'features' && has('feature') && has('activation')) {
      this.turnTo(value);
      this.features = value;
    } else if (verbs[0] === 'effect' && EFFECT.test(value.title)) {
      const feature = EFFECT.exec(value.title)[1];
      this.effects.set(feature, value);
      if (!this.card || nameOf(this.card) !== feature) {
        const row = this.features?.rows.find(one => one.feature === feature);
        this.card = `${feature}@${row?.position ?? 'END'}`;
      }
    } else if (verbs[0] === 'dfa' && ATTRIBUTION.test(value.title)) {
      const [, feature, place, by] = ATTRIBUTION.exec(value.title);
      this.turnTo(value);
      this.card = `${feature}@${this.position(place)}`;
      this.cards.set(this.card, { ...this.cards.get(this.card), [by]: value });
    } else if (verbs[0] === 'qk') {
      const prompt = SCORE.exec(value.title)?.[4];
      if (prompt !== undefined && Number(prompt) !== this.prompt) {
        this.turn(Number(prompt));
      }
      this.why = value;
    } else if (verbs[0] === 'logits' && has('logit')) {
      this.takeLogits(from, value);
    }
  }

  takeLogits(entry, value) {
    if (entry.verbs[0] === 'with') {
      this.edited = value;
      this.edits = entry.edits;
    } else {
      this.logits = value;
      this.edited = null;
      this.edits = [];
    }
  }

  /** The number of a place that a command named in any way, where it is one. */
  position(place) {
    const found = /^END(?:-(\d+))?$/.exec(place);
    return found ? String(this.length(this.prompt) - 1 - Number(found[1] ?? 0)) : place;
  }

  /** A place as commands name it: all prompts must have it, and some may be shorter. */
  place(position) {
    const shortest = Math.min(...this.state.prompts.map((one, i) => this.length(i)));
    if (!/^\d+$/.test(position) || Number(position) < shortest) {
      return String(position);
    }
    const behind = this.length(this.prompt) - 1 - Number(position);
    return behind === 0 ? 'END' : `END-${behind}`;
  }

  length(prompt) {
    return this.state.prompts[prompt]?.length ?? 0;
  }

  /** The head whose score was taken apart last; null if none was. */
  headOfWhy() {
    return SCORE.exec(this.why?.title)?.[1] ?? null;
  }

  /** Where the parts of a score stand that was taken apart last: 'query' or 'key'; null if unknown. */
  placeOfWhy(side) {
    const found = SCORE.exec(this.why?.title);
    return found ? this.position(found[side === 'query' ? 2 : 3]) : null;
  }

  /** The tokens of the prompt that the page shows. */
  tokens() {
    return this.state.prompts[this.prompt]?.tokens ?? [];
  }

  /** What is shown of the graph. */
  shown() {
    return shownGraph(this.graph, this.marks);
  }

  /** What is known of a feature at a position. */
  cardOf(name, position) {
    return { effect: this.effects.get(name), ...this.cards.get(`${name}@${position}`) };
  }
}

/** The feature of a card's key. */
export function nameOf(key) {
  return key.slice(0, key.lastIndexOf('@'));
}

/** Its position, as a text. */
export function positionOf(key) {
  return key.slice(key.lastIndexOf('@') + 1);
}
