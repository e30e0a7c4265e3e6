// Decodes pages outside the main thread: body in, columns out. decode.js is the other side.

let decode;

onmessage = async ({ data }) => {
  if (data.first) {
    try {
      // Imported by URL, because a bundler may rename the glue.
      const glue = await import(data.glue);
      decode = glue.decode;
      const first = await glue.default({ module_or_path: data.first });
      if (data.rest) {
        // The same as in runtime.js.
        const offered = Array.from(first.shared, (_, at) => first.shared.get(at));
        new WebAssembly.Instance(data.rest, { first: { ...first, ...offered } });
      }
      return postMessage({ ready: true });
    } catch {
      return postMessage({ ready: false });
    }
  }
  const { ticket, pieces, length } = data;
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  let columns;
  try {
    columns = decode(body);
  } catch {
    // The module is unusable now.
    return postMessage({ ready: false });
  }
  // The main thread reports what is wrong with a body, so it gets the body back.
  if (columns) postMessage({ ticket, columns }, [columns.buffer]);
  else postMessage({ ticket, body }, [body.buffer]);
};
