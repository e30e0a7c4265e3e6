//! The props of the table.

use std::rc::Rc;

use yew::prelude::*;

use super::row::RowView;
use crate::core::domain::column::Column;
use crate::core::i18n::Lang;
use crate::core::query::sort::Sort;
use crate::core::settings::attributes::Density;
use crate::core::settings::columns::ColumnLayout;
use crate::core::state::Press;

/// The props of [`Table`](super::Table).
#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// The columns and their widths. An id must never be cut off, because it would look like another id.
    pub layout: Rc<ColumnLayout>,
    /// Whether the first column is pinned.
    pub pinned: bool,
    /// Sets the width of a column; `None` until the lazy part of the module is loaded.
    pub on_width: Option<Callback<(Column, Option<u32>)>>,
    /// The column and direction of the order.
    pub sort: Option<Sort>,
    /// The language.
    pub lang: Lang,
    /// The time zone of the times.
    pub zone: AttrValue,
    /// The rows of the page; `None` while they are not loaded.
    pub rows: Option<Rc<Vec<u32>>>,
    /// Whether only the visible rows are rendered.
    pub virtual_rows: bool,
    /// The number of rows of the view before this page.
    pub first: u64,
    /// The number of rows of the view, if it is known.
    pub count: Option<u64>,
    /// Whether a request is running.
    pub busy: bool,
    /// The height of a row.
    pub density: Density,
    /// Returns the texts of a row.
    pub cells: Callback<u32, RowView>,
    /// Called when a header is pressed.
    pub on_press: Callback<Column>,
    /// Called when a row is pressed. Returns whether the default action goes on.
    pub on_open: Callback<(u32, Press), bool>,
}
