/**
 * The benchmark: interleaved runs over the contestants, then the curve; prints the results and writes
 * results.md.
 *
 *     node run.mjs [--only NAME]... [--runs N] [--quick] [--no-curve]
 *
 * The environment names what is measured: CHROME (the browser), SERVER (the companion server's release
 * build), DIST (the built page). `cargo xtask bench` sets all three. With --only, results.md is not written.
 */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';
import { launch } from './lib/browser.mjs';
import { LIMIT } from './lib/calm.mjs';
import { CONTESTANTS } from './lib/contestants.mjs';
import { CURVE, MEASURES, medians } from './lib/measures.mjs';
import { curve, figures, page } from './lib/report.mjs';
import { startServer } from './lib/server.mjs';
import { slowVisit, smallVisit, wholeVisit } from './lib/visits.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    runs: { type: 'string', default: '5' },
    quick: { type: 'boolean' },
    'no-curve': { type: 'boolean' },
  },
});
const names = Object.keys(CONTESTANTS).filter((name) => options.only?.includes(name) ?? true);
const unknown = options.only?.find((name) => !(name in CONTESTANTS));
if (unknown) throw new Error(`there is no ${unknown}; there are ${Object.keys(CONTESTANTS).join(', ')}`);
const runs = options.quick ? 1 : Number(options.runs);
const curveRuns = Math.min(runs, 3);

const WHOLE = '1100000';
const SIZES = ['1001240', '1010000', '1100000', '1300000'];
/**
 * How often a disturbed visit is repeated, and how often in all, so that it ends on a machine that is never
 * calm.
 */
const REDO = 3;
const GIVE_UP = 12;

// Stopping it also stops its browser and its servers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

const say = (text) => console.error(`• ${text}`);
const noise = { visits: 0, loud: 0, redone: 0, most: 0 };

/** Measures a visit, and repeats it if other processes used the processors meanwhile. */
async function calmly(what, visit) {
  for (let attempt = 1; ; attempt++) {
    const result = await visit();
    const part = result.others;
    const loud = part > LIMIT;
    if (loud && attempt < REDO && noise.redone < GIVE_UP) {
      noise.redone++;
      say(`${what}: others took ${(part * 100).toFixed(0)} % of the processors; once more`);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      continue;
    }
    noise.visits++;
    noise.loud += loud ? 1 : 0;
    noise.most = Math.max(noise.most, part);
    return result;
  }
}

function spokenNoise() {
  const { visits, loud, redone, most } = noise;
  if (loud === 0) return `calm: in none of ${visits} visits others took more than ${LIMIT * 100} % of the processors (${redone} redone)`;
  return `**not calm**: in ${loud} of ${visits} visits others took more than ${LIMIT * 100} % of the processors, up to ${(most * 100).toFixed(0)} %; times are too long, and not evenly`;
}

async function measureAll(server) {
  const expected = await server.ask({ expect: WHOLE });
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    // Each run starts with another contestant, so that none always follows the same one.
    const order = names.map((_, i) => names[(i + run) % names.length]);
    for (const name of order) {
      const result = {};
      for (const [what, visit] of [
        ['slow line', () => slowVisit(name, server)],
        ['1,240 tasks', () => smallVisit(name, server)],
        ['100,000 tasks', () => wholeVisit(name, server, WHOLE, expected)],
      ]) {
        Object.assign(result, await calmly(`${name}, ${what}`, visit));
      }
      results[name].push(result);
      const { firstRow, complete, sort, filter, memory } = result;
      const told = Object.entries({ firstRow, complete, sort, filter, memory });
      say(`run ${run + 1} of ${runs}, ${name}: ${told.map(([key, value]) => `${key} ${value.toFixed(0)}`).join(', ')}`);
    }
  }
  return results;
}

async function measureCurve(server) {
  const points = [];
  const both = names.filter((name) => ['ours', 'vanilla'].includes(name));
  for (const cluster of SIZES) {
    const count = await server.ask({ hold: cluster });
    const expected = await server.ask({ expect: cluster });
    const results = both.map(() => []);
    for (let run = 0; run < curveRuns; run++) {
      for (const [i, name] of both.entries()) {
        const visit = () => wholeVisit(name, server, cluster, expected, '&max-rows=400000');
        results[i].push(await calmly(`${name}, ${count} tasks`, visit));
      }
    }
    both.forEach((name, i) => points.push({ name, count, values: medians(results[i], CURVE) }));
    say(`curve: ${count} tasks`);
    if (cluster === SIZES.at(-1)) await server.ask({ drop: cluster });
  }
  return points.sort((a, b) => both.indexOf(a.name) - both.indexOf(b.name));
}

if (!process.env.SERVER || !process.env.DIST) throw new Error('SERVER and DIST must be set; `cargo xtask bench` does it');
say('building the pages');
await buildAll(process.env.DIST, names);
const browser = await launch();
const chromium = await browser.version();
await browser.close();
const server = await startServer(process.env.SERVER);
try {
  say('reading the clusters');
  for (const cluster of ['1000005', '1001240', WHOLE]) await server.ask({ hold: cluster });
  const results = await measureAll(server);
  const values = Object.fromEntries(names.map((name) => [name, medians(results[name], MEASURES)]));
  const wantsCurve = !options['no-curve'] && names.some((name) => ['ours', 'vanilla'].includes(name));
  const points = wantsCurve ? await measureCurve(server) : [];
  await writeFile(join(import.meta.dirname, 'dist', 'runs.json'), JSON.stringify({ results, points }, null, 1));
  console.log(figures(values));
  if (points.length > 0) console.log(`\n${curve(points)}`);
  console.log(`\n${spokenNoise()}`);
  if (!options.only) {
    const text = page({ values, points, runs, curveRuns, chromium, noise: spokenNoise() });
    await writeFile(join(import.meta.dirname, 'results.md'), text);
    say('written to bench/results.md');
  }
} finally {
  await server.stop();
}
