/**
 * Node's test runner with a time limit for each test and each hook: a test that hangs fails by itself, and the others go
 * on. (Node 20 applies `--test-timeout` only to whole files.) A test sets its own limit with the option `timeout`.
 */

import * as node from 'node:test';
import { LONG } from './long.mjs';

/** Milliseconds for one test. Long runs have tests of many minutes. */
export const TEST_LIMIT = LONG ? 3_600_000 : 120_000;
/** Milliseconds for one hook. */
const HOOK_LIMIT = 90_000;
/** Milliseconds that the process may live after its last test: a browser that hangs would keep it open for ever. */
const EXIT_LIMIT = 30_000;

export const { describe } = node;

/** `test(name, [options], fn)` */
export function test(name, ...more) {
  const [options, fn] = typeof more[0] === 'function' ? [{}, more[0]] : more;
  return node.test(name, { timeout: TEST_LIMIT, ...options }, fn);
}

const limited = (hook) => (fn) => hook(fn, { timeout: HOOK_LIMIT });
export const before = limited(node.before);
export const after = limited(node.after);
export const beforeEach = limited(node.beforeEach);
export const afterEach = limited(node.afterEach);

node.after(() => setTimeout(() => process.exit(), EXIT_LIMIT).unref());
