/**
 * Answers as the companion server, from memory. It reads each cluster once from the real server and serves
 * pages of the same bytes. So the time that SQLite needs for an answer does not influence the results on a
 * machine where the server shares the cores with the browser.
 */

const PATH = /^\/api\/v2\/ob\/clusters\/(\d+)\/backup\/task\/restoreTasks$/;

/** The path of a cluster's tasks. */
export const tasksPath = (cluster) => `/api/v2/ob/clusters/${cluster}/backup/task/restoreTasks`;

/** The ranges of an answer's bytes that contain one task each. */
function* stretches(bytes) {
  const start = bytes.indexOf('"contents":[') + 12;
  let depth = 0;
  let from = 0;
  for (let i = start; ; i++) {
    const byte = bytes[i];
    if (byte === 0x22) {
      // A text ends at the first quote with an even number of backslashes before it.
      for (;;) {
        i = bytes.indexOf(0x22, i + 1);
        let slashes = 0;
        while (bytes[i - 1 - slashes] === 0x5c) slashes++;
        if (slashes % 2 === 0) break;
      }
    } else if (byte === 0x7b) {
      if (depth++ === 0) from = i;
    } else if (byte === 0x7d) {
      if (--depth === 0) yield bytes.subarray(from, i + 1);
    } else if (byte === 0x5d && depth === 0) return;
  }
}

const instant = (text) => Date.parse(text);

/**
 * Reads a whole cluster: the bytes of its tasks joined by commas, the start of each, and its creation time.
 */
async function readCluster(url, id) {
  const parts = [];
  const starts = [0];
  const created = [];
  let length = 0;
  for (let page = 1; ; page++) {
    const answer = await fetch(`${url}${tasksPath(id)}?page=${page}&size=2000`);
    if (!answer.ok) throw new Error(`cluster ${id}: HTTP ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    let count = 0;
    for (const task of stretches(bytes)) {
      parts.push(task, Buffer.from(','));
      length += task.length + 1;
      starts.push(length);
      created.push(instant(/"createTime":"([^"]+)"/.exec(task.toString('latin1'))?.[1]));
      count++;
    }
    if (count < 2000) break;
  }
  return { bytes: Buffer.concat(parts, length), starts, created };
}

/** Answers for clusters of the server at `url`. */
export class Replay {
  #url;
  #clusters = new Map();
  #answers = 0;

  constructor(url) {
    this.#url = url;
  }

  /** Reads a cluster, once. */
  async hold(id) {
    if (!this.#clusters.has(id)) this.#clusters.set(id, await readCluster(this.#url, id));
    return this.#clusters.get(id).created.length;
  }

  /** Lets a cluster go: 300,000 tasks are 300 MB. */
  drop(id) {
    this.#clusters.delete(id);
  }

  /** All tasks of a cluster, decoded. */
  tasks(id) {
    const { bytes, starts } = this.#clusters.get(id);
    const tasks = [];
    for (let i = 0; i + 1 < starts.length; i++) {
      tasks.push(JSON.parse(bytes.toString('utf8', starts[i], starts[i + 1] - 1)));
    }
    return tasks;
  }

  /** Answers a request, or gives `false` if it is none for the API. */
  answer(url, response) {
    const id = PATH.exec(url.pathname)?.[1];
    if (!id) return false;
    const cluster = this.#clusters.get(id);
    const bound = (name, otherwise) => {
      const text = url.searchParams.get(name);
      return text ? instant(text) : otherwise;
    };
    const page = Number(url.searchParams.get('page'));
    const size = Number(url.searchParams.get('size'));
    if (!cluster || !(page >= 1) || !(size >= 1 && size <= 2000)) {
      response.writeHead(cluster ? 400 : 404).end();
      return true;
    }
    const [oldest, newest] = [bound('startTime', -Infinity), bound('endTime', Infinity)];
    // Newest first, so the bounds cut a piece out of the middle.
    let first = 0;
    while (first < cluster.created.length && cluster.created[first] > newest) first++;
    let end = cluster.created.length;
    while (end > first && cluster.created[end - 1] < oldest) end--;
    const total = end - first;
    const from = Math.min(first + (page - 1) * size, end);
    const to = Math.min(from + size, end);

    const rows = from === to ? Buffer.alloc(0) : cluster.bytes.subarray(cluster.starts[from], cluster.starts[to] - 1);
    const trace = (this.#answers++).toString(16).padStart(16, '0');
    const about = { number: page, size: to - from, totalElements: total, totalPages: Math.ceil(total / size) };
    const rest = { duration: 1, server: 'obrt-demo', status: 200, successful: true };
    const tail = JSON.stringify({ ...rest, timestamp: new Date().toISOString(), traceId: trace }).slice(1);
    const body = Buffer.concat([
      Buffer.from('{"data":{"contents":['), rows, Buffer.from(`],"page":${JSON.stringify(about)}},${tail}`),
    ]);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': body.length,
      'cache-control': 'no-store',
    });
    response.end(body);
    return true;
  }
}
