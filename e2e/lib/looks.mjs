/**
 * The states that the widget can be seen in. What holds however it looks (nothing for axe to say, nothing cut off, no sideways
 * scroll) is tested in each of them, so that a new menu or dialog is one line here.
 *
 * A look: `name`; `query` of the address; `fault`, what the server does to each answer; `problem`, what the browser reports of
 * it; `there`, the selector that is in the widget once the state is reached; `steps(page, server)` after the first rows, by the interface of `engines.mjs`. Buttons
 * are called by their English names: each look is opened in English.
 */

import { isThere, press } from './engines.mjs';
import { spoil, TAG } from './harness.mjs';

const FIVE = 'cluster-id=1000005&refresh=0';
const MANY = 'cluster-id=1001240&page-size=10&refresh=0';

/** Opens a menu or a dialog by its button. */
const menu = (name) => (page) => press(page, '.widget button', name);
const row = (selector) => (page) => press(page, `tr[data-row]${selector}`);

export const LOOKS = [
  { name: 'loading', query: FIVE, fault: 'stall-headers', there: 'table[aria-busy="true"]' },
  { name: 'empty', query: 'cluster-id=1000001&refresh=0', there: '.empty' },
  { name: 'an empty filter', query: `${FIVE}&filter=id:777`, there: '.empty button' },
  { name: 'an error', query: FIVE, fault: 'status=500', problem: /500/, there: '[role="alert"]:not(:empty)' },
  { name: 'a stale view', query: FIVE, problem: /500/, there: '.notice.bad', steps: failRefresh },
  { name: 'a wrong attribute', query: 'cluster-id=abc', there: '.notice' },
  { name: 'data', query: MANY },
  { name: 'a sorted and filtered view', query: `${MANY}&sort=-duration&filter=status:failed+tenent:x`, there: 'th[aria-sort]' },
  { name: 'the overview', query: `${MANY}&overview=on`, there: '.figures' },
  { name: 'every column', query: `${FIVE}&columns=${everyColumn()}` },
  { name: 'details of a success', query: FIVE, there: '[part~="detail"]', steps: row('[data-task-id="1"]') },
  { name: 'details of a failure', query: `${MANY}&filter=status:failed`, there: '[part~="detail"] .failure', steps: row('.failed') },
  { name: 'details of a running one', query: `${MANY}&filter=status:running`, there: '[part~="detail"] .stages', steps: row('.running') },
  { name: 'the status menu', query: FIVE, there: '.panel', steps: menu('Status') },
  { name: 'the time-range menu', query: FIVE, there: '.panel', steps: menu('Time range') },
  { name: 'the columns menu', query: FIVE, there: '.panel', steps: menu('Columns') },
  { name: 'the density menu', query: FIVE, there: '.panel', steps: menu('Density') },
  { name: 'the export menu', query: FIVE, there: '.panel', steps: menu('Export') },
  { name: 'the breakdown', query: `${MANY}&overview=on`, there: '.panel .facet', steps: menu('Breakdown') },
  { name: 'the help', query: FIVE, there: 'dialog', steps: menu('Help') },
  { name: 'suggestions', query: MANY, there: '.suggestions [role="option"]', steps: search('sta') },
  { name: 'saved views', query: `${FIVE}&storage-key=looks`, there: '.kept', steps: menu('Views') },
  { name: 'all rows in one scroller', query: MANY, there: '.scroll.virtual', steps: showAll },
];

function search(text) {
  return async (page) => {
    await press(page, 'input[type=search]');
    await page.type(text);
  };
}

async function showAll(page) {
  await page.evaluate((tag) => {
    const select = document.querySelector(tag).shadowRoot.querySelector('.rows select');
    select.value = '0';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }, TAG);
}

function everyColumn() {
  return [
    'id status restoreTenantName backupClusterName backupTenantName restoreClusterName backupMode createTime finishTime duration',
    'restoreEndTime rewind errorMsg restoreUri restorePoolListStr ocpJobId backupClusterId backupObClusterId backupTenantId',
    'backupObTenantId restoreClusterId restoreObClusterId',
  ].join(' ').replaceAll(' ', '+');
}

async function failRefresh(page, server) {
  await spoil(server, 'status=500', { times: 1000 });
  await page.evaluate((tag) => void document.querySelector(tag).refresh(), TAG);
}

/** Opens a look in an engine's browser and waits until it stands. */
export async function openLook(browser, server, { query, fault, there = 'tr[data-task-id]', steps }, options) {
  if (fault) await spoil(server, fault, { times: 1000 });
  const page = await browser.open(`${server.url}/?${query}`, options);
  if (steps) {
    // What stands on paper is made last, once the whole module is here.
    await isThere(page, '.paper');
    await steps(page, server);
  }
  await isThere(page, there);
  await rest(page);
  return page;
}

/** Sets properties of the element, and waits until they can be seen. */
export async function set(page, properties) {
  await page.evaluate(({ tag, properties }) => void Object.assign(document.querySelector(tag), properties), { tag: TAG, properties });
  await rest(page);
}

/** Lets the widget draw what it was told: a frame for the change, one for what follows from it. */
const rest = (page) =>
  page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
