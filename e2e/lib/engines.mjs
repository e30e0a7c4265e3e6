/**
 * One small interface to three engines: Chromium (Playwright), Firefox (Puppeteer, over WebDriver BiDi) and WebKitGTK
 * (WebDriver). It has only what tests of all three need; a test of Chromium alone uses `openPage`.
 *
 * The environment names the browsers: CHROME, FIREFOX, WEBKIT. Tests of an engine that is not named are skipped. Each
 * command to a browser has a deadline; a browser that misses it is killed, and its other tests fail at once.
 */

import puppeteer from 'puppeteer-core';
import { Key } from 'selenium-webdriver';
import { COMMAND_LIMIT, withDeadlines } from './deadline.mjs';
import { eventually, launch, openPage, TAG } from './harness.mjs';
import { startWebKit } from './webkit.mjs';

/**
 * A page in any engine.
 * @typedef {object} Page
 * @property {(f: Function, argument?: unknown) => Promise<any>} evaluate calls a function on the page; it may be async
 * @property {(source: string) => Promise<void>} run runs a script, whatever the page's policy says of scripts
 * @property {(x: number, y: number) => Promise<void>} press presses the pointer there
 * @property {(text: string) => Promise<void>} type types into what has the focus
 * @property {(key: string) => Promise<void>} key presses a key by its DOM name, such as `Enter`
 * @property {() => Promise<string[]>} problems what went wrong: console errors and warnings, uncaught errors, violations
 * @property {() => Promise<void>} close
 */

/**
 * Every engine: `env` is the variable that names it, `start()` gives `{version, open(url, options), close}`. Of the options,
 * `viewport` is the size of the page, and `prepare` a function that is called on it before its scripts.
 */
export const ENGINES = [
  { name: 'Chromium', env: 'CHROME', package: 'Chromium', start: startChromium },
  { name: 'Firefox', env: 'FIREFOX', package: 'Firefox', start: startFirefox },
  { name: 'WebKit', env: 'WEBKIT', package: 'WebKitGTK', start: startWebKitGtk },
];

/** Why an engine cannot be tested here; false if it can. */
export const missing = ({ env, package: program }) => !process.env[env] && `no ${program} on this machine`;

/** Firefox for a test that drives it by itself. */
export const FIREFOX = ENGINES.find(({ name }) => name === 'Firefox');

export const launchFirefox = () =>
  puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX, headless: true, protocolTimeout: COMMAND_LIMIT });

/** The engine's browser and its pages with deadlines; `kill` ends the browser's process. */
function guarded(name, { open, ...browser }, kill) {
  let hung = false;
  const end = () => {
    hung = true;
    kill();
  };
  const pages = async (...args) => withDeadlines(await open(...args), `${name}'s page`, end);
  return { ...withDeadlines({ ...browser, open: pages }, name, end), isHung: () => hung };
}

const WIDE = { width: 1280, height: 800 };

async function startChromium() {
  const browser = await launch();
  const version = `Chromium ${browser.version()}`;
  return guarded(version, {
    version,
    async open(url, { viewport = WIDE, prepare = () => {} } = {}) {
      const scripts = async (page) => {
        for (const script of [watch, prepare]) await page.addInitScript(script);
      };
      const page = await openPage(browser, url, { viewport, prepare: scripts });
      return {
        evaluate: (f, argument) => page.evaluate(f, argument),
        run: (source) => page.evaluate(source).then(() => {}),
        press: (x, y) => page.mouse.click(x, y),
        type: (text) => page.keyboard.type(text),
        key: (key) => page.keyboard.press(key),
        problems: async () => [...page.problems, ...(await page.evaluate(() => window.wrong))],
        close: () => page.closeAll(),
      };
    },
    close: () => browser.close(),
  }, () => void browser.close().catch(() => {}));
}

async function startFirefox() {
  const browser = await launchFirefox();
  const version = await browser.version();
  return guarded(version, {
    version,
    async open(url, { viewport = WIDE, prepare = () => {} } = {}) {
      const page = await browser.newPage();
      const wrong = [];
      page.on('console', (message) => ['error', 'warn'].includes(message.type()) && wrong.push(message.text()));
      page.on('pageerror', (error) => wrong.push(error.message));
      await page.setViewport(viewport);
      for (const script of [watch, prepare]) await page.evaluateOnNewDocument(script);
      await page.goto(url);
      return {
        evaluate: (f, argument) => page.evaluate(f, argument),
        run: (source) => page.evaluate(source).then(() => {}),
        press: (x, y) => page.mouse.click(x, y),
        type: (text) => page.keyboard.type(text),
        key: (key) => page.keyboard.press(key),
        problems: async () => [...wrong, ...(await page.evaluate(() => window.wrong))],
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  }, () => browser.process()?.kill('SIGKILL'));
}

/**
 * WebDriver has no console and no way to be on a page before its scripts. So the element is put on an empty page of the
 * same server, under the same policy, by what has been listening since before its first file was asked for.
 */
async function startWebKitGtk() {
  const { driver, stop, kill } = await startWebKit();
  const version = `WebKitGTK ${(await driver.getCapabilities()).get('browserVersion')}`;
  const evaluate = async (f, argument) => {
    const { value, thrown } = await driver.executeAsyncScript(call(f), argument);
    if (thrown) throw new Error(thrown);
    return value;
  };
  return guarded(version, {
    version,
    async open(url, { viewport = WIDE, prepare = () => {} } = {}) {
      const { origin, searchParams } = new URL(url);
      await driver.get(`${origin}/an-empty-page`);
      await resize(driver, viewport);
      for (const script of [watch, prepare]) await evaluate(script);
      await evaluate(embed, { tag: TAG, attributes: Object.fromEntries(searchParams) });
      return {
        evaluate,
        run: (source) => driver.executeScript(source).then(() => {}),
        press: (x, y) => driver.actions().move({ x: Math.round(x), y: Math.round(y), duration: 0 }).click().perform(),
        type: (text) => driver.actions().sendKeys(text).perform(),
        key: (key) => driver.actions().sendKeys(Key[KEYS[key] ?? key.toUpperCase()]).perform(),
        problems: () => evaluate(() => window.wrong),
        close: () => driver.get('about:blank'),
      };
    },
    close: stop,
  }, kill);
}

/** DOM names of keys that WebDriver's client calls otherwise. */
const KEYS = { ArrowDown: 'ARROW_DOWN', ArrowUp: 'ARROW_UP', ArrowLeft: 'ARROW_LEFT', ArrowRight: 'ARROW_RIGHT' };

/** A script that answers with what the function gives, or says what it threw. (The page's policy lets none be made of text.) */
const call = (f) => `
  const done = arguments[arguments.length - 1];
  Promise.resolve(arguments[0]).then(${f}).then((value) => done({ value }), (error) => done({ thrown: String(error) }));
`;

/** A window's frame counts, and no window can be as narrow as a phone. */
async function resize(driver, { width, height }) {
  const window = driver.manage().window();
  await window.setRect({ width: width + 40, height: height + 120 });
  const inner = await driver.executeScript('return [innerWidth, innerHeight]');
  await window.setRect({ width: 2 * width + 40 - inner[0], height: 2 * height + 120 - inner[1] });
}

/** On the page: notes from now on what goes wrong, and which workers there are. */
function watch() {
  window.wrong = [];
  window.workers = [];
  window.Worker = class extends Worker {
    constructor(...values) {
      super(...values);
      window.workers.push(String(values[0]));
    }
  };
  const note = (text) => window.wrong.push(text);
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => note(`${violatedDirective} ${blockedURI}`));
  addEventListener('error', ({ message }) => note(`uncaught: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => note(`uncaught: ${reason}`));
  for (const level of ['error', 'warn']) {
    const before = console[level];
    console[level] = (...values) => {
      note(values.join(' '));
      before.apply(console, values);
    };
  }
}

/** On the page: an ordinary host page made by hand. */
async function embed({ tag, attributes }) {
  document.documentElement.lang = 'en';
  document.title = 'Restore tasks';
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.replaceChildren(element);
  await import(`${location.origin}/define.js`);
}

/**
 * In the widget: where an element can be pressed that a selector finds in the shadow root and whose name matches. Mostly
 * that is its middle. But WebKitGTK lays its scrollbar over the last row of a table that is wider than its box: only the
 * upper 12 of the row's 33 pixels are the row's own there, and a press below them is one of the scrollbar.
 */
function place({ tag, selector, name }) {
  const root = document.querySelector(tag).shadowRoot;
  const found = [...root.querySelectorAll(selector)].find((element) => {
    const called = element.getAttribute('aria-label') ?? element.textContent.trim();
    return element.getClientRects().length > 0 && (name === undefined || called.startsWith(name));
  });
  if (!found) return null;
  found.scrollIntoView({ block: 'nearest' });
  const { left, top, width, height } = found.getBoundingClientRect();
  const points = [1 / 2, 1 / 4, 3 / 4].map((part) => ({ x: left + width / 2, y: top + height * part }));
  const at = ({ x, y }) => root.elementFromPoint(x, y);
  const free = points.find((point) => found.contains(at(point)));
  if (!free) throw new Error(`it is covered by ${at(points[0])?.outerHTML.slice(0, 80)}`);
  return free;
}

/** Presses an element of the widget with the pointer, once it is there and nothing lies over it. */
export async function press(page, selector, name) {
  const at = await eventually(`${selector} ${name ?? ''}`, () => page.evaluate(place, { tag: TAG, selector, name }));
  await page.press(at.x, at.y);
}

/** Waits until a selector finds something in the shadow root. */
export async function isThere(page, selector, timeout = 30_000) {
  const count = () => page.evaluate(({ tag, selector }) => document.querySelector(tag)?.shadowRoot?.querySelectorAll(selector).length, { tag: TAG, selector });
  await eventually(selector, count, { timeout });
}

/** What the widget shows, read in whichever engine. */
export const seen = (page) =>
  page.evaluate((tag) => {
    const root = document.querySelector(tag)?.shadowRoot;
    const held = root?.querySelector('[part="completeness"]');
    const alerts = Array.from(root?.querySelectorAll('[role="alert"]') ?? [], (alert) => alert.textContent.trim());
    const inner = root?.activeElement;
    return {
      ids: Array.from(root?.querySelectorAll('tr[data-task-id]') ?? [], (row) => row.dataset.taskId),
      busy: root?.querySelector('table')?.getAttribute('aria-busy') === 'true',
      held: held && `${held.textContent.trim()} ${held.dataset.complete}`,
      sorted: root?.querySelector('th[aria-sort]')?.dataset.column,
      page: root?.querySelector('[aria-current="page"]')?.textContent,
      details: root?.querySelector('[part~="detail"]')?.textContent.trim().slice(0, 10) ?? null,
      alerts: alerts.filter((text) => text),
      focus: inner?.dataset.taskId ?? inner?.localName ?? null,
    };
  }, TAG);
