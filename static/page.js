// The standalone page: it hands the address's query on to the element, as any host page might. Only what is no
// secret and cannot lead elsewhere is taken; a base-url must be of this origin. It runs before define.js, so that the
// element finds its attributes when it comes to life.

const element = document.querySelector("ob-restore-tasks");
const names = [
  "cluster-id", "range", "page-size", "max-rows", "sort", "filter", "columns", "refresh", "paused", "time-zone", "lang",
  "theme", "density", "base-url", "overview", "loading", "url-sync", "url-key", "storage-key", "shortcuts",
];
const query = new URLSearchParams(location.search);
for (const name of names) {
  const value = query.get(name);
  if (value === null) continue;
  if (name === "base-url" && !URL.canParse(value, location.href)) continue;
  if (name === "base-url" && new URL(value, location.href).origin !== location.origin) continue;
  if (name === "lang") document.documentElement.lang = value;
  if (name === "theme") document.documentElement.dataset.theme = value;
  element.setAttribute(name, value);
}
