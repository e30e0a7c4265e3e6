/**
 * What is loaded when: the first half of the WebAssembly stands before the first row, the second half and the worker
 * come behind it, and none of it is ever missed.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, header, openPage, rows, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

const REST = /_rest\.bin$/;
const WORKER = /\/worker\.js$/;

/** A compiler that another profile would fit leaves the module whole; then there is no second half to speak of. */
const skip = !existsSync(join(process.env.DIST ?? '', 'ob-restore-tasks_rest.bin')) && 'this build of the module is whole';

describe('the parts', { skip }, () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = (query, prepare) => openPage(browser, `${server.url}/?refresh=0&${query}`, { prepare });
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const asked = (page, which) => page.requests.filter(({ url }) => which.test(new URL(url).pathname)).length;

  for (const query of ['cluster-id=1000005', 'cluster-id=1001240&page-size=50&max-rows=200000&lang=zh-CN&theme=dark', 'cluster-id=1000001']) {
    test(`a first row needs nothing of the second half: ${query}`, async () => {
      // Somebody who waits for it in the middle of a call asks by XMLHttpRequest. What Yew's scheduler meets is a matter
      // of luck to some extent, so one visit of three may.
      let waited = 0;
      for (let visit = 0; visit < 3; visit++) {
        const page = await open(query, (page) =>
          page.route(REST, (route) => {
            if (route.request().resourceType() === 'fetch') return;
            waited++;
            return route.continue();
          }),
        );
        await page.locator('[data-task-id], [part="empty"]').first().waitFor();
        await end(page);
      }
      assert.ok(waited <= 1, `${waited} of 3 visits waited for the second half`);
    });
  }

  test('the second half follows by itself, once for all instances', async () => {
    const page = await open('cluster-id=1000005');
    await eventually('it is asked for', () => asked(page, REST) === 1);
    await page.evaluate((tag) => {
      const second = document.createElement(tag);
      second.setAttribute('cluster-id', '1000005');
      document.body.append(second);
    }, TAG);
    await page.locator(TAG).nth(1).locator('[data-task-id]').first().waitFor();
    assert.equal(asked(page, REST), 1);
    await end(page);
  });

  test('whoever is faster than it waits for it, and gets what was asked for', async () => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const page = await open('cluster-id=1000005', (page) =>
      page.route(REST, async (route) => {
        await held;
        await route.continue();
      }),
    );
    await page.locator('[data-task-id]').first().waitFor();
    await eventually('it is asked for', () => asked(page, REST) === 1);
    await header(page, 'id').getByRole('button').click();
    await page.locator('input[type=search]').fill('id:1,4');
    // The page goes on meanwhile: nothing waits in the middle of a call.
    assert.equal((await rows(page))[0].id, '4');
    assert.equal((await state(page)).busy, true);
    release();
    await waitSettled(page);
    assert.ok((await rows(page)).every(({ id }) => id === '1' || id === '4'));
    await eventually('sorted', async () => (await rows(page))[0].id === '1');
    await eventually('filtered', async () => (await rows(page)).every(({ id }) => id === '1' || id === '4'));
    await header(page, 'id').getByRole('button').click();
    await eventually('sorted the other way', async () => (await rows(page))[0].id === '4');
    assert.equal(asked(page, REST), 1);
    await end(page);
  });

  test('whoever waits for one that never comes gets it in the middle of a call, and nothing moves under the pointer', async () => {
    let style;
    const held = new Promise((resolve) => (style = resolve));
    const page = await open('cluster-id=1000005', async (page) => {
      await page.route(REST, (route) => (route.request().resourceType() === 'fetch' ? undefined : route.continue()));
      await page.route(/later\.css$/, (route) => held.then(() => route.continue()));
    });
    const row = page.locator('[data-task-id]').first();
    await row.waitFor();
    const { y } = await row.boundingBox();
    await header(page, 'id').getByRole('button').click();
    await eventually('sorted', async () => (await rows(page))[0].id === '1');
    // What comes with the second half waits for its style.
    await page.waitForTimeout(300);
    assert.equal((await row.boundingBox()).y, y);
    assert.equal(await page.locator('.overview > *').count(), 0);
    style();
    await page.locator('.overview > *').first().waitFor();
    assert.equal((await row.boundingBox()).y, y);
    await end(page);
  });

  for (const [why, spoil] of [
    ['is missing', (route) => route.fulfill({ status: 404, body: 'no' })],
    ['is no WebAssembly', (route) => route.fulfill({ body: '<!doctype html>' })],
    ['is of another build', async (route) => {
      const answer = await route.fetch();
      const bytes = await answer.body();
      const at = bytes.indexOf('restReady-') + 'restReady-'.length;
      bytes.write('0123456789abcdef', at);
      await route.fulfill({ response: answer, body: bytes });
    }],
  ]) {
    test(`a second half that ${why} ends in a readable message`, async () => {
      const page = await open('cluster-id=1000005', async (page) => {
        await page.addInitScript(() => {
          window.told = [];
          document.addEventListener('obrt-error', ({ detail }) => window.told.push(detail.code));
        });
        await page.route(REST, spoil);
      });
      await page.getByRole('alert').filter({ hasText: /could not/i }).waitFor();
      assert.deepEqual(await page.evaluate(() => window.told), ['runtime']);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.closeAll();
    });
  }

  test('large pages are decoded in a worker, and here where there is none', async () => {
    const instead = (body) => (page) => page.route(WORKER, (route) => route.fulfill({ contentType: 'text/javascript', body }));
    for (const prepare of [
      async () => {},
      (page) => page.route(WORKER, (route) => route.abort()),
      // One that stops with its first page.
      instead('onmessage = ({ data }) => postMessage(data.first ? { ready: true } : { ready: false })'),
    ]) {
      const page = await open('cluster-id=1010000&sort=id', prepare);
      await waitSettled(page);
      assert.equal(asked(page, WORKER), 1);
      const { completeness } = await state(page);
      assert.equal(completeness, '10,000 of 10,000 tasks');
      await page.closeAll();
    }
  });
});
