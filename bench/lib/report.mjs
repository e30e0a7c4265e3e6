/** The results as a page of Markdown. */

import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { CURVE, MEASURES } from './measures.mjs';

const NAMES = {
  ours: 'ours',
  vanilla: 'vanilla',
  tanstack: 'TanStack + React',
  aggrid: 'AG Grid',
  antd: 'antd',
  perspective: 'Perspective',
};

const METHOD = `Every page does the same job: fetch all pages, show the first rows as soon as they are here, twelve columns, sort by
header, filter in all texts, virtual rows. The peers ask for pages of 1,000, at most four at once; the widget is
embedded as a host does it, and “All” is picked in “Rows per page” once its first row shows. Each is built for
production. “vanilla” is hand-written JavaScript that does nothing else.

A run is three visits, each in a fresh headless Chromium with a fresh profile, driven over its own protocol; runs of
all contestants are interleaved. The companion server makes the data; one small server holds its answers in memory and
serves them uncompressed, and all files with brotli of quality 11. What a page shows (rows, order, count after the
filter) is compared with what the API's answers give, before a time counts. A visit is redone when other processes
took more than 8 % of the processors.

- Times end with the frame that shows the result, found by a look after every frame; so a key has a floor of one frame.
- Code: brotli sizes of the scripts, WebAssembly and style sheets that were asked for before the first row showed, 1 KB = 1000 bytes.
- Busy: the main thread's \`TaskDuration\` as processor time, from the start of the page until all rows are here, and over the scroll.
- Longest task: from the browser's own long-task entries, which begin at 50 ms.
- Scroll: 300 frames in steps of 40 px, 160 px, ten leaps through the whole list, and back. A frame that comes late by one counts as one dropped.
- Memory: script heap, buffers and WebAssembly memories of the page and its workers after a collection; and the private part of the renderer process.
`;

function number(value, { digits = 0, floor } = {}) {
  if (value === undefined) return '–';
  if (floor !== undefined && value < floor) return `< ${floor}`;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, (comma, _, at, text) => (text.slice(0, at).includes('.') ? '' : ','));
}

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map((_, i) => (i ? '---:' : '---'))), ...rows.map(row)].join('\n');

/** @param {Record<string, Record<string, number>>} values medians by contestant and measure */
export function figures(values) {
  const names = Object.keys(values);
  const ratio = (own, other) => (own !== undefined && other ? (own / other).toFixed(2) : '–');
  const rows = MEASURES.map((measure) => {
    const all = Object.fromEntries(names.map((name) => [name, values[name][measure.key]]));
    const met = all.ours === undefined ? null : measure.met(all.ours, all);
    return [
      measure.label,
      ...names.map((name) => number(all[name], measure)),
      ratio(all.ours, all.vanilla),
      ratio(all.ours, all.tanstack),
      measure.goal.replace('tanstack', 'TanStack'),
      met === null ? '–' : met ? 'met' : '**not met**',
    ];
  });
  return table(['measure', ...names.map((name) => NAMES[name]), 'ours / vanilla', 'ours / TanStack', 'goal', ''], rows);
}

/** @param {{name: string, count: number, values: object}[]} points */
export function curve(points) {
  const head = points.map(({ name, count }) => `${NAMES[name]}, ${number(count)}`);
  return table(
    ['measure', ...head],
    CURVE.map((measure) => [measure.label, ...points.map(({ values }) => number(values[measure.key], measure))]),
  );
}

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', '..', ':!../bench/results.md') ? ', with changes' : '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}

/** The whole page. */
export function page({ values, points, runs, curveRuns, chromium, noise }) {
  const all = cpus();
  const about = [
    `${new Date().toISOString().slice(0, 10)}, commit ${commit()}`,
    `${all[0]?.model.trim()}, ${all.length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`,
    `${chromium}, Node ${process.version}`,
    runs === 1 ? 'one run, so nothing is known of the spread' : `median of ${runs} runs; of ${curveRuns} for the curve`,
    noise,
  ];
  return `# The widget beside its peers

Written by \`cargo xtask bench\`. Only ratios within one run mean anything.

${about.map((line) => `- ${line}`).join('\n')}

## Figures

${figures(values)}

## Growth

${points.length > 0 ? curve(points) : 'Not measured in this run.'}

## Method

${METHOD}`;
}
