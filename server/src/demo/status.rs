//! Names of statuses as OCP words them, and the stages that a restore goes through.
//!
//! OCP knows only English and Chinese, so every other language gets English. A status without a published
//! name gets none here: its row has no `statusDesc`, as when OCP omits a null.

/// The languages in which OCP's server names a status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lang {
    English,
    Chinese,
}

impl Lang {
    /// The language of a tag in lower case; `None` for one that OCP does not have, such as `zh-tw`.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        match tag {
            "zh" | "zh-cn" | "zh-sg" | "zh-hans" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ if tag.starts_with("zh-hans-") => Some(Self::Chinese),
            _ if tag.starts_with("en-") => Some(Self::English),
            _ => None,
        }
    }
}

const NAMES: &[(&str, &str, &str)] = &[
    ("RESTORE_SUCCESS", "Completed", "已完成"),
    ("SUCCESS", "Completed", "已完成"),
    ("RESTORE_FAIL", "Failed", "失败"),
    ("FAIL", "Failed", "失败"),
    ("FAILED", "Failed", "失败"),
    ("RESTORE_CREATE_TENANT", "Creating tenant", "租户创建中"),
    (
        "RESTORE_SYS_REPLICA",
        "Recovering system replicas",
        "系统副本恢复中",
    ),
    ("RESTORE_UPGRADE_PRE", "Pre-upgrade check", "升级前检查"),
    ("RESTORE_UPGRADE_POST", "Post-upgrade check", "升级后检查"),
    ("RESTORE_MODIFY_SCHEMA", "Modifying schemas", "schema 修改中"),
    (
        "RESTORE_CREATE_USER_PARTITIONS",
        "Creating user partitions",
        "用户分区创建中",
    ),
    (
        "RESTORE_USER_REPLICA",
        "Recovering user replicas",
        "用户副本恢复中",
    ),
    ("RESTORE_REBUILD_INDEX", "Rebuilding indexes", "索引创建中"),
    ("RESTORE_POST_CHECK", "Checking indexes", "索引检查中"),
    ("RESTORE_PRE", "Setting configuration items", "设置配置项"),
    (
        "RESTORE_CREATE_INIT_LS",
        "Creating baseline log streams",
        "创建基线日志流",
    ),
    (
        "RESTORE_WAIT_LS",
        "Restoring baseline log streams",
        "基线日志流恢复中",
    ),
    ("POST_CHECK", "Setting up the standby tenant", "设置备租户"),
    ("UPGRADE", "Upgrading the tenant", "租户升级中"),
    (
        "WAIT_TENANT_RESTORE_FINISH",
        "Waiting for the tenant to be restored",
        "等待租户恢复结束",
    ),
    // Not in OCP's list: stands for a status of a later server, which a widget can only show as it came.
    ("RESTORE_DATA_VERIFY", "Verifying data", "数据校验中"),
];

/// The name of a status, if one is published.
pub(super) fn describe(status: &str, lang: Lang) -> Option<&'static str> {
    let exact = NAMES.iter().find(|(raw, _, _)| *raw == status);
    let found = exact.or_else(|| {
        // 3.x views spell the same stages without the prefix.
        NAMES
            .iter()
            .find(|(raw, _, _)| raw.strip_prefix("RESTORE_") == Some(status))
    });
    found.map(|(_, en, zh)| match lang {
        Lang::English => *en,
        Lang::Chinese => *zh,
    })
}

/// The stages of a 3.x restore, with the prefix.
pub(super) const V3: &[&str] = &[
    "RESTORE_CREATE_TENANT",
    "RESTORE_SYS_REPLICA",
    "RESTORE_UPGRADE_PRE",
    "RESTORE_UPGRADE_POST",
    "RESTORE_MODIFY_SCHEMA",
    "RESTORE_CREATE_USER_PARTITIONS",
    "RESTORE_USER_REPLICA",
    "RESTORE_REBUILD_INDEX",
    "RESTORE_POST_CHECK",
];
/// The same stages as older views spell them.
pub(super) const V3_BARE: &[&str] = &[
    "CREATE_TENANT",
    "SYS_REPLICA",
    "UPGRADE_PRE",
    "UPGRADE_POST",
    "MODIFY_SCHEMA",
    "CREATE_USER_PARTITIONS",
    "USER_REPLICA",
    "REBUILD_INDEX",
    "POST_CHECK",
];
/// The stages of a 4.x user tenant.
pub(super) const V4_USER: &[&str] = &[
    "RESTORE_PRE",
    "RESTORE_CREATE_INIT_LS",
    "PHYSICAL_RESTORE_WAIT_RESTORE_TO_CONSISTENT_SCN",
    "PHYSICAL_RESTORE_WAIT_QUICK_RESTORE_FINISH",
    "RESTORE_WAIT_LS",
    "POST_CHECK",
    "UPGRADE",
];
/// The stages that the sys tenant of a 4.x cluster shows.
pub(super) const V4_SYS: &[&str] = &["CREATE_TENANT", "WAIT_TENANT_RESTORE_FINISH"];
/// Logical restores: their status names are not published, so only the stage that both kinds share is used.
pub(super) const LOGICAL: &[&str] = &["RESTORE_USER_REPLICA"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use axum::http::{HeaderMap, header};

    use super::*;
    use crate::http::language::preferred;

    #[test]
    fn names_follow_the_language() {
        for (status, en, zh) in NAMES {
            assert_eq!(describe(status, Lang::English), Some(*en));
            assert_eq!(describe(status, Lang::Chinese), Some(*zh));
        }
        assert_eq!(
            describe("SYS_REPLICA", Lang::English),
            Some("Recovering system replicas")
        );
        // In 4.x the name without prefix has its own meaning, which wins.
        assert_eq!(
            describe("POST_CHECK", Lang::English),
            Some("Setting up the standby tenant")
        );
        assert_eq!(describe("RESTORING", Lang::English), None);
    }

    #[test]
    fn accept_language() {
        for (text, wanted) in [
            ("", Lang::English),
            ("zh-CN", Lang::Chinese),
            ("zh", Lang::Chinese),
            ("zh-Hans-CN", Lang::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Chinese),
            ("en;q=0.5, zh-CN;q=0.9", Lang::Chinese),
            ("en,zh-CN", Lang::English),
            ("ja,zh-CN;q=0.3", Lang::Chinese),
            ("ja", Lang::English),
            ("zh-TW", Lang::English),
            ("*", Lang::English),
            (";;q=x,,", Lang::English),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, text.parse().unwrap())]);
            let lang = preferred(&headers, Lang::of_tag).unwrap_or(Lang::English);
            assert_eq!(lang, wanted, "{text}");
        }
    }
}
