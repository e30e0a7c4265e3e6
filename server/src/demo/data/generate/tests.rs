//! Properties of the demo data: counts, distribution, odd values, and the course of the live cluster.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use super::super::live;
use super::*;

const NOW: i64 = 1_790_000_000_123;
const DAY: i64 = 86_400_000;

fn of(cluster: i64, count: usize) -> Vec<Task> {
    generated(cluster, count, NOW).collect()
}

#[test]
fn the_same_seed_gives_the_same_tasks() {
    assert_eq!(of(1_001_240, 1240), of(1_001_240, 1240));
    assert_ne!(of(1_001_240, 50), of(1_000_050, 50));
}

#[test]
fn dates_reach_from_now_to_400_days_back() {
    for (cluster, count) in [(1_000_050, 50), (1_001_240, 1240), (1_010_000, 10_000)] {
        let tasks = of(cluster, count);
        assert_eq!(tasks.len(), count);
        assert!(
            tasks
                .iter()
                .all(|t| t.create_ms <= NOW && t.create_ms >= NOW - 400 * DAY)
        );
        assert!(
            tasks
                .iter()
                .all(|t| t.finish_ms.is_none_or(|f| f <= NOW && f >= t.create_ms))
        );
        let within = |days| tasks.iter().filter(|t| t.create_ms > NOW - days * DAY).count();
        assert!(
            within(1) > 0 && within(7) > within(1) && within(30) > within(7),
            "{cluster}"
        );
        assert!(
            tasks.iter().any(|t| t.create_ms > NOW - DAY / 4),
            "{cluster}: nothing within hours"
        );
        assert!(
            tasks.iter().any(|t| t.finished == Some(false)),
            "{cluster}: nothing runs"
        );
    }
}

#[test]
fn the_oddities_of_the_field_are_all_there() {
    let tasks = of(1_010_000, 10_000);
    let count = |test: &dyn Fn(&Task) -> bool| tasks.iter().filter(|t| test(t)).count();
    let few: [(&str, usize, usize); 16] = [
        ("logical", count(&|t| t.backup_mode == "LOGICAL_BACKUP"), 300),
        (
            "failed",
            count(&|t| t.successful == Some(false) && t.finished == Some(true)),
            1000,
        ),
        ("job", count(&|t| t.ocp_job_id > 0), 100),
        ("no job", count(&|t| t.ocp_job_id == -1), 8000),
        ("negative rewind", count(&|t| t.restore_end_ms > t.create_ms), 20),
        ("huge id", count(&|t| t.id > 1 << 53), 5),
        (
            "credentials",
            count(&|t| t.restore_uri.contains("access_key=")),
            1000,
        ),
        ("several uris", count(&|t| t.restore_uri.contains(',')), 500),
        (
            "several pools",
            count(&|t| t.restore_pool_list.contains(',')),
            1000,
        ),
        ("chinese", count(&|t| !t.restore_tenant_name.is_ascii()), 500),
        ("no finished", count(&|t| t.finished.is_none()), 20),
        ("no successful", count(&|t| t.successful.is_none()), 20),
        ("no message", count(&|t| t.error_msg.is_none()), 20),
        ("unknown", count(&|t| t.status == "RESTORE_TENANT_SUSPENDED"), 3),
        (
            "short spelling",
            count(&|t| ["SUCCESS", "FAIL", "FAILED"].contains(&t.status.as_str())),
            50,
        ),
        ("other source", count(&|t| t.backup_cluster_id != 1_010_000), 300),
    ];
    for (what, found, wanted) in few {
        assert!(found >= wanted, "{what}: {found}");
    }
    let ids: BTreeSet<i64> = tasks.iter().map(|t| t.id).collect();
    assert_eq!(ids.len(), tasks.len());
    let ties = tasks
        .windows(2)
        .filter(|w| matches!(w, [a, b] if a.create_ms == b.create_ms))
        .count();
    assert!(ties > 10, "{ties}");
}

#[test]
fn attempts_fail_until_the_last() {
    let mut chains: BTreeMap<(String, String, i64, String), Vec<Task>> = BTreeMap::new();
    for t in of(1_001_240, 1240) {
        let key = (
            t.backup_tenant_name.clone(),
            t.restore_tenant_name.clone(),
            t.restore_end_ms,
            t.restore_uri.clone(),
        );
        chains.entry(key).or_default().push(t);
    }
    let chains: Vec<_> = chains.into_values().filter(|c| c.len() > 2).collect();
    assert!(chains.len() > 10, "{}", chains.len());
    for chain in chains {
        let (last, before) = chain.split_last().unwrap();
        assert!(before.iter().all(|t| t.status.contains("FAIL")));
        assert!(!last.status.contains("FAIL"));
    }
}

#[test]
fn the_live_cluster_moves_on_and_stays_bounded() {
    let mut stages: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut ended: BTreeSet<i64> = BTreeSet::new();
    let mut totals = BTreeSet::new();
    for tick in 0..400 {
        let now = NOW + tick * 5000;
        let tasks = live::tasks(1_000_009, now);
        assert!((178..=222).contains(&tasks.len()), "{}", tasks.len());
        totals.insert(tasks.len());
        assert_eq!(tasks, live::tasks(1_000_009, now));
        for t in tasks {
            if t.finish_ms.is_some() {
                ended.insert(t.id);
            } else {
                assert!(!ended.contains(&t.id), "{} runs again", t.id);
                let seen = stages.entry(t.id).or_default();
                if seen.last() != Some(&t.status) {
                    seen.push(t.status);
                }
            }
        }
    }
    assert!(totals.len() > 10);
    assert!(
        stages.values().any(|s| s.len() >= 5),
        "nobody was seen in five stages"
    );
    // No stage occurs again after a later one.
    for seen in stages.values() {
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{seen:?}");
    }
    let newest = |ms| live::tasks(1_000_009, ms).iter().map(|t| t.id).max();
    assert!(newest(NOW + 40_000) > newest(NOW));
}
