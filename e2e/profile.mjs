/**
 * Prints the marks of the functions that run until the first rows stand there, for `cargo xtask profile`.
 * Each case is a page that people open; what none of them needs is fetched behind the first row.
 */

import { chromium } from 'playwright-core';
import { startServer, TAG } from './lib/harness.mjs';

const CASES = [
  { 'cluster-id': '1000005' },
  { 'cluster-id': '1001240', 'page-size': '50', 'max-rows': '400000', 'time-zone': 'UTC', refresh: '10' },
  { 'cluster-id': '1000009', density: 'compact', credentials: 'include' },
  { 'cluster-id': '1000001' },
  { 'cluster-id': '1000001', refresh: '0' },
  { 'cluster-id': '1000005', refresh: '0' },
  { 'cluster-id': '1001240', refresh: '0' },
  { 'cluster-id': '1000005', lang: 'zh-CN', theme: 'dark' },
  { 'cluster-id': '1000005', lang: 'fr', loading: 'eager', 'max-rows': '5000' },
];

const server = await startServer({});
const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ['--no-sandbox'] });
const marks = new Set();
let visits = 0;
// What Yew's scheduler does depends on what is ready when, so each page is opened on fast and on slow machines and lines.
const PACES = [
  { slower: 1, line: 0, start: 0 },
  { slower: 1, line: 0, start: 200 },
  { slower: 5, line: 800, start: 600 },
  { slower: 9, line: 400, start: 0 },
];
const late = (milliseconds) => async (route) => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await route.continue();
};
for (const [attributes, pace] of CASES.flatMap((each) => PACES.map((pace) => [each, pace]))) {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: pace.slower });
  await page.route('**/restoreTasks?*', late(pace.line));
  await page.route('**/*_bg.wasm', late(pace.start));
  // What follows the first row is no part of it.
  await page.route('**/ob-restore-tasks.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\nInstance.prototype.complete = () => {};` });
  });
  const text = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><link rel="stylesheet" href="page.css"><script type="module" src="define.js"></script>
        <${TAG} ${text.join(' ')}></${TAG}>`,
    }),
  );
  // In a host's page, and every other time in our own.
  const ours = visits++ % 2 === 1;
  await page.goto(ours ? `${server.url}/?${new URLSearchParams(attributes)}` : `${server.url}/host.html`);
  // The rows or the alert, drawn, and what an idle moment brings.
  await page.locator('[data-task-id], [role="alert"], [part="empty"]').first().waitFor({ timeout: 30_000 });
  await page.waitForTimeout(1_000);
  const left = await page.evaluate(async () => {
    const wasm = await (await import('/ob-restore-tasks.js')).default();
    const marks = Object.entries(wasm).filter(([name, mark]) => name.startsWith('mark:') && mark.value === 1);
    return marks.map(([name]) => name.slice('mark:'.length));
  });
  left.forEach((mark) => marks.add(mark));
  console.error(`${left.length} functions for ${text.join(' ')}`);
  await page.close();
}
await browser.close();
await server.stop();
console.log([...marks].sort().join('\n'));
