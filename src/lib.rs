//! Restore tasks of an OceanBase cluster, as OceanBase Cloud Platform (OCP) lists them, in a table that sorts
//! and filters the whole range.
//!
//! * [`core`] is the widget without the browser: pure, and tested natively.

pub mod core;
