/** What can be done with a task besides reading it, and how a host does it in its own way: `obrt-row-action`. */

import assert from 'node:assert/strict';
import { readAll, outcome } from '../lib/model.mjs';
import { eventually, openPage, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('actions on a task', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query, job = null) => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0&${query}`);
    await page.evaluate(() => {
      window.told = [];
      for (const name of ['obrt-row-action', 'obrt-row-activate']) {
        document.addEventListener(name, (event) => {
          window.told.push([name, event.detail.id, event.detail.action ?? null]);
          if (window.prevent) event.preventDefault();
        });
      }
    });
    // The standalone page takes no link from its address.
    await page.locator(TAG).evaluate((element, job) => (element.jobHref = job), job);
    await waitSettled(page);
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const told = (page) => page.evaluate(() => window.told);

  test('the job is a link, in its cell and in the details, unless the host goes there itself', async () => {
    const task = (await readAll(server, 1001240)).find(({ ocpJobId }) => Number(ocpJobId) > 0);
    const page = await open(`filter=${encodeURIComponent(`id:${task.id}`)}&columns=id+ocpJobId`, '#/task/{ocpJobId}');
    const link = page.locator(`${TAG} td[data-column="ocpJobId"] a`).first();
    assert.equal(await link.getAttribute('href'), `#/task/${task.ocpJobId}`);
    assert.equal(await link.innerText(), String(task.ocpJobId));
    await page.evaluate(() => (window.prevent = true));
    await link.click();
    assert.equal(new URL(page.url()).hash, '');
    await page.evaluate(() => (window.prevent = false));
    await link.focus();
    await page.keyboard.press('Enter');
    await eventually('it is followed', () => new URL(page.url()).hash === `#/task/${task.ocpJobId}`);
    // The row is not opened by the way.
    assert.deepEqual(await told(page), Array(2).fill(['obrt-row-action', String(task.id), 'job']));
    await page.locator(`${TAG} td[data-column="id"]`).first().click();
    const inside = page.locator(`${TAG} [part="detail"] dd[data-column="ocpJobId"] a`);
    assert.equal(await inside.getAttribute('href'), `#/task/${task.ocpJobId}`);
    await end(page);
  });

  test('where there is no job, or no template, there is no link', async () => {
    const none = await open('columns=id+ocpJobId');
    assert.equal(await none.locator(`${TAG} td a`).count(), 0);
    await end(none);
    const tasks = await readAll(server, 1001240);
    const page = await open('columns=id+ocpJobId&page-size=2000', '/task/{ocpJobId}');
    const jobs = tasks.filter(({ ocpJobId }) => Number(ocpJobId) > 0).length;
    assert.equal(await page.locator(`${TAG} td a`).count(), jobs);
    await end(page);
  });

  test('the pools of a failed task are named, and taken along unless the host takes over', async () => {
    const tasks = await readAll(server, 1001240);
    const task = tasks.find((task) => outcome(task) === 'failed' && task.restorePoolListStr);
    const page = await open(`filter=${encodeURIComponent(`id:${task.id}`)}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator(`${TAG} tr[data-task-id="${task.id}"]`).first().click();
    const detail = page.locator(`${TAG} [part="detail"]`);
    const names = task.restorePoolListStr.split(',').map((name) => name.trim());
    assert.deepEqual(await detail.locator('.chips li').allInnerTexts(), names);
    const button = detail.getByRole('button', { name: 'Resource pools…' });
    await page.evaluate(() => (window.prevent = true));
    await button.click();
    assert.equal(await detail.locator('.said').innerText(), '');
    await page.evaluate(() => (window.prevent = false));
    await button.click();
    await eventually('it says so', async () => (await detail.locator('.said').innerText()) === 'Copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), names.join(', '));
    assert.deepEqual((await told(page)).slice(1), Array(2).fill(['obrt-row-action', String(task.id), 'pools']));
    await end(page);
  });

  test('a task that has not failed has no such action', async () => {
    const page = await open('filter=status:succeeded');
    await page.locator(`${TAG} tr[data-task-id]`).first().click();
    await page.locator(`${TAG} [part="detail"]`).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Resource pools…' }).count(), 0);
    await end(page);
  });
});
