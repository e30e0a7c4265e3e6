/** The count beside the filter, as the benchmark reads it too. */

const output = document.getElementById('state');

export function showState({ loaded, total, shown }) {
  Object.assign(output.dataset, { loaded, total, shown });
  output.textContent = `${shown} shown, ${loaded} of ${total} tasks`;
}
