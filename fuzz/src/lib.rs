//! What must hold of everything that the core reads, whatever comes: one property for each reader.
//!
//! A property takes bytes that anybody may have made up, and panics where the core breaks a promise. libFuzzer calls
//! it with inputs that reach new code (`fuzz/targets`), and stable Rust with the corpus and with random inputs
//! (`tests/properties.rs`), so that nothing stands twice. Inputs are text as far as possible: the corpus can be read,
//! and written by hand.
//!
//! A property compares with another reader (`serde_json`, chrono), or with what the core itself says of the same
//! thing on another way. It must not repeat the code that it tests.

mod config;
mod envelope;
mod failure;
mod filter;
mod secret;
mod state;
mod time;

use ob_restore_tasks::core::secret::mask;

pub use config::config;
pub use envelope::envelope;
pub use failure::failure;
pub use filter::filter;
pub use secret::secret;
pub use state::state;
pub use time::time;

/// A property.
pub type Property = fn(&[u8]);

/// Each property under the name of its target, its corpus and its dictionary.
pub const ALL: [(&str, Property); 7] = [
    ("envelope", envelope),
    ("filter", filter),
    ("time", time),
    ("failure", failure),
    ("secret", secret),
    ("config", config),
    ("state", state),
];

/// The input as so many lines, the last one with all that is left; missing ones are empty. `None` where it is no text.
fn lines<const N: usize>(data: &[u8]) -> Option<[&str; N]> {
    let mut lines = std::str::from_utf8(data).ok()?.splitn(N, '\n');
    Some(std::array::from_fn(|_| lines.next().unwrap_or_default()))
}

/// A message for a person holds no secret. Quotes around a value, escapes in it, stars and the dots where it is cut belong
/// to none.
fn holds_no_secret(message: &str) {
    let bare = message.replace(['“', '”', '…', '*'], " ").replace("\\u{", " ");
    assert_eq!(mask(&bare), bare, "a secret in {message:?}");
}
