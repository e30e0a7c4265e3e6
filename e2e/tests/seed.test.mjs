/** The documented sample, read from the page as a person and a screen reader get it. */

import assert from 'node:assert/strict';
import { openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

const MESSAGE =
  'CLOG : OB_ENTRY_NOT_EXIST(-4018) on "xxx.xxx.xxx.xxx:2882" with traceid YB42AC1E55AC-0005CB53B2946DFF';

describe("the documentation's own sample", () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  async function sample(query = '') {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000005${query}`);
    await waitSettled(page);
    return page;
  }

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  test('is two rows, 4 and 1 in this order, Failed and Completed', async () => {
    const page = await sample();
    const [first, second, ...more] = await rows(page);
    assert.deepEqual(more, []);
    assert.deepEqual([first.id, first.index, first.status, first.outcome], ['4', 2, 'RESTORE_FAIL', 'failed']);
    assert.deepEqual([second.id, second.index, second.status, second.outcome], ['1', 3, 'RESTORE_SUCCESS', 'succeeded']);
    assert.deepEqual([first.cells.status, second.cells.status], ['Failed', 'Completed']);
    assert.deepEqual([first.cells.backupTenantName, first.cells.restoreTenantName], ['yctest', 'restoretest']);
    assert.deepEqual([first.cells.backupClusterName, first.cells.backupMode], ['yc0820_17', 'Physical']);
    const names = await page.locator(TAG).getByRole('row').filter({ hasText: 'yctest' }).count();
    assert.equal(names, 2);
    await end(page);
  });

  test('names the failure in its row and tells all of it in the details', async () => {
    const page = await sample();
    const [failed, completed] = await rows(page);
    assert.match(failed.cells.errorMsg, /OB_ENTRY_NOT_EXIST/);
    assert.match(failed.cells.errorMsg, /4018/);
    assert.doesNotMatch(completed.cells.errorMsg, /\w/);
    await page.locator(TAG).locator('tr[data-task-id="4"]').click();
    const details = page.locator(TAG).locator('[part~="detail"]');
    await details.getByText(MESSAGE, { exact: true }).waitFor();
    const text = await details.innerText();
    for (const value of ['pool_restoretest_zone1_oqy', 'file:///obbackup/backup_backup2', '1000012', '1001']) {
      assert.ok(text.includes(value), `${value} is in the details`);
    }
    await end(page);
  });

  test('gives its times in UTC, with durations and restore points', async () => {
    const page = await sample('&time-zone=UTC');
    const [{ cells: failed }, { cells: completed }] = await rows(page);
    assert.equal(failed.createTime, 'Sep 9, 2021, 10:32:18');
    assert.equal(failed.finishTime, 'Sep 9, 2021, 10:32:20');
    assert.equal(failed.restoreEndTime, 'Sep 9, 2021, 09:19:00');
    assert.equal(completed.createTime, 'Aug 31, 2021, 06:17:23');
    assert.equal(completed.finishTime, 'Aug 31, 2021, 06:18:42');
    assert.equal(completed.restoreEndTime, 'Aug 31, 2021, 02:00:00');
    // 18:32:18.833 to 18:32:20.066, and 14:17:23.808 to 14:18:42.265.
    assert.deepEqual([failed.duration, completed.duration], ['1.2 s', '1 m 18 s']);
    await end(page);
  });

  test('gives its times in Asia/Shanghai', async () => {
    const page = await sample('&time-zone=Asia/Shanghai');
    const [{ cells: failed }, { cells: completed }] = await rows(page);
    assert.equal(failed.createTime, 'Sep 9, 2021, 18:32:18');
    assert.equal(failed.restoreEndTime, 'Sep 9, 2021, 17:19:00');
    assert.equal(completed.finishTime, 'Aug 31, 2021, 14:18:42');
    assert.deepEqual([failed.duration, completed.duration], ['1.2 s', '1 m 18 s']);
    await end(page);
  });

  test('tells how far back each restore went', async () => {
    const page = await sample('&columns=id+rewind');
    const found = await rows(page);
    assert.deepEqual(
      found.map(({ cells }) => cells),
      [{ id: '4', rewind: '1 h 13 m' }, { id: '1', rewind: '4 h 17 m' }],
    );
    await end(page);
  });

  test('is worded in Chinese where the page is', async () => {
    const page = await sample('&lang=zh-CN&time-zone=Asia/Shanghai');
    const found = await rows(page);
    assert.deepEqual(found.map(({ cells }) => cells.status), ['失败', '已完成']);
    assert.match(found[0].cells.createTime, /2021.*9.*9.*18:32:18/);
    await end(page);
  });
});
