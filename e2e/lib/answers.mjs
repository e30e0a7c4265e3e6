/** Answers that a test writes itself, byte by byte, over the companion server's sockets; and what leaves the widget of them. */

import { openPage, spoil, TAG, waitSettled } from './harness.mjs';

/**
 * The body of a page. Tasks are objects, or texts that stand in it as they are: a number of 19 digits is no number for
 * JavaScript.
 */
export function answer(tasks, { total = tasks.length, more = '' } = {}) {
  const contents = tasks.map((task) => (typeof task === 'string' ? task : JSON.stringify(task))).join(',');
  return `{"data":{"contents":[${contents}],"page":{"number":1,"size":20,"totalElements":${total}}},"successful":true,"traceId":"told"${more}}`;
}

/**
 * Opens the page on a server that answers with this body for as long as the test does not say otherwise. What the host
 * hears and what the console says is noted from the beginning.
 */
export async function openOn({ server, browser }, body, query = '', options = {}) {
  await spoil(server, undefined, { body, times: 10_000 });
  const said = [];
  const { prepare, settle = true, ...others } = options;
  const page = await openPage(browser, `${server.url}/?cluster-id=1000005&refresh=0&${query}`, {
    ...others,
    prepare: async (page) => {
      page.on('console', (message) => said.push(message.text()));
      await page.addInitScript(note);
      await prepare?.(page);
    },
  });
  page.said = said;
  if (settle) await waitSettled(page);
  // The second half is here, with the looks of what no first row needs.
  if (settle) await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
  return page;
}

/** On the page, before its scripts. */
function note() {
  window.heard = [];
  for (const name of ['load', 'error', 'auth-required', 'state-change', 'row-activate', 'row-action']) {
    document.addEventListener(`obrt-${name}`, ({ detail }) => window.heard.push({ name: `obrt-${name}`, ...detail }));
  }
  // Any text that runs says so.
  window.pwned = () => (window.wasPwned = true);
}

/** The same for a page that is opened otherwise. */
export const listen = (page) => page.addInitScript(note);

/** The events of a name so far, or all of them. */
export const heard = (page, name) => page.evaluate((name) => window.heard.filter((event) => !name || event.name === name), name);

/** An export as text, without the mark of its encoding. */
export const exported = (page, options) =>
  page.locator(TAG).evaluate(async (element, options) => {
    const text = await (await element.exportData({ scope: 'view', ...options })).text();
    return text.replace(/^\uFEFF/, '');
  }, options);

/** RFC 4180, the hard way: lines of fields. */
export function parseCsv(text) {
  const lines = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/gy;
  for (let match; (match = pattern.exec(text)); ) {
    const [, raw, end] = match;
    lines.at(-1).push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === '' || (end === '\r\n' && pattern.lastIndex === text.length)) break;
    if (end === '\r\n') lines.push([]);
  }
  return lines;
}

/** Calls `refresh()` and waits until that has settled. */
export const refresh = (page) => page.locator(TAG).evaluate((element) => element.refresh());

/** What the notices say. */
export const notices = (page) => page.locator(`${TAG} .notice`).allInnerTexts();

/** The texts of a column from above to below. */
export const column = (page, id) => page.locator(`${TAG} tbody tr[aria-rowindex] td[data-column="${id}"]`).allInnerTexts();

/** Nothing ran, no prototype has changed, no problem was noted; and the page is closed. */
export async function end(page) {
  const untouched = await page.evaluate(() => ({
    ran: window.wasPwned === true,
    polluted: [{}.polluted, [].polluted, ''.polluted, (() => 0).polluted].filter((value) => value !== undefined),
    added: [...Object.keys(Object.prototype), ...Object.keys(Array.prototype)],
  }));
  const { ran, polluted, added } = untouched;
  if (ran || polluted.length > 0 || added.length > 0) throw new Error(`the page was changed: ${JSON.stringify(untouched)}`);
  await page.assertClean();
  await page.closeAll();
}
