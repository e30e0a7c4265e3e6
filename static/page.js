// The standalone page: it passes the parameters of its URL to the element, as any host page could. It takes
// only parameters that are not secret and cannot lead to another site; a base-url must have this origin. It
// runs before define.js, so that the element has its attributes when it starts.

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

// Without a cluster there is nothing to show, so the page asks for one.
if (!query.get("cluster-id")) {
  const words = {
    en: ["Cluster ID in OCP", "Show restore tasks"],
    zh: ["OCP 中的集群 ID", "查看恢复任务"],
    ja: ["OCP のクラスター ID", "リストアタスクを表示"],
  };
  const language = (query.get("lang") || navigator.language).slice(0, 2);
  const [label, action] = words[language] ?? words.en;
  const make = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const kept = [...query].filter(([name]) => name !== "cluster-id");
  const form = make(
    "form",
    {},
    ...kept.map(([name, value]) => make("input", { type: "hidden", name, value })),
    make("label", {}, label, make("input", { name: "cluster-id", inputMode: "numeric", pattern: "[0-9]+", required: true, autofocus: true })),
    make("button", {}, action),
  );
  element.before(form);
}
