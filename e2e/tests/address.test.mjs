/** `url-sync`: the view in the page's address, for whoever is sent the link, and for Back and Forward. */

import assert from 'node:assert/strict';
import { eventually, openPage, rows, sortBy, sorted, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { describe, test } from '../lib/test.mjs';

describe('the view in the address', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));

  /** A host's page with elements of these attributes, opened at an address. */
  const open = (elements, address = '') => {
    const tags = elements.map((attributes) => {
      const text = Object.entries({ 'cluster-id': '1001240', refresh: '0', loading: 'eager', ...attributes });
      return `<${TAG} ${text.map(([name, value]) => `${name}="${value}"`).join(' ')}></${TAG}>`;
    });
    return openPage(browser, `${server.url}/host/page${address}`, {
      prepare: (page) =>
        page.route('**/host/page*', (route) =>
          route.fulfill({
            contentType: 'text/html',
            body: `<!doctype html><title>host</title><script type="module" src="/define.js"></script>${tags.join('')}`,
          }),
        ),
    });
  };
  const end = async (page) => {
    await page.assertClean();
    await page.closeAll();
  };
  const search = (page) => page.locator(TAG).first().getByRole('searchbox');
  const says = (page) => Object.fromEntries(new URL(page.url()).searchParams);
  const current = (page) => page.locator(`${TAG} [aria-current="page"]`).first().innerText();
  const view = async (page) => (await rows(page)).map(({ id, cells }) => [id, cells]);

  test('is what a fresh browser opens', async () => {
    const page = await open([{ 'url-sync': 'query', range: 'all' }], '?other=a%20b&flag#part');
    await waitSettled(page);
    assert.equal(new URL(page.url()).search, '?other=a%20b&flag');
    await search(page).fill('status:failed,running -tenant:"no such"');
    await sortBy(page, 'duration');
    await sortBy(page, 'duration');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByRole('button', { name: 'Next page' }).click();
    await eventually('page 3', async () => (await current(page)) === '3');
    await page.locator(TAG).evaluate((element) => element.setState({ range: '2020-01-01/', page: 3 }));
    await waitSettled(page);
    const { search: query, hash } = new URL(page.url());
    assert.match(query, /^\?other=a%20b&flag&rt-range=/);
    assert.equal(hash, '#part');
    assert.deepEqual(says(page), {
      other: 'a b', flag: '', 'rt-range': '2020-01-01/', 'rt-sort': '-duration', 'rt-filter': 'status:failed,running -tenant:"no such"', 'rt-page': '3',
    });
    const [shown, address] = [await view(page), new URL(page.url())];
    await end(page);

    const again = await open([{ 'url-sync': 'query' }], address.search + address.hash);
    await waitSettled(again);
    assert.deepEqual(await view(again), shown);
    assert.equal(await search(again).inputValue(), 'status:failed,running -tenant:"no such"');
    assert.equal(await sorted(again, 'duration'), 'descending');
    assert.equal(again.url().replace(/^[^?]*/, ''), address.search + address.hash);
    await end(again);
  });

  test('of a page of its own, in the hash, with columns and a zone, opens in a fresh browser', async () => {
    const attributes = { 'url-sync': 'hash', 'url-key': 'left', 'page-size': '10', density: 'compact' };
    const page = await open([attributes], '#/route');
    await waitSettled(page);
    const view = (page) => page.locator(TAG).evaluate((element) => element.getState());
    await page.locator(TAG).evaluate((element) =>
      element.setState({
        range: '2020-01-01/', sort: '-finishTime', filter: 'status:failed', page: 3, columns: ['status', 'id', 'finishTime'], timeZone: 'Asia/Tokyo',
      }),
    );
    await waitSettled(page);
    const [want, shown, hash] = [await view(page), await rows(page), new URL(page.url()).hash];
    assert.match(hash, /^#\/route\?left-range=/);
    assert.deepEqual([want.page, want.timeZone, shown.length], [3, 'Asia/Tokyo', 10]);
    await end(page);

    const again = await open([attributes, { ...attributes, 'url-key': 'right' }], hash);
    const second = `${TAG}:nth-of-type(2)`;
    await waitSettled(again);
    await waitSettled(again, { selector: second });
    assert.deepEqual(await again.locator(TAG).first().evaluate((element) => element.getState()), want);
    assert.deepEqual(await rows(again), shown);
    const other = await again.locator(second).evaluate((element) => element.getState());
    assert.deepEqual([other.sort, other.filter, other.page, other.timeZone], ['', '', 1, '']);
    assert.equal(new URL(again.url()).hash, hash);
    await end(again);
  });

  test('goes back and forward; what is typed is one entry', async () => {
    const page = await open([{ 'url-sync': 'query' }]);
    await waitSettled(page);
    const length = () => page.evaluate(() => history.length);
    const before = await length();
    await page.evaluate(() => {
      history.replaceState({ router: 1 }, '');
      window.told = 0;
      document.addEventListener('obrt-state-change', () => window.told++);
    });
    await sortBy(page, 'id');
    await search(page).pressSequentially('id:>1');
    await search(page).fill('');
    await page.getByRole('button', { name: 'Next page' }).click();
    await eventually('page 2', async () => (await current(page)) === '2');
    assert.equal(await length(), before + 2);
    assert.equal(await page.evaluate(() => history.state.router), 1);
    assert.deepEqual(says(page), { 'rt-sort': 'id', 'rt-page': '2' });
    const told = await page.evaluate(() => window.told);
    await page.goBack();
    await eventually('page 1', async () => (await current(page)) === '1');
    assert.equal(await sorted(page, 'id'), 'ascending');
    await page.goBack();
    await eventually('unsorted', async () => (await sorted(page, 'id')) === null);
    assert.equal((await rows(page))[0].id, '1240');
    await page.goForward();
    await eventually('sorted', async () => (await rows(page))[0].id === '1');
    assert.equal(await page.evaluate(() => window.told), told + 3);
    assert.deepEqual(says(page), { 'rt-sort': 'id' });
    await end(page);
  });

  test('of two instances do not mix, and one without it leaves the address alone', async () => {
    const page = await open([
      { 'url-sync': 'query', 'url-key': 'left' }, { 'url-sync': 'hash', 'url-key': 'right' }, {},
    ], '?left-sort=-id&right-sort=id#/route');
    const nth = (at) => `${TAG}:nth-of-type(${at})`;
    for (const at of [1, 2, 3]) await waitSettled(page, { selector: nth(at) });
    assert.deepEqual(await Promise.all([1, 2, 3].map((at) => sorted(page, 'id', nth(at)))), ['descending', null, null]);
    await sortBy(page, 'status', nth(2));
    await sortBy(page, 'duration', nth(3));
    await sortBy(page, 'createTime', nth(1));
    const { search, hash } = new URL(page.url());
    assert.equal(search, '?right-sort=id&left-sort=createTime');
    assert.equal(hash, '#/route?right-sort=status');
    await page.goBack();
    await eventually('the left one', async () => (await sorted(page, 'id', nth(1))) === 'descending');
    await page.goBack();
    await eventually('the right one', async () => (await sorted(page, 'status', nth(2))) === null);
    assert.equal(await sorted(page, 'duration', nth(3)), 'ascending');
    await end(page);
  });

  test('holds no secret, and what cannot be read is named', async () => {
    const page = await open([{ 'url-sync': 'query' }], '?rt-sort=nope&rt-page=77777&rt-filter=uri%3Aoss%3A%2F%2Fb%3Faccess_key%3DPLANTED');
    await waitSettled(page);
    assert.ok(!page.url().includes('PLANTED'), page.url());
    assert.equal(says(page)['rt-sort'], undefined);
    assert.equal(says(page)['rt-page'], undefined);
    assert.match(await page.locator(`${TAG} [part~="banner"]`).innerText(), /“nope” is no column/);
    await end(page);
  });

  test('follows an element that leaves and comes back, and no longer one that has gone', async () => {
    const page = await open([{ 'url-sync': 'query' }]);
    await waitSettled(page);
    await sortBy(page, 'id');
    await page.evaluate((tag) => {
      window.element = document.querySelector(tag);
      window.element.remove();
    }, TAG);
    await page.goBack();
    await page.waitForTimeout(200);
    await page.goForward();
    await page.evaluate(() => document.body.append(window.element));
    await waitSettled(page);
    assert.equal(await sorted(page, 'id'), 'ascending');
    await end(page);
  });
});
