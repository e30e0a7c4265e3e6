/** Answers that do not end, or are too large: when reading stops, and what is let go of (lines 4, 5, 8, 11, 26). */

import assert from 'node:assert/strict';
import { createGzip } from 'node:zlib';
import { inFront } from '../lib/front.mjs';
import { eventually, mend, openPage, rows, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import {
  asked, assertFailed, assertKept, assertMended, breath, clearLog, end, forget, heard, log, openStill, passTo, refresh, SAMPLE, untilAsked,
} from '../lib/still.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const MIB = 1 << 20;
const API = '/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=1&size=20';
const LATE = { code: 'timeout', retryable: true, words: /did not answer in time/, requests: 4 };

describe('answers without an end', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  /** Every request is aborted at so many seconds and not before; three more are tried, and then it is told. */
  async function assertTimesOut(page, seconds, meanwhile = () => {}) {
    await refresh(page);
    for (const n of [1, 2, 3, 4]) {
      await untilAsked(page, n);
      await meanwhile(n);
      const request = asked(page)[n - 1];
      await passTo(page, seconds * 1_000 - 1, n);
      assert.equal(request.end, null, `try ${n} still waits`);
      if (n === 1) assert.equal((await state(page)).alert, null);
      await page.clock.runFor(1);
      await eventually('it is aborted', () => request.cancelled);
      await eventually('it is told', async () => (await state(page)).alert !== null);
      await assertKept(page);
      await breath();
      if (n < 4) {
        const wait = 500 << (n - 1);
        await passTo(page, wait - 1, n);
        await page.clock.runFor(1);
      }
    }
    await assertFailed(page, LATE);
    assert.equal(page.maxInFlight(), 1);
    await passTo(page, 3_600_000, 4);
  }

  /** The companion server has seen each of them end. */
  const areLetGo = (count) =>
    eventually('the server sees them go', async () => {
      const requests = await log(stage.server);
      return requests.length === count && requests.every(({ end }) => end !== null);
    });

  for (const { name, fault, seconds } of [
    { name: 'no headers: aborted at 30 s', fault: 'stall-headers', seconds: 30 },
    { name: 'headers, then a stall: aborted at 120 s', fault: 'stall', seconds: 120 },
  ]) {
    test(`T4: ${name}, tried three times more, told once`, async () => {
      const page = await openStill(stage);
      await clearLog(stage.server);
      await spoil(stage.server, fault, { times: 4 });
      await assertTimesOut(page, seconds, async (n) => {
        if (fault === 'stall') await eventually('its headers', () => asked(page)[n - 1].status === 200);
      });
      await areLetGo(4);
      await assertMended(page);
      await end(page);
    });
  }

  test('T4: a host’s fetcher that minds no signal, and whose body stalls: given up at 120 s', async () => {
    const page = await openStill(stage);
    await page.locator(TAG).evaluate((element) => (element.fetcher = ({ url }) => fetch(url)));
    await spoil(stage.server, 'stall', { times: 4 });
    await assertTimesOut(page, 120, (n) => eventually('its headers', () => asked(page)[n - 1].status === 200));
    await assertMended(page);
    await end(page);
  });

  test('T4: a first load without headers ends as well, and the early request with it', async () => {
    await clearLog(stage.server);
    await spoil(stage.server, 'stall-headers', { times: 4 });
    const page = await openPage(stage.browser, `${stage.server.url}/?${SAMPLE}&refresh=0`, { prepare: (page) => page.clock.install() });
    await page.locator(`${TAG} table[aria-busy="true"]`).waitFor();
    await page.clock.runFor(30_000);
    await eventually('it is aborted', () => asked(page)[0].cancelled);
    await eventually('it is told', async () => /did not answer in time/.test((await state(page)).alert));
    await mend(stage.server);
    // It also tries again by itself, and the button is gone then; without the button the rows must come all the same.
    const retry = page.locator(TAG).getByRole('button', { name: 'Retry' });
    await eventually('the rows', async () => {
      if (await retry.isVisible()) await retry.click({ timeout: 2_000 });
      return eventually('the rows after Retry', async () => (await rows(page)).length === 2, { timeout: 3_000 });
    });
    await end(page);
  });

  /** A refusal whose headers are here, and whose body stalls: told by its status, not as an answer that came too late. */
  async function refused(fault, failure, query) {
    const page = await openStill(stage, query);
    page.expectProblem(/request: \d+ for|Failed to load resource|ERR_CONNECTION_RESET/);
    await clearLog(stage.server);
    await spoil(stage.server, fault, { times: 4 });
    await refresh(page);
    await untilAsked(page, 1);
    await eventually('its headers', () => asked(page)[0].status === failure.status);
    await breath();
    for (let seconds = 0; (await state(page)).alert === null; seconds++) {
      assert.ok(seconds < 120, 'it is told within 120 s');
      await passTo(page, 1_000, 1);
    }
    await assertFailed(page, { ...failure, requests: 1 });
    await areLetGo(1);
    await passTo(page, 3_600_000, 1);
    return page;
  }

  for (const { status, code, words } of [
    { status: 400, code: 'http', words: /time range/ },
    { status: 401, code: 'auth', words: /sign in/i },
    { status: 403, code: 'permission', words: /permission/ },
  ]) {
    test(`T11: ${status} whose body stalls is asked once, told by its status, and let go`, async () => {
      const page = await refused(`status=${status},stall`, { status, code, retryable: false, words }, `${SAMPLE}&refresh=${status === 401 ? 30 : 0}`);
      assert.equal((await heard(page, 'obrt-auth-required')).length, status === 401 ? 1 : 0);
      await mend(stage.server);
      await assertMended(page);
      await end(page);
    });
  }

  test('T11: 401 whose body breaks off is asked once and told by its status', async () => {
    const page = await refused('status=401,reset-body', { status: 401, code: 'auth', retryable: false, words: /sign in/i });
    assert.equal((await heard(page, 'obrt-auth-required')).length, 1);
    await mend(stage.server);
    await assertMended(page);
    await end(page);
  });

  test('T8: 429 with Retry-After: 86400 whose body stalls: nothing by itself, and Retry works', async () => {
    const fault = 'status=429,header=Retry-After:86400,stall';
    const page = await refused(fault, { status: 429, code: 'rate-limit', retryable: true, words: /limiting requests/ }, `${SAMPLE}&refresh=30`);
    await page.clock.fastForward(48 * 3_600_000);
    await passTo(page, 3_600_000, 1);
    await mend(stage.server);
    await assertMended(page);
    await end(page);
  });

  test('T5: a byte of the body now and then: aborted at 120 s, whatever has come', async () => {
    const { length } = await (await fetch(stage.server.url + API)).text();
    const page = await openStill(stage);
    await clearLog(stage.server);
    await spoil(stage.server, 'drip=50', { times: 4 });
    await assertTimesOut(page, 120, (n) => eventually('some bytes', () => asked(page)[n - 1].bytes >= 5));
    for (const { bytes } of asked(page)) assert.ok(bytes < length, `${bytes} of ${length}`);
    await areLetGo(4);
    await assertMended(page);
    await end(page);
  });

  test('T5: a byte of the headers now and then: aborted at 30 s', async () => {
    let drips = 0;
    let isSlow = false;
    let gone = 0;
    const front = await inFront(stage.server, (request, response) => {
      if (!isSlow || !request.url.startsWith('/api/')) return false;
      const { socket } = response;
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: ');
      const drip = setInterval(() => (socket.write('x'), drips++), 50);
      socket.once('close', () => (clearInterval(drip), gone++));
      return true;
    });
    try {
      const page = await openStill(stage, undefined, { url: front.url });
      isSlow = true;
      await assertTimesOut(page, 30, (n) => {
        const before = drips;
        return eventually('some bytes', () => drips >= before + 5 && n > 0);
      });
      await eventually('the server sees them go', () => gone === 4);
      isSlow = false;
      await assertMended(page);
      await end(page);
    } finally {
      await front.stop();
    }
  });

  for (const file of ['decode.js', 'worker.js']) {
    for (const isThere of [true, false]) {
      test(`a large page is shown though ${file} ${isThere ? 'never comes' : 'is missing'}`, async () => {
        let isAsked = false;
        const front = await inFront(stage.server, (request, response) => {
          if (!request.url.startsWith(`/${file}`)) return false;
          isAsked = true;
          if (!isThere) response.writeHead(404).end();
          return true;
        });
        try {
          const page = await openPage(stage.browser, `${front.url}/?cluster-id=1010000&refresh=0&sort=id`);
          page.expectProblem(/404/);
          const { completeness, alert } = await waitSettled(page, { timeout: 60_000 });
          assert.deepEqual([completeness, alert, isAsked], ['10,000 of 10,000 tasks', null, true]);
          await end(page);
        } finally {
          await front.stop();
        }
      });
    }
  }

  test('T26: a body beyond 64 MiB: reading stops there, told once, not asked again', async (context) => {
    const page = await openStill(stage);
    await clearLog(stage.server);
    await spoil(stage.server, `pad=${96 * MIB}`);
    await refresh(page);
    await assertFailed(page, { code: 'too-large', status: 200, retryable: false, words: /larger than 64 MiB/, requests: 1 });
    const [{ bytes, cancelled }] = asked(page);
    context.diagnostic(`${(bytes / MIB).toFixed(2)} MiB of 96 were read`);
    // What the browser has read ahead is thrown away.
    assert.ok(bytes > 64 * MIB && bytes < 72 * MIB, `${bytes} bytes`);
    assert.equal(cancelled, true);
    await areLetGo(1);
    await passTo(page, 3_600_000, 1);
    await assertMended(page);
    await end(page);
  });

  test('T26: 64 MiB to the byte are taken, and one more is not', async () => {
    // The same text each time: a server's own says how long it took, which may be a digit more.
    const body = await (await fetch(stage.server.url + API)).text();
    const spaces = 64 * MIB - Buffer.byteLength(body);
    const page = await openStill(stage);
    await spoil(stage.server, `pad=${spaces}`, { body });
    await refresh(page);
    await eventually('it is read', async () => (await heard(page, 'obrt-load')).length === 1, { timeout: 60_000 });
    assert.equal(asked(page)[0].bytes, 64 * MIB);
    await assertKept(page);
    await forget(page);
    await spoil(stage.server, `pad=${spaces + 1}`, { body });
    await refresh(page);
    await assertFailed(page, { code: 'too-large', status: 200, retryable: false, words: /larger than 64 MiB/, requests: 1 });
    await end(page);
  });

  test('T26: what is small on the wire and large when unpacked is counted as it is unpacked', async (context) => {
    let sent = 0;
    let isLarge = false;
    const front = await inFront(stage.server, (request, response) => {
      if (!isLarge || !request.url.startsWith('/api/')) return false;
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      const pack = createGzip();
      pack.pipe(response).on('error', () => {});
      const spaces = Buffer.alloc(MIB, ' ');
      const more = () => {
        while (!response.destroyed && sent < 128) {
          sent += 1;
          if (!pack.write(spaces)) return void pack.once('drain', more);
        }
        pack.end('{}');
      };
      more();
      return true;
    });
    try {
      const page = await openStill(stage, undefined, { url: front.url });
      isLarge = true;
      await refresh(page);
      await assertFailed(page, { code: 'too-large', status: 200, retryable: false, words: /larger than 64 MiB/, requests: 1 });
      const [{ bytes }] = asked(page);
      context.diagnostic(`${(bytes / MIB).toFixed(2)} MiB of 128 were unpacked`);
      assert.ok(bytes > 64 * MIB && bytes < 72 * MIB, `${bytes} bytes`);
      isLarge = false;
      await assertMended(page);
      await end(page);
    } finally {
      await front.stop();
    }
  });
});
