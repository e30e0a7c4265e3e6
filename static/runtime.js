// The WebAssembly and its JavaScript glue, loaded once for all elements of a page. After a panic it stays
// unusable. Then each element that used it gets a runtime of its own: the cause is unknown, and the element
// that caused the panic must not stop the others again.

// Written out one by one, because bundlers look for exactly this form to include the files.
const FILES = {
  css: new URL("./widget.css", import.meta.url),
  later: new URL("./later.css", import.meta.url),
  glue: new URL("./ob-restore-tasks.js", import.meta.url),
  first: new URL("./ob-restore-tasks_bg.wasm", import.meta.url),
  rest: new URL("./ob-restore-tasks_rest.bin", import.meta.url),
  // Vite would inline a small file as a `data:` URL, which a strict content security policy forbids.
  worker: new URL("./worker.js?no-inline", import.meta.url),
};

/** The keys that the rows handle. */
const WALKING = new Set(["ArrowUp", "ArrowDown", "Home", "End", "Enter", " "]);

/** The events that the inside listens to. */
const LISTENED = ["click", "input", "change", "keydown", "focus", "focusout", "blur", "scroll"];

/** Further events that it listens to, which alone ask for nothing. */
const PASSING = new Set(["mouseover", "keyup", "pointerdown"]);

const sheet = new CSSStyleSheet();
/** The styles of what no first row needs; loaded with the lazy part of the module. */
const later = new CSSStyleSheet();
/** The sheets that the shadow root of each element adopts. */
export const sheets = [sheet, later];
// Until the style sheet is loaded: keeps the place, so that nothing moves.
sheet.replaceSync(":host{display:block}:host([hidden]){display:none}.skeleton{min-height:480px}");

let shared;
/** The promises of the style sheets, by the names of their files. */
const styled = {};
let begun = 0;

/** The runtime that all elements share. A failed load can be tried again. */
export function load() {
  if (!shared) {
    const mine = begin();
    const forget = () => shared === mine && (shared = undefined);
    mine.then((runtime) => runtime.onstop.add(forget), forget);
    shared = mine;
  }
  return shared;
}

/** A runtime that only one element uses. */
export function loadOwn() {
  return begin();
}

/** Loads a style sheet once for all elements. A failed load can be tried again. */
function style(name, into) {
  styled[name] ??= get(FILES[name]).then(async (answer) => into.replaceSync(await answer.text()));
  styled[name].catch(() => (styled[name] = undefined));
  return styled[name];
}

async function get(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url.pathname.split("/").at(-1)}: HTTP ${answer.status}`);
  return answer;
}

/** Compiles a module while it downloads; without the content type `application/wasm`, after it. */
async function compile(url, options) {
  const answer = await get(url, options);
  const streams = answer.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

async function begin() {
  if (typeof WebAssembly === "undefined") throw new Error("this browser has no WebAssembly");
  // The same module under another URL is a new one.
  const number = begun++;
  const files = { ...FILES };
  for (const name of ["glue", "first", "rest"]) {
    files[name] = new URL(files[name]);
    if (number) files[name].searchParams.set("again", number);
  }
  // The first use of Intl is slow; while the downloads run there is time for it.
  if (!number) setTimeout(() => new Intl.DateTimeFormat("sv-SE", { hour: "2-digit" }));
  const [, first, glue] = await Promise.all([
    style("css", sheet),
    compile(files.first),
    import(/* webpackIgnore: true */ /* @vite-ignore */ files.glue.href),
  ]);
  const runtime = new Runtime(files, glue, first, await start(glue, first));
  running.add(runtime);
  return runtime;
}

async function start(glue, first) {
  try {
    return await glue.default({ module_or_path: first });
  } catch (error) {
    // One file asks for an export that another does not have.
    if (!(error instanceof WebAssembly.LinkError || error instanceof TypeError)) throw error;
    throw new Error(`its files are of different versions; load the page anew (${error.message})`);
  }
}

/** The runtimes that have not stopped. */
const running = new Set();

/**
 * A loaded module. It is cut in two: what a first row needs, and the lazy part (“rest”), which loads
 * afterwards. A module that is not cut (`trunk serve`) has no `restReady`.
 */
class Runtime {
  /** Called once with the error when the module has become unusable. */
  onstop = new Set();
  glue;
  #files;
  #first;
  #exports;
  #rest;
  #sent = new WeakSet();
  #insides = new Map();

  constructor(files, glue, first, exports) {
    this.#files = files;
    this.glue = glue;
    this.#first = first;
    this.#exports = exports;
    glue.setRest(() => this.#now());
    glue.setDecoder((pieces, length) => this.#decode(pieces, length));
  }

  get #isWhole() {
    return this.#exports.restReady === undefined || this.#exports.restReady.value === 1;
  }

  /** Loads the lazy part before anybody needs it. */
  #fetchRest() {
    if (this.#rest || this.#exports.restReady === undefined) return this.#rest;
    const options = { priority: "low", signal: AbortSignal.timeout(60_000) };
    const parts = [compile(this.#files.rest, options), style("later", later)];
    this.#rest = Promise.all(parts).then(([module]) => this.#join(module));
    this.#rest.catch((error) => {
      this.#rest = undefined;
      // After a network error it can be tried again. A file that is missing or of another build will not get
      // better.
      if (!(error instanceof TypeError || error instanceof DOMException)) this.stop(error);
    });
    return this.#rest;
  }

  /**
   * The same, but waits for at most 5 seconds. Whoever needs the part later loads it synchronously, during a
   * call.
   */
  async wait() {
    if (this.#isWhole) return;
    const late = new Promise((resolve) => setTimeout(resolve, 5_000));
    await Promise.race([this.#fetchRest().catch(() => {}), late]);
  }

  /** Loads it after the first paint, or after a second, because a hidden page does not paint. */
  follow() {
    if (this.#isWhole) return;
    requestAnimationFrame(() => setTimeout(() => this.wait()));
    setTimeout(() => this.wait(), 1_000);
  }

  /**
   * Loads it synchronously, because a call into the module needs it now. Seldom, and only in the first
   * moments.
   */
  #now() {
    if (this.#isWhole) return;
    try {
      this.#load();
    } catch (error) {
      // The call cannot continue, and no later one can.
      this.stop(error);
      throw error;
    }
  }

  #load() {
    style("later", later);
    const request = new XMLHttpRequest();
    request.open("GET", this.#files.rest, false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status && request.status !== 200) throw new Error(`${this.#files.rest.pathname}: HTTP ${request.status}`);
    const bytes = Uint8Array.from(request.responseText, (char) => char.charCodeAt(0) & 255);
    this.#rest = Promise.resolve(this.#join(new WebAssembly.Module(bytes)));
  }

  /** Never runs twice: the lazy part would overwrite constants that may have changed since. */
  #join(module) {
    if (!this.#isWhole) {
      // What the first part exports is in a table; the lazy part imports it by its index.
      const { shared } = this.#exports;
      const offered = Array.from(shared, (_, at) => shared.get(at));
      new WebAssembly.Instance(module, { first: { ...this.#exports, ...offered } });
      this.#complete();
    }
    return module;
  }

  /**
   * Until the lazy part is loaded, holds events of the person back and sends them again afterwards. Otherwise
   * a call would have to load it synchronously, which blocks the page.
   */
  #hold = (event) => {
    if (this.#isWhole || this.#sent.has(event)) return;
    event.stopImmediatePropagation();
    const { target, type } = event;
    if (PASSING.has(type)) return;
    // Typed text is kept, while keys that move through the rows take effect later.
    const walks = type === "keydown" && target.matches("[data-row]") && WALKING.has(event.key);
    if (type === "click" || walks) event.preventDefault();
    const again = new event.constructor(type, event);
    this.#sent.add(again);
    // A render in the meantime would restore the old text.
    const { value } = target;
    const root = event.currentTarget;
    const inside = this.#insides.get(root);
    const table = root.querySelector("table");
    table?.setAttribute("aria-busy", true);
    this.wait().then(() => {
      if (inside !== this.#insides.get(root)) return;
      if (type === "input") target.value = value;
      target.dispatchEvent(again);
      // If this starts a request, the widget sets the attribute itself.
      if (!inside.isBusy()) table?.setAttribute("aria-busy", false);
    });
  };

  /** Registers an `inside` that renders into `root`. */
  enter(root, inside) {
    this.#insides.set(root, inside);
    for (const type of [...LISTENED, ...PASSING]) root.addEventListener(type, this.#hold, true);
    if (!this.#isWhole) return;
    this.#complete();
  }

  /**
   * Tells all insides that the lazy part is here. Waits for its style sheet, so that nothing moves. Not
   * during a call into the module.
   */
  #complete() {
    const show = () => this.#insides.forEach((inside) => inside.complete());
    style("later", later).then(show, show);
  }

  /** Removes a root; it may soon belong to another inside. */
  leave(root) {
    this.#insides.delete(root);
  }

  /** Decodes a large page in a worker. The code that starts the worker loads with the first large page. */
  async #decode(pieces, length) {
    const rest = await this.#fetchRest();
    // If that code is missing or never comes, the main thread decodes.
    let late;
    const never = new Promise((resolve) => (late = setTimeout(resolve, 5_000, {})));
    const { decode } = await Promise.race([import("./decode.js").catch(() => ({})), never]);
    clearTimeout(late);
    if (!decode) return null;
    return decode(pieces, length, this.#files.worker, { glue: this.#files.glue.href, first: this.#first, rest });
  }

  /** Marks the module as unusable and informs its elements. */
  stop(error) {
    if (!running.delete(this)) return;
    for (const tell of [...this.onstop]) tell(error);
  }

  /** Whether the error came out of a call into this module, by its stack. */
  caused({ stack = "" }) {
    return ["glue", "first", "rest"].some((name) => stack.includes(`${this.#files[name]}:`));
  }
}

/** A panic is a trap, which nobody catches: it arrives here as an uncaught error. */
function notice({ error, reason = error }) {
  if (!(reason instanceof WebAssembly.RuntimeError)) return;
  const known = [...running].filter((runtime) => runtime.caused(reason));
  // A module that was not compiled from a stream has no URL in the stack; then any of them may be the cause.
  const all = known.length || !reason.stack?.includes("wasm://") ? known : [...running];
  for (const runtime of all) runtime.stop(reason);
}
addEventListener("error", notice);
addEventListener("unhandledrejection", notice);
