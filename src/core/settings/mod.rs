//! What the host and the person can set, and the forms in which it is written: attributes, the page's URL, the
//! browser's storage, `getState`. May import every room but `state` and `report`.

pub mod attributes;
mod choices;
pub mod columns;
mod parts;
mod raw;
pub mod stored;
pub mod url;
pub mod url_sync;
pub mod view;
