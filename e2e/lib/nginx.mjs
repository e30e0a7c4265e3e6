/**
 * nginx in front of the gateway, by the recipe of docs/deploying.md: what people copy is what is tested. Only the
 * address, the names of files and TLS, which wants a certificate, are others here.
 */

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './harness.mjs';

/** Why nginx cannot be tested here; false if it can. */
export const noNginx = !process.env.NGINX && 'no nginx on this machine';

const DOCS = new URL('../../docs/deploying.md', import.meta.url);

/** A port that nobody had a moment ago. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Takes out what must be there, so that a recipe that has changed is noticed. */
function replace(text, pattern, by) {
  if (!pattern.test(text)) throw new Error(`the recipe for nginx has no ${pattern}`);
  return text.replace(pattern, by);
}

/**
 * Starts nginx before `gateway` by the recipe for `name`, letting in `user` with `password` where it asks for one.
 * @returns {Promise<{url: string, headers: object, stop: () => Promise<void>}>} `headers` sign in
 */
export async function startNginx(gateway, { user, password }, name = 'tasks.example.com') {
  const folder = await mkdtemp(join(tmpdir(), 'obrt-nginx-'));
  const port = await freePort();
  const blocks = [...(await readFile(DOCS, 'utf8')).matchAll(/```nginx\n([\s\S]*?)\n```/g)].map(([, text]) => text);
  const [main] = blocks;
  const recipe = blocks.find((text) => text.includes(`server_name ${name};`));
  if (!recipe) throw new Error(`docs/deploying.md has no recipe for nginx as ${name}`);
  // What comes before the servers is said once, for all of them.
  const shared = main.slice(0, main.indexOf('\nserver {'));
  let site = recipe.startsWith(shared) ? recipe : `${shared}\n${recipe}`;
  // The one that sends browsers from http to https has nothing to do here: there is no TLS.
  site = site.replace(/\nserver \{\n *listen 80;[\s\S]*?\n\}\n/, '\n');
  site = replace(site, /listen 443 ssl;/, `listen 127.0.0.1:${port};`);
  site = replace(site, /^ *listen \[::\]:443 ssl;$/m, '');
  site = replace(site, /^ *ssl_.*$/gm, '');
  site = replace(site, /server 127\.0\.0\.1:8080;/, `server ${new URL(gateway.url).host};`);
  site = site.replace(/\S+\.htpasswd/, join(folder, 'users'));
  const digest = createHash('sha1').update(password).digest('base64');
  await writeFile(join(folder, 'users'), `${user}:{SHA}${digest}\n`);
  // Workers read the users' file, which lies in a folder of this user's own.
  const self = process.getuid?.() === 0 ? 'user root;' : '';
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  const whole = `${self} worker_processes 1; pid ${folder}/pid; error_log stderr warn; events {}
http { access_log off; ${places.join(' ')}
${site}
}
`;
  await writeFile(join(folder, 'nginx.conf'), whole);
  const binary = process.env.NGINX;
  const line = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
  execFileSync(binary, [...line, '-t'], { stdio: 'pipe' });
  const child = spawn(binary, [...line, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-4000)));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  await eventually('nginx answers', () => fetch(url).then(() => true)).catch((error) => {
    kill();
    throw new Error(`${error.message}: ${said}`);
  });
  return {
    url,
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
