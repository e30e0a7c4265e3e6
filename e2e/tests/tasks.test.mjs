/** Tasks that a host hands over again and again. */

import assert from 'node:assert/strict';
import { eventually, openPage, rows, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { test } from '../lib/test.mjs';

let server;
let browser;

useStage((stage) => ({ server, browser } = stage));

test('tasks of the host replace those before them, more or fewer', async () => {
  const page = await openPage(browser, `${server.url}/?cluster-id=1000005&refresh=0`);
  await waitSettled(page);
  const task = (id) => ({ id, status: 'RESTORE_FAIL', createTime: '2021-09-09T18:32:18.833+0800' });
  for (const ids of [['11', '12', '13'], ['21'], [], ['31', '32'], ['41', '42']]) {
    await page.locator(TAG).evaluate((element, tasks) => (element.tasks = tasks), ids.map(task));
    const shown = async () => (await rows(page)).map(({ id }) => id).join() === ids.join();
    await eventually(`${ids} are shown`, shown, { timeout: 3_000 });
    const { completeness, rowCount } = await state(page);
    assert.deepEqual([completeness, rowCount], [`${ids.length} of ${ids.length} tasks`, ids.length + 1]);
  }
  await page.assertClean();
  await page.closeAll();
});
