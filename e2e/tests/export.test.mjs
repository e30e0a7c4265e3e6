/** What leaves the widget: events and exports, exact to the last digit and without secrets. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { masked, outcome, readAll, sortTasks } from '../lib/model.mjs';
import { eventually, openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { before, describe, test } from '../lib/test.mjs';

describe('what leaves the widget', () => {
  let server;
  let browser;
  let tasks;

  useStage((stage) => ({ server, browser } = stage));
  before(async () => {
    tasks = await readAll(server, 1001240);
  });

  async function open(query, options) {
    const page = await openPage(browser, `${server.url}/?refresh=0&${query}`, options);
    await waitSettled(page, { timeout: 60_000 });
    return page;
  }

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  const exported = (page, options) =>
    page.locator(TAG).evaluate(async (element, options) => {
      const blob = await element.exportData(options);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return { type: blob.type, bom: [...bytes.slice(0, 3)], text: new TextDecoder('utf-8').decode(bytes) };
    }, options);

  /** RFC 4180, the hard way. */
  function parse(text) {
    const lines = [[]];
    const pattern = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/gy;
    for (let match; (match = pattern.exec(text)) && pattern.lastIndex <= text.length; ) {
      const [, raw, end] = match;
      lines.at(-1).push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
      if (end === '\r\n') lines.push([]);
      if (end === '' || pattern.lastIndex === text.length) break;
    }
    return lines.filter((line) => line.length > 0 && line.join('') !== '');
  }

  const secrets = (list) => list.flatMap(({ restoreUri }) => [...(restoreUri ?? '').matchAll(/access_key=([^&,]+)/g)].map(([, secret]) => secret));

  test('CSV has every row of the view in its order, with the columns that are on', async () => {
    const page = await open('cluster-id=1001240&sort=-rewind&filter=status:failed&time-zone=Asia/Shanghai&columns=id+status+createTime+duration+restoreUri');
    const { type, bom, text } = await exported(page, { format: 'csv', scope: 'view' });
    assert.match(type, /^text\/csv/);
    assert.deepEqual(bom, [0xef, 0xbb, 0xbf]);
    assert.ok(text.endsWith('\r\n') && !/[^\r]\n/.test(text));
    const [head, ...lines] = parse(text);
    assert.deepEqual(head, ['id', 'status', 'createTime', 'duration', 'restoreUri']);
    const expected = sortTasks(tasks.filter((task) => outcome(task) === 'failed'), '-rewind');
    assert.deepEqual(lines.map(([id]) => id), expected.map(({ id }) => String(id)));
    assert.ok(expected.length > 100, `${expected.length} have failed`);
    for (const [at, task] of expected.entries()) {
      assert.equal(lines[at][1], task.status);
      assert.match(lines[at][2], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00$/);
      assert.equal(Date.parse(lines[at][2]), Date.parse(task.createTime.replace('+0800', '+08:00')));
      const seconds = (Date.parse(task.finishTime.replace('+0800', '+08:00')) - Date.parse(task.createTime.replace('+0800', '+08:00'))) / 1000;
      if (seconds >= 0) assert.equal(Number(lines[at][3]), seconds);
      assert.equal(lines[at][4], task.restoreUri.replace(/(access_key=)[^&,]+/g, '$1***'));
    }
    await end(page);
  });

  test('a page is exported as the page it is', async () => {
    const page = await open('cluster-id=1001240&columns=id');
    const { text } = await exported(page, { format: 'csv', scope: 'page' });
    assert.deepEqual(parse(text).slice(1).flat(), tasks.slice(0, 20).map(({ id }) => String(id)));
    await end(page);
  });

  test('a view that is not all here is fetched before it is exported', async () => {
    const page = await open('cluster-id=1001240&columns=id');
    const { type, text } = await exported(page, { format: 'json', scope: 'view' });
    assert.match(type, /^application\/json/);
    const { manifest, tasks: list } = JSON.parse(text);
    assert.deepEqual(list.map(({ id }) => id), tasks.map(({ id }) => String(id)));
    assert.equal(manifest.complete, true);
    assert.equal(list[0].backupTenantName, tasks[0].backupTenantName);
    assert.equal(list[0].backupClusterId, String(tasks[0].backupClusterId));
    assert.ok(secrets(tasks).length > 5);
    for (const secret of secrets(tasks)) assert.ok(!text.includes(secret));
    await end(page);
  });

  test('ids beyond 2^53 and formulas survive, each in its way', async () => {
    const odd = [
      { id: '9223372036854775807', ocpJobId: -1, restoreTenantName: '=1+1', errorMsg: 'a "b", c\r\nd', status: 'RESTORE_FAIL' },
      { id: '9007199254740993', ocpJobId: 12, restoreTenantName: '@x', errorMsg: '-5 is no number here', status: 'RESTORE_FAIL' },
      { id: 7, ocpJobId: 0, restoreTenantName: '+tab', errorMsg: '\tx', status: 'RESTORE_FAIL' },
    ];
    const data = { contents: odd, page: { number: 1, size: 20, totalElements: 3, totalPages: 1 } };
    const prepare = (page) => page.route('**/api/v2/**', (route) => route.fulfill({ json: { data, successful: true } }));
    const page = await open('cluster-id=1000005&columns=id+ocpJobId+restoreTenantName+errorMsg', { prepare });
    assert.deepEqual((await rows(page)).map(({ id }) => id), odd.map(({ id }) => String(id)));
    const { text } = await exported(page, { format: 'csv', scope: 'view' });
    assert.deepEqual(parse(text.replace(/^\uFEFF/, '')).slice(1), [
      ['9223372036854775807', '-1', "'=1+1", 'a "b", c\r\nd'],
      ['9007199254740993', '12', "'@x", "'-5 is no number here"],
      ['7', '0', "'+tab", "'\tx"],
    ]);
    const { tasks: list } = JSON.parse((await exported(page, { format: 'json', scope: 'view' })).text);
    assert.deepEqual(list.map(({ id, restoreTenantName }) => [id, restoreTenantName]), odd.map((task) => [String(task.id), task.restoreTenantName]));
    await end(page);
  });

  test('an unknown format or scope is refused', async () => {
    const page = await open('cluster-id=1000005');
    for (const options of [{ format: 'xml', scope: 'view' }, { format: 'csv', scope: 'all' }, {}]) {
      const refused = (element, options) => element.exportData(options).then(() => false, () => true);
      assert.equal(await page.locator(TAG).evaluate(refused, options), true, JSON.stringify(options));
    }
    await end(page);
  });

  test('the Export menu saves a file', async () => {
    const page = await open('cluster-id=1000005', { acceptDownloads: true });
    for (const name of ['CSV', 'JSON']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        (async () => {
          const choice = page.locator(TAG).getByRole('button', { name, exact: true });
          if (!(await choice.isVisible())) await page.locator(TAG).getByRole('button', { name: 'Export' }).click();
          await choice.click();
        })(),
      ]);
      assert.match(download.suggestedFilename(), new RegExp(`\\.${name.toLowerCase()}$`));
    }
    await end(page);
  });

  test('a row tells the host who it is, and the host may keep the details shut', async () => {
    const page = await open('cluster-id=1001240');
    const withUri = tasks.slice(0, 20).find(({ restoreUri }) => /access_key/.test(restoreUri));
    await page.locator(TAG).evaluate((element) => {
      window.rowEvents = [];
      document.body.addEventListener('obrt-row-activate', (event) => {
        window.rowEvents.push({ detail: event.detail, cancelable: event.cancelable, composed: event.composed });
        if (window.rowEvents.length === 1) event.preventDefault();
      });
    });
    const row = page.locator(TAG).locator(`tr[data-task-id="${withUri.id}"]`);
    await row.click();
    await eventually('it is told', async () => (await page.evaluate(() => window.rowEvents.length)) === 1);
    assert.equal(await page.locator(TAG).locator('[part~="detail"]').count(), 0);
    await row.focus();
    await page.keyboard.press('Enter');
    await page.locator(TAG).locator('[part~="detail"]').waitFor();
    const events = await page.evaluate(() => window.rowEvents);
    assert.equal(events.length, 2);
    for (const { detail, cancelable, composed } of events) {
      assert.deepEqual([cancelable, composed], [true, true]);
      assert.deepEqual([detail.id, detail.status], [String(withUri.id), withUri.status]);
      assert.equal(detail.task.restoreTenantName, withUri.restoreTenantName);
      assert.equal(detail.task.restoreUri, undefined);
    }
    await end(page);
  });

  test('no secret of a backup’s address shows anywhere', async () => {
    const page = await open('cluster-id=1001240&page-size=100&columns=id+restoreUri+errorMsg');
    const hidden = secrets(tasks.slice(0, 100));
    assert.ok(hidden.length > 5);
    const withUri = tasks.slice(0, 100).find(({ restoreUri }) => /access_key/.test(restoreUri));
    await page.locator(TAG).locator(`tr[data-task-id="${withUri.id}"]`).click();
    const details = page.locator(TAG).locator('[part~="detail"]');
    await details.waitFor();
    assert.match(await details.innerText(), /access_key=\*\*\*/);
    const [secret] = secrets([withUri]);
    await page.locator(TAG).getByRole('searchbox').fill(`uri:access_key=${secret}`);
    await waitSettled(page);
    const view = await page.locator(TAG).evaluate((element) => JSON.stringify(element.getState()));
    assert.ok(!view.includes(secret), view);
    await page.locator(TAG).getByRole('searchbox').fill('');
    await waitSettled(page);
    const html = await page.locator(TAG).evaluate((element) => element.shadowRoot.innerHTML);
    for (const secret of hidden) assert.ok(!html.includes(secret), `${secret} is in the page`);
    assert.match(html, /access_key=\*\*\*/);
    await end(page);
  });

  test('a secret that was planted is found nowhere', async () => {
    const PLANTED = 'PLANTED7c1f';
    const uri = `oss://user:${PLANTED}@bucket/dir?host=oss-cn&access_id=me&access_key=${PLANTED},file:///x?SecretToken=${PLANTED}`;
    const contents = [1, 2].map((id) => ({
      id, status: 'RESTORE_FAIL', restoreUri: uri, createTime: '2021-09-09T18:32:18.833+0800', finishTime: '2021-09-09T18:32:20.066+0800',
      errorMsg: `STORAGE : OB_IO_ERROR(-4009) on "10.0.0.1:2882" with traceid YB42AC1E55AC-0005CB53B2946DFF: ${uri}`,
      restorePoolListStr: `p?password=${PLANTED}`, backupTenantName: 't', restoreTenantName: 'u',
    }));
    const data = { contents, page: { number: 1, size: 20, totalElements: 2, totalPages: 1 } };
    const said = [];
    const page = await openPage(browser, `${server.url}/?cluster-id=1000005&refresh=0&url-sync=query&columns=id+restoreUri+errorMsg`, {
      prepare: async (page) => {
        page.on('console', (message) => said.push(message.text()));
        await page.route('**/api/v2/**', (route) => route.fulfill({ json: { data, successful: true } }));
        await page.addInitScript(() => {
          window.told = [];
          for (const name of ['load', 'error', 'state-change', 'row-activate', 'row-action', 'auth-required']) {
            document.addEventListener(`obrt-${name}`, ({ detail }) => window.told.push(JSON.stringify(detail)));
          }
        });
      },
    });
    await waitSettled(page);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator(TAG).getByRole('searchbox').fill(`access_key=${PLANTED}`);
    await waitSettled(page);
    said.push(page.url());
    await page.locator(TAG).getByRole('searchbox').fill('');
    await waitSettled(page);
    await page.locator(`${TAG} tr[data-task-id="1"]`).click();
    const detail = page.locator(`${TAG} [part~="detail"]`);
    for (const name of ['Copy', 'Copy report', 'Copy log search', 'Resource pools…']) {
      await detail.getByRole('button', { name, exact: true }).click();
      await eventually(name, async () => (await detail.locator('.said').innerText()) === 'Copied');
      said.push(await page.evaluate(() => navigator.clipboard.readText()));
    }
    assert.match(said.at(-3), /OB_IO_ERROR −4009/);
    for (const format of ['csv', 'json']) {
      for (const redacted of [false, true]) said.push((await exported(page, { format, scope: 'view', redacted })).text);
    }
    said.push(...(await page.evaluate(() => window.told)));
    said.push(await page.locator(TAG).evaluate((element) => JSON.stringify(element.getState()) + element.shadowRoot.innerHTML));
    assert.ok(said.length > 14);
    for (const text of said) assert.ok(!text.includes(PLANTED), text);
    assert.match(said.join(), /access_key=\*\*\*/);
    await end(page);
  });

  test('JSON says where it is from, and carries a digest of its tasks', async () => {
    const page = await open('cluster-id=1001240&filter=status:failed&sort=id&time-zone=UTC');
    const { text } = await exported(page, { format: 'json', scope: 'view' });
    const { manifest, tasks: list } = JSON.parse(text);
    const body = text.slice(text.indexOf(',"tasks":') + ',"tasks":'.length, -1);
    const digest = createHash('sha256').update(body).digest('hex');
    assert.equal(manifest.digest, `sha256:${digest}`);
    assert.equal(manifest.rows, list.length);
    assert.deepEqual([manifest.cluster, manifest.filter, manifest.sort, manifest.timeZone], ['1001240', 'status:failed', 'id', 'UTC']);
    assert.equal(manifest.traceIds.length, page.requests.filter(({ url }) => url.includes('restoreTasks')).length);
    await end(page);
  });

  test('what may leave the house holds no address and no trace id', async () => {
    const page = await open('cluster-id=1001240&filter=status:failed');
    const telling = /\b\d{1,3}(\.\d{1,3}){3}\b|\bY[0-9A-F]{8,}-/;
    for (const format of ['csv', 'json']) {
      assert.match((await exported(page, { format, scope: 'view' })).text, telling);
      const { text } = await exported(page, { format, scope: 'view', redacted: true });
      assert.doesNotMatch(text, telling);
      if (format === 'json') assert.equal(JSON.parse(text).tasks.length, tasks.filter((task) => outcome(task) === 'failed').length);
    }
    await end(page);
  });

  test('10,000 tasks with a filter: the file is the view, row by row', async () => {
    const all = await readAll(server, 1010000);
    assert.equal(all.length, 10_000);
    const page = await open('cluster-id=1010000&filter=-status:succeeded&sort=-createTime&columns=id+status+restoreTenantName+errorMsg&page-size=100');
    const [, ...lines] = parse((await exported(page, { format: 'csv', scope: 'view' })).text.replace(/^\uFEFF/, ''));
    const expected = sortTasks(all.filter((task) => outcome(task) !== 'succeeded'), '-createTime');
    assert.deepEqual(lines.map(([id]) => id), expected.map(({ id }) => String(id)));
    const unguarded = (text) => text.replace(/^'(?=[=+@\t\r-])/, '');
    // A message that the kernel cut right behind the name of a secret has nothing to mask.
    const alike = (text) => unguarded(masked(text)).replace(/=(?:\*\*\*)?/g, '=');
    const given = expected.map((task) => [task.status, task.restoreTenantName, task.errorMsg ?? '']);
    assert.deepEqual(lines.map((line) => line.slice(1).map(alike)), given.map((line) => line.map(alike)));
    const shown = await rows(page);
    assert.deepEqual(shown.map(({ id }) => id), lines.slice(0, shown.length).map(([id]) => id));
    await end(page);
  });
});
