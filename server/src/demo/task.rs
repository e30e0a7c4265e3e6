//! A restore task as it is stored, and its JSON: keys in alphabetical order, nulls omitted, integers that
//! JavaScript can't hold as strings. All as in OCP's documented sample.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::status::{Lang, describe};
use crate::http::clock::row_time;

/// The largest integer that a JavaScript number holds exactly; OCP writes larger ones as strings.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// One attempt to restore a tenant. Times are in milliseconds since the Unix epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Task {
    pub(super) id: i64,
    pub(super) ocp_job_id: i64,
    pub(super) backup_mode: String,
    pub(super) backup_cluster_id: i64,
    pub(super) backup_cluster_name: String,
    pub(super) backup_ob_cluster_id: i64,
    pub(super) backup_ob_tenant_id: i64,
    pub(super) backup_tenant_id: i64,
    pub(super) backup_tenant_name: String,
    pub(super) restore_cluster_id: i64,
    pub(super) restore_cluster_name: String,
    pub(super) restore_ob_cluster_id: i64,
    pub(super) restore_tenant_name: String,
    pub(super) restore_pool_list: String,
    pub(super) restore_uri: String,
    pub(super) create_ms: i64,
    pub(super) finish_ms: Option<i64>,
    pub(super) restore_end_ms: i64,
    pub(super) status: String,
    pub(super) error_msg: Option<String>,
    pub(super) finished: Option<bool>,
    pub(super) successful: Option<bool>,
}

/// An integer as OCP writes it.
struct Long(i64);

impl Serialize for Long {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if (-MAX_SAFE..=MAX_SAFE).contains(&self.0) {
            serializer.serialize_i64(self.0)
        } else {
            serializer.collect_str(&self.0)
        }
    }
}

/// A task with the language of its status name.
pub(super) struct Row<'a> {
    pub(super) task: &'a Task,
    pub(super) lang: Lang,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let t = self.task;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("backupClusterId", &Long(t.backup_cluster_id))?;
        map.serialize_entry("backupClusterName", &t.backup_cluster_name)?;
        map.serialize_entry("backupMode", &t.backup_mode)?;
        map.serialize_entry("backupObClusterId", &Long(t.backup_ob_cluster_id))?;
        map.serialize_entry("backupObTenantId", &Long(t.backup_ob_tenant_id))?;
        map.serialize_entry("backupTenantId", &Long(t.backup_tenant_id))?;
        map.serialize_entry("backupTenantName", &t.backup_tenant_name)?;
        map.serialize_entry("createTime", &row_time(t.create_ms))?;
        if let Some(message) = &t.error_msg {
            map.serialize_entry("errorMsg", message)?;
        }
        if let Some(ms) = t.finish_ms {
            map.serialize_entry("finishTime", &row_time(ms))?;
        }
        if let Some(finished) = t.finished {
            map.serialize_entry("finished", &finished)?;
        }
        map.serialize_entry("id", &Long(t.id))?;
        map.serialize_entry("ocpJobId", &Long(t.ocp_job_id))?;
        map.serialize_entry("restoreClusterId", &Long(t.restore_cluster_id))?;
        map.serialize_entry("restoreClusterName", &t.restore_cluster_name)?;
        map.serialize_entry("restoreEndTime", &row_time(t.restore_end_ms))?;
        map.serialize_entry("restoreObClusterId", &Long(t.restore_ob_cluster_id))?;
        map.serialize_entry("restorePoolListStr", &t.restore_pool_list)?;
        map.serialize_entry("restoreTenantName", &t.restore_tenant_name)?;
        map.serialize_entry("restoreUri", &t.restore_uri)?;
        map.serialize_entry("status", &t.status)?;
        if let Some(worded) = describe(&t.status, self.lang) {
            map.serialize_entry("statusDesc", worded)?;
        }
        if let Some(successful) = t.successful {
            map.serialize_entry("successful", &successful)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn longs_become_strings_where_javascript_ends() {
        for (value, wanted) in [
            (-1, "-1"),
            (MAX_SAFE, "9007199254740991"),
            (-MAX_SAFE, "-9007199254740991"),
            (MAX_SAFE + 1, "\"9007199254740992\""),
            (-MAX_SAFE - 1, "\"-9007199254740992\""),
            (i64::MAX, "\"9223372036854775807\""),
        ] {
            assert_eq!(serde_json::to_string(&Long(value)).unwrap(), wanted);
        }
    }

    #[test]
    fn nulls_are_omitted_and_keys_are_in_order() {
        let task = Task {
            status: "RESTORING".to_owned(),
            ..Task::default()
        };
        let text = serde_json::to_string(&Row {
            task: &task,
            lang: Lang::English,
        })
        .unwrap();
        for absent in [
            "errorMsg",
            "finishTime",
            "finished",
            "successful",
            "statusDesc",
            "null",
        ] {
            assert!(!text.contains(absent), "{absent} in {text}");
        }
        let keys: Vec<&str> = text
            .split('"')
            .filter(|k| k.starts_with(char::is_lowercase))
            .collect();
        assert!(keys.is_sorted(), "{keys:?}");
    }
}
