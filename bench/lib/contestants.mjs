/**
 * How to read each page: its rows, its count, its header and its scroller. These functions run in the page.
 * They read what a person sees, and never the internals of a library.
 */

/** Contestants whose first click on a header sorts in descending order. */
export const DESCENDING_FIRST = new Set(['perspective']);

const peer = {
  document: () => document,
  state() {
    const data = document.getElementById('state')?.dataset ?? {};
    const [loaded, total, shown] = [data.loaded, data.total, data.shown].map((text) => Number(text ?? NaN));
    return { complete: loaded > 0 && loaded === total, shown };
  },
  input: () => document.getElementById('filter'),
};

/** Rows that are elements with the cells as children, in order. */
const inOrder = (selector) => `() => [...document.querySelectorAll('${selector}')].map((row) => ({
  id: row.children[0]?.textContent.trim(), tenant: row.children[2]?.textContent.trim() }))`;

const text = (object) =>
  `{${Object.entries(object)
    .map(([name, value]) => `${name}: ${typeof value === 'function' ? asFunction(value) : value}`)
    .join(', ')}}`;
/** The source of a method as a function expression. */
const asFunction = (value) => (/^(\(|async|function|\w+\s*=>)/.test(String(value)) ? String(value) : `function ${value}`);

const byColumn = `() => document.querySelector('[data-column="restoreTenantName"]')`;
const ownScroller = `() => document.querySelector('.scroll')`;

export const CONTESTANTS = {
  ours: text({
    rows: `() => [...(document.querySelector('ob-restore-tasks')?.shadowRoot?.querySelectorAll('tbody tr[aria-rowindex]') ?? [])].map((row) => ({
      id: row.dataset.taskId, tenant: row.querySelector('[data-column="restoreTenantName"]')?.textContent.trim() }))`,
    state() {
      const root = document.querySelector('ob-restore-tasks')?.shadowRoot;
      const shown = Number(root?.querySelector('table')?.getAttribute('aria-rowcount') ?? NaN) - 1;
      return { complete: root?.querySelector('[part~="completeness"]')?.dataset.complete === 'true', shown };
    },
    input: `() => document.querySelector('ob-restore-tasks').shadowRoot.querySelector('input[type=search]')`,
    header: `() => document.querySelector('ob-restore-tasks').shadowRoot.querySelector('th[data-column="restoreTenantName"] button')`,
    // The widget's own box or the page, whichever scrolls its rows.
    scroller: `() => {
      const all = [...document.querySelector('ob-restore-tasks').shadowRoot.querySelectorAll('*')];
      const box = all.find((one) => one.scrollHeight > one.clientHeight + 1000 && /auto|scroll/.test(getComputedStyle(one).overflowY));
      return box ?? document.scrollingElement;
    }`,
  }),
  vanilla: text({ ...peer, rows: inOrder('.row:not([hidden])'), header: byColumn, scroller: ownScroller }),
  tanstack: text({ ...peer, rows: inOrder('.row'), header: byColumn, scroller: ownScroller }),
  aggrid: text({
    ...peer,
    rows: `() => [...document.querySelectorAll('[role="row"][row-index]')]
      .map((row) => ({ index: Number(row.getAttribute('row-index')), id: row.querySelector('[col-id="id"]')?.textContent.trim(),
        tenant: row.querySelector('[col-id="restoreTenantName"]')?.textContent.trim() }))
      .filter((row, i, all) => row.id && all.findIndex((other) => other.index === row.index) === i)
      .sort((a, b) => a.index - b.index)`,
    header: `() => document.querySelector('.ag-header-cell[col-id="restoreTenantName"]')`,
    scroller: `() => document.querySelector('.ag-grid-viewport')`,
  }),
  antd: text({
    ...peer,
    rows: inOrder('.ant-table-row'),
    header: `() => document.querySelector('th[data-column="restoreTenantName"]')`,
    scroller: `() => document.querySelector('.ant-table-tbody-virtual-holder')`,
  }),
  perspective: text({
    ...peer,
    grid: `() => {
      const look = (root) => { for (const one of root.querySelectorAll('*')) {
        if (one.localName === 'regular-table') return one;
        const inner = one.shadowRoot && look(one.shadowRoot); if (inner) return inner; } };
      return look(document);
    }`,
    rows: `function () { return [...(this.grid()?.querySelectorAll('tbody tr') ?? [])].map((row) => ({
      id: row.children[0]?.textContent.trim().replace(/,/g, ''), tenant: row.children[2]?.textContent.trim() })).filter((row) => row.id) }`,
    header: `function () { return [...this.grid().querySelectorAll('thead th')].find((th) => /restoreTenantName/.test(th.textContent)) }`,
    scroller: `function () { return this.grid() }`,
  }),
};
