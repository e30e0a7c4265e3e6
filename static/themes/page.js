// A host page that applies one of three themes, by the parameters of its URL:
// `?console=cloudscape&theme=dark&lang=ja`.

const CONSOLES = { "ant-design": "Ant Design", cloudscape: "Cloudscape", patternfly: "PatternFly" };

const query = new URLSearchParams(location.search);
const chosen = Object.hasOwn(CONSOLES, query.get("console")) ? query.get("console") : "ant-design";
const root = document.documentElement;
const element = document.querySelector("ob-restore-tasks");
root.dataset.console = chosen;
root.dataset.theme = query.get("theme") ?? "auto";
root.lang = query.get("lang") ?? "en";
for (const name of ["cluster-id", "overview", "filter", "refresh"]) {
  if (query.has(name)) element.setAttribute(name, query.get(name));
}

const sheet = document.createElement("link");
Object.assign(sheet, { rel: "stylesheet", href: new URL(`./${chosen}.css`, import.meta.url).href });
document.head.append(sheet);

const nav = document.querySelector("nav");
const link = (name, value, words) => {
  const address = new URL(location.href);
  address.searchParams.set(name, value);
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: address.href, textContent: words });
  if (value === (name === "console" ? chosen : root.dataset.theme)) anchor.setAttribute("aria-current", "true");
  nav.append(anchor);
};
for (const [value, words] of Object.entries(CONSOLES)) link("console", value, words);
link("theme", "light", "Light");
link("theme", "dark", "Dark");
