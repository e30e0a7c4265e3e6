/**
 * The script that is injected into each page before its own: a clock that checks the page after every frame
 * and waits for given states. It is the same for all pages, and so is its cost.
 */

/** The script; `reader` says how to read the page. */
export const probe = (reader) => `(() => {
  const page = ${reader};
  const marks = { firstRow: null, complete: null, longest: 0 };
  const waiting = [];
  const channel = new MessageChannel();
  let keyAt = null;
  let looking = true;

  // A message sent from an animation frame comes right after that frame was painted.
  const frame = () => channel.port1.postMessage(0);
  channel.port2.onmessage = () => {
    const now = performance.now();
    if (marks.firstRow === null && page.rows()[0]?.id) marks.firstRow = now;
    if (marks.firstRow !== null && marks.complete === null && page.state().complete) marks.complete = now;
    for (const wait of waiting.splice(0)) {
      if (wait.test()) wait.done(now);
      else waiting.push(wait);
    }
    looking = waiting.length > 0 || marks.complete === null;
    if (looking) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  const until = (test) => new Promise((done) => {
    waiting.push({ test, done });
    if (!looking) { looking = true; requestAnimationFrame(frame); }
  });
  for (const type of ['keydown', 'pointerup']) {
    addEventListener(type, (event) => { keyAt ??= event.timeStamp; }, { capture: true });
  }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) marks.longest = Math.max(marks.longest, duration);
  }).observe({ type: 'longtask', buffered: true });

  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  window.__bench = {
    marks,
    page,
    until,
    shows: ({ shown, id, tenant }) => {
      const row = page.rows()[0] ?? {};
      return (shown === undefined || page.state().shown === shown) && (id === undefined || row.id === String(id)) &&
        (tenant === undefined || row.tenant === tenant);
    },
    /** From now on looks for what is wanted. */
    expect(wanted) {
      keyAt = null;
      this.seen = until(() => keyAt !== null && this.shows(wanted)).then((now) => now - keyAt);
    },
    /** Milliseconds from the first key or click since \`expect\` to the frame that showed it. */
    seen: null,
    middle(element) {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + Math.min(width / 2, 60), y: y + height / 2 };
    },
    /** Scrolls frame by frame: slowly, faster, in leaps, and back. Tells how many frames were late. */
    async scroll() {
      const box = page.scroller();
      const end = box.scrollHeight - box.clientHeight;
      let at = 0;
      let dropped = 0;
      let before = await nextFrame();
      const step = async (by) => {
        at = Math.min(end, Math.max(0, at + by));
        box.scrollTop = at;
        const now = await nextFrame();
        dropped += Math.max(0, Math.round((now - before) * 60 / 1000) - 1);
        before = now;
      };
      for (let i = 0; i < 120; i++) await step(40);
      for (let i = 0; i < 60; i++) await step(160);
      // Ten times to another place of the list, with a moment to look.
      for (let i = 0; i < 60; i++) await step(i % 6 === 0 ? end / 12 : 0);
      const reached = box.scrollTop;
      for (let i = 0; i < 60; i++) await step(-40);
      return { dropped, reached, height: end };
    },
  };
})();`;
