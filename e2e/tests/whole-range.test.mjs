/** An order or a filter speaks for all 1,240 tasks: compared with what the test works out for itself. */

import assert from 'node:assert/strict';
import { COLUMNS, modeText, readAll, sortTasks, statusText } from '../lib/model.mjs';
import { eventually, openPage, rows, sorted, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { after, before, describe, test } from '../lib/test.mjs';

describe('the whole range', () => {
  let server;
  let browser;
  let tasks;

  useStage((stage) => ({ server, browser } = stage));
  before(async () => {
    tasks = await readAll(server, 1001240);
  });

  const set = (page, attributes) =>
    page.locator(TAG).evaluate((element, all) => {
      for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    }, attributes);

  const ids = (page) =>
    page.locator(TAG).evaluate((element) =>
      Array.from(element.shadowRoot.querySelectorAll('tbody tr[data-task-id]'), (row) => row.dataset.taskId),
    );

  test('is 1,240 tasks, which the server counts as 62 pages', async () => {
    assert.equal(tasks.length, 1240);
    assert.equal(new Set(tasks.map(({ id }) => id)).size, 1240);
    const answer = await fetch(`${server.url}/api/v2/ob/clusters/1001240/backup/task/restoreTasks?page=1&size=20`);
    assert.equal((await answer.json()).data.page.totalPages, 62);
  });

  describe('sorted', () => {
    let page;
    const now = Date.now();

    before(async () => {
      const query = 'cluster-id=1001240&page-size=2000&columns=id&sort=id&refresh=0';
      // Running tasks grow longer: with a clock that stands still they can be compared.
      const prepare = (page) => page.clock.setFixedTime(now);
      page = await openPage(browser, `${server.url}/?${query}`, { prepare });
      await waitSettled(page);
    });

    after(async () => {
      await page?.assertClean();
      await page?.closeAll();
    });

    for (const column of COLUMNS) {
      test(`by ${column}, both ways, equals an independent sort`, async () => {
        for (const [sort, direction] of [[column, 'ascending'], [`-${column}`, 'descending']]) {
          await set(page, { sort, columns: column });
          await eventually(`${sort} holds`, async () => (await sorted(page, column)) === direction);
          const { complete, rowCount } = await waitSettled(page);
          assert.deepEqual([complete, rowCount], ['true', 1241]);
          const expected = sortTasks(tasks, sort, now).map(({ id }) => String(id));
          assert.deepEqual(await ids(page), expected, sort);
        }
      });
    }

    test('by nothing, stands in the order of the server', async () => {
      await set(page, { sort: '', columns: 'id status backupMode' });
      await eventually('no header is sorted', async () => (await page.locator(TAG).locator('th[aria-sort]').count()) === 0);
      await waitSettled(page);
      const shown = await rows(page);
      assert.deepEqual(shown.map(({ id }) => id), tasks.map(({ id }) => String(id)));
      assert.deepEqual(shown.map(({ index }) => index), tasks.map((_, at) => at + 2));
      // The words by which status and method were sorted are the words that are read.
      assert.deepEqual(shown.map(({ cells }) => cells.status), tasks.map(statusText));
      assert.deepEqual(shown.map(({ cells }) => cells.backupMode), tasks.map(modeText));
    });
  });

  test('is read page by page and shown in the right order on each of the 62 pages', async () => {
    const query = 'cluster-id=1001240&sort=-restoreTenantName&refresh=0&base-url=/faults/cap=20';
    const page = await openPage(browser, `${server.url}/?${query}`);
    const settled = await waitSettled(page);
    assert.equal(settled.complete, 'true');
    assert.equal(settled.completeness, '1,240 of 1,240 tasks');
    assert.equal(settled.rowCount, 1241);
    const asked = page.requests.filter(({ api }) => api).map(({ url }) => Number(new URL(url).searchParams.get('page')));
    assert.ok(new Set(asked).size >= 62, `${new Set(asked).size} pages were asked for`);
    assert.ok(page.maxInFlight() <= 4, `${page.maxInFlight()} in flight`);
    const seen = [];
    const pager = page.locator(TAG).getByRole('navigation', { name: 'Pagination' });
    for (let at = 1; at <= 62; at += 1) {
      const first = (at - 1) * 20 + 2;
      await eventually(`page ${at}`, async () => (await rows(page))[0]?.index === first);
      seen.push(...(await ids(page)));
      if (at < 62) await pager.getByRole('button', { name: 'Next page' }).click();
    }
    assert.deepEqual(seen, sortTasks(tasks, '-restoreTenantName').map(({ id }) => String(id)));
    await page.assertClean();
    await page.closeAll();
  });

  test('is not fetched for the plain first page: one request, page 1 of the page size', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240`);
    const settled = await waitSettled(page);
    await page.waitForTimeout(500);
    const asked = page.requests.filter(({ api }) => api).map(({ url }) => url.slice(server.url.length));
    assert.deepEqual(asked, ['/api/v2/ob/clusters/1001240/backup/task/restoreTasks?page=1&size=20']);
    assert.deepEqual([settled.complete, settled.completeness], ['false', '20 of 1,240 tasks']);
    assert.deepEqual(await ids(page), tasks.slice(0, 20).map(({ id }) => String(id)));
    await page.assertClean();
    await page.closeAll();
  });

  test('of 100,000 tasks comes with at most 4 requests in flight, and says what is missing meanwhile', async () => {
    await spoil(server, 'latency=150', { times: 1000, path: '/clusters/1100000/' });
    const page = await openPage(browser, `${server.url}/?cluster-id=1100000&sort=duration&refresh=0`);
    const partial = async () => {
      const now = await state(page);
      return now?.complete === 'false' && /^[\d,]+ of 100,000 tasks$/.test(now.completeness) && now.busy;
    };
    await eventually('part of it is shown as a part', partial);
    const done = await waitSettled(page, { timeout: 120_000 });
    assert.deepEqual([done.complete, done.completeness], ['true', '100,000 of 100,000 tasks']);
    assert.equal(done.rowCount, 100_001);
    const most = page.maxInFlight();
    assert.ok(most > 1 && most <= 4, `${most} in flight`);
    for (const { url } of page.requests.filter(({ api }) => api)) {
      assert.ok(Number(new URL(url).searchParams.get('size')) <= 2000, url);
    }
    await page.assertClean();
    await page.closeAll();
  });
});
