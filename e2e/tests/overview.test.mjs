/** The strip above the table: each number against one that was reckoned here from the server's own answers. */

import assert from 'node:assert/strict';
import { outcome, readAll } from '../lib/model.mjs';
import { eventually, openPage, rows, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

const DAY = 86_400_000;

describe('the overview', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query, options) => {
    const page = await openPage(browser, `${server.url}/?refresh=0&time-zone=UTC&${query}`, options);
    await waitSettled(page);
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const strip = (page) => page.locator(`${TAG} .overview`);
  const chart = (page) => strip(page).getByRole('listbox');
  const figures = async (page) => {
    const pairs = await strip(page).locator('.figures > div').evaluateAll((all) =>
      all.map((one) => [one.querySelector('dt').textContent, one.querySelector('dd').textContent]),
    );
    return Object.fromEntries(pairs.map(([label, value]) => [label.replace(/longest.*/, 'longest …'), value]));
  };
  const filled = (page) => eventually('it is filled', async () => (await figures(page))['succeeded'] ?? (await strip(page).locator('dd').count()) > 0);
  const titles = (page) => chart(page).getByRole('option').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

  const spell = (micros) => {
    const s = Math.floor(micros / 1_000);
    const two = (n) => String(n).padStart(2, '0');
    if (s < 60) {
      const tenths = Math.floor(micros / 100);
      return tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10} s` : `${s} s`;
    }
    if (s < 3_600) return `${Math.floor(s / 60)} m ${two(s % 60)} s`;
    if (s < 86_400) return `${Math.floor(s / 3_600)} h ${two(Math.floor(s / 60) % 60)} m`;
    return `${Math.floor(s / 86_400)} d ${Math.floor(s / 3_600) % 24} h`;
  };
  /** The figures of these tasks, as a person with a pencil gets them. */
  const reckon = (tasks, total) => {
    const of = (name) => tasks.filter((task) => outcome(task) === name);
    const took = of('succeeded')
      .map(({ createTime, finishTime }) => Date.parse(finishTime) - Date.parse(createTime))
      .filter((length) => length >= 0)
      .sort((a, b) => a - b);
    const at = (percent) => spell(took[Math.ceil((took.length * percent) / 100) - 1]);
    const [good, bad, running] = ['succeeded', 'failed', 'running'].map((name) => of(name).length);
    return {
      succeeded: `${(Math.round((good / (good + bad)) * 1_000) / 10).toFixed(1)} %`,
      median: at(50),
      '95th percentile': at(95),
      ...(running ? { 'running, longest …': String(running) } : {}),
      [`of ${total.toLocaleString('en')} tasks`]: tasks.length.toLocaleString('en'),
    };
  };
  const withoutOverdue = ({ overdue, ...rest }) => rest;

  test('keeps its place, asks for nothing by itself, and fetches the rest when it is pressed', async () => {
    const tasks = await readAll(server, 1001240);
    const page = await open('cluster-id=1001240');
    assert.equal(page.requests.filter(({ url }) => url.includes('restoreTasks')).length, 1);
    const before = await page.locator(`${TAG} table`).boundingBox();
    await strip(page).getByRole('button', { name: 'Summarize all 1,240 tasks' }).click();
    await filled(page);
    assert.deepEqual(await page.locator(`${TAG} table`).boundingBox(), before);
    assert.deepEqual(withoutOverdue(await figures(page)), reckon(tasks, 1240));
    assert.equal((await state(page)).complete, 'true');
    await end(page);
  });

  test('speaks for what passes the filter, and says so', async () => {
    const tasks = (await readAll(server, 1001240)).filter((task) => task.backupMode === 'LOGICAL_BACKUP');
    const page = await open('cluster-id=1001240&filter=mode:logical');
    await filled(page);
    assert.deepEqual(withoutOverdue(await figures(page)), reckon(tasks, 1240));
    await end(page);
  });

  test('has a bar for each stretch of time, with all outcomes in words', async () => {
    const tasks = await readAll(server, 1001240);
    const page = await open('cluster-id=1001240&overview=on');
    await filled(page);
    const counts = (name) => async () => (await titles(page)).reduce((sum, title) => sum + Number(new RegExp(`(\\d+) ${name}`).exec(title)[1]), 0);
    for (const [name, word] of [['succeeded', 'completed'], ['failed', 'failed'], ['running', 'running'], ['unknown', 'unknown']]) {
      assert.equal(await counts(word)(), tasks.filter((task) => outcome(task) === name).length, name);
    }
    await end(page);
  });

  test('is walked through with the arrow keys, and Enter narrows the range to what is picked', async () => {
    const tasks = await readAll(server, 1001240);
    // The day must not end between the page's look at the clock and the test's.
    const now = Date.now();
    const page = await open('cluster-id=1001240&range=30d&overview=on', { prepare: (page) => page.clock.setFixedTime(now) });
    await filled(page);
    const all = await titles(page);
    assert.ok(all.length >= 30 && all.length <= 32, `${all.length} days`);
    await chart(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    const picked = chart(page).getByRole('option', { selected: true });
    assert.deepEqual(await picked.evaluateAll((them) => them.map((one) => one.getAttribute('aria-label'))), all.slice(-4, -1));
    const active = await chart(page).getAttribute('aria-activedescendant');
    assert.equal(await page.locator(`${TAG} #${active}`).getAttribute('aria-label'), all.at(-4));
    await page.keyboard.press('Enter');
    const midnight = new Date(now).setUTCHours(0, 0, 0, 0);
    const inside = tasks.filter(({ createTime }) => Date.parse(createTime) >= midnight - 3 * DAY && Date.parse(createTime) < midnight);
    await eventually('narrowed', async () => (await figures(page))[`of ${inside.length} tasks`] === String(inside.length));
    await waitSettled(page);
    assert.deepEqual(withoutOverdue(await figures(page)), reckon(inside, inside.length));
    const days = [3, 1].map((back) => new Date(midnight - back * DAY).toISOString().slice(0, 10));
    const { range } = await page.locator(TAG).evaluate((element) => element.getState());
    assert.equal(range, days.join('/'));
    await end(page);
  });

  test('is brushed with the pointer', async () => {
    const page = await open('cluster-id=1001240&range=30d&overview=on');
    await filled(page);
    const bar = (at) => chart(page).getByRole('option').nth(at).locator('.back');
    const [from, to] = [await bar(20).boundingBox(), await bar(24).boundingBox()];
    await page.mouse.move(from.x + 2, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(to.x + 2, to.y + 5, { steps: 5 });
    assert.equal(await chart(page).getByRole('option', { selected: true }).count(), 5);
    await page.mouse.up();
    await eventually('five days', async () => (await titles(page)).length === 5);
    const { range } = await page.locator(TAG).evaluate((element) => element.getState());
    const [start, last] = range.split('/').map((day) => Date.parse(day));
    assert.equal((last - start) / DAY, 4);
    await end(page);
  });

  test('is filled where all is here anyway, without a request', async () => {
    const page = await open('cluster-id=1000005');
    await filled(page);
    assert.deepEqual(withoutOverdue(await figures(page)), reckon(await readAll(server, 1000005), 2));
    assert.equal(page.requests.filter(({ url }) => url.includes('restoreTasks')).length, 1);
    await end(page);
  });

  test('counts tasks that have no start, which are no bars', async () => {
    const page = await open('cluster-id=1000005');
    await filled(page);
    await page.locator(TAG).evaluate((element) => {
      element.tasks = [{ id: 1, status: 'RESTORE_FAIL' }, { id: 2, status: 'RESTORE_FAIL' }];
    });
    await eventually('they are counted', async () => /not in the chart\s*2|2\s*not in the chart/.test(await strip(page).innerText()));
    assert.equal(await strip(page).locator('.bar').count(), 0);
    assert.doesNotMatch(await strip(page).innerText(), /Nothing to summarize/);
    await page.locator(TAG).evaluate((element) => (element.tasks = []));
    await eventually('nothing is left', async () => /Nothing to summarize/.test(await strip(page).innerText()));
    await end(page);
  });

  test('takes over the focus of the button that asked for it', async () => {
    const page = await open('cluster-id=1001240');
    await strip(page).getByRole('button', { name: /^Summarize/ }).focus();
    await page.keyboard.press('Enter');
    await filled(page);
    const role = () => page.locator(TAG).evaluate((element) => element.shadowRoot.activeElement?.getAttribute('role'));
    await eventually('the chart has the focus', async () => (await role()) === 'listbox');
    await end(page);
  });

  test('is not there where the host wants none', async () => {
    const page = await open('cluster-id=1000005&overview=off');
    assert.equal(await strip(page).count(), 0);
    assert.equal((await rows(page)).length, 2);
    await end(page);
  });

  test('breaks the view down, and each number is what is left when it is pressed', async () => {
    const page = await open('cluster-id=1001240&overview=on');
    await filled(page);
    await strip(page).getByRole('button', { name: 'Breakdown' }).click();
    const panel = strip(page).locator('.facets');
    const entries = () => panel.locator('fieldset').evaluateAll((all) =>
      all.map((group) => [group.querySelector('legend').textContent, [...group.querySelectorAll('button')].map((entry) => [...entry.children].map((part) => part.textContent))]),
    );
    const groups = Object.fromEntries(await entries());
    assert.deepEqual(Object.keys(groups), ['Status', 'Tenant, source or target', 'Method', 'Failure']);
    const failed = (await readAll(server, 1001240)).filter((task) => outcome(task) === 'failed');
    assert.deepEqual(groups.Status.find(([name]) => name === 'Failed'), ['Failed', String(failed.length)]);
    let left = 1240;
    for (const name of ['Failure', 'Tenant, source or target', 'Method']) {
      const [words, count] = Object.fromEntries(await entries())[name][0];
      const button = panel.locator('fieldset').filter({ hasText: name }).getByRole('button').first();
      await button.click();
      await eventually(`${words} leaves ${count}`, async () => (await state(page)).rowCount === Number(count.replace(',', '')) + 1);
      assert.equal(await button.getAttribute('aria-pressed'), 'true');
      assert.ok(Number(count) <= left);
      left = Number(count);
    }
    assert.match(await page.locator(TAG).getByRole('searchbox').inputValue(), /^error:OB_\w+ tenant:\S+ mode:PHYSICAL_BACKUP$/);
    await panel.locator('fieldset').filter({ hasText: 'Failure' }).getByRole('button').first().click();
    await eventually('it is left again', async () => !(await page.locator(TAG).getByRole('searchbox').inputValue()).includes('error:'));
    await page.keyboard.press('Escape');
    assert.equal(await panel.count(), 0);
    await end(page);
  });
});
