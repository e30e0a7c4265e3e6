//! The texts that a person reads, in each language, and what else depends on the reader: zone and collation.
//!
//! A new text is one line in each of `en.rs`, `zh_cn.rs` and `ja.rs`. May import `domain`, `json`, `privacy` and
//! `error`.

mod en;
mod ja;
pub mod locale;
mod messages;
mod tables;
pub mod terms;
mod zh_cn;

pub use en::Key;
pub use messages::{HostMessages, Lang, Language, fill, text};

#[cfg(test)]
mod tests;
