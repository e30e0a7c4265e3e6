//! What the widget asks of the browser, one small module each. They know nothing of the views or the state.

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
