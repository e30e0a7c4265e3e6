/**
 * Makes the README's moving picture from the demo: docs/demo.png, an animated PNG.
 *
 *     CHROME=… SERVER=… DIST=… node e2e/demo-picture.mjs
 *
 * The demo data has Chinese names: the machine needs a font for them.
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import UPNG from 'upng-js';
import { launch, openPage, startServer, TAG, waitSettled } from './lib/harness.mjs';

const OUT = fileURLToPath(new URL('../docs/demo.png', import.meta.url));
const SIZE = { width: 1180, height: 660 };
/** So few that all of them fit. */
const COLUMNS = 'id status restoreTenantName backupTenantName backupClusterName createTime duration errorMsg'.replaceAll(' ', '+');
/** Enough for text in grey and three outcomes; more makes the file larger and nothing clearer. */
const COLOURS = 48;

const server = await startServer();
const browser = await launch();
const page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0&overview=on&density=compact&columns=${COLUMNS}`, { viewport: SIZE });
await waitSettled(page);
await page.locator(`${TAG} .bars`).waitFor();

const frames = [];
const delays = [];
const take = async (ms) => {
  const picture = UPNG.decode(await page.screenshot({ animations: 'disabled' }));
  frames.push(UPNG.toRGBA8(picture)[0]);
  delays.push(ms);
};

const search = page.locator(TAG).getByRole('searchbox');
await take(2_000);
await search.click();
for (const part of ['status:', 'failed', ' tenant:', 'trade']) {
  await page.keyboard.type(part);
  await page.waitForTimeout(500);
  await take(600);
}
const header = page.locator(`${TAG} th[data-column="duration"] button`).first();
// The longest first.
for (let press = 0; press < 2; press += 1) {
  await header.click();
  await waitSettled(page);
}
await page.waitForTimeout(300);
await take(2_500);
await page.locator(`${TAG} tr[data-task-id]`, { hasText: 'OB_' }).first().click();
await page.locator(`${TAG} [part~="detail"]`).waitFor();
await page.waitForTimeout(300);
await take(4_000);

const bytes = Buffer.from(UPNG.encode(frames, SIZE.width, SIZE.height, COLOURS, delays));
await writeFile(OUT, bytes);
console.log(`${OUT}: ${frames.length} frames, ${(bytes.length / 1000).toFixed(0)} KB`);
await page.closeAll();
await browser.close();
await server.stop();
