/**
 * The memories of WebAssembly, which the browser's own counts do not include: a script records each one when
 * it is created. It is injected into the page and its workers before anything else runs there.
 */

export const NOTE_MEMORIES = `(() => {
  const all = (globalThis.__memories = new Set());
  const note = (instance, imports) => {
    for (const group of [instance.exports, ...Object.values(imports ?? {})]) {
      for (const value of Object.values(group ?? {})) if (value instanceof WebAssembly.Memory) all.add(value);
    }
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (source, imports) => {
      const result = await original.call(WebAssembly, source, imports);
      note(result.instance ?? result, imports);
      return result;
    };
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, values) {
      const instance = new target(...values);
      note(instance, values[1]);
      return instance;
    },
  });
})();`;

export const COUNT_MEMORIES = '[...(globalThis.__memories ?? [])].reduce((sum, one) => sum + one.buffer.byteLength, 0)';
