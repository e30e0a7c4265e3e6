/**
 * What is too slow for each run. `cargo xtask test --long` sets LONG; without it the slow tests are skipped with a reason,
 * or do less of the same. CONTRIBUTING.md lists them.
 */

/** Whether this run has the time. */
export const LONG = Boolean(process.env.LONG);

/** Node's option `skip` for a test that only long runs have. */
export const ONLY_LONG = !LONG && 'runs with `cargo xtask test --long`';

/** How often something is repeated: the first number in each run, the second in long runs. */
export const times = (each, long) => (LONG ? long : each);
