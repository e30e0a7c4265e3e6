/** The element as a host page's script has it: attributes, properties, methods, and two of them at once. */

import assert from 'node:assert/strict';
import { readAll } from '../lib/model.mjs';
import { eventually, openPage, rows, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

/** Attribute, property, a value, and what the property says before and then. */
const MIRRORED = [
  ['base-url', 'baseUrl', '/faults/latency=1', '', '/faults/latency=1'],
  ['cluster-id', 'clusterId', '1000005', '1000050', '1000005'],
  ['range', 'range', '7d', 'all', '7d'],
  ['page-size', 'pageSize', '50', 20, 50],
  ['max-rows', 'maxRows', '1000', 200000, 1000],
  ['sort', 'sort', '-id', '', '-id'],
  ['filter', 'filter', 'status:failed', '', 'status:failed'],
  ['columns', 'columns', 'id status', '', 'id status'],
  ['refresh', 'refreshInterval', '5', 30, 5],
  ['paused', 'paused', '', false, true],
  ['time-zone', 'timeZone', 'UTC', 'local', 'UTC'],
  ['theme', 'theme', 'dark', 'auto', 'dark'],
  ['density', 'density', 'compact', 'comfortable', 'compact'],
  ['credentials', 'credentials', 'omit', 'same-origin', 'omit'],
  ['url-sync', 'urlSync', 'hash', 'none', 'hash'],
  ['url-key', 'urlKey', 'x', 'rt', 'x'],
  ['storage-key', 'storageKey', 'x', '', 'x'],
  ['loading', 'loading', 'eager', 'lazy', 'eager'],
  ['overview', 'overview', 'off', 'auto', 'off'],
];

describe('the element', () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  async function open(query = 'cluster-id=1000050', options = {}) {
    const page = await openPage(browser, `${server.url}/?${query}`, options);
    await waitSettled(page);
    return page;
  }

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  const element = (page, run, value) => page.locator(TAG).first().evaluate(run, value);
  const apiUrls = (page) => page.requests.filter(({ api }) => api).map(({ url }) => new URL(url));

  test('mirrors each attribute in a property, and a property never writes the attribute', async () => {
    const page = await open();
    for (const [attribute, property, value, before, then] of MIRRORED) {
      const seen = await element(page, (element, [attribute, property, value]) => {
        const apart = element.cloneNode();
        const seen = [apart[property]];
        apart.setAttribute(attribute, value);
        seen.push(apart[property]);
        apart.removeAttribute(attribute);
        if (attribute === 'cluster-id') apart.setAttribute(attribute, '1000050');
        apart[property] = seen[1];
        return [...seen, apart[property], apart.getAttribute(attribute)];
      }, [attribute, property, value]);
      const untouched = attribute === 'cluster-id' ? '1000050' : null;
      assert.deepEqual(seen, [before, then, then, untouched], attribute);
    }
    await end(page);
  });

  test('follows its attributes and properties, and stays silent about what the host did', async () => {
    const page = await open();
    await element(page, (element) => {
      window.changes = [];
      element.addEventListener('obrt-state-change', ({ detail }) => window.changes.push(detail.state));
      element.setAttribute('page-size', '10');
    });
    await eventually('10 rows', async () => (await rows(page)).length === 10);
    await element(page, (element) => (element.sort = 'id'));
    await eventually('ascending', async () => (await rows(page))[0].id === '1');
    await element(page, (element) => (element.clusterId = '1000005'));
    await eventually('another cluster', async () => (await rows(page)).map(({ id }) => id).join() === '1,4');
    assert.deepEqual(await page.evaluate(() => window.changes), []);
    await page.locator(TAG).locator('th[data-column="id"]').getByRole('button').click();
    await eventually('the event', async () => (await page.evaluate(() => window.changes)).length === 1);
    const [change] = await page.evaluate(() => window.changes);
    assert.equal(change.sort, '-id');
    await end(page);
  });

  test('is ready once, refreshes on demand, and resolves when that has settled', async () => {
    const page = await open('cluster-id=1000050&refresh=0');
    await element(page, (element) => element.whenReady());
    const before = apiUrls(page).length;
    const busyAfter = await element(page, async (element) => {
      await element.refresh();
      return element.shadowRoot.querySelector('table').getAttribute('aria-busy');
    });
    assert.equal(busyAfter, 'false');
    assert.equal(apiUrls(page).length, before + 1);
    await end(page);
  });

  test('gives its view away and takes it back; reset goes back to the attributes', async () => {
    const page = await open('cluster-id=1001240&refresh=0&sort=id');
    const saved = { sort: '-duration', filter: 'status:failed', page: 3, pageSize: 50, columns: ['id', 'duration'], range: 'all' };
    const now = await element(page, async (element, saved) => {
      await element.setState(saved);
      return element.getState();
    }, saved);
    for (const [name, value] of Object.entries(saved)) assert.deepEqual(now[name], value, name);
    await waitSettled(page);
    const shown = await rows(page);
    assert.equal(shown[0].index, 102);
    assert.deepEqual(Object.keys(shown[0].cells), ['id', 'duration']);
    await element(page, (element) => element.reset());
    await eventually('the first page, by id', async () => (await rows(page))[0].id === '1');
    const reset = await element(page, (element) => element.getState());
    assert.deepEqual([reset.sort, reset.filter, reset.page, reset.pageSize], ['id', '', 1, 20]);
    await end(page);
  });

  test('sends the headers of an object, or of an async function', async () => {
    const seen = [];
    const prepare = (page) =>
      page.route('**/api/v2/**', async (route) => {
        seen.push(await route.request().allHeaders());
        await route.continue();
      });
    const page = await open('cluster-id=1000050&refresh=0', { prepare });
    const [url] = apiUrls(page);
    assert.equal(seen[0].accept, 'application/json');
    assert.match(seen[0]['accept-language'], /^en/);
    assert.equal(url.search, '?page=1&size=20');
    await element(page, (element) => {
      element.headers = { 'X-Plain': 'one' };
      return element.refresh();
    });
    assert.equal(seen.at(-1)['x-plain'], 'one');
    await element(page, (element) => {
      element.headers = async () => ({ 'X-Late': await Promise.resolve('two') });
      return element.refresh();
    });
    assert.deepEqual([seen.at(-1)['x-late'], seen.at(-1)['x-plain']], ['two', undefined]);
    const asked = seen.length;
    const error = await element(page, async (element) => {
      const told = new Promise((resolve) => element.addEventListener('obrt-error', ({ detail }) => resolve(detail), { once: true }));
      element.headers = () => Promise.reject(new Error('no token'));
      await element.refresh();
      return told;
    });
    assert.equal(error.code, 'config');
    assert.equal(seen.length, asked, 'no request without its headers');
    await element(page, (element) => {
      element.headers = null;
      return element.refresh();
    });
    assert.equal(seen.length, asked + 1);
    assert.equal(seen.at(-1)['x-late'], undefined);
    await end(page);
  });

  test('asks through the host’s own fetcher', async () => {
    const page = await open('cluster-id=1000050&refresh=0');
    const asked = await element(page, async (element) => {
      const asked = [];
      element.fetcher = (request) => {
        asked.push([request instanceof Request, request.method, new URL(request.url).pathname]);
        return fetch(request);
      };
      await element.refresh();
      return asked;
    });
    assert.deepEqual(asked, [[true, 'GET', '/api/v2/ob/clusters/1000050/backup/task/restoreTasks']]);
    await end(page);
  });

  test('shows tasks that the host hands over, without any request', async () => {
    const page = await open('cluster-id=1000050&refresh=0');
    const tasks = (await readAll(server, 1000005)).concat({ id: '9223372036854775807', status: 'RESTORE_PRE' });
    const before = apiUrls(page).length;
    await element(page, (element, tasks) => (element.tasks = tasks), tasks);
    await eventually('three rows', async () => (await rows(page)).length === 3);
    assert.deepEqual((await rows(page)).map(({ id }) => id), ['4', '1', '9223372036854775807']);
    assert.equal((await state(page)).completeness, '3 of 3 tasks');
    assert.equal(apiUrls(page).length, before);
    await element(page, (element) => (element.tasks = null));
    await eventually('those of the server', async () => (await rows(page)).length === 20);
    await end(page);
  });

  test('aborts what it asked for when it is removed, and comes back when it is put in again', async () => {
    const page = await open('cluster-id=1000050&refresh=0');
    await element(page, (element) => {
      window.kept = element;
      element.baseUrl = '/faults/stall-headers';
    });
    await eventually('a request hangs', () => page.requests.some(({ url, end }) => /stall/.test(url) && end === null));
    await element(page, (element) => element.remove());
    await eventually('it is aborted', () => page.requests.some(({ url, cancelled }) => /stall/.test(url) && cancelled));
    await page.evaluate(() => {
      window.kept.baseUrl = '';
      document.body.append(window.kept);
    });
    await eventually('rows again', async () => (await rows(page)).length === 20);
    await end(page);
  });

  test('lives beside another one, each with its own view', async () => {
    const page = await open('cluster-id=1000050&refresh=0');
    await page.evaluate((tag) => {
      const second = document.createElement(tag);
      second.id = 'second';
      second.clusterId = '1000005';
      second.setAttribute('loading', 'eager');
      document.body.append(second);
    }, TAG);
    await waitSettled(page, { selector: '#second' });
    assert.deepEqual((await rows(page, '#second')).map(({ id }) => id), ['4', '1']);
    await page.locator('#second').getByRole('searchbox').fill('status:failed');
    await eventually('one row', async () => (await rows(page, '#second')).length === 1);
    assert.equal((await rows(page)).length, 20);
    assert.equal(await page.locator(TAG).first().getByRole('searchbox').inputValue(), '');
    const wasm = page.requests.filter(({ url }) => url.endsWith('.wasm'));
    assert.equal(wasm.length, 1);
    await end(page);
  });

  test('asks at once when a framework sets the cluster after it has inserted the element, once and without an error', async () => {
    const page = await openPage(browser, `${server.url}/`, {
      prepare: (page) => page.route(`${server.url}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>empty</title>' })),
    });
    const seen = await page.evaluate(async (tag) => {
      const element = document.createElement(tag);
      const errors = [];
      element.addEventListener('obrt-error', ({ detail }) => errors.push(detail));
      document.body.append(element);
      await import('./define.js');
      // An effect of a framework runs in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
      element.clusterId = 1000005;
      element.pageSize = 2;
      const before = performance.now();
      while (!element.shadowRoot.querySelector('[data-task-id]')) {
        if (performance.now() - before > 20_000) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return errors;
    }, TAG);
    assert.deepEqual(seen, []);
    const asked = page.requests.filter(({ api }) => api);
    assert.equal(asked.length, 1);
    assert.match(asked[0].url, /page=1&size=2$/);
    // The request does not wait for the WebAssembly, and the first row not for the second half.
    const { end: wasm } = page.requests.find(({ url }) => url.includes('_bg.wasm'));
    const { start: lazy } = page.requests.find(({ url }) => url.includes('_rest.bin')) ?? { start: Infinity };
    assert.ok(asked[0].start < wasm, `the request left at ${asked[0].start} s, the WebAssembly was here at ${wasm} s`);
    assert.ok(asked[0].end < lazy, `the answer was here at ${asked[0].end} s, the second half left at ${lazy} s`);
    await page.assertClean();
    await page.closeAll();
  });

  test('says what the host would rather say, in place, before and after it starts', async () => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000005&refresh=0`, {
      prepare: (page) => page.addInitScript((tag) => {
        window.told = [];
        document.addEventListener('obrt-error', ({ detail }) => window.told.push([detail.code, detail.attribute, detail.message]));
        document.addEventListener('DOMContentLoaded', () => (document.querySelector(tag).messages = { failed: 'Kaputt' }));
      }, TAG),
    });
    await waitSettled(page);
    const texts = async () => (await rows(page)).map(({ cells }) => cells.status);
    assert.deepEqual(await texts(), ['Kaputt', 'Completed']);
    const asked = page.requests.length;
    const set = (messages) => page.locator(TAG).evaluate((element, messages) => (element.messages = messages), messages);
    await set({ completed: 'Gut', held: '{held} von {total}' });
    await eventually('other texts', async () => (await texts()).join() === 'Failed,Gut');
    assert.equal((await state(page)).completeness, '2 von 2');
    await set({ nope: 'x' });
    await eventually('its own again', async () => (await texts()).join() === 'Failed,Completed');
    assert.deepEqual(await page.evaluate(() => window.told), [['config', 'messages', 'no text has the name “nope”']]);
    await set(null);
    assert.equal(await page.locator(`${TAG} [part~="banner"]`).count(), 0);
    assert.equal(page.requests.length, asked);
    await end(page);
  });

  test('takes what frameworks write into properties', async () => {
    const page = await open();
    const seen = await page.locator(TAG).evaluate((element) => {
      element.refresh = 7;
      element.theme = '';
      element.sort = '';
      return { interval: element.refreshInterval, method: typeof element.refresh, theme: element.theme };
    });
    assert.deepEqual(seen, { interval: 7, method: 'function', theme: 'auto' });
    await waitSettled(page);
    await end(page);
  });
});
