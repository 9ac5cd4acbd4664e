// Texts of tokens and files as a person may see them. Nothing here makes HTML.

const LONGEST = 400;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** A text on one line in which nothing turns the direction of what stands around, or hides. */
export function visible(text, most = LONGEST) {
  const whole = String(text ?? '');
  const out = [];
  for (const c of whole) {
    if (out.length >= most) {
      return out.join('') + `… (${whole.length.toLocaleString('en')} characters)`;
    }
    out.push(c === '\n' ? '⏎' : c === '\t' ? '⇥' : HIDDEN.test(c) ? '\uFFFD' : c);
  }
  return out.join('');
}

/** The same of several lines, which stay lines. */
export function visibleLines(text, most = 20000) {
  return String(text ?? '')
    .slice(0, most)
    .split('\n')
    .map(line => visible(line.replaceAll('\t', '  '), 4000))
    .join('\n');
}

/** A token with its spaces to be seen. */
export function token(text, most = 40) {
  return visible(text, most).replaceAll(' ', '·') || '∅';
}

/** The start of a text, for labels in pictures. */
export function brief(text, most = 14) {
  const all = Array.from(visible(text));
  return all.length <= most ? all.join('') : all.slice(0, most - 1).join('') + '…';
}

/** A number with four digits that count. */
export function digits(value) {
  if (typeof value !== 'number') {
    return value == null ? '' : visible(value);
  }
  if (Number.isInteger(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : value.toPrecision(4);
}

/** The same with its sign, in three digits. */
export function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toPrecision(3)}`;
}

/** A name that is told apart from its neighbours where only its start fits. */
export function compact(name) {
  return name.replaceAll('.resid_pre.', '.R.').replace('logit difference', 'logit diff');
}
