//! Wrappers of what the browser offers, one small module each. They know nothing of the views or of `State`.

pub mod address;
pub mod clock;
pub mod decode;
pub mod download;
pub mod fetch;
pub mod host;
pub mod intl;
mod listen;
pub mod shade;
pub mod storage;
pub mod visibility;
