// The WebAssembly and its glue: loaded once for all elements of a page. A panic leaves it unusable for good, so
// whoever was in it gets another one, of its own: who has caused it cannot be told, and must not take the others along.

// Written out one by one, since bundlers look for just this to take the files along.
const FILES = {
  css: new URL("./widget.css", import.meta.url),
  later: new URL("./later.css", import.meta.url),
  glue: new URL("./ob-restore-tasks.js", import.meta.url),
  first: new URL("./ob-restore-tasks_bg.wasm", import.meta.url),
  rest: new URL("./ob-restore-tasks_rest.bin", import.meta.url),
  // As a data: address, which Vite makes of small files otherwise, strict policies forbid it.
  worker: new URL("./worker.js?no-inline", import.meta.url),
};

/** The keys that rows take. */
const WALKING = new Set(["ArrowUp", "ArrowDown", "Home", "End", "Enter", " "]);

/** What the inside listens to. */
const LISTENED = ["click", "input", "change", "keydown", "focus", "focusout", "blur", "scroll"];

/** What it listens to besides, by which alone nothing is asked for. */
const PASSING = new Set(["mouseover", "keyup", "pointerdown"]);

const sheet = new CSSStyleSheet();
/** The look of what no first row needs; it comes with the second half of the module. */
const later = new CSSStyleSheet();
/** What each element's shadow root adopts. */
export const sheets = [sheet, later];
// Until the style sheet is here: the place is kept, so that nothing jumps.
sheet.replaceSync(":host{display:block}:host([hidden]){display:none}.skeleton{min-height:480px}");

let shared;
/** The style sheets on their way, by their files. */
const styled = {};
let begun = 0;

/** What all elements share; a failed load may be tried again. */
export function load() {
  if (!shared) {
    const mine = begin();
    const forget = () => shared === mine && (shared = undefined);
    mine.then((runtime) => runtime.onstop.add(forget), forget);
    shared = mine;
  }
  return shared;
}

/** One that nobody else uses. */
export function loadOwn() {
  return begin();
}

/** Has a style sheet here, once for all elements; a failed load may be tried again. */
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

/** A module, compiled while it comes; one with a wrong type of content still loads. */
async function compile(url, options) {
  const answer = await get(url, options);
  const streams = answer.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

async function begin() {
  if (typeof WebAssembly === "undefined") throw new Error("this browser has no WebAssembly");
  // The same module under another address is a fresh one.
  const number = begun++;
  const files = { ...FILES };
  for (const name of ["glue", "first", "rest"]) {
    files[name] = new URL(files[name]);
    if (number) files[name].searchParams.set("again", number);
  }
  // The first use of Intl takes long; now there is nothing to do but wait.
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
    // What one of them asks for, the other has not.
    if (!(error instanceof WebAssembly.LinkError || error instanceof TypeError)) throw error;
    throw new Error(`its files are of different versions; load the page anew (${error.message})`);
  }
}

/** Those that have not stopped. */
const running = new Set();

/**
 * The WebAssembly is cut in two: what a first row needs, and the rest, which follows behind it. A module that is
 * whole (`trunk serve`) has no `restReady`.
 */
class Runtime {
  /** Called once with the error when nothing of it can go on. */
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

  /** Has the rest here before anybody asks for it. */
  #fetchRest() {
    if (this.#rest || this.#exports.restReady === undefined) return this.#rest;
    const options = { priority: "low", signal: AbortSignal.timeout(60_000) };
    const parts = [compile(this.#files.rest, options), style("later", later)];
    this.#rest = Promise.all(parts).then(([module]) => this.#join(module));
    this.#rest.catch((error) => {
      this.#rest = undefined;
      // The network may be back when somebody needs it; a file that is missing or of another build will not.
      if (!(error instanceof TypeError || error instanceof DOMException)) this.stop(error);
    });
    return this.#rest;
  }

  /** The same, but nobody waits for ever: whoever needs it then has it loaded in the middle of a call. */
  async wait() {
    if (this.#isWhole) return;
    const late = new Promise((resolve) => setTimeout(resolve, 5_000));
    await Promise.race([this.#fetchRest().catch(() => {}), late]);
  }

  /** Fetches it behind the first paint; a hidden page paints nothing, and gets it a second later. */
  follow() {
    if (this.#isWhole) return;
    requestAnimationFrame(() => setTimeout(() => this.wait()));
    setTimeout(() => this.wait(), 1_000);
  }

  /** Somebody asks for it in the middle of a call, so there is no waiting: seldom, and only in the first moments. */
  #now() {
    if (this.#isWhole) return;
    try {
      this.#load();
    } catch (error) {
      // The call cannot go on, and nothing after it.
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

  /** Never twice: the second half brings constants that may have changed since. */
  #join(module) {
    if (!this.#isWhole) {
      // What the first half offers stands in a table; the second asks for it by its place.
      const { shared } = this.#exports;
      const offered = Array.from(shared, (_, at) => shared.get(at));
      new WebAssembly.Instance(module, { first: { ...this.#exports, ...offered } });
      this.#complete();
    }
    return module;
  }

  /**
   * In the first moments what a person does waits for the rest, instead of the page waiting for it in the middle of a
   * call.
   */
  #hold = (event) => {
    if (this.#isWhole || this.#sent.has(event)) return;
    event.stopImmediatePropagation();
    const { target, type } = event;
    if (PASSING.has(type)) return;
    // What is typed meanwhile is typed, and rows are walked later.
    const walks = type === "keydown" && target.matches("[data-row]") && WALKING.has(event.key);
    if (type === "click" || walks) event.preventDefault();
    const again = new event.constructor(type, event);
    this.#sent.add(again);
    // A render meanwhile would put back what was typed.
    const { value } = target;
    const root = event.currentTarget;
    const inside = this.#insides.get(root);
    const table = root.querySelector("table");
    table?.setAttribute("aria-busy", true);
    this.wait().then(() => {
      if (inside !== this.#insides.get(root)) return;
      if (type === "input") target.value = value;
      target.dispatchEvent(again);
      // What is asked for now says so by itself.
      if (!inside.isBusy()) table?.setAttribute("aria-busy", false);
    });
  };

  /** Lets `inside` work in `root`. */
  enter(root, inside) {
    this.#insides.set(root, inside);
    for (const type of [...LISTENED, ...PASSING]) root.addEventListener(type, this.#hold, true);
    if (!this.#isWhole) return;
    this.#complete();
  }

  /**
   * Has them show what comes with the second half, which moves nothing once its style is there. Not in the middle of a
   * call.
   */
  #complete() {
    const show = () => this.#insides.forEach((inside) => inside.complete());
    style("later", later).then(show, show);
  }

  /** It is over; the root may be another's soon. */
  leave(root) {
    this.#insides.delete(root);
  }

  /** Large pages are decoded in a worker; what starts it comes with the first of them. */
  async #decode(pieces, length) {
    const rest = await this.#fetchRest();
    // Where that is missing, or never comes, the main thread decodes.
    let late;
    const never = new Promise((resolve) => (late = setTimeout(resolve, 5_000, {})));
    const { decode } = await Promise.race([import("./decode.js").catch(() => ({})), never]);
    clearTimeout(late);
    if (!decode) return null;
    return decode(pieces, length, this.#files.worker, { glue: this.#files.glue.href, first: this.#first, rest });
  }

  /** Nothing of it can go on. */
  stop(error) {
    if (!running.delete(this)) return;
    for (const tell of [...this.onstop]) tell(error);
  }

  /** Whether it was in the middle of a call when this was thrown. */
  caused({ stack = "" }) {
    return ["glue", "first", "rest"].some((name) => stack.includes(`${this.#files[name]}:`));
  }
}

/** A panic is a trap, and nobody catches those. */
function notice({ error, reason = error }) {
  if (!(reason instanceof WebAssembly.RuntimeError)) return;
  const known = [...running].filter((runtime) => runtime.caused(reason));
  // A module that did not come as a stream has no address of its own; then it may have been any of them.
  const all = known.length || !reason.stack?.includes("wasm://") ? known : [...running];
  for (const runtime of all) runtime.stop(reason);
}
addEventListener("error", notice);
addEventListener("unhandledrejection", notice);
