//! Why a restore failed: the parts of its error message, the cause that its error points to, and what its trace id
//! tells.

mod codes;
mod parse;
mod trace_id;

pub use codes::{Cause, cause};
pub use parse::{Failure, named, read, server_at};
pub use trace_id::{log_search, server_of};

#[cfg(test)]
mod tests;
