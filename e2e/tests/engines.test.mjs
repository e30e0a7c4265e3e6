/**
 * The same files in Chromium, Firefox and WebKit, under the policy of the contract: they load, sort, filter, page, open details
 * and decode large pages in the worker, and nothing is violated.
 */

import assert from 'node:assert/strict';
import { press, seen } from '../lib/engines.mjs';
import { eventually } from '../lib/harness.mjs';
import { inEachEngine } from '../lib/stage.mjs';

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; " +
  "frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

inEachEngine('the page', (engine, test, useStage) => {
  let server;
  let browser;
  useStage((stage) => {
    ({ server, browser } = stage);
    console.log(`    ${browser.version}`);
  });

  /** Opens a view, lets somebody do something with it, and sees that nothing went wrong. */
  async function use(query, deed) {
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

  test('it loads its first page and no more', () =>
    use('cluster-id=1001240', async (page, see) => {
      await see('a page of it', ({ ids, held, busy }) => ids.length === 20 && held === '20 of 1,240 tasks false' && !busy);
    }));

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

  test('details of the last row open by the pointer', () =>
    use('cluster-id=1000005', async (page, see) => {
      await press(page, 'tr[data-task-id="1"]');
      await see('details', ({ details }) => details?.startsWith('Restore 1'));
    }));

  test('large pages go through the worker', () =>
    use('cluster-id=1010000', async (page, see) => {
      await press(page, 'th[data-column="id"] button');
      await see('all', ({ held }) => held === '10,000 of 10,000 tasks true', 60_000);
      await see('sorted', ({ ids }) => ids[0] === '1');
      const workers = await page.evaluate(() => window.workers);
      assert.match(workers.join(), /worker\.js/);
    }));

  test('all that runs under the policy of the contract', async () => {
    const answer = await fetch(`${server.url}/`);
    assert.equal(answer.headers.get('content-security-policy'), POLICY);
    const page = await browser.open(`${server.url}/?cluster-id=1000005&refresh=0`);
    // What each part of it forbids is refused on this very page, and noted.
    await page.evaluate(() => {
      console.error('said on purpose');
      document.head.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' }));
      document.body.append(Object.assign(document.createElement('img'), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' }));
      fetch('http://127.0.0.1:9/').catch(() => {});
      const script = document.createElement('script');
      try {
        script.textContent = 'window.ran = true';
        document.head.append(script);
      } catch {
        // Trusted Types refuse the text itself.
      }
    });
    const noted = ['said on purpose', 'style-src', 'img-src', 'connect-src'];
    await eventually('all are noted', async () => {
      const problems = (await page.problems()).join('\n');
      return noted.every((text) => problems.includes(text));
    });
    assert.equal(await page.evaluate(() => window.ran === true), false);
    await page.close();
  });
});
