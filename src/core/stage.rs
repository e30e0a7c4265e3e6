//! The stages of a restore in their order, and where a status stands among them.
//!
//! The chains are the kernel's (`src/share/restore/ob_physical_restore_info.h` and older sources of
//! oceanbase/oceanbase). The API gives a stage and no percentage, so there is a place here and never a share of the
//! whole: stages take from seconds to hours.

use super::task::{Status, status};
use super::text::Key;

/// 3.x.
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

/// 4.x, the job of the user tenant.
const USER: &[Key] = &[
    Key::StagePre,
    Key::StageCreateInitLs,
    Key::StageConsistentScn,
    Key::StageQuickRestore,
    Key::StageWaitLs,
    Key::StageStandbyTenant,
    Key::StageUpgrade,
];

/// 4.x, the job of the sys tenant, which waits for the user tenant's.
const SYS: &[Key] = &[Key::StageCreateTenant, Key::StageWaitTenant];

/// Only newer versions pass it, and no row tells its version.
const OPTIONAL: Key = Key::StageQuickRestore;

/// Where a stage stands to the one that a restore is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Behind it.
    Done,
    /// It is at it.
    Current,
    /// Ahead.
    ToCome,
}

/// A place on a chain of stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The texts of the stages in their order, without the end.
    pub chain: &'static [Key],
    /// Which of them it is, from 0.
    pub at: usize,
}

impl Progress {
    /// The stages as they are known to be passed: an optional one only while the restore is at it, since before nobody
    /// knows whether it comes, and later nobody knows whether it came.
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

/// The place of a raw status; `None` where it is no stage, or one of more than one chain. `CREATE_TENANT` begins both
/// 3.x and the 4.x sys tenant, with nothing in the row to tell which: eight stages to come, or one.
///
/// Bare `POST_CHECK` is the 4.x stage, as in OCP's own list of statuses; what is read here is what the status cell says.
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
            // Terminal, or on no chain.
            (&["SUCCESS"], None),
            (&["FAIL", "FAILED"], None),
            (&["=RESTORING"], None),
            // Of logical restores.
            (&["=Start", "=Restoring", "=Canceled", "=Completed"], None),
            (&["=Recovering data", "=Recovering logs"], None),
            // Mistyped, new, empty.
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
