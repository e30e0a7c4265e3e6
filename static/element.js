// The element's class: attributes and properties, the skeleton, the lazy load, and what must survive the
// WebAssembly, such as the message when it cannot start or has stopped. What the table does is in the
// WebAssembly (src/embed).

import { load, loadOwn, sheets } from "./runtime.js";

export const TAG = "ob-restore-tasks";

/** Attributes by their HTML names, each with its property and the function that reads it. */
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
  "storage-key": ["storageKey", text],
  "job-href": ["jobHref", text],
  "loading": ["loading", (value) => (value === "eager" ? "eager" : "lazy")],
  "overview": ["overview", (value) => value ?? "auto"],
  "shortcuts": ["shortcuts", (value) => value ?? "on"],
};
/** Properties that are not attributes, because they are objects or secrets. */
const RICH = ["headers", "fetcher", "tasks", "messages"];

function whole(value, least, most, fallback) {
  const number = /^\s*\d+\s*$/.test(value ?? "") ? Number(value) : NaN;
  return number >= least && number <= most ? number : fallback;
}

/** The events that end the first load. */
const SETTLED = ["obrt-load", "obrt-error"];

/** Attributes for which a first row needs the lazy part of the module. Japanese is in the lazy part, too. */
const NEED_REST = ["sort", "filter", "range", "columns", "url-sync", "storage-key", "job-href", "overview"];

/** The texts before the WebAssembly is loaded and after it has stopped. */
const WORDS = {
  en: { start: "The restore-task table could not start:", stop: "The restore-task table has stopped:", again: "Try again" },
  zh: { start: "恢复任务列表无法启动：", stop: "恢复任务列表已停止：", again: "重试" },
  ja: { start: "リストアタスク一覧を開始できませんでした：", stop: "リストアタスク一覧が停止しました：", again: "再試行" },
};

/** Loads what a first row needs. For pages that know early that they will show one. */
export async function init() {
  await load();
}

export class ObRestoreTasksElement extends HTMLElement {
  static observedAttributes = Object.keys(ATTRIBUTES);

  #values = {};
  #rich = {};
  #in = {}; // while it works: the runtime, its Instance (`inside`) and the root that it renders into
  #view; // the view as the person changed it, for a restart
  #stops = 0;
  #starting;
  #queued = false;
  #seen; // IntersectionObserver, until the element is near the viewport
  #ready = deferred();
  #begun = false; // only the very first request can be sent early
  #first; // aborts it
  #given; // called when the host has said which tasks to show
  #old; // after a stop: the root that is still on the screen, and a selector of what had the focus in it

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = sheets;
    const skeleton = document.createElement("div");
    skeleton.className = "skeleton";
    skeleton.append(document.createElement("slot"));
    shadow.append(skeleton);
    // While an input method composes, its letters must not filter. (Yew does not handle these two events.)
    const compose = ({ type, target }) => {
      const isOver = type === "compositionend";
      target.toggleAttribute("data-composing", !isOver);
      if (isOver) target.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
    for (const type of ["start", "end"]) shadow.addEventListener(`composition${type}`, compose);
    this.addEventListener("obrt-state-change", ({ target, detail }) => {
      if (target === this) this.#view = { ...detail.state };
    });
  }

  connectedCallback() {
    // Properties that were set before the element was upgraded are on the instance and hide the accessors.
    for (const name of [...Object.values(ATTRIBUTES).map(([name]) => name), ...RICH, "refresh"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    if (this.#in.inside || this.#starting) return;
    if (this.loading === "eager" || typeof IntersectionObserver === "undefined") this.#start();
    else {
      this.#seen ??= new IntersectionObserver(
        (entries) => entries.some((entry) => entry.isIntersecting) && this.#start(),
        { rootMargin: "200px" },
      );
      this.#seen.observe(this);
    }
  }

  // An adopted style sheet works only in the document that created it. Another document gets a copy of the
  // rules.
  adoptedCallback() {
    const { CSSStyleSheet: Sheet } = this.ownerDocument.defaultView ?? {};
    const copy = ({ cssRules }) => {
      const made = new Sheet();
      made.replaceSync([...cssRules].map(({ cssText }) => cssText).join(""));
      return made;
    };
    this.shadowRoot.adoptedStyleSheets = this.ownerDocument === document ? sheets : Sheet ? sheets.map(copy) : [];
  }

  // A move within the document is not a removal.
  connectedMoveCallback() {}

  disconnectedCallback() {
    this.#seen?.disconnect();
    queueMicrotask(() => !this.isConnected && this.#stop());
  }

  attributeChangedCallback(name, _, value) {
    if (value === null) delete this.#values[name];
    else this.#values[name] = value;
    this.#changed(name);
  }

  #start() {
    if (this.#starting) return this.#starting;
    this.#seen?.disconnect();
    this.#seen = undefined;
    const loaded = this.#stops ? loadOwn() : load();
    const early = this.#source(loaded).then(() => this.#early());
    // If the element leaves and comes back meanwhile, it starts again, and only the last start counts.
    const starting = loaded.then((runtime) =>
      this.#enter(runtime, early, () => this.#starting === starting),
    );
    this.#starting = starting;
    starting.catch(async (error) => {
      (await early.catch(() => {}))?.controller.abort();
      if (this.#starting !== starting) return;
      // A trap at the start makes the runtime unusable, as a later trap does. Any other error concerns only
      // this element.
      const { runtime } = this.#in;
      if (runtime && error instanceof WebAssembly.RuntimeError) return runtime.stop(error);
      this.#stop();
      this.#fallback("start", error);
    });
    return starting;
  }

  /**
   * Resolves when the host has said which tasks to show, a microtask later, so that all that it sets at that moment
   * counts. Frameworks say it after they have inserted the element. So the host has a frame for it, and as long as
   * the WebAssembly loads; then its cluster is missing.
   */
  async #source(loaded) {
    if (this.#values["cluster-id"] !== undefined || this.#rich.tasks != null) return;
    const frame = new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve));
      // A hidden page has no frames.
      setTimeout(resolve, 100);
    });
    await new Promise((resolve) => {
      this.#given = resolve;
      Promise.allSettled([loaded, frame]).then(resolve);
    });
  }

  async #enter(runtime, begun, isLast) {
    const rest = () => runtime.wait();
    const foreign = /^ja/i.test(this.#attributes().lang ?? "");
    const rich = this.#rich.messages != null;
    if (foreign || rich || NEED_REST.some((name) => this.#values[name])) await rest();
    const early = await begun;
    if (!isLast()) return early?.controller.abort();
    if (!this.isConnected) return (early?.controller.abort(), (this.#starting = undefined));
    runtime.onstop.add(this.#stopped);
    this.#in = { runtime };
    const inside = new runtime.glue.Instance(this);
    const { root } = inside;
    runtime.enter(root, inside);
    if (early && this.#rich.tasks == null) {
      // The texts of a failure are in the lazy part.
      const response = early.answer.then(
        async (answer) => (answer.ok || (await rest()), answer),
        async (error) => (await rest(), Promise.reject(error)),
      );
      inside.takeEarly(early.url, early.lang, early.credentials, response, early.controller);
    }
    for (const name of ["headers", "fetcher", "messages"]) if (this.#rich[name] != null) inside.set(name, this.#rich[name]);
    if (this.#rich.tasks != null) {
      early?.controller.abort();
      inside.expectTasks();
    }
    Object.assign(this.#in, { inside, root });
    const old = this.#old;
    this.#old = undefined;
    const follow = () => {
      for (const name of SETTLED) this.removeEventListener(name, follow);
      runtime.follow();
      // After that is rendered.
      if (old) setTimeout(() => this.#show(root, old));
    };
    for (const name of SETTLED) this.addEventListener(name, follow);
    inside.configure(this.#attributes());
    if (this.#rich.tasks != null) inside.set("tasks", this.#rich.tasks);
    if (this.#stops && this.#view) inside.setState(this.#view);
    this.shadowRoot.replaceChildren(...(old ? [old.root] : []), root);
    // What is on the screen stays until the new root has something to show, for at most 5 seconds.
    if ((root.hidden = !!old)) setTimeout(follow, 5_000);
    this.#ready.resolve();
  }

  /** Replaces the root of the runtime that stopped, and moves the focus along. */
  #show(root, { root: old, spot }) {
    if (!root.hidden) return;
    root.hidden = false;
    old.remove();
    const active = document.activeElement;
    if (spot && (active === document.body || active === this)) {
      (root.querySelector(spot) ?? root.querySelector(".scroll"))?.focus({ preventScroll: true });
    }
  }

  /**
   * The runtime has stopped, perhaps because of another element. The first time the element restarts with its
   * view; after that it shows a message.
   */
  #stopped = (error) => {
    const { root, inside } = this.#in;
    this.#in = {};
    try {
      inside?.abandon();
    } catch {
      // This may be the instance that stopped.
    }
    this.#starting = undefined;
    if (!(error instanceof WebAssembly.RuntimeError)) return this.#fallback("start", error);
    if (this.#stops++) return this.#fallback("stop", error);
    if (root) {
      this.#old = { root, spot: spot(this.shadowRoot.activeElement) };
      root.inert = true;
    }
    this.#start();
  };

  /**
   * Requests the first page while the WebAssembly is still loading, if only plain attributes determine the
   * request. The inside uses the answer if it would send the same request, and aborts it otherwise.
   */
  #early() {
    const { "cluster-id": cluster = "", "base-url": base = "", range = "all", credentials = "same-origin" } = this.#values;
    const plain =
      /^[1-9]\d{0,17}$/.test(cluster) &&
      /^(https?:\/\/[\w.-]+(:\d+)?)?(\/[\w.,=-]+)*$/.test(base) &&
      range === "all" &&
      ["same-origin", "omit", "include"].includes(credentials) &&
      !["sort", "filter", "overview", "url-sync", "storage-key"].some((name) => this.#values[name]) &&
      !["headers", "fetcher", "tasks"].some((name) => this.#rich[name] != null) &&
      document.visibilityState === "visible";
    if (!plain || this.#begun) return;
    this.#begun = true;
    const tag = this.#attributes().lang?.trim().toLowerCase() ?? "";
    const lang = /^zh(-cn|-sg|-hans)?($|-)/.test(tag) && !/^zh-(tw|hk|mo|hant)/.test(tag) ? "zh-CN" : /^ja($|-)/.test(tag) ? "ja" : "en";
    const controller = (this.#first = new AbortController());
    const url = `${base}/api/v2/ob/clusters/${cluster}/backup/task/restoreTasks?page=1&size=${this.pageSize}`;
    const headers = { Accept: "application/json", "Accept-Language": lang };
    // A replaced `fetch` may throw.
    const answer = (async () => fetch(url, { credentials, headers, signal: controller.signal, cache: "no-cache" }))();
    answer.catch(() => {}); // handled by whoever takes the request
    return { url, lang, credentials, controller, answer };
  }

  #stop() {
    const { runtime, inside, root } = this.#in;
    runtime?.onstop.delete(this.#stopped);
    this.#in = {};
    if (inside) {
      runtime.leave(root);
      root.remove();
      inside.close();
      inside.free();
    }
    // If the element leaves before the WebAssembly is loaded, nobody else aborts the early request.
    this.#first?.abort();
    this.#starting = undefined;
    this.#view = undefined;
  }

  /** Shows a message instead of an empty box, and sends the event that informs the host. */
  #fallback(what, error) {
    this.#ready.reject(error);
    this.#ready = deferred();
    const message = String(error?.message ?? error);
    const box = document.createElement("p");
    const again = document.createElement("button");
    const lang = this.#attributes().lang ?? "";
    const words = WORDS[/^(zh|ja)/i.exec(lang)?.[0].toLowerCase()] ?? WORDS.en;
    box.setAttribute("role", "alert");
    box.textContent = `${words[what]} ${message} `;
    again.textContent = words.again;
    again.onclick = () => this.#start();
    box.append(again);
    this.shadowRoot.replaceChildren(box, document.createElement("slot"));
    this.dispatchEvent(
      new CustomEvent("obrt-error", {
        bubbles: true,
        composed: true,
        detail: { code: "runtime", status: null, message, traceId: null, retryable: true, attribute: null },
      }),
    );
  }

  /** The current attributes; without a language, that of the page. */
  #attributes() {
    const lang = this.#values.lang ?? this.closest("[lang]")?.getAttribute("lang") ?? document.documentElement.lang;
    return { ...this.#values, ...(lang ? { lang } : {}) };
  }

  /** Applies changes once per microtask. */
  #changed(name) {
    delete this.#view?.[ATTRIBUTES[name][0]];
    if (name === "cluster-id") this.#given?.();
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#in.inside?.configure(this.#attributes());
    });
  }

  /** The inside, after every change is applied. */
  async #now() {
    if (this.isConnected) await this.#start();
    await this.#ready.promise;
    this.#in.inside?.configure(this.#attributes());
    if (!this.#in.inside) throw new DOMException("the element is not in the page", "InvalidStateError");
    return this.#in.inside;
  }

  /** Runs a call of the host. A trap in it stops the runtime, even if the host ignores the rejection. */
  async #ask(what) {
    try {
      return await what(await this.#now());
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.#in.runtime?.stop(error);
      throw error;
    }
  }

  whenReady() {
    return this.#ready.promise;
  }
  async refresh() {
    await this.#ask((inside) => inside.refresh());
  }
  getState() {
    return this.#in.inside?.getState() ?? {};
  }
  async setState(state) {
    await this.#ask((inside) => {
      const settled = inside.setState(state);
      this.#view = inside.getState();
      return settled;
    });
  }
  reset() {
    this.#view = undefined;
    const { inside } = this.#in;
    if (inside) inside.reset();
    else this.#now().then((inside) => inside.reset(), () => {});
  }
  async exportData(options = {}) {
    return this.#ask((inside) => inside.exportData({ ...options }));
  }
  focus(options) {
    const search = this.shadowRoot.querySelector("input[type=search]");
    search ? search.focus(options) : super.focus(options);
  }

  static {
    // React 19 and Vue write the attribute `refresh` as a property, because a property of that name exists.
    const { refresh } = this.prototype;
    Object.defineProperty(this.prototype, "refresh", {
      configurable: true,
      get: () => refresh,
      set(value) {
        this.refreshInterval = value;
      },
    });
    for (const [name, [property, read]] of Object.entries(ATTRIBUTES)) {
      Object.defineProperty(this.prototype, property, {
        configurable: true,
        enumerable: true,
        get() {
          return read(this.#values[name]);
        },
        // The property is separate from the attribute: the attribute belongs to the host and is never written
        // here.
        set(value) {
          // Frameworks write an empty text for a value that is not given.
          if (value == null || value === false || value === "") delete this.#values[name];
          else this.#values[name] = value === true ? "" : String(value);
          this.#changed(name);
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
          if (name === "tasks") this.#given?.();
          this.#in.inside?.set(name, this.#rich[name]);
        },
      });
    }
  }
}

/** A selector that finds an element again in another root. */
function spot(element) {
  for (const name of ["data-task-id", "data-column", "aria-label"]) {
    const value = element?.closest(`[${name}]`)?.getAttribute(name);
    if (value) return `[${name}="${CSS.escape(value)}"]${name === "data-column" ? " button" : ""}`;
  }
}

function deferred() {
  const all = {};
  all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
  // Avoids `unhandledrejection` if nobody waits for it.
  all.promise.catch(() => {});
  return all;
}
