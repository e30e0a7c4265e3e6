/**
 * Takes pictures of the widget's states into e2e/out/.
 *
 *     CHROME=… SERVER=… DIST=… node e2e/shots.mjs [part of a name …]
 *
 * The table below says what is pictured: `name` (the file), `query` (of the page's address), `width`,
 * `height`, `colorScheme`, `lang`, `timezoneId`; `path`, where it is not the standalone page; `fault` (what the server does to each answer of the API); and
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
  ...['en', 'zh-CN'].flatMap((lang) =>
    [
      { name: 'overview', query: 'cluster-id=1001240&overview=on', steps: brush },
      { name: 'breakdown', query: 'cluster-id=1001240&overview=on', steps: breakDown },
      { name: 'failed', query: 'cluster-id=1001240&filter=status:failed', steps: openDetails },
      { name: 'running', query: 'cluster-id=1001240&filter=status:running', steps: openDetails },
      { name: 'chain', query: 'cluster-id=1001240&overview=on', steps: openChain },
    ].map((state) => ({ ...state, name: `${state.name}-${lang}`, lang, locale: lang })),
  ),
  ...['en', 'zh-CN', 'ja'].flatMap((lang) =>
    [
      { name: 'suggest', query: 'cluster-id=1001240&filter=-mode:logical', steps: typeValue },
      { name: 'chips', query: 'cluster-id=1001240&filter=status:failed+created:soon+tenent:x+trade' },
    ].map((state) => ({ ...state, name: `${state.name}-${lang}`, lang, locale: lang })),
  ),
  { name: 'paper', query: 'cluster-id=1001240&filter=status:failed', steps: (page) => page.emulateMedia({ media: 'print' }) },
];

/** Holds some bars, as somebody does who is about to narrow the range. */
async function brush(page) {
  await page.waitForTimeout(500);
  const bar = (at) => page.locator(`${TAG} .bars [role="option"]`).nth(at).locator('.back').boundingBox();
  const [from, to] = [await bar(30), await bar(40)];
  await page.mouse.move(from.x + 1, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 1, to.y + 8, { steps: 4 });
}

async function breakDown(page) {
  await page.locator(`${TAG} .overview .menu button`).click();
  await page.waitForTimeout(300);
}

/** A task that was tried several times. */
async function openChain(page) {
  const id = await page.evaluate(async () => {
    const answer = await fetch('/api/v2/ob/clusters/1001240/backup/task/restoreTasks?page=1&size=2000');
    const { contents } = (await answer.json()).data;
    const chains = Map.groupBy(contents, (task) => [task.backupTenantName, task.restoreTenantName, task.restoreEndTime].join());
    const chain = [...chains.values()].find((tasks) => tasks.length > 2) ?? [...chains.values()].find((tasks) => tasks.length > 1);
    return chain[0].id;
  });
  await page.locator(`${TAG} input[type=search]`).fill(`id:${id}`);
  await page.waitForTimeout(500);
  await openDetails(page);
}

async function typeValue(page) {
  const search = page.locator(`${TAG} input[type=search]`);
  await search.press('End');
  await search.pressSequentially(' status:');
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(500);
}

async function sortWhileLoading(page) {
  await page.locator(`${TAG} tbody tr[aria-rowindex]`).first().waitFor();
  await page.locator(`${TAG} th[data-column="duration"] button`).first().click();
  await page.waitForTimeout(4_000);
}

async function openDetails(page) {
  await page.locator(`${TAG} tbody tr[aria-rowindex]`).first().click();
  await page.waitForTimeout(300);
}

/** The same look in every size, language and theme: `tour` in a name picks them. */
const LANGS = ['en', 'zh-CN', 'ja'];
const WORKED = 'cluster-id=1001240&overview=on&range=90d&sort=-duration&filter=status:failed,running';
const TOUR = LANGS.flatMap((lang) => [
  { name: `tour-${lang}`, query: WORKED, lang, locale: lang },
  { name: `tour-details-${lang}`, query: WORKED, lang, locale: lang, steps: openDetails },
  ...['ant-design', 'cloudscape', 'patternfly'].map((theme) => ({
    name: `tour-${theme}-${lang}`, path: '/themes/index.html', query: `console=${theme}`, lang, locale: lang,
  })),
]);
const TOUR_SIZES = [NARROW, { width: 768, height: 860 }, { width: 1440, height: 900 }];

const inEach = (states, sizes) =>
  states.flatMap((state) =>
    sizes.flatMap((size) =>
      ['light', 'dark'].map((colorScheme) => ({ ...state, ...size, colorScheme, name: `${state.name}-${size.width}-${colorScheme}` })),
    ),
  );

export const SHOTS = [...inEach(STATES, [WIDE, NARROW]), ...inEach(TOUR, TOUR_SIZES)];

async function take(browser, server, shot) {
  const { name, path = '/', query, width, height, colorScheme, lang, locale, timezoneId, fault, steps, settle = true } = shot;
  if (fault) await spoil(server, fault, { times: 10_000 });
  const url = new URL(`${server.url}${path}?${query}`);
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
