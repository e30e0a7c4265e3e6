/** A server that wants to be left alone, is away for a while, or says nothing: how often it is asked, and how late (lines 6–10, 13–15, 17). */

import assert from 'node:assert/strict';
import { inFront } from '../lib/front.mjs';
import { eventually, header, mend, openPage, rows, spoil, startServer, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import {
  asked, assertFailed, assertKept, assertMended, assertWell, breath, clearLog, end, forget, heard, isQuiet, log, openStill, passTo, refresh,
  retry, SAMPLE, untilAsked,
} from '../lib/still.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const HOUR = 3_600_000;
const ALWAYS = { times: 10_000 };
/** A refusal with a `Retry-After`, whose commas the fault would take for its own. */
const wait = (value, status = 429) => `status=${status},header=Retry-After:${encodeURIComponent(value)}`;
const REFUSED = /request: \d+ for|Failed to load resource/;

describe('a server that is not there for everybody at once', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  /** A page on which a refresh has met this fault, so often. */
  async function spoilt(fault, times, options = {}) {
    const page = await openStill(stage, options.query, options);
    page.expectProblem(REFUSED);
    await spoil(stage.server, fault, { times });
    await refresh(page);
    await untilAsked(page, 1);
    await eventually('it has failed', async () => (await state(page)).alert !== null);
    return page;
  }

  test('T1: a server that goes away in the middle of a full scan: each of its four requests 4 times at most, told once, and Retry works', async () => {
    let own = await startServer();
    const { url } = own;
    try {
      const page = await openStill(stage, 'cluster-id=1010000&refresh=0', { url });
      page.expectProblem(/ERR_CONNECTION_REFUSED/);
      await page.route('**/restoreTasks?page=1&size=2000*', async (route) => {
        const response = await route.fetch();
        await own.stop();
        await route.fulfill({ response });
      });
      const button = header(page, 'id').getByRole('button');
      await button.press('Enter');
      await untilAsked(page, 5);
      assert.equal(page.maxInFlight(), 4);
      for (const [n, ms] of [[1, 500], [2, 1_000], [3, 2_000]]) {
        await eventually('they have failed', () => asked(page).slice(1).every(({ failed }) => failed));
        // Four of them are told to the widget, one after the other.
        await breath(500);
        await passTo(page, ms - 1, 1 + 4 * n);
        await page.clock.runFor(1);
        if (n < 3) await untilAsked(page, 5 + 4 * n);
      }
      await eventually('the host is told', async () => (await heard(page, 'obrt-error')).length > 0);
      // The first that fails for good is the end of those that would only have been tried for the last time.
      const count = asked(page).length;
      assert.ok(count >= 14 && count <= 17, `${count} requests`);
      await passTo(page, HOUR, count);
      for (const number of ['2', '3', '4', '5']) {
        const tries = asked(page).filter(({ url }) => url.includes(`page=${number}&`)).length;
        assert.ok(tries === 3 || tries === 4, `page ${number} was asked ${tries} times`);
      }
      assert.deepEqual((await heard(page, 'obrt-error')).map(({ code }) => code), ['network']);
      assert.equal((await page.evaluate(() => window.alerts)).length, 1);
      assert.equal((await rows(page)).length, 20, 'what is here is shown');
      assert.equal(await button.evaluate((button) => button.matches(':focus')), true, 'the focus stays');

      await page.unroute('**/restoreTasks?page=1&size=2000*');
      own = await startServer({ listen: new URL(url).host });
      await retry(page).press('Enter');
      await eventually('the whole range', async () => (await state(page)).complete === 'true');
      assert.equal((await state(page)).alert, null);
      await end(page);
    } finally {
      await own.stop();
    }
  });

  test('T6: 429 with Retry-After: 2: nothing before 2 s, whatever is wanted, and Retry works throughout', async () => {
    const page = await spoilt(wait('2'), 1);
    assert.match((await state(page)).alert, /limiting requests/);
    await assertKept(page);
    // Something else that is wanted meanwhile waits as well.
    await page.locator(TAG).evaluate((element) => (element.filter = 'status:failed'));
    await passTo(page, 1_999, 1);
    await passTo(page, 251, 2);
    await eventually('those that pass', async () => (await rows(page)).length === 1);
    assert.equal((await state(page)).alert, null);
    assert.equal((await heard(page, 'obrt-error')).length, 0);
    assert.equal((await page.evaluate(() => window.alerts)).length, 1);
    await passTo(page, HOUR, 2);
    await end(page);

    const impatient = await spoilt(wait('2'), 1);
    await assertMended(impatient);
    await passTo(impatient, HOUR, 2);
    await end(impatient);
  });

  test('T6: nothing before 2 s on the first load either, by the clocks of page and server', async () => {
    await clearLog(stage.server);
    await spoil(stage.server, wait('2'), { times: 2 });
    const page = await openPage(stage.browser, `${stage.server.url}/?${SAMPLE}&refresh=0`);
    page.expectProblem(REFUSED);
    await eventually('the rows', async () => (await rows(page)).length === 2);
    const requests = await log(stage.server);
    assert.deepEqual(requests.map(({ status }) => status), [429, 429, 200]);
    for (const n of [1, 2]) {
      // The server's milliseconds are whole ones.
      const waited = requests[n].start - requests[n - 1].end;
      assert.ok(waited >= 1_999, `request ${n + 1} came after ${waited} ms`);
    }
    await end(page);
  });

  for (const { name, ahead, least, most } of [
    { name: 'a day before the server’s', ahead: 24 * HOUR, least: 0, most: 250 },
    { name: 'a day behind the server’s', ahead: -24 * HOUR, least: 58_999, most: 59_250 },
    { name: 'right', ahead: 0, least: 15_000, most: 20_250 },
  ]) {
    test(`T7: Retry-After as a date, the page’s clock ${name}: between 0 and 60 s`, async () => {
      const page = await openStill(stage, undefined, { ahead });
      page.expectProblem(REFUSED);
      // From the page's clock, which stands still: however long the test takes, 20 s are left.
      const now = (await page.evaluate(() => Date.now())) - ahead;
      await spoil(stage.server, wait(new Date(now + 20_000).toUTCString()), { times: 1 });
      await refresh(page);
      await untilAsked(page, 1);
      await eventually('it has failed', async () => (await state(page)).alert !== null);
      if (least > 0) await passTo(page, least, 1);
      await passTo(page, most - least, 2);
      await assertWell(page);
      assert.equal((await heard(page, 'obrt-error')).length, 0);
      await end(page);
    });
  }

  test('T8: Retry-After: 86400: nothing by itself in two days, and Retry works', async () => {
    const page = await spoilt(wait('86400'), 2, { query: `${SAMPLE}&refresh=30` });
    const failure = { code: 'rate-limit', status: 429, retryable: true, words: /limiting requests/, requests: 1 };
    await assertFailed(page, failure);
    await passTo(page, HOUR, 1);
    await page.clock.fastForward(48 * HOUR);
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    for (const seen of ['hidden', 'visible']) await page.evaluate(turn, seen);
    await passTo(page, HOUR, 1);
    await assertFailed(page, failure);
    // Once more the same; then it is well, and is refreshed again.
    await retry(page).press('Enter');
    await untilAsked(page, 2);
    await isQuiet(page);
    await passTo(page, HOUR, 2);
    await assertMended(page);
    await passTo(page, 30_000, 4);
    await isQuiet(page);
    await end(page);
  });

  test('T9: a Retry-After that CORS hides: back-off with full jitter; the same one shown is obeyed', async () => {
    const host = await inFront(stage.server, (request, response) => {
      if (!request.url.startsWith('/?')) return false;
      const base = `<ob-restore-tasks cluster-id="1000005" refresh="0" base-url="${stage.server.url}"></ob-restore-tasks>`;
      return response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><script type="module" src="/define.js"></script>${base}`);
    }, { policy: false });
    const open = 'header=Access-Control-Allow-Origin:*';
    try {
      await spoil(stage.server, open, { times: 1 });
      const page = await openStill(stage, '', { url: host.url });
      page.expectProblem(REFUSED);
      assert.ok(asked(page).every(({ url }) => url.startsWith(stage.server.url)), 'another origin');

      // So late that chance can be told what to say.
      await spoil(stage.server, `latency=500,${wait('40')},${open}`, { times: 3 });
      await spoil(stage.server, open, { times: 1 });
      await refresh(page);
      // The ceilings are 1, 2 and 4 s.
      for (const [n, luck, ms] of [[1, 0.9, 900], [2, 0.05, 100], [3, 0.9999, 3_999]]) {
        await untilAsked(page, n);
        await page.evaluate((luck) => (window.luck = luck), luck);
        await eventually('its answer', () => asked(page).at(-1).end !== null);
        await breath();
        await passTo(page, ms - 1, n);
        await passTo(page, 1, n + 1);
      }
      await assertWell(page);
      assert.equal((await page.evaluate(() => window.alerts)).length, 1);
      assert.equal((await heard(page, 'obrt-error')).length, 0);

      await forget(page);
      await spoil(stage.server, `${wait('40')},${open},header=Access-Control-Expose-Headers:Retry-After`, { times: 1 });
      await spoil(stage.server, open, { times: 1 });
      await refresh(page);
      await untilAsked(page, 1);
      await eventually('it has failed', async () => (await state(page)).alert !== null);
      await passTo(page, 39_999, 1);
      await passTo(page, 251, 2);
      await assertWell(page);
      await end(page);
    } finally {
      await host.stop();
    }
  });

  test('T10: 503, 503, 200: exactly 3 requests, and nobody is told of a failure', async () => {
    const page = await spoilt('status=503', 2);
    assert.match((await state(page)).alert, /503/);
    await assertKept(page);
    await passTo(page, 499, 1);
    await passTo(page, 1, 2);
    await eventually('its answer', () => asked(page)[1].end !== null);
    await breath();
    await passTo(page, 999, 2);
    await passTo(page, 1, 3);
    await assertWell(page);
    await assertKept(page);
    await passTo(page, HOUR, 3);
    assert.deepEqual(asked(page).map(({ status }) => status), [503, 503, 200]);
    assert.deepEqual([(await heard(page, 'obrt-error')).length, (await heard(page, 'obrt-load')).length], [0, 1]);
    assert.equal((await page.evaluate(() => window.alerts)).length, 1);
    await end(page);
  });

  test('T10: 503, 503, 200 on the first load: exactly 3 requests', async () => {
    await clearLog(stage.server);
    await spoil(stage.server, 'status=503', { times: 2 });
    const page = await openPage(stage.browser, `${stage.server.url}/?${SAMPLE}&refresh=0`);
    page.expectProblem(REFUSED);
    await eventually('the rows', async () => (await rows(page)).length === 2);
    await breath(1_000);
    assert.deepEqual((await log(stage.server)).map(({ status }) => status), [503, 503, 200]);
    assert.equal((await waitSettled(page)).alert, null);
    await end(page);
  });

  test('T13: 204, and 200 with nothing in it: a decode error, asked once', async () => {
    const page = await openStill(stage);
    for (const [status, fault, options] of [[204, 'empty', {}], [200, undefined, { body: '' }], [200, undefined, { body: ' \r\n\t' }]]) {
      await spoil(stage.server, fault, options);
      await refresh(page);
      await untilAsked(page, 1);
      await assertFailed(page, { code: 'decode', status, retryable: false, words: /not the restore-task list/, requests: 1 });
      await passTo(page, HOUR, 1);
      await assertMended(page);
      await page.locator(`${TAG} tr[data-task-id]`).first().focus();
      await forget(page);
    }
    await end(page);
  });

  test('T14: offline, then online: 1 request on return, and not before', async () => {
    const page = await openStill(stage, `${SAMPLE}&refresh=30`);
    page.expectProblem(/ERR_INTERNET_DISCONNECTED/);
    const context = page.context();
    // From here on the next refresh is due in 30 s exactly.
    await refresh(page);
    await untilAsked(page, 1);
    await isQuiet(page);
    await forget(page);
    await clearLog(stage.server);
    await context.setOffline(true);
    // The refresh that is due fails, and so do its three repetitions.
    await passTo(page, 30_000, 1);
    for (const [n, ms] of [[1, 500], [2, 1_000], [3, 2_000]]) {
      await eventually('it has failed', () => asked(page)[n - 1].failed);
      await breath();
      await passTo(page, ms, n + 1);
    }
    await assertFailed(page, { code: 'network', retryable: true, words: /could not be reached/, requests: 4 });
    await context.setOffline(false);
    await untilAsked(page, 5);
    await assertWell(page);
    await assertKept(page);
    await passTo(page, 29_999, 5);
    assert.equal((await log(stage.server)).length, 1);
    await passTo(page, 1, 6);
    await isQuiet(page);

    // It comes back while a repetition waits: that one is not sent as well.
    await forget(page);
    await clearLog(stage.server);
    await context.setOffline(true);
    await passTo(page, 30_000, 1);
    await eventually('it waits', async () => (await state(page)).alert !== null);
    await context.setOffline(false);
    await untilAsked(page, 2);
    await assertWell(page);
    await passTo(page, 29_999, 2);
    assert.equal((await log(stage.server)).length, 1);
    assert.equal((await heard(page, 'obrt-error')).length, 0);
    await end(page);
  });

  test('T14: the network is back, and a server that wants to be left alone is left alone all the same', async () => {
    const page = await spoilt(wait('40'), 1, { query: `${SAMPLE}&refresh=30` });
    for (const wait of [1_000, 20_000, 18_999]) {
      await page.context().setOffline(true);
      await page.context().setOffline(false);
      await passTo(page, wait, 1);
    }
    await passTo(page, 251, 2);
    await assertWell(page);
    await assertKept(page);
    assert.deepEqual([(await heard(page, 'obrt-error')).length, (await page.evaluate(() => window.alerts)).length], [0, 1]);
    await end(page);
  });

  test('T15: a page hidden for 10 minutes asks nothing, and once on its return', async () => {
    const page = await openStill(stage, `${SAMPLE}&refresh=30`);
    await passTo(page, 30_000, 1);
    await isQuiet(page);
    await page.evaluate(turn, 'hidden');
    await passTo(page, 600_000, 1);
    await page.evaluate(turn, 'visible');
    await untilAsked(page, 2);
    await assertWell(page);
    await assertKept(page);
    await passTo(page, 29_999, 2);
    await passTo(page, 1, 3);
    await isQuiet(page);
    // Looking away for a moment costs nothing, and the refresh comes when it is due.
    await page.evaluate(turn, 'hidden');
    await passTo(page, 5_000, 3);
    await page.evaluate(turn, 'visible');
    await passTo(page, 30_000, 4);
    await isQuiet(page);
    assert.deepEqual([await page.evaluate(() => window.alerts), await heard(page, 'obrt-error')], [[], []]);
    await end(page);
  });

  for (const { name, fault } of [{ name: 'on the rows of a page' }, { name: 'while the answers are late', fault: 'latency=700' }]) {
    test(`T17: 20 keystrokes a second, ${name}: at most 2 requests`, async () => {
      const page = await openPage(stage.browser, `${stage.server.url}/?cluster-id=1001240&refresh=0`);
      await waitSettled(page);
      await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
      await clearLog(stage.server);
      if (fault) await spoil(stage.server, fault, ALWAYS);
      const text = 'status:failed tenant:';
      const box = page.locator(TAG).getByRole('searchbox');
      const start = Date.now();
      await box.pressSequentially(text, { delay: 50 });
      const took = Date.now() - start;
      await box.pressSequentially('t');
      await waitSettled(page);
      const requests = await log(stage.server);
      assert.ok(requests.length >= 1 && requests.length <= 2, `${requests.length} requests for ${text.length} keys in ${took} ms`);
      assert.equal(await box.evaluate((box) => box.matches(':focus')), true, 'the focus stays');
      const outcomes = (await rows(page)).map(({ outcome }) => outcome);
      assert.deepEqual([...new Set(outcomes)], ['failed']);
      assert.equal((await state(page)).complete, 'true');
      await end(page);
    });
  }
});

/** On the page: it is seen, or hidden. */
function turn(state) {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));
}
