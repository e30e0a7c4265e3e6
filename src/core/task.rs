//! The outcome of a restore task, and the meaning of its status.
//!
//! The statuses are those of OCP's console and of the kernel
//! (`src/share/restore/ob_physical_restore_info.h` and older sources of oceanbase/oceanbase). The order
//! of the stages is in [`stage`](super::stage).

use super::text::{Key, Lang, text};

/// The outcome of a restore task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The restore succeeded.
    Succeeded,
    /// The restore failed.
    Failed,
    /// The restore is in progress.
    Running,
    /// The server's data show none of the three. The status is shown as sent, in a neutral style.
    Unknown,
}

impl Outcome {
    /// All outcomes, in the order of the status menu.
    pub const ALL: [Self; 4] = [Self::Failed, Self::Running, Self::Succeeded, Self::Unknown];

    /// The outcome for its discriminant.
    pub(super) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Succeeded,
            1 => Self::Failed,
            2 => Self::Running,
            _ => Self::Unknown,
        }
    }

    /// The name in `data-outcome` and in the filter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Running => "running",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome with this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.name().eq_ignore_ascii_case(name))
    }

    /// The key of its shown text.
    pub fn key(self) -> Key {
        match self {
            Self::Succeeded => Key::Completed,
            Self::Failed => Key::Failed,
            Self::Running => Key::Running,
            Self::Unknown => Key::Unknown,
        }
    }
}

/// The meaning of a raw status alone, without the row's flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `RESTORE_SUCCESS` or `SUCCESS`.
    Success,
    /// `RESTORE_FAIL`, `FAIL` or `FAILED`.
    Fail,
    /// A known stage, with the key of its text.
    Stage(Key),
    /// Anything else.
    Other,
}

/// Reads a raw status, with or without the prefix `RESTORE_` or `PHYSICAL_RESTORE_`.
pub fn status(raw: &str) -> Status {
    let raw = raw.trim();
    if raw.eq_ignore_ascii_case("RESTORING") {
        return Status::Stage(Key::Running);
    }
    let upper = raw.to_ascii_uppercase();
    let bare = upper
        .strip_prefix("PHYSICAL_RESTORE_")
        .or_else(|| upper.strip_prefix("RESTORE_"));
    match bare.unwrap_or(&upper) {
        "SUCCESS" => Status::Success,
        "FAIL" | "FAILED" => Status::Fail,
        "CREATE_TENANT" => Status::Stage(Key::StageCreateTenant),
        "SYS_REPLICA" => Status::Stage(Key::StageSysReplica),
        "UPGRADE_PRE" => Status::Stage(Key::StageUpgradePre),
        "UPGRADE_POST" => Status::Stage(Key::StageUpgradePost),
        "MODIFY_SCHEMA" => Status::Stage(Key::StageModifySchema),
        "CREATE_USER_PARTITIONS" => Status::Stage(Key::StageCreateUserPartitions),
        "USER_REPLICA" => Status::Stage(Key::StageUserReplica),
        "REBUILD_INDEX" => Status::Stage(Key::StageRebuildIndex),
        // `POST_CHECK` without a prefix is a stage of 4.x, `RESTORE_POST_CHECK` is another one of 3.x.
        "POST_CHECK" if upper.starts_with("RESTORE_") => Status::Stage(Key::StagePostCheck),
        "POST_CHECK" => Status::Stage(Key::StageStandbyTenant),
        "PRE" => Status::Stage(Key::StagePre),
        "CREATE_INIT_LS" => Status::Stage(Key::StageCreateInitLs),
        "WAIT_RESTORE_TO_CONSISTENT_SCN" => Status::Stage(Key::StageConsistentScn),
        "WAIT_QUICK_RESTORE_FINISH" => Status::Stage(Key::StageQuickRestore),
        "WAIT_LS" => Status::Stage(Key::StageWaitLs),
        "UPGRADE" => Status::Stage(Key::StageUpgrade),
        "WAIT_TENANT_RESTORE_FINISH" => Status::Stage(Key::StageWaitTenant),
        _ => Status::Other,
    }
}

/// The outcome of a row. Its flags decide if they are present, otherwise the status.
pub fn outcome(raw: &str, finished: Option<bool>, successful: Option<bool>) -> Outcome {
    match (finished, successful) {
        (Some(false), _) => return Outcome::Running,
        (_, Some(true)) => return Outcome::Succeeded,
        (Some(true), Some(false)) => return Outcome::Failed,
        _ => {}
    }
    match (status(raw), finished, successful) {
        (Status::Success, _, None) => Outcome::Succeeded,
        (Status::Fail, _, _) | (Status::Success | Status::Other, _, Some(false)) => Outcome::Failed,
        // `successful: false` of a running task only means that it has not succeeded yet.
        (Status::Stage(_), None, _) => Outcome::Running,
        _ => Outcome::Unknown,
    }
}

/// The text of the status cell. Never blank: an unknown status is shown as sent.
pub fn status_text<'a>(lang: Lang, raw: &'a str, desc: &'a str, outcome: Outcome) -> &'a str {
    match (outcome, status(raw)) {
        (Outcome::Succeeded | Outcome::Failed, _) => text(lang, outcome.key()),
        (Outcome::Running, Status::Stage(stage)) => text(lang, stage),
        (Outcome::Running, Status::Success | Status::Fail) => text(lang, Key::Running),
        _ => [desc, raw]
            .into_iter()
            .find(|words| !words.trim().is_empty())
            .unwrap_or(text(lang, Key::Unknown)),
    }
}

/// The text for a backup mode. An unknown mode is returned as sent.
pub fn mode_text(lang: Lang, raw: &str) -> &str {
    match raw {
        "PHYSICAL_BACKUP" => text(lang, Key::Physical),
        "LOGICAL_BACKUP" => text(lang, Key::Logical),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_console_has_its_words() {
        let table = [
            ("RESTORE_SUCCESS", "Completed", "已完成", "完了"),
            ("RESTORE_FAIL", "Failed", "失败", "失敗"),
            (
                "RESTORE_CREATE_TENANT",
                "Creating tenant",
                "租户创建中",
                "テナント作成中",
            ),
            (
                "RESTORE_SYS_REPLICA",
                "Recovering system replicas",
                "系统副本恢复中",
                "システムレプリカ復元中",
            ),
            (
                "RESTORE_UPGRADE_PRE",
                "Pre-upgrade check",
                "升级前检查",
                "アップグレード前チェック",
            ),
            (
                "RESTORE_UPGRADE_POST",
                "Post-upgrade check",
                "升级后检查",
                "アップグレード後チェック",
            ),
            (
                "RESTORE_MODIFY_SCHEMA",
                "Modifying schemas",
                "schema 修改中",
                "スキーマ変更中",
            ),
            (
                "RESTORE_CREATE_USER_PARTITIONS",
                "Creating user partitions",
                "用户分区创建中",
                "ユーザーパーティション作成中",
            ),
            (
                "RESTORE_USER_REPLICA",
                "Recovering user replicas",
                "用户副本恢复中",
                "ユーザーレプリカ復元中",
            ),
            (
                "RESTORE_REBUILD_INDEX",
                "Rebuilding indexes",
                "索引创建中",
                "インデックス再作成中",
            ),
            (
                "RESTORE_POST_CHECK",
                "Checking indexes",
                "索引检查中",
                "インデックス確認中",
            ),
            (
                "RESTORE_PRE",
                "Setting configuration items",
                "设置配置项",
                "構成項目の設定中",
            ),
            (
                "RESTORE_CREATE_INIT_LS",
                "Creating baseline log streams",
                "创建基线日志流",
                "ベースラインログストリーム作成中",
            ),
            (
                "RESTORE_WAIT_LS",
                "Restoring baseline log streams",
                "基线日志流恢复中",
                "ベースラインログストリーム復元中",
            ),
            (
                "POST_CHECK",
                "Setting up the standby tenant",
                "设置备租户",
                "スタンバイテナント設定中",
            ),
            (
                "UPGRADE",
                "Upgrading the tenant",
                "租户升级中",
                "テナントのアップグレード中",
            ),
            (
                "WAIT_TENANT_RESTORE_FINISH",
                "Waiting for the tenant to be restored",
                "等待租户恢复结束",
                "テナントの復元待ち",
            ),
        ];
        for (raw, en, zh, ja) in table {
            let outcome = outcome(raw, None, None);
            assert_eq!(status_text(Lang::EN, raw, "", outcome), en, "{raw}");
            assert_eq!(status_text(Lang::ZH_CN, raw, "", outcome), zh, "{raw}");
            assert_eq!(status_text(Lang::JA, raw, "", outcome), ja, "{raw}");
        }
    }

    #[test]
    fn the_flags_decide_then_the_status() {
        use Outcome::*;
        let table = [
            ("RESTORE_SUCCESS", Some(true), Some(true), Succeeded),
            ("RESTORE_FAIL", Some(true), Some(false), Failed),
            ("RESTORE_SUCCESS", Some(true), Some(false), Failed),
            ("ANYTHING", Some(true), Some(true), Succeeded),
            ("RESTORE_WAIT_LS", Some(false), Some(false), Running),
            ("ANYTHING", Some(false), None, Running),
            ("RESTORE_WAIT_LS", None, Some(false), Running),
            ("SUCCESS", None, None, Succeeded),
            ("FAIL", None, None, Failed),
            ("FAILED", None, None, Failed),
            ("SYS_REPLICA", None, None, Running),
            ("RESTORE_SUCESS", None, None, Unknown),
            ("", None, None, Unknown),
            ("ANYTHING", None, Some(false), Failed),
            ("ANYTHING", Some(true), None, Unknown),
        ];
        for (raw, finished, successful, want) in table {
            assert_eq!(
                outcome(raw, finished, successful),
                want,
                "{raw} {finished:?} {successful:?}"
            );
        }
    }

    #[test]
    fn what_is_unknown_is_shown_as_it_came() {
        assert_eq!(
            status_text(Lang::EN, "RESTORE_ARCHIVING", "", Outcome::Unknown),
            "RESTORE_ARCHIVING"
        );
        assert_eq!(
            status_text(Lang::EN, "X", "Archiving", Outcome::Unknown),
            "Archiving"
        );
        assert_eq!(status_text(Lang::EN, "", " ", Outcome::Unknown), "Unknown");
        assert_eq!(mode_text(Lang::EN, "SNAPSHOT"), "SNAPSHOT");
    }
}
