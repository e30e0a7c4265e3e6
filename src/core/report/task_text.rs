//! A task as plain text, for a ticket or a colleague: complete without the page that it was copied from.

use crate::core::domain::column::{Column, Kind, TextField};
use crate::core::domain::failure;
use crate::core::format;
use crate::core::i18n::{Key, fill, terms, text};
use crate::core::state::State;
use crate::core::time::iso;

/// All that is known of a task, one line each. Times have their date and offset, and secrets are masked.
/// `now` is in microseconds since 1970.
pub fn report(state: &State, row: u32, now: i64) -> String {
    let (table, locale) = (state.loaded.dataset.table(), state.locale());
    let lang = locale.lang();
    let mut lines = Vec::new();
    let mut say = |name: &str, value: String| {
        lines.push(fill(lang, Key::ReportLine, &[("name", name), ("value", &value)]));
    };
    if let Some(cluster) = state.host.config.cluster {
        say(text(lang, Key::ReportCluster), cluster.to_string());
    }
    for &column in Column::ALL {
        let cell = format::cell(table, row, column, now, locale);
        let value = match column.kind() {
            Kind::Text(TextField::ErrorMsg) => continue,
            Kind::Time(field) => match table.time(row, field) {
                Some(at) => iso(at, locale.offset_at(at), ":"),
                None => cell.text,
            },
            Kind::Text(field) => table.text(row, field).to_owned(),
            Kind::Worded(TextField::Status) => {
                let raw = table.text(row, TextField::Status);
                if raw.is_empty() {
                    cell.text
                } else {
                    format!("{} ({raw})", cell.text)
                }
            }
            _ => cell.text,
        };
        if !cell.missing && !value.is_empty() {
            say(format::title(lang, column), value);
        }
    }
    let message = table.text(row, TextField::ErrorMsg);
    if !message.trim().is_empty() {
        let parsed = failure::read(message);
        let words = [
            parsed.module.map(str::to_owned),
            parsed.name.map(str::to_owned),
            parsed.code.map(format::error_code),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if !words.is_empty() {
            say(format::title(lang, Column::ErrorMsg), words.join(" "));
        }
        if let Some(server) = failure::server_at(&parsed) {
            say(text(lang, Key::Server), server);
        }
        if let Some(cause) = failure::cause(&parsed) {
            say(
                text(lang, Key::CheckFirst),
                text(lang, terms::cause(cause).1).to_owned(),
            );
        }
        say(text(lang, Key::ReportMessage), message.to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::api::response;
    use crate::core::state::Action;
    use crate::core::state::tests::Simulation;

    #[test]
    fn the_sample_of_the_documentation_as_a_ticket() {
        let mut sim = Simulation::new(0, &[("cluster-id", "1000005")]);
        sim.settle();
        let page = response::page(include_bytes!("../api/sample.json"));
        sim.act(Action::Tasks(Some(page)));
        let want = "Cluster ID: 1000005
ID: 4
Status: Failed (RESTORE_FAIL)
Method: Physical
Source cluster: yc0820_17
Source tenant: yctest
Target cluster: yc0820_17
Target tenant: restoretest
Started: 2021-09-09T10:32:18.833+00:00
Finished: 2021-09-09T10:32:20.066+00:00
Restore point: 2021-09-09T09:19:00.000+00:00
Backup directory: file:///obbackup/backup_backup2
Resource pools: pool_restoretest_zone1_oqy
Source cluster ID: 1000005
Source OB cluster ID: 5
Source tenant ID: 1000012
Source OB tenant ID: 1001
Target cluster ID: 1000005
Target OB cluster ID: 5
Took: 1.2 s
Rewind: 1 h 13 m
Failure: CLOG OB_ENTRY_NOT_EXIST −4018
Server: 172.30.85.172:2882
First step: Check that the restore point lies in the restorable window, and that the backup’s files are still in place.
Message: CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"xxx.xxx.xxx.xxx:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF";
        assert_eq!(report(&sim.state, 0, 0), want);
    }
}
