/** What a hostile host page, link or storage says (line 39); and what was found to go wrong beyond the list. */

import assert from 'node:assert/strict';
import { answer, column, end, exported, heard, notices, openOn, refresh } from '../lib/answers.mjs';
import { cutOff } from '../lib/cut.mjs';
import { eventually, mend, rows, spoil, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const SAMPLE = [{ id: 4, status: 'RESTORE_FAIL', restoreTenantName: 'a', errorMsg: 'no' }, { id: 1, status: 'RESTORE_SUCCESS', restoreTenantName: 'b' }];
const BODY = answer(SAMPLE);
const element = (page, run, value) => page.locator(TAG).evaluate(run, value);
const set = (page, name, value) => element(page, (element, [name, value]) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value)), [name, value]);
const view = (page) => element(page, (element) => element.getState());
const detail = (page) => page.locator(`${TAG} [part~="detail"]`);
const measured = async (page, what) => {
  const found = (await page.evaluate(cutOff, TAG)).filter((line) => !/^cut off: td/.test(line));
  assert.deepEqual(found, [], what);
};

describe('hostile hosts', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  /** Sets an attribute, and sees it named in an event and in a notice, the rows kept, and everything as before once it is gone. */
  async function isNamed(page, name, value) {
    const what = `${name}=${JSON.stringify(value).slice(0, 40)}`;
    const before = (await heard(page, 'obrt-error')).length;
    await set(page, name, value);
    const told = await eventually(what, async () => {
      const all = (await heard(page, 'obrt-error')).slice(before);
      return all.length > 0 && all;
    });
    for (const { code, attribute, retryable, message } of told) {
      assert.deepEqual([code, attribute, retryable], ['config', name, false], what);
      assert.ok(message.length > 0 && message.length < 400, `${what}: ${message.length} characters`);
    }
    const said = (await notices(page)).filter((text) => text.includes(name));
    assert.ok(said.length >= 1 && said.length <= 4, `${what}: ${said.length} notices`);
    assert.equal(await page.locator(TAG).getByRole('alert').count(), 0, what);
    await set(page, name, name === 'cluster-id' ? '1000005' : null);
    await eventually(`${what} is gone`, async () => (await notices(page)).length === 0 && (await column(page, 'id')).join() === '4,1');
  }

  test('T39: page-size −1 and 1e9, and every other number that is none, is named and falls back', async () => {
    const page = await openOn(stage, BODY);
    for (const name of ['page-size', 'max-rows', 'refresh']) {
      for (const value of ['-1', '1e9', '99999999999', 'NaN', '0x10', '٣', '2.5', '__proto__', '', '\u202E5', '9'.repeat(100_000)]) {
        await isNamed(page, name, value);
      }
    }
    for (const [value, size] of [['-1', 20], ['1e9', 20], ['1000000000', 20], ['0', 20], ['2001', 20], ['2000', 2000]]) {
      await set(page, 'page-size', value);
      await waitSettled(page);
      const seen = await element(page, (element) => [element.pageSize, element.getState().pageSize]);
      assert.deepEqual(seen, [size, size], value);
    }
    // The two rows are the whole range, so no page has to be asked for; a refresh may ask.
    const sizes = page.requests.filter(({ api }) => api).map(({ url }) => Number(new URL(url).searchParams.get('size')));
    assert.ok(sizes.length > 0 && sizes.every((size) => size === 20 || size === 2000), sizes.join());
    await end(page);
  });

  test('T39: hostile words in any attribute are named, and the rest holds', async () => {
    const page = await openOn(stage, BODY);
    const words = ['__proto__', 'constructor', 'hasOwnProperty', '<img src=x onerror=pwned()>', 'javascript:pwned()', '\u202E', '\uD800', '\u0000', 'x y\t'.repeat(100_000)];
    for (const name of ['theme', 'density', 'credentials', 'url-sync', 'overview', 'shortcuts', 'sort', 'columns', 'range', 'time-zone', 'cluster-id']) {
      for (const value of words) await isNamed(page, name, value);
    }
    for (const name of ['url-key', 'storage-key']) {
      for (const value of words.slice(3)) await isNamed(page, name, value);
    }
    await end(page);
  });

  test('T39: no prototype is touched by address, storage, texts, headers, tasks, views, options or answers', async () => {
    const polluted = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    const body = answer([`{"id":1,${polluted}}`, `{${polluted},"id":2,"restoreTenantName":"__proto__","status":"__proto__","backupMode":"constructor"}`], { more: `,${polluted}` })
      .replace('"page":{', `${polluted},"page":{${polluted},`);
    const stored = `{"version":1,${polluted},"look":{${polluted},"widths":{${polluted}}},"views":[{"of":"__proto__",${polluted},"is":{${polluted},"sort":"__proto__","columns":["__proto__"],"widths":{"__proto__":9}}}]}`;
    const link = new URLSearchParams({
      '__proto__[polluted]': '1', 'constructor.prototype.polluted': '1', 'url-sync': 'query', 'storage-key': 'torture', '__proto__': 'polluted', 'rt-__proto__': '1',
      'rt-sort': '__proto__', 'rt-filter': '__proto__:polluted', 'rt-page': '-1', 'rt-columns': '__proto__ constructor', 'rt-range': 'constructor', 'rt-zone': '__proto__',
    });
    const prepare = (page) => page.addInitScript((stored) => localStorage.setItem('ob-restore-tasks:torture', stored), stored);
    const page = await openOn(stage, body, String(link), { prepare });
    const told = await heard(page, 'obrt-error');
    assert.deepEqual([...new Set(told.map(({ code, attribute }) => `${code} ${attribute}`))].sort(), ['config time-zone', 'config url-sync']);
    assert.deepEqual((await view(page)).page, 1);
    await page.locator(TAG).getByRole('searchbox').fill('');
    await eventually('both rows', async () => (await column(page, 'id')).join() === '1,2');
    assert.deepEqual((await column(page, 'status'))[1], '__proto__');

    await element(page, async (element, polluted) => {
      const hostile = JSON.parse(`{${polluted},"sort":"__proto__","page":-1,"pageSize":-1,"columns":["__proto__"],"widths":{"__proto__":1,"id":1e300},"range":"__proto__","density":"__proto__"}`);
      await element.setState(hostile);
      await element.setState(JSON.parse('{"__proto__":{"sort":"id"}}'));
      await element.exportData(JSON.parse('{"format":"csv","__proto__":{"scope":"page"}}'));
      const refused = await Promise.allSettled(['__proto__', 'constructor', null].map((format) => element.exportData({ format })));
      window.refused = refused.map(({ status }) => status);
      element.messages = JSON.parse('{"__proto__":"polluted"}');
      element.messages = JSON.parse('{"constructor":"polluted"}');
      element.messages = null;
      element.headers = JSON.parse('{"__proto__":"polluted","x-constructor":"y"}');
      await element.refresh();
      element.headers = null;
      element.tasks = JSON.parse(`[{"id":3,${polluted}}]`);
    }, polluted);
    assert.deepEqual(await page.evaluate(() => window.refused), Array(3).fill('rejected'));
    await eventually('the host’s own', async () => (await column(page, 'id')).join() === '3');
    const { sort, pageSize, page: number } = await view(page);
    assert.deepEqual([sort, pageSize, number], ['', 20, 1]);
    for (const format of ['csv', 'json']) assert.match(await exported(page, { format }), /3/);
    await end(page);
  });

  test('T39: a view of any shape changes nothing or is clamped, and nothing is thrown', async () => {
    const page = await openOn(stage, BODY);
    const before = await view(page);
    await element(page, async (element) => {
      const cyclic = {};
      cyclic.columns = [cyclic];
      const throws = { get sort() { throw new Error('mine'); } };
      const all = [null, undefined, 7, 'sort', [], () => 0, Symbol.iterator, new Proxy({}, { get() { throw new Error('mine'); } }), throws, cyclic, new Map([['sort', 'id']]), { sort: 7, page: 'x' }, { filter: 7n }];
      for (const state of all) await element.setState(state);
    });
    assert.deepEqual(await view(page), before);
    // What is right in it holds beside what is wrong, and it may call in while it is read.
    await element(page, (element) => element.setState({ sort: 'id', page: 'x', columns: 7, toJSON() { element.refresh(); element.setState({}); return { sort: '-id', page: 'x' }; } }));
    assert.equal((await view(page)).sort, '-id');
    await element(page, (element) => {
      const throws = { get a() { throw new Error('mine'); }, toJSON() { throw new Error('mine'); } };
      element.messages = throws;
      element.headers = throws;
      element.tasks = [throws];
      element.tasks = Object.assign([], { toJSON: () => undefined });
      return element.refresh();
    });
    const told = (await heard(page, 'obrt-error')).map(({ code, attribute }) => `${code} ${attribute}`);
    assert.deepEqual([...new Set(told)].sort(), ['config headers', 'config messages', 'config tasks']);
    await element(page, (element) => {
      element.messages = element.headers = element.tasks = null;
      element.reset();
      return element.refresh();
    });
    await eventually('as before', async () => (await column(page, 'id')).join() === '4,1' && (await notices(page)).length === 0);
    for (const [state, want] of [[{ page: 1e9 }, { page: 1 }], [{ page: NaN, pageSize: Infinity }, { page: 1, pageSize: 20 }], [{ pageSize: -1 }, { pageSize: 20 }], [{ pageSize: 1e9 }, { pageSize: 2000 }], [{ pageSize: 20, page: -Infinity }, { pageSize: 20, page: 1 }]]) {
      await element(page, (element, state) => element.setState(state), state);
      await waitSettled(page);
      const now = await view(page);
      for (const [name, value] of Object.entries(want)) assert.equal(now[name], value, JSON.stringify(state));
    }
    assert.deepEqual(await column(page, 'id'), ['4', '1']);
    await end(page);
  });
});

describe('beyond the torture list', { concurrency: 1 }, () => {
  let stage;
  useStage((there) => (stage = there));
  afterEach(() => mend(stage.server));

  for (const width of [1280, 320]) {
    test(`a refusal of a megabyte, with a code and a trace id of one: ${width} px`, async () => {
      const long = 'W'.repeat(1 << 20);
      const page = await openOn(stage, BODY, '', { viewport: { width, height: 900 } });
      await mend(stage.server);
      await spoil(stage.server, undefined, { times: 9, body: JSON.stringify({ successful: false, traceId: long, error: { code: long, message: long } }) });
      await refresh(page);
      const notice = page.locator(`${TAG} .notice.bad`);
      const { height } = await notice.boundingBox();
      assert.ok(height < 900, `${height} px`);
      assert.equal(await notice.getByRole('button', { name: 'Retry' }).isVisible(), true);
      await measured(page, 'a refusal');
      const [error] = await heard(page, 'obrt-error');
      assert.deepEqual([error.code, error.message.length, error.traceId.length], ['api', long.length, 201]);
      assert.deepEqual(await column(page, 'id'), ['4', '1']);
      await end(page);
    });
  }

  test('names of a megabyte in the breakdown and among the suggestions', async () => {
    const long = (letter) => letter.repeat(1 << 20);
    const tasks = [1, 2, 3].map((id) => ({ id, status: `S${long('T')}`, backupMode: long('M'), restoreTenantName: long('ABC'[id - 1]), restoreClusterName: `\u202E${id}`, errorMsg: `X : OB_${'E'.repeat(300)}(-${id}) on "x"` }));
    for (const width of [1280, 320]) {
      const page = await openOn(stage, answer(tasks), 'overview=on', { viewport: { width, height: 900 } });
      await page.locator(TAG).getByRole('button', { name: 'Breakdown' }).click();
      await page.locator(`${TAG} .facet`).first().waitFor();
      const facets = await page.locator(`${TAG} .facet .words`).allInnerTexts();
      assert.ok(facets.length >= 5 && facets.every((text) => text.length <= 101), facets.map((text) => text.length).join());
      await measured(page, `the breakdown at ${width}`);
      await page.keyboard.press('Escape');
      for (const field of ['tenant:', 'cluster:', 'status:', 'mode:']) {
        await page.locator(TAG).getByRole('searchbox').fill('');
        await page.locator(TAG).getByRole('searchbox').pressSequentially(field);
        await page.locator(`${TAG} .suggestions [role="option"]`).first().waitFor();
        await measured(page, `${field} at ${width}`);
      }
      await end(page);
    }
  });

  test('100,000 pools of one task', async () => {
    const pools = Array.from({ length: 100_000 }, (_, at) => `pool_${at}`);
    const page = await openOn(stage, answer([{ id: 1, status: 'RESTORE_FAIL', errorMsg: 'no', restorePoolListStr: pools.join(',') }]));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator(`${TAG} tbody tr[data-row]`).press('Enter');
    await detail(page).waitFor();
    assert.equal(await detail(page).locator('.chips li').count(), 201);
    await detail(page).getByRole('button', { name: 'Resource pools…' }).click();
    await eventually('copied', async () => (await detail(page).locator('.said').innerText()) === 'Copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), pools.join(', '));
    await end(page);
  });

  test('a link and an attribute with 100,000 wrong columns', async () => {
    const many = (letter) => Array.from({ length: 100_000 }, (_, at) => `${letter}${at}`).join(' ');
    const page = await openOn(stage, BODY, 'url-sync=hash');
    await set(page, 'columns', many('a'));
    await page.evaluate((many) => (location.hash = `rt-columns=${encodeURIComponent(many)}&rt-sort=${encodeURIComponent(many)}`), many('b'));
    await eventually('named', async () => (await heard(page, 'obrt-error')).some(({ attribute }) => attribute === 'url-sync'));
    const told = await heard(page, 'obrt-error');
    assert.equal(told.filter(({ attribute }) => attribute === 'columns').length, 4);
    assert.equal(told.filter(({ attribute }) => attribute === 'url-sync').length, 5);
    await measured(page, 'the notices');
    assert.deepEqual(await column(page, 'id'), ['4', '1']);
    await end(page);
  });

  test('a link with a filter of 50,000 parts', async () => {
    const page = await openOn(stage, BODY, 'url-sync=hash');
    const filter = Array.from({ length: 25_000 }, (_, at) => `created:x${at} y:${at}`).join(' ');
    await page.evaluate((filter) => (location.hash = `rt-filter=${encodeURIComponent(filter)}`), filter);
    await page.locator(`${TAG} .token`).first().waitFor();
    assert.equal(await page.locator(`${TAG} .token`).count(), 100);
    await page.locator(TAG).getByRole('searchbox').fill('');
    await eventually('rows again', async () => (await column(page, 'id')).join() === '4,1');
    await end(page);
  });

  test('page 1,000,000,000 of nine quadrillion tasks', async () => {
    const page = await openOn(stage, answer(SAMPLE, { total: 9_007_199_254_740_991 }), 'url-sync=query&rt-page=1000000000&page-size=1');
    for (const name of ['Next page', 'Last page', 'Previous page', 'First page']) {
      await page.locator(TAG).getByRole('button', { name }).click();
      await waitSettled(page);
    }
    await measured(page, 'the footer');
    assert.equal((await view(page)).page, 1);
    assert.ok(page.requests.filter(({ api }) => api).length < 30);
    await end(page);
  });

  test('ids that repeat, in one page and between pages, each with its own row, focus and details', async () => {
    const twins = Array.from({ length: 30 }, (_, at) => ({ id: 7, status: 'RESTORE_FAIL', restoreTenantName: `t${at}`, errorMsg: `e${at}` }));
    const page = await openOn(stage, answer([...twins, ...twins.slice(0, 5)], { total: 35 }), 'page-size=100&columns=id+restoreTenantName');
    assert.deepEqual(await column(page, 'restoreTenantName'), twins.map(({ restoreTenantName }) => restoreTenantName));
    for (const at of [0, 17, 29]) {
      const row = page.locator(`${TAG} tr[aria-rowindex="${at + 2}"]`);
      await row.press('Enter');
      await detail(page).waitFor();
      assert.equal(await detail(page).locator('pre').innerText(), `e${at}`);
      await page.keyboard.press('Escape');
      assert.equal(await row.evaluate((row) => row.matches(':focus')), true);
    }
    await end(page);
  });

  test('a host page whose own script has changed the prototypes', async () => {
    const prepare = (page) => page.addInitScript(() => {
      Object.prototype.added = 'x';
      Array.prototype.added = 'y';
      // No part of a view may be taken from there.
      Object.prototype.sort = 'id';
      String.prototype.added = 'z';
    });
    const page = await openOn(stage, BODY, 'columns=id+status', { prepare });
    assert.deepEqual((await rows(page)).map(({ id, cells }) => [id, cells.status]), [['4', 'Failed'], ['1', 'Completed']]);
    await element(page, (element) => element.setState({ pageSize: 50 }));
    assert.match(await exported(page, { format: 'json' }), /"tasks":\[\{"id":"4"/);
    await page.evaluate(() => {
      for (const prototype of [Object.prototype, Array.prototype, String.prototype]) delete prototype.added;
      delete Object.prototype.sort;
    });
    await end(page);
  });

  test('lone surrogates and control characters from the host', async () => {
    const page = await openOn(stage, BODY);
    const odd = 'a\uD800b\uDC00\u0000\u0007\u001b[31m';
    await element(page, async (element, odd) => {
      element.setAttribute('filter', odd);
      await element.setState({ filter: odd });
      element.setAttribute('job-href', `/${odd}`);
      element.setAttribute('lang', odd);
      element.tasks = [{ id: 1, restoreTenantName: odd }];
    }, odd);
    const told = await eventually('named', async () => {
      const all = await heard(page, 'obrt-error');
      return all.some(({ attribute }) => attribute === 'tasks') && all;
    });
    assert.deepEqual([...new Set(told.map(({ attribute }) => attribute))].sort(), ['job-href', 'tasks']);
    await element(page, (element) => {
      element.tasks = null;
      for (const name of ['filter', 'job-href', 'lang']) element.removeAttribute(name);
      element.reset();
    });
    await eventually('rows again', async () => (await column(page, 'id')).join() === '4,1');
    await end(page);
  });
});
