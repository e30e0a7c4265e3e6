/** The same files in Firefox, under the policy of the contract: it loads, sorts, filters, and nothing is violated. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { eventually, TAG } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';

describe('in Firefox', { skip: !process.env.FIREFOX && 'FIREFOX is not set' }, () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage), () => puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX, headless: true }));

  const first = (page) =>
    page.evaluate((tag) => document.querySelector(tag)?.shadowRoot?.querySelector('tr[data-task-id]')?.dataset.taskId, TAG);

  test('it works under the strict policy with Trusted Types', async () => {
    console.log(`    ${await browser.version()}`);
    const page = await browser.newPage();
    const wrong = [];
    page.on('console', (message) => ['error', 'warn'].includes(message.type()) && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.evaluateOnNewDocument(() => {
      window.violations = [];
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        window.violations.push(`${violatedDirective} ${blockedURI}`),
      );
    });
    const answer = await page.goto(`${server.url}/?cluster-id=1010000&refresh=0`);
    assert.match(answer.headers()['content-security-policy'], /require-trusted-types-for 'script'/);
    await eventually('rows', () => first(page));
    // Large pages, so that the worker and its address are tried, too.
    await page.evaluate((tag) => document.querySelector(tag).shadowRoot.querySelector('th[data-column="id"] button').click(), TAG);
    await eventually('sorted', async () => (await first(page)) === '1', { timeout: 30_000 });
    const completeness = () =>
      page.evaluate((tag) => {
        const part = document.querySelector(tag).shadowRoot.querySelector('[part="completeness"]');
        return `${part.textContent.trim()} ${part.dataset.complete}`;
      }, TAG);
    await eventually('all', async () => (await completeness()) === '10,000 of 10,000 tasks true', { timeout: 30_000 });
    await page.evaluate((tag) => {
      const input = document.querySelector(tag).shadowRoot.querySelector('input[type=search]');
      input.value = 'id:77';
      input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    }, TAG);
    await eventually('filtered', async () => (await first(page)) === '77');
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    assert.deepEqual(wrong, []);
    await page.close();
  });
});
