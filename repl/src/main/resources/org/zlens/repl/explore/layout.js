// Where nodes stand: a column for each token that has one, a row for each stage of the model.

import { brief } from './text.js';

export const CHIP = { width: 92, height: 26, gap: 8 };
const COLUMN_GAP = 26;
const ROW_GAP = 34;
const LEFT = 74;
const TOP = 16;

/** Residual features come before a layer's attention, as what it looked at; MLPs after it. */
function stage(node, layers) {
  switch (node.part) {
    case 'EMBED':
    case 'POS_EMBED':
      return 0;
    case 'LOGIT':
    case 'LOGIT_DIFFERENCE':
    case 'METRIC':
    case 'NORM_BIAS':
    case 'UNEMBED_BIAS':
      return layers + 1;
    case 'PAIR':
      return node.layer + 0.8;
    case 'SCORE':
      return node.layer + 0.9;
    case 'RESIDUAL_FEATURE':
    case 'RESIDUAL_BIAS':
    case 'RESIDUAL_ERROR':
    case 'QUERY_BIAS':
    case 'KEY_BIAS':
      return node.layer + 0.7;
    case 'MLP_OUT':
    case 'MLP_BIAS':
    case 'TRANSCODER_FEATURE':
    case 'TRANSCODER_BIAS':
    case 'TRANSCODER_SKIP':
    case 'TRANSCODER_ERROR':
      return node.layer + 1.35;
    default:
      return Math.max(0, node.layer + 1);
  }
}

function stageName(at, layers) {
  if (at === 0) {
    return 'embed';
  } else if (at === layers + 1) {
    return 'logits';
  }
  const layer = Math.floor(at - 0.69);
  const rest = at - layer;
  const name = [[0.75, ' in'], [0.85, ' pairs'], [0.95, ' score'], [1.2, '']].find(([end]) => rest < end)?.[1];
  return `L${layer}${name ?? ' MLP'}`;
}

/**
 * Places for the nodes that are shown, the model's input at the bottom.
 *
 * @param moved key to the place that somebody has given a node
 */
export function layout(shown, graph, moved) {
  const end = Math.max(0, ...shown.nodes.map(node => node.position));
  const column = node => (node.position >= 0 ? node.position : end);
  const cells = new Map();
  for (const node of shown.nodes) {
    const cell = `${column(node)} ${stage(node, graph.layers)}`;
    cells.set(cell, [...(cells.get(cell) ?? []), node]);
  }
  const columns = [...new Set(shown.nodes.map(column))].sort((a, b) => a - b);
  const rows = [...new Set(shown.nodes.map(node => stage(node, graph.layers)))].sort((a, b) => b - a);
  // A cell of many nodes grows both ways.
  const wide = count => Math.max(1, Math.ceil(Math.sqrt(1.5 * count)));
  const widths = columns.map(c =>
    Math.max(1, ...rows.map(r => wide(cells.get(`${c} ${r}`)?.length ?? 0))));
  const heights = rows.map(r =>
    Math.max(1, ...columns.map((c, i) => Math.ceil((cells.get(`${c} ${r}`)?.length ?? 0) / widths[i]))));
  const xs = starts(widths, CHIP.width + CHIP.gap, COLUMN_GAP, LEFT);
  const ys = starts(heights, CHIP.height + CHIP.gap, ROW_GAP, TOP);
  const places = new Map();
  columns.forEach((c, i) => rows.forEach((r, j) => {
    const nodes = cells.get(`${c} ${r}`) ?? [];
    const across = Math.min(widths[i], nodes.length);
    nodes.forEach((node, n) => {
      const inRow = Math.min(across, nodes.length - across * Math.floor(n / across));
      const x = xs[i].middle + ((n % across) - (inRow - 1) / 2) * (CHIP.width + CHIP.gap);
      // Nodes above each other would hide the edges between them.
      const aside = across > 1 ? 0 : (j % 2 === 0 ? 1 : -1) * (widths[i] === 1 ? 12 : 26);
      const y = ys[j].start + (Math.floor(n / across) + 0.5) * (CHIP.height + CHIP.gap);
      places.set(node.key, moved.get(node.key) ?? [x + aside, y]);
    });
  }));
  return {
    places,
    columns: columns.map((c, i) => ({
      x: xs[i].middle, label: `${c} ${brief(graph.pieces[c] ?? '', 12)}`,
    })),
    rows: rows.map((r, j) => ({ y: ys[j].middle, label: stageName(r, graph.layers) })),
    width: (xs.at(-1)?.end ?? 200) + 30,
    height: (ys.at(-1)?.end ?? 120) + 34,
  };
}

function starts(counts, size, gap, first) {
  let at = first;
  return counts.map(count => {
    const start = at;
    at += count * size + gap;
    return { start, middle: start + (count * size) / 2, end: start + count * size };
  });
}
