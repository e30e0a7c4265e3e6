/**
 * Lines of the torture list whose outcome the engine has a part in, in Chromium, Firefox and WebKit: what a broken connection
 * or a refusal looks like to a page, and what is made of texts. The faults are the companion server's, over real sockets.
 */

import assert from 'node:assert/strict';
import { isThere, press, seen } from '../lib/engines.mjs';
import { inFront } from '../lib/front.mjs';
import { eventually, mend, spoil, startServer, TAG } from '../lib/harness.mjs';
import { inEachEngine } from '../lib/stage.mjs';
import { announce } from '../lib/still.mjs';
import { afterEach } from '../lib/test.mjs';

/** What an engine says of a request that failed as it was meant to. */
const OF_THE_NETWORK = /^request: |Failed to load resource/;

/** On the page, before its scripts: notes what the host hears, and counts what is asked (no engine's log has refused requests for all three). */
function note() {
  window.heard = [];
  for (const name of ['obrt-error', 'obrt-load', 'obrt-auth-required']) {
    document.addEventListener(name, ({ detail }) => window.heard.push({ name, ...detail }));
  }
  window.asked = 0;
  const send = window.fetch;
  window.fetch = (what, options) => {
    if ((what.url ?? String(what)).includes('/api/v2/')) window.asked += 1;
    return send.call(window, what, options);
  };
  // Not every engine lets a page without a person write there.
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => void (window.copied = text) } });
}

/** Text that would run, were it taken for HTML anywhere. It has no comma and no quote, so that a filter can say it. */
const hostile = (name) => `${name}<img src=x onerror=pwned()><script>pwned()</script>`;

const TEXTS = ['backupClusterName', 'backupTenantName', 'restoreClusterName', 'restoreTenantName', 'backupMode', 'restoreUri', 'restorePoolListStr'];
const TIMES = ['createTime', 'finishTime', 'restoreEndTime'];
const fields = Object.fromEntries([...TEXTS, ...TIMES].map((name) => [name, hostile(name)]));
const FAILED = {
  ...fields, id: 7, finished: true, successful: false, status: hostile('status'),
  errorMsg: `CLOG : OB_ENTRY_NOT_EXIST(-4018) on "${hostile('server')}" with traceid YB42AC1E55AC-0005CB53B2946DFF`,
};
const RUNNING = { ...fields, id: 8, finished: false, status: hostile('status'), statusDesc: hostile('statusDesc'), errorMsg: hostile('errorMsg') };
const BAD_ID = { ...fields, id: hostile('id'), status: hostile('status'), ocpJobId: hostile('ocpJobId') };
const ROWS = [RUNNING, FAILED, BAD_ID];
const HOSTILE = JSON.stringify({
  data: { contents: ROWS, page: { number: 1, size: 20, totalElements: 3, totalPages: 1 } },
  status: 200, successful: true, traceId: hostile('traceId'),
});
const REFUSAL = JSON.stringify({
  successful: false, status: 500, traceId: hostile('traceId'), error: { code: hostile('code'), message: hostile('message') },
});

inEachEngine('torture', (engine, test, useStage) => {
  let server;
  let browser;
  useStage((stage) => {
    ({ server, browser } = stage);
    console.log(`    ${browser.version}`);
  });
  afterEach(() => server && mend(server));

  const log = async () => (await (await fetch(`${server.url}/faults/log`)).json()).requests;
  const clearLog = () => fetch(`${server.url}/faults/log`, { method: 'DELETE' });
  const tell = (page, name) => page.evaluate((name) => window.heard.filter((event) => event.name === name), name);
  const errors = (page, count) =>
    eventually(`${count} told`, async () => {
      const told = await tell(page, 'obrt-error');
      return told.length >= count && told;
    }, { timeout: 60_000 });
  const see = (page, what, is, timeout = 30_000) => eventually(what, async () => is(await seen(page)), { timeout });
  const refresh = (page) => page.evaluate((tag) => void document.querySelector(tag).refresh(), TAG);

  /** Opens a view, and sees at the end that nothing went wrong beyond the network. */
  async function use(query, deed, of = server) {
    await clearLog();
    const page = await browser.open(`${of.url}/?${query}`, { prepare: note });
    try {
      await deed(page);
      assert.deepEqual((await page.problems()).filter((text) => !OF_THE_NETWORK.test(text)), []);
    } finally {
      await page.close();
    }
  }

  /** The rows of the sample are there, the whole module is, and the focus is on the first one. */
  async function atTheTable(page) {
    await isThere(page, '.paper');
    await see(page, 'rows', ({ ids, busy }) => ids.join() === '4,1' && !busy);
    await page.evaluate((tag) => document.querySelector(tag).shadowRoot.querySelector('tr[data-task-id]').focus(), TAG);
  }

  test('T1: connection refused: 4 requests, an error, the rows kept, and Retry works once the server is back', async () => {
    let own = await startServer();
    const { url } = own;
    try {
      await use('cluster-id=1000005&refresh=0', async (page) => {
        await atTheTable(page);
        await own.stop();
        await page.evaluate(() => (window.asked = 0));
        await refresh(page);
        const [error] = await errors(page, 1);
        assert.deepEqual([error.code, error.retryable, await page.evaluate(() => window.asked)], ['network', true, 4]);
        const stale = await seen(page);
        assert.deepEqual([stale.ids, stale.focus, stale.alerts.length], [['4', '1'], '4', 1]);
        assert.match(stale.alerts[0], /could not be reached/);

        // Where there is nothing to keep.
        await page.evaluate((tag) => {
          window.asked = 0;
          document.querySelector(tag).clusterId = '1000050';
        }, TAG);
        await errors(page, 2);
        assert.equal(await page.evaluate(() => window.asked), 4);
        const bare = await seen(page);
        assert.deepEqual([bare.ids, bare.alerts.length], [[], 1]);

        own = await startServer({ listen: new URL(url).host });
        await press(page, '[part~="banner"] button', 'Retry');
        await see(page, 'the rows', ({ ids, alerts }) => ids.length === 20 && alerts.length === 0);
        assert.equal((await errors(page, 2)).length, 2);
      }, own);
    } finally {
      await own.stop();
    }
  });

  test('T2: reset in the middle of a body: 4 requests, an error, the rows kept, and Retry works', async () => {
    await spoil(server, 'reset-body', { times: 1000 });
    await use('cluster-id=1000005&refresh=0', async (page) => {
      const [error] = await errors(page, 1);
      assert.deepEqual([error.code, error.retryable, (await log()).length], ['network', true, 4]);
      const bare = await seen(page);
      assert.deepEqual([bare.ids, bare.alerts.length], [[], 1]);
      assert.match(bare.alerts[0], /could not be reached/);
      await mend(server);
      await press(page, '[part~="banner"] button', 'Retry');
      await atTheTable(page);

      await spoil(server, 'reset-body', { times: 1000 });
      await clearLog();
      await refresh(page);
      await errors(page, 2);
      assert.equal((await log()).length, 4);
      const stale = await seen(page);
      assert.deepEqual([stale.ids, stale.focus, stale.alerts.length], [['4', '1'], '4', 1]);
      await mend(server);
      await press(page, '[part~="banner"] button', 'Retry');
      await see(page, 'no alert', ({ ids, alerts }) => ids.join() === '4,1' && alerts.length === 0);
    });
  });

  test('T11: 400, 401, 403 and 404: 1 request each, and a message of its own', async () => {
    const said = new Map();
    for (const [status, code, words] of [[400, 'http', /time range/], [401, 'auth', /sign in/i], [403, 'permission', /permission/], [404, 'http', /cluster/]]) {
      await spoil(server, `status=${status}`, { times: 1000 });
      await use('cluster-id=1000005&refresh=0', async (page) => {
        const [error] = await errors(page, 1);
        assert.deepEqual([error.status, error.code, error.retryable], [status, code, false]);
        const { alerts, ids } = await seen(page);
        assert.deepEqual([alerts.length, ids], [1, []]);
        assert.match(alerts[0], words);
        said.set(alerts[0], status);
        assert.equal((await tell(page, 'obrt-auth-required')).length, status === 401 ? 1 : 0);
        assert.deepEqual((await log()).map((request) => request.status), [status]);
        assert.equal((await tell(page, 'obrt-error')).length, 1);
      });
      await mend(server);
    }
    assert.equal(said.size, 4);
  });

  test('T11: 400, 401, 403 and 404 of a refresh: 1 request, the rows and the focus kept, announced once', () =>
    use('cluster-id=1000005&refresh=0', async (page) => {
      await atTheTable(page);
      await page.evaluate(announce, TAG);
      for (const [at, status] of [400, 401, 403, 404].entries()) {
        await clearLog();
        await spoil(server, `status=${status}`, { times: 1000 });
        await refresh(page);
        const told = await errors(page, at + 1);
        assert.equal(told.at(-1).status, status);
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
        assert.deepEqual((await log()).map((request) => request.status), [status]);
        const { ids, focus, alerts } = await seen(page);
        assert.deepEqual([ids, focus, alerts.length], [['4', '1'], '4', 1], String(status));
        assert.equal((await errors(page, at + 1)).length, at + 1);
        const spoken = await page.evaluate(() => window.alerts.splice(0));
        assert.equal(spoken.length, 1, `${status}: ${spoken.join(' | ')}`);
        assert.equal((await tell(page, 'obrt-auth-required')).length, status >= 401 ? 1 : 0);
        // The next one is announced anew.
        await mend(server);
        await refresh(page);
        await see(page, 'no alert', (now) => now.ids.join() === '4,1' && now.alerts.length === 0);
        assert.equal((await seen(page)).focus, '4');
      }
    }));

  test('T12: a login page with 200: “session expired?”, and polling stops until somebody has signed in', () =>
    use('cluster-id=1000005&refresh=1', async (page) => {
      await atTheTable(page);
      const polls = async (count) => {
        await clearLog();
        await eventually(`${count} polls`, async () => (await log()).length >= count);
      };
      const start = Date.now();
      await polls(3);
      const pace = Date.now() - start;
      await spoil(server, 'html', { times: 1000 });
      await clearLog();
      const [error] = await errors(page, 1);
      assert.deepEqual([error.code, error.status], ['auth', 200]);
      assert.equal((await tell(page, 'obrt-auth-required')).length, 1);
      const now = await seen(page);
      assert.deepEqual([now.ids, now.focus, now.alerts.length], [['4', '1'], '4', 1]);
      assert.match(now.alerts[0], /session has expired/);
      // As long as three polls took before.
      await new Promise((resolve) => setTimeout(resolve, pace));
      const asked = (await log()).map(({ path, end }) => (end === null ? 'open' : path));
      // One that was answered before the login page came may stand there as well.
      assert.equal((await tell(page, 'obrt-error')).length, 1);
      assert.equal(asked.length, 1, asked.join());
      await mend(server);
      await press(page, '[part~="banner"] button', 'Retry');
      await see(page, 'no alert', ({ ids, alerts }) => ids.join() === '4,1' && alerts.length === 0);
      await polls(2);
    }));

  test('T16: slow page 1, fast page 2: page 2 stays, with a fetcher too that nobody can abort', async () => {
    for (const deaf of [false, true]) {
      await use('cluster-id=1001240&refresh=0', async (page) => {
        await isThere(page, '.paper');
        await see(page, 'page 1', ({ ids, busy }) => ids.length === 20 && !busy);
        const first = (await seen(page)).ids;
        await page.evaluate(({ tag, deaf }) => {
          window.late = 0;
          const fetcher = async ({ url }) => {
            const answer = await fetch(url);
            if (url.includes('page=1&')) window.late += 1;
            return answer;
          };
          if (deaf) document.querySelector(tag).fetcher = fetcher;
        }, { tag: TAG, deaf });
        await spoil(server, 'latency=3000');
        await clearLog();
        await refresh(page);
        const [slow] = await eventually('the slow one is on its way', async () => (await log()).length > 0 && log());
        await press(page, 'nav button', 'Next page');
        await see(page, 'page 2', ({ ids, page, busy }) => page === '2' && ids.length === 20 && ids[0] !== first[0] && !busy);
        const second = (await seen(page)).ids;
        if (deaf) await eventually('the slow one came', () => page.evaluate(() => window.late === 1));
        else await eventually('the slow one would have come', () => Date.now() > slow.start + 3_000);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        const now = await seen(page);
        assert.deepEqual([now.page, now.ids, now.alerts], ['2', second, []]);
        const pages = (await log()).map(({ path }) => new URLSearchParams(path.split('?')[1]).get('page'));
        assert.deepEqual(pages, ['1', '2']);
      });
    }
  });

  /** What stands in the widget: the texts that a selector finds, and every element that no text may become. */
  const texts = (page, selector) =>
    page.evaluate(({ tag, selector }) => {
      const root = document.querySelector(tag).shadowRoot;
      for (const cell of root.querySelectorAll('td')) cell.dispatchEvent(new MouseEvent('mouseover', { bubbles: true, composed: true }));
      return Array.from(root.querySelectorAll(selector), ({ textContent }) => textContent);
    }, { tag: TAG, selector });
  /** Waits until each of the names stands there with its whole text. */
  const has = (page, selector, names) =>
    eventually(`${names} in ${selector}`, async () => {
      const all = (await texts(page, selector)).join('\n');
      const lost = names.filter((name) => !all.includes(hostile(name)));
      if (lost.length > 0) throw new Error(`no ${lost} in ${all.slice(0, 2000)}`);
      return true;
    });
  /** On the page: whether a script may set HTML there. (Where it may not, that is a violation.) */
  const allowsHtml = () => {
    try {
      document.createElement('p').innerHTML = '<b></b>';
      return true;
    } catch {
      return false;
    }
  };
  async function isOnlyText(page) {
    const made = await page.evaluate((tag) => {
      const root = document.querySelector(tag).shadowRoot;
      return [...root.querySelectorAll('img, script, iframe, object, embed, [onerror]')].map(({ outerHTML }) => outerHTML);
    }, TAG);
    assert.deepEqual(made, []);
  }

  // Where a page's policy lets nobody set HTML, that alone would keep elements out.
  for (const policy of [true, false]) {
    test(`T34: HTML in every text of a row is the same text on the screen, ${policy ? 'under a policy' : 'and without any policy'}`, async () => {
      const front = await inFront(server, () => false, { policy });
      await spoil(server, undefined, { times: 1000, body: HOSTILE });
      const query = new URLSearchParams({
        'cluster-id': '1000005', refresh: '0', overview: 'on', 'page-size': '20',
        columns: 'id status restoreTenantName backupClusterName backupTenantName restoreClusterName backupMode createTime finishTime restoreEndTime errorMsg restoreUri restorePoolListStr ocpJobId',
      });
      await use(query, async (page) => {
        if (!policy) assert.equal(await page.evaluate(allowsHtml), true);
        await isThere(page, '.paper');
        await see(page, 'rows', ({ ids }) => ids.join() === '8,7');
        await isOnlyText(page);
        await has(page, 'tbody td', [...TEXTS, ...TIMES, 'statusDesc', 'errorMsg']);
        await has(page, 'tr:not([data-task-id]) td', ['status', 'restoreTenantName']);
        const titles = await page.evaluate((tag) => Array.from(document.querySelector(tag).shadowRoot.querySelectorAll('td'), ({ title }) => title).join('\n'), TAG);
        assert.ok(titles.includes(hostile('restoreUri')) && titles.includes(hostile('errorMsg')), titles);
        await isOnlyText(page);

        for (const [id, names] of [['7', ['server', ...TEXTS, ...TIMES]], ['8', ['errorMsg', 'statusDesc', ...TEXTS]]]) {
          await press(page, `tr[data-task-id="${id}"]`);
          await has(page, '[part~="detail"]', names);
          await isOnlyText(page);
          await press(page, '[part~="detail"] button', 'Copy report');
          const report = await eventually('the report', () => page.evaluate(() => window.copied));
          for (const name of names) assert.ok(report.includes(hostile(name)), `${name} in ${report}`);
          await page.evaluate(() => delete window.copied);
          await page.key('Escape');
          await see(page, 'closed', ({ details }) => details === null);
        }

        await press(page, '.widget button', 'Breakdown');
        await has(page, '.facet', ['restoreTenantName', 'backupMode']);
        await isOnlyText(page);
        await page.key('Escape');

        await press(page, 'input[type=search]');
        await page.type('tenant:');
        await has(page, '.suggestions', ['restoreTenantName', 'backupTenantName']);
        await isOnlyText(page);
        await page.type('x');
        await page.key('Escape');

        await page.evaluate(({ tag, filter, theme }) => {
          Object.assign(document.querySelector(tag), { filter, theme, sort: theme });
        }, { tag: TAG, filter: `tenant:"${hostile('restoreTenantName')}" created:"${hostile('day')}" "${hostile('word')}:x"`, theme: hostile('theme') });
        await has(page, '.token .edit', ['restoreTenantName', 'day']);
        await has(page, '.tokens p', ['day']);
        await has(page, '.notice', ['theme']);
        await isOnlyText(page);
        assert.deepEqual(await page.evaluate(() => typeof window.pwned), 'undefined');
      }, front).finally(front.stop);
    });
  }

  test('T34: HTML in the message of a refusal is the same text on the screen', async () => {
    await spoil(server, undefined, { times: 1000, body: REFUSAL });
    await use('cluster-id=1000005&refresh=0', async (page) => {
      const [error] = await errors(page, 1);
      assert.deepEqual([error.code, error.message, error.traceId], ['api', hostile('message'), hostile('traceId')]);
      await has(page, '.notice', ['code', 'message', 'traceId']);
      await isOnlyText(page);
    });
  });
});
