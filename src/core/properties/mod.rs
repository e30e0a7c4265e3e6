//! Properties of the whole core, tested against random servers and over long times.

mod full_range;
mod soak;

/// The factor `times` for a long run, which the environment variable `LONG` asks for; otherwise 1.
fn long_runs(times: u32) -> u32 {
    if std::env::var_os("LONG").is_some() {
        times
    } else {
        1
    }
}
