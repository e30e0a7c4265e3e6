/** Rows as cards: the header has no columns below it, and must still show what it is for. */

import assert from 'node:assert/strict';
import { eventually, header, openPage, rows, sortBy, sorted, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

describe('cards, 320 px wide', () => {
  let server;
  let browser;
  let page;

  useStage((stage) => ({ server, browser } = stage));

  afterEach(async () => {
    await page.assertClean();
    await page.closeAll();
  });

  const open = async (query = '') => {
    page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0&overview=off${query}`, { viewport: { width: 320, height: 740 } });
    await waitSettled(page);
    // The look comes with the second half of the module.
    await eventually('the strip looks like buttons', () =>
      header(page, 'id').locator('button').evaluate((button) => getComputedStyle(button).borderTopWidth !== '0px'),
    );
  };
  const strip = () => page.locator(`${TAG} thead tr`);
  /** Whether the whole of a header's button can be seen and pressed. */
  const inSight = (column) =>
    header(page, column)
      .locator('button')
      .evaluate((button) => {
        const { left, right, top, height } = button.getBoundingClientRect();
        const edge = button.closest('tr').getBoundingClientRect();
        const hits = (x) => button.getRootNode().elementFromPoint(x, top + height / 2)?.closest('button') === button;
        return left >= edge.left && right <= edge.right && hits(left + 4) && hits(right - 4);
      });

  test('by which column it is sorted stays in sight, wherever the strip is scrolled', async () => {
    await open('&sort=-duration');
    assert.equal(await inSight('duration'), true, 'at the start');
    assert.equal(await inSight('restoreEndTime'), false, 'others are scrolled to');
    for (const to of [0, 200, 2000]) {
      await strip().evaluate((strip, to) => strip.scrollTo(to, 0), to);
      assert.equal(await inSight('duration'), true, `scrolled by ${to}`);
    }
    await sortBy(page, 'id');
    assert.deepEqual([await sorted(page, 'id'), await sorted(page, 'duration')], ['ascending', null]);
    assert.equal((await rows(page))[0].id, '1');
    assert.equal(await inSight('id'), true);
  });

  test('each sort is reached by Tab, and in sight as a whole then', async () => {
    await open('&sort=duration');
    const columns = await strip().locator('th').evaluateAll((cells) => cells.map((cell) => cell.dataset.column));
    await header(page, columns[0]).locator('button').focus();
    for (const [at, column] of columns.entries()) {
      if (at > 0) await page.keyboard.press('Tab');
      assert.equal(await header(page, column).locator('button').evaluate((button) => button.matches(':focus')), true, column);
      assert.equal(await inSight(column), true, column);
    }
  });

  test('its targets are large enough, and the page does not scroll sideways', async () => {
    await open();
    const sizes = await strip().locator('button').evaluateAll((all) => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight)));
    assert.ok(Math.min(...sizes) >= 24, `${sizes}`);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    // It is as high as it was before its look came, so that nothing jumps.
    assert.equal(await strip().evaluate((strip) => strip.offsetHeight), 33);
  });
});
