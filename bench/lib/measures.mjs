/** The measures in the order of the table, with the goal of each. */

/** At most this part of the value of another contestant. */
const most = (part, of) => ({
  goal: part === 1 ? `≤ ${of}` : `≤ ${part} of ${of}`,
  met: (own, all) => (all[of] === undefined ? null : own <= part * all[of]),
});
const atMost = (limit, goal = `≤ ${limit}`) => ({ goal, met: (own) => own <= limit });

/** `digits` after the decimal point; a value below `floor` cannot be measured. */
export const MEASURES = [
  { key: 'code', label: 'code for the first row, brotli, KB', digits: 1, ...atMost(80, '≤ 80; never above 120') },
  { key: 'slowFirstRow', label: 'first row, 2 tasks, 10 Mbit/s and 40 ms, ms', ...most(0.75, 'tanstack') },
  { key: 'smallFirstRow', label: 'first row, 1,240 tasks, ms', ...most(0.75, 'tanstack') },
  { key: 'firstRow', label: '100,000: first row, ms', ...most(0.75, 'tanstack') },
  { key: 'complete', label: '100,000: all rows here, ms', ...most(1, 'vanilla') },
  { key: 'busy', label: '100,000: main thread busy while loading, ms', ...most(0.6, 'vanilla') },
  { key: 'longest', label: '100,000: longest task while loading, ms', floor: 50, ...atMost(50) },
  { key: 'sort', label: '100,000: sort by tenant, click to paint, ms', ...most(1.3, 'vanilla') },
  { key: 'filter', label: '100,000: filter, first key to paint, ms', ...most(1.3, 'vanilla') },
  { key: 'filterNext', label: '100,000: filter, next key, ms', ...most(1.3, 'vanilla') },
  { key: 'scroll', label: '100,000: scripted scroll, main thread busy, ms', ...most(1, 'tanstack') },
  { key: 'dropped', label: '100,000: dropped frames', ...atMost(1) },
  { key: 'heap', label: '100,000: JS heap + wasm after GC, workers too, MB', digits: 1, ...atMost(50) },
  { key: 'memory', label: "100,000: renderer's private memory, MB", digits: 1, ...atMost(100) },
];

/** The measures of the curve. */
export const CURVE = [
  { key: 'firstRow', label: 'first row, ms' },
  { key: 'complete', label: 'all rows here, ms' },
  { key: 'sort', label: 'sort by tenant, ms' },
  { key: 'filter', label: 'filter, first key, ms' },
  { key: 'filterNext', label: 'filter, next key, ms' },
  { key: 'heap', label: 'JS heap + wasm, MB', digits: 1 },
  { key: 'memory', label: 'private memory, MB', digits: 1 },
  { key: 'nodes', label: 'DOM nodes' },
];

export function median(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each measure over the runs. */
export function medians(runs, measures) {
  return Object.fromEntries(measures.map(({ key }) => [key, median(runs.map((run) => run[key]))]));
}
