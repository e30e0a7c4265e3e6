//! What is asked of OCP, and what its answers say. May import `i18n`, `time`, `table` and the rooms that these may
//! import.

pub mod request;
pub mod response;
mod rows;
