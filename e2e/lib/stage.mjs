/** What a suite needs: the companion server and a browser, started before its first test and stopped after its last. */

import { ENGINES, missing } from './engines.mjs';
import { launch, mend, startServer } from './harness.mjs';
import { after, before, describe, test, TEST_LIMIT } from './test.mjs';

/**
 * Calls `set` with the server and the browser once both run.
 * @param {(stage: {server: object, browser: object}) => void} set
 * @param {() => Promise<object>} start starts the browser
 */
export function useStage(set, start = launch, stage = {}) {
  stage.restart = async () => {
    stage.browser = await start();
    set(stage);
  };
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
        const stage = {};
        const own = (title, ...more) => {
          const [options, fn] = typeof more[0] === 'function' ? [{}, more[0]] : more;
          // A browser that hangs says nothing of the widget: the test gets one more, and a second one must not hang.
          const twice = async (...args) => {
            try {
              return await fn(...args);
            } catch (error) {
              if (!stage.browser?.isHung()) throw error;
              console.log(`    ${engine.name} hung in “${title}”; the test runs again in a new one`);
              await mend(stage.server);
              await stage.restart();
              return fn(...args);
            }
          };
          test(title, { timeout: 2 * TEST_LIMIT, ...options, skip: skip || options.skip }, twice);
        };
        const use = (set) => {
          if (!skip) useStage(set, engine.start, stage);
        };
        suite(engine, own, use);
      });
    }
  });
}
