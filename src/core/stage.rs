//! The stages of a restore in their order, and the position of a status among them.
//!
//! The chains are the kernel's (`src/share/restore/ob_physical_restore_info.h` and older sources of
//! oceanbase/oceanbase). The API sends a stage and no percentage. So there is a position here and never a
//! percentage: a stage can take seconds or hours.

use super::task::{Status, status};
use super::text::Key;

/// Version 3.x.
const OLD: &[Key] = &[
    Key::StageCreateTenant,
    Key::StageSysReplica,
    Key::StageUpgradePre,
    Key::StageUpgradePost,
    Key::StageModifySchema,
    Key::StageCreateUserPartitions,
    Key::StageUserReplica,
    Key::StageRebuildIndex,
    Key::StagePostCheck,
];

/// Version 4.x, the job of the user tenant.
const USER: &[Key] = &[
    Key::StagePre,
    Key::StageCreateInitLs,
    Key::StageConsistentScn,
    Key::StageQuickRestore,
    Key::StageWaitLs,
    Key::StageStandbyTenant,
    Key::StageUpgrade,
];

/// Version 4.x, the job of the sys tenant, which waits for the user tenant's job.
const SYS: &[Key] = &[Key::StageCreateTenant, Key::StageWaitTenant];

/// A stage of newer versions only. The rows do not say which version they come from.
const OPTIONAL: Key = Key::StageQuickRestore;

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
    /// The keys of the stages' texts in order, without success or failure.
    pub chain: &'static [Key],
    /// The index of the current stage, from 0.
    pub at: usize,
}

impl Progress {
    /// The stages with their position. The optional stage is listed only while it is the current one,
    /// because otherwise it is not known whether it comes or came.
    pub fn steps(self) -> impl Iterator<Item = (Key, Step)> {
        let step = move |(at, &key): (usize, &Key)| match at.cmp(&self.at) {
            std::cmp::Ordering::Less => (key, Step::Done),
            std::cmp::Ordering::Equal => (key, Step::Current),
            std::cmp::Ordering::Greater => (key, Step::ToCome),
        };
        let stages = self.chain.iter().enumerate().map(step);
        stages.filter(|(key, step)| *key != OPTIONAL || *step == Step::Current)
    }
}

/// The position of a raw status. `None` if it is not a stage, or a stage of more than one chain:
/// `CREATE_TENANT` starts both 3.x and the 4.x sys tenant, and the row does not say which.
///
/// `POST_CHECK` without a prefix is the 4.x stage, as in OCP's list of statuses. The status cell uses the
/// same rule.
pub fn progress(raw_status: &str) -> Option<Progress> {
    let Status::Stage(stage) = status(raw_status) else {
        return None;
    };
    let place = |chain: &'static [Key]| {
        let at = chain.iter().position(|key| *key == stage)?;
        Some(Progress { chain, at })
    };
    let mut places = [OLD, USER, SYS].into_iter().filter_map(place);
    places.next().filter(|_| places.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

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
                (Key::StageCreateTenant, Step::Done),
                (Key::StageWaitTenant, Step::Current),
            ]
        );
    }
}
