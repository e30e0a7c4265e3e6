/**
 * What every browser test stands on: the companion server on a free port, an installed browser, pages
 * that write down everything that goes wrong, and the table as a person reads it.
 *
 * The environment names what is tested: CHROME (the browser), SERVER (the companion server's binary),
 * DIST (the built page). `cargo xtask test` sets all three.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

/** The element under test. */
export const TAG = 'ob-restore-tasks';

/** What tells a request to the API from one for a file of the page. */
const API = /\/api\/v2\/ob\/clusters\//;

/**
 * Chromium obeys only the last `--disable-features`, so this repeats what Playwright 1.65 disables in its own. The last two
 * load two pages of the browser's own interface with each window, which costs more processor time than the page under test.
 */
const DISABLED_FEATURES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

const BROWSER_FLAGS = [
  `--disable-features=${DISABLED_FEATURES}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; \`cargo xtask test --only e2e\` sets it`);
  return value;
}

/**
 * Starts the companion server and waits until it serves, on a free port unless `listen` names one.
 * @param {{faults?: boolean, db?: string, args?: string[], listen?: string, mode?: string, env?: object}} [options]
 *   `mode` is its command, `env` what the environment has beyond this process's own
 * @returns {Promise<{url: string, stop: () => Promise<void>}>} its address, without a slash at the end
 */
export async function startServer(options = {}) {
  const { mode = 'demo', faults = mode === 'demo', db, args = [], listen = '127.0.0.1:0', env = {} } = options;
  const line = [mode, '--listen', listen, '--dist', fromEnvironment('DIST')];
  if (faults) line.push('--faults');
  if (db) line.push('--db', db);
  const child = spawn(fromEnvironment('SERVER'), [...line, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  // A test that dies must not leave its server behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve));

  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-4000)));
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the server did not start within 60 s: ${said}`)), 60_000);
    const settle = (action) => (value) => {
      clearTimeout(late);
      action(value);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^listening on (http\S+)/.exec(line)?.[1];
      if (address) settle(resolve)(address.replace(/\/$/, ''));
    });
    child.once('error', settle(reject));
    ended.then((code) => settle(reject)(new Error(`the server ended (${code}) before it served: ${said}`)));
  }).catch((error) => {
    kill();
    throw error;
  });

  return {
    url,
    async stop() {
      process.off('exit', kill);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        const late = setTimeout(kill, 5_000);
        await ended;
        clearTimeout(late);
      }
    },
  };
}

/**
 * Starts the browser.
 * @param {{args?: string[]}} [options] more flags
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launch({ args = [] } = {}) {
  return chromium.launch({ executablePath: fromEnvironment('CHROME'), args: [...BROWSER_FLAGS, ...args] });
}

/**
 * Opens a page in a context of its own, and records what goes wrong on it and what it asks for. Beyond
 * Playwright's methods the page has:
 *
 * - `problems`: console errors and warnings, uncaught errors, violations of the content security policy,
 *   and failed requests, each as one line;
 * - `expectProblem(pattern)`: such lines are part of the test;
 * - `await assertClean()`: throws unless every problem was expected;
 * - `requests`: `{url, method, status, failed, cancelled, api, start, end, bytes}`, times in seconds, bytes of the body;
 * - `maxInFlight(filter)`: the most requests at one time, of the API unless a filter says otherwise;
 * - `closeAll()`: closes the page with its context.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {object} [options] `viewport`, and Playwright's other options of a context
 */
export async function openPage(browser, url, options = {}) {
  const { colorScheme = 'light', viewport = { width: 1280, height: 800 }, waitUntil = 'load', ...others } = options;
  const { locale = 'en-US', timezoneId = 'UTC', prepare, ...rest } = others;
  const context = await browser.newContext({ colorScheme, viewport, locale, timezoneId, ...rest });
  try {
    const page = await context.newPage();
    await record(page);
    // Routes, clocks and scripts that must be there before the page is.
    await prepare?.(page);
    await page.goto(url, { waitUntil });
    return page;
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function record(page) {
  const problems = [];
  const expected = [];
  const requests = [];

  page.on('console', (message) => {
    const icon = message.location().url?.endsWith('/favicon.ico');
    if ((message.type() === 'error' || message.type() === 'warning') && !icon) {
      problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error}`));
  page.on('crash', () => problems.push('the page crashed'));

  await page.exposeBinding('__obrtViolation', (_source, text) => problems.push(`content security policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.__obrtViolation(`${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`);
    });
  });

  const session = await recordRequests(page, requests, problems);

  page.problems = problems;
  page.requests = requests;
  page.expectProblem = (pattern) => expected.push(pattern);
  page.assertClean = async () => {
    // What the browser has to say up to now arrives before its answer; a closed page says no more.
    await session.send('Network.enable').catch(() => {});
    const surprises = problems.filter((text) => !expected.some((pattern) => pattern.test(text)));
    if (surprises.length > 0) throw new Error(`unexpected on the page:\n  ${surprises.join('\n  ')}`);
  };
  page.maxInFlight = (filter = (request) => request.api) => maxInFlight(requests.filter(filter));
  page.closeAll = () => page.context().close();
}

/**
 * Follows the requests in the browser's own protocol, whose times are those of the network. (Playwright's
 * events come later, in bursts, and would count requests as parallel that were not.)
 */
async function recordRequests(page, requests, problems) {
  const session = await page.context().newCDPSession(page);
  const open = new Map();
  const close = (id, timestamp, change) => {
    const request = open.get(id);
    if (request) Object.assign(request, { end: timestamp }, change);
    open.delete(id);
    return request;
  };
  session.on('Network.requestWillBeSent', ({ requestId, request, timestamp, redirectResponse }) => {
    if (request.url.startsWith('data:')) return;
    if (redirectResponse) close(requestId, timestamp, { status: redirectResponse.status });
    const { url, method, headers } = request;
    const entry = { url, method, headers, api: API.test(url), status: null, failed: false, cancelled: false };
    Object.assign(entry, { start: timestamp, end: null, bytes: 0 });
    open.set(requestId, entry);
    requests.push(entry);
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const request = open.get(requestId);
    if (!request) return;
    request.status = response.status;
    if (response.status >= 400 && !request.url.endsWith('/favicon.ico')) {
      problems.push(`request: ${response.status} for ${request.url}`);
    }
  });
  session.on('Network.dataReceived', ({ requestId, dataLength }) => {
    const request = open.get(requestId);
    if (request) request.bytes += dataLength;
  });
  session.on('Network.loadingFinished', ({ requestId, timestamp }) => close(requestId, timestamp, {}));
  session.on('Network.loadingFailed', ({ requestId, timestamp, errorText, canceled }) => {
    const request = close(requestId, timestamp, { failed: true, cancelled: canceled === true });
    if (request && !canceled) problems.push(`request: ${errorText} for ${request.url}`);
  });
  await session.send('Network.enable');
  return session;
}

/** The most intervals that overlap; one that is still open never ends, and ends come before starts. */
export function maxInFlight(requests) {
  const changes = requests.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end ?? Infinity, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** Asks again until the answer is truthy. (Unlike `waitForFunction` it needs no `eval` on the page.) */
export async function eventually(what, ask, { timeout = 15_000, every = 50 } = {}) {
  const start = Date.now();
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() - start > timeout) {
      throw new Error(`${what}: not within ${timeout} ms${last ? ` (${last.message})` : ''}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** What the widget says of itself; null before it has a shadow root. */
export function state(page, selector = TAG) {
  return page.evaluate((selector) => {
    const root = document.querySelector(selector)?.shadowRoot;
    if (!root) return null;
    const table = root.querySelector('table');
    const completeness = root.querySelector('[part~="completeness"]');
    return {
      busy: table?.getAttribute('aria-busy') === 'true',
      rowCount: Number(table?.getAttribute('aria-rowcount') ?? NaN),
      complete: completeness?.getAttribute('data-complete') ?? null,
      completeness: completeness?.textContent.trim() ?? null,
      status: root.querySelector('[role="status"]')?.textContent.trim() ?? null,
      alert: root.querySelector('[role="alert"]')?.textContent.trim() ?? null,
    };
  }, selector);
}

/** Waits until nothing is loading and the widget says how much of the range it holds, or that it failed. */
export async function waitSettled(page, { selector = TAG, timeout = 30_000 } = {}) {
  // What was done a moment ago reaches the table with a frame of its own.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const settled = async () => {
    const now = await state(page, selector);
    return now && !now.busy && (now.complete !== null || now.alert) ? now : null;
  };
  return eventually('the widget settles', settled, { timeout });
}

/** The rows that are rendered: `{id, index, cells: {columnId: text}, status, outcome}`, in their order. */
export function rows(page, selector = TAG) {
  return page.evaluate((selector) => {
    const root = document.querySelector(selector)?.shadowRoot;
    return Array.from(root?.querySelectorAll('tbody tr[aria-rowindex]') ?? [], (row) => {
      const cells = Array.from(row.querySelectorAll('[data-column]'));
      const status = row.querySelector('[data-outcome]');
      return {
        id: row.getAttribute('data-task-id'),
        index: Number(row.getAttribute('aria-rowindex')),
        cells: Object.fromEntries(cells.map((cell) => [cell.dataset.column, cell.textContent.trim()])),
        status: status?.getAttribute('data-status') ?? null,
        outcome: status?.getAttribute('data-outcome') ?? null,
      };
    });
  }, selector);
}

/** A column's header cell, as a locator; its button is `header(page, 'id').getByRole('button')`. */
export function header(page, column, selector = TAG) {
  return page.locator(selector).locator(`th[data-column="${column}"]`);
}

/** The direction that a header announces: `ascending`, `descending`, or null. */
export function sorted(page, column, selector = TAG) {
  return header(page, column, selector).getAttribute('aria-sort');
}

/** Clicks a header's button and waits until the table has settled. */
export async function sortBy(page, column, selector = TAG) {
  await header(page, column, selector).getByRole('button').first().click();
  return waitSettled(page, { selector });
}

/**
 * Makes the server spoil the next `times` requests whose path contains `path`. With `body`, it answers with that text,
 * as it stands, as JSON with 200; `spec` may be undefined then.
 */
export async function spoil(server, spec, { times = 1, path = '/api/', body } = {}) {
  const response = await fetch(`${server.url}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ spec, times, path, body }),
  });
  if (!response.ok) throw new Error(`the server refuses the fault ${spec}: ${await response.text()}`);
}

/** Takes back what `spoil` asked for. */
export async function mend(server) {
  await fetch(`${server.url}/faults`, { method: 'DELETE' });
}
