// The graph as it came, and what of it is shown: without what is pruned, and groups as one node.

/** What the server sent of the graph. */
export function readGraph(data) {
  if (!data?.nodes) {
    return { layers: 0, pieces: [], prompt: '', nodes: new Map(), edges: [], unit: '' };
  }
  const nodes = new Map(data.nodes.map(node => [node.key, { ...node, kind: kindOf(node) }]));
  const key = (name, place) => `${name}@${place ?? ''}`;
  const edges = (data.graph?.rows ?? []).map(row => ({
    from: key(row.from, row['from place']),
    to: key(row.to, row['to place']),
    contribution: Number(row.contribution),
    influence: Number(row.influence ?? 0),
    exact: row.exact,
    trust: row.trust,
  }));
  // What ties an attention score together is drawn as an edge, but is no part of the numbers beside it.
  const largest = Math.max(1e-12, ...(data.ties ?? []).map(tie => Math.abs(tie.number)));
  for (const tie of data.ties ?? []) {
    edges.push({ from: tie.from, to: tie.to, role: tie.role, contribution: tie.number,
      influence: 0, share: tie.role === 'score' ? 0.1 : Math.abs(tie.number) / largest });
  }
  return {
    layers: data.layers,
    pieces: data.pieces,
    prompt: data.prompt,
    nodes,
    edges: edges.filter(edge => nodes.has(edge.from) && nodes.has(edge.to)),
    unit: data.graph?.units?.contribution ?? '',
  };
}

/** Which of the few kinds that have a colour a node is of. */
function kindOf(node) {
  if (node.root && !node.part.endsWith('FEATURE')) {
    return 'logit';
  }
  switch (node.part) {
    case 'ATTENTION_FEATURE':
      return 'attention';
    case 'RESIDUAL_FEATURE':
      return 'residual';
    case 'TRANSCODER_FEATURE':
      return 'transcoder';
    case 'HEAD':
    case 'HEAD_AT_SOURCE':
    case 'ATTN_OUT':
      return 'head';
    case 'MLP_OUT':
      return 'mlp';
    case 'EMBED':
    case 'POS_EMBED':
      return 'embed';
    case 'SCORE':
      return 'score';
    case 'PAIR':
      return 'pair';
    default:
      return node.part.endsWith('ERROR') ? 'error' : 'bias';
  }
}

/** How nodes are marked: kind of mark to key to value. */
export function readMarks(data) {
  const marks = { pinned: new Map(), pruned: new Map(), group: new Map(), moved: new Map() };
  for (const mark of data?.marks ?? []) {
    marks[mark.kind]?.set(mark.node, mark.value);
  }
  return marks;
}

/** What is shown: nodes that lead to a root or a score, or are pinned, and are not pruned; groups as one. */
export function shownGraph(graph, marks) {
  const left = new Map([...graph.nodes].filter(([key]) => !marks.pruned.has(key)));
  const into = new Map();
  for (const edge of graph.edges) {
    if (left.has(edge.from) && left.has(edge.to)) {
      into.set(edge.to, [...(into.get(edge.to) ?? []), edge]);
    }
  }
  const reached = new Set();
  const waiting = [...left.values()]
    .filter(node => node.root || node.kind === 'score' || marks.pinned.has(node.key))
    .map(node => node.key);
  while (waiting.length > 0) {
    const key = waiting.pop();
    if (!reached.has(key)) {
      reached.add(key);
      (into.get(key) ?? []).forEach(edge => waiting.push(edge.from));
    }
  }
  const nodes = [...left.values()].filter(node => reached.has(node.key));
  const edges = [...into.values()].flat().filter(edge => reached.has(edge.from) && reached.has(edge.to));
  return grouped(nodes, edges, marks);
}

function grouped(nodes, edges, marks) {
  const groups = new Map();
  const keyOf = node => {
    const name = marks.group.get(node.key);
    return name === undefined ? node.key : `group:${name}`;
  };
  const made = new Map();
  for (const node of nodes) {
    const key = keyOf(node);
    groups.set(node.key, key);
    if (key === node.key) {
      made.set(key, { ...node, members: [node.key], pinned: marks.pinned.has(key) });
    } else if (made.has(key)) {
      made.get(key).members.push(node.key);
    } else {
      made.set(key, {
        ...node, key, name: marks.group.get(node.key), kind: 'group', members: [node.key],
        activation: undefined, total: undefined, rest: undefined, contribution: undefined,
        attention: undefined, pinned: false,
      });
    }
  }
  const joined = new Map();
  for (const edge of edges) {
    const [from, to] = [groups.get(edge.from), groups.get(edge.to)];
    if (from === to) {
      continue;
    }
    const pair = `${from}\n${to}\n${edge.role ?? ''}`;
    const before = joined.get(pair);
    if (before) {
      before.contribution += edge.contribution;
      before.influence += edge.influence;
    } else {
      joined.set(pair, { ...edge, from, to });
    }
  }
  return { nodes: [...made.values()], edges: [...joined.values()] };
}
