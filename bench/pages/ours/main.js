/**
 * A host page of the widget. Once the first rows are painted it chooses “All” in “Rows per page”, as a person
 * would. It uses only the public interface.
 */

const element = document.querySelector('ob-restore-tasks');
const query = new URLSearchParams(location.search);
element.setAttribute('max-rows', query.get('max-rows') ?? '200000');
element.setAttribute('cluster-id', query.get('cluster') ?? '1001240');

function pickAll() {
  const root = element.shadowRoot;
  const rows = root?.querySelector('tr[aria-rowindex] td');
  const all = rows && [...root.querySelectorAll('option')].find((option) => option.textContent.trim() === 'All');
  if (!all) return requestAnimationFrame(pickAll);
  // A person cannot choose what is not on the screen yet.
  requestAnimationFrame(() => setTimeout(() => pick(all)));
}

function pick(all) {
  const select = all.closest('select');
  select.value = all.value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}
pickAll();
