/**
 * The same files in Firefox and WebKit, under the policy of the contract: they load, sort, filter, page, open details and
 * decode large pages in the worker, and nothing is violated. (What is done here Chromium does in all other tests.)
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINES, missing, press } from '../lib/engines.mjs';
import { eventually, startServer, TAG } from '../lib/harness.mjs';

/** What the widget shows, read in whichever engine. */
const seen = (page) =>
  page.evaluate((tag) => {
    const root = document.querySelector(tag)?.shadowRoot;
    const held = root?.querySelector('[part="completeness"]');
    const inner = root?.activeElement;
    return {
      ids: Array.from(root?.querySelectorAll('tr[data-task-id]') ?? [], (row) => row.dataset.taskId),
      held: held && `${held.textContent.trim()} ${held.dataset.complete}`,
      sorted: root?.querySelector('th[aria-sort]')?.dataset.column,
      page: root?.querySelector('[aria-current="page"]')?.textContent,
      details: root?.querySelector('[part~="detail"]')?.textContent.trim().slice(0, 10) ?? null,
      focus: inner?.dataset.taskId ?? inner?.localName ?? null,
    };
  }, TAG);

for (const engine of ENGINES.filter(({ name }) => name !== 'Chromium')) {
  describe(`in ${engine.name}`, { skip: missing(engine) }, () => {
    let server;
    let browser;

    before(async () => {
      [server, browser] = [await startServer(), await engine.start()];
      console.log(`    ${browser.version}`);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    /** Opens a view, lets somebody do something with it, and sees that nothing went wrong. */
    async function use(query, deed) {
      const answer = await fetch(`${server.url}/`);
      assert.match(answer.headers.get('content-security-policy'), /require-trusted-types-for 'script'/);
      const page = await browser.open(`${server.url}/?${query}&refresh=0`);
      const see = (what, is, timeout = 30_000) => eventually(what, async () => is(await seen(page)), { timeout });
      try {
        await see('rows', ({ ids }) => ids.length > 0);
        await deed(page, see);
        assert.deepEqual(await page.problems(), []);
      } finally {
        await page.close();
      }
    }

    test('it sorts, filters and pages', () =>
      use('cluster-id=1001240', async (page, see) => {
        await press(page, 'th[data-column="id"] button');
        await see('sorted', ({ ids, sorted }) => ids[0] === '1' && sorted === 'id');
        await press(page, 'nav button', 'Next page');
        await see('the second page', ({ ids, page }) => ids[0] === '21' && page === '2');
        await press(page, 'input[type=search]');
        await page.type('id:77');
        await see('filtered', ({ ids }) => ids.join() === '77');
      }));

    test('details open by the keyboard, walk with the arrows, and give the focus back', () =>
      use('cluster-id=1000005', async (page, see) => {
        await press(page, 'tr[data-task-id="4"]');
        await see('details', ({ details }) => details?.startsWith('Restore 4'));
        await page.key('Escape');
        await see('closed, the row focused', ({ details, focus }) => details === null && focus === '4');
        await page.key('ArrowDown');
        await page.key('Enter');
        await see('the next row', ({ details }) => details !== null && !details.startsWith('Restore 4'));
      }));

    test('large pages go through the worker', () =>
      use('cluster-id=1010000', async (page, see) => {
        await press(page, 'th[data-column="id"] button');
        await see('all', ({ held }) => held === '10,000 of 10,000 tasks true', 60_000);
        await see('sorted', ({ ids }) => ids[0] === '1');
        const workers = await page.evaluate(() => window.workers);
        assert.match(workers.join(), /worker\.js/);
      }));

    test('what goes wrong on the page is noted', async () => {
      const page = await browser.open(`${server.url}/?cluster-id=1000005&refresh=0`);
      await page.evaluate(() => {
        console.error('said on purpose');
        document.head.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' }));
      });
      await eventually('both are noted', async () => {
        const problems = (await page.problems()).join('\n');
        return problems.includes('said on purpose') && problems.includes('style-src');
      });
      await page.close();
    });
  });
}
