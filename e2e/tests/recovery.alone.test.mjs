/**
 * What outlives the WebAssembly: a panic wherever it happens, files that do not go together, pages that allow none of it.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, header, openPage, rows, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { announce } from '../lib/still.mjs';
import { describe, test } from '../lib/test.mjs';

/** As in parts.test.mjs: some builds have no second half. */
const IS_WHOLE = !existsSync(join(process.env.DIST ?? '', 'ob-restore-tasks_rest.bin'));

/** The next thing that the inside does in these places goes wrong. */
const TRAPS = {
  // Yew cannot go on without its element, and panics.
  'a render': () => {
    const { cloneNode } = Node.prototype;
    Node.prototype.cloneNode = function (deep) {
      Node.prototype.cloneNode = cloneNode;
      throw new Error(`no clone today, ${deep}`);
    };
  },
  // A trap in the middle of a call, as a panic is one.
  'a callback': () => {
    const { now } = Date;
    Date.now = () => {
      Date.now = now;
      throw new WebAssembly.RuntimeError('unreachable executed');
    };
  },
};

/** On the page: what the live region says from now on, and the fewest rows that stood there. */
function watch(tag) {
  const root = document.querySelector(tag).shadowRoot;
  window.said = [];
  window.least = Infinity;
  let last = root.querySelector('[role="status"]')?.textContent.trim() ?? '';
  new MutationObserver(() => {
    const now = root.querySelector('[role="status"]')?.textContent.trim() ?? '';
    if (now && now !== last) window.said.push(now);
    last = now;
    window.least = Math.min(window.least, root.querySelectorAll('tr[data-task-id]').length);
  }).observe(root, { childList: true, characterData: true, subtree: true });
}

describe('what outlives the WebAssembly', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = (query, prepare) => openPage(browser, `${server.url}/?refresh=0&${query}`, { prepare });
  const widget = (page, at) => page.locator(TAG).nth(at);
  const told = (page) => page.evaluate(() => window.told);
  const listen = (page) =>
    page.addInitScript(() => {
      window.told = [];
      document.addEventListener('obrt-error', ({ detail }) => window.told.push(detail.code));
    });

  /** A second element beside the first, and the first sorted and on its second page. */
  async function two() {
    const page = await open('cluster-id=1001240', listen);
    await waitSettled(page);
    await header(page, 'id').getByRole('button').click();
    await eventually('sorted', async () => (await rows(page))[0].id === '1');
    await page.getByRole('button', { name: 'Next page' }).click();
    await eventually('page 2', async () => (await rows(page))[0].id === '21');
    await page.evaluate((tag) => {
      const second = document.createElement(tag);
      second.setAttribute('cluster-id', '1000005');
      second.setAttribute('refresh', '0');
      second.setAttribute('loading', 'eager');
      document.body.append(second);
    }, TAG);
    await widget(page, 1).locator('[data-task-id]').first().waitFor();
    return page;
  }

  async function isAsBefore(page, first = 21) {
    await eventually('another inside, as it was', async () => {
      const all = widget(page, 0).locator('tbody tr[data-task-id]');
      return (await widget(page, 0).locator('.root:not([inert])').count()) === 1 && (await all.first().getAttribute('data-task-id')) === `${first}`;
    });
    assert.equal(await header(page, 'id').first().getAttribute('aria-sort'), 'ascending');
    await widget(page, 0).getByRole('button', { name: 'Next page' }).click();
    await eventually('it works', async () => (await widget(page, 0).locator('tr[data-task-id]').first().getAttribute('data-task-id')) === `${first + 20}`);
    // The other one lived in the same WebAssembly.
    await widget(page, 1).locator('th[data-column="id"] button').click();
    await eventually('so does the other', async () => (await widget(page, 1).locator('tr[data-task-id]').first().getAttribute('data-task-id')) === '1');
    assert.deepEqual(await told(page), []);
    await page.closeAll();
  }

  test('T40: a panic in a render', async () => {
    const page = await two();
    await page.evaluate(TRAPS['a render']);
    await widget(page, 0).getByRole('button', { name: 'Next page' }).click();
    // The page that was asked for.
    await isAsBefore(page, 41);
  });

  test('T40: a panic in a callback', async () => {
    const page = await two();
    await page.evaluate(TRAPS['a callback']);
    await widget(page, 0).getByRole('button', { name: 'Refresh', exact: true }).click();
    await isAsBefore(page);
  });

  test('T40: a panic in a future', async () => {
    const page = await two();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route('**/restoreTasks?*', async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest('**/restoreTasks?*');
    await widget(page, 0).getByRole('button', { name: 'Refresh', exact: true }).click();
    await asked;
    await page.evaluate(TRAPS['a callback']);
    release();
    await isAsBefore(page);
  });

  /** The host changes something, and that goes wrong; nobody has touched the page. */
  async function stopsByItself(page) {
    await page.evaluate(announce, TAG);
    await page.evaluate(watch, TAG);
    await page.evaluate(TRAPS['a callback']);
    await page.evaluate((tag) => document.querySelector(tag).setAttribute('density', 'compact'), TAG);
    await eventually('another inside', async () => (await widget(page, 0).locator('.root:not([inert]) tr[data-task-id="21"]').count()) === 1);
    await waitSettled(page);
  }

  test('T40: a panic is announced at most once, and not as an alert', async () => {
    const page = await two();
    await stopsByItself(page);
    const { alerts, said } = await page.evaluate(() => ({ alerts: window.alerts, said: window.said }));
    assert.deepEqual(alerts, []);
    assert.ok(said.length <= 1, `announced: ${said.join(' | ')}`);
    await isAsBefore(page);
  });

  test('T40: the rows stay through a panic until those of the next inside are there', async () => {
    const page = await two();
    await stopsByItself(page);
    const least = await page.evaluate(() => window.least);
    assert.ok(least >= 20, `for a moment there were ${least} rows`);
    await isAsBefore(page);
  });

  for (const [what, at] of [['a row', 'tr[data-task-id="23"]'], ['a button', 'th[data-column="id"] button'], ['the search box', 'input[type="search"]']]) {
    test(`T40: the focus stays on ${what} through a panic`, async () => {
      const page = await two();
      await widget(page, 0).locator(at).first().focus();
      await stopsByItself(page);
      assert.equal(await widget(page, 0).evaluate(({ shadowRoot }, at) => shadowRoot.activeElement === shadowRoot.querySelector(at), at), true);
      await isAsBefore(page);
    });
  }

  test('T40: a panic in a call of the host, who takes no notice of what comes of it', async () => {
    const page = await two();
    await page.evaluate(TRAPS['a callback']);
    await page.evaluate((tag) => void document.querySelector(tag).refresh().catch(() => {}), TAG);
    await isAsBefore(page);
  });

  test('T40: a panic on the way in', async () => {
    const page = await open('cluster-id=1000005', async (page) => {
      await listen(page);
      await page.addInitScript(() => {
        const { now } = Date;
        Date.now = () => {
          if (!new Error().stack.includes('/ob-restore-tasks.js')) return now();
          Date.now = now;
          throw new WebAssembly.RuntimeError('unreachable executed');
        };
      });
    });
    await widget(page, 0).locator('.root:not([inert]) [data-task-id]').first().waitFor();
    assert.deepEqual(await told(page), []);
    await page.closeAll();
  });

  test('T40: a second panic ends in a message, and only where it happened', async () => {
    const page = await two();
    await page.evaluate(TRAPS['a callback']);
    await widget(page, 0).getByRole('button', { name: 'Refresh', exact: true }).click();
    await eventually('another inside', async () => (await widget(page, 0).locator('.root:not([inert]) tr[data-task-id="21"]').count()) === 1);
    await page.evaluate(TRAPS['a callback']);
    await widget(page, 0).getByRole('button', { name: 'Refresh', exact: true }).click();
    await widget(page, 0).getByRole('alert').filter({ hasText: 'has stopped' }).waitFor();
    assert.deepEqual(await told(page), ['runtime']);
    await widget(page, 1).locator('th[data-column="id"] button').click();
    await eventually('the other works', async () => (await widget(page, 1).locator('tr[data-task-id]').first().getAttribute('data-task-id')) === '1');
    await widget(page, 0).getByRole('button', { name: 'Try again' }).click();
    await eventually('it is back', async () => (await widget(page, 0).locator('tr[data-task-id="21"]').count()) === 1);
    await page.closeAll();
  });

  /** What the wasm asks for and gives, and whether it is cut in two. */
  async function built() {
    const bytes = await (await fetch(`${server.url}/ob-restore-tasks_bg.wasm`)).arrayBuffer();
    const module = new WebAssembly.Module(bytes);
    const isCut = WebAssembly.Module.exports(module).some(({ name }) => name.startsWith('restReady'));
    return { imports: WebAssembly.Module.imports(module).map(({ name }) => name), isCut };
  }

  /** What tells the files of one build from those of another, as an import of the wasm bears it; and the same of another build. */
  async function stamp() {
    const { imports } = await built();
    // (wasm-bindgen's own names have numbers in them that are the same in each build.)
    const hex = imports.map((name) => /^(?!__).*?([0-9a-f]{8,})/.exec(name)?.[1]).find((found) => found);
    assert.ok(hex, `no import bears a stamp: ${imports.slice(0, 5)} …`);
    return { hex, other: hex.replace(/./g, (digit) => (15 - parseInt(digit, 16)).toString(16)) };
  }

  async function fulfilOther(route, hex, other) {
    const answer = await route.fetch();
    const text = (await answer.body()).toString('latin1');
    assert.ok(text.includes(hex));
    await route.fulfill({ response: answer, body: Buffer.from(text.replaceAll(hex, other), 'latin1') });
  }

  for (const [why, says, prepare, isCut] of [
    ['no WebAssembly', /has no WebAssembly/, (page) => page.addInitScript(() => delete globalThis.WebAssembly)],
    ['glue of another build', /different versions/, (page) =>
      page.route('**/ob-restore-tasks.js', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace(/\b(i\d+|__wbg_\w+): ?function/, 'other:function') });
      })],
    ['glue of another build with the same imports in other places', /different versions/, async (page) => {
      const { hex, other } = await stamp();
      await page.route('**/ob-restore-tasks.js', async (route) => {
        const answer = await route.fetch();
        const [one, two] = ['i3', 'i4'].map((name) => new RegExp(`\\b${name}(?=: ?function)`));
        const text = (await answer.text()).replaceAll(hex, other);
        assert.ok(one.test(text) && two.test(text));
        await route.fulfill({ response: answer, body: text.replace(one, 'i_').replace(two, 'i3').replace('i_', 'i4') });
      });
    }, 'cut'],
    ['a wasm of another build', /different versions/, async (page) => {
      const { hex, other } = await stamp();
      await page.route('**/*_bg.wasm', (route) => fulfilOther(route, hex, other));
    }, 'cut'],
    ['a second half of another build', /restReady|different versions/, async (page) => {
      const { hex, other } = await stamp();
      await page.route('**/*_rest.bin', (route) => fulfilOther(route, hex, other));
    }, 'cut'],
    ['no wasm', /HTTP 404/, (page) => page.route('**/*_bg.wasm', (route) => route.fulfill({ status: 404, body: 'no' }))],
    ['a policy that forbids it', /WebAssembly|CSP|Content Security Policy/i, (page) =>
      page.route('**/?*', async (route) => {
        const answer = await route.fetch();
        const headers = { ...answer.headers(), 'content-security-policy': "script-src 'self'" };
        await route.fulfill({ response: answer, headers });
      })],
  ]) {
    test(`T40: ${why} ends in a readable message`, async (context) => {
      if (isCut) {
        if (IS_WHOLE) return context.skip('this build of the module is whole: it has neither halves nor a stamp');
        assert.equal((await built()).isCut, true, 'what is served is the module that was cut');
      }
      const page = await open('cluster-id=1000005', async (page) => {
        await listen(page);
        await prepare(page);
      });
      const alert = page.getByRole('alert');
      await alert.filter({ hasText: 'could not start' }).waitFor();
      assert.match(await alert.innerText(), says);
      assert.deepEqual(await told(page), ['runtime']);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.closeAll();
    });
  }

  test('T40: a wasm with a wrong type still loads', async () => {
    const page = await open('cluster-id=1000005', (page) =>
      page.route('**/*_bg.wasm', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, headers: { ...answer.headers(), 'content-type': 'text/plain' } });
      }),
    );
    await waitSettled(page);
    await page.assertClean();
    await page.closeAll();
  });

  test('who may try again after a failed start gets the table', async () => {
    let fails = true;
    const page = await open('cluster-id=1000005', (page) =>
      page.route('**/*_bg.wasm', (route) => (fails ? route.abort() : route.continue())),
    );
    await page.getByRole('alert').waitFor();
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-task-id]').first().waitFor();
    await page.closeAll();
  });
});
