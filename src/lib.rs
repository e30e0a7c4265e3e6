//! Restore tasks of an OceanBase cluster, as OceanBase Cloud Platform (OCP) lists them, in a table that sorts
//! and filters the whole range.
//!
//! * [`core`] is the widget without the browser: pure, and tested natively.
//! * `view` renders a state: values in, callbacks out.
//! * `services` wrap what the browser offers: requests, `Intl`, the clipboard, the clock.
//! * `app` connects them, and contains the `RestoreTasks` component for Yew hosts.
//! * `embed` is the inside of the `<ob-restore-tasks>` element: what `static/element.js` calls.
//!
//! The core alone can interpret what OCP sends:
//!
//! ```
//! use ob_restore_tasks::core::domain::{failure, task::{Outcome, outcome}};
//!
//! assert_eq!(outcome("RESTORE_FAIL", None, None), Outcome::Failed);
//! let failure = failure::read("CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"10.0.0.1:2882\"");
//! assert_eq!((failure.name, failure.code), (Some("OB_ENTRY_NOT_EXIST"), Some(-4018)));
//! ```
//!
//! A Yew host uses the component directly, with `default-features = false, features = ["web"]`. Its props are
//! the element's attributes in `docs/api.md`; `docs/embedding.md` shows a whole page:
//!
//! ```
//! # #[cfg(feature = "web")] {
//! use ob_restore_tasks::RestoreTasks;
//! use yew::prelude::*;
//!
//! #[component]
//! fn Page() -> Html {
//!     html! { <RestoreTasks cluster_id={1_000_005} range="30d" sort="-createTime" /> }
//! }
//! # }
//! ```

pub mod core;

#[cfg(feature = "web")]
pub mod app;
#[cfg(feature = "element")]
pub mod embed;
#[cfg(feature = "web")]
pub mod services;
#[cfg(any(feature = "web", feature = "ssr"))]
pub mod view;

#[cfg(feature = "web")]
pub use app::{HostEvent, HostPress, RestoreTasks, RowAction};
