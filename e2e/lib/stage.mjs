/** What a suite needs: the companion server and a browser, started before its first test and stopped after its last. */

import { ENGINES, missing } from './engines.mjs';
import { launch, startServer } from './harness.mjs';
import { after, before, describe, test } from './test.mjs';

/**
 * Calls `set` with the server and the browser once both run.
 * @param {(stage: {server: object, browser: object}) => void} set
 * @param {() => Promise<object>} start starts the browser
 */
export function useStage(set, start = launch) {
  const stage = {};
  before(async () => {
    stage.server = await startServer();
    stage.browser = await start();
    set(stage);
  });
  after(async () => {
    await stage.browser?.close();
    await stage.server?.stop();
  });
}

/**
 * A suite with one suite for each engine in it. The engines run side by side, since a test mostly waits for its browser.
 * `suite(engine, test, useStage)` defines the tests of one engine with the functions that it gets. The tests of an engine
 * that is not on this machine are skipped, each with that reason.
 */
export function inEachEngine(name, suite) {
  describe(name, { concurrency: ENGINES.length }, () => {
    for (const engine of ENGINES) {
      describe(`${name} in ${engine.name}`, { concurrency: 1 }, () => {
        const skip = missing(engine);
        const own = (title, ...more) => {
          const [options, fn] = typeof more[0] === 'function' ? [{}, more[0]] : more;
          test(title, { ...options, skip: skip || options.skip }, fn);
        };
        const stage = (set) => {
          if (!skip) useStage(set, engine.start);
        };
        suite(engine, own, stage);
      });
    }
  });
}
