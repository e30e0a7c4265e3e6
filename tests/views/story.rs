//! The details: a task among others and over time.

use ob_restore_tasks::core::i18n::Lang;
use ob_restore_tasks::core::time::{HOUR, MINUTE, SECOND, iso};
use serde_json::{Value, json};

use super::{NOW, answered, render};

/// A 4.x restore of `orders` to `drill`, from this cluster to another, that began this many minutes ago.
fn restore(id: u32, status: &str, minutes: i64, took: Option<i64>) -> Value {
    let at = |micros| iso(micros, 0, ":");
    let created = NOW - minutes * MINUTE;
    json!({
        "id": id,
        "status": status,
        "backupClusterId": 1000005,
        "backupTenantName": "orders",
        "restoreClusterId": 1000006,
        "restoreTenantName": "drill",
        "restoreEndTime": at(NOW - 30 * HOUR),
        "createTime": at(created),
        "finishTime": took.map(|seconds| at(created + seconds * SECOND)),
        "errorMsg": if status == "RESTORE_FAIL" { "CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"x\"" } else { "" },
    })
}

/// The details of one of these tasks, in a range with `total` tasks.
async fn details(lang: Lang, id: i64, tasks: &[Value], total: usize) -> String {
    let body = json!({"data": {"contents": tasks, "page": {"totalElements": total}}, "successful": true});
    let mut state = answered(&[("page-size", "200")], lang, Ok(&body.to_string()));
    let table = state.loaded.dataset.table();
    let row = (0..table.len() as u32).find(|row| table.id(*row) == Some(id));
    state.shown.details = Some(row.unwrap());
    let html = render(state).await;
    let (_, html) = html.split_once("class=\"details\"").unwrap();
    html.split_once("</section>").unwrap().0.to_owned()
}

#[track_caller]
fn has(html: &str, words: &[&str]) {
    for words in words {
        assert!(html.contains(words), "{words} in {html}");
    }
}

#[track_caller]
fn lacks(html: &str, words: &[&str]) {
    for words in words {
        assert!(!html.contains(words), "{words} in {html}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_running_task_has_its_stages() {
    let task = [restore(7, "RESTORE_WAIT_LS", 14, None)];
    let html = details(Lang::EN, 7, &task, 1).await;
    has(
        &html,
        &[
            "Setting configuration items: done",
            "Restoring to a consistent point: done",
            "<li aria-current=\"step\"><svg",
            "Restoring baseline log streams: now, 14 m 00 s since the start",
            "Upgrading the tenant: to come",
            "This cluster is the source",
        ],
    );
    assert_eq!(html.matches("aria-current").count(), 1);
    lacks(
        &html,
        &["quick restore", "class=\"attempts\"", "Overdue", "lies after"],
    );
    let html = details(Lang::ZH_CN, 7, &task, 1).await;
    has(
        &html,
        &[
            "设置配置项：已完成",
            "基线日志流恢复中：当前阶段，恢复已进行 14分00秒",
            "租户升级中：待执行",
            "此集群是源集群",
        ],
    );
}

#[tokio::test(flavor = "current_thread")]
async fn a_stage_without_a_place_is_shown_as_it_is() {
    let mut archiving = restore(7, "RESTORE_ARCHIVING", 14, None);
    let html = details(Lang::EN, 7, &[archiving.clone()], 1).await;
    has(&html, &["<header class=\"unknown\"", "RESTORE_ARCHIVING"]);
    lacks(&html, &["class=\"stages\"", "aria-current"]);
    archiving["finished"] = false.into();
    for status in ["RESTORE_ARCHIVING", "CREATE_TENANT"] {
        archiving["status"] = status.into();
        for lang in [Lang::EN, Lang::ZH_CN] {
            let html = details(lang, 7, &[archiving.clone()], 1).await;
            has(&html, &["<header class=\"running\""]);
            lacks(&html, &["class=\"stages\"", "aria-current"]);
        }
    }
    // A stage of a task that has ended means nothing.
    let mut ended = restore(7, "RESTORE_WAIT_LS", 14, Some(60));
    (ended["finished"], ended["successful"]) = (true.into(), true.into());
    lacks(&details(Lang::EN, 7, &[ended], 1).await, &["class=\"stages\""]);
}

#[tokio::test(flavor = "current_thread")]
async fn attempts_say_how_it_went() {
    let mut tasks = [
        restore(4, "RESTORE_SUCCESS", 30, Some(74)),
        restore(3, "RESTORE_FAIL", 40, Some(1)),
        restore(2, "RESTORE_FAIL", 50, Some(6)),
        restore(1, "RESTORE_FAIL", 60, Some(4)),
    ];
    let html = details(Lang::EN, 4, &tasks, 4).await;
    has(
        &html,
        &[
            "3 of 4 attempts failed, the last one succeeded",
            "<li aria-current=\"true\" class=\"succeeded\"><div>",
            "title=\"Restore 3\"",
            "Nov 23, 07:20:00",
            "1 m 14 s",
            "OB_ENTRY_NOT_EXIST −4018",
        ],
    );
    assert_eq!(html.matches("<li class=\"failed\"><button").count(), 3);
    lacks(&html, &["As far as", "not shown", "same error", "within"]);
    // The oldest is first.
    assert!(html.find("07:00:00") < html.find("07:30:00"));

    let html = details(Lang::ZH_CN, 4, &tasks, 9).await;
    has(
        &html,
        &["4 次尝试中 3 次失败，最后一次成功", "仅就已加载的部分而言"],
    );

    let (fast, again) = (
        "Failed within 5 s",
        "An earlier attempt failed with the same error",
    );
    for (id, is_fast, is_again) in [(1, true, false), (2, false, true), (3, true, true)] {
        let html = details(Lang::EN, id, &tasks, 4).await;
        assert_eq!(
            (html.contains(fast), html.contains(again)),
            (is_fast, is_again),
            "{id}"
        );
    }
    let of = |tasks: Vec<Value>| async move { details(Lang::EN, 1, &tasks, tasks.len()).await };
    has(&of(tasks[1..].to_vec()).await, &["Each of the 3 attempts failed"]);
    tasks[0]["status"] = "RESTORE_PRE".into();
    has(
        &of(tasks.to_vec()).await,
        &["3 of 4 attempts failed, the last one is running"],
    );
    tasks[0]["status"] = "WHAT".into();
    has(
        &of(tasks.to_vec()).await,
        &["how the last one went is unknown", "WHAT"],
    );
    tasks[0]["status"] = "RESTORE_FAIL".into();
    tasks[2]["status"] = "RESTORE_SUCCESS".into();
    has(
        &of(tasks.to_vec()).await,
        &["3 of 4 attempts failed, the last one among them"],
    );
}

#[tokio::test(flavor = "current_thread")]
async fn of_many_attempts_the_last_are_shown_and_the_task_itself() {
    let tasks: Vec<Value> = (1..=25)
        .map(|id| restore(id, "RESTORE_FAIL", 900 - i64::from(id), Some(9)))
        .collect();
    for (id, first) in [
        (1, "Restore 7"),
        (5, "Restore 7"),
        (6, "Restore 7"),
        (25, "Restore 6"),
    ] {
        let html = details(Lang::EN, id, &tasks, 25).await;
        has(
            &html,
            &[
                "Each of the 25 attempts failed",
                "Attempts not shown: 5",
                "<div><span class=\"status\">",
            ],
        );
        // The header has the same class.
        assert_eq!(html.matches("class=\"failed\"><").count(), 20 + 1, "{id}");
        let titles = html.split("<button type=\"button\" title=\"").nth(1).unwrap();
        assert!(titles.starts_with(&format!("{first}\"")), "{id}: {titles}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn what_takes_too_long_is_overdue() {
    let mut tasks: Vec<Value> = (1..=12)
        .map(|id| {
            restore(
                id,
                "RESTORE_SUCCESS",
                5000 * i64::from(id),
                Some(140 * i64::from(id)),
            )
        })
        .collect();
    for task in &mut tasks {
        // Into the same tenant, but not attempts at the same restore.
        task["restoreEndTime"] = task["createTime"].clone();
    }
    tasks.push(restore(20, "RESTORE_CREATE_INIT_LS", 29, None));
    tasks.push(restore(21, "RESTORE_CREATE_INIT_LS", 27, None));
    let html = details(Lang::EN, 20, &tasks, 14).await;
    has(
        &html,
        &[
            "Overdue: of 12 restores into this tenant that succeeded, half took at most 14 m 00 s and 95 in 100 at most 28 m 00 s",
        ],
    );
    lacks(&details(Lang::EN, 21, &tasks, 14).await, &["Overdue"]);
    let html = details(Lang::ZH_CN, 20, &tasks, 14).await;
    has(
        &html,
        &["超出常见时长：12 次成功恢复到此租户的任务中，半数用时不超过 14分00秒，95% 不超过 28分00秒"],
    );
}

#[tokio::test(flavor = "current_thread")]
async fn which_end_this_cluster_is_and_a_point_that_lies_ahead() {
    let ends = [
        (1000005, 1000005, "This cluster is both source and target"),
        (1000006, 1000005, "This cluster is the target"),
        (1000005, 1000006, "This cluster is the source"),
    ];
    for (source, target, words) in ends {
        let mut task = restore(7, "RESTORE_SUCCESS", 14, Some(60));
        (task["backupClusterId"], task["restoreClusterId"]) = (source.into(), target.into());
        task["restoreEndTime"] = "2026-11-23T12:00:00Z".into();
        let html = details(Lang::EN, 7, &[task], 1).await;
        has(&html, &[words, "The restore point lies after the start"]);
    }
    let mut task = restore(7, "RESTORE_SUCCESS", 14, Some(60));
    task["backupClusterId"] = 3.into();
    lacks(
        &details(Lang::EN, 7, &[task], 1).await,
        &["This cluster", "class=\"facts"],
    );
}
