/**
 * The package in pages of other makers, as `e2e/hosts/build.mjs` has built them: each served by itself, under headers
 * that allow nothing but what the contract asks for. HOSTS names the folder of the hosts.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, header, openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { after, before, describe, test } from '../lib/test.mjs';

const FOLDER = process.env.HOSTS ?? fileURLToPath(new URL('../hosts', import.meta.url));
/** It has the component, not the element. */
const YEW = 'yew';
const HOSTS = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['node_modules', YEW].includes(entry.name))
  .map(({ name }) => name);

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; require-trusted-types-for 'script'";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Serves a host as a careful site would, and hands what is for the API on. */
async function serve(host, upstream) {
  const dist = join(FOLDER, host, 'dist');
  assert.ok(existsSync(dist), `${dist} is missing; e2e/hosts/build.mjs makes it`);
  const asked = [];
  const server = createServer(async (incoming, answer) => {
    const { pathname } = new URL(incoming.url, 'http://host');
    if (pathname.startsWith('/api/')) {
      asked.push({ url: incoming.url, host: incoming.headers['x-host'] });
      const headers = { ...incoming.headers, host: new URL(upstream).host };
      const passed = ask(upstream + incoming.url, { method: incoming.method, headers }, (reply) => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
      });
      passed.on('error', () => answer.destroy());
      answer.on('close', () => passed.destroy());
      return incoming.pipe(passed);
    }
    const file = join(dist, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    try {
      const body = await readFile(file);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      answer.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' });
      answer.end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

/** Writes down what the element is given as `headers`, and which loads it tells of, before a host's script runs. */
function spy(tag) {
  window.given = [];
  window.heard = [];
  document.addEventListener('obrt-load', ({ target, detail }) => window.heard.push({ tag: target.localName, detail }));
  const { define } = CustomElementRegistry.prototype;
  CustomElementRegistry.prototype.define = function (name, type, options) {
    if (name === tag) {
      const { get, set } = Object.getOwnPropertyDescriptor(type.prototype, 'headers');
      Object.defineProperty(type.prototype, 'headers', {
        configurable: true,
        get,
        set(value) {
          window.given.push(value);
          set.call(this, value);
        },
      });
    }
    return define.call(this, name, type, options);
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let upstream;
let browser;
useStage((stage) => ({ server: upstream, browser } = stage));

for (const host of HOSTS) {
  describe(host, () => {
    let site;
    let page;
    let workers = 0;
    before(async () => {
      site = await serve(host, upstream.url);
      const prepare = (page) => {
        page.on('worker', () => (workers += 1));
        return page.addInitScript(spy, TAG);
      };
      page = await openPage(browser, `${site.url}/`, { prepare });
    });
    after(async () => {
      await page?.closeAll();
      await site?.stop();
    });

    const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
    const total = () => page.locator('output').textContent();
    const firstIs = (id) => eventually(`the first row is ${id}`, async () => (await rows(page))[0]?.id === id);
    const element = (read) => page.locator(TAG).evaluate(read);

    test('shows the first page, and the total that the event tells', async () => {
      await waitSettled(page);
      assert.equal((await rows(page)).length, 20);
      // A bundler with a rule of its own for style sheets may have made something else of the element's.
      const toolbar = page.locator(TAG).locator('[part~="toolbar"]');
      assert.equal(await toolbar.evaluate((part) => getComputedStyle(part).display), 'flex');
      await eventually('the total', async () => (await total()) === '1240');
      const heard = await page.evaluate(() => window.heard);
      assert.deepEqual(heard.map(({ tag }) => tag), [TAG]);
      assert.deepEqual(Object.keys(heard[0].detail).sort(), ['complete', 'fetchedAt', 'loaded', 'total', 'traceId']);
      assert.equal(heard[0].detail.total, 1240);
      await page.assertClean();
    });

    test('hands on attributes as such, and properties as the objects that they are', async () => {
      const seen = await element((element) => ({
        clusterId: element.clusterId,
        refresh: element.refreshInterval,
        method: typeof element.refresh,
        leaked: ['headers', 'onobrt-load', 'onload'].filter((name) => element.hasAttribute(name)),
        headers: element.headers,
        same: window.given.length > 0 && window.given.every((value) => value === element.headers),
      }));
      const headers = { 'X-Host': host };
      assert.deepEqual(seen, { clusterId: '1001240', refresh: 0, method: 'function', leaked: [], headers, same: true });
      assert.deepEqual(site.asked.map((request) => request.host), [host]);
    });

    test('sorts when the host says so, and keeps the element', async () => {
      await element((element) => (element.mark = true));
      await press('Sort by id');
      await firstIs('1');
      assert.equal(await header(page, 'id').getAttribute('aria-sort'), 'ascending');
      assert.equal(await element((element) => element.sort), 'id');
      assert.equal(await element((element) => element.mark), true);
      assert.ok(await element((element) => window.given.every((value) => value === element.headers)));
      assert.ok(site.asked.every((request) => request.host === host));
      assert.equal(await total(), '1240');
      // The page that was large enough for it.
      assert.equal(workers, 1);
      await page.assertClean();
    });

    test('is gone once it is unmounted, and asks for nothing more', async () => {
      await element((element) => (element.refreshInterval = 1));
      const before = site.asked.length;
      await eventually('it would ask by itself', () => site.asked.length > before);
      await waitSettled(page);
      await press('Unmount');
      assert.equal(await page.locator(TAG).count(), 0);
      const last = site.asked.length;
      await pause(1_500);
      assert.equal(site.asked.length, last);
      await page.assertClean();
    });

    test('comes back', async () => {
      const before = site.asked.length;
      await press('Mount');
      await waitSettled(page);
      assert.equal(await page.locator(TAG).count(), 1);
      assert.equal((await rows(page)).length, 20);
      assert.equal(await total(), '1240');
      assert.ok(site.asked.length > before);
      assert.ok(site.asked.every((request) => request.host === host));
      await page.assertClean();
    });

    test('may go while it loads', async () => {
      await press('Unmount');
      let release;
      const held = new Promise((resolve) => (release = resolve));
      await page.route('**/restoreTasks?*', async (route) => {
        await held;
        await route.continue().catch(() => {});
      });
      const asked = page.waitForRequest('**/restoreTasks?*');
      await press('Mount');
      await asked;
      await press('Unmount');
      await eventually('the request is given up', () => page.requests.findLast(({ api }) => api).cancelled);
      release();
      await page.unroute('**/restoreTasks?*');
      await press('Mount');
      await waitSettled(page);
      assert.equal((await rows(page)).length, 20);
      await page.assertClean();
    });
  });
}

describe('plain pages of other kinds', () => {
  let site;
  before(async () => {
    site = await serve('plain', upstream.url);
  });
  after(() => site?.stop());

  for (const [what, name] of [
    ['under two addresses', 'twice'],
    ['in two versions', 'versions'],
  ]) {
    test(`define.js ${what} is one warning`, async () => {
      const page = await openPage(browser, `${site.url}/${name}.html`);
      await waitSettled(page);
      assert.equal((await rows(page)).length, 20);
      assert.equal(page.problems.length, 1, page.problems.join('\n'));
      assert.match(page.problems[0], /^console warning: <ob-restore-tasks> is registered already/);
      await page.closeAll();
    });
  }

  test('a hostile style stays outside', async () => {
    const looks = async (path) => {
      const page = await openPage(browser, `${site.url}/${path}`);
      await waitSettled(page);
      const look = await page.locator(TAG).evaluate((element) => {
        const read = (selector) => {
          const style = getComputedStyle(element.shadowRoot.querySelector(selector));
          return Object.fromEntries(Array.from(style, (name) => [name, style.getPropertyValue(name)]));
        };
        return Object.fromEntries(['th button', 'tbody td', 'tbody tr', 'table', 'input', 'nav'].map((at) => [at, read(at)]));
      });
      await page.assertClean();
      return { page, look };
    };
    const usual = await looks('usual.html');
    await usual.page.closeAll();
    const { page, look } = await looks('hostile.html');
    for (const [at, style] of Object.entries(look)) {
      const other = Object.keys(style).filter((name) => style[name] !== usual.look[at][name]);
      assert.deepEqual(other.map((name) => `${at} ${name}: ${style[name]}`), []);
    }
    await page.locator(TAG).getByRole('button', { name: 'Next page' }).click();
    await eventually('the next page', async () => (await rows(page))[0]?.index === 22);
    await page.closeAll();
  });

  for (const move of ['appendChild', 'moveBefore']) {
    test(`routes that move it with ${move} keep what it is`, async () => {
      const page = await openPage(browser, `${site.url}/routes.html?move=${move}`);
      await waitSettled(page);
      await header(page, 'id').getByRole('button').click();
      await eventually('sorted', async () => (await rows(page))[0]?.id === '1');
      await page.locator(TAG).getByRole('button', { name: 'Next page' }).click();
      await eventually('page 2', async () => (await rows(page))[0]?.id === '21');
      const asked = site.asked.length;
      await page.locator(TAG).evaluate((element) => (element.shadowRoot.querySelector('table').mark = true));
      for (const place of ['b', 'a', 'b']) {
        await page.getByRole('link', { name: place.toUpperCase(), exact: true }).click();
        await page.locator(`#${place} > ${TAG}`).waitFor();
        assert.equal((await rows(page))[0]?.id, '21');
      }
      await waitSettled(page);
      assert.ok(await page.locator(TAG).evaluate((element) => element.shadowRoot.querySelector('table').mark));
      await page.locator(TAG).getByRole('button', { name: 'Next page' }).click();
      await eventually('page 3', async () => (await rows(page))[0]?.id === '41');
      assert.equal(site.asked.length, asked);
      await page.assertClean();
      await page.closeAll();
    });
  }
});

describe(YEW, () => {
  const selector = '.ob-restore-tasks';
  let site;
  let page;
  before(async () => {
    site = await serve(YEW, upstream.url);
    page = await openPage(browser, `${site.url}/`);
  });
  after(async () => {
    await page?.closeAll();
    await site?.stop();
  });

  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
  const ids = async () => (await rows(page, selector)).map(({ id }) => id);
  const firstIs = (id) => eventually(`the first row is ${id}`, async () => (await ids())[0] === id);
  const says = (words) => eventually(words, async () => (await page.locator('h1 + p').textContent()) === words);
  const totalIs = (total) => eventually(`${total} tasks`, async () => (await page.locator('output').textContent()) === total);
  const settle = () => waitSettled(page, { selector });

  test('is sorted by its prop, styled, and tells of the load', async () => {
    await settle();
    assert.deepEqual(await ids(), ['1', '4']);
    assert.equal(await header(page, 'id', selector).getAttribute('aria-sort'), 'ascending');
    await totalIs('2');
    const toolbar = page.locator(selector).locator('[part~="toolbar"]');
    assert.equal(await toolbar.evaluate((part) => getComputedStyle(part).display), 'flex');
    // The sheet stays inside.
    assert.equal(await page.locator('h1').evaluate((heading) => getComputedStyle(heading).boxSizing), 'content-box');
    await page.assertClean();
  });

  test('follows its props and keeps its place', async () => {
    await page.locator(selector).evaluate((element) => (element.mark = true));
    await press('Newest first');
    await firstIs('4');
    assert.equal(await header(page, 'id', selector).getAttribute('aria-sort'), 'descending');
    await press('Another cluster');
    await firstIs('1240');
    await totalIs('1240');
    assert.equal(await page.locator(selector).evaluate((element) => element.mark), true);
    await page.assertClean();
  });

  test('tells what a person does', async () => {
    await page.locator(selector).getByRole('button', { name: 'Next page' }).click();
    await says('Page 2');
    await page.locator(selector).locator('tbody tr[data-task-id="1220"]').click();
    await says('Task 1220');
    await page.locator(selector).locator('[part~="detail"]').waitFor();
    await page.assertClean();
  });

  test('leaves nothing behind when it is unmounted, and comes back', async () => {
    const before = site.asked.length;
    await eventually('it asks by itself', () => site.asked.length > before);
    await press('Unmount');
    assert.equal(await page.locator(selector).count(), 0);
    // One may have been on its way.
    await pause(200);
    const last = site.asked.length;
    await pause(1_500);
    assert.equal(site.asked.length, last);
    for (let round = 0; round < 3; round += 1) {
      await press('Mount');
      await settle();
      assert.equal(await page.locator(selector).count(), 1);
      await firstIs('1240');
      // The place is that of the first time: Yew would hold on to each new one for ever.
      assert.equal(await page.locator(selector).evaluate((element) => element.mark), true);
      await press('Unmount');
    }
    await press('Mount');
    await settle();
    await page.locator(selector).getByRole('button', { name: 'Next page' }).click();
    await says('Page 2');
    await page.assertClean();
  });
});
