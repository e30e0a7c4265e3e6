/** A reporter of Node's runner: a line of JSON for each test that ran, for `cargo xtask torture`. */
export default async function* told(events) {
  for await (const { type, data } of events) {
    const ended = type === 'test:pass' || type === 'test:fail';
    if (!ended || data.details?.type === 'suite' || data.skip !== undefined) continue;
    const error = data.details?.error;
    const why = String(error?.cause?.message ?? error?.message ?? '').replace(/\s+/g, ' ').slice(0, 300);
    yield `${JSON.stringify({ name: data.name, passed: type === 'test:pass', ms: data.details?.duration_ms ?? 0, why })}\n`;
  }
}
