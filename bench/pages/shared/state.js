/** The count beside the filter, which the benchmark reads, too. */

const output = document.getElementById('state');

export function showState({ loaded, total, shown }) {
  Object.assign(output.dataset, { loaded, total, shown });
  output.textContent = `${shown} shown, ${loaded} of ${total} tasks`;
}
