/**
 * Days on end, compressed: the page's timers of a second and more go by a clock that this moves, the server's clock moves
 * along, and the requests are real. What the page takes must not grow with the time that it stays open.
 */

import assert from 'node:assert/strict';
import { least } from '../lib/least.mjs';
import { times } from '../lib/long.mjs';
import { launch, openPage, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

const SECONDS = 30;

describe('a page that is left open for days', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage), () => launch({ args: ['--js-flags=--expose-gc'] }));

  /** On the page, before its scripts: long timers wait for `clock.pass`, short ones are the browser's own. */
  function holdClock() {
    const { setTimeout: later, clearTimeout: never } = window;
    const { now } = Date;
    const waiting = new Map();
    let ahead = 0;
    let last = 1e9;
    Date.now = () => now() + ahead;
    window.setTimeout = (call, ms = 0, ...values) => {
      if (!(ms >= 1_000)) return later(call, ms, ...values);
      last += 1;
      waiting.set(last, { at: Date.now() + ms, call: () => call(...values) });
      return last;
    };
    window.clearTimeout = (id) => (waiting.delete(id) ? undefined : never(id));
    window.patience = (call) => later(call, 20_000);
    window.clock = {
      waiting: () => waiting.size,
      pass(ms) {
        ahead += ms;
        for (const [id, { at, call }] of [...waiting].sort(([, a], [, b]) => a.at - b.at)) {
          if (at <= Date.now() && waiting.delete(id)) call();
        }
      },
    };
  }

  /** On the page: so many refreshes, each once the one before has settled. */
  async function refresh({ tag, times, seconds, live }) {
    const element = document.querySelector(tag);
    let failed = 0;
    const count = () => (failed += 1);
    element.addEventListener('obrt-error', count);
    for (let n = 0; n < times; n++) {
      if (live) {
        const offsetMs = (window.offset = (window.offset ?? 0) + seconds * 1_000);
        const body = JSON.stringify({ offsetMs });
        await fetch('/faults/clock', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      }
      const settled = new Promise((resolve, reject) => {
        const late = window.patience(() => reject(new Error(`refresh ${n} did not settle`)));
        const done = ({ detail }) => {
          clearTimeout(late);
          resolve(detail);
        };
        element.addEventListener('obrt-load', done, { once: true });
      });
      window.clock.pass(seconds * 1_000);
      const { complete } = await settled;
      if (!complete) throw new Error(`refresh ${n} is not complete`);
    }
    element.removeEventListener('obrt-error', count);
    return failed;
  }

  async function counters(page, devtools) {
    await page.evaluate(() => performance.clearResourceTimings());
    await page.evaluate(() => window.gc());
    await devtools.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners: listeners } = await devtools.send('Memory.getDOMCounters');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const counted = await page.evaluate(async () => {
      const { memory } = await (await import('/ob-restore-tasks.js')).default();
      return { wasmPages: memory.buffer.byteLength / 65_536, timers: window.clock.waiting() };
    });
    return { nodes, listeners, ...counted, heapKB: Math.round(usedSize / 1024) };
  }

  async function leave(t, query, { warm, times, live }) {
    const page = await openPage(browser, `${server.url}/?refresh=${SECONDS}&sort=-createTime&${query}`, {
      prepare: (page) => page.addInitScript(holdClock),
    });
    await waitSettled(page);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('HeapProfiler.enable');
    page.requests.length = 0;
    const act = async (times) => {
      assert.equal(await page.evaluate(refresh, { tag: TAG, times, seconds: SECONDS, live }), 0);
      // What the harness writes down is no part of the page.
      const asked = page.requests.length;
      page.requests.length = 0;
      return asked;
    };
    await act(warm);
    const before = await least(() => counters(page, devtools));
    const asked = await act(times - warm);
    const after = await least(() => counters(page, devtools), { times: 10 });
    t.diagnostic(`${times} refreshes, ${asked} requests in the last ${times - warm}`);
    t.diagnostic(`before ${JSON.stringify(before)}`);
    t.diagnostic(`after  ${JSON.stringify(after)}`);
    assert.equal((await state(page)).complete, 'true');
    await page.assertClean();
    await page.closeAll();
    return { before, after };
  }

  test('T42: thousands of refreshes on a fake clock leave the counters where they were', async (t) => {
    const { before, after } = await leave(t, 'cluster-id=1000050', { warm: times(200, 500), times: times(1_000, 10_000), live: false });
    assert.ok(after.nodes <= before.nodes + 5, 'DOM nodes');
    assert.ok(after.listeners <= before.listeners, 'listeners');
    assert.ok(after.timers <= before.timers, 'timers');
    assert.ok(after.wasmPages <= before.wasmPages, 'pages of wasm memory');
    assert.ok(after.heapKB <= before.heapKB * 1.05 + 100, 'JS heap');
  });

  test('hours of a live cluster leave no more behind than the first ones', async (t) => {
    const { before, after } = await leave(t, 'cluster-id=1000009', { warm: times(120, 240), times: times(480, 2_880), live: true });
    await fetch(`${server.url}/faults/clock`, { method: 'DELETE' });
    // Rows come and go, and a running one has fewer nodes than one that failed.
    assert.ok(after.nodes <= before.nodes + 200, 'DOM nodes');
    assert.ok(after.listeners <= before.listeners + 10, 'listeners');
    assert.ok(after.timers <= before.timers + 1, 'timers');
    assert.ok(after.wasmPages <= before.wasmPages + 4, 'pages of wasm memory');
    assert.ok(after.heapKB <= before.heapKB * 1.1 + 200, 'JS heap');
  });
});
