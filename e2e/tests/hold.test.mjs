/** What stays under a person's hands: all rows in one scroller, and refreshes that can be held. */

import assert from 'node:assert/strict';
import { readAll } from '../lib/model.mjs';
import { eventually, openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('all rows, and refreshes', () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  const apiRequests = (page) => page.requests.filter(({ api }) => api).length;

  test('ids beyond 2^53 are shown to the last digit', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1010000&sort=-id&columns=id&refresh=0`);
    await waitSettled(page, { timeout: 60_000 });
    const expected = (await readAll(server, 1010000)).map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? 1 : -1));
    assert.ok(expected[0] > 2n ** 53n);
    const shown = await rows(page);
    assert.deepEqual(shown.map(({ id }) => id), expected.slice(0, 20).map(String));
    assert.equal(shown[0].cells.id, String(expected[0]));
    await end(page);
  });

  test('Pause holds the automatic refresh, and Resume goes on with it', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=1`);
    await waitSettled(page);
    const widget = page.locator(TAG);
    const first = apiRequests(page);
    await eventually('it refreshes by itself', () => apiRequests(page) >= first + 2);
    await widget.getByRole('button', { name: 'Pause', exact: true }).click();
    await widget.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    await waitSettled(page);
    const held = apiRequests(page);
    await page.waitForTimeout(2_500);
    assert.equal(apiRequests(page), held);
    await widget.getByRole('button', { name: 'Refresh', exact: true }).click();
    await eventually('Refresh still asks', () => apiRequests(page) === held + 1);
    await waitSettled(page);
    await widget.getByRole('button', { name: 'Resume', exact: true }).click();
    await eventually('it goes on', () => apiRequests(page) >= held + 2);
    await end(page);
  });

  test('a refresh keeps the page, the order, the focus and the open details', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240&sort=-id&refresh=0`);
    await waitSettled(page);
    const widget = page.locator(TAG);
    await widget.getByRole('navigation', { name: 'Pagination' }).getByRole('button', { name: 'Next page' }).click();
    await eventually('page 2', async () => (await rows(page))[0].index === 22);
    const before = await rows(page);
    await widget.locator(`tr[data-task-id="${before[3].id}"]`).click();
    const details = widget.getByRole('region', { name: `Restore ${before[3].id}` }).or(widget.getByRole('dialog'));
    await details.waitFor();
    const asked = apiRequests(page);
    await widget.evaluate((element) => element.refresh());
    assert.ok(apiRequests(page) > asked);
    const after = await rows(page);
    assert.deepEqual(after.map(({ id, index }) => [id, index]), before.map(({ id, index }) => [id, index]));
    assert.ok(await details.isVisible());
    await end(page);
  });

  test('a live cluster shows its new tasks by itself', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000009&refresh=2`);
    await waitSettled(page);
    const newest = async () => BigInt((await rows(page))[0].id);
    const first = await newest();
    await eventually('a newer task', async () => (await newest()) > first, { timeout: 40_000, every: 500 });
    await end(page);
  });

  test('“All” renders few rows of 10,000, and scrolling to the end shows the last', async () => {
    const tasks = await readAll(server, 1010000);
    assert.equal(tasks.length, 10_000);
    const page = await openPage(browser, `${server.url}/?cluster-id=1010000&refresh=0`);
    await waitSettled(page);
    const widget = page.locator(TAG);
    await widget.getByRole('combobox', { name: 'Rows per page' }).selectOption('All');
    const complete = async () => (await waitSettled(page)).complete === 'true';
    await eventually('everything is here', complete, { timeout: 60_000 });
    const settled = await waitSettled(page);
    assert.deepEqual([settled.rowCount, settled.completeness], [10_001, '10,000 of 10,000 tasks']);
    const few = await rows(page);
    assert.ok(few.length >= 10 && few.length < 100, `${few.length} rows are rendered`);
    assert.equal(few[0].id, String(tasks[0].id));

    const scroll = (to) =>
      widget.evaluate((element, to) => {
        const scroller = element.shadowRoot.querySelector('table').closest('[tabindex="0"][role="region"]');
        scroller.scrollTop = to === 'end' ? scroller.scrollHeight : scroller.scrollHeight * to;
      }, to);
    await scroll(0.5);
    const near = async () => Math.abs((await rows(page))[0].index - 5000) < 100;
    await eventually('the middle', near);
    await scroll('end');
    await eventually('the last row', async () => (await rows(page)).at(-1).id === String(tasks.at(-1).id));
    const last = (await rows(page)).at(-1);
    assert.equal(last.index, 10_001);
    assert.ok((await rows(page)).length < 100);
    assert.ok(await widget.locator(`tr[data-task-id="${last.id}"]`).isVisible());
    await end(page);
  });
});
