/** The live region: what is said to who cannot see the page, when, and how often. */

import assert from 'node:assert/strict';
import { eventually, mend, openPage, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

describe('what is announced', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));
  afterEach(() => mend(server));

  const widget = (page) => page.locator(TAG);
  const button = (page, name) => widget(page).getByRole('button', { name, exact: true });
  /** What the region has said since it was last asked. */
  const said = (page) => page.evaluate(() => window.said.splice(0));
  const says = (page, want) => {
    const all = [];
    return eventually(`it says ${want}`, async () => {
      all.push(...(await said(page)));
      return all.some((words) => want.test(words)) && all;
    });
  };
  /** Longer than the region waits for another key. */
  const pause = () => new Promise((resolve) => setTimeout(resolve, 800));

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  async function open(query) {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240&range=all&refresh=0&storage-key=k&${query}`, {});
    await waitSettled(page);
    await button(page, 'Views').waitFor();
    await widget(page).evaluate((element) => {
      const region = element.shadowRoot.querySelector('[role="status"]');
      window.said = [];
      const look = () => window.said.push(region.textContent.trim());
      new MutationObserver(look).observe(region, { childList: true, characterData: true, subtree: true });
    });
    return page;
  }

  test('typing is announced once, when no more keys come', async () => {
    const page = await open('sort=-id');
    await eventually('all is here', async () => (await waitSettled(page)).complete === 'true');
    await pause();
    await said(page);
    await widget(page).getByRole('searchbox').or(widget(page).getByRole('combobox', { name: 'Filter restore tasks' })).first().focus();
    await pause();
    await said(page);
    await page.keyboard.type('failed crm', { delay: 40 });
    await pause();
    const words = await said(page);
    assert.equal(words.length, 1, words.join(' | '));
    assert.match(words[0], /tasks? in the view\./);
    await end(page);
  });

  test('pages, a refresh by hand, and a pause are announced, each once', async () => {
    const page = await open('');
    await button(page, 'Next page').click();
    await says(page, /^Page 2 of \d+\.$/);
    await button(page, 'Next page').click();
    await says(page, /^Page 3 of \d+\.$/);
    for (const refresh of [() => button(page, 'Refresh').click(), () => page.keyboard.press('r')]) {
      await refresh();
      assert.deepEqual(await says(page, /^Refreshed\.$/), ['Refreshed.']);
    }
    await page.keyboard.press('p');
    assert.deepEqual(await says(page, /./), ['Automatic refresh is paused.']);
    await page.keyboard.press('p');
    assert.deepEqual(await says(page, /./), ['Automatic refresh goes on.']);
    await end(page);
  });

  test('what was said is over without another announcement', async () => {
    const page = await open('');
    await button(page, 'Columns').click();
    await button(page, 'Move Method up').click();
    await says(page, /^Method is now column \d+ of \d+$/);
    await widget(page).getByRole('checkbox', { name: 'Method', exact: true }).click();
    await pause();
    assert.deepEqual(await said(page), [], 'a column is hidden');
    await page.keyboard.press('Escape');
    await button(page, 'Views').click();
    await button(page, 'Save this view…').click();
    await pause();
    assert.deepEqual(await said(page), [], 'the name is asked for');
    await end(page);
  });

  test('one task is one task', async () => {
    const page = await open('sort=-id');
    const input = widget(page).locator('input[type=search]');
    await input.fill('id:4');
    const [words] = await says(page, /1 task in the view\./);
    assert.match(words, /^1 task in the view\. Sorted by ID, descending\./);
    await end(page);
  });
});
