// Decodes pages away from the main thread: body in, columns out. See decode.js for the other side.

let decode;

onmessage = async ({ data }) => {
  if (data.first) {
    try {
      // A bundler gives the glue another name.
      const glue = await import(data.glue);
      decode = glue.decode;
      const first = await glue.default({ module_or_path: data.first });
      if (data.rest) {
        // As in runtime.js.
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
    // Nothing more can be had from it.
    return postMessage({ ready: false });
  }
  // What is wrong with a body is for the main thread to say, so it gets it back.
  if (columns) postMessage({ ticket, columns }, [columns.buffer]);
  else postMessage({ ticket, body }, [body.buffer]);
};
