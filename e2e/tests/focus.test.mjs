/** What a person does with the table: by pointer, by keyboard, and by ear. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { outcome, readAll, sortTasks } from '../lib/model.mjs';
import { eventually, launch, openPage, rows, sortBy, sorted, startServer, TAG, waitSettled } from '../lib/harness.mjs';

describe('using the table', () => {
  let server;
  let browser;
  let tasks;
  let page;
  let widget;

  before(async () => {
    server = await startServer();
    browser = await launch();
    tasks = await readAll(server, 1001240);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
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
