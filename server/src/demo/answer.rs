//! The envelope of a success: a page of rows.

use std::time::Instant;

use axum::http::StatusCode;
use serde::Serialize;

use super::failures::SERVER;
use super::status::Lang;
use super::store::SelectedPage;
use super::task::Row;
use crate::http::clock::envelope_time;
use crate::http::envelope::trace_id;

#[derive(Serialize)]
struct Success<'a> {
    data: Data<'a>,
    duration: u64,
    server: &'static str,
    status: u16,
    successful: bool,
    timestamp: String,
    #[serde(rename = "traceId")]
    trace_id: String,
}

#[derive(Serialize)]
struct Data<'a> {
    contents: Vec<Row<'a>>,
    page: Page,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    number: i64,
    /// The number of rows on this page, as in the samples, whatever size was requested.
    size: usize,
    total_elements: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_pages: Option<i64>,
}

/// The body of an answer with rows. `number` is the page, from 1; `size` the rows asked for.
pub(super) fn success(
    selected: &SelectedPage,
    now_ms: i64,
    number: i64,
    size: i64,
    lang: Lang,
    no_total_pages: bool,
    started: Instant,
) -> Result<Vec<u8>, serde_json::Error> {
    let total_pages = selected.total.saturating_add(size - 1).checked_div(size);
    serde_json::to_vec(&Success {
        data: Data {
            contents: selected.tasks.iter().map(|task| Row { task, lang }).collect(),
            page: Page {
                number,
                size: selected.tasks.len(),
                total_elements: selected.total,
                total_pages: total_pages.filter(|_| !no_total_pages),
            },
        },
        duration: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        server: SERVER,
        status: StatusCode::OK.as_u16(),
        successful: true,
        timestamp: envelope_time(now_ms),
        trace_id: trace_id(),
    })
}
