// The statements that clicks stand for. Whatever the page does to the model is one of these.

const ESCAPES = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

/** As many as let most tokens that are likely with an edit be found among those without, and back. */
const LOGITS = 40;

/** A string as it is written in the language. */
export function quoted(text) {
  const escaped = text.replace(/[\u0000-\u001f"\\]/g, c =>
    ESCAPES[c] ?? '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  return `"${escaped}"`;
}

/** What restricts a statement to one of several prompts. */
function only(prompt, count) {
  return count > 1 ? ` each | where prompt = ${prompt}` : '';
}

/** A prompt, with an answer pair where both are given, and what the model expects behind it. */
export function promptCommand(text, answer, over) {
  const pair = answer && over ? ` answer ${quoted(answer)} over ${quoted(over)}` : '';
  return `prompt ${quoted(text)}${pair}\nlogits at END top ${LOGITS}`;
}

export function featuresCommand(layer, residual, position, prompt, count) {
  const kind = residual ? ' residual' : '';
  const top = count > 1 ? ' | top 40 by activation' : '';
  return `features L${layer}${kind} at ${position}${count > 1 ? '' : ' top 40'}${only(prompt, count)}${top}`;
}

/** Whether a name is that of a feature which a command can follow. */
export function isFeature(name) {
  return /^L\d+\.[FR]\d+$/.test(name);
}

/** What opens a card: what is not known yet, a statement a line. */
export function cardCommand(name, position, known, prompt, count) {
  const lines = [];
  if (!known.effect) {
    lines.push(`effect ${name} top 8`);
  }
  if (/\.F\d+$/.test(name)) {
    for (const by of ['source', 'head']) {
      if (!known[by]) {
        lines.push(`dfa ${name} at ${position} by ${by}${only(prompt, count)}`);
      }
    }
  }
  return lines.join('\n');
}

/**
 * Following a number one level upstream.
 *
 * @param how {via: attention, residual, both or heads; width; mlps; audit}
 */
export function followCommand(name, position, how, prompt, count) {
  const what = name.startsWith('logit') ? 'logit' : name;
  const via = how.via === 'heads' ? ' via residual by head' : how.via === 'attention' ? '' : ` via ${how.via}`;
  return `rdfa ${what} at ${position}${count > 1 ? ` prompt ${prompt}` : ''} depth 1 width ${how.width}`
    + via + (how.mlps ? ' mlps' : '') + (how.audit ? ' audit' : '');
}

/**
 * Why a head looks from one position at another.
 *
 * @param split what both streams are taken apart into: residual, features, heads or components
 */
export function whyCommand(head, position, source, split, prompt, count) {
  const parts = split === 'residual' ? '' : ` queries ${split} keys ${split}`;
  return `qk ${head} at ${position} on ${source}${parts} top 12${count > 1 ? ` prompt ${prompt}` : ''}`;
}

/** Taking a node out; null for what no statement takes out. */
export function ablation(name, position) {
  if (isFeature(name)) {
    return `ablate feature ${name} at ${position}`;
  }
  return /^L\d+\.H\d+$/.test(name) ? `ablate head ${name} at ${position}` : null;
}

/** More or less of a feature. */
export function steering(name, position, by) {
  return isFeature(name) && by !== 0 ? `steer ${name} by ${by} at ${position}` : null;
}

/** What the model expects under some edits, or without. */
export function logitsCommand(edits) {
  const logits = `logits at END top ${LOGITS}`;
  return edits.length === 0 ? logits : `with ${edits.join(', ')} { ${logits} }`;
}
