/** The columns: their order, their widths, the first one in sight; and how high a row is. */

import assert from 'node:assert/strict';
import { FIREFOX, missing } from '../lib/engines.mjs';
import { eventually, header, openPage, rows, sorted, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

const QUERY = 'cluster-id=1001240&refresh=0';
const DEFAULT = 'id status restoreTenantName backupClusterName backupTenantName restoreClusterName backupMode createTime finishTime duration restoreEndTime errorMsg'.split(' ');

describe('columns', () => {
  let server;
  let browser;
  let page;
  let widget;

  useStage((stage) => ({ server, browser } = stage));

  afterEach(async () => {
    await page?.assertClean();
    await page?.closeAll();
  });

  const open = async (query = '', options) => {
    page = await openPage(browser, `${server.url}/?${QUERY}${query}`, options);
    widget = page.locator(TAG);
    await waitSettled(page);
    // The edges come with the second half of the module.
    await eventually('the edges are there', async () => (await widget.locator('.grip').count()) > 0);
  };
  const openMenu = () => widget.getByRole('button', { name: 'Columns', exact: true }).click();
  const box = (name) => widget.getByRole('checkbox', { name, exact: true });
  const button = (name) => widget.getByRole('button', { name, exact: true });
  const order = () => widget.locator('thead th').evaluateAll((cells) => cells.map((cell) => cell.dataset.column));
  const is = (what, ask, want) =>
    eventually(`${what} is ${JSON.stringify(want)}`, async () => JSON.stringify(await ask()) === JSON.stringify(want));
  const width = (column) => header(page, column).evaluate((cell) => Math.round(cell.getBoundingClientRect().width));
  const cellWidth = (column) =>
    widget.locator(`tbody td[data-column="${column}"]`).first().evaluate((cell) => Math.round(cell.getBoundingClientRect().width));
  const saved = () => widget.evaluate((element) => element.getState());
  const said = () => widget.locator('[role="status"]').innerText();
  const focused = () =>
    widget.evaluate((element) => {
      const active = element.shadowRoot.activeElement;
      return active && `${active.closest('[data-of]')?.dataset.of} ${active.dataset.do}`;
    });
  const grip = (column) => header(page, column).locator('.grip');
  const drag = async (column, by, { release = true } = {}) => {
    await grip(column).scrollIntoViewIfNeeded();
    const place = await grip(column).boundingBox();
    const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by / 2, y, { steps: 2 });
    await page.mouse.move(x + by, y, { steps: 2 });
    if (release) await page.mouse.up();
  };

  test('a column is moved by its buttons and by Alt and arrows; the focus goes with it, and its place is said', async () => {
    await open();
    await openMenu();
    await button('Move Status up').click();
    const moved = ['status', 'id', ...DEFAULT.slice(2)];
    await is('the order', order, moved);
    await is('the focus', focused, 'status up');
    assert.equal(await said(), 'Status is now column 1 of 12');
    assert.deepEqual((await saved()).columns, moved);
    assert.deepEqual(Object.keys((await rows(page))[0].cells), moved);
    // At its end the button has nothing to do, and keeps the focus.
    assert.equal(await button('Move Status up').getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('Enter');
    await is('the order', order, moved);
    await box('Status').focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await is('the order', order, ['id', 'restoreTenantName', 'status', ...DEFAULT.slice(3)]);
    await is('the focus', focused, 'status show');
    assert.equal(await said(), 'Status is now column 3 of 12');
    await page.keyboard.press('Escape');
    await is('the focus', () => widget.evaluate((element) => element.shadowRoot.activeElement?.getAttribute('aria-label')), 'Columns');
  });

  test('a column that is taken away or added keeps the focus on its box', async () => {
    await open('&columns=id+status');
    await openMenu();
    await box('Took').check();
    await is('the order', order, ['id', 'status', 'duration']);
    await is('the focus', focused, 'duration show');
    assert.equal(await box('Took').isChecked(), true);
    await box('ID').uncheck();
    await is('the order', order, ['status', 'duration']);
    await is('the focus', focused, 'id show');
    const boxes = widget.locator('.column input');
    assert.deepEqual(await boxes.evaluateAll((all) => all.map((box) => box.checked)), [true, true, ...Array(20).fill(false)]);
    await box('Status').uncheck();
    await is('the order', order, ['duration']);
    assert.equal(await box('Took').isDisabled(), true);
  });

  test('nothing of the menu lies below something else when it has the focus', async () => {
    for (const width of [1280, 320]) {
      await page?.closeAll();
      await open('', { viewport: { width, height: 740 } });
      await openMenu();
      await page.keyboard.press('Tab');
      let last;
      for (let at = 0; at < 100; at += 1) {
        const [name, isSeen] = await widget.evaluate((element) => {
          const active = element.shadowRoot.activeElement;
          const { left, top, width, height } = active.getBoundingClientRect();
          const inside = active.closest('.columns');
          const name = `${active.closest('[data-of]')?.dataset.of} ${active.dataset.do ?? active.type}`;
          return [inside && name, element.shadowRoot.elementFromPoint(left + width / 2, top + height / 2) === active];
        });
        if (!name) break;
        last = name;
        assert.equal(isSeen, true, `${name} at ${width}`);
        await page.keyboard.press('Tab');
      }
      assert.equal(last, 'undefined button', 'the last one is that which resets');
    }
  });

  test('an edge is dragged: the column follows, nothing is sorted, and the state hears of it once', async () => {
    await open();
    await widget.evaluate((element) => {
      window.changes = [];
      element.addEventListener('obrt-state-change', ({ detail }) => window.changes.push(detail.state.widths));
    });
    const from = await width('status');
    await drag('status', -60, { release: false });
    await is('the width', () => width('status'), from - 60);
    assert.deepEqual(await page.evaluate(() => window.changes), []);
    assert.deepEqual((await saved()).widths, {});
    await page.mouse.up();
    await is('the changes', () => page.evaluate(() => window.changes), [{ status: from - 60 }]);
    assert.deepEqual([await width('status'), await cellWidth('status')], [from - 60, from - 60]);
    assert.equal(await sorted(page, 'status'), null);
    // Nor is a press on the edge a sort, or a width.
    await grip('id').click();
    assert.equal(await widget.locator('th[aria-sort]').count(), 0);
    assert.deepEqual((await saved()).widths, { status: from - 60 });
    // Bounds, and the column that takes what is left.
    await drag('duration', -500);
    await is('the widths', async () => (await saved()).widths, { status: from - 60, duration: 48 });
    await header(page, 'errorMsg').scrollIntoViewIfNeeded();
    const failure = await width('errorMsg');
    await drag('errorMsg', -40);
    await is('the width', () => width('errorMsg'), failure - 40);
    assert.equal(await cellWidth('errorMsg'), failure - 40);
  });

  test('a double click on an edge fits the column to what it holds', async () => {
    await open();
    await grip('restoreTenantName').dblclick();
    await is('there is a width', async () => Object.keys((await saved()).widths), ['restoreTenantName']);
    const cut = await widget
      .locator('tbody td[data-column="restoreTenantName"], th[data-column="restoreTenantName"] .words')
      .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
    assert.equal(cut, 0);
    const fit = await width('restoreTenantName');
    const wants = await widget.locator('tbody td[data-column="restoreTenantName"] bdi').evaluateAll((all) => Math.max(...all.map((one) => one.offsetWidth)));
    assert.ok(fit >= wants + 20 && fit <= wants + 22, `${fit} for ${wants}`);
    assert.equal(await widget.locator('th[aria-sort]').count(), 0);
    // The same from the other side.
    await widget.evaluate((element) => element.setState({ widths: { restoreTenantName: 700 } }));
    await is('the width', () => width('restoreTenantName'), 700);
    await grip('restoreTenantName').dblclick();
    await is('the width', () => width('restoreTenantName'), fit);
  });

  test('Shift and arrows make a column wider from its header, Shift and Home puts it back', async () => {
    await open();
    const usual = await width('createTime');
    await header(page, 'createTime').getByRole('button').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await is('the width', () => width('createTime'), usual + 16);
    assert.equal(await said(), `Started is now ${usual + 16} pixels wide`);
    await page.keyboard.press('Shift+ArrowLeft');
    await is('the width', () => width('createTime'), usual);
    await page.keyboard.press('Shift+ArrowLeft');
    await is('the width', () => width('createTime'), usual - 16);
    await page.keyboard.press('Shift+Home');
    await is('the widths', async () => (await saved()).widths, {});
    assert.equal(await said(), 'Started has its usual width');
    assert.equal(await sorted(page, 'createTime'), null);
    assert.equal(await header(page, 'createTime').evaluate((cell) => cell.contains(cell.getRootNode().activeElement)), true);
    assert.equal(await header(page, 'createTime').locator('*').first().evaluate((first) => first.tagName), 'BUTTON');
  });

  test('the menu has a way to widths without dragging', async () => {
    await open();
    const usual = await width('id');
    await openMenu();
    await button('Make ID wider').click();
    await is('the width', () => width('id'), usual + 16);
    await button('Make ID narrower').click();
    await button('Make ID narrower').click();
    await is('the width', () => width('id'), Math.max(48, usual - 16));
    const small = await widget.locator('.column button').evaluateAll((all) => all.filter((one) => one.offsetWidth < 24 || one.offsetHeight < 24).length);
    assert.equal(small, 0);
  });

  test('the view with its widths comes out of getState() and goes in again; what cannot be used is left out', async () => {
    await open();
    const set = (state) => widget.evaluate((element, state) => element.setState(state), state);
    await set({ widths: { createTime: 200, id: 9, status: 1e9, nope: 100, duration: NaN }, pinned: true });
    const state = await saved();
    assert.deepEqual([state.widths, state.pinned], [{ id: 48, status: 800, createTime: 200 }, true]);
    await is('the width', () => width('createTime'), 200);
    await set({ density: 'compact' });
    assert.deepEqual((await saved()).widths, state.widths);
    for (const bad of [{ widths: 'wide' }, { widths: { id: 'wide' } }, { pinned: 3 }]) {
      await set(bad);
      assert.deepEqual((await saved()).widths, state.widths, JSON.stringify(bad));
    }
    await widget.evaluate((element) => element.reset());
    const { widths, pinned } = await saved();
    assert.deepEqual([widths, pinned], [{}, false]);
    await set(state);
    assert.deepEqual(await saved(), state);
  });

  test('a column of a chosen width can be scrolled to in a smaller font', async () => {
    await open('&columns=id+status+createTime');
    await widget.evaluate((element) => {
      element.style.setProperty('--obrt-font', '10px/16px sans-serif');
      return element.setState({ widths: { id: 800, status: 800 } });
    });
    await is('the width', () => width('status'), 800);
    // What is beyond a row's own width is cut off with it.
    const beyond = await widget.locator('tbody tr[data-row]').first().evaluate((row) => row.lastElementChild.getBoundingClientRect().right - row.getBoundingClientRect().right);
    assert.ok(beyond < 1, `${beyond} px`);
  });

  test('resetting the columns brings back order, widths and pin, and nothing else', async () => {
    await open('&columns=id+status+createTime&filter=status:failed');
    await widget.evaluate((element) => element.setState({ columns: ['createTime', 'id'], widths: { id: 300 }, pinned: true }));
    await openMenu();
    await button('Reset columns').click();
    await is('the order', order, ['id', 'status', 'createTime']);
    const { widths, pinned, filter } = await saved();
    assert.deepEqual([widths, pinned, filter], [{}, false, 'status:failed']);
    assert.equal(await said(), 'The columns are reset');
  });

  test('the first column stays in sight, with the colours of its row', async () => {
    await open('', { viewport: { width: 900, height: 700 } });
    await openMenu();
    await box('Keep the first column in sight').check();
    await page.keyboard.press('Escape');
    assert.equal((await saved()).pinned, true);
    await stays(page);
    const colours = () =>
      widget.locator('tbody tr[data-row]').nth(2).evaluate((row) => [0, 4].map((at) => getComputedStyle(row.children[at]).backgroundColor));
    const idle = await colours();
    assert.notEqual(idle[0], 'rgba(0, 0, 0, 0)', 'what passes below it does not show');
    await widget.locator('tbody tr[data-row]').nth(2).hover();
    await eventually('it is marked as the others are', async () => {
      const [first, other] = await colours();
      return first === other && first !== idle[0];
    });
    // In the one scroller too.
    await widget.getByRole('combobox', { name: 'Rows per page' }).selectOption('0');
    await waitSettled(page);
    await widget.locator('.scroll').evaluate((scroller) => scroller.scrollTo(0, 9000));
    await eventually('other rows', async () => (await rows(page))[0].index > 200);
    await stays(page);
  });

  test('the outline of a row that has the focus is drawn on the column that stays, too', async () => {
    await open('', { viewport: { width: 900, height: 700 } });
    await widget.evaluate((element) => element.setState({ pinned: true }));
    await widget.locator('tbody tr[data-row]').first().focus();
    await page.keyboard.press('ArrowDown');
    const shadows = () =>
      widget.locator('tbody tr[data-row]').evaluateAll((all) => all.slice(0, 3).map((row) => getComputedStyle(row.children[0]).boxShadow.includes('0px 2px')));
    await is('the outlines', shadows, [false, true, false]);
  });

  test('it stays in Firefox too', { skip: missing(FIREFOX) }, async () => {
    page = null;
    const fox = await FIREFOX.start();
    try {
      const other = await fox.open(`${server.url}/?${QUERY}`, { viewport: { width: 900, height: 700 } });
      await eventually('rows', () => other.evaluate((tag) => document.querySelector(tag)?.shadowRoot?.querySelector('.grip') != null, TAG));
      await other.evaluate((tag) => document.querySelector(tag).setState({ pinned: true }), TAG);
      await stays(other);
      assert.deepEqual(await other.problems(), []);
    } finally {
      await fox.close();
    }
  });

  test('rows are 33 px high, compact ones 28', async () => {
    await open();
    const heights = () => widget.locator('tbody tr[data-row]').evaluateAll((all) => [...new Set(all.map((row) => row.offsetHeight))]);
    assert.deepEqual(await heights(), [33]);
    await button('Density').click();
    await widget.getByRole('radio', { name: 'Compact' }).check();
    await is('the heights', heights, [28]);
    assert.equal((await saved()).density, 'compact');
    await widget.getByRole('radio', { name: 'Comfortable' }).check();
    await is('the heights', heights, [33]);
  });

  test('what may be cut is at hand in whole, and numbers stand under each other', async () => {
    await open('&columns=id+restoreUri+restorePoolListStr+ocpJobId+errorMsg');
    const [row] = await widget.locator('tbody tr[data-row]').evaluateAll((all) =>
      all.map((row) => Object.fromEntries(Array.from(row.children, (cell) => [cell.dataset.column, [cell.textContent.trim(), cell.title]]))),
    );
    for (const column of ['restoreUri', 'restorePoolListStr']) assert.equal(row[column][1], row[column][0], column);
    await widget.evaluate((element) => element.setState({ widths: { ocpJobId: 60 } }));
    const job = widget.locator('tbody td[data-column="ocpJobId"]:not(.missing)').first();
    await eventually('a narrower column has titles', async () => (await job.getAttribute('title')) === (await job.innerText()).trim());
    const style = await job.evaluate((cell) => {
      const { textAlign, fontFamily, fontVariantNumeric } = getComputedStyle(cell);
      return { textAlign, fontFamily, fontVariantNumeric };
    });
    assert.deepEqual([style.textAlign, style.fontVariantNumeric], ['end', 'tabular-nums']);
    assert.match(style.fontFamily, /monospace/);
  });

  test('320 px wide: order and sort are in reach, widths and pin are not and change nothing', async () => {
    await open('', { viewport: { width: 320, height: 740 } });
    await openMenu();
    await button('Move Target tenant up').click();
    await is('the order', order, ['id', 'restoreTenantName', 'status', ...DEFAULT.slice(3)]);
    assert.equal(await button('Make ID wider').isVisible(), false);
    assert.equal(await box('Keep the first column in sight').isVisible(), false);
    const panel = await widget.locator('.panel').boundingBox();
    assert.ok(panel.x >= 0 && panel.x + panel.width <= 320, JSON.stringify(panel));
    await page.keyboard.press('Escape');
    const card = await widget.locator('tbody tr[data-row]').first().boundingBox();
    await widget.evaluate((element) => element.setState({ widths: { id: 800 }, pinned: true }));
    assert.deepEqual(await widget.locator('tbody tr[data-row]').first().boundingBox(), card);
    await header(page, 'id').getByRole('button').focus();
    await page.keyboard.press('Shift+ArrowRight');
    assert.deepEqual((await saved()).widths, { id: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `${wide}`);
  });
});

/** The first column of a table that is scrolled sideways is where it was, in the header and in each row. */
async function stays(page) {
  const look = () =>
    page.evaluate((tag) => {
      const root = document.querySelector(tag).shadowRoot;
      const scroller = root.querySelector('.scroll');
      scroller.scrollLeft = 400;
      const { left: edge, bottom } = scroller.getBoundingClientRect();
      const head = root.querySelector('thead').getBoundingClientRect().bottom;
      const foot = bottom - 20;
      const left = (cell) => Math.round(cell.getBoundingClientRect().left - edge);
      const lines = [...root.querySelectorAll('thead tr, tbody tr[data-row]')];
      const hit = lines.map((line) => {
        const { left, top, height } = line.children[0].getBoundingClientRect();
        const seen = line.closest('thead') || (top > head && top + height < Math.min(innerHeight, foot));
        return seen && root.elementFromPoint(left + 8, top + height / 2)?.closest('th, td') !== line.children[0];
      });
      return {
        scrolled: scroller.scrollLeft,
        first: [...new Set(lines.map((line) => left(line.children[0])))],
        others: lines.filter((line) => left(line.children[1]) >= 0).length,
        covered: hit.filter(Boolean).length,
      };
    }, TAG);
  await eventually('it stays', async () => {
    const { scrolled, first, others } = await look();
    return scrolled === 400 && first.length === 1 && first[0] === 0 && others === 0;
  }).catch(async (error) => assert.fail(`${error.message}: ${JSON.stringify(await look())}`));
  assert.equal((await look()).covered, 0, 'nothing lies over it');
}
