/** What a filter lets through, over all 1,240 tasks, equals what the test picks out for itself. */

import assert from 'node:assert/strict';
import { contains, day, duration, failure, hasWord, outcome, readAll, rewind } from '../lib/model.mjs';
import { eventually, openPage, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { after, before, describe, test } from '../lib/test.mjs';

const NOW = Date.now();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Days are those of Asia/Shanghai, which is not the browser's zone here. */
const SHANGHAI = 8;

const created = (task) => day(task.createTime, SHANGHAI);
const finished = (task) => day(task.finishTime, SHANGHAI);
const tenants = (task) => [task.backupTenantName, task.restoreTenantName];
const clusters = (task) => [task.backupClusterName, task.restoreClusterName];
const lasts = (task, passes) => duration(task, NOW) !== null && passes(duration(task, NOW));
const goesBack = (task, passes) => rewind(task) !== null && passes(rewind(task));

/** Filters with what they mean; those that need values of the data are made from it. */
function cases(tasks) {
  const days = [...new Set(tasks.map(created))].sort();
  const [early, late] = [days[Math.floor(days.length / 3)], days[Math.floor((days.length * 2) / 3)]];
  const pool = tasks.find((task) => task.restorePoolListStr.includes(',')).restorePoolListStr.split(',')[0];
  const jobs = tasks.filter((task) => task.ocpJobId > 0).map((task) => String(task.ocpJobId));
  const { id } = tasks[700];
  const secret = /access_key=(\w+)/.exec(tasks.find((task) => /access_key=/.test(task.restoreUri)).restoreUri)[1];
  return [
    ['status:failed', (t) => outcome(t) === 'failed'],
    ['status:succeeded', (t) => outcome(t) === 'succeeded'],
    ['status:running', (t) => outcome(t) === 'running'],
    ['status:unknown', (t) => outcome(t) === 'unknown'],
    ['status:failed,running', (t) => ['failed', 'running'].includes(outcome(t))],
    ['status:RESTORE_FAIL', (t) => t.status === 'RESTORE_FAIL'],
    ['status:SUCCESS', (t) => t.status === 'SUCCESS', 'the whole value, not a part of RESTORE_SUCCESS'],
    ['-status:RESTORE_SUCCESS', (t) => t.status !== 'RESTORE_SUCCESS'],
    ['tenant:yctest', (t) => contains(tenants(t), 'yctest')],
    ['tenant:YCTEST', (t) => contains(tenants(t), 'yctest')],
    ['tenant:订单', (t) => contains(tenants(t), '订单')],
    ['tenant:trade,crm', (t) => contains(tenants(t), 'trade') || contains(tenants(t), 'crm')],
    ['cluster:ob_prod', (t) => contains(clusters(t), 'ob_prod')],
    ['-cluster:ob_prod', (t) => !contains(clusters(t), 'ob_prod')],
    ['mode:physical', (t) => t.backupMode === 'PHYSICAL_BACKUP'],
    ['mode:logical', (t) => t.backupMode === 'LOGICAL_BACKUP'],
    ['error:4018', (t) => failure(t).code === '4018'],
    ['error:-4018', (t) => failure(t).code === '4018'],
    ['error:40', (t) => failure(t).code === '40', 'a whole number, not a part of 4018'],
    ['error:OB_ENTRY_NOT_EXIST', (t) => failure(t).name === 'OB_ENTRY_NOT_EXIST'],
    ['error:checksum', (t) => contains([failure(t).name], 'checksum')],
    [`created:>${early}`, (t) => created(t) > early, 'after the end of that day'],
    [`created:<${early}`, (t) => created(t) < early, 'before its start'],
    [`created:${early}..${late}`, (t) => created(t) >= early && created(t) <= late, 'both days'],
    [`created:${early}`, (t) => created(t) === early, 'that day'],
    [`finished:>${late}`, (t) => finished(t) > late, 'what is missing never matches'],
    [`finished:<${late}`, (t) => finished(t) !== '' && finished(t) < late],
    [`finished:${early}..${late}`, (t) => finished(t) >= early && finished(t) <= late],
    [`-finished:>${early}`, (t) => !(finished(t) > early)],
    ['duration:>10m', (t) => lasts(t, (length) => length > 10 * MINUTE)],
    ['duration:<90s', (t) => lasts(t, (length) => length < 1.5 * MINUTE)],
    ['duration:10m..1h', (t) => lasts(t, (length) => length >= 10 * MINUTE && length <= HOUR)],
    ['rewind:>2h', (t) => goesBack(t, (length) => length > 2 * HOUR)],
    ['rewind:<1h', (t) => goesBack(t, (length) => length < HOUR)],
    [`id:${id}`, (t) => t.id === id, 'the whole id'],
    [`id:${id},7`, (t) => t.id === id || t.id === 7],
    [`job:${jobs[0]}`, (t) => String(t.ocpJobId) === jobs[0]],
    ['job:-1', () => false, 'a job below 1 is none'],
    ['uri:OSS://', (t) => contains([t.restoreUri], 'oss://')],
    [`pool:${pool}`, (t) => contains([t.restorePoolListStr], pool)],
    ['trade', (t) => hasWord(t, 'trade')],
    ['Completed', (t) => hasWord(t, 'completed')],
    ['restore_fail', (t) => hasWord(t, 'restore_fail'), 'the raw status'],
    ['logical', (t) => hasWord(t, 'logical')],
    ['1000044', (t) => hasWord(t, '1000044'), 'ids that are not shown'],
    ['用户取消', (t) => hasWord(t, '用户取消'), 'the error message'],
    ['access_key=***', (t) => hasWord(t, 'access_key=***'), 'the masked address'],
    [secret, () => false, 'a secret is not found'],
    ['trade status:failed', (t) => hasWord(t, 'trade') && outcome(t) === 'failed'],
    ['trade -status:failed mode:physical duration:>1m', (t) =>
      hasWord(t, 'trade') && outcome(t) !== 'failed' && t.backupMode === 'PHYSICAL_BACKUP' && lasts(t, (l) => l > MINUTE)],
    ['-trade', (t) => !hasWord(t, 'trade')],
    ['"connect timed out"', (t) => hasWord(t, 'connect timed out'), 'quotes keep spaces'],
    ['-"connect timed out" status:failed', (t) => !hasWord(t, 'connect timed out') && outcome(t) === 'failed'],
    ['pool:"a,b"', (t) => contains([t.restorePoolListStr], 'a,b'), 'quotes keep commas'],
    ['10:00', (t) => hasWord(t, '10:00'), 'no field, so a word'],
  ];
}

describe('a filter over 1,240 tasks', () => {
  let server;
  let browser;
  let page;
  let tasks;

  useStage((stage) => ({ server, browser } = stage));
  before(async () => {
    tasks = await readAll(server, 1001240);
    const query = 'cluster-id=1001240&page-size=2000&columns=id+status&time-zone=Asia/Shanghai&refresh=0&sort=id';
    page = await openPage(browser, `${server.url}/?${query}`, { prepare: (page) => page.clock.setFixedTime(NOW) });
    await waitSettled(page);
  });

  after(async () => {
    await page?.assertClean();
  });

  /** The ids that pass, as numbers in ascending order, since the table is sorted by id. */
  async function passing(filter) {
    await page.locator(TAG).evaluate((element, filter) => element.setAttribute('filter', filter), filter);
    const search = page.locator(TAG).getByRole('searchbox', { name: 'Filter restore tasks' });
    await eventually(`the search box says ${filter}`, async () => (await search.inputValue()) === filter);
    const settled = await waitSettled(page);
    const ids = await page.locator(TAG).evaluate((element) =>
      Array.from(element.shadowRoot.querySelectorAll('tbody tr[data-task-id]'), (row) => Number(row.dataset.taskId)),
    );
    return { ids, ...settled };
  }

  test('lets through exactly the tasks that it describes', async (context) => {
    for (const [filter, passes, why] of cases(tasks)) {
      await context.test(why ? `${filter} (${why})` : filter, async () => {
        const expected = tasks.filter(passes).map(({ id }) => id).sort((a, b) => a - b);
        const { ids, rowCount, complete, completeness } = await passing(filter);
        assert.deepEqual(ids, expected);
        assert.equal(rowCount, expected.length + 1);
        assert.deepEqual([complete, completeness], ['true', '1,240 of 1,240 tasks']);
      });
    }
  });

  test('lets something through and holds something back in nearly every case here', () => {
    const trivial = cases(tasks).filter(([, passes]) => [0, tasks.length].includes(tasks.filter(passes).length));
    const known = ['error:40', 'job:-1', 'pool:"a,b"', '10:00'];
    const surprises = trivial.filter(([filter, , why]) => !known.includes(filter) && why !== 'a secret is not found');
    assert.deepEqual(surprises.map(([filter]) => filter), []);
  });

  test('names what is no field and searches it as a word', async () => {
    const { ids } = await passing('tenent:yctest');
    assert.deepEqual(ids, []);
    await page.locator(TAG).locator('[part~="banner"]').getByText(/tenent.*no field/).waitFor();
  });

  test('names a token that cannot be read, and leaves it out', async () => {
    for (const token of ['created:>soon', 'duration:long', 'id:abc', 'created:2021-13-45', 'status:']) {
      const { ids } = await passing(`status:failed ${token}`);
      assert.equal(ids.length, tasks.filter((task) => outcome(task) === 'failed').length, token);
      const notice = page.locator(TAG).locator('[part~="banner"]').filter({ hasText: token });
      assert.equal(await notice.count(), 1, `a notice names ${token} as typed`);
    }
  });

  test('says how many pass to who cannot see the table', async () => {
    const { status, ids } = await passing('status:running');
    assert.equal(ids.length, tasks.filter((task) => outcome(task) === 'running').length);
    assert.match(status, new RegExp(`\\b${ids.length} `));
    assert.ok(ids.length > 0, 'some are running');
  });
});
