//! The texts that a person reads, in each language.
//!
//! A text is identified by a [`Key`]. Each language has a text for every key, which the compiler checks.
//! Values stand in braces and are inserted by [`fill`]. Texts are never joined from fragments, so each
//! language keeps its own word order. Whole sentences are joined by [`Key::Sentences`].
//!
//! A word that depends on a number is written `{n|task|tasks}`: the first form if the value of `n` is 1,
//! otherwise the second. That is enough for English. Chinese and Japanese have one form, and so may the
//! host's texts.

mod en;
mod ja;
mod zh_cn;

use crate::core::failure::Cause;

/// The languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
    /// Japanese.
    Ja,
}

/// A language, and the host's own texts for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lang {
    /// The language.
    pub tongue: Tongue,
    own: Option<Own>,
}

/// The host's own texts. They are never freed: a page has few sets of them, and every view refers to one.
#[derive(Debug, Clone, Copy)]
pub struct Own(&'static [(Key, String)]);

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Own {}

impl Own {
    /// Takes the host's texts by their keys' names in lower camel case (`filterLabel`). The memory is
    /// leaked, so the caller must not pass the same texts again and again. The error is the first unknown
    /// name.
    pub fn new(texts: Vec<(String, String)>) -> Result<Self, String> {
        let mut own = Vec::with_capacity(texts.len());
        for (name, text) in texts {
            match Key::named(&name) {
                Some(key) => own.push((key, text)),
                None => return Err(name),
            }
        }
        Ok(Self(Vec::leak(own)))
    }
}

impl Lang {
    /// English.
    pub const EN: Self = Self::of(Tongue::En);
    /// Simplified Chinese.
    pub const ZH_CN: Self = Self::of(Tongue::ZhCn);
    /// Japanese.
    pub const JA: Self = Self::of(Tongue::Ja);

    const fn of(tongue: Tongue) -> Self {
        Self { tongue, own: None }
    }

    /// The language of a BCP 47 tag. Everything but Simplified Chinese and Japanese gives English.
    pub fn from_tag(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        match tag.as_str() {
            "zh" | "zh-cn" | "zh-sg" => Self::ZH_CN,
            _ if tag == "zh-hans" || tag.starts_with("zh-hans-") || tag.starts_with("zh-cn-") => Self::ZH_CN,
            _ if tag == "ja" || tag.starts_with("ja-") => Self::JA,
            _ => Self::EN,
        }
    }

    /// The same language with the host's own texts.
    pub fn with(self, own: Option<Own>) -> Self {
        Self { own, ..self }
    }

    /// The tag for `lang` and `Accept-Language`.
    pub fn tag(self) -> &'static str {
        match self.tongue {
            Tongue::En => "en",
            Tongue::ZhCn => "zh-CN",
            Tongue::Ja => "ja",
        }
    }
}

macro_rules! keys {
    ($(#[$doc:meta])* $keys:ident: $($name:ident,)* $(+ $of:ident($what:ty),)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is said by its English text")]
        pub enum $keys { $($name,)* $($of($what),)* }

        impl $keys {
            /// All keys without a value in them, with their names.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, stringify!($name))),*];
        }
    };
}

keys! {
    /// The keys of the texts.
    Key:
    FilterLabel,
    Status,
    StatusIs,
    StatusAny,
    TimeRange,
    TimeRangeIs,
    RangeHour,
    RangeDay,
    RangeWeek,
    RangeMonth,
    RangeQuarter,
    RangeAll,
    RangeCustom,
    ZoneNote,
    Refresh,
    Pause,
    Resume,
    Columns,
    Density,
    Comfortable,
    Compact,
    Export,
    Caption,
    TableRegion,
    ColId,
    ColBackupMode,
    ColBackupClusterName,
    ColBackupTenantName,
    ColRestoreClusterName,
    ColRestoreTenantName,
    ColCreateTime,
    ColFinishTime,
    ColRestoreEndTime,
    ColErrorMsg,
    ColRestoreUri,
    ColRestorePoolListStr,
    ColOcpJobId,
    ColBackupClusterId,
    ColBackupObClusterId,
    ColBackupTenantId,
    ColBackupObTenantId,
    ColRestoreClusterId,
    ColRestoreObClusterId,
    ColDuration,
    ColRewind,
    Completed,
    Failed,
    Running,
    Unknown,
    Physical,
    Logical,
    StageCreateTenant,
    StageSysReplica,
    StageUpgradePre,
    StageUpgradePost,
    StageModifySchema,
    StageCreateUserPartitions,
    StageUserReplica,
    StageRebuildIndex,
    StagePostCheck,
    StagePre,
    StageCreateInitLs,
    StageConsistentScn,
    StageQuickRestore,
    StageWaitLs,
    StageStandbyTenant,
    StageUpgrade,
    StageWaitTenant,
    Pagination,
    FirstPage,
    PreviousPage,
    NextPage,
    LastPage,
    PageNumber,
    RowsPerPage,
    All,
    Held,
    HeldOnly,
    Match,
    Loading,
    Empty,
    EmptyAll,
    ShowAll,
    UpdatedAt,
    PausedNote,
    SortedUp,
    SortedDown,
    Unsorted,
    Shown,
    Sentences,
    LengthMillis,
    LengthTenths,
    LengthSeconds,
    LengthMinutes,
    LengthHours,
    LengthDays,
    Help,
    + Later(Later),
    + Meaning(Cause),
    + Check(Cause),
}

keys! {
    /// The keys of the texts that the first row does not need. Separate, so that those texts can load
    /// later.
    Later:
    Stages,
    StageDone,
    StageNow,
    StageNowSince,
    StageToCome,
    Overdue,
    FailedFast,
    FailedAgain,
    IsSource,
    IsTarget,
    IsBoth,
    PointAhead,
    ChainSucceeded,
    ChainFailed,
    ChainAllFailed,
    ChainAllSucceeded,
    ChainRunning,
    ChainUnknown,
    ChainPartial,
    AttemptsLeftOut,
    ErrConfig,
    ErrNetwork,
    ErrTimeout,
    ErrHttp,
    ErrBadRequest,
    ErrNotFound,
    ErrAuth,
    ErrPermission,
    ErrRateLimit,
    ErrApi,
    ErrDecode,
    ErrTooLarge,
    ErrRuntime,
    TraceId,
    WhyMissing,
    WhyClusterId,
    WhyBaseUrl,
    WhyRange,
    WhyRangeOrder,
    WhyNumber,
    WhyColumn,
    WhyChoice,
    WhyPage,
    WhyKey,
    WhyZone,
    WhyHeaders,
    WhyTasks,
    NoField,
    BadToken,
    BadIds,
    BadRows,
    DetailsOf,
    DetailsNoId,
    Close,
    WhatFailed,
    More,
    Copy,
    Copied,
    CopyFailed,
    ListChanged,
    NotProven,
    MaxRows,
    Oversent,
    Partial,
    FetchRest,
    Progress,
    ProgressOnly,
    Cancel,
    Retry,
    Retrying,
    StaleNote,
    StaleMinutes,
    StaleHours,
    Stale,
    New,
    NewWait,
    PageOf,
    Refreshed,
    PauseOn,
    PauseOff,
    RangeFrom,
    RangeTo,
    RangeOrder,
    RangeUnread,
    EmptyFilter,
    ClearFilter,
    MatchSoFar,
    Overview,
    Summarize,
    SummarizeAll,
    Summarizing,
    Nothing,
    BarsHelp,
    BarTitle,
    Span,
    RateLabel,
    MedianLabel,
    P95Label,
    RunningLabel,
    RunningNone,
    OverdueLabel,
    OutsideLabel,
    OfLabel,
    Percent,
    CsvRedacted,
    JsonRedacted,
    Paper,
    PaperNone,
    CheckFirst,
    Server,
    CopyReport,
    CopyLogSearch,
    ReportLine,
    ReportCluster,
    ReportMessage,
    PoolsLeft,
    PoolsAction,
    Breakdown,
    FacetTenant,
    Since,
    Until,
    TimeZone,
    ZoneBrowser,
    ZoneServer,
    ZoneOther,
    KeySearch,
    KeyPause,
    KeyHelp,
    KeyWalk,
    KeyEnds,
    KeyOpen,
    KeyClose,
    HelpRange,
    HelpKeys,
    HelpWhere,
    HelpFilter,
    HelpSyntax,
    Suggestions,
    SuggestionCount,
    FieldStatus,
    FieldTenant,
    FieldCluster,
    FieldMode,
    FieldError,
    FieldCreated,
    FieldFinished,
    FieldDuration,
    FieldRewind,
    FieldId,
    FieldJob,
    FieldUri,
    FieldPool,
    ExampleDay,
    ExampleAfter,
    ExampleBefore,
    ExampleDays,
    ExampleLonger,
    ExampleShorter,
    ExampleLengths,
    FilterParts,
    RemoveToken,
    TakesStatus,
    TakesDay,
    TakesLength,
    TakesNumber,
    TakesText,
    Views,
    ViewsNone,
    ViewsFull,
    ViewSave,
    ViewName,
    ViewKeep,
    ViewReplace,
    ViewReplaces,
    ViewDelete,
    ViewLink,
    ViewReset,
    ViewSaved,
    ViewReplaced,
    ViewDeleted,
    ViewNotKept,
    LinkCopied,
    WhyStorageKey,
    ColumnUp,
    ColumnDown,
    ColumnNarrower,
    ColumnWider,
    PinFirst,
    ResetColumns,
    ColumnMoved,
    ColumnSized,
    ColumnUsual,
    ColumnsReset,
    KeySize,
    KeyMove,
}

impl Key {
    /// The key with this name in lower camel case, as in JavaScript.
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |own: &str| {
            let (first, rest) = own.split_at(1);
            name.strip_prefix(first.to_ascii_lowercase().as_str()) == Some(rest)
        };
        let of_cause = |prefix| {
            let name = name.strip_prefix(prefix)?;
            Cause::ALL.into_iter().find(|cause| cause.name() == name)
        };
        Self::ALL
            .iter()
            .find(|(_, own)| is_named(own))
            .map(|(key, _)| *key)
            .or_else(|| {
                let later = Later::ALL.iter().find(|(_, own)| is_named(own));
                later.map(|(later, _)| Self::Later(*later))
            })
            .or_else(|| of_cause("meaning").map(Self::Meaning))
            .or_else(|| of_cause("check").map(Self::Check))
    }
}

/// The text of a key: the host's own, otherwise the language's.
pub fn text(lang: Lang, key: Key) -> &'static str {
    if let Some(text) = lang.own.and_then(|own| of_host(own, key)) {
        return text;
    }
    match lang.tongue {
        Tongue::En => en::text(key),
        Tongue::ZhCn => zh_cn::text(key),
        Tongue::Ja => ja::text(key),
    }
}

/// The host's own text. Separate, since few hosts have any.
#[inline(never)]
fn of_host(Own(texts): Own, key: Key) -> Option<&'static str> {
    let text = texts.iter().find(|(own, _)| *own == key);
    text.map(|(_, text)| text.as_str())
}

/// The text of a key, with `values` inserted for their names in braces.
pub fn fill(lang: Lang, key: Key, values: &[(&str, &str)]) -> String {
    let mut rest = text(lang, key);
    let mut out = String::with_capacity(rest.len() + 16);
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = tail.find('}') else { break };
        let (name, forms) = tail[1..close]
            .split_once('|')
            .map_or((&tail[1..close], None), |(name, forms)| (name, Some(forms)));
        let value = values.iter().find(|(given, _)| *given == name);
        let value = value.map_or("", |(_, value)| value);
        out.push_str(forms.map_or(value, |forms| form(value, forms)));
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The form of a word for a number.
fn form<'a>(number: &str, forms: &'a str) -> &'a str {
    let (one, more) = forms.split_once('|').unwrap_or((forms, forms));
    if number == "1" { one } else { more }
}

#[cfg(test)]
mod tests;
