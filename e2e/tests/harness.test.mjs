/** The harness itself: the page opens, the element is registered, and what goes wrong is noticed. */

import assert from 'node:assert/strict';
import { withDeadlines } from '../lib/deadline.mjs';
import { eventually, maxInFlight, openPage, TAG } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('the page', () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  test('opens and registers the element, with nothing to complain about', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240`);
    const registered = () => page.evaluate((tag) => customElements.get(tag) !== undefined, TAG);
    await eventually('the element is registered', registered);
    await page.assertClean();
    await page.closeAll();
  });

  test('is watched: an error on it and a missing file are noticed', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240`);
    await page.evaluate(() => {
      console.error('spoken');
      setTimeout(() => {
        throw new Error('thrown');
      });
      return fetch('./missing.txt');
    });
    for (const problem of [/console error: spoken/, /uncaught: Error: thrown/, /404 for \S+missing\.txt/]) {
      await eventually(`${problem} is recorded`, () => page.problems.some((text) => problem.test(text)));
      await assert.rejects(page.assertClean(), problem);
    }
    for (const pattern of [/spoken/, /thrown/, /missing\.txt/]) page.expectProblem(pattern);
    await page.assertClean();
    await page.closeAll();
  });
});

test('a browser that hangs is killed at the deadline of a command, and every later command fails at once', async () => {
  let killed = 0;
  const hangs = { version: '1', ask: () => new Promise(() => {}), tell: async (text) => text };
  const limited = withDeadlines(hangs, 'A browser', () => (killed += 1), 50);
  assert.equal(limited.version, '1');
  assert.equal(await limited.tell('well'), 'well');
  await assert.rejects(limited.ask(), /A browser ask: no answer within 50 ms/);
  await assert.rejects(limited.tell('more'), /A browser tell: the browser was ended/);
  assert.equal(killed, 1);
});

test('requests in flight are counted by their overlap', () => {
  const cases = [
    [[], 0],
    [[[0, 1]], 1],
    [[[0, 1], [1, 2]], 1],
    [[[0, 2], [1, 3], [1.5, 1.7]], 3],
    [[[0, null], [5, 6], [7, 8]], 2],
  ];
  for (const [intervals, most] of cases) {
    assert.equal(maxInFlight(intervals.map(([start, end]) => ({ start, end }))), most, JSON.stringify(intervals));
  }
});
