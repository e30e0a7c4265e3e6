/** An element that is taken out of the page while it loads: what is on its way is aborted, and nothing comes of it (line 18). */

import assert from 'node:assert/strict';
import { inFront } from '../lib/front.mjs';
import { eventually, mend, openPage, rows, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { asked, breath, clearLog, end, heard, log, openStill, passTo, refresh, SAMPLE } from '../lib/still.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

describe('an element that is taken out of the page', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  /** Follows the requests on the clock of the machine, by which the page's `Date.now()` goes as well. */
  async function follow(page) {
    const session = await page.context().newCDPSession(page);
    const open = new Map();
    const ends = [];
    session.on('Network.requestWillBeSent', ({ requestId, request, timestamp, wallTime }) => {
      if (request.url.includes('/api/v2/')) open.set(requestId, wallTime - timestamp);
    });
    session.on('Network.loadingFailed', ({ requestId, timestamp, canceled }) => {
      if (open.has(requestId)) ends.push({ at: (timestamp + open.get(requestId)) * 1_000, canceled });
    });
    await session.send('Network.enable');
    return ends;
  }

  /** Takes the element out of the page, says when, and notes what happens in it from then on. */
  const remove = (page) =>
    page.evaluate((tag) => {
      const element = (window.gone = document.querySelector(tag));
      window.late = [];
      const { shadowRoot } = element;
      const root = shadowRoot.firstElementChild;
      const at = performance.timeOrigin + performance.now();
      element.remove();
      // What it takes along when it goes is no later paint.
      setTimeout(() => {
        // Its place is emptied for the next one, and no more.
        const paints = ({ type, addedNodes }) => type !== 'childList' || addedNodes.length > 0;
        for (const place of [shadowRoot, root]) {
          new MutationObserver((changes) => window.late.push(...changes.filter(paints).map(({ type }) => type)))
            .observe(place, { childList: true, subtree: true, characterData: true, attributes: true });
        }
        for (const name of ['obrt-load', 'obrt-error']) element.addEventListener(name, () => window.late.push(name));
      });
      return at;
    }, TAG);

  const putBack = (page) => page.evaluate(() => document.body.append(window.gone));

  for (const { name, fault, status, isDeaf } of [
    { name: 'before the headers', fault: 'stall-headers', status: null },
    { name: 'in the middle of the body', fault: 'stall', status: 200 },
    { name: 'while the answer is about to come', fault: 'latency=400', status: null },
    { name: 'while a body stalls whose fetcher minds no signal', fault: 'stall', status: 200, isDeaf: true },
  ]) {
    test(`T18: removed ${name}: aborted within 50 ms, nothing painted later, and back again it loads`, async (context) => {
      const page = await openPage(stage.browser, `${stage.server.url}/?${SAMPLE}&refresh=0`);
      await waitSettled(page);
      await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
      if (isDeaf) await page.locator(TAG).evaluate((element) => (element.fetcher = ({ url }) => fetch(url)));
      const ends = await follow(page);
      const took = [];
      const seen = [];
      for (let n = 0; n < 5; n++) {
        await clearLog(stage.server);
        await spoil(stage.server, fault);
        page.requests.length = ends.length = 0;
        await refresh(page);
        await eventually('it is on its way', async () => {
          const there = await log(stage.server);
          return asked(page).length === 1 && there.length === 1 && asked(page)[0].status === status;
        });
        const at = await remove(page);
        await eventually('it is aborted', () => ends.length === 1);
        assert.equal(ends[0].canceled, true);
        took.push(ends[0].at - at);
        const [entry] = await eventually('the server sees it go', async () => {
          const there = await log(stage.server);
          return there[0].end !== null && there;
        });
        seen.push(entry.end - at);
        await breath(600);
        assert.deepEqual(await page.evaluate(() => window.late), []);
        assert.equal(asked(page).length, 1);
        await putBack(page);
        await eventually('its rows', async () => (await rows(page)).length === 2);
        await waitSettled(page);
        assert.equal(asked(page).length, 2);
      }
      const text = (numbers) => numbers.map((ms) => ms.toFixed(1)).join(', ');
      context.diagnostic(`aborted after ${text(took)} ms; the server saw it after ${text(seen)} ms`);
      // A busy machine makes them later, and nothing makes them sooner: the quickest shows that nothing is waited for.
      assert.ok(Math.min(...took) <= 50, text(took));
      await end(page);
    });
  }

  test('T18: removed while four pages of a full scan are on their way, or while a repetition waits: nothing more is asked', async () => {
    const page = await openStill(stage, 'cluster-id=1010000&refresh=0');
    await spoil(stage.server, 'latency=1');
    await spoil(stage.server, 'stall-headers', { times: 4 });
    await clearLog(stage.server);
    await page.locator(TAG).evaluate((element) => (element.sort = 'id'));
    await eventually('four are open', async () => (await log(stage.server)).filter(({ end }) => end === null).length === 4);
    await eventually('the browser has told of them', () => asked(page).length === 5);
    await remove(page);
    await eventually('all are aborted', () => asked(page).slice(1).every(({ cancelled }) => cancelled));
    await eventually('the server sees them go', async () => (await log(stage.server)).every(({ end }) => end !== null));
    await passTo(page, 600_000, 5);
    assert.deepEqual(await page.evaluate(() => window.late), []);
    await end(page);

    const waiting = await openStill(stage);
    waiting.expectProblem(/503/);
    await spoil(stage.server, 'status=503');
    await refresh(waiting);
    await eventually('it waits', async () => (await state(waiting)).alert !== null);
    await remove(waiting);
    await passTo(waiting, 600_000, 1);
    assert.deepEqual([await waiting.evaluate(() => window.late), await heard(waiting, 'obrt-error')], [[], []]);
    await end(waiting);
  });

  test('T18: removed before the WebAssembly is there: the early request is aborted, and nothing comes after it', async () => {
    let arrive;
    const late = new Promise((resolve) => (arrive = resolve));
    const front = await inFront(stage.server, async (request, response) => {
      if (request.url.includes('_bg.wasm')) await late;
      if (!request.url.startsWith('/api/')) return false;
      // Never answered.
      response.once('close', () => (response.isGone = true));
      answers.push(response);
      return true;
    });
    const answers = [];
    try {
      const page = await openPage(stage.browser, `${front.url}/?${SAMPLE}&refresh=1`, { waitUntil: 'commit' });
      await eventually('the early request', () => answers.length === 1);
      await remove(page);
      await eventually('the server sees it go', () => answers[0].isGone);
      await eventually('the browser says so', () => asked(page)[0].cancelled);
      arrive();
      await eventually('the WebAssembly', () => page.requests.some(({ url, end }) => url.includes('_bg.wasm') && end !== null));
      await breath(1_500);
      assert.equal(answers.length, 1);
      assert.deepEqual(await page.evaluate(() => window.late), []);
      await end(page);
    } finally {
      arrive();
      await front.stop();
    }
  });
});
