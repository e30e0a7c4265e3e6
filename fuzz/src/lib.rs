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
mod input;
mod secret;
mod state;
mod time;

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
