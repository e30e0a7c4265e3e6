/**
 * What the peers show of a task: the twelve columns, the format of their values, and the text that a filter
 * searches.
 */

/** Id, title, width in pixels, and kind: number, text, time or duration. */
export const COLUMNS = [
  ['id', 'Task ID', 90, 'number'],
  ['status', 'Status', 130, 'text'],
  ['restoreTenantName', 'Target tenant', 170, 'text'],
  ['backupClusterName', 'Source cluster', 140, 'text'],
  ['backupTenantName', 'Source tenant', 140, 'text'],
  ['restoreClusterName', 'Target cluster', 140, 'text'],
  ['backupMode', 'Mode', 90, 'text'],
  ['createTime', 'Created', 160, 'time'],
  ['finishTime', 'Finished', 160, 'time'],
  ['duration', 'Duration', 100, 'duration'],
  ['restoreEndTime', 'Restored to', 160, 'time'],
  ['errorMsg', 'Error', 300, 'text'],
].map(([id, title, width, kind]) => ({ id, title, width, kind }));

const MODES = { PHYSICAL_BACKUP: 'Physical', LOGICAL_BACKUP: 'Logical' };

/**
 * Milliseconds since the Unix epoch, or null. Parsed by hand: the offset has no colon (`+0800`), for which
 * `Date.parse` uses a parser that is several times slower, and each task has three times.
 */
function instant(text) {
  if (!text) return null;
  const two = (at) => Number(text.slice(at, at + 2));
  const local = Date.UTC(text.slice(0, 4), two(5) - 1, two(8), two(11), two(14), two(17), text.slice(20, 23));
  const offset = (two(24) * 60 + two(26)) * 60_000;
  return text[23] === '-' ? local + offset : local - offset;
}

/** A task as a row: values to sort by, and one lower-case text of everything but its times. */
export function toRow(task) {
  const createTime = instant(task.createTime);
  const finishTime = instant(task.finishTime);
  const text = [
    task.id, task.statusDesc, task.status, task.restoreTenantName, task.backupClusterName, task.backupTenantName,
    task.restoreClusterName, task.backupMode, task.restorePoolListStr, task.restoreUri, task.errorMsg,
  ];
  return {
    id: task.id,
    status: task.statusDesc ?? task.status,
    restoreTenantName: task.restoreTenantName,
    backupClusterName: task.backupClusterName,
    backupTenantName: task.backupTenantName,
    restoreClusterName: task.restoreClusterName,
    backupMode: MODES[task.backupMode] ?? task.backupMode,
    createTime,
    finishTime,
    duration: (finishTime ?? Date.now()) - createTime,
    restoreEndTime: instant(task.restoreEndTime),
    errorMsg: task.errorMsg ?? '',
    text: text.join('\n').toLowerCase(),
  };
}

const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium' });

export const formatTime = (ms) => (ms === null ? '–' : time.format(ms));

export function formatDuration(ms) {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** A value as a person reads it. */
export function format(kind, value) {
  if (kind === 'time') return formatTime(value);
  if (kind === 'duration') return formatDuration(value);
  return String(value);
}

const collator = new Intl.Collator('en');

/** Compares two values of a column; missing ones come last. */
export function compare(a, b) {
  if (typeof a === 'string') return collator.compare(a, b);
  if (a === null || b === null) return (a === null) - (b === null);
  return a - b;
}
