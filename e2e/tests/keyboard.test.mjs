/** By keyboard alone: the whole way of a DBA at night, the single keys, and the dialog that lists them. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readAll, outcome } from '../lib/model.mjs';
import { eventually, openPage, rows, sorted, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

/** What has the focus: the name that assistive technology would say, and where it stands. */
const focused = (page) =>
  page.evaluate((tag) => {
    const element = document.querySelector(tag).shadowRoot.activeElement;
    if (!element) return null;
    const labelled = element.closest('label')?.textContent;
    const name = element.getAttribute('aria-label') ?? labelled ?? element.textContent;
    const { width, height } = element.getBoundingClientRect();
    return {
      name: name.trim(),
      tag: element.localName,
      column: element.closest('th')?.dataset.column ?? null,
      row: element.dataset.row ?? null,
      seen: width > 0 && height > 0,
      outlined: element.matches(':focus-visible'),
    };
  }, TAG);

/** Presses Tab until what has the focus is what is looked for; each stop on the way is visible. */
async function tabTo(page, what, is, key = 'Tab') {
  for (let presses = 0; presses < 80; presses += 1) {
    const now = await focused(page);
    if (now) assert.ok(now.seen, `the focus is on something that nobody sees: ${JSON.stringify(now)}`);
    if (now && is(now)) return now;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not lead to ${what}`);
}

describe('by keyboard', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query, options) => {
    const page = await openPage(browser, `${server.url}/?${query}`, options);
    await waitSettled(page);
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };

  test('failed restores of a tenant in the last 30 days, by duration, its report, an export', async () => {
    const since = Date.now() - 30 * 86_400_000;
    const failed = (await readAll(server, 1001240)).filter((task) => outcome(task) === 'failed' && Date.parse(task.createTime) > since + 60_000);
    const counts = new Map();
    for (const { restoreTenantName: name } of failed) if (/^[a-z_]+$/.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    const [tenant] = [...counts].sort(([, a], [, b]) => b - a)[0];
    const took = (task) => Date.parse(task.finishTime) - Date.parse(task.createTime);
    const wanted = failed.filter((task) => [task.restoreTenantName, task.backupTenantName].some((name) => name?.toLowerCase().includes(tenant)));
    wanted.sort((a, b) => (Number.isNaN(took(a)) ? 1 : Number.isNaN(took(b)) ? -1 : took(b) - took(a)));
    assert.ok(wanted.length > 1, `${tenant} has failed more than once`);

    const page = await open('cluster-id=1001240&refresh=0', { permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true });
    const press = (key) => page.keyboard.press(key);
    await tabTo(page, 'the filter', ({ name, tag }) => tag === 'input' && name === 'Filter restore tasks');
    await page.keyboard.type(`tenant:${tenant} status:failed`);
    await tabTo(page, 'the time range', ({ name }) => name.startsWith('Time range'));
    await press('Enter');
    await page.locator(`${TAG} .panel`).waitFor();
    await tabTo(page, 'a preset', ({ tag }) => tag === 'input');
    for (let steps = 0; (await focused(page)).name !== 'Last 30 days'; steps += 1) {
      assert.ok(steps < 10, 'the arrows lead to Last 30 days');
      await press('ArrowDown');
    }
    await press('Escape');
    assert.equal((await focused(page)).name, 'Time range: Last 30 days');
    await waitSettled(page);
    await tabTo(page, 'the header', ({ column }) => column === 'duration');
    await press('Enter');
    await press('Enter');
    await waitSettled(page);
    assert.equal(await sorted(page, 'duration'), 'descending');
    assert.equal((await focused(page)).column, 'duration', 'the focus stays on the header');
    // A filter that is typed holds once no key has come for a moment.
    await eventually('the filter holds', async () => (await rows(page))[0]?.id === String(wanted[0].id));
    assert.deepEqual((await rows(page)).map(({ id }) => id), wanted.slice(0, 20).map(({ id }) => String(id)));

    const row = await tabTo(page, 'the rows', ({ tag }) => tag === 'tr');
    await press('Enter');
    await page.locator(`${TAG} [part~="detail"]`).waitFor();
    await tabTo(page, 'the report', ({ name }) => name === 'Copy report');
    await press('Enter');
    await eventually('it is said', async () => (await state(page)).status === 'Copied');
    const report = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(report.includes(String(wanted[0].id)) && report.includes(wanted[0].restoreTenantName), report);
    await press('Escape');
    assert.deepEqual((await focused(page)).row, row.row, 'the focus is back on the row');

    await tabTo(page, 'the export', ({ name }) => name === 'Export', 'Shift+Tab');
    await press('Enter');
    await page.locator(`${TAG} .panel`).waitFor();
    await tabTo(page, 'CSV', ({ name }) => name === 'CSV');
    const [download] = await Promise.all([page.waitForEvent('download'), press('Enter')]);
    const csv = await readFile(await download.path(), 'utf8');
    assert.equal(csv.trim().split('\r\n').length, wanted.length + 1);
    await end(page);
  });

  test('Home and End lead to the first and the last row', async () => {
    const page = await open('cluster-id=1001240&refresh=0');
    const { row: first } = await tabTo(page, 'the rows', ({ tag }) => tag === 'tr');
    const at = async () => (await page.locator(`${TAG} tr:focus`).getAttribute('aria-rowindex'));
    await page.keyboard.press('End');
    await eventually('the last row has the focus', async () => (await at()) === '21');
    await page.keyboard.press('Home');
    await eventually('the first row has the focus', async () => (await at()) === '2');
    assert.equal((await focused(page)).row, first);
    await end(page);
  });

  test('single keys do what the help says', async () => {
    const page = await open('cluster-id=1001240&refresh=30');
    const asked = () => page.requests.filter(({ api }) => api).length;
    await tabTo(page, 'the rows', ({ tag }) => tag === 'tr');
    const before = asked();
    await page.keyboard.press('r');
    await eventually('it asks anew', () => asked() === before + 1);
    await waitSettled(page);
    await page.keyboard.press('p');
    await page.locator(TAG).getByRole('button', { name: 'Resume' }).waitFor();
    await page.keyboard.press('p');
    await page.locator(TAG).getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('/');
    assert.equal((await focused(page)).name, 'Filter restore tasks');
    // What is typed is typed.
    await page.keyboard.type('r/p?');
    assert.equal(await page.locator(`${TAG} input[type=search]`).inputValue(), 'r/p?');
    assert.equal(await page.locator(`${TAG} dialog`).count(), 0);
    await end(page);
  });

  test('keys with others, and keys elsewhere on the page, are not ours; and none where the host says so', async () => {
    const page = await open('cluster-id=1000005&refresh=0');
    await tabTo(page, 'the rows', ({ tag }) => tag === 'tr');
    await page.keyboard.press('Alt+?');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('?');
    assert.equal(await page.locator(`${TAG} dialog`).count(), 0);
    await page.locator(TAG).evaluate((element) => (element.shortcuts = 'off'));
    await tabTo(page, 'the rows', ({ tag }) => tag === 'tr');
    await page.keyboard.press('?');
    await page.keyboard.press('/');
    assert.equal((await focused(page)).tag, 'tr');
    assert.equal(await page.locator(`${TAG} dialog`).count(), 0);
    // The dialog has a button of its own, and does not list what does nothing.
    await page.locator(TAG).getByRole('button', { name: 'Help' }).click();
    assert.doesNotMatch(await page.locator(`${TAG} dialog`).innerText(), /Go to the filter/);
    await end(page);
  });

  test('the help opens by its key, keeps the focus, and gives it back', async () => {
    const page = await open('cluster-id=1000005&refresh=0');
    const { row } = await tabTo(page, 'the rows', ({ tag }) => tag === 'tr');
    await page.keyboard.press('?');
    const dialog = page.locator(TAG).getByRole('dialog', { name: 'Help' });
    await dialog.waitFor();
    assert.equal((await focused(page)).name, 'Close');
    assert.match(await dialog.innerText(), /Go to the filter[\s\S]*Show this help[\s\S]*All words and fields must hold[\s\S]*tenant:/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await focused(page)).row, row);
    await page.keyboard.press('?');
    await dialog.waitFor();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await focused(page)).row, row);
    // A press beside it closes it, one in it does not.
    await page.locator(TAG).getByRole('button', { name: 'Help' }).click();
    await dialog.getByText('Keyboard').click();
    await dialog.waitFor();
    await page.mouse.click(5, 5);
    await dialog.waitFor({ state: 'detached' });
    await end(page);
  });
});
