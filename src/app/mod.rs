//! Connects state, services and views: the [store](Store) runs the effects that actions ask for, and the
//! component renders the store. Also the Yew component for hosts that are written in Yew. Knows nothing of
//! the custom element. May import `services`, `view` and the core.

mod component;
mod exports;
mod host;
mod mount;
mod notice;
mod render;
mod storage;
mod store;

pub use component::{RestoreTasks, RestoreTasksProps};
pub use host::{HostEvent, HostPress, RowAction};
pub use mount::{Mount, MountKind};
pub use notice::{Host, Notice};
pub use render::{App, AppProps, Stage, StageProps};
pub use store::Store;
