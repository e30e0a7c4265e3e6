/** What is meant to do harm, or is too much, as it is seen in the browser: addresses, secrets, formulas, long and turned texts, attributes (lines 35–39). */

import assert from 'node:assert/strict';
import { answer, column, end, exported, heard, notices, openOn, parseCsv, refresh } from '../lib/answers.mjs';
import { cutOff } from '../lib/cut.mjs';
import { eventually, mend, rows, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const SAMPLE = [{ id: 4, status: 'RESTORE_FAIL', ocpJobId: 7, errorMsg: 'no' }, { id: 1, status: 'RESTORE_SUCCESS', ocpJobId: 8 }];
const asked = (page) => page.requests.filter(({ api }) => api).length;
const set = (page, name, value) => page.locator(TAG).evaluate((element, [name, value]) => element.setAttribute(name, value), [name, value]);
const detail = (page) => page.locator(`${TAG} [part~="detail"]`);
const EVERY = 'id status restoreTenantName backupClusterName backupTenantName restoreClusterName backupMode createTime finishTime duration restoreEndTime errorMsg restoreUri restorePoolListStr ocpJobId';

async function openDetails(page, selector = 'tbody tr[aria-rowindex]') {
  await page.locator(`${TAG} ${selector}`).first().press('Enter');
  await detail(page).waitFor();
}

describe('hostile texts', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  const RUNS = [
    'javascript:pwned()', 'JaVaScRiPt:pwned()', 'java\tscript:pwned()', 'java\nscript:pwned()', ' javascript:pwned()', '\u0001javascript:pwned()',
    '\u0000javascript:pwned()', 'data:text/html,<script>pwned()</script>', 'vbscript:pwned()', 'blob:null/x', 'file:///etc/passwd',
  ];

  test('T35: an address that would run something is plain text in a cell and in the details', async () => {
    const tasks = RUNS.map((uri, at) => ({ id: at + 1, status: 'RESTORE_FAIL', ocpJobId: uri, restoreUri: uri, errorMsg: uri, restorePoolListStr: uri }));
    const page = await openOn(stage, answer(tasks), 'columns=id+restoreUri+ocpJobId+errorMsg+restorePoolListStr');
    await set(page, 'job-href', '/task/{ocpJobId}');
    const flat = (text) => text.replace(/\s+/g, ' ').trim();
    const cells = await page.locator(`${TAG} td[data-column="restoreUri"]`).evaluateAll((cells) => cells.map((cell) => cell.textContent));
    assert.deepEqual(cells.map(flat), RUNS.map(flat));
    const links = () => page.locator(TAG).evaluate((element) => [...element.shadowRoot.querySelectorAll('[href], [src], iframe, script, object')].map(({ outerHTML }) => outerHTML));
    const before = page.url();
    for (const at of RUNS.keys()) {
      await page.locator(`${TAG} tr[data-task-id="${at + 1}"] td[data-column="restoreUri"]`).click();
      await detail(page).waitFor();
      const dd = detail(page).locator('dd[data-column="restoreUri"]');
      assert.equal(flat(await dd.evaluate((dd) => dd.textContent)), flat(RUNS[at]));
      await dd.click();
      assert.deepEqual(await links(), [], RUNS[at]);
      await page.keyboard.press('Escape');
    }
    assert.equal(page.url(), before);
    await end(page);
  });

  test('T35: a template that would run something is a configuration error, and there is no link', async () => {
    const page = await openOn(stage, answer(SAMPLE), 'columns=id+ocpJobId');
    const requests = asked(page);
    for (const hostile of [...RUNS.filter((text) => !text.includes('\u0000')), '{ocpJobId}javascript:pwned()', 'https://user:pw@evil/{ocpJobId}', '\\\\evil/{ocpJobId}']) {
      const before = (await heard(page, 'obrt-error')).length;
      await set(page, 'job-href', hostile);
      await eventually(hostile, async () => (await heard(page, 'obrt-error')).length > before);
      const { code, attribute } = (await heard(page, 'obrt-error')).at(-1);
      assert.deepEqual([code, attribute], ['config', 'job-href'], hostile);
      assert.equal(await page.locator(`${TAG} td a`).count(), 0, hostile);
      assert.match((await notices(page)).join('\n'), /job-href/);
      assert.equal(await page.locator(TAG).getByRole('alert').count(), 0);
    }
    await set(page, 'job-href', '#{ocpJobId}');
    await page.locator(`${TAG} td a`).first().waitFor();
    assert.deepEqual([await column(page, 'id'), asked(page), await notices(page)], [['4', '1'], requests, []]);
    await end(page);
  });

  test('T35: a base-url that would run or read something is a configuration error, and nothing is asked', async () => {
    const page = await openOn(stage, answer(SAMPLE));
    const requests = page.requests.length;
    for (const hostile of [...RUNS, 'https://user:pw@evil/', '/a?b', '/a#b', '\\\\evil']) {
      const before = (await heard(page, 'obrt-error')).length;
      // What a script can set, and no parser would let through.
      await page.locator(TAG).evaluate((element, hostile) => (element.baseUrl = hostile), hostile);
      await eventually(hostile, async () => (await heard(page, 'obrt-error')).length > before);
      const { code, attribute, message } = (await heard(page, 'obrt-error')).at(-1);
      assert.deepEqual([code, attribute, message.includes(':pw@')], ['config', 'base-url', false], hostile);
    }
    assert.equal(page.requests.length, requests);
    await page.locator(TAG).evaluate((element) => (element.baseUrl = null));
    await eventually('rows again', async () => (await column(page, 'id')).join() === '4,1');
    await end(page);
  });

  const PLANTED = 'PLANTED7c1f';
  const SECRET = `oss://user:${PLANTED}@bucket/dir?host=oss-cn&access_id=me&access_key=${PLANTED},file:///x?SecretToken=${PLANTED}`;

  test('T36: a secret is masked in cell, tooltip, clipboard, print, export, events, console, state, address and storage', async () => {
    const TEXTS = ['status', 'statusDesc', 'backupMode', 'backupClusterName', 'backupTenantName', 'restoreClusterName', 'restoreTenantName', 'errorMsg', 'restoreUri', 'restorePoolListStr'];
    // Nor where a number or a time belongs.
    const ODD = ['ocpJobId', 'backupClusterId', 'createTime', 'finishTime', 'restoreEndTime'];
    const fields = Object.fromEntries([...TEXTS, ...ODD].map((name) => [name, SECRET]));
    const tasks = [{ ...fields, id: 2, finished: true, successful: false }, { ...fields, id: SECRET }, { ...fields, id: 1, status: 'RESTORE_PRE', finished: false }];
    const body = answer(tasks).replace('"told"', JSON.stringify(SECRET));
    const columns = encodeURIComponent(EVERY);
    const page = await openOn(stage, body, `columns=${columns}&overview=on&url-sync=query&storage-key=torture&page-size=50`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const said = [];
    const take = async (what, text) => said.push([what, String(text)]);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const inside = () => page.locator(TAG).evaluate((element) => element.outerHTML + element.shadowRoot.innerHTML);
    await page.locator(`${TAG} td`).evaluateAll((cells) => cells.forEach((cell) => (cell.querySelector('bdi') ?? cell).dispatchEvent(new MouseEvent('mouseover', { bubbles: true, composed: true }))));
    await take('page', await inside());
    assert.match(said[0][1], /title="[^"]*access_key=\*\*\*/);

    for (const selector of ['tr[data-task-id="2"]', 'tr[data-task-id="1"]', 'tr:not([data-task-id])[data-row]']) {
      await page.locator(`${TAG} ${selector}`).focus();
      await page.keyboard.press('Enter');
      await detail(page).waitFor();
      await take('details', await inside());
      for (const button of await detail(page).locator('.actions button').all()) {
        await page.evaluate(() => navigator.clipboard.writeText('nothing'));
        await button.click();
        await eventually('copied', async () => (await clipboard()) !== 'nothing');
        await take(`copied: ${await button.innerText()}`, await clipboard());
      }
      await page.keyboard.press('Escape');
    }
    await page.evaluate((tag) => getSelection().selectAllChildren(document.querySelector(tag).shadowRoot.querySelector('.widget')), TAG);
    await page.keyboard.press('ControlOrMeta+c');
    await take('selected and copied', await clipboard());

    await page.locator(TAG).getByRole('searchbox').fill(`uri:access_key=${PLANTED} x:password=${PLANTED} created:token=${PLANTED} sign=${PLANTED}`);
    await waitSettled(page);
    await take('page with a filter', await inside());
    const address = await eventually('the filter in the address', async () => new URL(page.url()).searchParams.get('rt-filter') && page.url());
    assert.match(new URL(address).searchParams.get('rt-filter'), /access_key=\*\*\* .*password=\*\*\*/);
    await take('address with a filter', address);
    await take('what the page’s history holds', await page.evaluate(() => JSON.stringify(history.state)));
    for (const format of ['csv', 'json']) {
      for (const redacted of [false, true]) await take(`${format} ${redacted}`, await exported(page, { format, redacted }));
    }
    await page.locator(TAG).getByRole('searchbox').fill('');
    for (const format of ['csv', 'json']) {
      for (const redacted of [false, true]) {
        const text = await exported(page, { format, redacted });
        assert.match(text, redacted ? /\*\*\*/ : /access_key=\*\*\*/);
        await take(`${format} ${redacted}`, text);
      }
    }
    for (const [name, value] of [['theme', `token=${PLANTED}`], ['sort', `x?password=${PLANTED}`], ['time-zone', `x?key=${PLANTED}`], ['columns', `id sign=${PLANTED}`]]) await set(page, name, value);
    await page.locator(TAG).evaluate((element, filter) => element.setState({ filter, sort: filter, timeZone: filter, columns: [filter] }), `access_key=${PLANTED}`);
    await eventually('named', async () => (await notices(page)).length >= 4);
    await take('notices', (await notices(page)).join());
    await take('state', await page.locator(TAG).evaluate((element) => JSON.stringify(element.getState())));
    await page.locator(TAG).evaluate((element) => {
      element.setState({ filter: '', timeZone: '' });
      for (const name of ['theme', 'sort', 'time-zone', 'columns']) element.removeAttribute(name);
    });

    const refusal = { successful: false, status: 500, traceId: SECRET, error: { code: SECRET, message: SECRET } };
    await mend(stage.server);
    await spoil(stage.server, undefined, { body: JSON.stringify(refusal), times: 9 });
    await refresh(page);
    await take('a refusal', await inside());
    assert.match(await page.locator(`${TAG} .notice.bad`).innerText(), /access_key=\*\*\*/);

    await take('events', JSON.stringify(await heard(page)));
    await take('console', page.said.join('\n'));
    await take('address', page.url());
    await take('storage', await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })));
    assert.ok(said.length > 20, String(said.length));
    assert.ok(said.filter(([what]) => what.startsWith('copied: ')).length >= 3, 'the buttons of the details were pressed');
    for (const [what, text] of said) {
      // The host's own attributes are the host's.
      const own = text.replace(/^<ob-restore-tasks[^>]*>/, '');
      const at = own.indexOf(PLANTED);
      assert.equal(at, -1, `${what}: …${own.slice(Math.max(0, at - 200), at + 50)}`);
    }
    await end(page);
  });

  test('T37: texts that a spreadsheet would run are quoted in CSV, numbers are not, and JSON has them as they are', async () => {
    const first = ['=', '+', '-', '@', '\t', '\r'];
    const names = ['status', 'backupMode', 'backupClusterName', 'restoreTenantName', 'errorMsg', 'restoreUri', 'restorePoolListStr', 'createTime', 'backupClusterId'];
    const texts = first.flatMap((letter) => [`${letter}1+1`, `${letter}cmd|' /C calc'!A0`, `${letter}a,"b"\r\nc`, letter]);
    const task = (text, at) => ({ ...Object.fromEntries(names.map((name) => [name, text])), id: at + 1, ocpJobId: -1, finishTime: null });
    const calm = { id: 900, ocpJobId: -1, createTime: '2021-09-09T10:00:00Z', restoreEndTime: '2021-09-09T10:00:01Z', restoreTenantName: 'a=b', errorMsg: '1-1', status: "'x", backupMode: '"', backupClusterId: -1 };
    const page = await openOn(stage, answer([...texts.map(task), calm]), `columns=id+ocpJobId+rewind+${names.join('+')}&page-size=50&time-zone=UTC`);
    const [head, ...lines] = parseCsv(await exported(page, { format: 'csv' }));
    assert.deepEqual(head, ['id', 'ocpJobId', 'rewind', ...names]);
    assert.equal(lines.length, texts.length + 1);
    // A text of white space alone is none where a number or a time belongs.
    const isBlank = (text) => text.trim() === '';
    for (const [at, text] of texts.entries()) {
      const odd = isBlank(text) ? '' : `'${text}`;
      assert.deepEqual(lines[at], [String(at + 1), '-1', '', ...names.map((name) => (/Time$|Id$/.test(name) ? odd : `'${text}`))], JSON.stringify(text));
    }
    assert.deepEqual(lines.at(-1), ['900', '-1', '-1', "'x", '"', '', 'a=b', '1-1', '', '', '2021-09-09T10:00:00.000+00:00', '-1']);
    const { tasks } = JSON.parse(await exported(page, { format: 'json' }));
    assert.deepEqual(tasks.slice(0, -1).map(({ restoreTenantName, errorMsg }) => [restoreTenantName, errorMsg]), texts.map((text) => [text, text]));
    assert.equal(tasks.at(-1).ocpJobId, '-1');
    await end(page);
  });

  const MEGABYTE = 1 << 20;
  /** A letter with so many marks on it that they reach over many lines. */
  const zalgo = (letter) => letter + '\u0316\u0301\u035c'.repeat(80);
  const NAMES = ['status', 'statusDesc', 'backupMode', 'backupClusterName', 'backupTenantName', 'restoreClusterName', 'restoreTenantName', 'restoreUri', 'restorePoolListStr', 'createTime'];
  const of = (text) => Object.fromEntries(NAMES.map((name) => [name, text]));
  const long = 'W'.repeat(MEGABYTE);
  const LONG = [
    { ...of('plain'), id: 1, finished: true, successful: false, errorMsg: 'plain' },
    { ...of(long.slice(0, 2000)), id: 2, finished: true, successful: false, errorMsg: long },
    { ...of(`\u202Eabc\u202Edef`), id: 3, finished: true, successful: false, errorMsg: `CLOG : OB_${'A'.repeat(500)}(-4018) on "\u202E10.0.0.1:2882"` },
    { ...of('مرحبا بالعالم (123) שלום'), id: 4, finished: false, errorMsg: 'שגיאה: (123)' },
    { ...of(Array.from('zalgo', zalgo).join('')), id: 5, finished: true, successful: false, errorMsg: Array.from('zalgo', zalgo).join('') },
    { ...of(long.slice(0, 2000)), id: long, errorMsg: long, ocpJobId: long },
  ];

  for (const width of [1280, 320]) {
    test(`T38: a megabyte, turned and piled-up texts stay in their places: ${width} px`, async () => {
      const page = await openOn(stage, answer(LONG), `columns=${encodeURIComponent(EVERY)}&overview=on`, { viewport: { width, height: 900 } });
      assert.deepEqual((await rows(page)).map(({ id }) => id), ['1', '2', '3', '4', '5', null]);
      // An ellipsis, with a tooltip of more, is how a cell shows what is too much for it.
      const measured = async (what) => {
        const found = (await page.evaluate(cutOff, TAG)).filter((line) => !/^cut off: td/.test(line));
        // Where the page is narrow, the details lie over the rows.
        assert.deepEqual(found.filter((line) => what === 'the table' || !/^overlap: (th|td)\S* .* and (th|td)/.test(line)), [], what);
      };
      const boxes = await page.locator(TAG).evaluate((element) => {
        const wrong = [];
        for (const row of element.shadowRoot.querySelectorAll('tbody tr[data-row]')) {
          const box = row.getBoundingClientRect();
          for (const cell of row.children) {
            const { left, right, top, bottom, width } = cell.getBoundingClientRect();
            if (width > 0 && (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1)) wrong.push(`${cell.dataset.column} leaves its row`);
            if (cell.textContent.length > 301) wrong.push(`${cell.dataset.column}: ${cell.textContent.length} characters`);
            if (cell.title.length > 1300) wrong.push(`${cell.dataset.column}: a tooltip of ${cell.title.length}`);
            const text = cell.querySelector('bdi, a') ?? cell;
            if (getComputedStyle(text).unicodeBidi !== 'isolate' && text.localName !== 'a') wrong.push(`${cell.dataset.column} is not isolated`);
          }
        }
        const heights = [...element.shadowRoot.querySelectorAll('tbody tr[data-row]')].map((row) => row.getBoundingClientRect().height);
        return { wrong, heights };
      });
      assert.deepEqual(boxes.wrong, []);
      if (width === 1280) assert.equal(new Set(boxes.heights).size, 1, boxes.heights.join());
      await measured('the table');

      for (const at of LONG.keys()) {
        const row = page.locator(`${TAG} tbody tr[aria-rowindex="${at + 2}"]`);
        await row.focus();
        await page.keyboard.press('Enter');
        await detail(page).waitFor();
        const { wide, whole, head } = await detail(page).evaluate((panel) => ({
          wide: panel.scrollWidth - panel.clientWidth,
          whole: panel.querySelector('pre').textContent.length,
          head: panel.querySelector('header').getBoundingClientRect().height,
        }));
        assert.equal(wide, 0, `the details of row ${at + 1} scroll sideways`);
        assert.equal(whole, LONG[at].errorMsg.length, 'the details have it whole');
        assert.ok(head < 450, `a heading of ${head} px`);
        await measured(`the details of row ${at + 1}`);
        await page.keyboard.press('Escape');
        assert.equal(await row.evaluate((row) => row.matches(':focus')), true);
      }
      const { alert, complete } = await state(page);
      assert.deepEqual([alert, complete], [null, 'true']);
      await end(page);
    });
  }

  test('T38: marks that are piled upon a letter leave the rows and the fields beside it as they are', async () => {
    const plain = (id) => ({ ...of('plain'), id, errorMsg: 'plain', finished: true, successful: false, createTime: '2021-09-09T18:32:18Z' });
    const pile = { ...of(zalgo('plain')), id: 2, errorMsg: zalgo('plain'), finished: true, successful: false, createTime: '2021-09-09T18:32:18Z' };
    const pictures = [];
    for (const middle of [plain(2), pile]) {
      const page = await openOn(stage, answer([plain(1), middle, plain(3)]), `columns=${encodeURIComponent('id restoreTenantName errorMsg restoreUri')}`);
      const picture = (locator) => locator.screenshot({ animations: 'disabled' });
      const all = [await picture(page.locator(`${TAG} tr[data-task-id="1"]`)), await picture(page.locator(`${TAG} tr[data-task-id="3"]`))];
      await openDetails(page, 'tr[data-task-id="2"]');
      for (const id of ['id', 'createTime', 'duration', 'rewind']) all.push(await picture(detail(page).locator(`dd[data-column="${id}"]`)));
      pictures.push(all.map((picture) => picture.toString('base64')));
      // Not every font piles them up, so ask as well who would cut them off.
      const open = await page.locator(TAG).evaluate(({ shadowRoot }) =>
        [...shadowRoot.querySelectorAll('tbody td, .details dd, .details h2, .chips li')].filter((box) => !/clip|hidden/.test(getComputedStyle(box).overflow)).map((box) => box.outerHTML.slice(0, 80)));
      assert.deepEqual(open, []);
      await end(page);
      await mend(stage.server);
    }
    const same = pictures[0].map((picture, at) => picture === pictures[1][at]);
    assert.deepEqual(same, same.map(() => true));
  });

  test('T38: a turned text in the address, an attribute or the filter does not turn what is said of it', async () => {
    const turn = '\u202Etxet';
    const page = await openOn(stage, answer(SAMPLE), `url-sync=query&rt-sort=${encodeURIComponent(turn)}&rt-filter=${encodeURIComponent(`created:${turn}`)}&theme=${encodeURIComponent(turn)}`);
    const all = (await notices(page)).join('\n');
    assert.match(all, /“\\u\{202e\}txet” is no column/);
    assert.match(all, /“\\u\{202e\}txet” is none of auto, light, dark/);
    assert.ok(!all.includes('\u202E'));
    const hint = page.locator(`${TAG} .tokens p`);
    assert.match(await hint.innerText(), /cannot be read and is left out/);
    assert.ok(!(await hint.innerText()).includes('\u202E'), await hint.innerText());
    await end(page);
  });
});
