/** A page that stays open: rows that hold still, what is new, what is stale, and counters that stay flat. */

import assert from 'node:assert/strict';
import { least } from '../lib/least.mjs';
import { eventually, mend, openPage, rows, spoil, state, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const LIVE = 1000009;
const REFRESH = 30_000;

describe('a page that stays open', () => {
  let server;
  let browser;

  useStage((stage) => ({ server, browser } = stage));

  afterEach(async () => {
    await mend(server);
    await fetch(`${server.url}/faults/clock`, { method: 'DELETE' });
  });

  const apiRequests = (page) => page.requests.filter(({ api }) => api);

  /** Moves the server's clock to a time of the page. */
  async function moveServer(now) {
    const response = await fetch(`${server.url}/faults/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offsetMs: now - Date.now() }),
    });
    assert.ok(response.ok, 'the server moves its clock');
  }

  /** A page whose clock stands still; `page.pass(ms)` lets time pass there and at the server. */
  async function openStill(query, options = {}) {
    const prepare = (page) => page.clock.install({ time: Date.now() });
    const page = await openPage(browser, `${server.url}/?${query}`, { ...options, prepare });
    await waitSettled(page);
    let now = (await page.evaluate(() => Date.now())) + 1_000;
    await page.clock.pauseAt(now);
    page.now = () => now;
    page.pass = async (ms, before) => {
      now += ms;
      await moveServer(now);
      await before?.();
      await page.clock.runFor(ms);
      await settled(page);
    };
    return page;
  }

  /** Like `waitSettled`, which needs frames, and those stand still too. */
  async function settled(page) {
    const quiet = async () => !(await state(page)).busy && apiRequests(page).every(({ end }) => end !== null);
    // What a timer has begun is rendered in a microtask, before this asks.
    await eventually('it has settled', quiet);
  }

  async function end(page) {
    await page.assertClean();
    await page.closeAll();
  }

  const widget = (page) => page.locator(TAG);
  const fresh = (page) => widget(page).getByRole('button', { name: /^[\d,]+ new$/ });
  const row = (page, id) => widget(page).locator(`tr[data-task-id="${id}"]`);
  /** Where a row stands on the page, wherever that is scrolled. */
  const top = (page, id) => row(page, id).evaluate((row) => row.getBoundingClientRect().top + scrollY);
  const ids = async (page) => (await rows(page)).map(({ id }) => id);
  const focused = (page) =>
    widget(page).evaluate((element) => {
      const active = element.shadowRoot.activeElement;
      return active && (active.dataset.taskId ?? active.getAttribute('aria-label') ?? active.textContent);
    });
  /** Every text that the live region says from now on. */
  const listen = (page) =>
    widget(page).evaluate((element) => {
      const region = element.shadowRoot.querySelector('[role="status"]');
      window.said = [];
      const look = () => window.said.push(region.textContent);
      new MutationObserver(look).observe(region, { childList: true, characterData: true, subtree: true });
    });

  for (const query of ['sort=-id', 'sort=-id&page-size=2000', '']) {
    test(`rows stay under the pointer while tasks move on and new ones wait (${query || 'a page of the server’s'})`, async () => {
      const page = await openStill(`cluster-id=${LIVE}&refresh=30&${query}`, { viewport: { width: 1280, height: 900 } });
      const before = await rows(page);
      const seen = before.slice(0, 12);
      const under = before[6].id;
      await row(page, under).hover();
      const place = await top(page, under);
      await listen(page);

      for (let n = 1; n <= 4; n += 1) {
        await page.pass(REFRESH);
        assert.deepEqual((await ids(page)).slice(0, 12), seen.map(({ id }) => id), `refresh ${n}: the same rows`);
        assert.equal(await top(page, under), place, `refresh ${n}: at the same place`);
        assert.ok(await row(page, under).evaluate((row) => row.matches(':hover')), 'the pointer is on it');
      }
      // Two minutes are six slots of the live cluster.
      const waiting = Number((await fresh(page).textContent()).split(' ')[0]);
      assert.ok(waiting >= 5 && waiting <= 7, `${waiting} wait`);
      assert.equal(apiRequests(page).filter(({ status }) => status !== 200).length, 0);
      // Those that were running moved on, each in its place.
      const later = (await rows(page)).slice(0, 12);
      const moved = later.filter(({ status }, at) => status !== seen[at].status);
      assert.ok(moved.length > 0, 'a running task has moved on');
      assert.ok(moved.every(({ id }) => seen.find((old) => old.id === id).outcome === 'running'));
      // That some wait is said once, not at each refresh.
      const said = await page.evaluate(() => window.said);
      assert.equal(said.length, 1, said.join(' | '));
      assert.match(said[0], /New tasks wait to be shown\.$/);

      // On the way to the button nothing moves, and the button stays.
      await fresh(page).hover();
      await page.pass(REFRESH);
      assert.deepEqual((await ids(page)).slice(0, 12), seen.map(({ id }) => id));
      assert.equal(await top(page, under), place);
      await fresh(page).click();
      await settled(page);
      const newest = BigInt((await ids(page))[0]);
      assert.ok(newest >= BigInt(before[0].id) + 6n, `${newest} is new`);
      assert.equal(await fresh(page).count(), 0);
      assert.equal(await focused(page), 'Restore tasks, scrollable');
      assert.doesNotMatch((await state(page)).status, /wait/);
      await end(page);
    });
  }

  test('once the pointer has left, the next refresh shows what is new', async () => {
    const page = await openStill(`cluster-id=${LIVE}&refresh=30&sort=-id`);
    const before = await ids(page);
    await row(page, before[3]).hover();
    await page.pass(REFRESH);
    await fresh(page).waitFor();
    await page.mouse.move(2, 2);
    await page.pass(1_000);
    assert.deepEqual(await ids(page), before, 'nothing moves for leaving');
    await page.pass(REFRESH);
    assert.ok(BigInt((await ids(page))[0]) > BigInt(before[0]));
    assert.equal(await fresh(page).count(), 0);
    await end(page);
  });

  test('with the keyboard: the focus stays on its row, the button is reached and pressed', async () => {
    const page = await openStill(`cluster-id=${LIVE}&refresh=30&sort=-id`);
    const before = await ids(page);
    await row(page, before[0]).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(page), before[2]);
    await page.pass(REFRESH);
    assert.equal(await focused(page), before[2]);
    assert.deepEqual(await ids(page), before);
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(page), before[3]);
    await page.keyboard.press('Tab');
    assert.match(await focused(page), /^\d+ new$/);
    // The focus does not fall off a button that vanishes by itself.
    await page.pass(REFRESH);
    assert.match(await focused(page), /^\d+ new$/);
    await page.keyboard.press('Enter');
    await settled(page);
    assert.equal(await focused(page), 'Restore tasks, scrollable');
    assert.equal(await fresh(page).count(), 0);
    assert.ok(BigInt((await ids(page))[0]) > BigInt(before[0]));
    await end(page);
  });

  test('whoever has scrolled down, in the table or with the page, is not moved either', async () => {
    const page = await openStill(`cluster-id=${LIVE}&refresh=30&sort=-id`);
    await widget(page).getByRole('combobox', { name: 'Rows per page' }).selectOption('All');
    await settled(page);
    const scroll = (to) =>
      widget(page).evaluate((element, to) => (element.shadowRoot.querySelector('.scroll').scrollTop = to), to);
    await scroll(1_500);
    await eventually('the rows further down', async () => (await rows(page))[0].index > 20);
    const place = async () => {
      const all = await rows(page);
      return top(page, all[12].id).then((y) => [all[12].id, y]);
    };
    const before = await place();
    await page.pass(REFRESH);
    await page.pass(REFRESH);
    assert.deepEqual(await place(), before);
    await fresh(page).waitFor();
    await scroll(0);
    await eventually('the rows at the top', async () => (await rows(page))[0].index === 2);
    const first = (await ids(page))[0];
    await page.pass(REFRESH);
    assert.ok(BigInt((await ids(page))[0]) > BigInt(first), 'back at the top, the next refresh shows them');
    assert.equal(await fresh(page).count(), 0);

    await widget(page).getByRole('combobox', { name: 'Rows per page' }).selectOption('100');
    await page.mouse.move(2, 2);
    await settled(page);
    await page.evaluate(() => window.scrollTo(0, 700));
    const rowAt = (await ids(page))[30];
    const at = await top(page, rowAt);
    await page.pass(REFRESH);
    assert.equal(await top(page, rowAt), at);
    await fresh(page).waitFor();
    await end(page);
  });

  test('what is stale keeps its rows in their place and says how old it is', async () => {
    const page = await openStill('cluster-id=1000050&refresh=30&filter=-status:running', { timezoneId: 'Asia/Shanghai' });
    const before = await ids(page);
    const third = await top(page, before[2]);
    const notice = widget(page).locator('[part~="banner"]').filter({ hasText: 'HTTP 500' });
    page.expectProblem(/500/);
    await spoil(server, 'status=500', { times: 1_000 });
    const fetchedAt = page.now() - 1_000;
    await page.pass(REFRESH);
    const at = new Date(fetchedAt).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' });
    // The answer came some moments before the clock was stopped.
    const shownFrom = /What is shown is from .*?(\d\d:\d\d:\d\d)\./.exec(await notice.textContent())?.[1];
    // The clock of the wall, which may have begun a new day in between.
    const [before24, now24] = [shownFrom, at].map((time) => Date.parse(`2000-01-01T${time}Z`));
    const apart = (now24 - before24 + 86_400_000) % 86_400_000;
    assert.ok(apart <= 20_000, `${shownFrom} and ${at}`);
    assert.doesNotMatch(await notice.textContent(), /ago/);
    assert.equal((await state(page)).alert, 'OCP answered with HTTP 500. Retry in a moment; its log has the rest.');
    assert.deepEqual(await ids(page), before);
    assert.equal(await top(page, before[2]), third, 'the notice moves no row');
    const held = widget(page).locator('.held');
    assert.match(await held.textContent(), /^[\d,]+ of [\d,]+ tasks · out of date$/);
    assert.ok(await notice.evaluate((box) => box.getBoundingClientRect().bottom <= innerHeight), 'it is in sight');

    // Without a refresh, only its age goes on, a minute at a time.
    await widget(page).getByRole('button', { name: 'Pause', exact: true }).click();
    const asked = apiRequests(page).length;
    await widget(page).evaluate((element) => {
      window.changes = 0;
      const all = { childList: true, characterData: true, attributes: true, subtree: true };
      new MutationObserver(() => (window.changes += 1)).observe(element.shadowRoot, all);
    });
    for (let minute = 1; minute <= 4; minute += 1) {
      await page.pass(60_000);
      assert.match(await notice.textContent(), new RegExp(`${shownFrom}, ${minute} min ago\\.`));
    }
    assert.equal(await page.evaluate(() => window.changes), 4);
    await page.pass(61 * 60_000);
    assert.match(await notice.textContent(), new RegExp(`${shownFrom}, 1 h 5 min ago\\.`));
    assert.equal(apiRequests(page).length, asked);
    assert.deepEqual(await ids(page), before);

    await mend(server);
    await notice.getByRole('button', { name: 'Retry' }).click();
    await settled(page);
    await eventually('the notice goes', async () => (await notice.count()) === 0);
    assert.match(await held.textContent(), /^✓?[\d,]+ of [\d,]+ tasks$/);
    // Nothing is left that would render.
    const changes = await page.evaluate(() => window.changes);
    await page.pass(10 * 60_000);
    assert.equal(await page.evaluate(() => window.changes), changes);
    await end(page);
  });

  test('a hidden page asks nothing for ten minutes, and once on return', async () => {
    const page = await openStill(`cluster-id=${LIVE}&refresh=30`);
    const show = (visibility) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, visibility);
    await show('hidden');
    const asked = apiRequests(page).length;
    await page.pass(10 * 60_000);
    assert.equal(apiRequests(page).length, asked);
    await show('visible');
    await settled(page);
    assert.equal(apiRequests(page).length, asked + 1);
    await page.pass(REFRESH);
    assert.equal(apiRequests(page).length, asked + 2, 'and then goes on as before');
    await end(page);
  });

  test('30 minutes of a live cluster: only what can have changed is asked, and nothing grows', async (t) => {
    const page = await openStill(`cluster-id=${LIVE}&refresh=30&sort=-createTime`);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await session.send('HeapProfiler.enable');

    /** What is running now, by its creation. */
    async function running() {
      const answer = await fetch(`${server.url}/api/v2/ob/clusters/${LIVE}/backup/task/restoreTasks?page=1&size=2000`);
      const { contents } = (await answer.json()).data;
      return contents.filter(({ finished }) => finished !== true).map(({ createTime }) => Date.parse(createTime));
    }

    async function measure() {
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
      const counted = await page.evaluate(async () => {
        const count = (root) => {
          let nodes = 1;
          for (const child of root.childNodes) nodes += count(child);
          if (root.shadowRoot) nodes += count(root.shadowRoot);
          return nodes;
        };
        performance.clearResourceTimings();
        const { memory } = await (await import('/ob-restore-tasks.js')).default();
        return { dom: count(document), wasm: memory.buffer.byteLength };
      });
      return {
        ...counted,
        nodes: metric('Nodes'),
        listeners: metric('JSEventListeners'),
        heap: metric('JSHeapUsedSize'),
      };
    }

    const minutes = [];
    let open = await running();
    let scans = 0;
    let requests = 0;
    let bytes = 0;
    for (let n = 1; n <= 60; n += 1) {
      const from = page.requests.length;
      const known = open;
      // Before the page asks: whatever it will see running is running now.
      await page.pass(REFRESH, async () => (open = await running()));
      const asked = page.requests.slice(from);
      assert.ok(asked.every(({ api }) => api), asked.map(({ url }) => url).join(' '));
      requests += asked.length;
      bytes += asked.reduce((sum, request) => sum + request.bytes, 0);
      const queries = asked.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
      assert.deepEqual([queries[0].page, queries[0].size, queries[0].startTime], ['1', '20', undefined], `refresh ${n}: the head`);
      for (const query of queries.slice(1)) {
        if (query.startTime) {
          // One of those that were running, and no long list around it.
          const [start, end] = [Date.parse(query.startTime), Date.parse(query.endTime)];
          assert.ok(known.some((at) => at >= start && at <= end), `refresh ${n} asks for what has ended: ${JSON.stringify(query)}`);
          assert.ok(Number(query.size) <= 40, `refresh ${n}: ${query.size} for running tasks`);
        } else {
          // The oldest go 40 at a time: the range is read anew then.
          assert.deepEqual([query.page, query.size], ['1', '2000']);
          scans += 1;
        }
      }
      assert.ok(queries.length <= 6, `refresh ${n}: ${queries.length} requests`);
      const { complete } = await state(page);
      assert.equal(complete, 'true', `refresh ${n}`);
      if (n === 1 || n % 10 === 0) {
        minutes.push({ minute: n / 2, requests, scans, bytes, ...(await least(measure, { times: 3 })) });
      }
    }

    const names = Object.keys(minutes[0]);
    for (const line of [names, ...minutes.map((minute) => names.map((name) => minute[name]))]) {
      t.diagnostic(line.map((value) => String(value).padStart(10)).join(''));
    }
    const early = minutes.find(({ minute }) => minute === 5);
    // By then the range has been read anew once, which takes room that the first reading didn't.
    const warm = minutes.find(({ minute }) => minute === 15);
    const late = minutes.at(-1);
    assert.ok(scans <= 4, `${scans} scans`);
    // Rows come and go, and a running one has fewer nodes than one that failed.
    for (const [name, most] of [['dom', 60], ['nodes', 200], ['listeners', 10]]) {
      assert.ok(late[name] <= early[name] + most, `${name}: ${early[name]} after 5 minutes, ${late[name]} after 30`);
    }
    assert.ok(late.heap <= early.heap * 1.1 + 200_000, `JS heap: ${early.heap} and ${late.heap}`);
    // A full scan may find its room in pieces and take another one, whole; what leaks grows with each of 150 requests.
    assert.ok(warm.scans > 0 && late.wasm <= warm.wasm + 4 * 65_536, `WebAssembly: ${warm.wasm} and ${late.wasm}`);
    await end(page);
  });
});
