//! The texts in English.

use super::{Key, Later};
use crate::core::failure::Cause;

pub(super) fn text(key: Key) -> &'static str {
    match key {
        Key::FilterLabel => "Filter restore tasks",
        Key::Status => "Status",
        Key::StatusIs => "Status: {value}",
        Key::StatusAny => "any",
        Key::TimeRange => "Time range",
        Key::TimeRangeIs => "Time range: {value}",
        Key::RangeHour => "Last hour",
        Key::RangeDay => "Last 24 hours",
        Key::RangeWeek => "Last 7 days",
        Key::RangeMonth => "Last 30 days",
        Key::RangeQuarter => "Last 90 days",
        Key::RangeAll => "All time",
        Key::RangeCustom => "Custom",
        Key::ZoneNote => "Times are in {zone}",
        Key::Refresh => "Refresh",
        Key::Pause => "Pause",
        Key::Resume => "Resume",
        Key::Columns => "Columns",
        Key::Density => "Density",
        Key::Comfortable => "Comfortable",
        Key::Compact => "Compact",
        Key::Export => "Export",
        Key::Caption => "Restore tasks",
        Key::TableRegion => "Restore tasks, scrollable",
        Key::ColId => "ID",
        Key::ColBackupMode => "Method",
        Key::ColBackupClusterName => "Source cluster",
        Key::ColBackupTenantName => "Source tenant",
        Key::ColRestoreClusterName => "Target cluster",
        Key::ColRestoreTenantName => "Target tenant",
        Key::ColCreateTime => "Started",
        Key::ColFinishTime => "Finished",
        Key::ColRestoreEndTime => "Restore point",
        Key::ColErrorMsg => "Failure",
        Key::ColRestoreUri => "Backup directory",
        Key::ColRestorePoolListStr => "Resource pools",
        Key::ColOcpJobId => "OCP job",
        Key::ColBackupClusterId => "Source cluster ID",
        Key::ColBackupObClusterId => "Source OB cluster ID",
        Key::ColBackupTenantId => "Source tenant ID",
        Key::ColBackupObTenantId => "Source OB tenant ID",
        Key::ColRestoreClusterId => "Target cluster ID",
        Key::ColRestoreObClusterId => "Target OB cluster ID",
        Key::ColDuration => "Took",
        Key::ColRewind => "Rewind",
        Key::Completed => "Completed",
        Key::Failed => "Failed",
        Key::Running => "Running",
        Key::Unknown => "Unknown",
        Key::Physical => "Physical",
        Key::Logical => "Logical",
        Key::StageCreateTenant => "Creating tenant",
        Key::StageSysReplica => "Recovering system replicas",
        Key::StageUpgradePre => "Pre-upgrade check",
        Key::StageUpgradePost => "Post-upgrade check",
        Key::StageModifySchema => "Modifying schemas",
        Key::StageCreateUserPartitions => "Creating user partitions",
        Key::StageUserReplica => "Recovering user replicas",
        Key::StageRebuildIndex => "Rebuilding indexes",
        Key::StagePostCheck => "Checking indexes",
        Key::StagePre => "Setting configuration items",
        Key::StageCreateInitLs => "Creating baseline log streams",
        Key::StageConsistentScn => "Restoring to a consistent point",
        Key::StageQuickRestore => "Waiting for the quick restore",
        Key::StageWaitLs => "Restoring baseline log streams",
        Key::StageStandbyTenant => "Setting up the standby tenant",
        Key::StageUpgrade => "Upgrading the tenant",
        Key::StageWaitTenant => "Waiting for the tenant to be restored",
        Key::Pagination => "Pagination",
        Key::FirstPage => "First page",
        Key::PreviousPage => "Previous page",
        Key::NextPage => "Next page",
        Key::LastPage => "Last page",
        Key::PageNumber => "Page {n}",
        Key::RowsPerPage => "Rows per page",
        Key::All => "All",
        Key::Held => "{held} of {total} tasks",
        Key::HeldOnly => "{held} {held|task|tasks}",
        Key::Match => "{n} {n|matches|match}",
        Key::Loading => "Loading restore tasks…",
        Key::Empty => "No restore tasks in this range",
        Key::EmptyAll => "This cluster has no restore tasks",
        Key::ShowAll => "Show all time",
        Key::UpdatedAt => "updated {time}",
        Key::PausedNote => "paused",
        Key::SortedUp => "Sorted by {column}, ascending.",
        Key::SortedDown => "Sorted by {column}, descending.",
        Key::Unsorted => "In the server’s order.",
        Key::Shown => "{n} {n|task|tasks} in the view.",
        Key::Sentences => "{first} {second}",
        Key::LengthMillis => "{a} ms",
        Key::LengthTenths => "{a}.{b} s",
        Key::LengthSeconds => "{a} s",
        Key::LengthMinutes => "{a} m {bb} s",
        Key::LengthHours => "{a} h {bb} m",
        Key::LengthDays => "{a} d {b} h",
        Key::Help => "Help",
        Key::Later(later) => self::later(later),
        Key::Meaning(cause) => meaning(cause),
        Key::Check(cause) => check(cause),
    }
}

/// The texts that rows do not use. Separate, so that the first row need not load them.
#[inline(never)]
fn later(later: Later) -> &'static str {
    match later {
        Later::ErrConfig => "“{attribute}” cannot be used: {why}",
        Later::ErrNetwork => "OCP could not be reached. Check the network and the address.",
        Later::ErrTimeout => "OCP did not answer in time.",
        Later::ErrHttp => "OCP answered with HTTP {status}. Retry in a moment; its log has the rest.",
        Later::ErrBadRequest => "OCP refused the request (HTTP 400). Check the time range.",
        Later::ErrNotFound => "OCP does not know this cluster (HTTP 404). Check the cluster ID.",
        Later::ErrAuth => "The session has expired or nobody is signed in. Sign in to OCP, then retry.",
        Later::ErrPermission => {
            "No permission. The account needs “Read-only permission on cluster backup and recovery”."
        }
        Later::ErrRateLimit => "OCP is limiting requests. Wait a moment, then retry.",
        Later::ErrApi => "OCP reported an error.",
        Later::ErrDecode => "The answer is not the restore-task list that OCP documents. Check the address.",
        Later::ErrTooLarge => "The answer is larger than 64 MiB and was not read to its end.",
        Later::ErrRuntime => "The widget could not go on.",
        Later::TraceId => "Trace ID {id}",
        Later::WhyMissing => "it is missing",
        Later::WhyClusterId => "“{value}” is no whole number above 0",
        Later::WhyBaseUrl => "“{value}” is neither a relative nor an http(s) address",
        Later::WhyRange => "“{value}” is no range such as 7d or 2021-09-01/2021-09-30",
        Later::WhyRangeOrder => "the start of “{value}” is after its end",
        Later::WhyNumber => "“{value}” is no whole number from {min} to {max}",
        Later::WhyColumn => "“{value}” is no column",
        Later::WhyChoice => "“{value}” is none of {choices}",
        Later::WhyPage => "“{value}” is no page",
        Later::WhyKey => "“{value}” is no prefix of at most 64 letters, digits, “-”, “_” and “.”",
        Later::WhyZone => "“{value}” is no time zone that this browser knows",
        Later::WhyHeaders => "the function threw or its result cannot be used",
        Later::WhyTasks => "it is no array of tasks",
        Later::NoField => "“{word}” is no field; it is searched as text.",
        Later::BadToken => "“{token}” cannot be read and is left out.",
        Later::BadIds => "Rows without a valid ID: {n}",
        Later::BadRows => "Rows that could not be read: {n}",
        Later::DetailsOf => "Restore {id}",
        Later::DetailsNoId => "Restore",
        Later::Close => "Close",
        Later::WhatFailed => "What failed",
        Later::More => "More",
        Later::Copy => "Copy",
        Later::Copied => "Copied",
        Later::CopyFailed => "Copying was refused by the browser",
        Later::ListChanged => "The list changed while it was read, and was read again.",
        Later::NotProven => "The list kept changing while it was read; some tasks may be missing.",
        Later::MaxRows => {
            "Stopped at {max} {max|task|tasks}; {missing} more {missing|is|are} not here. Narrow the time range to see {missing|it|them}."
        }
        Later::Oversent => "The server sent more tasks than were asked for.",
        Later::Partial => "Only part of the range is here, so order and filter speak for that part.",
        Later::FetchRest => "Fetch the rest",
        Later::Progress => "Fetching the whole range: {held} of {total}",
        Later::ProgressOnly => "Fetching the whole range: {held} so far",
        Later::Cancel => "Cancel",
        Later::Retry => "Retry",
        Later::Retrying => "Trying again…",
        Later::StaleNote => "What is shown is from {time}.",
        Later::StaleMinutes => "What is shown is from {time}, {m} min ago.",
        Later::StaleHours => "What is shown is from {time}, {h} h {m} min ago.",
        Later::Stale => "out of date",
        Later::New => "{n} new",
        Later::NewWait => "New tasks wait to be shown.",
        Later::PageOf => "Page {n} of {total}.",
        Later::Refreshed => "Refreshed.",
        Later::PauseOn => "Automatic refresh is paused.",
        Later::PauseOff => "Automatic refresh goes on.",
        Later::RangeFrom => "From",
        Later::RangeTo => "To",
        Later::RangeOrder => "The start is after the end",
        Later::RangeUnread => "This is no whole date and time; the bound before still holds",
        Later::EmptyFilter => "No restore task passes the filter",
        Later::ClearFilter => "Clear the filter",
        Later::MatchSoFar => "{n} {n|matches|match} so far",
        Later::Overview => "Overview of the range",
        Later::Summarize => "Summarize {n|the|all} {n} {n|task|tasks}",
        Later::SummarizeAll => "Summarize the whole range",
        Later::Summarizing => "The summary follows when the whole range is here",
        Later::Nothing => "Nothing to summarize",
        Later::BarsHelp => {
            "Tasks over time. Arrow keys walk through them, Shift picks several, Enter narrows the time range to them"
        }
        Later::BarTitle => {
            "{when}: {n} in all, {succeeded} completed, {failed} failed, {running} running, {unknown} unknown"
        }
        Later::Span => "{from} – {to}",
        Later::RateLabel => "succeeded",
        Later::MedianLabel => "median",
        Later::P95Label => "95th percentile",
        Later::RunningLabel => "running, longest {length}",
        Later::RunningNone => "running",
        Later::OverdueLabel => "overdue",
        Later::OutsideLabel => "not in the chart",
        Later::OfLabel => "of {total} {total|task|tasks}",
        Later::Percent => "{n} %",
        Later::CsvRedacted => "CSV without addresses",
        Later::JsonRedacted => "JSON without addresses",
        Later::Paper => {
            "Cluster {cluster}. Range: {range}. Filter: {filter}. Order: {order}. {held} of {total} {total|task was|tasks were} here, {shown} {shown|passes|pass} the filter; this page begins with number {first}. Fetched {fetched}; times in {zone}. Trace ID of OCP’s last answer: {trace}."
        }
        Later::PaperNone => "none",
        Later::CheckFirst => "First step",
        Later::Server => "Server",
        Later::CopyReport => "Copy report",
        Later::CopyLogSearch => "Copy log search",
        Later::ReportLine => "{name}: {value}",
        Later::ReportCluster => "Cluster ID",
        Later::ReportMessage => "Message",
        Later::PoolsLeft => "Pools it may have left behind",
        Later::PoolsAction => "Resource pools…",
        Later::Breakdown => "Breakdown",
        Later::FacetTenant => "Tenant, source or target",
        Later::Stages => "Stages",
        Later::StageDone => "{stage}: done",
        Later::StageNow => "{stage}: now",
        Later::StageNowSince => "{stage}: now, {time} since the start",
        Later::StageToCome => "{stage}: to come",
        Later::Overdue => {
            "Overdue: of {n} {n|restore|restores} into this tenant that succeeded, half took at most {p50} and 95 in 100 at most {p95}"
        }
        Later::FailedFast => "Failed within {n} s",
        Later::FailedAgain => "An earlier attempt failed with the same error",
        Later::IsSource => "This cluster is the source",
        Later::IsTarget => "This cluster is the target",
        Later::IsBoth => "This cluster is both source and target",
        Later::PointAhead => "The restore point lies after the start",
        Later::ChainSucceeded => "{failed} of {n} attempts failed, the last one succeeded",
        Later::ChainFailed => "{failed} of {n} attempts failed, the last one among them",
        Later::ChainAllFailed => "Each of the {n} attempts failed",
        Later::ChainAllSucceeded => "Each of the {n} attempts succeeded",
        Later::ChainRunning => "{failed} of {n} attempts failed, the last one is running",
        Later::ChainUnknown => "{failed} of {n} attempts failed, how the last one went is unknown",
        Later::ChainPartial => "As far as the range is here: there may be more attempts.",
        Later::AttemptsLeftOut => "Attempts not shown: {n}",
        Later::Since => "since {from}",
        Later::Until => "until {to}",
        Later::TimeZone => "Time zone",
        Later::ZoneBrowser => "This browser ({zone})",
        Later::ZoneServer => "The server ({zone})",
        Later::ZoneOther => "Others",
        Later::KeySearch => "Go to the filter",
        Later::KeyPause => "Hold automatic refresh, or go on",
        Later::KeyHelp => "Show this help",
        Later::KeyWalk => "Walk through the rows",
        Later::KeyEnds => "Go to the first or the last row of the page",
        Later::KeyOpen => "Open the details of the row",
        Later::KeyClose => "Close what is open",
        Later::HelpRange => {
            "Order, filter and numbers speak for the whole time range: what is missing of it is fetched first. The tick at the bottom stands once every task of the range is here."
        }
        Later::HelpKeys => "Keyboard",
        Later::HelpWhere => {
            "Single letters and signs work while the focus is in this table or its toolbar and nothing is being typed."
        }
        Later::HelpFilter => "Filter",
        Later::HelpSyntax => {
            "All words and fields must hold. Commas mean either, a leading “-” excludes, quotes keep spaces and commas together. Words are looked for in every column, times and durations aside; those have fields of their own."
        }
        Later::Suggestions => "Suggestions",
        Later::SuggestionCount => "{n} {n|suggestion|suggestions}, arrow keys choose.",
        Later::FieldStatus => "Outcome or status",
        Later::FieldTenant => "Source or target tenant",
        Later::FieldCluster => "Source or target cluster",
        Later::FieldMode => "Backup mode",
        Later::FieldError => "Error name or code",
        Later::FieldCreated => "Day it started",
        Later::FieldFinished => "Day it ended",
        Later::FieldDuration => "How long it took",
        Later::FieldRewind => "How far it went back",
        Later::FieldId => "ID of the task",
        Later::FieldJob => "ID of the OCP job",
        Later::FieldUri => "Part of the backup directory",
        Later::FieldPool => "Resource pool",
        Later::ExampleDay => "that day",
        Later::ExampleAfter => "after that day",
        Later::ExampleBefore => "before that day",
        Later::ExampleDays => "both days included",
        Later::ExampleLonger => "longer than that",
        Later::ExampleShorter => "shorter than that",
        Later::ExampleLengths => "from one to the other",
        Later::FilterParts => "Parts of the filter",
        Later::RemoveToken => "Remove {token}",
        Later::TakesStatus => {
            "status: takes succeeded, failed, running, unknown or a status such as RESTORE_FAIL, several with commas."
        }
        Later::TakesDay => "{field}: takes a day such as 2021-09-01, >2021-09-01 or 2021-09-01..2021-09-30.",
        Later::TakesLength => "{field}: takes a length of time such as >10m, <90s or 1h..2d.",
        Later::TakesNumber => "{field}: takes a whole number such as 4, several with commas.",
        Later::TakesText => "{field}: takes a part of the text; quotes keep spaces and commas.",
        Later::Views => "Views",
        Later::ViewsNone => "No saved views yet",
        Later::ViewsFull => "There are {n} views already. Delete one first.",
        Later::ViewSave => "Save this view…",
        Later::ViewName => "Name",
        Later::ViewKeep => "Save",
        Later::ViewReplace => "Replace",
        Later::ViewReplaces => "A view of this name exists and will be replaced",
        Later::ViewDelete => "Delete view {name}",
        Later::ViewLink => "Copy link",
        Later::ViewReset => "Reset view",
        Later::ViewSaved => "View “{name}” saved",
        Later::ViewReplaced => "View “{name}” replaced",
        Later::ViewDeleted => "View “{name}” deleted",
        Later::ViewNotKept => "This browser did not keep it: its storage is blocked or full",
        Later::LinkCopied => "Link copied",
        Later::WhyStorageKey => "“{value}” is no name of at most 64 letters, digits, “-”, “_” and “.”",
        Later::ColumnUp => "Move {column} up",
        Later::ColumnDown => "Move {column} down",
        Later::ColumnNarrower => "Make {column} narrower",
        Later::ColumnWider => "Make {column} wider",
        Later::PinFirst => "Keep the first column in sight",
        Later::ResetColumns => "Reset columns",
        Later::ColumnMoved => "{column} is now column {n} of {total}",
        Later::ColumnSized => "{column} is now {n} pixels wide",
        Later::ColumnUsual => "{column} has its usual width",
        Later::ColumnsReset => "The columns are reset",
        Later::KeySize => "On a header: make its column narrower or wider; Shift and Home, as usual",
        Later::KeyMove => "In the columns menu: move a column",
    }
}

/// What a cause means. Separate, since only the details of a failed task use it.
#[inline(never)]
fn meaning(cause: Cause) -> &'static str {
    match cause {
        Cause::Missing => {
            "Something that the restore looked for is not there, in the backup or in the cluster."
        }
        Cause::LogGap => "The archived logs are not continuous up to the restore point.",
        Cause::Storage => "The backup storage could not be reached, or answered with an error.",
        Cause::Permission => "The server is not allowed to access the backup storage.",
        Cause::Destination => "The address of the backup is not valid, or belongs to another backup.",
        Cause::Decryption => "The backup could not be decrypted.",
        Cause::Pool => {
            "The resource pools cannot take the tenant: one is missing, in use, or larger than what is free."
        }
        Cause::TenantExists => "A tenant of this name exists already, or is being restored.",
        Cause::Exhausted => "A server or the tenant ran out of memory or disk space.",
        Cause::Io => "A read or write failed on the server.",
        Cause::Timeout => "An operation did not finish in time.",
        Cause::Corrupt => "Data did not match their checksum or were not valid.",
        Cause::Unsupported => "The target cluster does not support or allow this restore.",
        Cause::Unavailable => {
            "A server was busy, could not be reached, or was not the leader at that moment."
        }
        Cause::Internal => "OceanBase reports an internal error, which says nothing of the reason.",
    }
}

/// What to check first.
#[inline(never)]
fn check(cause: Cause) -> &'static str {
    match cause {
        Cause::Missing => {
            "Check that the restore point lies in the restorable window, and that the backup’s files are still in place."
        }
        Cause::LogGap => "Check whether log archiving was interrupted or its logs were recycled.",
        Cause::Storage => {
            "Check the network, the NFS mount on every OBServer node, and errors or limits on the storage’s side."
        }
        Cause::Permission => "Check the rights of the access key, or those of the mounted directory.",
        Cause::Destination => {
            "Check the backup directory, the endpoint and the region, and that the directory is that of this tenant."
        }
        Cause::Decryption => {
            "Check the password given for the backup, and the settings of the key management."
        }
        Cause::Pool => "Check the pool list of the restore, and the free resources and servers of each zone.",
        Cause::TenantExists => "Choose another name for the target tenant.",
        Cause::Exhausted => {
            "Check the memory of the tenant, and the free space on the data and log disks of the server."
        }
        Cause::Io => "Check the disks and mounts of the server, and its system log.",
        Cause::Timeout => {
            "Check the load of the server, of the network and of the backup storage, then restore again."
        }
        Cause::Corrupt => "Check the backup and the disks for damage; an earlier backup may be whole.",
        Cause::Unsupported => {
            "Check the versions: a backup can’t be restored to an older version, nor one of 2.x or 3.x to 4.x."
        }
        Cause::Unavailable => "Check that all servers are alive and have leaders, then restore again.",
        Cause::Internal => {
            "Look in the server’s logs of that time for warnings and errors, by the trace ID where there is one."
        }
    }
}
