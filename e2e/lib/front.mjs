/** A server of the test's own in front of the companion server, for what that one's faults cannot do. */

import { createServer } from 'node:http';

/**
 * Passes on what `answer(request, response)` does not take (it says so by a truthy value). With `policy: false` the page
 * comes without its content security policy, as on a host that has none.
 */
export async function inFront(server, answer, { policy = true } = {}) {
  const kept = ['content-type', ...(policy ? ['content-security-policy'] : [])];
  const front = createServer(async (request, response) => {
    if (await answer(request, response)) return;
    const behind = await fetch(server.url + request.url);
    const headers = kept.filter((name) => behind.headers.has(name)).map((name) => [name, behind.headers.get(name)]);
    response.writeHead(behind.status, Object.fromEntries(headers)).end(Buffer.from(await behind.arrayBuffer()));
  });
  await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${front.address().port}`,
    stop: () => new Promise((resolve) => (front.close(resolve), front.closeAllConnections())),
  };
}
