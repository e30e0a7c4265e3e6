/** The example themes in their host page: each one reaches the element, and axe has nothing against its colours. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { eventually, openPage, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the example themes', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  for (const [console, accents] of Object.entries({
    'ant-design': { light: 'rgb(9, 88, 217)', dark: 'rgb(60, 137, 232)' },
    cloudscape: { light: 'rgb(0, 108, 224)', dark: 'rgb(66, 180, 255)' },
    patternfly: { light: 'rgb(0, 102, 204)', dark: 'rgb(146, 197, 249)' },
  })) {
    for (const [theme, accent] of Object.entries(accents)) {
      test(`${console}, ${theme}`, async () => {
        const page = await openPage(browser, `${server.url}/themes/?console=${console}&theme=${theme}&refresh=0&filter=status:failed`);
        await waitSettled(page);
        await page.locator(`${TAG} tr[data-row]`).first().click();
        await page.locator(`${TAG} [part~="detail"]`).waitFor();
        const look = () =>
          page.evaluate((tag) => {
            const root = document.querySelector(tag).shadowRoot;
            const style = (selector) => getComputedStyle(root.querySelector(selector));
            const token = getComputedStyle(document.querySelector(tag)).getPropertyValue('--obrt-font');
            return { accent: style('.pager [aria-current]').color, font: style('td[data-column="createTime"]').fontFamily, token };
          }, TAG);
        await eventually('the theme is here', async () => (await look()).accent === accent);
        const { font, token } = await look();
        assert.ok(token.includes(font.split(',').at(-2).trim()), `${font} is the theme’s`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`), []);
        await page.assertClean();
        await page.closeAll();
      });
    }
  }
});
