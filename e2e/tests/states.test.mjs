/** What a person sees when nothing is there yet, nothing at all, or something went wrong. */

import assert from 'node:assert/strict';
import { eventually, mend, openPage, rows, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

/** Faults of the server, each with the code and the words that a person and the host get. */
const FAILURES = [
  { name: 'HTTP 500', fault: 'status=500', code: 'http', status: 500, words: /500/ },
  { name: 'HTTP 400', fault: 'status=400', code: 'http', status: 400, words: /400/ },
  { name: 'HTTP 404', fault: 'status=404', code: 'http', status: 404, words: /cluster/i },
  { name: 'HTTP 403', fault: 'status=403', code: 'permission', status: 403, words: /permission/i },
  { name: 'HTTP 401', fault: 'status=401', code: 'auth', status: 401, words: /sign/i },
  { name: 'a login page with 200', fault: 'html', code: 'auth', status: 200, words: /sign/i },
  { name: 'an envelope that says unsuccessful', fault: 'envelope', code: 'api', words: /reported an error/i },
  { name: 'a body that is cut off', fault: 'truncate=300', code: 'decode', status: 200, words: /answer/i },
  { name: 'an empty answer', fault: 'empty', code: 'decode', status: 204, words: /answer/i },
];

describe('states', () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  afterEach(() => mend(server));

  const listen = (page) =>
    page.addInitScript(() => {
      window.heard = [];
      for (const name of ['obrt-error', 'obrt-load', 'obrt-auth-required']) {
        document.addEventListener(name, ({ detail }) => window.heard.push({ name, ...detail }));
      }
    });
  const heard = (page, name) => page.evaluate((name) => window.heard.filter((event) => event.name === name), name);
  const alert = (page) => page.locator(TAG).getByRole('alert');
  const retry = (page) => page.locator(TAG).getByRole('button', { name: 'Retry' });

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  test('an empty cluster says so, and is complete', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000001`);
    const settled = await waitSettled(page);
    assert.deepEqual([settled.complete, settled.completeness, settled.alert], ['true', '0 of 0 tasks', null]);
    await page.locator(TAG).locator('[part~="empty"]').getByText('no restore tasks').waitFor();
    assert.deepEqual(await rows(page), []);
    await end(page);
  });

  test('a filter that nothing passes offers a way back', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&filter=nothinglikethis`);
    const settled = await waitSettled(page);
    assert.equal(settled.rowCount, 1);
    await page.locator(TAG).locator('[part~="empty"]').getByRole('button').press('Enter');
    await eventually('rows again', async () => (await rows(page)).length === 20);
    const region = page.locator(`${TAG} .scroll`);
    assert.equal(await region.evaluate((region) => region.matches(':focus')), true, 'the focus is not lost with the button');
    await end(page);
  });

  test('while the first answer is on its way the table is busy, and nothing alarms', async () => {
    await spoil(server, 'latency=1500');
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050`);
    await eventually('it is busy', async () => (await state(page))?.busy);
    const now = await state(page);
    assert.deepEqual([now.alert, now.status, now.complete], [null, '', 'false']);
    assert.equal(await page.locator(TAG).locator('[part~="empty"]').count(), 0);
    await waitSettled(page);
    assert.equal((await rows(page)).length, 20);
    await end(page);
  });

  for (const { name, fault, code, status, words } of FAILURES) {
    test(`${name} is told in words of its own, and Retry mends it`, async () => {
      await spoil(server, fault, { times: 100 });
      const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`, { prepare: listen });
      page.expectProblem(/request: |Failed to load resource/);
      await alert(page).waitFor();
      const { alert: said } = await waitSettled(page);
      assert.match(said, words);
      assert.equal(await alert(page).count(), 1);
      assert.deepEqual(await rows(page), []);
      const [error] = await heard(page, 'obrt-error');
      assert.equal(error.code, code);
      assert.deepEqual(Object.keys(error).sort(), ['attribute', 'code', 'message', 'name', 'retryable', 'status', 'traceId']);
      if (status) assert.equal(error.status, status);
      assert.equal((await heard(page, 'obrt-auth-required')).length, code === 'auth' ? 1 : 0);
      await mend(server);
      await retry(page).click();
      await eventually('the rows are there', async () => (await rows(page)).length === 20);
      assert.equal((await waitSettled(page)).alert, null);
      assert.equal((await heard(page, 'obrt-load')).length, 1);
      await end(page);
    });
  }

  test('no two kinds of failure share their words', async () => {
    const texts = new Map();
    for (const { fault } of FAILURES.slice(0, 5)) {
      await spoil(server, fault, { times: 100 });
      const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`);
      await alert(page).waitFor();
      texts.set(fault, await alert(page).innerText());
      await page.closeAll();
      await mend(server);
    }
    assert.equal(new Set(texts.values()).size, texts.size, JSON.stringify([...texts]));
  });

  test('an unreachable server is told after at most 4 tries', async () => {
    const prepare = async (page) => {
      await listen(page);
      await page.route('**/api/v2/**', (route) => route.abort('connectionrefused'));
    };
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`, { prepare });
    page.expectProblem(/ERR_CONNECTION_REFUSED/);
    const told = async () => (await heard(page, 'obrt-error')).length > 0 && !(await state(page)).busy;
    await eventually('it gives up', told, { timeout: 60_000 });
    assert.match(await alert(page).innerText(), /reach/);
    const tries = page.requests.filter(({ api }) => api).length;
    assert.ok(tries >= 1 && tries <= 4, `${tries} requests`);
    const [error] = await heard(page, 'obrt-error');
    assert.deepEqual([error.code, error.retryable], ['network', true]);
    await page.unroute('**/api/v2/**');
    await retry(page).click();
    await eventually('the rows are there', async () => (await rows(page)).length === 20);
    await end(page);
  });

  test('a refresh that fails keeps the rows, and says from when they are', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`, { prepare: listen });
    await waitSettled(page);
    const before = await rows(page);
    await spoil(server, 'status=500', { times: 100 });
    page.expectProblem(/500/);
    await page.locator(TAG).getByRole('button', { name: 'Refresh', exact: true }).click();
    await alert(page).waitFor();
    await waitSettled(page);
    const shown = async () => (await rows(page)).map(({ id }) => id);
    assert.deepEqual(await shown(), before.map(({ id }) => id));
    await mend(server);
    await retry(page).click();
    await alert(page).waitFor({ state: 'detached' });
    await waitSettled(page);
    assert.deepEqual(await shown(), before.map(({ id }) => id));
    const [load] = await heard(page, 'obrt-load');
    assert.deepEqual([load.total, load.loaded, load.complete], [50, 20, false]);
    assert.ok(load.traceId);
    assert.ok(Math.abs(Date.parse(load.fetchedAt) - Date.now()) < 60_000);
    await end(page);
  });

  test('the bare address asks for the cluster, and keeps what else it says', async () => {
    const page = await openPage(browser, `${server.url}/?lang=zh-CN&page-size=50`);
    const field = page.getByRole('textbox', { name: 'OCP 中的集群 ID' });
    await page.locator(`${TAG} .notice`).first().waitFor();
    assert.equal(await page.locator('.overview').count(), 0, 'no place is kept for a summary of nothing');
    await field.fill('12a');
    await field.press('Enter');
    assert.equal(await field.evaluate((input) => input.validity.patternMismatch), true, 'only a number is sent');
    await field.fill('1000050');
    await field.press('Enter');
    await eventually('50 rows', async () => (await rows(page)).length === 50);
    assert.equal(new URL(page.url()).search, '?lang=zh-CN&page-size=50&cluster-id=1000050');
    assert.equal(await page.locator('form').count(), 0);
    await end(page);
  });

  test('a wrong attribute is named with the reason, to the person and to the host', async () => {
    const cases = [
      ['cluster-id=abc', 'cluster-id'],
      ['', 'cluster-id'],
      ['cluster-id=1000050&range=2021-09-02/2021-09-01', 'range'],
      ['cluster-id=1000050&page-size=-1', 'page-size'],
      ['cluster-id=1000050&sort=nothing', 'sort'],
      ['cluster-id=1000050&columns=id+nope', 'columns'],
      ['cluster-id=1000050&time-zone=Mars/Olympus', 'time-zone'],
      ['cluster-id=1000050&theme=blue', 'theme'],
    ];
    for (const [query, attribute] of cases) {
      const page = await openPage(browser, `${server.url}/?${query}`, { prepare: listen });
      await eventually(`${query} is told`, async () => (await heard(page, 'obrt-error')).length > 0);
      const [error, ...more] = await heard(page, 'obrt-error');
      assert.deepEqual([error.code, error.attribute, more], ['config', attribute, []], query);
      assert.ok(error.message.length > 0);
      await page.locator(TAG).locator('[part~="banner"]').filter({ hasText: attribute }).waitFor();
      assert.equal(await alert(page).count(), 0, 'a notice, not an alert');
      if (attribute !== 'cluster-id') await eventually('rows all the same', async () => (await rows(page)).length === 20);
      await end(page);
    }
  });
});
