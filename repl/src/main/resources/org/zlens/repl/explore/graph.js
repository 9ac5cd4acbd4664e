// The graph as a picture that can be moved, by mouse, touch and keyboard.

import { svg } from './dom.js';
import { CHIP } from './layout.js';
import { brief, compact, digits, signed, visible } from './text.js';

const WIDEST = 7;
const WIDEST_TIE = 4;
const NARROW = 600;
const LEGIBLE = 0.55;

/** A picture of a graph in an svg element. */
export class GraphView {
  /**
   * @param on {select(key), move(key, [x, y]), key(event, key)}: what happens to nodes
   */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.places = new Map();
    this.elements = new Map();
    this.edgesOf = new Map();
    this.selected = null;
    this.back = svg('g', { class: 'axes', 'aria-hidden': 'true' });
    this.lines = svg('g', { class: 'edges', 'aria-hidden': 'true' });
    this.chips = svg('g', { class: 'nodes', role: 'group', 'aria-label': 'nodes' });
    this.moving = svg('g', { class: 'moving' });
    this.world = svg('g', {}, this.back, this.lines, this.chips, this.moving);
    root.replaceChildren(this.world);
    this.zoom = globalThis.d3
      .zoom()
      .scaleExtent([0.1, 4])
      .on('zoom', event => this.world.setAttribute('transform', event.transform));
    globalThis.d3.select(root).call(this.zoom).on('dblclick.zoom', null);
  }

  /** Shows other nodes and edges at their places. */
  show(shown, placed, title) {
    this.placed = placed;
    this.places = new Map(placed.places);
    this.nodes = new Map(shown.nodes.map(node => [node.key, node]));
    this.root.setAttribute('aria-label', title);
    this.moving.replaceChildren();
    this.forgetLifted();
    this.drawAxes(placed);
    this.drawEdges(shown.edges);
    this.drawNodes(shown.nodes);
    this.select(this.nodes.has(this.selected) ? this.selected : null);
  }

  drawAxes(placed) {
    this.back.replaceChildren(
      ...placed.rows.map(row => svg('g', {},
        svg('line', { x1: 62, x2: placed.width - 20, y1: row.y, y2: row.y }),
        svg('text', { x: 4, y: row.y + 4 }, row.label))),
      ...placed.columns.map(column =>
        svg('text', { x: column.x, y: placed.height - 10, 'text-anchor': 'middle' }, column.label)),
    );
  }

  drawEdges(edges) {
    this.edgesOf = new Map();
    const most = Math.max(1e-12, ...edges.map(edge => edge.influence));
    this.lines.replaceChildren(...edges.map(edge => {
      const width = 0.8 + (edge.role ? WIDEST_TIE * Math.sqrt(edge.share) : WIDEST * Math.sqrt(edge.influence / most));
      const path = svg('path', {
        class: `edge ${edge.contribution < 0 ? 'takes' : 'adds'}${edge.role ? ' tie ' + edge.role : ''}`,
        'stroke-width': width.toFixed(2),
      }, svg('title', {}, this.edgeText(edge)));
      const drawn = { edge, path };
      for (const end of [edge.from, edge.to]) {
        this.edgesOf.set(end, [...(this.edgesOf.get(end) ?? []), drawn]);
      }
      this.bend(drawn);
      return path;
    }));
  }

  edgeText(edge) {
    const name = key => visible(this.nodes.get(key).name);
    if (edge.role) {
      return this.tieText(edge, name);
    }
    return `${name(edge.from)} to ${name(edge.to)}: ${digits(edge.contribution)}`
      + (edge.exact == null ? '' : `, exact ${digits(edge.exact)} (${edge.trust})`);
  }

  tieText({ from, to, role, contribution }, name) {
    const place = visible(this.nodes.get(from).place);
    switch (role) {
      case 'score':
        return `why ${name(from)} looked there: attention ${digits(contribution)}, to ${name(to)}`;
      case 'pair':
        return `pair ${name(from)}: ${digits(contribution)} of the score of ${name(to)}`;
      default:
        return `${name(from)} at ${place} on the ${role}'s side of ${name(to)}: ${digits(contribution)} of the score`;
    }
  }

  /** An edge leaves its node at the top and comes to the other from below. */
  bend({ edge, path }) {
    const [x1, y1] = this.places.get(edge.from);
    const [x2, y2] = this.places.get(edge.to);
    const up = y1 >= y2 ? 1 : -1;
    const [start, end] = [y1 - (up * CHIP.height) / 2, y2 + (up * CHIP.height) / 2];
    const middle = (start + end) / 2;
    path.setAttribute('d', `M${x1},${start}C${x1},${middle} ${x2},${middle} ${x2},${end}`);
  }

  drawNodes(nodes) {
    this.elements = new Map();
    this.chips.replaceChildren(...nodes.map(node => {
      const name = node.members.length > 1 || node.kind === 'group'
        ? `${node.name} (${node.members.length})` : node.name;
      const chip = svg('g', {
        class: `node ${node.kind}${node.contribution < 0 ? ' takes' : ''}${node.pinned ? ' pinned' : ''}${node.root ? ' root' : ''}`,
        tabindex: -1, role: 'button', 'data-key': node.key,
        'aria-label': visible(`${name} ${node.place ? 'at ' + node.place : ''}`
          + (node.activation == null ? '' : `, activation ${digits(node.activation)}`)
          + (node.contribution == null ? '' : `, ${signed(node.contribution)} of the score`)
          + (node.pinned ? ', pinned' : '')),
      },
        svg('rect', { x: -CHIP.width / 2, y: -CHIP.height / 2, width: CHIP.width, height: CHIP.height,
          rx: node.kind === 'error' || node.kind === 'bias' ? 3 : CHIP.height / 2 }),
        svg('text', { y: 4, 'text-anchor': 'middle' },
          brief(node.kind === 'pair' ? signed(node.contribution) : compact(name), 13)),
        node.pinned ? svg('circle', { cx: CHIP.width / 2 - 5, cy: 3 - CHIP.height / 2, r: 5 }) : null,
        svg('title', {}, visible(titleOf(name, node))),
      );
      chip.addEventListener('click', () => this.on.select(node.key));
      chip.addEventListener('focus', () => this.turnTo(node.key));
      chip.addEventListener('keydown', event => this.pressed(event, node.key));
      this.elements.set(node.key, chip);
      this.stand(node.key);
      return chip;
    }));
    this.elements.values().next().value?.setAttribute('tabindex', 0);
    globalThis.d3.select(this.chips).selectAll('g.node').call(this.dragging());
  }

  dragging() {
    const view = this;
    return globalThis.d3
      .drag()
      .clickDistance(4)
      .container(this.world)
      .subject(function () {
        const [x, y] = view.places.get(this.dataset.key);
        return { x, y };
      })
      .on('drag', function (event) {
        // Meanwhile another window may have pruned it.
        if (view.elements.has(this.dataset.key)) {
          view.lift(this.dataset.key);
          view.place(this.dataset.key, [event.x, event.y]);
        }
      })
      .on('end', function () {
        const key = this.dataset.key;
        view.lower();
        const before = view.placed.places.get(key);
        const now = view.places.get(key);
        if (before && now && Math.hypot(before[0] - now[0], before[1] - now[1]) > 4) {
          view.on.move(key, now.map(Math.round));
        }
      });
  }

  /** What moves is drawn by itself, so that of all else nothing is drawn again. */
  lift(key) {
    if (this.lifted !== key) {
      this.lifted = key;
      const paths = (this.edgesOf.get(key) ?? []).map(drawn => drawn.path);
      this.moving.append(...paths, this.elements.get(key));
      this.root.classList.add('lifted');
    }
  }

  /** Puts what has moved back among the others. */
  lower() {
    const chip = this.elements.get(this.lifted);
    if (chip) {
      this.lines.append(...(this.edgesOf.get(this.lifted) ?? []).map(drawn => drawn.path));
      this.chips.append(chip);
    }
    this.forgetLifted();
  }

  forgetLifted() {
    this.lifted = null;
    this.root.classList.remove('lifted');
  }

  /** Moves one node and the edges at it, and nothing else. */
  place(key, place) {
    this.places.set(key, place);
    this.stand(key);
    (this.edgesOf.get(key) ?? []).forEach(drawn => this.bend(drawn));
  }

  stand(key) {
    const [x, y] = this.places.get(key);
    this.elements.get(key).setAttribute('transform', `translate(${x},${y})`);
  }

  /** Marks a node, and the edges at it. */
  select(key) {
    this.selected = key;
    for (const [other, chip] of this.elements) {
      chip.classList.toggle('selected', other === key);
      chip.setAttribute('aria-pressed', String(other === key));
    }
    const near = new Set((this.edgesOf.get(key) ?? []).map(drawn => drawn.path));
    for (const path of this.world.querySelectorAll('.edge')) {
      path.classList.toggle('near', near.has(path));
    }
  }

  /** One node can be reached by Tab: the last that was. */
  turnTo(key) {
    for (const [other, chip] of this.elements) {
      chip.setAttribute('tabindex', other === key ? 0 : -1);
    }
  }

  pressed(event, key) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way && event.shiftKey) {
      const [x, y] = this.places.get(key);
      const place = [x + 20 * way[0], y + 20 * way[1]];
      this.place(key, place);
      this.on.move(key, place.map(Math.round));
      event.preventDefault();
    } else if (way) {
      const next = this.nearest(key, way);
      if (next) {
        this.elements.get(next).focus();
      }
      event.preventDefault();
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.on.select(key);
      event.preventDefault();
    } else {
      this.on.key(event, key);
    }
  }

  /** The next node in a direction; what lies aside counts as further. */
  nearest(key, [dx, dy]) {
    const [x, y] = this.places.get(key);
    let best = null;
    let least = Infinity;
    for (const [other, [ox, oy]] of this.places) {
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (other !== key && ahead > 1 && ahead + 2.5 * aside < least) {
        least = ahead + 2.5 * aside;
        best = other;
      }
    }
    return best;
  }

  /**
   * Shows the whole graph.
   *
   * @param least how small it may become; where it does not fit then, its end is shown
   */
  fit(least = 0) {
    const box = this.root.getBoundingClientRect();
    if (!this.placed || box.width === 0) {
      return;
    }
    const scale = Math.max(least,
      Math.min(1.25, box.width / this.placed.width, box.height / this.placed.height));
    const rest = box.width - scale * this.placed.width;
    const x = rest < 0 ? rest : rest / 2;
    const y = (box.height - scale * this.placed.height) / 2;
    globalThis.d3.select(this.root).call(
      this.zoom.transform, globalThis.d3.zoomIdentity.translate(x, y).scale(scale));
  }

  /** Shows as much of a new graph as can be read: on a phone its end, else the whole. */
  begin() {
    this.fit(this.root.clientWidth < NARROW ? LEGIBLE : 0);
  }

  /** Shows the whole graph whenever its width is another; a keyboard on a screen changes its height. */
  fitWhereItIsWider() {
    let width = this.root.clientWidth;
    addEventListener('resize', () => {
      if (this.root.clientWidth !== width) {
        width = this.root.clientWidth;
        this.fit();
      }
    });
  }

  focus(key) {
    this.elements.get(key)?.focus();
  }
}

/** What a pointer that rests on a node is told. */
function titleOf(name, node) {
  if (node.kind === 'pair') {
    return `${name}, from ${node.place} on ${node.to}: ${signed(node.contribution)} of the score`;
  }
  return node.kind === 'score'
    ? `score of ${node.head} from ${node.place} on ${node.to}: ${digits(node.total)}, attention ${digits(node.attention)}`
    : `${name} at ${node.place}`;
}
