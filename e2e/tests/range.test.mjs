/** The bounds of the time range as a person types them: what cannot be read or is out of order changes nothing and says why. */

import assert from 'node:assert/strict';
import { cutOff } from '../lib/cut.mjs';
import { eventually, openPage, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('the bounds of the time range', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query, options = { timezoneId: 'America/New_York' }) => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0&${query}`, options);
    await waitSettled(page);
    await page.locator(`${TAG} [part="range"] button`).first().click();
    await page.locator(`${TAG} [part="range"] fieldset`).waitFor();
    const [from, to] = [0, 1].map((at) => page.locator(`${TAG} input[type=datetime-local]`).nth(at));
    return { page, from, to };
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const range = (page) => page.locator(TAG).evaluate((element) => element.getState().range);
  const sent = (page) => page.requests.filter(({ api }) => api).length;
  /** What is wrong with a bound, as assistive technology gets it; null where nothing is. */
  const wrong = (input) => input.evaluate((input) => {
    const id = input.getAttribute('aria-describedby');
    const text = id && input.getRootNode().getElementById(id);
    if (input.getAttribute('aria-invalid') !== 'true') return text ? 'described though it is right' : null;
    return text?.closest('[aria-live=polite]') ? text.textContent : 'invalid, and nothing says why';
  });
  const enter = async (input, value) => {
    await input.fill(value);
    await input.press('Enter');
  };
  const UNREAD = 'This is no whole date and time; the bound before still holds';
  const ORDER = 'The start is after the end';

  test('a date that is not whole, or that there is not, leaves the bound that holds and says so', async () => {
    const held = '2021-09-01T00:00:00.000/2021-09-30T00:00:00.000';
    const { page, from, to } = await open(`range=${held}`);
    const before = sent(page);
    await from.focus();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await eventually('the half date', async () => (await wrong(from)) === UNREAD);
    assert.equal(await range(page), held);
    // February has no 30th; whoever leaves the field is told as well.
    await from.focus();
    await page.keyboard.type('02302021');
    assert.equal(await from.evaluate((input) => input.validity.badInput), true);
    await to.focus();
    await eventually('the date that there is not', async () => (await wrong(from)) === UNREAD);
    assert.equal(await range(page), held);
    assert.equal(sent(page), before);
    // Emptied as a whole, the bound is open.
    await enter(from, '');
    await eventually('the open start', async () => (await range(page)) === '/2021-09-30T00:00:00.000');
    assert.equal(await wrong(from), null);
    await end(page);
  });

  for (const [held, typed] of [
    ['2021-09-01/2021-09-30', '2021-12-01T00:00:00'],
    ['2021-09-01T00:00:00.000+00:00/2021-09-02', '2021-09-03T00:00:00'],
    ['2021-09-01/2021-09-02T00:00:00.000+00:00', '2021-09-01T20:00:01'],
  ]) {
    test(`a start after the end is an error whatever the end is: ${held}`, async () => {
      const { page, from } = await open(`range=${encodeURIComponent(held)}`);
      const before = sent(page);
      await enter(from, typed);
      await eventually('the order', async () => (await wrong(from)) === ORDER);
      assert.equal(await range(page), held);
      assert.equal(sent(page), before);
      assert.equal(await from.inputValue().then((value) => value.slice(0, 16)), typed.slice(0, 16));
      await end(page);
    });
  }

  test('a reversed range is mended by either bound, and both hold as typed', async () => {
    const { page, from, to } = await open('');
    await enter(from, '2021-09-10T00:00');
    await eventually('the start', async () => (await range(page)) === '2021-09-10T00:00:00.000/');
    await enter(to, '2021-09-05T00:00');
    await eventually('the order', async () => (await wrong(to)) === ORDER);
    assert.match(await to.inputValue(), /^2021-09-05T00:00/);
    // Passing by the other field does not move the blame.
    await from.focus();
    await to.focus();
    assert.deepEqual([await wrong(from), await wrong(to)], [null, ORDER]);
    await enter(from, '2021-09-01T00:00');
    await eventually('both bounds', async () => (await range(page)) === '2021-09-01T00:00:00.000/2021-09-05T00:00:00.000');
    assert.match(await to.inputValue(), /^2021-09-05T00:00/);
    assert.deepEqual([await wrong(from), await wrong(to)], [null, null]);
    assert.equal(await to.getAttribute('aria-invalid'), null);
    await end(page);
  });

  test('the list of zones shows the zone that holds, wherever it comes from', async () => {
    const { page } = await open('url-sync=query');
    const zones = page.locator(`${TAG} [part="range"] select`);
    const zone = () => page.locator(TAG).evaluate((element) => element.getState().timeZone);
    for (const name of ['Asia/Tokyo', 'UTC']) {
      await zones.selectOption(name);
      await eventually(name, async () => (await zone()) === name);
    }
    await page.goBack();
    await eventually('the zone before', async () => (await zone()) === 'Asia/Tokyo');
    await eventually('the list', async () => (await zones.inputValue()) === 'Asia/Tokyo');
    await page.goBack();
    await eventually('the host’s zone', async () => (await zone()) === '');
    await eventually('the list', async () => (await zones.inputValue()) === 'local');
    await end(page);
  });

  for (const lang of ['en', 'zh-CN', 'ja']) {
    test(`the panel fits a column of 320 pixels: ${lang}`, async () => {
      const { page, from, to } = await open(`lang=${lang}`, { viewport: { width: 320, height: 900 }, locale: lang });
      await enter(from, '2021-09-10T00:00');
      await eventually('the start', async () => (await range(page)) !== 'all');
      await enter(to, '2021-09-05T00:00');
      await eventually('the order', async () => (await wrong(to)) !== null);
      const widths = () => page.locator(`${TAG} [part="range"] .panel`).evaluate((panel) => {
        const inside = panel.getBoundingClientRect();
        const beyond = [...panel.querySelectorAll('input, select, p, label')].filter((one) => one.getBoundingClientRect().right > inside.right);
        return { beyond: beyond.map((one) => one.outerHTML.slice(0, 80)), over: panel.scrollWidth - panel.clientWidth, page: inside.right > innerWidth };
      });
      assert.deepEqual(await widths(), { beyond: [], over: 0, page: false });
      assert.deepEqual(await page.evaluate(cutOff, TAG), []);
      await end(page);
    });
  }
});
