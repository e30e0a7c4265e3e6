//! What is set up on a machine: tools are found where they are in the right version, else installed.
//!
//! [`system`] speaks for the system's package manager, [`browser`] finds browsers, [`rust`] asks rustup, [`programs`] has
//! Cargo install, [`npm`] has npm install, and [`oldest`] has the oldest Rust that the project promises.

pub(crate) mod browser;
pub(crate) mod npm;
pub(crate) mod oldest;
mod path;
pub(crate) mod programs;
pub(crate) mod rust;
pub(crate) mod system;
