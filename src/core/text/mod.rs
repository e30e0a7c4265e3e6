//! The texts that a person reads, in each language.
//!
//! A text is named by a [`Key`]; each language answers every key, which the compiler checks. Values stand in
//! braces and are put in by [`fill`], never by joining fragments, so that every language keeps its own order.

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

/// A language, and what the host would rather say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lang {
    /// The language.
    pub tongue: Tongue,
    own: Option<Own>,
}

/// Texts of the host's, which last as long as the page: a page has few sets of them, and every view holds on to one.
#[derive(Debug, Clone, Copy)]
pub struct Own(&'static [(Key, String)]);

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Own {}

impl Own {
    /// Takes texts by the names of their keys as the host writes them (`filterLabel`); whoever calls sees to it that
    /// the same texts do not come again and again. The name that is none is given back.
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

    /// The language for a BCP 47 tag; anything that is neither Chinese (simplified) nor Japanese is English.
    pub fn from_tag(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        match tag.as_str() {
            "zh" | "zh-cn" | "zh-sg" => Self::ZH_CN,
            _ if tag == "zh-hans" || tag.starts_with("zh-hans-") || tag.starts_with("zh-cn-") => Self::ZH_CN,
            _ if tag == "ja" || tag.starts_with("ja-") => Self::JA,
            _ => Self::EN,
        }
    }

    /// The same language with texts of the host's.
    pub fn with(self, own: Option<Own>) -> Self {
        Self { own, ..self }
    }

    /// The tag that stands in `lang` and in `Accept-Language`.
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
            /// All that stand for themselves, each with its name.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, stringify!($name))),*];
        }
    };
}

keys! {
    /// The names of the texts.
    Key:
    FilterLabel,
    Status,
    StatusAny,
    TimeRange,
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
    /// The names of the texts that no first row needs: apart, so that they need not come with it.
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
    StaleAgo,
    AgeMinutes,
    AgeHours,
    Stale,
    New,
    NewWait,
    RangeFrom,
    RangeTo,
    RangeOrder,
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
    /// The key of a name that begins in lower case, as names in JavaScript do.
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

/// The text of a key.
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

/// Apart from the rest: few hosts have texts of their own.
#[inline(never)]
fn of_host(Own(texts): Own, key: Key) -> Option<&'static str> {
    let text = texts.iter().find(|(own, _)| *own == key);
    text.map(|(_, text)| text.as_str())
}

/// The text of a key with its values put in for their names in braces.
pub fn fill(lang: Lang, key: Key, values: &[(&str, &str)]) -> String {
    let mut rest = text(lang, key);
    let mut out = String::with_capacity(rest.len() + 16);
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = tail.find('}') else { break };
        let name = &tail[1..close];
        out.push_str(
            values
                .iter()
                .find(|(given, _)| *given == name)
                .map_or("", |(_, value)| value),
        );
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once() {
        let held = fill(Lang::EN, Key::Held, &[("held", "{total}"), ("total", "1,240")]);
        assert_eq!(held, "{total} of 1,240 tasks");
    }

    #[test]
    fn the_package_names_every_text_and_no_other() {
        let types = include_str!("../../../package/index.d.ts");
        let names = types
            .split("type MessageName =")
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let names: Vec<&str> = names.split('"').skip(1).step_by(2).collect();
        for name in &names {
            assert!(Key::named(name).is_some(), "{name} is the name of no text");
        }
        let known = Key::ALL.len() + Later::ALL.len() + 2 * Cause::ALL.len();
        assert_eq!(names.len(), known, "run over the names in package/index.d.ts");
    }

    /// The sources that say texts: all but the texts themselves and the tests.
    fn sources(dir: &std::path::Path, into: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("core/text") {
                    sources(&path, into);
                }
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.to_string_lossy().ends_with("_tests.rs")
            {
                let source = std::fs::read_to_string(path).unwrap();
                into.push_str(source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default());
            }
        }
    }

    #[test]
    fn every_text_is_said_somewhere() {
        let mut all = String::new();
        sources(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut all,
        );
        let is_said = |text: &str| {
            all.match_indices(text).any(|(at, _)| {
                let after = all[at + text.len()..].chars().next();
                !after.is_some_and(char::is_alphanumeric)
            })
        };
        let keys = Key::ALL.iter().map(|(_, name)| format!("Key::{name}"));
        let later = Later::ALL.iter().map(|(_, name)| format!("Later::{name}"));
        let unused: Vec<String> = keys.chain(later).filter(|text| !is_said(text)).collect();
        assert_eq!(unused, Vec::<String>::new());
    }

    #[test]
    fn every_language_takes_the_same_values_and_says_something_of_its_own() {
        let names = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
                .collect();
            names.sort();
            names
        };
        let keys = Key::ALL.iter().copied();
        let later = Later::ALL.iter().map(|(later, name)| (Key::Later(*later), *name));
        for (key, name) in keys.chain(later) {
            let english = text(Lang::EN, key);
            assert!(!english.trim().is_empty(), "{name}");
            for lang in [Lang::ZH_CN, Lang::JA] {
                let other = text(lang, key);
                assert_eq!(names(other), names(english), "{name}: {other}");
            }
        }
    }

    #[test]
    fn the_host_has_the_last_word() {
        let texts =
            [("shown", "{n} Stück"), ("err404", "x")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(Own::new(texts.to_vec()), Err("err404".to_owned()));
        let lang = Lang::JA.with(Own::new(texts[..1].to_vec()).ok());
        assert_eq!(fill(lang, Key::Shown, &[("n", "3")]), "3 Stück");
        assert_eq!(text(lang, Key::Failed), "失敗");
        assert_eq!(lang.tag(), "ja");
        assert_eq!(Key::named("filterLabel"), Some(Key::FilterLabel));
        assert_eq!(Key::named("checkLogGap"), Some(Key::Check(Cause::LogGap)));
        assert_eq!(Key::named("overdue"), Some(Key::Later(Later::Overdue)));
        for name in ["FilterLabel", "filterlabel", "", "__proto__"] {
            assert_eq!(Key::named(name), None, "{name}");
        }
    }

    #[test]
    fn tags_lead_to_languages() {
        for (tag, lang) in [
            ("zh", Lang::ZH_CN),
            ("zh-CN", Lang::ZH_CN),
            ("zh-Hans-SG", Lang::ZH_CN),
            ("zh-TW", Lang::EN),
            ("ja-JP", Lang::JA),
            ("de", Lang::EN),
            ("", Lang::EN),
        ] {
            assert_eq!(Lang::from_tag(tag), lang, "{tag}");
        }
    }
}
