//! What the properties share: how an input is split, and what no message may contain.

use ob_restore_tasks::core::domain::column::{IntField, TextField, TimeField};
use ob_restore_tasks::core::privacy::mask::mask;

/// The names of the API's fields, in the order of their types.
pub(crate) const INTS: [&str; IntField::COUNT] = [
    "id",
    "ocpJobId",
    "backupClusterId",
    "backupObClusterId",
    "backupTenantId",
    "backupObTenantId",
    "restoreClusterId",
    "restoreObClusterId",
];
pub(crate) const TEXTS: [&str; TextField::COUNT] = [
    "status",
    "statusDesc",
    "backupMode",
    "backupClusterName",
    "backupTenantName",
    "restoreClusterName",
    "restoreTenantName",
    "errorMsg",
    "restoreUri",
    "restorePoolListStr",
];
pub(crate) const TIMES: [&str; TimeField::COUNT] = ["createTime", "finishTime", "restoreEndTime"];

/// Splits the input into `N` lines, the last with all that is left; missing ones are empty. `None` if it is
/// not UTF-8.
pub(crate) fn lines<const N: usize>(data: &[u8]) -> Option<[&str; N]> {
    let mut lines = std::str::from_utf8(data).ok()?.splitn(N, '\n');
    Some(std::array::from_fn(|_| lines.next().unwrap_or_default()))
}

/// Checks that a message for a person contains no secret. Quotes around a value, escapes in it, stars, and
/// the dots where it is cut off do not count.
pub(crate) fn holds_no_secret(message: &str) {
    let bare = message.replace(['“', '”', '…', '*'], " ").replace("\\u{", " ");
    assert_eq!(mask(&bare), bare, "a secret in {message:?}");
}
