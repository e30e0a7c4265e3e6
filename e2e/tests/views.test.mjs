/** `storage-key`: the look that a browser remembers, and the views that a person names. */

import assert from 'node:assert/strict';
import { eventually, openPage, sortBy, sorted, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

const KEY = 'ob-restore-tasks:k';

describe('what is remembered', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  const open = async (query = 'storage-key=k', options = {}) => {
    const page = await openPage(browser, `${server.url}/?cluster-id=1000050&refresh=0&loading=eager&${query}`, options);
    await waitSettled(page);
    return page;
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const nth = (at) => `${TAG}:nth-of-type(${at})`;
  const element = (page, run, value) => page.locator(TAG).first().evaluate(run, value);
  const view = (page, selector = TAG) => page.locator(selector).first().evaluate((element) => element.getState());
  const stored = (page) => page.evaluate((key) => localStorage.getItem(key), KEY);
  const menu = (page, selector = TAG) => page.locator(selector).first().getByRole('button', { name: 'Views', exact: true });
  const panel = (page, selector = TAG) => page.locator(selector).first().locator('.kept');
  const press = (page, name, selector = TAG) => panel(page, selector).getByRole('button', { name, exact: true }).click();
  const names = (page, selector = TAG) => panel(page, selector).locator('.entry').allInnerTexts();
  const focused = (page) => element(page, ({ shadowRoot }) => shadowRoot.activeElement?.textContent);
  const says = (page) => page.locator(`${TAG} [role="status"]`).first().innerText();
  const save = async (page, name, selector = TAG) => {
    if (!(await panel(page, selector).isVisible())) await menu(page, selector).click();
    await press(page, 'Save this view…', selector);
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
  };
  const columns = async (page) => (await view(page)).columns;

  test('is the look, and never what hides tasks', async () => {
    const page = await open();
    await page.getByRole('searchbox').fill('status:failed');
    await sortBy(page, 'id');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Method' }).click();
    await page.getByRole('checkbox', { name: 'Keep the first column in sight' }).click();
    await page.getByRole('button', { name: 'Wider: Status' }).or(page.getByRole('button', { name: /wider/i })).first().click();
    await page.getByRole('button', { name: 'Density' }).click();
    await page.getByRole('radio', { name: 'Compact' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('10');
    await waitSettled(page);
    const before = await view(page);
    assert.ok(!before.columns.includes('backupMode'), before.columns.join());
    await page.reload();
    await waitSettled(page);
    const { range, sort, filter, page: shown, ...look } = await view(page);
    assert.deepEqual({ range, sort, filter, shown }, { range: 'all', sort: '', filter: '', shown: 1 });
    assert.equal(Object.keys(before.widths).length, 1);
    const { columns, widths } = before;
    assert.deepEqual(look, { pageSize: 10, columns, density: 'compact', timeZone: '', widths, pinned: true });
    const first = page.requests.filter(({ api }) => api).at(-1).url;
    assert.match(first, /page=1&size=10$/);
    await element(page, (element) => element.reset());
    await page.reload();
    await waitSettled(page);
    assert.equal((await view(page)).density, 'comfortable');
    await end(page);
  });

  test('gives way to the host and to the address', async () => {
    const page = await open();
    await element(page, (element) => element.setState({ density: 'compact' }));
    assert.equal(await stored(page), null, 'what the host sets is not what a person chose');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Method' }).click();
    const chosen = await columns(page);
    const url = page.url();
    await page.goto(`${url}&columns=id+status`);
    await waitSettled(page);
    assert.deepEqual(await columns(page), ['id', 'status']);
    await page.goto(`${url}&url-sync=query&rt-columns=status+id`);
    await waitSettled(page);
    assert.deepEqual(await columns(page), ['status', 'id']);
    await page.goto(url);
    await waitSettled(page);
    assert.deepEqual(await columns(page), chosen);
    await element(page, (element) => (element.columns = 'id'));
    await eventually('the host', async () => (await columns(page)).length === 1);
    await end(page);
  });

  test('nothing, where the host does not allow it', async () => {
    const page = await open('url-sync=query');
    await page.getByRole('button', { name: 'Density' }).click();
    await page.getByRole('radio', { name: 'Compact' }).check();
    await menu(page).click();
    assert.deepEqual(await panel(page).getByRole('button').allInnerTexts(), ['Copy link', 'Reset view']);
    await press(page, 'Reset view');
    assert.equal((await view(page)).density, 'comfortable');
    assert.equal(await focused(page), 'Views');
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await end(page);
  });

  test('a view that is named, shown again, replaced and deleted', async () => {
    const page = await open('storage-key=k&url-sync=query');
    await page.evaluate(() => {
      window.told = [];
      document.addEventListener('obrt-state-change', ({ detail }) => window.told.push(detail.state.filter));
    });
    await page.getByRole('searchbox').fill('status:failed uri:access_key=PLANTED');
    await sortBy(page, 'duration');
    await save(page, 'Failed');
    await eventually('it is there', async () => (await names(page)).join() === 'Failed');
    assert.equal(await focused(page), 'Save this view…');
    assert.equal(await panel(page).locator('.entry').getAttribute('aria-current'), null, 'the secret is not in it');
    assert.equal(await says(page), 'View “Failed” saved');
    assert.ok(!(await stored(page)).includes('PLANTED'));
    await page.getByRole('searchbox').fill('status:failed');
    await menu(page).click();
    await press(page, 'Save this view…');
    await page.keyboard.type('Failed');
    await panel(page).getByText('A view of this name exists and will be replaced').waitFor();
    await panel(page).getByRole('button', { name: 'Replace' }).click();
    await eventually('replaced', async () => (await says(page)) === 'View “Failed” replaced');
    assert.equal(await panel(page).locator('.entry').getAttribute('aria-current'), 'true');
    await save(page, '<b>x</b>'.padEnd(300, 'y'));
    await eventually('two', async () => (await names(page)).length === 2);
    assert.equal((await names(page))[1].length, 80);
    await press(page, 'Reset view');
    await waitSettled(page);
    assert.equal(await sorted(page, 'duration'), null);
    assert.equal(new URL(page.url()).searchParams.get('rt-filter'), null);

    await page.reload();
    await waitSettled(page);
    await page.evaluate(() => {
      window.told = [];
      document.addEventListener('obrt-state-change', ({ detail }) => window.told.push(detail.state.filter));
    });
    await menu(page).click();
    await press(page, 'Failed');
    await waitSettled(page);
    assert.equal(await panel(page).count(), 0);
    assert.equal(await focused(page), 'Views');
    assert.equal(await sorted(page, 'duration'), 'ascending');
    assert.deepEqual(await page.evaluate(() => window.told), ['status:failed']);
    assert.equal(new URL(page.url()).searchParams.get('rt-filter'), 'status:failed');
    await page.goBack();
    await eventually('back', async () => (await sorted(page, 'duration')) === null);

    await menu(page).click();
    await press(page, 'Delete view Failed');
    await eventually('one left', async () => (await names(page)).length === 1);
    assert.match(await focused(page), /^<b>x/);
    await panel(page).locator('.drop').click();
    await eventually('none left', async () => (await names(page)).length === 0);
    assert.equal(await focused(page), 'Save this view…');
    for (const box of await panel(page).getByRole('button').all()) {
      const { width, height } = await box.boundingBox();
      assert.ok(width >= 24 && height >= 24);
    }
    await end(page);
  });

  test('the link opens the same view in a fresh browser', async () => {
    const page = await open('storage-key=k&url-sync=query', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('searchbox').fill('status:failed');
    await sortBy(page, 'id');
    await menu(page).click();
    await press(page, 'Copy link');
    await eventually('said', async () => (await says(page)) === 'Link copied');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(link, page.url());
    const want = await view(page);
    await end(page);
    const other = await openPage(browser, link);
    await waitSettled(other);
    assert.deepEqual(await view(other), want);
    await end(other);
  });

  for (const [how, block] of [
    ['refuses access', () => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })],
    ['is full', () => (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })],
    ['is none', () => Object.defineProperty(window, 'localStorage', { value: null })],
  ]) {
    test(`a storage that ${how} breaks nothing`, async () => {
      const page = await open('storage-key=k', { prepare: (page) => page.addInitScript(block) });
      await page.getByRole('button', { name: 'Density' }).click();
      await page.getByRole('radio', { name: 'Compact' }).check();
      assert.equal((await view(page)).density, 'compact');
      await save(page, 'a');
      const words = 'This browser did not keep it: its storage is blocked or full';
      await eventually('said', async () => (await says(page)) === words);
      assert.ok(await panel(page).getByText(words).isVisible());
      assert.ok(await panel(page).getByRole('textbox', { name: 'Name' }).isVisible(), 'what was typed is still there');
      await end(page);
    });
  }

  test('garbage in the storage is as good as nothing', async () => {
    const garbage = '{"version":1,"look":[{"of":"columns","was":null,"is":{"columns":["__proto__"]}}],"views":[{"of":"x","is":[]},7';
    const prepare = (page) => page.addInitScript(([key, text]) => localStorage.getItem(key) ?? localStorage.setItem(key, text), [KEY, garbage]);
    const page = await open('storage-key=k', { prepare });
    assert.equal((await columns(page)).length, 12);
    await save(page, 'a');
    await eventually('it is there', async () => (await names(page)).join() === 'a');
    await end(page);
  });

  test('two elements and two pages lose nothing of each other', async () => {
    const tag = `<${TAG} cluster-id="1000005" refresh="0" loading="eager" storage-key="k"></${TAG}>`;
    const page = await openPage(browser, `${server.url}/host/page`, {
      prepare: (page) =>
        page.context().route('**/host/page*', (route) =>
          route.fulfill({
            contentType: 'text/html',
            body: `<!doctype html><title>host</title><script type="module" src="/define.js"></script>${tag}${tag}`,
          }),
        ),
    });
    for (const at of [1, 2]) await waitSettled(page, { selector: nth(at) });
    await save(page, 'one', nth(1));
    await eventually('one', async () => (await names(page, nth(1))).length === 1);
    await save(page, 'two', nth(2));
    await eventually('two', async () => (await names(page, nth(2))).join() === 'one,two');
    const other = await page.context().newPage();
    await other.goto(`${server.url}/host/page`);
    for (const at of [1, 2]) await waitSettled(other, { selector: nth(at) });
    await save(other, 'three', nth(2));
    await eventually('three', async () => (await names(other, nth(2))).join() === 'one,two,three');
    // The menu of the first page is open still.
    await eventually('heard', async () => (await names(page, nth(2))).join() === 'one,two,three');
    await press(page, 'Delete view one', nth(2));
    await eventually('deleted', async () => (await names(other, nth(2))).join() === 'two,three');
    await menu(page, nth(1)).click();
    await eventually('the first one too', async () => (await names(page, nth(1))).join() === 'two,three');
    await end(page);
  });
});
