//! What leaves the widget: files and texts about tasks. May import every room of the core.

pub mod export;
pub mod task_text;
