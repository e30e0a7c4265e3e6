/**
 * What hosts put in the place of `fetch`, on the element or on the whole page, may do anything: it costs one request, and
 * never the table. And what stands on the way, or around the element, does not make old tasks look new.
 */

import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { heard, listen } from '../lib/answers.mjs';
import { eventually, openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

/** Each as the text of a function, for the page; `real` is the page's own fetch. */
const ODD = {
  'reads the body first, as one that logs does': 'async (r) => { const a = await real(r); await a.text(); return a; }',
  'locks the body': 'async (r) => { const a = await real(r); a.body.getReader(); return a; }',
  'gives a proxy': 'async (r) => new Proxy(await real(r), {})',
  'gives nothing': '() => undefined',
  'gives null, later': 'async () => null',
  'gives a page of text': 'async () => "tasks"',
  'throws at once': '() => { throw new Error("not today"); }',
  'throws no Error': '() => { throw 7; }',
  'throws an Error whose message is none': '() => { throw Object.assign(new Error(), { message: 7 }); }',
  'throws an Error whose message throws': '() => { throw Object.defineProperty(new Error(), "message", { get() { throw 1; } }); }',
  'gives a stream of what is no bytes': '() => new Response(new ReadableStream({ start(c) { c.enqueue(null); c.close(); } }))',
  'gives an error of the network': '() => Response.error()',
  'is that of another frame': '(r) => document.body.appendChild(document.createElement("iframe")).contentWindow.fetch(r.url)',
};

describe('what stands in the place of fetch', { concurrency: 1 }, () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = (query = '', prepare = async () => {}) =>
    openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0${query}`, {
      prepare: async (page) => {
        await listen(page);
        await prepare(page);
      },
    });
  const whole = async (page) => (await rows(page)).length === 20;
  const alert = (page) => page.locator(`${TAG} [role="alert"]:not(:empty)`);

  for (const place of ['the element', 'the page']) {
    test(`on ${place}: it is a failure of the network, and gone with its cause`, async () => {
      const page = await open();
      await waitSettled(page);
      for (const [what, source] of Object.entries(ODD)) {
        const told = (await heard(page, 'obrt-error')).length;
        await page.evaluate(`window.real ??= window.fetch; window.odd = ((real) => ${source})(window.real); 0`);
        await page.evaluate(
          ([tag, place]) => {
            // Each repetition fails likewise; nobody waits for them here.
            window.later ??= window.setTimeout;
            window.setTimeout = (then, ms, ...rest) => window.later(then, ms > 4000 ? ms : 0, ...rest);
            if (place === 'the page') window.fetch = window.odd;
            else document.querySelector(tag).fetcher = window.odd;
            document.querySelector(tag).refresh();
          },
          [TAG, place],
        );
        await eventually(what, async () => (await heard(page, 'obrt-error')).length > told);
        const { code } = (await heard(page, 'obrt-error')).at(-1);
        assert.equal(code, 'network', what);
        assert.equal((await heard(page, 'obrt-error')).length, told + 1, what);
        assert.ok(await whole(page), `${what}: the rows stay`);
        await page.evaluate((tag) => {
          window.fetch = window.real;
          window.setTimeout = window.later;
          document.querySelector(tag).fetcher = null;
        }, TAG);
        await page.locator(TAG).getByRole('button', { name: 'Retry' }).click();
        await eventually(`${what}: mended`, async () => (await alert(page).count()) === 0);
      }
      await page.assertClean();
      await page.closeAll();
    });
  }

  test('on the page before the element comes to life: it says so, and Retry works', async () => {
    for (const what of ['throws at once', 'gives nothing', 'is that of another frame']) {
      const page = await open('', (page) =>
        page.addInitScript(`
          window.real = window.fetch;
          const odd = ((real) => ${ODD[what]})(window.real);
          if (window === top) window.fetch = (asked, ...rest) => (/restoreTasks/.test(asked.url ?? asked) ? odd(new Request(asked, ...rest)) : real(asked, ...rest));
        `));
      // Once it has given up; before that it tries again by itself.
      await eventually('it is told', async () => (await heard(page, 'obrt-error')).length === 1);
      await alert(page).waitFor();
      await page.evaluate(() => (window.fetch = window.real));
      await page.locator(TAG).getByRole('button', { name: 'Retry' }).click();
      await eventually(what, () => whole(page));
      assert.equal(await page.getByText('has stopped').count(), 0);
      await page.closeAll();
    }
  });

  test('something on the way that lets answers be kept: each refresh asks all the same', async () => {
    let asked = 0;
    const front = createServer((req, res) => {
      asked += /restoreTasks/.test(req.url);
      const on = request(new URL(req.url, server.url), { headers: req.headers, method: req.method }, (answer) => {
        const { 'cache-control': _, etag: __, ...headers } = answer.headers;
        res.writeHead(answer.statusCode, { ...headers, 'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT' });
        answer.pipe(res);
      });
      req.pipe(on);
    });
    await new Promise((done) => front.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${front.address().port}/?cluster-id=1000050&refresh=0`;
      const page = await openPage(browser, url);
      await waitSettled(page);
      for (let at = 0; at < 3; at += 1) await page.evaluate((tag) => document.querySelector(tag).refresh(), TAG);
      assert.equal(asked, 4);
      // The first request of the next visit is another one, too: it leaves before the WebAssembly is there.
      await page.reload();
      await waitSettled(page);
      assert.equal(asked, 5);
      await page.closeAll();
    } finally {
      front.closeAllConnections();
      front.close();
    }
  });

  test('a request that the host changes its mind about while it is told of the last one is not sent', async () => {
    const page = await open();
    await waitSettled(page);
    const before = page.requests.filter(({ api }) => api).length;
    await page.evaluate((tag) => {
      const element = document.querySelector(tag);
      element.fetcher = (asked) =>
        new Promise(() => {
          window.open = (window.open1 ?? 0) + 1;
          window.open1 = window.open;
          asked.signal.addEventListener('abort', () => (element.tasks = [{ id: 7, status: 'RESTORE_SUCCESS' }]));
        });
      element.refresh();
    }, TAG);
    await eventually('the first', () => page.evaluate(() => window.open1 === 1));
    await page.evaluate((tag) => void document.querySelector(tag).refresh(), TAG);
    await eventually('the tasks of the host', async () => (await rows(page))[0]?.id === '7');
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => window.open1), 1);
    assert.equal(page.requests.filter(({ api }) => api).length, before);
    await page.closeAll();
  });
});

describe('odd surroundings', { concurrency: 1 }, () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  test('a form whose field is called lang does not keep the element from starting', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`);
    await waitSettled(page);
    await page.evaluate((tag) => {
      const form = document.createElement('form');
      form.setAttribute('lang', 'ja');
      const field = Object.assign(document.createElement('input'), { name: 'lang' });
      const element = document.createElement(tag);
      element.setAttribute('cluster-id', '1000050');
      element.setAttribute('loading', 'eager');
      form.append(field, element);
      document.querySelector(tag).replaceWith(form);
    }, TAG);
    await eventually('rows', async () => (await rows(page)).length === 20);
    assert.match(await page.locator(`${TAG} th[data-column="status"]`).innerText(), /状態|ステータス/);
    await page.assertClean();
    await page.closeAll();
  });

  test('in the document of a frame, and back again, it looks as before', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`);
    await waitSettled(page);
    await page.evaluate((tag) => {
      window.element = document.querySelector(tag);
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.width = 1200; // else rows are cards
      frame.contentDocument.body.append(window.element);
    }, TAG);
    const look = () =>
      page.evaluate(() => {
        const cell = window.element.shadowRoot.querySelector('tr[data-task-id] td');
        return cell && cell.ownerDocument.defaultView.getComputedStyle(cell).borderBottomWidth;
      });
    await eventually('its look', async () => (await look()) === '1px');
    await page.evaluate(() => document.body.append(window.element));
    await eventually('its look again', async () => (await look()) === '1px');
    assert.equal(await page.evaluate(() => window.element.shadowRoot.adoptedStyleSheets.length), 2);
    await page.closeAll();
  });

  test('a zone of its own that the browser refuses is UTC, and nobody is blamed', async () => {
    for (const zone of ['Etc/Unknown', '']) {
      const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0`, {
        prepare: async (page) => {
          await listen(page);
          await page.addInitScript((zone) => {
            const { resolvedOptions } = Intl.DateTimeFormat.prototype;
            Intl.DateTimeFormat.prototype.resolvedOptions = function () {
              return { ...resolvedOptions.call(this), timeZone: zone };
            };
          }, zone);
        },
      });
      await waitSettled(page);
      assert.deepEqual(await heard(page, 'obrt-error'), []);
      assert.equal((await rows(page)).length, 20);
      await page.assertClean();
      await page.closeAll();
    }
  });
});
