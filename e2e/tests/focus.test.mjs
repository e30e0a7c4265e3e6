/** What a person is at stays what they are at: the page that was pressed, letters that are still being put together. */

import assert from 'node:assert/strict';
import { eventually, openPage, rows, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('what a person is at', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query, options) => {
    const page = await openPage(browser, `${server.url}/?refresh=0&${query}`, options);
    await waitSettled(page);
    await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const focused = (page) =>
    page.evaluate((tag) => document.querySelector(tag).shadowRoot.activeElement?.getAttribute('aria-label') ?? null, TAG);

  test('the number of a page keeps the focus when the numbers move on', async () => {
    const page = await open('cluster-id=1001240');
    for (const number of [4, 6, 7, 5, 3]) {
      await page.locator(TAG).getByRole('button', { name: `Page ${number}`, exact: true }).press('Enter');
      await eventually(`page ${number}`, async () => (await rows(page))[0]?.index === (number - 1) * 20 + 2);
      assert.equal(await focused(page), `Page ${number}`);
      assert.equal(await page.locator(`${TAG} [aria-current="page"]`).innerText(), String(number));
    }
    await end(page);
  });

  test('Back takes away the row that has the focus: another one takes it, or the region where no row is left', async () => {
    const page = await open('cluster-id=1001240&url-sync=query');
    const at = () =>
      page.evaluate((tag) => {
        const active = document.querySelector(tag).shadowRoot.activeElement;
        return active?.dataset.taskId ?? active?.className ?? null;
      }, TAG);
    await page.locator(TAG).getByRole('button', { name: 'Page 3', exact: true }).press('Enter');
    await eventually('page 3', async () => (await rows(page))[0]?.index === 42);
    await page.locator(`${TAG} tr[data-row]`).nth(4).focus();
    await page.goBack();
    await eventually('page 1', async () => (await rows(page))[0]?.index === 2);
    await eventually('a row has the focus', async () => (await at()) === '1240');

    await page.evaluate((tag) => (document.querySelector(tag).filter = 'id:777777'), TAG);
    await eventually('no row', async () => (await rows(page)).length === 0);
    await eventually('the region has the focus', async () => (await at()) === 'scroll');
    await end(page);
  });

  test('letters that an input method still puts together are no filter, and are not replaced', async () => {
    const page = await open('cluster-id=1001240');
    const box = page.locator(TAG).getByRole('searchbox');
    await box.focus();
    const session = await page.context().newCDPSession(page);
    await page.evaluate((tag) => {
      window.told = [];
      document.querySelector(tag).addEventListener('obrt-state-change', ({ detail }) => window.told.push(detail.state.filter));
    }, TAG);
    for (const text of ['d', 'di', 'ding', '订单']) {
      await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
      // Something else makes the widget draw itself anew.
      await page.locator(TAG).evaluate((element) => element.setAttribute('density', element.density === 'compact' ? 'comfortable' : 'compact'));
      await page.waitForTimeout(100);
      assert.equal(await box.inputValue(), text);
    }
    assert.equal((await state(page)).rowCount, 1241);
    assert.deepEqual(await page.evaluate(() => window.told), []);
    await session.send('Input.insertText', { text: '订单' });
    await eventually('it filters', async () => (await state(page)).rowCount < 1241);
    assert.deepEqual(await page.evaluate(() => window.told.filter((filter) => filter !== '订单')), []);
    assert.equal(await box.inputValue(), '订单');
    await box.press('Backspace');
    await eventually('what is typed counts again', async () => (await page.evaluate(() => window.told.at(-1))) === '订');
    await end(page);
  });

  test('a card tells of which column each of its cells is', async () => {
    const page = await open('cluster-id=1000005', { viewport: { width: 400, height: 800 } });
    const [columns, cells] = await page.evaluate((tag) => {
      const root = document.querySelector(tag).shadowRoot;
      const at = (element) => [element.dataset.column, element.getAttribute('aria-colindex')];
      return [[...root.querySelectorAll('th')].map(at), [...root.querySelectorAll('tr[data-task-id="4"] td')].map(at)];
    }, TAG);
    assert.deepEqual(cells, columns);
    assert.deepEqual(columns.map(([, index]) => Number(index)), columns.map((_, at) => at + 1));
    assert.equal(await page.locator(`${TAG} table`).getAttribute('aria-colcount'), String(columns.length));
    await end(page);
  });

  test('paper is white, whatever the theme', async () => {
    const page = await open('cluster-id=1000005&theme=dark');
    await page.emulateMedia({ media: 'print' });
    const scheme = await page.evaluate((tag) => getComputedStyle(document.querySelector(tag).shadowRoot.querySelector('.widget')).colorScheme, TAG);
    assert.equal(scheme, 'light');
    await end(page);
  });
});
