//! What a restore task is: its columns, its status, outcome and stage, and why it failed. Imports no other room of
//! the core.

pub mod column;
pub mod failure;
pub mod stage;
pub mod task;
