//! What must be true of everything that the core reads, whatever the input: one property for each reader.
//!
//! A property takes bytes that anybody could have made, and panics if the core breaks a promise. libFuzzer
//! calls it with inputs that reach new code (`fuzz/targets`), and stable Rust with the corpus and with random
//! inputs (`tests/properties.rs`), so no property is written twice. Inputs are text as far as possible, so
//! that people can read and write the corpus.
//!
//! A property compares with another reader (`serde_json`, chrono), or with another way to the same result in
//! the core. It must not repeat the code that it tests.

mod config;
mod envelope;
mod failure;
mod filter;
mod secret;
mod state;
mod time;

use ob_restore_tasks::core::privacy::mask::mask;

pub use config::config;
pub use envelope::envelope;
pub use failure::failure;
pub use filter::filter;
pub use secret::secret;
pub use state::state;
pub use time::time;

/// A property. Panics if it does not hold.
pub type Property = fn(&[u8]);

/// Each property with the name of its target, its corpus and its dictionary.
pub const ALL: [(&str, Property); 7] = [
    ("envelope", envelope),
    ("filter", filter),
    ("time", time),
    ("failure", failure),
    ("secret", secret),
    ("config", config),
    ("state", state),
];

/// Splits the input into `N` lines, the last with all that is left; missing ones are empty. `None` if it is
/// not UTF-8.
fn lines<const N: usize>(data: &[u8]) -> Option<[&str; N]> {
    let mut lines = std::str::from_utf8(data).ok()?.splitn(N, '\n');
    Some(std::array::from_fn(|_| lines.next().unwrap_or_default()))
}

/// Checks that a message for a person contains no secret. Quotes around a value, escapes in it, stars, and
/// the dots where it is cut off do not count.
fn holds_no_secret(message: &str) {
    let bare = message.replace(['“', '”', '…', '*'], " ").replace("\\u{", " ");
    assert_eq!(mask(&bare), bare, "a secret in {message:?}");
}
