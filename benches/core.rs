//! The cost of the core without a browser: `cargo bench --bench core --no-default-features`.
//!
//! 100,000 tasks in pages of 2,000 as OCP sends them: decoding, transfer to another thread, merging, sorting,
//! filtering and summarising. The figures depend on the machine; only their ratios can be compared.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write;
use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use ob_restore_tasks::core::api::response::{self, Page};
use ob_restore_tasks::core::domain::column::Column;
use ob_restore_tasks::core::i18n::locale::FixedLocale;
use ob_restore_tasks::core::query::filter::Filter;
use ob_restore_tasks::core::query::sort::{self, Sort};
use ob_restore_tasks::core::stats::{Bars, Summary, attempts, facets};
use ob_restore_tasks::core::table::Table;

const TASKS: usize = 100_000;
const PAGE: usize = 2_000;
const NOW: i64 = 1_700_000_000_000_000;

fn main() {
    divan::main();
}

/// A page with tasks as long as OCP's: about 800 bytes each.
fn body(page: usize) -> String {
    let mut out = String::from(r#"{"data":{"contents":["#);
    for i in 0..PAGE {
        let id = TASKS - page * PAGE - i;
        let (tenant, cluster) = (id * 7919 % 400, id * 104_729 % 40);
        let failed = id.is_multiple_of(3);
        let comma = if i == 0 { "" } else { "," };
        let minute = id / 60 % 60;
        write!(
            out,
            r#"{comma}{{"backupClusterId":{cluster},"backupClusterName":"cluster_{cluster}","backupMode":"PHYSICAL_BACKUP","backupObClusterId":{cluster},"backupObTenantId":{tenant},"backupTenantId":{tenant},"backupTenantName":"tenant_{tenant}","createTime":"2023-11-{:02}T{:02}:{minute:02}:{:02}.833+0800","errorMsg":"{}","finishTime":"2023-11-14T18:32:20.066+0800","finished":true,"id":{id},"ocpJobId":{id},"restoreClusterId":{cluster},"restoreClusterName":"drill_{cluster}","restoreEndTime":"2023-11-09T18:30:00.000+0800","restoreObClusterId":{cluster},"restoreObTenantId":{tenant},"restorePoolListStr":"pool_{id}_zone1_abc","restoreTenantName":"drill_{tenant}","restoreUri":"oss://backup/{cluster}/?host=oss.example.com&access_id=x&access_key=hush","status":"{}","statusDesc":"","successful":{}}}"#,
            id / 86_400 % 28 + 1,
            id / 3_600 % 24,
            id % 60,
            if failed {
                format!("CLOG : OB_ENTRY_NOT_EXIST(-4018) on \\\"10.0.{cluster}.{tenant}:2882\\\" with traceid YB42AC1E55AC-0005CB53B2946DFF, the archive of the tenant ends before the point that was asked for")
            } else {
                String::new()
            },
            if failed { "RESTORE_FAIL" } else { "RESTORE_SUCCESS" },
            !failed,
        )
        .unwrap();
    }
    out.push_str(r#"],"page":{"totalElements":100000}},"successful":true,"traceId":"63620e1f4273439a"}"#);
    out
}

static BODIES: LazyLock<Vec<String>> = LazyLock::new(|| (0..TASKS / PAGE).map(body).collect());
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    BODIES
        .iter()
        .map(|body| response::page(body.as_bytes()).unwrap())
        .collect()
});
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    table.reserve(TASKS);
    PAGES.iter().for_each(|page| drop(table.absorb(&page.rows)));
    table
});

#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    let bytes: usize = BODIES.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(TASKS))
        .bench(|| {
            BODIES
                .iter()
                .map(|body| response::page(body.as_bytes()).unwrap().rows.len())
                .sum::<usize>()
        });
}

/// For comparison: the time of a general JSON reader for the same bodies.
#[divan::bench]
fn decode_with_serde_json_value(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(TASKS)).bench(|| {
        for body in &*BODIES {
            black_box(serde_json::from_str::<serde_json::Value>(body).unwrap());
        }
    });
}

#[divan::bench]
fn to_another_thread_and_back(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(TASKS)).bench(|| {
        let mut rows = 0;
        for page in &*PAGES {
            let mut bytes = Vec::new();
            page.to_bytes(&mut bytes);
            rows += Page::from_bytes(&bytes).unwrap().rows.len();
        }
        rows
    });
}

#[divan::bench]
fn merge(bencher: Bencher<'_, '_>) {
    LazyLock::force(&PAGES);
    bencher.counter(ItemsCount::new(TASKS)).bench(|| {
        let mut table = Table::default();
        table.reserve(TASKS);
        PAGES.iter().for_each(|page| drop(table.absorb(&page.rows)));
        table.len()
    });
}

#[divan::bench]
fn merge_what_is_here_already(bencher: Bencher<'_, '_>) {
    LazyLock::force(&TABLE);
    bencher
        .counter(ItemsCount::new(TASKS))
        .with_inputs(|| TABLE.clone())
        .bench_refs(|table| PAGES.iter().for_each(|page| drop(table.absorb(&page.rows))));
}

#[divan::bench(args = [Column::Id, Column::RestoreTenantName, Column::CreateTime, Column::Status, Column::ErrorMsg])]
fn sort(bencher: Bencher<'_, '_>, column: Column) {
    LazyLock::force(&TABLE);
    let sort = Sort {
        column,
        descending: true,
    };
    bencher
        .counter(ItemsCount::new(TASKS))
        .with_inputs(|| (0..TASKS as u32).collect::<Vec<u32>>())
        .bench_refs(|rows| sort::sort(rows, &TABLE, sort, NOW, &FixedLocale::default()));
}

#[divan::bench(args = ["v", "tenant_3", "status:failed", "created:>2023-11-10", "error:4018 drill"])]
fn filter(bencher: Bencher<'_, '_>, text: &str) {
    LazyLock::force(&TABLE);
    let filter = Filter::parse(text, &FixedLocale::default());
    bencher
        .counter(ItemsCount::new(TASKS))
        .with_inputs(|| (0..TASKS as u32).collect::<Vec<u32>>())
        .bench_refs(|rows| filter.retain(rows, &TABLE, NOW, &FixedLocale::default()));
}

/// All rows in mixed order, because sorted input would cost nothing to sort.
fn mixed() -> Vec<u32> {
    let rows = LazyLock::force(&TABLE).len() as u64;
    (0..rows).map(|row| (row * 73_939_133 % rows) as u32).collect()
}

#[divan::bench]
fn summary(bencher: Bencher<'_, '_>) {
    let rows = mixed();
    bencher
        .counter(ItemsCount::new(TASKS))
        .bench(|| Summary::of(&TABLE, &rows, NOW));
}

#[divan::bench]
fn bars(bencher: Bencher<'_, '_>) {
    let rows = mixed();
    bencher
        .counter(ItemsCount::new(TASKS))
        .bench(|| Bars::of(&TABLE, &rows, &FixedLocale::default(), (None, None), NOW, 60));
}

#[divan::bench(args = [Column::Status, Column::RestoreTenantName, Column::ErrorMsg])]
fn count_facets(bencher: Bencher<'_, '_>, column: Column) {
    let rows = mixed();
    bencher
        .counter(ItemsCount::new(TASKS))
        .bench(|| facets(&TABLE, &rows, column, 10));
}

#[divan::bench]
fn attempts_of_a_task(bencher: Bencher<'_, '_>) {
    let rows = mixed();
    bencher.bench(|| attempts::chain_of(&TABLE, &rows, 2));
}
