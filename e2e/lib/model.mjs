/**
 * What the widget should show, worked out anew in JavaScript from the server's own answers: the order by each
 * column and the tasks that pass a filter, as the contract words them and not as the widget does it.
 */

const PATH = (cluster) => `/api/v2/ob/clusters/${cluster}/backup/task/restoreTasks`;

/** Every column id of the contract. */
export const COLUMNS = [
  'id', 'status', 'backupMode', 'backupClusterName', 'backupTenantName', 'restoreClusterName', 'restoreTenantName',
  'createTime', 'finishTime', 'restoreEndTime', 'errorMsg', 'restoreUri', 'restorePoolListStr', 'ocpJobId',
  'backupClusterId', 'backupObClusterId', 'backupTenantId', 'backupObTenantId', 'restoreClusterId',
  'restoreObClusterId', 'duration', 'rewind',
];

const NUMBERS = COLUMNS.filter((column) => /(^id|JobId|ClusterId|TenantId)$/.test(column));
const TIMES = ['createTime', 'finishTime', 'restoreEndTime'];

/** OCP's English words for its statuses. */
const WORDS = {
  RESTORE_CREATE_TENANT: 'Creating tenant',
  RESTORE_SYS_REPLICA: 'Recovering system replicas',
  RESTORE_UPGRADE_PRE: 'Pre-upgrade check',
  RESTORE_UPGRADE_POST: 'Post-upgrade check',
  RESTORE_MODIFY_SCHEMA: 'Modifying schemas',
  RESTORE_CREATE_USER_PARTITIONS: 'Creating user partitions',
  RESTORE_USER_REPLICA: 'Recovering user replicas',
  RESTORE_REBUILD_INDEX: 'Rebuilding indexes',
  RESTORE_POST_CHECK: 'Checking indexes',
  RESTORE_PRE: 'Setting configuration items',
  RESTORE_CREATE_INIT_LS: 'Creating baseline log streams',
  RESTORE_WAIT_LS: 'Restoring baseline log streams',
  POST_CHECK: 'Setting up the standby tenant',
  UPGRADE: 'Upgrading the tenant',
  WAIT_TENANT_RESTORE_FINISH: 'Waiting for the tenant to be restored',
};

/** All tasks of a cluster in the server's order, read page by page; a server may want `headers`. */
export async function readAll(server, cluster, size = 2000) {
  const tasks = [];
  for (let page = 1; ; page += 1) {
    const answer = await fetch(`${server.url}${PATH(cluster)}?page=${page}&size=${size}`, { headers: server.headers });
    const { data } = await answer.json();
    tasks.push(...data.contents);
    if (tasks.length >= data.page.totalElements || data.contents.length === 0) return tasks;
  }
}

/** succeeded, failed, running, unknown: the flags decide, else the status does. */
export function outcome({ status, finished, successful }) {
  if (finished === false) return 'running';
  if (successful === true) return 'succeeded';
  if (finished === true && successful === false) return 'failed';
  if (/^(RESTORE_)?SUCCESS$/.test(status)) return 'succeeded';
  if (/^(RESTORE_)?(FAIL|FAILED)$/.test(status)) return 'failed';
  return status in WORDS ? 'running' : 'unknown';
}

export function statusText(task) {
  const is = outcome(task);
  if (is === 'succeeded') return 'Completed';
  if (is === 'failed') return 'Failed';
  return (is === 'running' && WORDS[task.status]) || task.statusDesc || task.status;
}

export function modeText({ backupMode }) {
  return { PHYSICAL_BACKUP: 'Physical', LOGICAL_BACKUP: 'Logical' }[backupMode] ?? backupMode;
}

/** A text with the secrets in its URIs as `***`, by the names that the contract lists. */
export const masked = (text) =>
  text?.replace(/([?&;][^=&;,?]*(?:key|secret|token|sign|password)[^=&;,?]*=)[^&;,\s"']*/gi, '$1***');

/** Milliseconds since 1970; the server writes `+0800`. */
const instant = (text) => (text ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : null);

/** finish − create, or now − create while running; a finish before the start is no length. */
export function duration(task, now) {
  const start = instant(task.createTime);
  const end = task.finishTime ? instant(task.finishTime) : outcome(task) === 'running' ? now : null;
  return start === null || end === null || end < start ? null : end - start;
}

export function rewind(task) {
  const [from, to] = [instant(task.restoreEndTime), instant(task.createTime)];
  return from === null || to === null ? null : to - from;
}

/** What a column is sorted by; null is missing. */
function key(task, column, now) {
  if (column === 'duration') return duration(task, now);
  if (column === 'rewind') return rewind(task);
  if (column === 'status') return statusText(task);
  const value = task[column];
  if (value === undefined || value === null || value === '') return null;
  if (column === 'backupMode') return modeText(task);
  if (['restoreUri', 'errorMsg'].includes(column)) return masked(value);
  if (TIMES.includes(column)) return instant(value);
  if (!NUMBERS.includes(column)) return value;
  const number = BigInt(value);
  return column === 'ocpJobId' && number < 1n ? null : number;
}

const collator = new Intl.Collator('en');
const compare = (a, b) => (typeof a === 'string' ? collator.compare(a, b) : a < b ? -1 : a > b ? 1 : 0);

/** The tasks sorted by `column`, or by `-column`: ties in the given order, what is missing last, both ways. */
export function sortTasks(tasks, sort, now) {
  const descending = sort.startsWith('-');
  const column = sort.replace(/^-/, '');
  const keyed = tasks.map((task) => ({ task, key: key(task, column, now) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
    return descending ? compare(b.key, a.key) : compare(a.key, b.key);
  });
  return keyed.map(({ task }) => task);
}

/** Whether a bare word is in the text of any column, times and durations apart. */
export function hasWord(task, word) {
  const texts = COLUMNS.filter((column) => !TIMES.includes(column)).map((column) =>
    column === 'ocpJobId' && task.ocpJobId < 1 ? '' : masked(task[column]?.toString()),
  );
  return contains([...texts, statusText(task), modeText(task)], word);
}

/** Whether a part is in one of the texts, in any case. */
export const contains = (texts, part) =>
  texts.some((text) => text !== undefined && String(text).toLowerCase().includes(part.toLowerCase()));

/** The error's name and code, where the message has the kernel's form. */
export function failure(task) {
  const [, name, code] = /\b(OB_[A-Z_0-9]+)\(-?(\d+)\)/.exec(task.errorMsg ?? '') ?? [];
  return { name, code };
}

/** The day of an instant in a zone of that offset, as 2021-09-30; empty when missing. */
export function day(text, hours) {
  const at = instant(text);
  return at === null ? '' : new Date(at + hours * 3_600_000).toISOString().slice(0, 10);
}
