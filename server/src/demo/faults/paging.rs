//! Wrong paging, which the API itself must produce.

/// Wrong paging: the one fault that the API itself must produce.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Paging {
    /// The most rows on a page.
    pub(crate) cap: Option<i64>,
    /// Serve all rows on each page.
    pub(crate) ignore: bool,
    /// Omit `totalPages`.
    pub(crate) neither: bool,
}
