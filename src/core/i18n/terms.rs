//! Which key names a value of the domain: an outcome, a stage, a cause, a column.

use super::Key;
use crate::core::domain::column::Column;
use crate::core::domain::failure::Cause;
use crate::core::domain::stage::Stage;
use crate::core::domain::task::Outcome;

/// The key of an outcome.
pub fn outcome(outcome: Outcome) -> Key {
    match outcome {
        Outcome::Succeeded => Key::Completed,
        Outcome::Failed => Key::Failed,
        Outcome::Running => Key::Running,
        Outcome::Unknown => Key::Unknown,
    }
}

/// The key of a stage.
pub fn stage(stage: Stage) -> Key {
    match stage {
        Stage::CreateTenant => Key::StageCreateTenant,
        Stage::SysReplica => Key::StageSysReplica,
        Stage::UpgradePre => Key::StageUpgradePre,
        Stage::UpgradePost => Key::StageUpgradePost,
        Stage::ModifySchema => Key::StageModifySchema,
        Stage::CreateUserPartitions => Key::StageCreateUserPartitions,
        Stage::UserReplica => Key::StageUserReplica,
        Stage::RebuildIndex => Key::StageRebuildIndex,
        Stage::PostCheck => Key::StagePostCheck,
        Stage::Pre => Key::StagePre,
        Stage::CreateInitLs => Key::StageCreateInitLs,
        Stage::ConsistentScn => Key::StageConsistentScn,
        Stage::QuickRestore => Key::StageQuickRestore,
        Stage::WaitLs => Key::StageWaitLs,
        Stage::StandbyTenant => Key::StageStandbyTenant,
        Stage::Upgrade => Key::StageUpgrade,
        Stage::WaitTenant => Key::StageWaitTenant,
    }
}

/// The keys of a cause: what it means, and what to check first.
pub fn cause(cause: Cause) -> (Key, Key) {
    match cause {
        Cause::Missing => (Key::MeaningMissing, Key::CheckMissing),
        Cause::LogGap => (Key::MeaningLogGap, Key::CheckLogGap),
        Cause::Storage => (Key::MeaningStorage, Key::CheckStorage),
        Cause::Permission => (Key::MeaningPermission, Key::CheckPermission),
        Cause::Destination => (Key::MeaningDestination, Key::CheckDestination),
        Cause::Decryption => (Key::MeaningDecryption, Key::CheckDecryption),
        Cause::Pool => (Key::MeaningPool, Key::CheckPool),
        Cause::TenantExists => (Key::MeaningTenantExists, Key::CheckTenantExists),
        Cause::Exhausted => (Key::MeaningExhausted, Key::CheckExhausted),
        Cause::Io => (Key::MeaningIo, Key::CheckIo),
        Cause::Timeout => (Key::MeaningTimeout, Key::CheckTimeout),
        Cause::Corrupt => (Key::MeaningCorrupt, Key::CheckCorrupt),
        Cause::Unsupported => (Key::MeaningUnsupported, Key::CheckUnsupported),
        Cause::Unavailable => (Key::MeaningUnavailable, Key::CheckUnavailable),
        Cause::Internal => (Key::MeaningInternal, Key::CheckInternal),
    }
}

/// The key of the title of a column.
pub fn column(column: Column) -> Key {
    match column {
        Column::Id => Key::ColId,
        Column::Status => Key::Status,
        Column::BackupMode => Key::ColBackupMode,
        Column::BackupClusterName => Key::ColBackupClusterName,
        Column::BackupTenantName => Key::ColBackupTenantName,
        Column::RestoreClusterName => Key::ColRestoreClusterName,
        Column::RestoreTenantName => Key::ColRestoreTenantName,
        Column::CreateTime => Key::ColCreateTime,
        Column::FinishTime => Key::ColFinishTime,
        Column::RestoreEndTime => Key::ColRestoreEndTime,
        Column::ErrorMsg => Key::ColErrorMsg,
        Column::RestoreUri => Key::ColRestoreUri,
        Column::RestorePoolListStr => Key::ColRestorePoolListStr,
        Column::OcpJobId => Key::ColOcpJobId,
        Column::BackupClusterId => Key::ColBackupClusterId,
        Column::BackupObClusterId => Key::ColBackupObClusterId,
        Column::BackupTenantId => Key::ColBackupTenantId,
        Column::BackupObTenantId => Key::ColBackupObTenantId,
        Column::RestoreClusterId => Key::ColRestoreClusterId,
        Column::RestoreObClusterId => Key::ColRestoreObClusterId,
        Column::Duration => Key::ColDuration,
        Column::Rewind => Key::ColRewind,
    }
}
