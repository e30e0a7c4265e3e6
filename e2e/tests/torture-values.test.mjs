/** What stands in the answers, value by value, as it is seen in the browser: ids, statuses, times, JSON (lines 27–33). */

import assert from 'node:assert/strict';
import { answer, column, end, exported, heard, notices, openOn, parseCsv, refresh } from '../lib/answers.mjs';
import { eventually, header, mend, rows, sortBy, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const OK = '"status":"RESTORE_SUCCESS"';
const asked = (page) => page.requests.filter(({ api }) => api).map(({ url }) => url);

describe('hostile values', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  const shown = async (page) => (await rows(page)).map(({ id }) => id);
  const activate = async (page, selector) => {
    await page.locator(`${TAG} ${selector} td[data-column="id"]`).click();
    await page.locator(`${TAG} [part~="detail"]`).waitFor();
    return (await heard(page, 'obrt-row-activate')).at(-1);
  };

  test('T27: ids beyond 2^53 are exact in cell, order, filter, export, link and events', async () => {
    const [most, odd, even, text] = ['9223372036854775807', '9007199254740993', '9007199254740992', '9007199254740994'];
    const tasks = [odd, most, even, `"${text}"`].map((id) => `{"id":${id},"ocpJobId":${id},"backupTenantId":${id},${OK}}`);
    const page = await openOn(stage, answer(tasks), 'columns=id+ocpJobId+backupTenantId');
    assert.deepEqual(await shown(page), [odd, most, even, text]);
    for (const id of ['id', 'ocpJobId', 'backupTenantId']) {
      await sortBy(page, id);
      assert.deepEqual(await column(page, id), [even, odd, text, most], id);
      await sortBy(page, id);
      assert.deepEqual(await column(page, id), [most, text, odd, even], id);
    }
    const csv = parseCsv(await exported(page, { format: 'csv' }));
    assert.deepEqual(csv.slice(1), [most, text, odd, even].map((id) => [id, id, id]));
    const json = JSON.parse(await exported(page, { format: 'json' }));
    assert.deepEqual(json.tasks.map(({ id, ocpJobId, backupTenantId }) => [id, ocpJobId, backupTenantId]), csv.slice(1));

    await page.locator(TAG).evaluate((element) => (element.jobHref = '#/task/{ocpJobId}'));
    const link = page.locator(`${TAG} tr[data-task-id="${most}"] td[data-column="ocpJobId"] a`);
    await eventually('a link', async () => (await link.getAttribute('href')) === `#/task/${most}`);
    await link.click();
    const { id, action } = (await heard(page, 'obrt-row-action')).at(-1);
    assert.deepEqual([id, action, new URL(page.url()).hash], [most, 'job', `#/task/${most}`]);
    const event = await activate(page, `tr[data-task-id="${odd}"]`);
    assert.deepEqual([event.id, event.ocpJobId, event.task.id, event.task.backupTenantId], [odd, odd, odd, odd]);
    await page.keyboard.press('Escape');

    await page.locator(TAG).getByRole('searchbox').fill(`id:${odd}`);
    await eventually('one row', async () => (await shown(page)).join() === odd);
    // An id that is cut short is another id.
    const isCut = await page.locator(`${TAG} td[data-column="id"]`).first().evaluate((cell) => cell.scrollWidth > cell.clientWidth);
    assert.equal(isCut, false);
    await end(page);
  });

  test('T28: what is no id flags its row, in a notice, and leaves the rest', async () => {
    const given = ['"7"', '9223372036854775808', '1e3', 'null', '-1', '0', 'true', '{"a":1}', '"x"', '7.0', '""', '8'];
    const tasks = given.map((id, at) => `{"id":${id},"restoreTenantName":"t${at}",${OK}}`);
    const page = await openOn(stage, answer([...tasks, `{"restoreTenantName":"none",${OK}}`]), 'columns=id+restoreTenantName');
    const none = null;
    assert.deepEqual(await shown(page), ['7', ...Array(10).fill(none), '8', none]);
    assert.deepEqual(await column(page, 'id'), ['7', '9223372036854775808', '1e3', '—', '-1', '0', 'true', '{…}', 'x', '7.0', '—', '8', '—']);
    assert.deepEqual(await column(page, 'restoreTenantName'), [...given.map((_, at) => `t${at}`), 'none']);
    assert.deepEqual(await notices(page), ['Rows without a valid ID: 11']);
    const { alert, complete, completeness } = await state(page);
    assert.deepEqual([alert, complete, completeness], [null, 'true', '13 of 13 tasks']);
    assert.equal((await heard(page, 'obrt-error')).length, 0);

    const event = await activate(page, 'tr[aria-rowindex="4"]');
    assert.deepEqual([event.id, event.task.restoreTenantName], [null, 't2']);
    await page.keyboard.press('Escape');
    // Those that are none are last, whichever way.
    await sortBy(page, 'id');
    assert.deepEqual((await column(page, 'restoreTenantName')).slice(-9), ['t1', 't2', 't3', 't6', 't7', 't8', 't9', 't10', 'none']);
    const { tasks: list } = JSON.parse(await exported(page, { format: 'json' }));
    assert.deepEqual(list.map(({ id }) => id).sort(), ['-1', '0', '1e3', '7', '7.0', '8', '9223372036854775808', 'true', 'x', '{…}', undefined, undefined, undefined].sort());
    await page.locator(TAG).getByRole('searchbox').fill('id:7');
    await eventually('one row', async () => (await shown(page)).join() === '7');
    await end(page);
  });

  test('T29: statuses, modes and fields that nobody knows are shown as they are, in a neutral tone', async () => {
    const tasks = [
      '{"id":1,"status":"RESTORE_ARCHIVING","backupMode":"SNAPSHOT","nobodyKnows":{"a":[1,{"b":null}]},"x":[[]]}',
      '{"id":2}',
      '{"status":7,"backupMode":true,"id":3}',
      '{"id":4,"status":"X","statusDesc":"Archiving"}',
      '{"id":5,"status":"restore_success"}',
      '{"id":6,"status":"RESTORE_FAIL","backupMode":"physical_backup"}',
    ];
    const page = await openOn(stage, answer(tasks), 'columns=id+status+backupMode+restoreTenantName+createTime+duration+ocpJobId&overview=on');
    const all = await rows(page);
    assert.deepEqual(all.map(({ status, outcome, cells }) => [status, outcome, cells.status, cells.backupMode]), [
      ['RESTORE_ARCHIVING', 'unknown', 'RESTORE_ARCHIVING', 'SNAPSHOT'],
      ['', 'unknown', 'Unknown', '—'],
      ['7', 'unknown', '7', 'true'],
      ['X', 'unknown', 'Archiving', '—'],
      ['restore_success', 'succeeded', 'Completed', '—'],
      ['RESTORE_FAIL', 'failed', 'Failed', 'physical_backup'],
    ]);
    for (const id of ['restoreTenantName', 'createTime', 'duration', 'ocpJobId']) assert.deepEqual(await column(page, id), Array(6).fill('—'));
    const looks = await page.locator(TAG).evaluate((element) => {
      const of = (id) => {
        const cell = element.shadowRoot.querySelector(`tr[data-task-id="${id}"] [data-outcome]`);
        return { icon: getComputedStyle(cell.querySelector('.icon')).color, words: getComputedStyle(cell.querySelector('.words')).color };
      };
      return { unknown: ['1', '2', '3', '4'].map(of), good: of('5'), bad: of('6'), muted: getComputedStyle(element.shadowRoot.querySelector('.muted')).color };
    });
    for (const { icon, words } of looks.unknown) {
      assert.equal(icon, looks.muted);
      assert.ok(![looks.good.icon, looks.bad.icon, looks.bad.words].includes(words));
    }
    assert.deepEqual(await notices(page), []);
    assert.equal((await heard(page, 'obrt-error')).length, 0);
    await end(page);
  });

  test('T30: times are taken as they come; what is none stays as it is, and last', async () => {
    const zones = ['18:32:{}+0800', '18:32:{}+08:00', '10:32:{}Z', '02:32:{}-08:00'];
    const digits = Array.from({ length: 10 }, (_, at) => (at === 0 ? '' : `.${'9'.repeat(at)}`));
    const good = digits.flatMap((point) => zones.map((zone) => `2021-09-09T${zone.replace('{}', `18${point}`)}`));
    const odd = ['soon', '2021-09-09T10:32:18', '2021-02-30T10:00:00Z', '2021-09-09T10:32:18.1234567890Z', '1631183538', '<b>', '٢٠٢١-09-09'];
    const missing = [null, '', ' '];
    const tasks = [...odd, ...good, ...missing].map((createTime, at) => ({ id: at + 1, status: 'RESTORE_SUCCESS', createTime }));
    tasks.push('{"id":900,"createTime":1631183538}', '{"id":901,"createTime":{"at":1}}');
    const page = await openOn(stage, answer(tasks), 'columns=id+createTime&page-size=100&time-zone=Asia/Shanghai');
    const cells = await column(page, 'createTime');
    assert.deepEqual(cells.slice(0, odd.length), odd);
    assert.deepEqual(cells.slice(odd.length, odd.length + good.length), good.map(() => 'Sep 9, 2021, 18:32:18'));
    assert.deepEqual(cells.slice(odd.length + good.length), ['—', '—', '—', '1631183538', '{…}']);
    for (const direction of ['ascending', 'descending']) {
      await sortBy(page, 'createTime');
      assert.equal(await header(page, 'createTime').getAttribute('aria-sort'), direction);
      const ids = (await shown(page)).map(Number);
      const instants = ids.slice(0, good.length).map((id) => tasks[id - 1].createTime.slice(17).replace(/[+-].*|Z/, '').replace(/^18$/, '18.').padEnd(9, '0').slice(0, 9));
      const inOrder = [...instants].sort();
      assert.deepEqual(instants, direction === 'ascending' ? inOrder : inOrder.reverse());
      assert.deepEqual(ids.slice(good.length), [1, 2, 3, 4, 5, 6, 7, 48, 49, 50, 900, 901], direction);
    }
    const csv = parseCsv(await exported(page, { format: 'csv' })).slice(1);
    assert.deepEqual(new Set(csv.slice(0, good.length).map(([, time]) => time.replace(/\.\d{3}/, ''))), new Set(['2021-09-09T18:32:18+08:00']));
    assert.deepEqual(csv.slice(good.length).map(([, time]) => time), [...odd, '', '', '', '1631183538', '{…}']);
    await end(page);
  });

  test('T31: a finish before the start is “—” everywhere, and never a length below nothing', async () => {
    const time = (second) => `2021-09-09T18:32:${second}Z`;
    const tasks = [
      { id: 1, status: 'RESTORE_SUCCESS', createTime: time(18), finishTime: time(17) },
      { id: 2, status: 'RESTORE_SUCCESS', createTime: time(18), finishTime: time(19) },
      { id: 3, status: 'RESTORE_PRE', createTime: '2999-09-09T18:32:18Z' },
      { id: 4, status: 'RESTORE_FAIL', createTime: '9999-12-31T23:59:59Z', finishTime: '0001-01-01T00:00:00Z', errorMsg: 'x' },
      { id: 5, status: 'RESTORE_SUCCESS', createTime: time(18), finishTime: time(18), restoreEndTime: time(20) },
    ];
    const page = await openOn(stage, answer(tasks), 'columns=id+createTime+finishTime+duration+rewind&overview=on');
    assert.deepEqual(await column(page, 'duration'), ['—', '1.0 s', '—', '—', '0.0 s']);
    for (const want of [['5', '2', '1', '3', '4'], ['2', '5', '1', '3', '4']]) {
      await sortBy(page, 'duration');
      assert.deepEqual(await shown(page), want);
    }
    const csv = parseCsv(await exported(page, { format: 'csv' })).slice(1);
    assert.deepEqual(csv.map((line) => [line[0], line[3], line[4]]), [['2', '1', ''], ['5', '0', '-2'], ['1', '', ''], ['3', '', ''], ['4', '', '']]);
    for (const id of [1, 3, 4]) {
      await activate(page, `tr[data-task-id="${id}"]`);
      const detail = page.locator(`${TAG} [part~="detail"]`);
      assert.equal(await detail.locator('dd[data-column="duration"]').innerText(), '—');
      assert.doesNotMatch(await detail.innerText(), /−\d/);
      await page.keyboard.press('Escape');
    }
    assert.doesNotMatch(await page.locator(`${TAG} .overview`).innerText(), /[−-]\d+(\.\d)? (s|m|h|d)/);
    await page.locator(TAG).getByRole('searchbox').fill('duration:<1m');
    await eventually('those with a length', async () => (await shown(page)).join() === '2,5');
    await end(page);
  });

  test('T32: the plus of a bound is %2B on the wire, and the server takes it', async () => {
    const { url } = stage.server;
    await fetch(`${url}/faults/log`, { method: 'DELETE' });
    const range = encodeURIComponent('2021-09-01T00:00:00+08:00/2021-09-02T00:00:00+08:00');
    const page = await openOn(stage, answer([`{"id":1,${OK}}`]), `time-zone=Asia/Shanghai&range=${range}`);
    const bounds = 'startTime=2021-09-01T00%3A00%3A00.000%2B08%3A00&endTime=2021-09-02T00%3A00%3A00.000%2B08%3A00';
    const { requests } = await (await fetch(`${url}/faults/log`)).json();
    for (const address of [...asked(page), ...requests.map(({ path }) => path)]) {
      assert.ok(address.includes(bounds), address);
      assert.ok(!address.includes('+'), address);
    }
    // What the server itself makes of it: a plus that were a space would be refused.
    await mend(stage.server);
    await refresh(page);
    const { alert, complete } = await waitSettled(page);
    assert.deepEqual([alert, complete], [null, 'true']);
    assert.equal((await heard(page, 'obrt-error')).length, 0);
    assert.equal(asked(page).length, 2);
    await end(page);
  });

  const deep = (open, close, middle = '') => `${open.repeat(100_000)}${middle}${close.repeat(100_000)}`;
  /** So large that a worker reads it. */
  const large = (fields) => `{"id":1,"restoreTenantName":"${'x'.repeat(300_000)}",${fields}}`;
  const UNSOUND = {
    'arrays 100,000 deep': `{"id":1,"x":${deep('[', ']')}}`,
    'objects 100,000 deep': `{"id":1,"x":${deep('{"a":', '}', '0')}}`,
    'a row 100,000 deep': deep('[', ']'),
    'an id twice': '{"id":1,"id":1}',
    'twice, once escaped': '{"id":1,"\\u0069d":2}',
    'twice, in a large page': large('"status":"A","status":"B"'),
    'half of a pair': '{"id":1,"restoreTenantName":"a\\ud800b"}',
    'its other half': '{"id":1,"restoreTenantName":"\\udc00"}',
    'half of a pair in a large page': large('"status":"\\ud800"'),
    'a line break in a text': '{"id":1,"status":"a\nb"}',
    NaN: '{"id":NaN}',
    'a comma too many': '{"id":1,}',
  };

  test('T33: JSON that is none is a typed error, and the rows and the focus stay', async () => {
    const page = await openOn(stage, answer([`{"id":2,${OK}}`, `{"id":1,${OK}}`]));
    const row = page.locator(`${TAG} tr[data-task-id="1"]`);
    await row.focus();
    const before = await rows(page);
    const bodies = Object.entries(UNSOUND).map(([what, task]) => [what, answer([task])]);
    const whole = answer([`{"id":9,${OK}}`]);
    const twice = (field, again) => [`${field} twice`, whole.replace(`"${field}":`, `"${field}":${again},"${field}":`)];
    bodies.push(twice('successful', 'false'), twice('totalElements', '0'), twice('traceId', '"other"'), twice('data', 'null'), twice('page', '{}'));
    const refusal = '{"successful":false,"error":{"code":"1","message":"no"},"traceId":"told"}';
    bodies.push(['code twice', refusal.replace('"code"', '"code":"IAM10000","code"')], ['message twice', refusal.replace('"message"', '"message":"yes","message"')]);
    bodies.push(['contents twice', whole.replace('"contents"', '"contents":[],"contents"')], ['something behind it', `${whole}x`], ['two marks', `\uFEFF\uFEFF${whole}`]);
    for (const [at, [what, body]] of bodies.entries()) {
      await mend(stage.server);
      await spoil(stage.server, undefined, { body, times: 9 });
      await refresh(page);
      const told = await heard(page, 'obrt-error');
      assert.equal(told.length, at + 1, what);
      assert.deepEqual([told[at].code, told[at].retryable], ['decode', false], what);
      assert.match(told[at].message, /was due at line \d+, column \d+$/, what);
      assert.deepEqual(await rows(page), before, what);
      assert.equal(await page.locator(TAG).getByRole('alert').count(), 1, what);
      assert.equal(await row.evaluate((row) => row.matches(':focus')), true, what);
    }
    assert.equal(asked(page).length, 1 + bodies.length, 'no retry by itself');
    await mend(stage.server);
    await spoil(stage.server, undefined, { body: `\uFEFF${answer([`{"id":3,"restoreTenantName":"\\ud83d\\ude00\uFEFF",${OK}}`])}`, times: 9 });
    await refresh(page);
    assert.deepEqual([await shown(page), await column(page, 'restoreTenantName')], [['3'], ['😀\uFEFF']]);
    assert.equal((await waitSettled(page)).alert, null);
    await end(page);
  });
});
