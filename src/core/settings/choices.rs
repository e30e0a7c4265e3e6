//! Attributes that take one of several words.

/// Which requests carry cookies, as in `fetch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "named as in fetch")]
pub enum Credentials {
    #[default]
    SameOrigin,
    Omit,
    Include,
}

impl Credentials {
    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::Omit => "omit",
            Self::Include => "include",
        }
    }
}

/// The colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The row height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
}

impl Density {
    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }
}

/// The strip above the table, and what is fetched for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverviewMode {
    /// Filled if the whole range is held anyway. Otherwise it offers to fetch the rest.
    #[default]
    Auto,
    /// The whole range is fetched for it.
    On,
    /// There is no strip.
    Off,
}
