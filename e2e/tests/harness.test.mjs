/** The harness itself: the page opens, the element is registered, and what goes wrong is noticed. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually, maxInFlight, openPage, TAG } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';

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
