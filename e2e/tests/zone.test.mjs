/** In which zone, and in which words: the switch of the time zone, and that what is written is what `Intl` writes. */

import assert from 'node:assert/strict';
import { readAll } from '../lib/model.mjs';
import { eventually, openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('zones and locales', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query, options) => {
    const page = await openPage(browser, `${server.url}/?refresh=0&${query}`, options);
    await waitSettled(page);
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const pick = async (page, zone) => {
    await page.locator(TAG).getByRole('button', { name: /^Time range/ }).click();
    await page.locator(TAG).getByLabel('Time zone').selectOption(zone);
    await page.keyboard.press('Escape');
    return waitSettled(page);
  };
  const created = async (page) => (await rows(page)).map(({ cells }) => cells.createTime);
  const last = (page) => new URL(page.requests.filter(({ api }) => api).at(-1).url).searchParams;

  test('all times stand in the zone that is picked, and days are its days', async () => {
    const page = await open('cluster-id=1000005&range=2021-09-09/2021-09-09&url-sync=query', { timezoneId: 'America/New_York' });
    const button = page.locator(TAG).getByRole('button', { name: /^Time range/ });
    assert.equal(await button.getAttribute('aria-label'), 'Time range: Sep 9, 2021');
    assert.match(last(page).get('startTime'), /^2021-09-09T00:00:00.000-04:00$/);
    await pick(page, 'Asia/Shanghai');
    assert.equal(last(page).get('startTime'), '2021-09-09T00:00:00.000+08:00');
    assert.equal(last(page).get('endTime'), '2021-09-09T23:59:59.999+08:00');
    const shanghai = await created(page);
    assert.ok(shanghai.length > 0 && shanghai.every((text) => text.startsWith('Sep 9, 2021, ')), String(shanghai));
    const title = await page.locator(`${TAG} th[data-column="createTime"] button`).getAttribute('title');
    assert.match(title, /Asia\/Shanghai/);
    assert.equal((await page.locator(TAG).evaluate((element) => element.getState())).timeZone, 'Asia/Shanghai');
    // The address says it, and leads there again.
    assert.equal(new URL(page.url()).searchParams.get('rt-zone'), 'Asia/Shanghai');
    const again = await openPage(browser, page.url(), { timezoneId: 'America/New_York' });
    await waitSettled(again);
    await eventually('the same times', async () => String(await created(again)) === String(shanghai));
    await again.closeAll();
    await page.goBack();
    await waitSettled(page);
    await eventually('the host’s zone', () => last(page).get('startTime').endsWith('-04:00'));
    await end(page);
  });

  test('the server’s zone is offered as its times have it', async () => {
    const page = await open('cluster-id=1001240', { timezoneId: 'UTC' });
    const utc = await created(page);
    await page.locator(TAG).getByRole('button', { name: /^Time range/ }).click();
    // The panel is there with the next render, and an unseen list has no texts.
    const zones = page.locator(TAG).getByLabel('Time zone');
    await zones.waitFor();
    const options = await zones.locator('option').allTextContents();
    assert.deepEqual(options.slice(0, 3), ['This browser (UTC)', 'UTC', 'The server (+08:00)']);
    assert.ok(options.length > 300, `${options.length} zones`);
    await page.keyboard.press('Escape');
    await pick(page, '+08:00');
    assert.notDeepEqual(await created(page), utc);
    await page.locator(TAG).evaluate((element) => (element.timeZone = 'Asia/Tokyo'));
    await eventually('the host has the last word', async () => (await page.locator(TAG).evaluate((element) => element.getState())).timeZone === '');
    await end(page);
  });

  test('a zone that there is not is named, and the host’s holds', async () => {
    const page = await open('cluster-id=1000005');
    await page.locator(TAG).evaluate((element) => element.setState({ timeZone: 'Mars/Olympus' }));
    await page.locator(`${TAG} [part="banner"]`).getByText('“Mars/Olympus” is no time zone that this browser knows').waitFor();
    assert.equal((await page.locator(TAG).evaluate((element) => element.getState())).timeZone, '');
    await end(page);
  });

  for (const [lang, length] of [['en', '1 m 18 s'], ['zh-CN', '1分18秒'], ['ja', '1分18秒']]) {
    test(`times, numbers and ages are as Intl has them: ${lang}`, async () => {
      for (const timezoneId of ['UTC', 'Asia/Shanghai', 'America/St_Johns']) {
        const page = await open(`cluster-id=1001240&page-size=100&sort=createTime&lang=${lang}`, { timezoneId });
        const tasks = new Map((await readAll(server, 1001240)).map((task) => [String(task.id), task]));
        const shown = await rows(page);
        const want = await page.evaluate(
          ([lang, times]) => {
            const parts = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
            const year = (date) => new Intl.DateTimeFormat('en', { year: 'numeric' }).format(date);
            const long = (date) => ({ ...parts, ...(year(date) === year(new Date()) ? {} : { year: 'numeric' }) });
            return times.map((time) => new Intl.DateTimeFormat(lang, long(new Date(time))).format(new Date(time)));
          },
          [lang, shown.map(({ id }) => tasks.get(id).createTime)],
        );
        assert.deepEqual(shown.map(({ cells }) => cells.createTime), want);
        const count = await page.evaluate((lang) => new Intl.NumberFormat(lang).format(1240), lang);
        assert.ok((await page.locator(`${TAG} [part="completeness"]`).innerText()).includes(count));
        await end(page);
      }
      // An age is told from a day that the test names: the sample is of 2021.
      const page = await open(`cluster-id=1000005&lang=${lang}`, { prepare: (page) => page.clock.setFixedTime('2026-12-01T00:00:00Z') });
      assert.ok((await rows(page)).some(({ cells }) => cells.duration === length));
      const cell = page.locator(`${TAG} tr[data-row] td[data-column="createTime"]`).first();
      // UTC, as the server wrote it, and how long ago.
      const years = await page.evaluate((lang) => new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(-5, 'year'), lang);
      const title = await eventually('the age', async () => {
        const title = await cell.getAttribute('title');
        return title.split(' · ').length === 3 && title;
      });
      assert.match(title, /^2021-09-09T[\d:.]+Z · 2021-09-09T[\d:.]+\+08:00 · /);
      assert.ok(title.endsWith(years), `${title} ends with ${years}`);
      await end(page);
    });
  }
});
