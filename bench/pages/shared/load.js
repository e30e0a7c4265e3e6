/**
 * From the API to rows, the same for every peer: all pages of a cluster, at most four requests at once. The
 * first page is passed on as soon as it is here, later ones in the server's order and at most twice a second,
 * so that a library does not have to start over a hundred times.
 */

const SIZE = 1000;
const AT_ONCE = 4;
const EVERY = 500;

/** The cluster in the page's URL. */
export const cluster = new URLSearchParams(location.search).get('cluster') ?? '1001240';

async function fetchPage(number) {
  const path = `/api/v2/ob/clusters/${cluster}/backup/task/restoreTasks?page=${number}&size=${SIZE}`;
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (await answer.json()).data;
}

/**
 * Loads everything.
 * @param {(task: object) => object} toRow what a page keeps of a task
 * @param {(rows: object[], total: number) => void} onRows gets each batch of rows once
 */
export async function load(toRow, onRows) {
  const first = await fetchPage(1);
  const total = first.page.totalElements;
  onRows(first.contents.map(toRow), total);

  const pages = Math.ceil(total / SIZE);
  const early = new Map(); // pages that came before their turn
  let next = 2;
  let turn = 2;
  let waiting = [];
  let last = performance.now();
  const one = async () => {
    while (next <= pages) {
      const number = next++;
      const { contents } = await fetchPage(number);
      early.set(number, contents.map(toRow));
      for (; early.has(turn); turn++) {
        waiting.push(early.get(turn));
        early.delete(turn);
      }
      if (turn > pages || performance.now() - last > EVERY) {
        last = performance.now();
        const rows = waiting.flat();
        waiting = [];
        if (rows.length > 0) onRows(rows, total);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}
