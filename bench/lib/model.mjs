/** What the page must show, computed from the API's answers. A time counts only once this is visible. */

/** The texts in the filter after each key. */
export const KEYS = ['v', 've'];

const texts = (task) => [
  task.id, task.statusDesc, task.status, task.restoreTenantName, task.backupClusterName, task.backupTenantName,
  task.restoreClusterName, task.backupMode, task.restorePoolListStr, task.restoreUri, task.errorMsg,
];

/** @param {object[]} tasks in the server's order */
export function expectations(tasks) {
  const words = tasks.map((task) => texts(task).join('\n').toLowerCase());
  const filtered = KEYS.map((word) => {
    const found = tasks.filter((_, i) => words[i].includes(word));
    return { shown: found.length, id: found[0]?.id };
  });
  const { compare } = new Intl.Collator('en');
  const tenants = tasks.map((task) => task.restoreTenantName);
  const tenant = tenants.reduce((a, b) => (compare(b, a) < 0 ? b : a));
  return {
    first: { shown: tasks.length, id: tasks[0].id },
    filtered,
    // Ties may be in any order, so only the sorted value is compared.
    sorted: { shown: tasks.length, tenant },
    sortedDown: { shown: tasks.length, tenant: tenants.reduce((a, b) => (b > a ? b : a)) },
  };
}
