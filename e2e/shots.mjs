/**
 * Takes pictures of the widget's states into e2e/out/.
 *
 *     CHROME=… SERVER=… DIST=… node e2e/shots.mjs [part of a name …]
 *
 * The table below says what is pictured: `name` (the file), `query` (of the page's address), `width`,
 * `height`, `colorScheme`, `lang`, `timezoneId`; `fault` (what the server does to each answer of the API); and
 * `steps(page)`, what is done before the picture. `settle: false` takes it without waiting for the data.
 */

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch, mend, openPage, spoil, startServer, TAG, waitSettled } from './lib/harness.mjs';

const OUT = fileURLToPath(new URL('./out/', import.meta.url));

const WIDE = { width: 1280, height: 860 };
const NARROW = { width: 320, height: 740 };

/** States, each pictured light and dark, wide and narrow. */
const STATES = [
  { name: 'data', query: 'cluster-id=1001240' },
  { name: 'seed', query: 'cluster-id=1000005' },
  { name: 'empty', query: 'cluster-id=1000001' },
  { name: 'loading', query: 'cluster-id=1001240', fault: 'stall-headers', settle: false },
  { name: 'partial', query: 'cluster-id=1100000', fault: 'latency=1500', settle: false, steps: sortWhileLoading },
  { name: 'error', query: 'cluster-id=1001240', fault: 'status=500' },
  { name: 'forbidden', query: 'cluster-id=1000403' },
  { name: 'details', query: 'cluster-id=1000005', steps: openDetails },
  { name: 'chinese', query: 'cluster-id=1001240', lang: 'zh-CN', locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
];

async function sortWhileLoading(page) {
  await page.locator(`${TAG} tbody tr[aria-rowindex]`).first().waitFor();
  await page.locator(`${TAG} th[data-column="duration"] button`).first().click();
  await page.waitForTimeout(4_000);
}

async function openDetails(page) {
  await page.locator(`${TAG} tbody tr[aria-rowindex]`).first().click();
  await page.waitForTimeout(300);
}

export const SHOTS = STATES.flatMap((state) =>
  [WIDE, NARROW].flatMap((size) =>
    ['light', 'dark'].map((colorScheme) => ({
      ...state,
      ...size,
      colorScheme,
      name: `${state.name}-${size.width}-${colorScheme}`,
    })),
  ),
);

async function take(browser, server, shot) {
  const { name, query, width, height, colorScheme, lang, locale, timezoneId, fault, steps, settle = true } = shot;
  if (fault) await spoil(server, fault, { times: 10_000 });
  const url = new URL(`${server.url}/?${query}`);
  if (lang) url.searchParams.set('lang', lang);
  const options = { colorScheme, viewport: { width, height }, locale, timezoneId, deviceScaleFactor: 2 };
  const page = await openPage(browser, url.href, options);
  try {
    if (settle) await waitSettled(page);
    await steps?.(page);
    // What moves comes to rest, or is seen moving.
    await page.waitForTimeout(settle ? 200 : 1_200);
    await page.screenshot({ path: `${OUT}${name}.png` });
    console.log(`${name}.png`);
    for (const problem of page.problems) console.log(`    ${problem}`);
  } finally {
    await page.closeAll();
    await mend(server);
  }
}

const wanted = process.argv.slice(2);
const chosen = SHOTS.filter((shot) => wanted.length === 0 || wanted.some((part) => shot.name.includes(part)));
await mkdir(OUT, { recursive: true });
const server = await startServer({ faults: true });
const browser = await launch();
let failures = 0;
try {
  for (const shot of chosen) {
    try {
      await take(browser, server, shot);
    } catch (error) {
      failures += 1;
      console.error(`${shot.name}: ${error.message}`);
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${chosen.length - failures} of ${chosen.length} pictures in e2e/out/`);
process.exitCode = failures > 0 ? 1 : 0;
