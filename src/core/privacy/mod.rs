//! What must not leave the widget, or must leave it only in part. Imports no other room of the core.

pub mod excerpt;
pub mod mask;
pub mod redact;
