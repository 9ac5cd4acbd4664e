// The graph as an SVG file that stands by itself.

import { svg } from './dom.js';

const KEPT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'opacity', 'font-size',
  'font-family', 'font-weight', 'text-anchor'];

/** The text of an SVG file that looks as the picture does now. */
export function pictureFile(view, title) {
  const { width, height } = view.placed;
  const world = view.world.cloneNode(true);
  world.removeAttribute('transform');
  copyLooks(view.world, world);
  for (const element of world.querySelectorAll('[tabindex], [class], [role], [data-key]')) {
    ['tabindex', 'class', 'role', 'data-key', 'aria-pressed', 'aria-hidden'].forEach(name =>
      element.removeAttribute(name));
  }
  const places = [...view.places.values()];
  const left = Math.min(0, ...places.map(p => p[0] - 60));
  const top = Math.min(0, ...places.map(p => p[1] - 30));
  const right = Math.max(width, ...places.map(p => p[0] + 60));
  const bottom = Math.max(height, ...places.map(p => p[1] + 30));
  const ground = svg('rect', { x: left, y: top, width: right - left, height: bottom - top,
    fill: getComputedStyle(view.root).backgroundColor });
  const file = svg('svg', {
    viewBox: `${left} ${top} ${right - left} ${bottom - top}`,
    width: right - left, height: bottom - top,
  }, svg('title', {}, title), ground, world);
  return new XMLSerializer().serializeToString(file);
}

function copyLooks(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    return;
  }
  const looks = getComputedStyle(from);
  if (from.tagName !== 'g' && from.tagName !== 'title') {
    KEPT.forEach(name => to.setAttribute(name, looks.getPropertyValue(name)));
  }
  from.childNodes.forEach((child, i) => copyLooks(child, to.childNodes[i]));
}
