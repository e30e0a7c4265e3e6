/**
 * What is told by shape and line is seen in whatever colours there are: light, dark, and those that a person forces on every
 * page. Looked at on the screen, since forced colours are in no computed style of an SVG.
 */

import assert from 'node:assert/strict';
import { changed, contrast, openReader, standsOut } from '../lib/pixels.mjs';
import { eventually, mend, openPage, spoil, TAG, waitSettled } from '../lib/harness.mjs';
import { LONG } from '../lib/long.mjs';
import { useStage } from '../lib/stage.mjs';
import { after, before, describe, test } from '../lib/test.mjs';

const COLOURS = [
  { name: 'light', colorScheme: 'light' },
  { name: 'dark', colorScheme: 'dark' },
  ...(LONG ? [{ name: 'forced, light', colorScheme: 'light', forcedColors: 'active' }] : []),
  { name: 'forced, dark', colorScheme: 'dark', forcedColors: 'active' },
];
const MANY = 'cluster-id=1001240&overview=on&page-size=100&refresh=0';

describe('colours', () => {
  let server;
  let browser;
  let reader;
  useStage((stage) => ({ server, browser } = stage));
  before(async () => (reader = await openReader(browser)));
  after(() => reader?.close());

  const open = async (query, options) => {
    const page = await openPage(browser, `${server.url}/?${query}`, options);
    await waitSettled(page);
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const inside = (page, selector) => page.locator(`${TAG} ${selector}`).first();

  test('a contrast is reckoned as WCAG does', () => {
    assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
    assert.equal(contrast([255, 255, 255], [118, 118, 118]).toFixed(2), '4.54');
  });

  for (const { name, ...options } of COLOURS) {
    test(`${name}: icons, arrow and bars stand out`, async () => {
      const page = await open(`${MANY}&sort=-duration`, options);
      await inside(page, '.bars').waitFor();
      const weak = [];
      const look = async (what, locator) => {
        await locator.scrollIntoViewIfNeeded();
        const found = standsOut(await reader.read(page, locator));
        if (found < 3) weak.push(`${what}: ${found.toFixed(2)}`);
      };
      for (const outcome of ['succeeded', 'failed', 'running', 'unknown']) {
        await page.locator(TAG).getByRole('searchbox').fill(`status:${outcome}`);
        await waitSettled(page);
        await eventually('filtered', async () => (await inside(page, `tr[data-row]:not(.${outcome})`).count()) === 0);
        await look(`the icon of ${outcome}`, inside(page, `tr.${outcome} .icon`));
        // The bars follow a moment later.
        await eventually('the bars', async () => (await inside(page, `.bar rect:not(.back):not(.${outcome})`).count()) === 0);
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
        await look(`a bar of ${outcome}`, inside(page, '.bars'));
      }
      await look('the arrow', inside(page, 'th .arrow:not(:empty)'));
      await look('the glass', inside(page, '.search .icon'));
      await look('a button without a word', inside(page, '.toolbar > .button .icon'));
      assert.deepEqual(weak, []);
      await end(page);
    });

    test(`${name}: what is chosen or has the focus differs from what is not`, async () => {
      const page = await open(MANY, options);
      await inside(page, '.bars').waitFor();
      const same = [];
      /** Looks at an element before and after a deed. */
      const differs = async (what, locator, deed, least = 30) => {
        await locator.scrollIntoViewIfNeeded();
        const before = await reader.read(page, locator, 4);
        await deed();
        const found = changed(before, await reader.read(page, locator, 4));
        if (found < least) same.push(`${what}: ${found} pixels`);
      };
      const focus = async (what, selector) => {
        const it = inside(page, selector);
        // By the keyboard, which is what shows the focus.
        await differs(`the focus of ${what}`, it, async () => {
          await page.keyboard.press('Shift');
          await it.focus();
        });
        await it.evaluate((element) => element.getRootNode().activeElement?.blur());
      };
      // The field's own frame is what shows its focus, so its surroundings are looked at.
      await differs('the focus of the search', inside(page, '.search'), () => inside(page, 'input[type=search]').focus());
      await focus('a button', '.toolbar > .button');
      await focus('a header', 'th button');
      await focus('a row', 'tr[data-row]');
      await focus('a page number', '.pager .number:not([aria-current])');
      await focus('the chart', '.bars');
      await focus('the rows per page', '.rows select');
      await differs('a picked bar', inside(page, '.bars'), async () => {
        await inside(page, '.bars').focus();
        await page.keyboard.press('Shift+ArrowLeft');
        await page.keyboard.press('Shift+ArrowLeft');
      });
      await page.keyboard.press('Escape');
      const [current, other] = ['.pager [aria-current]', '.pager .number:not([aria-current])'].map((selector) => inside(page, selector));
      const style = (locator) => locator.evaluate((element) => {
        const { color, fontWeight, outlineStyle, backgroundColor } = getComputedStyle(element);
        return { color, fontWeight, outlineStyle, backgroundColor };
      });
      const [chosen, rest] = [await style(current), await style(other)];
      assert.ok(Number(chosen.fontWeight) > Number(rest.fontWeight), 'the current page is bold');
      if (options.forcedColors) assert.notEqual(chosen.outlineStyle, rest.outlineStyle, 'the current page has a frame');
      assert.deepEqual(same, []);
      await end(page);
    });

    test(`${name}: a pressed entry looks pressed`, async () => {
      const page = await open(MANY, options);
      await inside(page, '.bars').waitFor();
      // A press of the pointer leaves no focus to be seen, so what shows is the choice.
      await inside(page, '.overview .menu button').click();
      const facet = inside(page, 'fieldset:last-of-type .facet');
      await facet.waitFor();
      const framed = () => facet.evaluate((element) => getComputedStyle(element).fontWeight + getComputedStyle(element).outlineStyle);
      const plain = await framed();
      await facet.click();
      await eventually('pressed', async () => (await facet.getAttribute('aria-pressed')) === 'true');
      assert.notEqual(await framed(), plain, 'a pressed entry looks pressed');
      await end(page);
    });

    test(`${name}: progress is seen`, async () => {
      await spoil(server, 'latency=700', { times: 1000 });
      const page = await openPage(browser, `${server.url}/?cluster-id=1100000&sort=id&refresh=0`, options);
      try {
        const progress = inside(page, 'progress');
        await eventually('half way', async () => (await progress.getAttribute('value')) > 15_000, { timeout: 60_000 });
        const found = standsOut(await reader.read(page, progress, 3));
        assert.ok(found >= 3, `${found.toFixed(2)} : 1`);
        await page.assertClean();
      } finally {
        await mend(server);
        await page.closeAll();
      }
    });
  }

  for (const [reducedMotion, is] of [['reduce', (moving) => moving === 0], ['no-preference', (moving) => moving > 0]]) {
    test(`motion is as wanted: ${reducedMotion}`, async () => {
      await spoil(server, 'stall-headers', { times: 100 });
      const page = await openPage(browser, `${server.url}/?cluster-id=1000005`, { reducedMotion });
      await inside(page, '.placeholder').waitFor();
      const moving = await page.evaluate((tag) => document.querySelector(tag).shadowRoot.getAnimations().length, TAG);
      assert.ok(is(moving), `${moving} animations`);
      await end(page);
      await mend(server);
    });
  }
});
