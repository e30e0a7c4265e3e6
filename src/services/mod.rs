//! Wrappers of what the browser offers, one small module each. May import the core.

pub mod clock;
pub mod decode;
pub mod download;
pub mod fetch;
pub mod host_values;
pub mod intl;
mod listener;
pub mod shadow;
pub mod storage;
pub mod url;
pub mod visibility;
