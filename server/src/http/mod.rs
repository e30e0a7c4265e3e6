//! What every mode of the server needs, whatever it serves: the address to listen on, OCP's envelope and its
//! signatures, the page's files, query values, secrets, the log, the clock and the signals that end a run.
//!
//! Nothing here knows a mode: `http` must import neither `demo` nor `gateway`.

pub(crate) mod address;
pub(crate) mod clock;
pub(crate) mod envelope;
pub(crate) mod error;
pub(crate) mod language;
pub(crate) mod log;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod secrets;
pub(crate) mod signals;
pub(crate) mod signature;
