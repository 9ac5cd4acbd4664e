// Values of the language as they come in JSON: tables, trees, numbers.

import { digits, visible } from './text.js';
import { el } from './dom.js';

const MOST_ROWS = 200;

/** Any value, as a table where it is one. */
export function valueView(value) {
  if (value.columns) {
    return el('div', { class: 'value' }, tableView(value), notesView(value.notes));
  } else if (value.root) {
    return el('div', { class: 'value' }, treeView(value), notesView(value.notes));
  }
  const said = value.value !== undefined ? value.value : value.path ?? value.title ?? '';
  const text = typeof said === 'number' ? digits(said) : visible(said, 2000);
  return el('p', { class: 'value' }, text + (value.unit ? ' ' + visible(value.unit) : ''));
}

/** Sentences below a value. */
export function notesView(notes) {
  return (notes ?? []).map(note => el('p', { class: 'note' }, visible(note, 600)));
}

function headOf(name, units) {
  return visible(name) + (units?.[name] ? ` [${visible(units[name])}]` : '');
}

/**
 * A table with the first of its rows.
 *
 * @param open what a click on a cell of text does, where it does anything: (text, column) => f
 */
export function tableView(value, most = MOST_ROWS, open = () => null) {
  const numeric = new Set(value.columns.filter(c => c.type !== 'text').map(c => c.name));
  const cell = (row, name) => {
    const onclick = numeric.has(name) ? null : open(row[name], name);
    const text = cellText(row[name]);
    return el('td', { class: numeric.has(name) ? 'number' : null },
      onclick ? el('button', { type: 'button', class: 'name', onclick }, text) : text);
  };
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': visible(value.title) || 'table' },
    el(
      'table',
      {},
      value.title ? el('caption', {}, visible(value.title)) : null,
      el('thead', {}, el('tr', {},
        value.columns.map(c => el('th', { scope: 'col' }, headOf(c.name, value.units))))),
      el('tbody', {}, value.rows.slice(0, most).map(row =>
        el('tr', {}, value.columns.map(c => cell(row, c.name))))),
    ),
    value.rows.length > most
      ? el('p', { class: 'note' }, `the first ${most} of ${value.rows.length} rows`)
      : null,
  );
}

function cellText(cell) {
  return typeof cell === 'number' ? digits(cell) : cell == null ? '' : visible(cell);
}

/** A tree as a table whose first column is set in by depth. */
function treeView(value) {
  const columns = Object.keys(value.root.cells);
  const rows = [];
  const walk = (node, depth) => {
    const name = el('td', {}, visible(node.label));
    name.style.paddingLeft = `${0.4 + depth * 1.1}em`;
    rows.push(el('tr', {}, name,
      columns.map(c => el('td', { class: 'number' }, cellText(node.cells[c])))));
    if (rows.length < MOST_ROWS) {
      node.children.forEach(child => walk(child, depth + 1));
    }
  };
  walk(value.root, 0);
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': visible(value.title) || 'tree' },
    el('table', {},
      el('caption', {}, visible(value.title)),
      el('thead', {}, el('tr', {},
        ['node', ...columns].map(c => el('th', { scope: 'col' }, headOf(c, value.units))))),
      el('tbody', {}, rows)),
  );
}

/**
 * Names with a bar each, to the right where the number is positive.
 *
 * @param rows {name, number, beside?, title?, onclick?}
 * @param kind 'wide' where names are long
 */
export function barsView(rows, label, kind = '') {
  const most = Math.max(1e-12, ...rows.map(row => Math.abs(row.number)));
  return el('ul', { class: `bars ${kind}`, 'aria-label': label }, rows.map(row => {
    const bar = el('span', { class: row.number < 0 ? 'bar takes' : 'bar adds', 'aria-hidden': 'true' });
    bar.style.width = `${(100 * Math.abs(row.number)) / most}%`;
    const name = row.onclick
      ? el('button', { type: 'button', class: 'name', onclick: row.onclick, title: row.title }, row.name)
      : el('span', { class: 'name', title: row.title }, row.name);
    return el('li', {}, name, el('span', { class: 'track' }, bar),
      el('span', { class: 'amount' }, digits(row.number)),
      row.beside ? el('small', { class: 'beside' }, row.beside) : null);
  }));
}

/**
 * A strip of tokens coloured by a number each.
 *
 * @param rows {token, number, position, onclick?}
 */
export function stripView(rows, label) {
  const most = Math.max(1e-12, ...rows.map(row => Math.abs(row.number)));
  return el('div', { class: 'strip', role: 'group', 'aria-label': label }, rows.map(row => {
    const share = Math.abs(row.number) / most;
    const attributes = {
      class: row.number < 0 ? 'token takes' : 'token adds',
      title: `${row.position}: ${digits(row.number)}`,
    };
    const made = row.onclick
      ? el('button', { type: 'button', onclick: row.onclick, ...attributes }, row.token)
      : el('span', attributes, row.token);
    made.style.setProperty('--share', String(share < 0.02 ? 0 : 0.12 + 0.68 * share));
    return made;
  }));
}
