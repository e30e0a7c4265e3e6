//! The texts that a person reads, in each language.
//!
//! A text is named by a [`Key`]; each language answers every key, which the compiler checks. Values stand in
//! braces and are put in by [`fill`], never by joining fragments, so that every language keeps its own order.

mod en;
mod ja;
mod zh_cn;

/// The languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
    /// Japanese.
    Ja,
}

impl Lang {
    /// The language for a BCP 47 tag; anything that is neither Chinese (simplified) nor Japanese is English.
    pub fn from_tag(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        match tag.as_str() {
            "zh" | "zh-cn" | "zh-sg" => Self::ZhCn,
            _ if tag == "zh-hans" || tag.starts_with("zh-hans-") || tag.starts_with("zh-cn-") => Self::ZhCn,
            _ if tag == "ja" || tag.starts_with("ja-") => Self::Ja,
            _ => Self::En,
        }
    }

    /// The tag that stands in `lang` and in `Accept-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
            Self::Ja => "ja",
        }
    }
}

/// The names of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is said by its English text")]
pub enum Key {
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
    RangeFrom,
    RangeTo,
    ZoneNote,
    RangeOrder,
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
    MatchSoFar,
    Loading,
    Progress,
    ProgressOnly,
    Cancel,
    Partial,
    FetchRest,
    ListChanged,
    NotProven,
    MaxRows,
    Oversent,
    Empty,
    EmptyAll,
    EmptyFilter,
    ClearFilter,
    ShowAll,
    Retry,
    Retrying,
    StaleNote,
    StaleAgo,
    AgeMinutes,
    AgeHours,
    Stale,
    New,
    NewWait,
    UpdatedAt,
    PausedNote,
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
    PoolsLeft,
    PoolsAction,
    More,
    Copy,
    Copied,
    CopyFailed,
    SortedBy,
    Ascending,
    Descending,
    Unsorted,
    Shown,
}

/// The text of a key.
pub fn text(lang: Lang, key: Key) -> &'static str {
    match lang {
        Lang::En => en::text(key),
        Lang::ZhCn => zh_cn::text(key),
        Lang::Ja => ja::text(key),
    }
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
        let held = fill(Lang::En, Key::Held, &[("held", "{total}"), ("total", "1,240")]);
        assert_eq!(held, "{total} of 1,240 tasks");
    }

    #[test]
    fn tags_lead_to_languages() {
        for (tag, lang) in [
            ("zh", Lang::ZhCn),
            ("zh-CN", Lang::ZhCn),
            ("zh-Hans-SG", Lang::ZhCn),
            ("zh-TW", Lang::En),
            ("ja-JP", Lang::Ja),
            ("de", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::from_tag(tag), lang, "{tag}");
        }
    }
}
