/**
 * A page whose clock stands still until a test lets time pass, and of which everything is noted that a failure may touch:
 * what is asked, what the host hears, what is announced, the rows and the focus.
 */

import assert from 'node:assert/strict';
import { eventually, openPage, rows, state, TAG, waitSettled } from './harness.mjs';

/** The documented sample: two tasks, of which none is running. */
export const SAMPLE = 'cluster-id=1000005';

/** On the page, before its scripts. */
function note() {
  window.heard = [];
  for (const name of ['obrt-error', 'obrt-load', 'obrt-auth-required']) {
    document.addEventListener(name, ({ detail }) => window.heard.push({ name, ...detail }));
  }
  // What chance decides is the test's.
  window.luck = 0.5;
  Math.random = () => window.luck;
}

/** On the page: every text that is announced as an alert from now on. */
export function announce(tag) {
  const root = document.querySelector(tag).shadowRoot;
  window.alerts = [];
  const look = (changes) => {
    const told = new Set();
    for (const { target, addedNodes } of changes) {
      const inside = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest('[role="alert"]');
      if (inside) told.add(inside);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches('[role="alert"]')) told.add(node);
        for (const alert of node.querySelectorAll('[role="alert"]')) told.add(alert);
      }
    }
    for (const alert of told) if (alert.isConnected) window.alerts.push(alert.textContent.trim());
  };
  new MutationObserver(look).observe(root, { childList: true, characterData: true, subtree: true });
}

/**
 * Opens a view, waits until its rows and the whole module are there, puts the focus on the first row, and stops the clock.
 * The page has, besides what `openPage` gives it, `kept`: its rows. `ahead` is how many milliseconds its clock goes before
 * the true one.
 */
export async function openStill({ server, browser }, query = `${SAMPLE}&refresh=0`, { url = server.url, ahead = 0, ...options } = {}) {
  const page = await openPage(browser, `${url}/?${query}`, {
    ...options,
    prepare: async (page) => {
      await page.clock.install({ time: Date.now() + ahead });
      await page.addInitScript(note);
    },
  });
  await waitSettled(page);
  await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
  await page.locator(`${TAG} tr[data-task-id]`).first().focus();
  await page.evaluate(announce, TAG);
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000);
  page.kept = await rows(page);
  assert.ok(page.kept.length > 0);
  await forget(page);
  return page;
}

/** What came before does not count. */
export async function forget(page) {
  page.requests.length = 0;
  await page.evaluate(() => (window.heard.length = window.alerts.length = 0));
}

/** Requests to the API so far. */
export const asked = (page) => page.requests.filter(({ api }) => api);

/** Waits until so many requests were sent, and sees that it are no more. */
export async function untilAsked(page, count) {
  await eventually(`${count} requests`, () => asked(page).length >= count);
  assert.equal(asked(page).length, count);
}

/** Lets time pass, and sees that so many requests were sent until then. */
export async function passTo(page, ms, count) {
  await page.clock.runFor(ms);
  // A request that was sent is told by the time that the page answers again.
  await page.evaluate(() => new Promise((resolve) => queueMicrotask(resolve)));
  await breath();
  assert.equal(asked(page).length, count, `requests after ${ms} ms more`);
}

/** For what must not happen: time for it, by the true clock. */
export const breath = (ms = 100) => new Promise((resolve) => setTimeout(resolve, ms));

/** The events of a name so far. */
export const heard = (page, name) => page.evaluate((name) => window.heard.filter((event) => event.name === name), name);

/** Calls `refresh()` without waiting for its end. */
export const refresh = (page) => page.locator(TAG).evaluate((element) => void element.refresh());

/** The Retry of the banner. */
export const retry = (page) => page.locator(TAG).getByRole('button', { name: 'Retry' });

/** Waits until nothing is on its way, without the frames that `waitSettled` needs. */
export const isQuiet = (page) =>
  eventually('nothing is on its way', async () => !(await state(page)).busy && asked(page).every(({ end }) => end !== null));

/** The rows are those from before, and the focus is where it was. */
export async function assertKept(page) {
  assert.deepEqual(await rows(page), page.kept, 'the rows stay');
  const row = page.locator(`${TAG} tr[data-task-id="${page.kept[0].id}"]`);
  assert.equal(await row.evaluate((row) => row.matches(':focus')), true, 'the focus stays');
}

/** It has failed for good: told once to the host and once to the person, with the rows and the focus as they were. */
export async function assertFailed(page, { code, status = null, retryable, words, requests }) {
  await eventually('the host is told', async () => (await heard(page, 'obrt-error')).length > 0);
  await isQuiet(page);
  const errors = (await heard(page, 'obrt-error')).map(({ code, status, retryable }) => ({ code, status, retryable }));
  assert.deepEqual(errors, [{ code, status, retryable }]);
  const alert = page.locator(TAG).getByRole('alert');
  assert.equal(await alert.count(), 1);
  assert.match(await alert.innerText(), words);
  const alerts = await page.evaluate(() => window.alerts);
  assert.equal(alerts.length, 1, `announced once: ${alerts.join(' | ')}`);
  assert.equal(asked(page).length, requests);
  await assertKept(page);
}

/** Retry brings the rows, with one request; the banner goes, and the focus with it to the region of the rows. */
export async function assertMended(page) {
  const before = asked(page).length;
  await retry(page).press('Enter');
  await untilAsked(page, before + 1);
  await assertWell(page);
  assert.equal(await page.locator(`${TAG} .scroll`).evaluate((region) => region.matches(':focus')), true, 'the focus stays');
}

/** Nothing is wrong any more. */
export async function assertWell(page) {
  await eventually('no alert', async () => (await state(page)).alert === null);
  await isQuiet(page);
  assert.deepEqual(await rows(page), page.kept);
}

/** Closes the page, on which nothing must have gone wrong but what the test expected. */
export async function end(page) {
  await page.assertClean();
  await page.closeAll();
}

/** The API requests as the server saw them. */
export const log = async ({ url }) => (await (await fetch(`${url}/faults/log`)).json()).requests;
export const clearLog = ({ url }) => fetch(`${url}/faults/log`, { method: 'DELETE' });
