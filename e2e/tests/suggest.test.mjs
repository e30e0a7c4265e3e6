/** What a person does with the search box: takes suggestions, edits and removes the parts of the filter, mends a mistake. */

import assert from 'node:assert/strict';
import { contains, outcome, readAll } from '../lib/model.mjs';
import { eventually, header, openPage, sorted, TAG, waitSettled } from '../lib/harness.mjs';
import { useStage } from '../lib/stage.mjs';
import { afterEach, before, beforeEach, describe, test } from '../lib/test.mjs';

describe('the search box', () => {
  let server;
  let browser;
  let tasks;
  let page;
  let widget;

  useStage((stage) => ({ server, browser } = stage));
  before(async () => {
    tasks = await readAll(server, 1001240);
  });

  beforeEach(async () => {
    page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0`);
    widget = page.locator(TAG);
    await waitSettled(page);
    // The list comes with the second half of the module, as paper does.
    await page.locator(`${TAG} .paper`).waitFor({ state: 'attached' });
  });

  afterEach(async () => {
    await page.assertClean();
    await page.closeAll();
  });

  const box = () => widget.getByRole('searchbox', { name: 'Filter restore tasks' });
  const list = () => widget.getByRole('listbox', { name: 'Suggestions' });
  const options = () => list().getByRole('option');
  const chips = () => widget.getByRole('list', { name: 'Parts of the filter' });
  const chip = (token) => chips().getByRole('button', { name: token, exact: true });
  const remove = (token) => widget.getByRole('button', { name: `Remove ${token}`, exact: true });
  const says = (text) => eventually(`the box says ${text}`, async () => (await box().inputValue()) === text);
  const isClosed = () => list().waitFor({ state: 'detached' });
  const counted = (passes) =>
    eventually('the table counts them', async () => (await waitSettled(page)).rowCount === tasks.filter(passes).length + 1);
  const focused = () =>
    widget.evaluate((element) => {
      const active = element.shadowRoot.activeElement;
      return active?.getAttribute('aria-label') ?? active?.textContent ?? null;
    });
  const selected = () =>
    box().evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd));

  test('offers fields and values at the keys, and arrows and Enter take them', async () => {
    await box().press('s');
    await options().filter({ hasText: 'status:' }).waitFor();
    assert.equal(await box().getAttribute('aria-activedescendant'), null, 'nothing is chosen yet');
    await page.keyboard.press('ArrowDown');
    const active = await box().getAttribute('aria-activedescendant');
    assert.equal(await widget.locator(`#${active}`).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Enter');
    await says('status:');
    await options().filter({ hasText: 'failed' }).first().waitFor();
    const failed = tasks.filter((task) => outcome(task) === 'failed').length;
    const entry = () => options().filter({ hasText: /^failed/ }).innerText();
    await eventually('all of them are counted', async () => (await entry()).includes(String(failed)));
    await eventually('it is announced', async () => /\d suggestions/.test((await waitSettled(page)).status));
    await page.keyboard.type('fai');
    await eventually('fewer', async () => /^failed/.test(await options().first().innerText()));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await says('status:failed');
    await isClosed();
    assert.equal(await focused(), 'Filter restore tasks');
    await counted((task) => outcome(task) === 'failed');
  });

  test('a pointer takes a suggestion, and the box keeps the focus', async () => {
    await box().pressSequentially('tenant:tra');
    const option = options().first();
    const name = await option.locator('bdi').innerText();
    await option.click();
    await says(`tenant:${name}`);
    await isClosed();
    assert.equal(await focused(), 'Filter restore tasks');
    await counted((task) => contains([task.backupTenantName, task.restoreTenantName], name));
  });

  test('Escape closes the list and nothing else; then it clears the box', async () => {
    await box().pressSequentially('status:su');
    await options().first().waitFor();
    await page.keyboard.press('Escape');
    await isClosed();
    await says('status:su');
    await page.keyboard.press('ArrowDown');
    await options().first().waitFor();
    await page.keyboard.press('Escape');
    await isClosed();
    await page.keyboard.press('Escape');
    await says('');
  });

  test('is not in the way: not for what a script puts there, nor for what is whole, nor once the box is left', async () => {
    await box().fill('status:');
    await says('status:');
    assert.equal(await list().count(), 0);
    await box().fill('');
    await box().pressSequentially('status:failed');
    await isClosed();
    await header(page, 'id').getByRole('button').first().click();
    await eventually('it sorts', async () => (await sorted(page, 'id')) === 'ascending');
    await box().fill('');
    await box().pressSequentially('status:');
    await options().first().waitFor();
    await box().blur();
    await isClosed();
    await box().press('Backspace');
    await widget.getByRole('button', { name: /^Status:/ }).click();
    await widget.getByRole('checkbox', { name: 'Failed' }).waitFor();
    assert.equal(await list().count(), 0);
    await page.keyboard.press('Escape');
    // Enter, with nothing chosen, leaves the text as it is.
    await box().fill('');
    await box().pressSequentially('pool');
    await options().first().waitFor();
    await page.keyboard.press('Enter');
    await isClosed();
    await says('pool');
  });

  test('an input method keeps its keys', async () => {
    await box().pressSequentially('tenant:');
    await options().first().waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'ding', selectionStart: 4, selectionEnd: 4 });
    await isClosed();
    const taken = await box().evaluate((input) =>
      ['ArrowDown', 'Enter', 'Escape', 'Tab'].filter(
        (key) => !input.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, composed: true, cancelable: true })),
      ),
    );
    assert.deepEqual(taken, []);
    await session.send('Input.insertText', { text: '订单' });
    await says('tenant:订单');
  });

  test('chips lead back to their tokens, and out', async () => {
    await box().fill('trade');
    await says('trade');
    assert.equal(await chips().count(), 0, 'a word needs no chip');
    await box().fill('trade status:failed -mode:logical');
    await chip('status:failed').click();
    assert.equal(await focused(), 'Filter restore tasks');
    assert.equal(await selected(), 'status:failed');
    await page.keyboard.type('status:running');
    await says('trade status:running -mode:logical');
    await remove('status:running').click();
    await says('trade -mode:logical');
    assert.equal(await focused(), 'Remove -mode:logical');
    await page.keyboard.press('Enter');
    await says('trade');
    assert.equal(await focused(), 'Filter restore tasks');
    await chips().waitFor({ state: 'detached' });
    await box().fill('a b b');
    await remove('a').focus();
    await page.keyboard.press('Delete');
    await says('b b');
    assert.equal(await focused(), 'Remove b');
    await box().fill('mode:physical');
    await counted((task) => task.backupMode === 'PHYSICAL_BACKUP');
    await widget.getByRole('button', { name: 'Clear the filter' }).click();
    await says('');
    assert.equal(await focused(), 'Filter restore tasks');
    await waitSettled(page);
  });

  test('says under the word what is wrong with it, and what would be right', async () => {
    await box().fill('status:failed created:soon tenent:x');
    const item = (token) => chips().getByRole('listitem').filter({ has: page.getByRole('button', { name: token, exact: true }) });
    const wrong = item('created:soon').locator('[part~="banner"]');
    await wrong.waitFor();
    assert.match(await wrong.innerText(), /“created:soon” cannot be read and is left out\. created: takes a day such as/);
    assert.match(await item('tenent:x').locator('[part~="banner"]').innerText(), /“tenent” is no field/);
    assert.equal(await item('status:failed').locator('[part~="banner"]').count(), 0);
    assert.equal(await box().getAttribute('aria-invalid'), 'true');
    const said = await box().evaluate((input) =>
      input.getAttribute('aria-describedby').split(' ').map((id) => input.getRootNode().getElementById(id).textContent),
    );
    assert.deepEqual(said, [await wrong.innerText(), await item('tenent:x').locator('p').innerText()]);
    await remove('created:soon').click();
    await remove('tenent:x').click();
    await says('status:failed');
    assert.equal(await box().getAttribute('aria-invalid'), null);
    assert.equal(await box().getAttribute('aria-describedby'), null);
    await waitSettled(page);
  });

  test('a secret in the filter is not shown on its chip', async () => {
    await box().fill('status:failed uri:oss://b?access_key=hush');
    const text = await chips().innerText();
    assert.ok(text.includes('access_key=***') && !text.includes('hush'), text);
    assert.equal(await widget.getByRole('button', { name: /hush/ }).count(), 0);
    await waitSettled(page);
  });

  test('every target is 24 px and nothing is wider than 320 px', async () => {
    await page.closeAll();
    page = await openPage(browser, `${server.url}/?cluster-id=1001240&refresh=0`, { viewport: { width: 320, height: 740 } });
    widget = page.locator(TAG);
    await waitSettled(page);
    await box().fill('status:failed created:soon tenant:"a rather long name, with a comma and more of it"');
    await chips().waitFor();
    await box().press('End');
    await page.keyboard.type(' err');
    await options().first().waitFor();
    const small = await widget.evaluate((element) =>
      Array.from(element.shadowRoot.querySelectorAll('.tokens button, .suggestions li'), (target) => target.getBoundingClientRect())
        .filter(({ width, height, right }) => width < 24 || height < 24 || right > 320)
        .map((rect) => rect.toJSON()),
    );
    assert.deepEqual(small, []);
    await waitSettled(page);
    await eventually('no sideways scroll', () => page.evaluate(() => document.documentElement.scrollWidth <= 320));
  });
});
