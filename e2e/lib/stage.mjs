/** What a suite plays on: the companion server and a browser, both there before its first test and gone after its last. */

import { after, before } from 'node:test';
import { launch, startServer } from './harness.mjs';

/**
 * Hands the server and the browser to `set` once they are there.
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
