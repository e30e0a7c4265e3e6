/** The page as it is deployed: nginx, the gateway, and an OCP that asks for signatures. */

import assert from 'node:assert/strict';
import { eventually, launch, openPage, rows, sortBy, startServer, state, TAG, waitSettled } from '../lib/harness.mjs';
import { readAll, sortTasks } from '../lib/model.mjs';
import { noNginx, startNginx } from '../lib/nginx.mjs';
import { after, before, describe, test } from '../lib/test.mjs';

const KEYS = { OCP_ACCESS_KEY_ID: 'e2e-key-id', OCP_ACCESS_KEY_SECRET: 'e2e-key-secret' };
const PERSON = { user: 'operator', password: 'e2e-password' };
const TOKEN = 'e2e-token-of-some-length';
const PAGE = '/?cluster-id=1001240&refresh=0';

describe('the gateway', () => {
  let ocp;
  let browser;
  const running = [];

  /** A gateway in front of the demo server, with options and environment of its own. */
  async function startGateway(args = [], env = {}) {
    const options = ['--upstream', ocp.url, '--auth', 'ak-sk', ...args];
    const gateway = await startServer({ mode: 'gateway', args: options, env: { ...KEYS, ...env } });
    running.push(gateway);
    return gateway;
  }

  before(async () => {
    ocp = await startServer({ args: ['--require-auth'], env: KEYS });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    for (const server of running.reverse()) await server.stop();
    await ocp?.stop();
  });

  describe('behind nginx', () => {
    let nginx;
    before(async () => {
      if (noNginx) return;
      const gateway = await startGateway(['--access-header', 'X-Remote-User', '--host', 'tasks.example.com', '--cache', '0']);
      nginx = await startNginx(gateway, PERSON);
      running.push(nginx);
    });
    const signedIn = { httpCredentials: { username: PERSON.user, password: PERSON.password } };

    test('lets nobody in who has not signed in', { skip: noNginx }, async () => {
      for (const path of ['/', '/define.js', '/metrics', `/api/v2/ob/clusters/1001240/backup/task/restoreTasks?page=1&size=20`]) {
        const plain = await fetch(`${nginx.url}${path}`, { headers: { 'x-remote-user': 'intruder' } });
        assert.ok([401, 403].includes(plain.status), `${path}: ${plain.status}`);
      }
      const metrics = await fetch(`${nginx.url}/metrics`, { headers: nginx.headers });
      assert.equal(metrics.status, 403, 'metrics are not for those outside');
    });

    test('shows the table, sorts the whole range, and breaks no policy of either', { skip: noNginx }, async () => {
      const index = await fetch(`${nginx.url}/`, { headers: nginx.headers });
      const policies = index.headers.get('content-security-policy');
      assert.match(policies, /default-src 'none'.*, .*frame-ancestors/, 'one policy of the gateway, one of nginx');
      const tasks = await readAll(nginx, 1001240);
      assert.equal(tasks.length, 1240);

      const page = await openPage(browser, `${nginx.url}${PAGE}`, signedIn);
      assert.equal((await waitSettled(page)).alert, null);
      assert.deepEqual((await rows(page)).map(({ id }) => id), tasks.slice(0, 20).map(({ id }) => String(id)));
      await sortBy(page, 'restoreTenantName');
      const settled = await eventually('all are there', async () => {
        const now = await state(page);
        return now.complete === 'true' && !now.busy && now;
      });
      assert.match(settled.completeness, /1,240 of 1,240/);
      const wanted = sortTasks(tasks, 'restoreTenantName', Date.now()).slice(0, 20);
      assert.deepEqual((await rows(page)).map(({ id }) => id), wanted.map(({ id }) => String(id)));
      await page.assertClean();
      await page.closeAll();
    });
  });

  test('behind nginx with OCP sessions, a session is what it takes and all that it takes', { skip: noNginx }, async (t) => {
    // One that asks for nothing: what it would say to a session is not the question.
    const open = await startServer();
    t.after(() => open.stop());
    const args = ['--upstream', open.url, '--auth', 'session', '--host', 'ocp.example.com', '--cache', '0'];
    const gateway = await startServer({ mode: 'gateway', args });
    t.after(() => gateway.stop());
    const nginx = await startNginx(gateway, PERSON, 'ocp.example.com');
    t.after(() => nginx.stop());
    const path = '/api/v2/ob/clusters/1001240/backup/task/restoreTasks?page=1&size=1';
    const ask = (headers) => fetch(`${nginx.url}${path}`, { headers });
    const none = await ask({});
    assert.equal(none.status, 401);
    assert.equal((await none.json()).error.code, 'IAM10000', 'the gateway says it, in the form that OCP has');
    assert.equal((await ask({ cookie: 'JSESSIONID=x' })).status, 200);
    assert.equal((await fetch(`${nginx.url}/`)).status, 200, 'the page is there for whoever has to sign in');
    assert.equal((await fetch(`${nginx.url}/metrics`)).status, 403);
  });

  test('nginx tells too many requests as what they are, and files of the page are not among them', { skip: noNginx }, async (t) => {
    const gateway = await startGateway(['--access-header', 'X-Remote-User', '--host', 'tasks.example.com']);
    const nginx = await startNginx(gateway, PERSON);
    t.after(() => nginx.stop());
    /** The statuses of 600 requests, 40 at a time. */
    const statuses = async (path) => {
      const seen = new Set();
      const some = Array.from({ length: 40 });
      const ask = async () => {
        for (let n = 0; n < 15; n++) {
          const answer = await fetch(`${nginx.url}${path}`, { headers: nginx.headers });
          await answer.text();
          seen.add(answer.status);
        }
      };
      await Promise.all(some.map(ask));
      return [...seen].sort();
    };
    assert.deepEqual(await statuses('/healthz'), [200]);
    assert.deepEqual(await statuses('/api/v2/ob/clusters/1/x'), [404, 429]);
  });

  // Without credentials: Playwright turns the browser's cache off where it answers for the person.
  test('a refresh that brings nothing new is a 304', async () => {
    const gateway = await startGateway();
    const page = await openPage(browser, `${gateway.url}${PAGE}`);
    await waitSettled(page);
    // Running tasks grow longer by themselves.
    const shown = async () => (await rows(page)).map(({ id, status }) => [id, status]);
    const before = await shown();
    const unchanged = async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      return Number(/^obrt_gateway_not_modified_total (\d+)$/m.exec(text)[1]);
    };
    assert.equal(await unchanged(), 0);
    await page.locator(TAG).getByRole('button', { name: 'Refresh', exact: true }).click();
    await eventually('a 304', async () => (await unchanged()) > 0);
    assert.equal((await waitSettled(page)).alert, null);
    assert.deepEqual(await shown(), before);
    await page.assertClean();
    await page.closeAll();
  });

  test('with a token of its own the browser asks once, and the page works', async () => {
    const gateway = await startGateway([], { OBRT_ACCESS_TOKEN: TOKEN });
    const page = await openPage(browser, `${gateway.url}${PAGE}`, { httpCredentials: { username: 'me', password: TOKEN } });
    assert.equal((await waitSettled(page)).alert, null);
    assert.equal((await rows(page)).length, 20);
    await page.assertClean();
    await page.closeAll();
  });

  test('a key that OCP refuses is told as what it is', async () => {
    const gateway = await startGateway([], { OCP_ACCESS_KEY_SECRET: 'another' });
    const page = await openPage(browser, `${gateway.url}${PAGE}`);
    page.expectProblem(/401/);
    const settled = await waitSettled(page);
    assert.match(settled.alert, /sign/i);
    await page.assertClean();
    await page.closeAll();
  });
});
