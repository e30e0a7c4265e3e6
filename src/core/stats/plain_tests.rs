//! Random tasks as plain values, and the table made from them. Tests compute each result a second time
//! from the plain values, so that both ways share only the input.

use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::domain::task::Outcome;
use crate::core::i18n::Lang;
use crate::core::i18n::locale::Locale;
use crate::core::table::Table;
use crate::core::table::batch::{Int, Row, Time};
use crate::core::time::{DAY, HOUR, SECOND};

/// The current time of the tests, 2023-11-14, in microseconds since 1970.
pub(super) const NOW: i64 = 1_700_000_000 * SECOND;

#[derive(Debug, Clone, Default)]
pub(super) struct Task {
    pub id: Option<i64>,
    pub status: &'static str,
    pub mode: &'static str,
    pub created: Option<i64>,
    pub finished: Option<i64>,
    pub point: Option<i64>,
    /// Tenant, cluster and the cluster's id.
    pub source: (&'static str, &'static str, Option<i64>),
    pub target: (&'static str, &'static str, Option<i64>),
    /// The name and the code of the error.
    pub error: Option<(&'static str, i32)>,
}

impl Task {
    pub fn outcome(&self) -> Outcome {
        match self.status {
            "RESTORE_SUCCESS" | "SUCCESS" => Outcome::Succeeded,
            "RESTORE_FAIL" => Outcome::Failed,
            "RESTORE_PRE" | "RESTORE_WAIT_LS" => Outcome::Running,
            _ => Outcome::Unknown,
        }
    }

    pub fn is(&self, outcome: Outcome) -> bool {
        self.outcome() == outcome
    }

    /// The duration, until `now` if it is running.
    pub fn length(&self, now: i64) -> Option<i64> {
        let running = self.is(Outcome::Running).then_some(now);
        Some(self.finished.or(running)? - self.created?).filter(|length| *length >= 0)
    }

    /// A row that is distinct from all others: no two have the same pool.
    fn row(&self, number: usize) -> Row {
        let mut row = Row::default();
        let int = |value: Option<i64>| value.map_or(Int::Missing, Int::Value);
        let time = |value: Option<i64>| value.map_or(Time::Unparsed("soon".into()), |at| Time::At(at, 480));
        for (field, value) in [
            (IntField::Id, self.id),
            (IntField::BackupClusterId, self.source.2),
            (IntField::RestoreClusterId, self.target.2),
        ] {
            row.ints[field as usize] = int(value);
        }
        row.times[TimeField::CreateTime as usize] = time(self.created);
        row.times[TimeField::RestoreEndTime as usize] = time(self.point);
        // A running task has no end, not even an invalid one.
        row.times[TimeField::FinishTime as usize] = match self.finished {
            None => Time::Missing,
            end => time(end),
        };
        let pool = format!("pool_{number}");
        let message = match self.error {
            Some((name, 0)) => format!("{name} happened at {number}"),
            Some((name, code)) => format!("CLOG : {name}({code}) on \"h:1\" with traceid Y{number}-0"),
            None => String::new(),
        };
        for (field, value) in [
            (TextField::Status, self.status),
            (TextField::BackupMode, self.mode),
            (TextField::BackupTenantName, self.source.0),
            (TextField::BackupClusterName, self.source.1),
            (TextField::RestoreTenantName, self.target.0),
            (TextField::RestoreClusterName, self.target.1),
            (TextField::ErrorMsg, &message),
            (TextField::RestorePoolListStr, &pool),
        ] {
            row.texts[field as usize] = value.into();
        }
        row
    }
}

/// A table of these tasks; the row numbers are their indexes.
pub(super) fn table_of(tasks: &[Task]) -> (Table, Vec<u32>) {
    let mut table = Table::default();
    let rows = tasks.iter().enumerate();
    let rows: Vec<u32> = rows.map(|(number, task)| table.add(&task.row(number))).collect();
    assert!(rows.iter().copied().eq(0..tasks.len() as u32));
    (table, rows)
}

/// A random number generator with a seed.
pub(super) struct Seed(u64);

impl Seed {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as i64 % end
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as i64) as usize]
    }

    /// Up to 90 tasks, whose values are often equal.
    pub fn tasks(&mut self) -> Vec<Task> {
        let reach = self.pick(&[
            1,
            HOUR,
            20 * HOUR,
            5 * DAY,
            50 * DAY,
            300 * DAY,
            4_000 * DAY,
            20_000 * DAY,
        ]);
        let count = self.below(90);
        (0..count).map(|_| self.task(reach)).collect()
    }

    fn task(&mut self, reach: i64) -> Task {
        let created = (self.below(12) > 0).then(|| NOW - self.below(reach) / SECOND * SECOND);
        let status = self.pick(&[
            "RESTORE_SUCCESS",
            "SUCCESS",
            "RESTORE_FAIL",
            "RESTORE_FAIL",
            "RESTORE_PRE",
            "ODD",
            "",
        ]);
        // Most values are equal, otherwise no tasks would be attempts at the same restore.
        let side = |seed: &mut Self| match seed.below(10) {
            0 => ("b", "c", Some(1)),
            1 => ("租户", "d", None),
            2 => ("", "c", Some(1)),
            3 => ("a", "c", Some(2)),
            4 => ("a", "d", Some(1)),
            _ => ("a", "c", Some(1)),
        };
        let mut task = Task {
            id: Some(self.below(60)).filter(|id| *id > 0),
            status,
            mode: self.pick(&["PHYSICAL_BACKUP", "PHYSICAL_BACKUP", "LOGICAL_BACKUP", ""]),
            created,
            point: self.pick(&[Some(NOW), Some(NOW), Some(NOW), Some(NOW - HOUR), None]),
            source: side(self),
            target: side(self),
            ..Task::default()
        };
        let running = task.is(Outcome::Running);
        if !running && self.below(9) > 0 {
            // Some tasks end before they begin.
            let length = self.pick(&[3, 5, 60, 600]) * SECOND;
            task.finished = Some(created.unwrap_or(NOW) + self.below(length) - SECOND / 2);
        }
        if task.is(Outcome::Failed) && self.below(5) > 0 {
            // Two names share a code, and one has no code.
            task.error =
                Some(self.pick(&[("OB_A", -1), ("OB_B", -2), ("OB_C", -2), ("OB_D", 0), ("disk", 0)]));
        }
        task
    }

    /// A random selection of the rows, in random order.
    pub fn some(&mut self, rows: &[u32]) -> Vec<u32> {
        let left_out = self.pick(&[0, 1, 9]);
        let mut some: Vec<u32> = rows
            .iter()
            .copied()
            .filter(|_| self.below(10) >= left_out)
            .collect();
        for at in (1..some.len()).rev() {
            some.swap(at, self.below(at as i64 + 1) as usize);
        }
        some
    }
}

/// Clocks of Berlin since 1996: an hour forward at 01:00 UTC on the last Sunday of March, and back on the
/// last Sunday of October.
pub(super) struct Berlin;

impl Berlin {
    /// The times at which the clocks go forward and back in a year.
    pub fn changes(year: i32) -> [i64; 2] {
        [3, 10].map(|month| {
            let mut date = chrono::NaiveDate::from_ymd_opt(year, month, 31).unwrap();
            while chrono::Datelike::weekday(&date) != chrono::Weekday::Sun {
                date = date.pred_opt().unwrap();
            }
            date.and_hms_opt(1, 0, 0).unwrap().and_utc().timestamp_micros()
        })
    }
}

impl Locale for Berlin {
    fn lang(&self) -> Lang {
        Lang::EN
    }
    fn zone(&self) -> &str {
        "Europe/Berlin"
    }
    fn offset_at(&self, at: i64) -> i32 {
        let year = chrono::DateTime::from_timestamp_micros(at).map_or(1970, |at| chrono::Datelike::year(&at));
        let [forward, back] = Self::changes(year);
        if (forward..back).contains(&at) { 7200 } else { 3600 }
    }
    fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        a.cmp(b)
    }
}
