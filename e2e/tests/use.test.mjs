/** What a person does with the table: by pointer, by keyboard, and by ear. */

import assert from 'node:assert/strict';
import { outcome, readAll, sortTasks } from '../lib/model.mjs';
import { eventually, openPage, rows, sortBy, sorted, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, before, beforeEach, describe, test } from '../lib/test.mjs';

describe('using the table', () => {
  let server;
  let browser;
  let tasks;
  let page;
  let widget;

  useStage((stage) => ({ server, browser } = stage));
  before(async () => {
    tasks = await readAll(server, 1001240);
  });

  beforeEach(async () => {
    page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0`);
    widget = page.locator(TAG);
    await waitSettled(page);
  });

  afterEach(async () => {
    await page.assertClean();
    await page.closeAll();
  });

  const idsOf = (list) => list.map(({ id }) => String(id));
  const shown = async () => idsOf(await rows(page));
  const searchBox = () => widget.getByRole('searchbox', { name: 'Filter restore tasks' });
  const button = (name) => widget.getByRole('button', { name, exact: true });
  const pager = () => widget.getByRole('navigation', { name: 'Pagination' });
  const failed = () => tasks.filter((task) => outcome(task) === 'failed');
  const focused = () =>
    widget.evaluate((element) => {
      const active = element.shadowRoot.activeElement;
      return active?.dataset.taskId ?? active?.closest('th')?.dataset.column ?? active?.getAttribute('aria-label') ?? null;
    });
  const firstIs = (id) => eventually(`the first row is ${id}`, async () => (await shown())[0] === String(id));

  test('typing in the search box narrows the table, and a screen reader is told', async () => {
    await searchBox().pressSequentially('status:failed trade');
    const settled = await waitSettled(page);
    const expected = failed().filter((task) => JSON.stringify(task).toLowerCase().includes('trade'));
    assert.deepEqual(await shown(), idsOf(expected.slice(0, 20)));
    assert.equal(settled.rowCount, expected.length + 1);
    // It is said once no key has come for a moment.
    const said = new RegExp(`status: .*\\b${expected.length}\\b`);
    const tree = await eventually('it is said', async () => {
      const tree = await widget.ariaSnapshot();
      return said.test(tree) && tree;
    });
    assert.match(tree, /searchbox "Filter restore tasks": status:failed trade/);
    assert.equal(await widget.getByRole('cell', { name: 'Failed', exact: true }).count(), 20);
    assert.equal(await focused(), 'Filter restore tasks');
    await searchBox().fill('');
    await firstIs(tasks[0].id);
  });

  test('a header sorts up, down, and back; only it says so, and it keeps the focus', async () => {
    const header = widget.getByRole('columnheader', { name: 'Target tenant' });
    await sortBy(page, 'restoreTenantName');
    // What is here is sorted at once; the whole range follows.
    await firstIs(sortTasks(tasks, 'restoreTenantName')[0].id);
    assert.deepEqual(await shown(), idsOf(sortTasks(tasks, 'restoreTenantName').slice(0, 20)));
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    assert.equal(await widget.locator('th[aria-sort]').count(), 1);
    assert.equal(await focused(), 'restoreTenantName');
    await page.keyboard.press('Enter');
    await eventually('it is descending', async () => (await sorted(page, 'restoreTenantName')) === 'descending');
    await waitSettled(page);
    assert.deepEqual(await shown(), idsOf(sortTasks(tasks, '-restoreTenantName').slice(0, 20)));
    assert.equal(await widget.locator('th[aria-sort]').count(), 1);
    assert.match(await widget.ariaSnapshot(), /status: .*Target tenant.*descending/);
    await page.keyboard.press('Space');
    await eventually('nothing is sorted', async () => (await widget.locator('th[aria-sort]').count()) === 0);
    await waitSettled(page);
    assert.deepEqual(await shown(), idsOf(tasks.slice(0, 20)));
    assert.equal(await focused(), 'restoreTenantName');
    await sortBy(page, 'id');
    await sortBy(page, 'status');
    assert.deepEqual([await sorted(page, 'id'), await sorted(page, 'status')], [null, 'ascending']);
  });

  test('pages are turned by named buttons, and the focus stays on the one that was pressed', async () => {
    const current = () => pager().locator('[aria-current="page"]').innerText();
    const step = async (name, number, first) => {
      await pager().getByRole('button', { name, exact: true }).click();
      await firstIs(tasks[first].id);
      assert.equal(await current(), number);
      assert.equal(await focused(), name);
      assert.equal((await rows(page))[0].index, first + 2);
    };
    await step('Next page', '2', 20);
    await step('Next page', '3', 40);
    await step('Previous page', '2', 20);
    await step('Last page', '62', 1220);
    assert.equal((await shown()).length, 20);
    await step('First page', '1', 0);
    await waitSettled(page);
  });

  test('a page can hold more rows, and the first row stays in sight', async () => {
    const select = widget.getByRole('combobox', { name: 'Rows per page' });
    assert.deepEqual(await select.locator('option').allInnerTexts(), ['10', '20', '50', '100', 'All']);
    await pager().getByRole('button', { name: 'Next page' }).click();
    await firstIs(tasks[20].id);
    await select.selectOption('10');
    await eventually('ten rows', async () => (await rows(page)).length === 10);
    assert.deepEqual(await shown(), idsOf(tasks.slice(20, 30)));
    await select.selectOption('100');
    await eventually('a hundred rows', async () => (await rows(page)).length === 100);
    assert.deepEqual(await shown(), idsOf(tasks.slice(0, 100)));
    await waitSettled(page);
  });

  test('arrow keys walk through the rows', async () => {
    await widget.locator(`tr[data-task-id="${tasks[0].id}"]`).focus();
    for (const at of [1, 2]) {
      await page.keyboard.press('ArrowDown');
      await eventually(`row ${at}`, async () => (await focused()) === String(tasks[at].id));
    }
    await page.keyboard.press('ArrowUp');
    await eventually('back', async () => (await focused()) === String(tasks[1].id));
  });

  test('picking Failed in the status menu is typing status:failed', async () => {
    await widget.getByRole('button', { name: /^Status:/ }).click();
    await widget.getByRole('checkbox', { name: 'Failed' }).check();
    await eventually('the box says it', async () => (await searchBox().inputValue()) === 'status:failed');
    const picked = await waitSettled(page);
    const ids = await shown();
    assert.deepEqual(ids, idsOf(failed().slice(0, 20)));
    await widget.getByRole('checkbox', { name: 'Running' }).check();
    await eventually('both', async () => /^status:(failed,running|running,failed)$/.test(await searchBox().inputValue()));
    await page.keyboard.press('Escape');
    await searchBox().fill('status:failed');
    assert.equal((await waitSettled(page)).rowCount, picked.rowCount);
    assert.deepEqual(await shown(), ids);
    await widget.getByRole('button', { name: /^Status:.*Failed/ }).click();
    assert.equal(await widget.getByRole('checkbox', { name: 'Failed' }).isChecked(), true);
    assert.equal(await widget.getByRole('checkbox', { name: 'Running' }).isChecked(), false);
  });

  test('a time range asks the server from a rolling start', async () => {
    await widget.getByRole('button', { name: /^Time range/ }).click();
    const before = Date.now();
    await widget.getByRole('radio', { name: 'Last 7 days' }).check();
    await eventually('another total', async () => !(await waitSettled(page)).completeness.endsWith('1,240 tasks'));
    const { url } = page.requests.filter(({ api }) => api).at(-1);
    const start = new URL(url).searchParams.get('startTime');
    assert.match(start, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}([+-]\d\d:\d\d|Z)$/);
    assert.doesNotMatch(url, /endTime|\+/);
    // Between two looks at the clock, which is the page's as well but for some milliseconds.
    const rolled = Date.parse(start) + 7 * 86_400_000;
    assert.ok(rolled > before - 1_000 && rolled < Date.now() + 1_000, start);
    const recent = tasks.filter((task) => Date.parse(task.createTime.replace('+0800', '+08:00')) >= Date.parse(start));
    assert.equal((await waitSettled(page)).rowCount, recent.length + 1);
  });

  test('details open with Enter, are read by ear, and Escape gives the focus back', async () => {
    const [task] = failed();
    await searchBox().fill(`id:${task.id}`);
    await firstIs(task.id);
    await waitSettled(page);
    await widget.locator(`tr[data-task-id="${task.id}"]`).focus();
    await page.keyboard.press('Enter');
    const details = widget.getByRole('region', { name: `Restore ${task.id}` }).or(widget.getByRole('dialog'));
    await details.waitFor();
    const tree = await details.ariaSnapshot();
    assert.ok(tree.includes(task.restorePoolListStr), 'the pools are in the tree');
    assert.match(tree, /button "Close"/);
    const inside = () => details.evaluate((box) => box.contains(box.getRootNode().activeElement));
    await eventually('the focus is in the details', inside);
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await eventually('the focus is back on the row', async () => (await focused()) === String(task.id));
  });
});
