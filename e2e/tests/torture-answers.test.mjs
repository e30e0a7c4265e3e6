/** What stands in the answers, as a whole: envelopes, pages and lists that are not what they should be (lines 3, 19–25). */

import assert from 'node:assert/strict';
import { inFront } from '../lib/front.mjs';
import { eventually, mend, openPage, rows, spoil, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const LIVE = 1000009;
const task = (id, more) => ({ id, status: 'RESTORE_SUCCESS', createTime: '2021-09-09T18:32:18.833+0800', ...more });
/** Tasks with ids from `first` down. */
const tasks = (first, count) => Array.from({ length: count }, (_, at) => task(first - at));
const answer = (contents, page) => JSON.stringify({ data: { contents, page }, successful: true, traceId: 'told' });

describe('hostile answers', { concurrency: 1 }, () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));
  afterEach(async () => {
    await mend(server);
    await fetch(`${server.url}/faults/clock`, { method: 'DELETE' });
  });

  const listen = (page) =>
    page.addInitScript(() => {
      window.heard = [];
      for (const name of ['obrt-error', 'obrt-load']) document.addEventListener(name, ({ detail }) => window.heard.push({ name, ...detail }));
    });
  const heard = (page, name) => page.evaluate((name) => window.heard.filter((event) => event.name === name), name);
  const open = (query, options = {}) => openPage(browser, `${server.url}/?refresh=0&${query}`, { prepare: listen, ...options });
  const asked = (page) => page.requests.filter(({ api }) => api).map(({ url }) => new URL(url).search.slice(1));
  const shown = async (page) => (await rows(page)).map(({ id }) => id);
  const refresh = (page) => page.locator(TAG).evaluate((element) => element.refresh());
  const notices = (page) => page.locator(`${TAG} .notice`).allInnerTexts();

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  test('T3: a body that is cut anywhere is a decode error, and the rows stay', async () => {
    // The same text each time: a server's own says how long it took, which may be a digit more.
    const body = await (await fetch(`${server.url}/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=1&size=20`)).text();
    const length = Buffer.byteLength(body);
    const page = await open('cluster-id=1000005');
    await waitSettled(page);
    const before = await rows(page);
    assert.equal(before.length, 2);
    const cuts = [...Array.from({ length: 24 }, (_, at) => Math.floor((at * length) / 24)), length - 2, length - 1];
    for (const cut of cuts) {
      await spoil(server, `truncate=${cut}`, { body });
      await refresh(page);
      assert.deepEqual(await rows(page), before, `cut at ${cut}`);
      assert.equal(await page.locator(TAG).getByRole('alert').count(), 1, `cut at ${cut}`);
    }
    const codes = (await heard(page, 'obrt-error')).map(({ code }) => code);
    assert.deepEqual(codes, cuts.map(() => 'decode'));
    assert.equal(asked(page).length, 1 + cuts.length, 'no retry by itself');
    await refresh(page);
    assert.equal((await waitSettled(page)).alert, null);
    await end(page);
  });

  test('T19: 200 with an envelope that says no shows its message and trace id, and is not an empty list', async () => {
    const body = JSON.stringify({
      data: { contents: [], page: { totalElements: 0 } }, successful: false, status: 500, traceId: '4f3e2d1c',
      error: { code: 2010, message: 'the metadata database is away (oss://b?access_key=PLANTED)' },
    });
    await spoil(server, undefined, { body, times: 9 });
    const page = await open('cluster-id=1000005');
    const { alert, complete } = await waitSettled(page);
    assert.match(alert, /OCP reported an error/);
    assert.notEqual(complete, 'true');
    const banner = await page.locator(`${TAG} [part~="banner"]`).innerText();
    assert.match(banner, /2010 · the metadata database is away \(oss:\/\/b\?access_key=\*\*\*\)/);
    assert.match(banner, /Trace ID 4f3e2d1c/);
    assert.equal(await page.locator(`${TAG} [part~="empty"]`).count(), 0);
    const [error, ...more] = await heard(page, 'obrt-error');
    assert.deepEqual([error.code, error.traceId, error.status, more.length], ['api', '4f3e2d1c', 500, 0]);
    assert.ok(!JSON.stringify(error).includes('PLANTED'));
    assert.equal((await heard(page, 'obrt-load')).length, 0);
    await end(page);
  });

  test('T19: 200 with a `successful` that is neither true nor false is an error as well', async () => {
    const page = await open('cluster-id=1000005');
    await waitSettled(page);
    const before = await rows(page);
    for (const [at, said] of ['0', '1', '"no"', '{}'].entries()) {
      await spoil(server, undefined, { body: answer([task(9)], { totalElements: 1 }).replace('"successful":true', `"successful":${said}`) });
      await refresh(page);
      const errors = await heard(page, 'obrt-error');
      assert.deepEqual([errors.length, errors.at(-1).code, errors.at(-1).traceId], [at + 1, 'api', 'told'], said);
      assert.deepEqual(await rows(page), before, said);
    }
    await end(page);
  });

  test('T20: a row that says no is a failed row, without a banner', async () => {
    // Its status alone says that it is on its way.
    const row = task(1, { status: 'RESTORE_WAIT_LS', finished: true, successful: false });
    await spoil(server, undefined, { body: answer([row, task(2)], { totalElements: 2 }) });
    const page = await open('cluster-id=1000005');
    const { alert, complete } = await waitSettled(page);
    const all = await rows(page);
    assert.deepEqual(all.map(({ status, outcome }) => [status, outcome]), [['RESTORE_WAIT_LS', 'failed'], ['RESTORE_SUCCESS', 'succeeded']]);
    assert.equal(all[0].cells.status, 'Failed');
    assert.deepEqual([alert, complete, await notices(page)], [null, 'true', []]);
    assert.equal((await heard(page, 'obrt-error')).length, 0);
    await end(page);
  });

  for (const [name, pages] of Object.entries({ totalPage: { totalPage: 3 }, totalPages: { totalPages: 3 }, neither: {}, 'a wrong one': { totalPages: 2 ** 62 } })) {
    test(`T21: the pages are derived: ${name}`, async () => {
      await spoil(server, undefined, { body: answer(tasks(23, 10), { number: 1, size: 10, totalElements: 23, ...pages }) });
      const page = await open('cluster-id=1000050&page-size=10');
      await waitSettled(page);
      const numbers = await page.locator(`${TAG} .pager .number`).allInnerTexts();
      assert.deepEqual(numbers, ['1', '2', '3']);
      await spoil(server, undefined, { body: answer(tasks(3, 3), { number: 3, size: 3, totalElements: 23, ...pages }) });
      await page.locator(TAG).getByRole('button', { name: 'Last page' }).click();
      await eventually('the last page', async () => (await shown(page)).join() === '3,2,1');
      assert.deepEqual(asked(page), ['page=1&size=10', 'page=3&size=10']);
      await end(page);
    });
  }

  test('T22: an answer that calls its size 2 where 10 were asked is paged by 10', async () => {
    const body = (first, count, number) => answer(tasks(first, count), { number, size: 2, totalElements: 23, totalPages: 12 });
    await spoil(server, undefined, { body: body(23, 2, 1) });
    const page = await open('cluster-id=1000050&page-size=10');
    await waitSettled(page);
    assert.deepEqual(await shown(page), ['23', '22']);
    await spoil(server, undefined, { body: body(13, 10, 2) });
    await page.locator(TAG).getByRole('button', { name: 'Next page' }).click();
    await eventually('the second page', async () => (await shown(page)).length === 10);
    assert.deepEqual(asked(page), ['page=1&size=10', 'page=2&size=10']);
    assert.equal((await rows(page))[0].index, 12, 'its first row is the eleventh');
    await end(page);
  });

  test('T23: rows that appear between pages are held once, the list is scanned again, and says so', async () => {
    // Without a time there is no bound that keeps new tasks out: every page is pushed down.
    const list = (count) => Array.from({ length: count }, (_, at) => ({ id: count - at, status: 'RESTORE_SUCCESS' }));
    const cut = (count, number) => answer(list(count).slice((number - 1) * 2000, number * 2000), { number, size: 2000, totalElements: count });
    // The first page of 2,500 tasks; then one more comes.
    await spoil(server, undefined, { body: cut(2500, 1) });
    await spoil(server, undefined, { body: cut(2501, 2) });
    await spoil(server, undefined, { body: cut(2501, 1) });
    const page = await open('cluster-id=1000050&sort=id&page-size=2000');
    const { complete, completeness } = await waitSettled(page);
    assert.deepEqual([complete, completeness], ['true', '2,501 of 2,501 tasks']);
    assert.deepEqual(asked(page).map((query) => query.split('&')[0]), ['page=1', 'page=2', 'page=1']);
    assert.deepEqual(await notices(page), ['The list changed while it was read, and was read again.']);
    const { tasks: held } = JSON.parse(await page.locator(TAG).evaluate(async (element) => (await element.exportData({ format: 'json', scope: 'view' })).text()));
    assert.deepEqual(held.map(({ id }) => Number(id)), Array.from({ length: 2501 }, (_, at) => at + 1));
    await end(page);
  });

  test('T23: a list that never stands still is never called complete', async () => {
    const list = (count) => Array.from({ length: count }, (_, at) => ({ id: count - at, status: 'RESTORE_SUCCESS' }));
    const cut = (count, number) => answer(list(count).slice((number - 1) * 2000, number * 2000), { number, size: 2000, totalElements: count });
    let count = 2500;
    const prepare = async (page) => {
      await listen(page);
      await page.route('**/api/v2/**', (route) => {
        count += 1;
        return route.fulfill({ contentType: 'application/json', body: cut(count, Number(new URL(route.request().url()).searchParams.get('page'))) });
      });
    };
    const page = await open('cluster-id=1000050&sort=id', { prepare });
    const { complete } = await waitSettled(page);
    assert.equal(complete, 'false');
    assert.ok(asked(page).length <= 2 + 12, `${asked(page).length} requests`);
    assert.ok((await notices(page)).includes('The list kept changing while it was read; some tasks may be missing.'));
    assert.equal((await heard(page, 'obrt-load')).at(-1).complete, false);
    const { tasks: held } = JSON.parse(await page.locator(TAG).evaluate(async (element) => (await element.exportData({ format: 'json', scope: 'page' })).text()));
    assert.equal(new Set(held.map(({ id }) => id)).size, held.length);
    await end(page);
  });

  test('T23: on the live cluster, with its clock moved between the pages', async () => {
    const page = await open(`cluster-id=${LIVE}&page-size=20`);
    await waitSettled(page);
    const before = await shown(page);
    const moved = await fetch(`${server.url}/faults/clock`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ offsetMs: 70_000 }),
    });
    assert.ok(moved.ok);
    await page.locator(TAG).getByRole('button', { name: 'Next page' }).click();
    await eventually('the second page', async () => (await rows(page))[0]?.index === 22);
    await header(page);
    const { complete } = await waitSettled(page);
    assert.equal(complete, 'true');
    const { tasks: held } = JSON.parse(await page.locator(TAG).evaluate(async (element) => (await element.exportData({ format: 'json', scope: 'view' })).text()));
    const ids = held.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'nothing twice');
    assert.ok(before.every((id) => ids.includes(id)) && Math.max(...ids) > Number(before[0]), 'the new ones are here as well');
    const loads = await heard(page, 'obrt-load');
    assert.deepEqual([loads.at(-1).complete, loads.at(-1).loaded], [true, ids.length]);
    await end(page);
  });

  const header = (page) => page.locator(`${TAG} th[data-column="id"] button`).first().click();

  test('T24: page 9 of 3 is clamped with one request more', async () => {
    const page = await open('cluster-id=1000050&url-sync=query&rt-page=9');
    await eventually('page 3', async () => (await shown(page)).length === 10);
    assert.deepEqual(asked(page), ['page=9&size=20', 'page=3&size=20']);
    assert.equal(await page.locator(`${TAG} [aria-current="page"]`).innerText(), '3');
    assert.equal((await page.locator(TAG).evaluate((element) => element.getState())).page, 3);
    await page.locator(TAG).evaluate((element) => element.setState({ page: 9 }));
    await waitSettled(page);
    assert.deepEqual(asked(page).slice(2), ['page=3&size=20'], 'how many there are is known by now');
    assert.equal((await waitSettled(page)).alert, null);
    await end(page);
  });

  for (const { most, held } of [{ most: '', held: 50_000 }, { most: '&max-rows=20000', held: 20_000 }]) {
    test(`T25: 50,000 rows for 10 asked${most}: taken with a warning, no task over 200 ms`, async (context) => {
      const total = 50_000;
      const bytes = Buffer.from(answer(Array.from({ length: total }, (_, at) => large(total - at)), { number: 1, size: 10, totalElements: total }));
      const front = await inFront(server, ({ url }, response) => url.startsWith('/api/') && response.writeHead(200, { 'content-type': 'application/json' }).end(bytes));
      const { page, longest, tasks, ran } = await traced(`${front.url}/?refresh=0&cluster-id=1000050&page-size=10${most}`);
      const words = new Intl.NumberFormat('en').format;
      const { completeness, complete } = await waitSettled(page);
      assert.deepEqual([completeness, complete], [`${words(held)} of ${words(total)} tasks`, String(held === total)]);
      assert.deepEqual(await shown(page), Array.from({ length: 10 }, (_, at) => String(total - at)));
      const said = (await notices(page)).join('\n');
      assert.match(said, /The server sent more tasks than were asked for\./);
      if (held < total) assert.match(said, new RegExp(`Stopped at ${words(held)} tasks; ${words(total - held)} more are not here`));
      assert.deepEqual(asked(page), ['page=1&size=10'], 'nothing is asked again');
      context.diagnostic(`${tasks} tasks on the main thread, the longest ${longest.toFixed(1)} ms of its own time, ${ran.toFixed(0)} ms in all`);
      assert.ok(tasks > 50 && ran > 50, 'the tasks of the page were seen');
      assert.ok(longest <= 200, `a task took ${longest} ms`);
      await end(page);
      await front.stop();
    });
  }

  /** A task as long as those of the documentation, with texts of which some repeat. */
  const large = (id) => ({
    ...task(id), backupClusterId: 1000005, backupClusterName: `cluster_${id % 40}`, backupMode: 'PHYSICAL_BACKUP', backupObClusterId: 5,
    backupObTenantId: 1001, backupTenantId: 1000012, backupTenantName: `tenant_${id % 700}`, finishTime: '2021-09-09T18:32:20.066+0800',
    finished: true, successful: id % 3 > 0, status: id % 3 > 0 ? 'RESTORE_SUCCESS' : 'RESTORE_FAIL', ocpJobId: id * 3, restoreClusterId: 1000005,
    errorMsg: id % 3 > 0 ? null : `CLOG : OB_ENTRY_NOT_EXIST(-4018) on "10.0.0.${id % 250}:2882" with traceid YB42AC1E55AC-0005CB53B29${10000 + id}`,
    restoreClusterName: `cluster_${id % 40}`, restoreEndTime: '2021-09-09T17:19:00.000+0800', restoreObClusterId: 5, restoreObTenantId: null,
    restorePoolListStr: `pool_${id}_zone1`, restoreTenantName: `restored_${id}`, restoreUri: 'file:///obbackup/backup_backup2', statusDesc: 'x',
  });

  /** Opens a page and measures the tasks of its renderer's main thread, by the time that the thread itself ran. */
  async function traced(url) {
    const page = await openPage(browser, 'about:blank', { prepare: listen });
    const session = await browser.newBrowserCDPSession();
    const events = [];
    session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', 'blink.user_timing'], excludedCategories: ['*'] },
    });
    await page.goto(url);
    await waitSettled(page, { timeout: 60_000 });
    // Its whole module comes after the rows, and what it draws then counts, too.
    await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
    await page.evaluate(() => performance.mark('the end of what is measured'));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    const mark = events.find(({ name }) => name === 'the end of what is measured');
    const ours = events.filter(({ name, pid, tid, tdur }) => name === 'RunTask' && pid === mark.pid && tid === mark.tid && tdur !== undefined);
    const times = ours.map(({ tdur }) => tdur / 1000);
    return { page, tasks: times.length, longest: Math.max(...times), ran: times.reduce((all, one) => all + one, 0) };
  }
});
