/** The visits of a run: each opens a page in a new browser and measures it. */

import { readdirSync, readFileSync } from 'node:fs';
import { launch } from './browser.mjs';
import { watch } from './calm.mjs';
import { evaluate } from './cdp.mjs';
import { CONTESTANTS, DESCENDING_FIRST } from './contestants.mjs';
import { KEYS } from './model.mjs';
import { COUNT_MEMORIES, NOTE_MEMORIES } from './memories.mjs';
import { probe } from './probe.mjs';

/** The slow line: 10 Mbit/s, 40 ms. */
const SLOW = { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 };
const PATIENCE = 60_000;

const late = (what) =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`${what}: not within ${PATIENCE / 1000} s`)), PATIENCE).unref());
const within = (what, promise) => Promise.race([promise, late(what)]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function open(browser, name, url) {
  // Processor time of the thread, so that waiting for a processor does not count as work.
  await browser.page.send('Performance.enable', { timeDomain: 'threadTicks' });
  await browser.page.send('Page.addScriptToEvaluateOnNewDocument', {
    source: NOTE_MEMORIES + probe(CONTESTANTS[name]),
  });
  await browser.page.send('Page.navigate', { url });
}

const ask = (browser, expression) => evaluate(browser.page, expression);
const mark = (browser, name) =>
  within(name, ask(browser, `(__bench.until(() => __bench.marks.${name} !== null)).then(() => __bench.marks.${name})`));

/** Waits until the page can be asked. */
async function arrived(browser) {
  for (const start = Date.now(); ; ) {
    if (Date.now() - start > PATIENCE) throw new Error('the page does not open');
    if (await ask(browser, `location.href !== 'about:blank' && Boolean(window.__bench)`).catch(() => false)) return;
    await pause(5);
  }
}

async function inBrowser(work) {
  const browser = await launch();
  try {
    const others = watch();
    const result = await work(browser);
    // While the browser still runs: the processor time of its processes is known only as long as they exist.
    return { ...result, others: others() };
  } finally {
    await browser.close();
  }
}

/** First row of two tasks on a slow line, and the code that was loaded until then. */
export const slowVisit = (name, server) =>
  inBrowser(async (browser) => {
    const slow = (session) =>
      Promise.all([session.send('Network.enable'), session.send('Network.emulateNetworkConditions', SLOW)]).catch(() => {});
    await browser.workers(slow);
    await slow(browser.page);
    await server.ask({ forget: true });
    await open(browser, name, `${server.url}/${name}/?cluster=1000005`);
    await arrived(browser);
    const firstRow = await mark(browser, 'firstRow');
    const shownAt = await ask(browser, `performance.timeOrigin + ${firstRow}`);
    const files = (await server.ask({ list: true })).filter(({ path, at }) => at <= shownAt && !path.endsWith('.html'));
    const unique = new Map(files.map(({ path, brotli }) => [path, brotli]));
    return { code: [...unique.values()].reduce((a, b) => a + b, 0) / 1000, slowFirstRow: firstRow, files: [...unique.keys()] };
  });

/** First row of 1,240 tasks. */
export const smallVisit = (name, server) =>
  inBrowser(async (browser) => {
    await open(browser, name, `${server.url}/${name}/?cluster=1001240`);
    await arrived(browser);
    return { smallFirstRow: await mark(browser, 'firstRow') };
  });

const metric = async (browser, name) => {
  const { metrics } = await browser.page.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name).value;
};

async function click(browser, element) {
  const point = await ask(browser, `__bench.middle(${element})`);
  const event = (type, more) => browser.page.send('Input.dispatchMouseEvent', { type, ...point, ...more });
  await event('mouseMoved');
  await event('mousePressed', { button: 'left', clickCount: 1 });
  await event('mouseReleased', { button: 'left', clickCount: 1 });
}

async function key(browser, text) {
  const which = text === 'Backspace' ? { key: text, code: text, windowsVirtualKeyCode: 8 } : { key: text, text };
  await browser.page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...which });
  await browser.page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...which });
}

/** Waits for a state of the page; if it does not come, the error says what was there instead. */
async function timed(browser, what, wanted, act) {
  // Input overtakes commands in the browser, so the command must have completed before the input starts.
  await ask(browser, `__bench.expect(${JSON.stringify(wanted)})`);
  await act();
  return within(what, ask(browser, '__bench.seen')).catch(async (error) => {
    const got = await ask(browser, `JSON.stringify({ ...__bench.page.state(), row: __bench.page.rows()[0] })`);
    throw new Error(`${error.message}; wanted ${JSON.stringify(wanted)}, saw ${got}`);
  });
}

/** The whole job with many tasks: load, filter, sort, scroll, and the memory afterwards. */
export const wholeVisit = (name, server, cluster, expected, more = '') =>
  inBrowser(async (browser) => {
    const workers = await browser.workers((worker) => evaluate(worker, NOTE_MEMORIES));
    await open(browser, name, `${server.url}/${name}/?cluster=${cluster}${more}`);
    await arrived(browser);
    const firstRow = await mark(browser, 'firstRow');
    const complete = await mark(browser, 'complete');
    const busy = (await metric(browser, 'TaskDuration')) * 1000;
    const result = { firstRow, complete, busy };
    result.longest = await ask(browser, '__bench.marks.longest');
    await pause(700);

    await within('all rows', ask(browser, `__bench.until(() => __bench.shows(${JSON.stringify(expected.first)}))`)).catch(async () => {
      throw new Error(`all rows: saw ${await ask(browser, 'JSON.stringify([__bench.page.state(), __bench.page.rows()[0]])')}`);
    });
    await ask(browser, '__bench.page.input().focus()');
    result.filter = await timed(browser, 'filter, first key', expected.filtered[0], () => key(browser, KEYS[0]));
    await pause(500);
    result.filterNext = await timed(browser, 'filter, next key', expected.filtered[1], () => key(browser, KEYS[1].slice(1)));
    await pause(500);
    await ask(browser, '__bench.page.input().select()');
    await timed(browser, 'filter taken back', expected.first, () => key(browser, 'Backspace'));
    await pause(500);
    const sorted = DESCENDING_FIRST.has(name) ? expected.sortedDown : expected.sorted;
    result.sort = await timed(browser, 'sort', sorted, () => click(browser, '__bench.page.header()'));
    await pause(500);

    const before = await metric(browser, 'TaskDuration');
    const { dropped, reached, height } = await ask(browser, '__bench.scroll()');
    if (!(reached > height / 2)) throw new Error(`the script couldn't scroll: ${reached} of ${height}`);
    await pause(100);
    result.scroll = ((await metric(browser, 'TaskDuration')) - before) * 1000;
    result.dropped = dropped;
    return { ...result, ...(await memory(browser, workers)) };
  });

/**
 * The heap of scripts, its buffers and the memory of WebAssembly, of the page and its workers, after a
 * collection.
 */
async function memory(browser, workers) {
  let heap = 0;
  for (const session of [browser.page, ...workers]) {
    try {
      await session.send('HeapProfiler.enable');
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
      heap += usedSize + backingStorageSize + (await evaluate(session, COUNT_MEMORIES));
    } catch (error) {
      // A worker that has ended meanwhile uses no memory.
      if (session === browser.page || !/Session with given id not found/.test(error.message)) throw error;
    }
  }
  const { nodes } = await browser.page.send('Memory.getDOMCounters');
  await pause(1000);
  return { heap: heap / 1e6, memory: privateBytes(browser.pid) / 1e6, nodes, workers: workers.length };
}

/** The memory that the page's renderer shares with no other process, its workers included. */
function privateBytes(browserPid) {
  let most = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (!line.includes('--type=renderer') || !below(Number(name), browserPid)) continue;
      const text = readFileSync(`/proc/${name}/smaps_rollup`, 'utf8');
      const kilobytes = [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
      most = Math.max(most, kilobytes * 1024);
    } catch {
      // The process has just ended.
    }
  }
  return most;
}

function below(pid, ancestor) {
  for (let at = pid; at > 1; ) {
    if (at === ancestor) return true;
    at = Number(readFileSync(`/proc/${at}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
  }
  return false;
}
