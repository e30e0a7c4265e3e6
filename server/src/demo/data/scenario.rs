//! Turns a plan into a task: what is restored where, its progress by now, and its result.

use super::plan::Plan;
use super::rng::Rng;
use super::{error_message, names};
use crate::demo::status;
use crate::demo::task::Task;

const MINUTE: i64 = 60_000;

/// The kinds of restore.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    V3,
    V3Bare,
    V4User,
    V4Sys,
    Logical,
}

impl Kind {
    fn draw(rng: &mut Rng) -> Self {
        match rng.below(100) {
            0..=29 => Self::V3,
            30..=36 => Self::V3Bare,
            37..=88 => Self::V4User,
            89..=92 => Self::V4Sys,
            _ => Self::Logical,
        }
    }

    fn stages(self) -> &'static [&'static str] {
        match self {
            Self::V3 => status::V3,
            Self::V3Bare => status::V3_BARE,
            Self::V4User => status::V4_USER,
            Self::V4Sys => status::V4_SYS,
            Self::Logical => status::LOGICAL,
        }
    }

    /// The longest error message, in characters: 4.x stores less of it.
    fn message_limit(self) -> usize {
        match self {
            Self::V4User | Self::V4Sys => 1024,
            _ => 4096,
        }
    }
}

/// The task at the time `now_ms`.
pub(super) fn task(plan: &Plan, cluster: i64, id: i64, now_ms: i64) -> Task {
    // First what all attempts at one restore share, from the shared seed.
    let mut shared = Rng::new(plan.seed);
    let kind = Kind::draw(&mut shared);
    let mut task = outline(&mut shared, kind, cluster, plan.first_ms);
    task.id = id;
    task.create_ms = plan.create_ms;

    let mut rng = Rng::new(plan.seed ^ u64::from(plan.attempt));
    let drawn = if plan.attempt < plan.attempts {
        rng.spread(1_000, 4 * MINUTE)
    } else {
        rng.spread(20_000, 360 * MINUTE)
    };
    let takes = plan.duration_ms.unwrap_or(drawn);
    let elapsed = now_ms.saturating_sub(plan.create_ms);
    if elapsed < takes {
        running(&mut task, &mut rng, kind, elapsed, takes);
    } else {
        ended(&mut task, &mut rng, kind, plan, takes);
    }
    if rng.once_in(150) {
        task.finished = None;
    }
    if rng.once_in(150) {
        task.successful = None;
    }
    task
}

fn outline(rng: &mut Rng, kind: Kind, cluster: i64, first_ms: i64) -> Task {
    let own = names::own(cluster);
    // The cluster in the path of the request is the source, the target, or both.
    let (source, target) = match rng.below(10) {
        0 => (names::other(rng), own),
        1..=3 => (own, names::other(rng)),
        _ => (own, own),
    };
    let mut tenant = names::tenant(rng);
    if kind == Kind::V4Sys {
        tenant = (1_000_001, "sys", 1);
    }
    let restored = names::target(rng, tenant.1);
    let back = if rng.once_in(100) {
        // Clocks that differ: a restore point after the creation.
        -rng.spread(MINUTE, 30 * MINUTE)
    } else {
        rng.spread(2 * MINUTE, 30 * 24 * 60 * MINUTE)
    };
    // People enter whole seconds.
    let restore_end_ms = (first_ms - back).div_euclid(1000) * 1000;
    let sampling = kind != Kind::Logical && rng.once_in(20);
    Task {
        ocp_job_id: if sampling { rng.between(100, 99_999) } else { -1 },
        backup_mode: if kind == Kind::Logical {
            "LOGICAL_BACKUP"
        } else {
            "PHYSICAL_BACKUP"
        }
        .to_owned(),
        backup_cluster_id: source.0,
        backup_cluster_name: source.1.to_owned(),
        backup_ob_cluster_id: source.2,
        backup_ob_tenant_id: tenant.2,
        backup_tenant_id: tenant.0,
        backup_tenant_name: tenant.1.to_owned(),
        restore_cluster_id: target.0,
        restore_cluster_name: target.1.to_owned(),
        restore_ob_cluster_id: target.2,
        restore_pool_list: names::pools(rng, &restored),
        restore_uri: names::uri(rng, tenant.1, source.1),
        restore_tenant_name: restored,
        restore_end_ms,
        ..Task::default()
    }
}

fn running(task: &mut Task, rng: &mut Rng, kind: Kind, elapsed: i64, takes: i64) {
    let stages = kind.stages();
    let count = i64::try_from(stages.len()).unwrap_or(1);
    // In 128 bits, because a duration times the number of stages could overflow.
    let at = i128::from(elapsed.max(0)) * i128::from(count) / i128::from(takes.max(1));
    let at = usize::try_from(at)
        .unwrap_or(0)
        .min(stages.len().saturating_sub(1));
    task.status = stages.get(at).copied().unwrap_or("RESTORING").to_owned();
    task.error_msg = rng.once_in(2).then(String::new);
    task.finished = Some(false);
    task.successful = Some(false);
}

fn ended(task: &mut Task, rng: &mut Rng, kind: Kind, plan: &Plan, takes: i64) {
    let draw = rng.below(1000);
    let fails = if plan.attempts > 1 {
        plan.attempt < plan.attempts
    } else {
        draw < 180
    };
    task.finish_ms = Some(plan.create_ms.saturating_add(takes));
    task.finished = Some(true);
    task.successful = Some(!fails);
    // Kernel views that OCP passes on sometimes spell the end differently.
    let short = matches!(kind, Kind::V4User | Kind::V4Sys) && rng.once_in(10);
    if fails {
        task.status = match (short, rng.once_in(2)) {
            (true, true) => "FAIL",
            (true, false) => "FAILED",
            _ => "RESTORE_FAIL",
        }
        .to_owned();
        task.error_msg = Some(error_message::message(rng, kind.message_limit()));
    } else if plan.attempts == 1 && draw >= 994 {
        // Statuses that no list contains, without flags that tell the result.
        task.status = rng
            .pick(&["RESTORE_DATA_VERIFY", "RESTORE_TENANT_SUSPENDED", "CANCELED"])
            .to_owned();
        task.error_msg = None;
        task.finished = None;
        task.successful = None;
        task.finish_ms = None;
    } else {
        task.status = if short { "SUCCESS" } else { "RESTORE_SUCCESS" }.to_owned();
        task.error_msg = (!rng.once_in(3)).then(String::new);
    }
}
