// Registers <ob-restore-tasks>. This file owns what must be there before the WebAssembly is, and what must outlive
// it: the element's class, its attributes and properties, the skeleton, the lazy load, and a readable message where
// the WebAssembly cannot start. What the table does is inside the wasm (src/embed).

const TAG = "ob-restore-tasks";

/** Attributes by their HTML names, each with its property and how the property is read. */
const text = (value) => value ?? "";
const ATTRIBUTES = {
  "base-url": ["baseUrl", text],
  "cluster-id": ["clusterId", text],
  "range": ["range", (value) => value ?? "all"],
  "page-size": ["pageSize", (value) => whole(value, 1, 2000, 20)],
  "max-rows": ["maxRows", (value) => whole(value, 1, 1e7, 200000)],
  "sort": ["sort", text],
  "filter": ["filter", text],
  "columns": ["columns", text],
  "refresh": ["refreshInterval", (value) => whole(value, 0, 86400, 30)],
  "paused": ["paused", (value) => value !== undefined],
  "time-zone": ["timeZone", (value) => value ?? "local"],
  "lang": ["lang", text],
  "theme": ["theme", (value) => value ?? "auto"],
  "density": ["density", (value) => value ?? "comfortable"],
  "credentials": ["credentials", (value) => value ?? "same-origin"],
  "url-sync": ["urlSync", (value) => value ?? "none"],
  "url-key": ["urlKey", (value) => value ?? "rt"],
  "job-href": ["jobHref", text],
  "loading": ["loading", (value) => (value === "eager" ? "eager" : "lazy")],
  "overview": ["overview", (value) => value ?? "auto"],
};
/** Properties that are no attributes: rich, or secret. */
const RICH = ["headers", "fetcher", "tasks", "messages"];

function whole(value, least, most, fallback) {
  const number = /^\s*\d+\s*$/.test(value ?? "") ? Number(value) : NaN;
  return number >= least && number <= most ? number : fallback;
}

const here = (name) => new URL(name, import.meta.url);

const sheet = new CSSStyleSheet();
// Until the style sheet is here: the place is kept, so that nothing jumps.
sheet.replaceSync(":host{display:block}:host([hidden]){display:none}.skeleton{min-height:480px}");
let loaded;

/** A module, compiled while it comes; one with a wrong type of content still loads. */
async function compile(name, options) {
  const answer = await fetch(here(name), options);
  if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`);
  const streams = answer.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

/** The style sheet and the first half of the WebAssembly, once per page; all are asked for at once. */
export function init() {
  loaded ??= (async () => {
    // The first use of Intl takes long; now there is nothing to do but wait.
    setTimeout(() => new Intl.DateTimeFormat("sv-SE", { hour: "2-digit" }));
    const [css, first, glue] = await Promise.all([
      fetch(here("widget.css")).then((answer) => {
        if (!answer.ok) throw new Error(`widget.css: HTTP ${answer.status}`);
        return answer.text();
      }),
      compile("ob-restore-tasks_bg.wasm"),
      import("./ob-restore-tasks.js"),
    ]);
    sheet.replaceSync(css);
    const halves = new Halves(first, await glue.default({ module_or_path: first }));
    glue.setRest(() => halves.now());
    glue.setDecoder((pieces, length) => halves.decode(pieces, length));
    return { glue, halves };
  })();
  // A failed load may be tried again by the next element.
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

/**
 * The WebAssembly is cut in two: what a first row needs, and the rest, which follows behind it. A module that is
 * whole (`trunk serve`) has no `restReady`.
 */
class Halves {
  static #name = "ob-restore-tasks_rest.bin";
  #first;
  #exports;
  #rest;
  #sent = new WeakSet();

  constructor(first, exports) {
    this.#first = first;
    this.#exports = exports;
  }

  get isWhole() {
    return this.#exports.restReady === undefined || this.#exports.restReady.value === 1;
  }

  /** Has the rest here before anybody asks for it. */
  fetch() {
    if (this.#exports.restReady === undefined) return Promise.resolve();
    this.#rest ??= compile(Halves.#name, { priority: "low" }).then((module) => this.#join(module));
    this.#rest.catch((error) => {
      this.#rest = undefined;
      // The network may be back when somebody needs it; a file that is missing or of another build will not.
      if (!(error instanceof TypeError)) ObRestoreTasksElement.broken(error);
    });
    return this.#rest;
  }

  /** Somebody asks for it in the middle of a call, so there is no waiting: seldom, and only in the first moments. */
  now() {
    if (this.isWhole) return;
    try {
      this.#load();
    } catch (error) {
      // The call cannot go on, and nothing after it.
      ObRestoreTasksElement.broken(error);
      throw error;
    }
  }

  #load() {
    const request = new XMLHttpRequest();
    request.open("GET", here(Halves.#name), false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status && request.status !== 200) throw new Error(`${Halves.#name}: HTTP ${request.status}`);
    const bytes = Uint8Array.from(request.responseText, (char) => char.charCodeAt(0) & 255);
    this.#rest = Promise.resolve(this.#join(new WebAssembly.Module(bytes)));
  }

  /** Never twice: the second half brings constants that may have changed since. */
  #join(module) {
    if (!this.isWhole) new WebAssembly.Instance(module, { first: this.#exports });
    return module;
  }

  /**
   * In the first moments what a person does waits for the rest, instead of the page waiting for it in the middle of a
   * call.
   */
  hold = (event) => {
    if (this.isWhole || this.#sent.has(event)) return;
    event.stopImmediatePropagation();
    // What is typed meanwhile is typed.
    if (event.type === "click") event.preventDefault();
    const { target } = event;
    const again = new event.constructor(event.type, event);
    this.#sent.add(again);
    this.fetch()
      .catch(() => {})
      .then(() => target.dispatchEvent(again));
  };

  /** Large pages are decoded in a worker; what starts it comes with the first of them. */
  async decode(pieces, length) {
    const rest = await this.fetch();
    const { decode } = await import("./decode.js");
    return decode(pieces, length, { first: this.#first, rest });
  }
}

/** What the inside listens to. */
const LISTENED = ["click", "input", "change", "keydown", "focus", "focusout", "blur", "scroll"];

/** Attributes for which a first row needs more than the first half; Japanese lies in the second half, too. */
const NEED_REST = ["sort", "filter", "range", "columns", "url-sync", "job-href", "overview"];

/** Roots that were rendered into before: each new one would cost nodes and listeners that are never given back. */
const pool = [];

/** The elements that are at work. */
const live = new Set();

export class ObRestoreTasksElement extends HTMLElement {
  static observedAttributes = Object.keys(ATTRIBUTES);

  #values = {};
  #rich = {};
  #inside; // the wasm's Instance, while connected
  #root;
  #starting;
  #queued = false;
  #seen; // IntersectionObserver, until near the viewport
  #ready = deferred();
  #begun = false; // only the very first request can be early

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    const skeleton = document.createElement("div");
    skeleton.className = "skeleton";
    skeleton.append(document.createElement("slot"));
    shadow.append(skeleton);
  }

  connectedCallback() {
    // Values set before the element was upgraded stand on the instance and hide the accessors.
    for (const name of [...Object.values(ATTRIBUTES).map(([name]) => name), ...RICH]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    if (this.#inside || this.#starting) return;
    if (this.loading === "eager" || typeof IntersectionObserver === "undefined") this.#start();
    else {
      this.#seen ??= new IntersectionObserver(
        (entries) => entries.some((entry) => entry.isIntersecting) && this.#start(),
        { rootMargin: "200px" },
      );
      this.#seen.observe(this);
    }
  }

  // Moving is not leaving.
  connectedMoveCallback() {}

  disconnectedCallback() {
    this.#seen?.disconnect();
    queueMicrotask(() => !this.isConnected && this.#stop());
  }

  attributeChangedCallback(name, _, value) {
    if (value === null) delete this.#values[name];
    else this.#values[name] = value;
    this.#changed();
  }

  async #start() {
    if (this.#starting) return this.#starting;
    this.#seen?.disconnect();
    this.#seen = undefined;
    // Whoever leaves and comes back meanwhile starts anew, and only the last start counts.
    // A microtask later, so that what a host sets right after it has put the element in place counts.
    const begun = Promise.resolve().then(() => this.#early());
    const starting = init().then(
      async ({ glue, halves }) => {
        const foreign = /^ja/i.test(this.#attributes().lang ?? "");
        if (foreign || NEED_REST.some((name) => name in this.#values)) await halves.fetch().catch(() => {});
        const early = await begun;
        if (this.#starting !== starting) return early?.controller.abort();
        if (!this.isConnected) return (early?.controller.abort(), (this.#starting = undefined));
        this.#root = pool.pop() ?? document.createElement("div");
        this.#root.className = "root";
        for (const type of LISTENED) this.#root.addEventListener(type, halves.hold, true);
        const inside = new glue.Instance(this.#root, this);
        if (early) {
          // The words for a failure lie in the second half.
          const both = () => halves.fetch().catch(() => {});
          const response = early.answer.then(
            async (answer) => (answer.ok || (await both()), answer),
            async (error) => (await both(), Promise.reject(error)),
          );
          inside.takeEarly(early.url, early.lang, early.credentials, response, early.controller);
        }
        for (const name of ["headers", "fetcher"]) if (this.#rich[name] != null) inside.set(name, this.#rich[name]);
        if (this.#rich.tasks != null) inside.expectTasks();
        this.#inside = inside;
        live.add(this);
        // Behind the first paint; a hidden page paints nothing, and gets it a second later.
        const rest = () => halves.fetch().catch(() => {});
        const later = () => (requestAnimationFrame(() => setTimeout(rest)), setTimeout(rest, 1_000));
        for (const name of ["obrt-load", "obrt-error"]) this.addEventListener(name, later, { once: true });
        inside.configure(this.#attributes());
        if (this.#rich.tasks != null) inside.set("tasks", this.#rich.tasks);
        this.shadowRoot.replaceChildren(this.#root);
        this.#ready.resolve();
      },
      (error) => {
        if (this.#starting === starting) {
          this.#starting = undefined;
          this.#fallback(error);
          this.#ready.reject(error);
          this.#ready = deferred();
        }
        throw error;
      },
    );
    this.#starting = starting;
    starting.catch(() => {});
    return starting;
  }

  /**
   * Asks for the first page while the WebAssembly is on its way, where nothing but plain attributes says what it is.
   * The inside takes the answer if it would ask the same, and drops it otherwise.
   */
  #early() {
    const { "cluster-id": cluster = "", "base-url": base = "", range = "all", credentials = "same-origin" } = this.#values;
    const plain =
      /^[1-9]\d{0,17}$/.test(cluster) &&
      /^(https?:\/\/[\w.-]+(:\d+)?)?(\/[\w.,=-]+)*$/.test(base) &&
      range === "all" &&
      ["same-origin", "omit", "include"].includes(credentials) &&
      !["sort", "filter", "overview", "url-sync"].some((name) => name in this.#values) &&
      !["headers", "fetcher", "tasks"].some((name) => this.#rich[name] != null) &&
      document.visibilityState === "visible";
    if (!plain || this.#begun) return;
    this.#begun = true;
    const tag = this.#attributes().lang?.trim().toLowerCase() ?? "";
    const lang = /^zh(-cn|-sg|-hans)?($|-)/.test(tag) && !/^zh-(tw|hk|mo|hant)/.test(tag) ? "zh-CN" : /^ja($|-)/.test(tag) ? "ja" : "en";
    const controller = new AbortController();
    const url = `${base}/api/v2/ob/clusters/${cluster}/backup/task/restoreTasks?page=1&size=${this.pageSize}`;
    const headers = { Accept: "application/json", "Accept-Language": lang };
    const answer = fetch(url, { credentials, headers, signal: controller.signal });
    answer.catch(() => {}); // told by whoever takes it
    return { url, lang, credentials, controller, answer };
  }

  /** Nothing of this page can go on: what lies in the second half cannot be had. */
  static broken(error) {
    for (const element of live) {
      element.#inside = element.#starting = undefined;
      element.#fallback(error);
    }
    live.clear();
  }

  #stop() {
    live.delete(this);
    if (this.#inside) {
      this.#inside.close();
      this.#inside.free();
      this.#inside = undefined;
      this.#root.remove();
      pool.push(this.#root);
      this.#root = undefined;
    }
    this.#starting = undefined;
  }

  /** A message instead of a blank box, and the event that tells the host. */
  #fallback(error) {
    const box = document.createElement("p");
    box.setAttribute("role", "alert");
    box.textContent = `The restore-task table could not start: ${error?.message ?? error}`;
    const slot = document.createElement("slot");
    this.shadowRoot.replaceChildren(box, slot);
    this.dispatchEvent(
      new CustomEvent("obrt-error", {
        bubbles: true,
        composed: true,
        detail: { code: "runtime", status: null, message: String(error?.message ?? error), traceId: null, retryable: true, attribute: null },
      }),
    );
  }

  /** What holds, with the language of the page where the element has none. */
  #attributes() {
    const lang = this.#values.lang ?? this.closest("[lang]")?.lang ?? document.documentElement.lang;
    return { ...this.#values, ...(lang ? { lang } : {}) };
  }

  /** Many changes at once are one. */
  #changed() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#inside?.configure(this.#attributes());
    });
  }

  /** The inside with every change in it. */
  async #now() {
    if (this.isConnected) await this.#start();
    await this.#ready.promise;
    this.#inside?.configure(this.#attributes());
    if (!this.#inside) throw new DOMException("the element is not in the page", "InvalidStateError");
    return this.#inside;
  }

  whenReady() {
    return this.#ready.promise;
  }
  async refresh() {
    await (await this.#now()).refresh();
  }
  getState() {
    return this.#inside?.getState() ?? {};
  }
  async setState(state) {
    await (await this.#now()).setState(state);
  }
  reset() {
    this.#inside?.reset();
  }
  async exportData(options = {}) {
    return (await this.#now()).exportData({ ...options });
  }
  focus(options) {
    const search = this.shadowRoot.querySelector("input[type=search]");
    search ? search.focus(options) : super.focus(options);
  }

  static {
    for (const [name, [property, read]] of Object.entries(ATTRIBUTES)) {
      Object.defineProperty(this.prototype, property, {
        configurable: true,
        enumerable: true,
        get() {
          return read(this.#values[name]);
        },
        // An input of its own: the attribute is the host's and is never written here.
        set(value) {
          if (value == null || value === false) delete this.#values[name];
          else this.#values[name] = value === true ? "" : String(value);
          // A presented language of the element itself also serves CSS and assistive technology.
          this.#changed();
        },
      });
    }
    for (const name of RICH) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get() {
          return this.#rich[name] ?? null;
        },
        set(value) {
          this.#rich[name] = value ?? null;
          this.#inside?.set(name, this.#rich[name]);
        },
      });
    }
  }
}

function deferred() {
  const all = {};
  all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
  // Nobody has to wait for it.
  all.promise.catch(() => {});
  return all;
}

if (!customElements.get(TAG)) customElements.define(TAG, ObRestoreTasksElement);
else console.warn(`<${TAG}> is registered already; the one from ${import.meta.url} is not used.`);
