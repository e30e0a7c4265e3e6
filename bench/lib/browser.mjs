/** A new browser with a new profile, one page and its workers. Closing it removes everything. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from './cdp.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];

/** The path of the browser. */
export const program = process.env.CHROME ?? PLACES.find(existsSync) ?? 'chromium';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-extensions', '--mute-audio',
  // A spare renderer would be taken for the page's.
  '--disable-features=SpareRendererForSitePerProcess', '--window-size=1280,800', '--remote-debugging-port=0',
];

/** Starts the browser and attaches to its page. */
export async function launch() {
  const profile = await mkdtemp(join(tmpdir(), 'obrt-bench-'));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (url) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the browser ended: ${said.slice(-500)}`)));
  });
  const connection = await Connection.open(address);
  const { targetInfos } = await connection.send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true });
  const page = connection.session(sessionId);
  await page.send('Page.enable');
  await page.send('Runtime.enable');
  await page.send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false });

  return {
    pid: child.pid,
    page,
    version: () => connection.send('Browser.getVersion').then(({ product }) => product),

    /**
     * Attaches to future workers of the page and returns the list of them; `first` is done before a worker
     * runs.
     */
    async workers(first) {
      const sessions = [];
      page.on('Target.attachedToTarget', async ({ sessionId, targetInfo }) => {
        if (!/worker/.test(targetInfo.type)) return;
        const worker = connection.session(sessionId);
        sessions.push(worker);
        await first(worker).catch(() => {});
        await worker.send('Runtime.runIfWaitingForDebugger').catch(() => {});
      });
      await page.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
      return sessions;
    },

    async close() {
      process.off('exit', kill);
      await connection.send('Browser.close').catch(() => {});
      const late = setTimeout(kill, 3000);
      await ended;
      clearTimeout(late);
      connection.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
