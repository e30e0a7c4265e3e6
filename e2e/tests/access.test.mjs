/**
 * axe finds no fault in any look, light and dark, in each language. In each run Chromium has all of this, and the other engines
 * have the looks that differ most, in English; long runs have all of it in every engine.
 */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { mend, TAG } from '../lib/harness.mjs';
import { LONG, ONLY_LONG } from '../lib/long.mjs';
import { LOOKS, openLook, set } from '../lib/looks.mjs';
import { inEachEngine } from '../lib/stage.mjs';
import { afterEach } from '../lib/test.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What is looked at. Colours do not depend on the language, nor names and roles on the theme: contrast, which takes most of
 * axe's time, is looked at once a theme, the rest once a language.
 */
const PASSES = [
  { lang: 'en', theme: 'light', contrast: true, rest: true },
  { lang: 'en', theme: 'dark', contrast: true },
  { lang: 'zh-CN', theme: 'dark', rest: true },
  { lang: 'ja', theme: 'light', rest: true },
];
/** In each run, only Chromium has the other languages: their names and roles are the same in each engine. */
const passes = ({ name }) => (name === 'Chromium' || LONG ? PASSES : PASSES.filter(({ lang }) => lang === 'en'));

/** On the page: what axe says of the widget. */
const complain = async ({ tag, contrast, rest }) => {
  const some = rest
    ? { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { 'color-contrast': { enabled: contrast === true } } }
    : { runOnly: { type: 'rule', values: ['color-contrast'] } };
  const { violations, passes } = await window.axe.run({ include: [[tag]] }, { ...some, resultTypes: ['violations'] });
  if (passes.length < (rest ? 10 : 1)) return [`axe looked at too little: ${passes.map(({ id }) => id)}`];
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
};

/** One look of each kind: placeholders, rows, an alert, details, a menu, a dialog. */
const KINDS = ['loading', 'data', 'an error', 'details of a failure', 'the columns menu', 'the help'];

inEachEngine('axe', (engine, test, useStage) => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));
  afterEach(() => server && mend(server));

  for (const look of LOOKS) {
    const skip = engine.name !== 'Chromium' && !KINDS.includes(look.name) && ONLY_LONG;
    test(`finds nothing in ${look.name}`, { skip }, async () => {
      const page = await openLook(browser, server, look);
      try {
        await page.run(axe);
        const found = [];
        for (const { lang, theme, ...what } of passes(engine)) {
          await set(page, { lang, theme });
          const shown = await page.evaluate((tag) => {
            const { lang, dataset } = document.querySelector(tag).shadowRoot.querySelector('.widget');
            return `${lang} ${dataset.theme}`;
          }, TAG);
          assert.equal(shown, `${lang} ${theme}`);
          for (const complaint of await page.evaluate(complain, { tag: TAG, ...what })) found.push(`${shown}: ${complaint}`);
        }
        assert.deepEqual(found, []);
      } finally {
        await page.close();
      }
    });
  }

  test('the looks of each run exist', () => {
    assert.deepEqual(KINDS.filter((name) => LOOKS.every((look) => look.name !== name)), []);
  });

  test('finds a colour that is too pale inside the widget', async () => {
    const page = await openLook(browser, server, LOOKS.find(({ name }) => name === 'data'));
    await page.evaluate((tag) => document.querySelector(tag).style.setProperty('--obrt-text', '#ccc'), TAG);
    await page.run(axe);
    assert.match((await page.evaluate(complain, { tag: TAG, contrast: true })).join('\n'), /color-contrast/);
    await page.close();
  });
});
