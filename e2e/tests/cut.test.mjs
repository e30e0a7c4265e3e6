/**
 * Nothing is cut off: with texts 40 % longer, in Chinese and Japanese, on a narrow column, zoomed, with a font twice as
 * large, and with the spacing of text that WCAG 1.4.12 names. Measured in every look of `looks.mjs`.
 */

import assert from 'node:assert/strict';
import { measuring } from '../lib/cut.mjs';
import { eventually, mend, openPage, TAG } from '../lib/harness.mjs';
import { LONG } from '../lib/long.mjs';
import { LOOKS, openLook, set } from '../lib/looks.mjs';
import { useStage } from '../lib/stage.mjs';
import { longer, texts } from '../lib/texts.mjs';
import { afterEach, describe, test } from '../lib/test.mjs';

/** In the middle, and with all of it: 640 and 320 are what 1280 is at 200 % and 400 %. */
const WIDTHS = [1280, 950, 640, 320];
/** Where most is cut off: with every change in each run, at every width in long runs. */
const ENDS = LONG ? WIDTHS : [1280, 320];

/** What is made of the page; each is taken back by the next. */
const MAKES = [
  { name: 'as it is', make: {} },
  { name: 'longer texts', make: { messages: Object.fromEntries(texts().filter(({ name }) => !/^(meaning|check)[A-Z]/.test(name)).map(({ name, english }) => [name, longer(english)])) } },
  { name: 'Chinese', make: { lang: 'zh-CN' } },
  { name: 'Japanese', make: { lang: 'ja' } },
  { name: 'a font twice as large', style: { '--obrt-font': '26px/40px system-ui, sans-serif', '--obrt-row-height': '66px' } },
  { name: 'text spacing', sheet: '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }' },
];

/** On the page: whether nothing is on its way, neither rows nor what sums them up. A look of a table that loads is never at rest. */
function isAtRest(tag) {
  const root = document.querySelector(tag).shadowRoot;
  const isWhole = !root.querySelector('tr[data-task-id]') || !root.querySelector('.overview') || root.querySelector('.overview > *');
  return isWhole && !root.querySelector('table[aria-busy="true"]');
}

/** On the page: the style that a host or a person brings along. */
function dress({ tag, style, sheet }) {
  const element = document.querySelector(tag);
  for (const name of ['--obrt-font', '--obrt-row-height']) element.style.setProperty(name, style[name] ?? '');
  const theirs = element.shadowRoot.adoptedStyleSheets.filter((one) => !one.isTheirs);
  const added = Object.assign(new CSSStyleSheet(), { isTheirs: true });
  added.replaceSync(sheet);
  element.shadowRoot.adoptedStyleSheets = [...theirs, added];
}

describe('nothing is cut off', () => {
  let server;
  let browser;
  useStage((stage) => ({ server, browser } = stage));
  afterEach(() => mend(server));

  /** A page as `openLook` drives it, with Playwright's own at hand. */
  const opener = (options) => ({
    open: async (url) => {
      const page = await openPage(browser, url, options);
      const { evaluate, mouse, keyboard } = page;
      return { page, evaluate: evaluate.bind(page), press: (x, y) => mouse.click(x, y), type: (text) => keyboard.type(text), key: (key) => keyboard.press(key), close: () => page.closeAll() };
    },
  });

  test('every text has an English one to be made longer', () => {
    assert.deepEqual(texts().filter(({ english }) => !english).map(({ name }) => name), []);
    assert.equal(longer('{n} match'), '{n} matchwei');
    assert.equal(longer('Last 7 days'), 'Last 7 days weit');
  });

  for (const look of LOOKS) {
    test(`in ${look.name}`, async () => {
      const opened = await openLook(opener({ viewport: { width: 1280, height: 900 } }), server, look);
      if (look.problem) opened.page.expectProblem(look.problem);
      const found = new Map();
      const rest = () => look.name === 'loading' || eventually('the rows and their summary', () => opened.evaluate(isAtRest, TAG));
      try {
        for (const { name, make = {}, style = {}, sheet = '' } of MAKES) {
          await opened.evaluate(dress, { tag: TAG, style, sheet });
          await set(opened, { messages: null, lang: null, ...make });
          const wanted = make.messages?.filterLabel;
          const shown = () => opened.evaluate((tag) => document.querySelector(tag).shadowRoot.querySelector('input[type=search]').placeholder, TAG);
          if (wanted) await eventually('the longer texts', async () => (await shown()) === wanted);
          await rest();
          for (const width of name === 'as it is' ? WIDTHS : ENDS) {
            await opened.page.setViewportSize({ width, height: 900 });
            const faults = await opened.evaluate(measuring(TAG));
            for (const line of faults) found.set(line, [...(found.get(line) ?? []), `${name} ${width}`]);
          }
        }
        assert.deepEqual([...found].map(([line, where]) => `${line} — ${where.join(', ')}`), []);
        await opened.page.assertClean();
      } finally {
        await opened.close();
      }
    });
  }
});
