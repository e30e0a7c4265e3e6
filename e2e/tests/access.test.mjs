/** axe finds nothing to complain about, and a narrow screen needs no sideways scrolling of the page. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, test } from 'node:test';
import { mend, openPage, spoil, state, TAG, waitSettled, eventually } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const openDetails = async (page) => {
  await page.locator(TAG).locator('tr[data-task-id="4"]').click();
  await page.locator(TAG).locator('[part~="detail"]').waitFor();
};
const openMenu = (name) => (page) => page.locator(TAG).getByRole('button', { name }).first().click();

/** `wide` states are not looked at 320 px wide. Each is looked at light and dark, in English and Chinese. */
const STATES = [
  { name: 'data', query: 'cluster-id=1001240' },
  { name: 'a sorted and filtered view', query: 'cluster-id=1001240&sort=-duration&filter=status:failed+tenent:x' },
  { name: 'all rows in one scroller', query: 'cluster-id=1001240&sort=id', steps: (page) => page.locator(TAG).getByRole('combobox').first().selectOption('0') },
  { name: 'an empty cluster', query: 'cluster-id=1000001' },
  { name: 'an error', query: 'cluster-id=1000050&refresh=0', fault: 'status=500' },
  { name: 'loading', query: 'cluster-id=1000050', fault: 'stall-headers', settle: false },
  { name: 'a stale view', query: 'cluster-id=1000050&refresh=0', steps: failRefresh },
  { name: 'a wrong attribute', query: 'cluster-id=abc', settle: false },
  { name: 'details', query: 'cluster-id=1000005', steps: openDetails },
  { name: 'the status menu', query: 'cluster-id=1000005', steps: openMenu(/^(Status|状态)[:：]/) },
  { name: 'the time-range menu', query: 'cluster-id=1000005', steps: openMenu(/^(Time range|时间范围)/) },
];

async function failRefresh(page, server) {
  await spoil(server, 'status=500', { times: 100 });
  await page.locator(TAG).evaluate((element) => element.refresh());
}

describe('for everybody', () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  afterEach(() => mend(server));

  async function open({ query, fault, steps, settle = true }, lang, options) {
    if (fault) await spoil(server, fault, { times: 100 });
    // The page's policy lets no test in through a <script>; what Playwright evaluates needs none.
    const page = await openPage(browser, `${server.url}/?${query}&lang=${lang}`, options);
    if (settle) await waitSettled(page);
    else await eventually('it is there', async () => (await state(page)) !== null && page.locator(TAG).locator('table').count());
    await steps?.(page, server);
    return page;
  }

  const complaints = async (page) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      window.axe.run({ include: [['ob-restore-tasks']] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    );
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
  };

  for (const shown of STATES) {
    for (const lang of ['en', 'zh-CN']) {
      test(`axe finds nothing in ${shown.name}, light and dark, ${lang}`, async () => {
        const page = await open(shown, lang);
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual(await complaints(page), [], colorScheme);
        }
        await page.closeAll();
      });
    }
  }

  test('axe looks inside: a colour that is too pale is found', async () => {
    const page = await open(STATES[0], 'en');
    await page.locator(TAG).evaluate((element) => element.style.setProperty('--obrt-text', '#ccc'));
    assert.match((await complaints(page)).join('\n'), /color-contrast/);
    await page.closeAll();
  });

  for (const shown of STATES.filter(({ wide }) => !wide)) {
    test(`320 px wide, the page does not scroll sideways: ${shown.name}`, async () => {
      const page = await open(shown, 'en', { viewport: { width: 320, height: 740 } });
      const { scroll, client, wide } = await page.evaluate((tag) => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const { width } = document.querySelector(tag).getBoundingClientRect();
        return { scroll: scrollWidth, client: clientWidth, wide: width };
      }, TAG);
      assert.ok(scroll <= client, `the page is ${scroll} px wide in ${client} px`);
      assert.ok(wide <= client, `the element is ${wide} px wide in ${client} px`);
      await page.closeAll();
    });
  }
});
