/** What stays under a person's hands: all rows in one scroller, and refreshes that can be held. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readAll } from '../lib/model.mjs';
import { eventually, launch, openPage, rows, startServer, TAG, waitSettled } from '../lib/harness.mjs';

describe('all rows, and refreshes', () => {
  let server;
  let browser;

  before(async () => {
    server = await startServer();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  const apiRequests = (page) => page.requests.filter(({ api }) => api).length;

  test('“All” renders few rows of 10,000, and scrolling to the end shows the last', async () => {
    const tasks = await readAll(server, 1010000);
    assert.equal(tasks.length, 10_000);
    const page = await openPage(browser, `${server.url}/?cluster-id=1010000&refresh=0`);
    await waitSettled(page);
    const widget = page.locator(TAG);
    await widget.getByRole('combobox', { name: 'Rows per page' }).selectOption('All');
    const complete = async () => (await waitSettled(page)).complete === 'true';
    await eventually('everything is here', complete, { timeout: 60_000 });
    const settled = await waitSettled(page);
    assert.deepEqual([settled.rowCount, settled.completeness], [10_001, '10,000 of 10,000 tasks']);
    const few = await rows(page);
    assert.ok(few.length >= 10 && few.length < 100, `${few.length} rows are rendered`);
    assert.equal(few[0].id, String(tasks[0].id));

    const scroll = (to) =>
      widget.evaluate((element, to) => {
        const scroller = element.shadowRoot.querySelector('table').closest('[tabindex="0"][role="region"]');
        scroller.scrollTop = to === 'end' ? scroller.scrollHeight : scroller.scrollHeight * to;
      }, to);
    await scroll(0.5);
    const near = async () => Math.abs((await rows(page))[0].index - 5000) < 100;
    await eventually('the middle', near);
    await scroll('end');
    await eventually('the last row', async () => (await rows(page)).at(-1).id === String(tasks.at(-1).id));
    const last = (await rows(page)).at(-1);
    assert.equal(last.index, 10_001);
    assert.ok((await rows(page)).length < 100);
    assert.ok(await widget.locator(`tr[data-task-id="${last.id}"]`).isVisible());
    await end(page);
  });
});
