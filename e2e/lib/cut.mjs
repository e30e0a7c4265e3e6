/**
 * What a person cannot read or press, found by measuring. `cutOff` and `smallTargets` are called on the page with the
 * element's tag; each returns one line for each fault.
 */

/**
 * A script for the page that waits until a change is drawn and returns the faults of both functions. One script instead of
 * a call for each saves most of the time that is not measuring.
 */
export const measuring = (tag) => `(async () => {
  for (let frames = 0; frames < 3; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  return [...(${cutOff})(${JSON.stringify(tag)}), ...(${smallTargets})(${JSON.stringify(tag)})];
})()`;

/**
 * Texts that are cut off without an ellipsis and the whole text in a tooltip, that leave the box they stand in, or that
 * lie upon each other or upon a control; and boxes that the page would have to be scrolled sideways for.
 */
export function cutOff(tag) {
  const BOXES = 'button, label, th, td, legend, h2, h3, .panel, .suggestions, .details, .notice, .footer, .toolbar, .overview, .empty, dialog, .pager';
  const LAYERS = 'dialog, .panel, .suggestions, .details, .notice.below';
  const root = document.querySelector(tag).shadowRoot;
  const widget = root.querySelector('.widget');
  const found = new Set();
  const named = (element) => {
    const of = element.closest('[data-column]') ?? element;
    const which = [of.localName, of.dataset?.column && `[${of.dataset.column}]`, ...of.classList].filter(Boolean).join('.');
    return `${which} “${element.textContent.trim().slice(0, 50)}”`;
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.hidden, option, svg, .spacer');
  const inner = (element) => {
    const { left, top } = element.getBoundingClientRect();
    const x = left + element.clientLeft;
    const y = top + element.clientTop;
    return { left: x, top: y, right: x + element.clientWidth, bottom: y + element.clientHeight };
  };
  const meet = (a, b) => ({
    left: Math.max(a.left, b.left), right: Math.min(a.right, b.right), top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom),
  });
  const wide = ({ left, right }) => right - left;
  const high = ({ top, bottom }) => bottom - top;

  /** What is left of a rectangle inside those who clip it; `cut` is who takes some of it away for good. */
  const clips = new Map();
  const clip = (element) => {
    if (!clips.has(element)) {
      const { overflowX, overflowY, contain, display } = getComputedStyle(element);
      const paint = /paint|strict|content/.test(contain);
      const isFlat = display === 'inline' || display === 'contents' || (!paint && overflowX === 'visible' && overflowY === 'visible');
      clips.set(element, isFlat ? null : { overflowX, overflowY, paint, box: inner(element) });
    }
    return clips.get(element);
  };
  const clipped = (element, rect) => {
    let [seen, cut, reach] = [rect, null, { x: false, y: false }];
    for (let at = element; at && at !== widget; at = at.parentElement) {
      if (!clip(at)) continue;
      const { overflowX, overflowY, paint, box } = clip(at);
      const [clipsX, clipsY] = [paint || overflowX !== 'visible', paint || overflowY !== 'visible'];
      const outX = clipsX && (seen.left < box.left - 1.5 || seen.right > box.right + 1.5);
      const outY = clipsY && (seen.top < box.top - 4 || seen.bottom > box.bottom + 4);
      // What can be scrolled to is not lost, wherever the scroller itself is.
      reach = { x: reach.x || /auto|scroll/.test(overflowX), y: reach.y || /auto|scroll/.test(overflowY) };
      if ((outX && !reach.x) || (outY && !reach.y)) cut ??= { by: at, sideways: outX && !reach.x };
      if (clipsX || clipsY) seen = meet(seen, { left: clipsX ? box.left : -1e6, right: clipsX ? box.right : 1e6, top: clipsY ? box.top : -1e6, bottom: clipsY ? box.bottom : 1e6 });
    }
    return { seen, cut, reach };
  };

  const pieces = [];
  const walker = document.createTreeWalker(widget, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      const { seen, cut, reach } = clipped(element, rect);
      if (cut) {
        element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true, composed: true }));
        const tip = element.closest('[title]')?.title ?? '';
        const isTold = cut.sideways && getComputedStyle(cut.by).textOverflow === 'ellipsis' && tip.includes(node.data.trim());
        if (!isTold) found.add(`cut off: ${named(element)} by ${named(cut.by).split(' ')[0]}${tip ? ` (tooltip “${tip.slice(0, 40)}”)` : ''}`);
      }
      const box = element.closest(BOXES);
      if (!cut && box) {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        if (!reach.x && (rect.left < left - 1.5 || rect.right > right + 1.5)) found.add(`sticks out sideways: ${named(element)} of ${named(box).split(' ')[0]}`);
        if (!reach.y && (rect.top < top - 4 || rect.bottom > bottom + 4)) found.add(`sticks out: ${named(element)} of ${named(box).split(' ')[0]}`);
      }
      if (wide(seen) > 1 && high(seen) > 1) pieces.push({ element, rect: seen, layer: element.closest(LAYERS) });
    }
  }
  for (const element of widget.querySelectorAll('button, input, select, progress, .bars, .icon')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.hidden')) continue;
    const rect = element.getBoundingClientRect();
    const { seen } = clipped(element.parentElement, rect);
    if (wide(seen) > 1 && high(seen) > 1) pieces.push({ element, rect: seen, layer: element.closest(LAYERS), control: true });
  }
  const sticky = new Map();
  const isSticky = (element) => {
    const of = element.closest('th') ?? element;
    if (!sticky.has(of)) sticky.set(of, getComputedStyle(of).position === 'sticky');
    return sticky.get(of);
  };
  // From the top down, so that a piece meets only those that begin above its end; the cheap questions come first.
  pieces.sort((a, b) => a.rect.top - b.rect.top);
  pieces.forEach((one, at) => {
    for (let next = at + 1; next < pieces.length && pieces[next].rect.top < one.rect.bottom; next += 1) {
      const other = pieces[next];
      const both = meet(one.rect, other.rect);
      if (wide(both) <= 2 || high(both) <= 0.3 * Math.min(high(one.rect), high(other.rect))) continue;
      if (one.layer !== other.layer || one.element.contains(other.element) || other.element.contains(one.element)) continue;
      // What stays in sight while the rest scrolls lies over the rest.
      if (isSticky(one.element) !== isSticky(other.element)) continue;
      found.add(`overlap: ${named(one.element)} and ${named(other.element)}`);
    }
  });

  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.add(`the page is ${page.scrollWidth} px wide in ${page.clientWidth}`);
  for (const element of widget.querySelectorAll(`input, select, p, dl, ${BOXES}`)) {
    if (!isSeen(element)) continue;
    const { left, right, width } = element.getBoundingClientRect();
    const { reach } = clipped(element.parentElement, element.getBoundingClientRect());
    if (width > 0 && !reach.x && (left < -1 || right > page.clientWidth + 1)) found.add(`beyond the page: ${named(element)}`);
  }
  return [...found];
}

/** Targets of the pointer that are smaller than 24 by 24 pixels. The bars are one target, the chart; each has the range's menu as well. */
export function smallTargets(tag) {
  const widget = document.querySelector(tag).shadowRoot.querySelector('.widget');
  const found = new Set();
  for (const element of widget.querySelectorAll('button, a[href], input, select, summary, tr[data-row], .bars')) {
    const target = element.closest('label') ?? element.closest('.search') ?? element;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const { width, height } = target.getBoundingClientRect();
    if (width < 23.9 || height < 23.9) found.add(`${width.toFixed(1)} × ${height.toFixed(1)}: ${target.localName}.${target.className} “${(target.getAttribute('aria-label') ?? target.textContent).trim().slice(0, 40)}”`);
  }
  return [...found];
}
