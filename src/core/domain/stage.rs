//! The stages of a restore in their order, and the position of a status among them.
//!
//! The chains are the kernel's (`src/share/restore/ob_physical_restore_info.h` and older sources of
//! oceanbase/oceanbase). The API sends a stage and no percentage. So there is a position here and never a
//! percentage: a stage can take seconds or hours.

macro_rules! stages {
    ($($name:ident $status:literal;)*) => {
        /// A stage of a restore in progress.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "named after the kernel's statuses")]
        pub enum Stage { $($name),* }

        impl Stage {
            /// All stages.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its raw status without a prefix.
            fn status(self) -> &'static str {
                match self { $(Self::$name => $status),* }
            }
        }
    };
}

stages! {
    CreateTenant "CREATE_TENANT";
    SysReplica "SYS_REPLICA";
    UpgradePre "UPGRADE_PRE";
    UpgradePost "UPGRADE_POST";
    ModifySchema "MODIFY_SCHEMA";
    CreateUserPartitions "CREATE_USER_PARTITIONS";
    UserReplica "USER_REPLICA";
    RebuildIndex "REBUILD_INDEX";
    PostCheck "POST_CHECK";
    StandbyTenant "POST_CHECK";
    Pre "PRE";
    CreateInitLs "CREATE_INIT_LS";
    ConsistentScn "WAIT_RESTORE_TO_CONSISTENT_SCN";
    QuickRestore "WAIT_QUICK_RESTORE_FINISH";
    WaitLs "WAIT_LS";
    Upgrade "UPGRADE";
    WaitTenant "WAIT_TENANT_RESTORE_FINISH";
}

/// Version 3.x.
const OLD: &[Stage] = &[
    Stage::CreateTenant,
    Stage::SysReplica,
    Stage::UpgradePre,
    Stage::UpgradePost,
    Stage::ModifySchema,
    Stage::CreateUserPartitions,
    Stage::UserReplica,
    Stage::RebuildIndex,
    Stage::PostCheck,
];

/// Version 4.x, the job of the user tenant.
const USER: &[Stage] = &[
    Stage::Pre,
    Stage::CreateInitLs,
    Stage::ConsistentScn,
    Stage::QuickRestore,
    Stage::WaitLs,
    Stage::StandbyTenant,
    Stage::Upgrade,
];

/// Version 4.x, the job of the sys tenant, which waits for the user tenant's job.
const SYS: &[Stage] = &[Stage::CreateTenant, Stage::WaitTenant];

/// A stage of newer versions only. The rows do not say which version they come from.
const OPTIONAL: Stage = Stage::QuickRestore;

impl Stage {
    /// The stage of a status without its prefix, in capitals. `is_restore` says whether the prefix was
    /// `RESTORE_`: `RESTORE_POST_CHECK` is a stage of 3.x, and `POST_CHECK` another one of 4.x.
    pub(super) fn parse(status: &str, is_restore: bool) -> Option<Self> {
        let stage = Self::ALL.iter().copied().find(|stage| stage.status() == status)?;
        Some(match stage {
            Self::PostCheck if !is_restore => Self::StandbyTenant,
            stage => stage,
        })
    }
}

/// The position of a stage relative to the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Before the current stage.
    Done,
    /// The current stage.
    Current,
    /// After the current stage.
    ToCome,
}

/// A position in a chain of stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The stages in order.
    pub chain: &'static [Stage],
    /// The index of the current stage, from 0.
    pub at: usize,
}

impl Progress {
    /// The stages with their position. The optional stage is listed only while it is the current one,
    /// because otherwise it is not known whether it comes or came.
    pub fn steps(self) -> impl Iterator<Item = (Stage, Step)> {
        let step = move |(at, &stage): (usize, &Stage)| match at.cmp(&self.at) {
            std::cmp::Ordering::Less => (stage, Step::Done),
            std::cmp::Ordering::Equal => (stage, Step::Current),
            std::cmp::Ordering::Greater => (stage, Step::ToCome),
        };
        let stages = self.chain.iter().enumerate().map(step);
        stages.filter(|(stage, step)| *stage != OPTIONAL || *step == Step::Current)
    }
}

/// The position of a stage. `None` for a stage of more than one chain: `CREATE_TENANT` starts both 3.x and
/// the 4.x sys tenant, and the row does not say which.
pub fn progress(stage: Stage) -> Option<Progress> {
    let place = |chain: &'static [Stage]| {
        let at = chain.iter().position(|other| *other == stage)?;
        Some(Progress { chain, at })
    };
    let mut places = [OLD, USER, SYS].into_iter().filter_map(place);
    places.next().filter(|_| places.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::domain::task::Status;

    fn progress(raw_status: &str) -> Option<Progress> {
        match Status::parse(raw_status) {
            Status::Stage(stage) => super::progress(stage),
            _ => None,
        }
    }

    #[test]
    fn every_status_in_every_spelling_has_its_place_or_none() {
        let places: [(&[&str], _); 25] = [
            (&["CREATE_TENANT"], None),
            (&["SYS_REPLICA"], Some((OLD, 1))),
            (&["UPGRADE_PRE"], Some((OLD, 2))),
            (&["UPGRADE_POST"], Some((OLD, 3))),
            (&["MODIFY_SCHEMA"], Some((OLD, 4))),
            (&["CREATE_USER_PARTITIONS"], Some((OLD, 5))),
            (&["USER_REPLICA"], Some((OLD, 6))),
            (&["REBUILD_INDEX"], Some((OLD, 7))),
            (&["=RESTORE_POST_CHECK"], Some((OLD, 8))),
            (&["PRE"], Some((USER, 0))),
            (&["CREATE_INIT_LS"], Some((USER, 1))),
            (&["WAIT_RESTORE_TO_CONSISTENT_SCN"], Some((USER, 2))),
            (&["WAIT_QUICK_RESTORE_FINISH"], Some((USER, 3))),
            (&["WAIT_LS"], Some((USER, 4))),
            (&["=POST_CHECK", "=PHYSICAL_RESTORE_POST_CHECK"], Some((USER, 5))),
            (&["UPGRADE"], Some((USER, 6))),
            (&["WAIT_TENANT_RESTORE_FINISH"], Some((SYS, 1))),
            // Ended, or in no chain.
            (&["SUCCESS"], None),
            (&["FAIL", "FAILED"], None),
            (&["=RESTORING"], None),
            // Logical restores.
            (&["=Start", "=Restoring", "=Canceled", "=Completed"], None),
            (&["=Recovering data", "=Recovering logs"], None),
            // Misspelt, unknown, empty.
            (&["WAIT_L", "SUCESS"], None),
            (&["ARCHIVING"], None),
            (&["=", "=RESTORE_", "=PHYSICAL_RESTORE_", "=  "], None),
        ];
        for (words, want) in places {
            let want = want.map(|(chain, at)| Progress { chain, at });
            for word in words {
                let spellings = match word.strip_prefix('=') {
                    Some(exact) => vec![exact.to_owned()],
                    None => ["", "RESTORE_", "PHYSICAL_RESTORE_"]
                        .map(|prefix| format!("{prefix}{word}"))
                        .to_vec(),
                };
                for raw in spellings {
                    for raw in [raw.clone(), raw.to_lowercase(), format!(" {raw} ")] {
                        assert_eq!(progress(&raw), want, "{raw:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_stage_that_may_not_come_is_shown_only_while_it_is_there() {
        let steps = |raw| progress(raw).unwrap().steps().collect::<Vec<_>>();
        let count = |raw, step| steps(raw).iter().filter(|(_, other)| *other == step).count();
        let of = |raw| [Step::Done, Step::Current, Step::ToCome].map(|step| count(raw, step));
        assert_eq!(of("RESTORE_CREATE_INIT_LS"), [1, 1, 4]);
        assert_eq!(of("PHYSICAL_RESTORE_WAIT_QUICK_RESTORE_FINISH"), [3, 1, 3]);
        assert_eq!(of("RESTORE_WAIT_LS"), [3, 1, 2]);
        assert_eq!(of("UPGRADE"), [5, 1, 0]);
        assert_eq!(of("SYS_REPLICA"), [1, 1, 7]);
        assert_eq!(
            steps("WAIT_TENANT_RESTORE_FINISH"),
            [
                (Stage::CreateTenant, Step::Done),
                (Stage::WaitTenant, Step::Current),
            ]
        );
    }
}
