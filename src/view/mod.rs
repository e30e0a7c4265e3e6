//! The Yew components: they show a state and report what a person does through callbacks. No view calls the
//! browser for data or knows where the tasks come from. May import the core, and nothing else.

mod announcer;
mod context;
mod details;
mod dom;
mod help;
mod icon;
mod live;
mod menu;
mod notice;
mod overview;
mod pager;
mod paper;
mod phrases;
mod table;
mod toolbar;
mod widget;

pub use announcer::Announcer;
pub use context::{FacetsBasis, Local, Send};
pub use dom::is_read;
pub use menu::Menu;
pub use overview::words::{OverviewWords, words as overview_words};
pub use table::row::row_view;
pub use widget::widget;
