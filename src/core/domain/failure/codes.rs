//! The errors with which restores end, grouped by cause: what each cause means, and what to check first.
//!
//! Names and numbers are those of `src/share/ob_errno.def` and `deps/oblib/src/lib/ob_errno.h` in
//! oceanbase/oceanbase. The meanings come from the kernel's own messages there, and from oceanbase-doc
//! (list of error codes, “Physical restore failures”). Errors with the same remedy share a text, since
//! the texts take most of the space. An error that these sources do not explain is left out: its name
//! says as much.

use super::parse::Failure;

/// Why a restore failed, as far as its error tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Something is missing in the backup or in the cluster.
    Missing,
    /// The archived logs have a gap.
    LogGap,
    /// The backup storage does not answer, or answers with an error.
    Storage,
    /// The backup storage denies access.
    Permission,
    /// The URI of the backup is wrong.
    Destination,
    /// The backup cannot be decrypted.
    Decryption,
    /// There are not enough resources for the tenant.
    Pool,
    /// A tenant of this name exists already.
    TenantExists,
    /// Memory or disk space has run out.
    Exhausted,
    /// A disk or a mount fails.
    Io,
    /// The restore took too long.
    Timeout,
    /// Data are not as expected.
    Corrupt,
    /// The target does not support the request.
    Unsupported,
    /// A server is down or is not the leader.
    Unavailable,
    /// The kernel gives no reason.
    Internal,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 15] = [
        Self::Missing,
        Self::LogGap,
        Self::Storage,
        Self::Permission,
        Self::Destination,
        Self::Decryption,
        Self::Pool,
        Self::TenantExists,
        Self::Exhausted,
        Self::Io,
        Self::Timeout,
        Self::Corrupt,
        Self::Unsupported,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The errors of the cause: pairs of the name without `OB_` and the number without its sign. (One
    /// text and not a table, since the pointers of a table would be as large as the names.)
    fn errors(self) -> &'static str {
        match self {
            Self::Missing => {
                "ENTRY_NOT_EXIST 4018 FILE_NOT_EXIST 4027 DIR_NOT_EXIST 4066 BACKUP_FILE_NOT_EXIST 9011 \
                 LOG_ARCHIVE_BACKUP_INFO_NOT_EXIST 9025 BACKUP_INFO_NOT_EXIST 9032 BACKUP_META_INDEX_NOT_EXIST 9076 \
                 NO_SUCH_FILE_OR_DIRECTORY 9100 OBJECT_NOT_EXIST 9120"
            }
            Self::LogGap => {
                "DISCONTINUOUS_LOG 4028 LOG_ARCHIVE_INTERRUPTED 9027 ISOLATED_BACKUP_SET 9048 \
                 ARCHIVE_LOG_NOT_CONTINUES_WITH_DATA 9064 ARCHIVE_ROUND_NOT_CONTINUOUS 9077 \
                 ARCHIVE_LOG_RECYCLED 9079 CLOG_RECYCLE_BEFORE_ARCHIVE 9087"
            }
            Self::Storage => {
                "OSS_ERROR 9003 BACKUP_MOUNT_FILE_NOT_VALID 9051 COS_ERROR 9060 IO_LIMIT 9061 \
                 BACKUP_IO_PROHIBITED 9063 BACKUP_DEST_NOT_CONNECT 9070 ESI_OBS_ERROR 9073 S3_ERROR 9105 \
                 STORAGE_DEST_NOT_CONNECT 9115"
            }
            Self::Permission => {
                "BACKUP_PERMISSION_DENIED 9071 FILE_OR_DIRECTORY_PERMISSION_DENIED 9102 \
                 OBJECT_STORAGE_PERMISSION_DENIED 9116"
            }
            Self::Destination => {
                "URI_ERROR 9001 INVALID_BACKUP_DEST 9026 BACKUP_FORMAT_FILE_NOT_EXIST 9080 \
                 BACKUP_FORMAT_FILE_NOT_MATCH 9081 INVALID_STORAGE_DEST 9114 S3_REGION_MISMATCH 9117 \
                 INVALID_OBJECT_STORAGE_ENDPOINT 9118"
            }
            Self::Decryption => "DECRYPT_FAILED 4041 ERR_GET_MASTER_KEY 4369 BACKUP_INVALID_PASSWORD 9047",
            Self::Pool => {
                "MACHINE_RESOURCE_NOT_ENOUGH 4624 RESOURCE_POOL_ALREADY_GRANTED 4626 \
                 EMPTY_RESOURCE_POOL_LIST 4647 RESOURCE_POOL_NOT_EXIST 4650 UNIT_NUM_OVER_SERVER_COUNT 4656 \
                 ZONE_RESOURCE_NOT_ENOUGH 4733 ZONE_SERVER_NOT_ENOUGH 4734"
            }
            Self::TenantExists => "TENANT_EXIST 5156 RESTORE_IN_PROGRESS 9014",
            Self::Exhausted => {
                "ALLOCATE_MEMORY_FAILED 4013 TENANT_OUT_OF_MEM 4030 EXCEED_MEM_LIMIT 4080 \
                 SERVER_OUTOF_DISK_SPACE 4184 LOG_OUTOF_DISK_SPACE 4264 ALLOCATE_DISK_SPACE_FAILED 4290"
            }
            Self::Io => "IO_ERROR 4009 DISK_ERROR 4375 DISK_HUNG 4392",
            Self::Timeout => "TIMEOUT 4012 IO_TIMEOUT 4404 TRANS_TIMEOUT 6210 TRANS_STMT_TIMEOUT 6212",
            Self::Corrupt => {
                "INVALID_DATA 4070 CHECKSUM_ERROR 4103 PHYSIC_CHECKSUM_ERROR 4108 FINAL_MD5_ERROR 9002 \
                 MD5_NOT_MATCH 9010"
            }
            Self::Unsupported => "NOT_SUPPORTED 4007 VERSION_NOT_MATCH 4143 OP_NOT_ALLOW 4179",
            Self::Unavailable => {
                "EAGAIN 4023 NOT_MASTER 4038 RPC_SEND_ERROR 4121 RPC_CONNECT_ERROR 4265 SERVER_NOT_ALIVE 4663 \
                 LS_LOCATION_LEADER_NOT_EXIST 4722"
            }
            Self::Internal => {
                "ERR_SYS 4015 ERR_UNEXPECTED 4016 LS_RESTORE_FAILED 9094 RESTORE_TENANT_FAILED 9099"
            }
        }
    }
}

/// The cause of a failure, by the error's name, otherwise by its number. The sign is ignored, since not
/// everybody writes it.
pub fn cause(failure: &Failure) -> Option<Cause> {
    let name = failure.name.and_then(|name| name.strip_prefix("OB_"));
    let number = failure.code.map(i32::unsigned_abs);
    let by_number = |known: &str| number.is_some() && known.parse().ok() == number;
    find(|known, _| Some(known) == name).or_else(|| find(|_, known| by_number(known)))
}

fn find(is_it: impl Fn(&str, &str) -> bool) -> Option<Cause> {
    Cause::ALL.into_iter().find(|cause| {
        let mut words = cause.errors().split(' ');
        std::iter::from_fn(|| Some((words.next()?, words.next()?))).any(|(name, number)| is_it(name, number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: Option<&str>, code: Option<i32>) -> Option<Cause> {
        cause(&Failure {
            name,
            code,
            ..Failure::default()
        })
    }

    #[test]
    fn by_name_else_by_number() {
        let table = [
            (Some("OB_ENTRY_NOT_EXIST"), Some(-4018), Some(Cause::Missing)),
            (Some("OB_ENTRY_NOT_EXIST"), None, Some(Cause::Missing)),
            (None, Some(-4018), Some(Cause::Missing)),
            (None, Some(9071), Some(Cause::Permission)),
            (Some("OB_TIMEOUT"), Some(-4009), Some(Cause::Timeout)),
            (Some("OB_NEVER_HEARD_OF"), Some(-4013), Some(Cause::Exhausted)),
            (Some("OB_NEVER_HEARD_OF"), Some(-1), None),
            (Some("OB_"), None, None),
            (Some("OB_4018"), None, None),
            (Some("ENTRY_NOT_EXIST"), None, None),
            (None, Some(0), None),
            (None, Some(i32::MIN), None),
            (None, None, None),
        ];
        for (name, code, want) in table {
            assert_eq!(of(name, code), want, "{name:?} {code:?}");
        }
    }

    #[test]
    fn each_error_is_in_one_group_and_well_formed() {
        let mut seen = std::collections::HashSet::new();
        for cause in Cause::ALL {
            let words: Vec<_> = cause.errors().split(' ').collect();
            for pair in words.chunks(2) {
                let [name, number] = pair else {
                    unreachable!("{pair:?}")
                };
                let code: i32 = number.parse().unwrap_or(0);
                assert!((4000..10_000).contains(&code), "{name} {number}");
                assert!(seen.insert(*name) && seen.insert(*number), "{name} {number}");
                assert_eq!(of(Some(&format!("OB_{name}")), None), Some(cause));
                assert_eq!(of(None, Some(-code)), Some(cause));
            }
        }
        assert_eq!(seen.len() / 2, 78);
    }
}
