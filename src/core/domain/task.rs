//! The outcome of a restore task, and the meaning of its status.
//!
//! The statuses are those of OCP's console and of the kernel
//! (`src/share/restore/ob_physical_restore_info.h` and older sources of oceanbase/oceanbase). The order
//! of the stages is in [`stage`](super::stage).

use super::stage::Stage;

/// The outcome of a restore task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The restore succeeded.
    Succeeded,
    /// The restore failed.
    Failed,
    /// The restore is in progress.
    Running,
    /// The server's data show none of the three. The status is shown as sent, in a neutral style.
    Unknown,
}

impl Outcome {
    /// All outcomes, in the order of the status menu.
    pub const ALL: [Self; 4] = [Self::Failed, Self::Running, Self::Succeeded, Self::Unknown];

    /// The outcome for its discriminant.
    pub(in crate::core) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Succeeded,
            1 => Self::Failed,
            2 => Self::Running,
            _ => Self::Unknown,
        }
    }

    /// The name in `data-outcome` and in the filter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Running => "running",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome with this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.name().eq_ignore_ascii_case(name))
    }
}

/// The meaning of a raw status alone, without the row's flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `RESTORE_SUCCESS` or `SUCCESS`.
    Success,
    /// `RESTORE_FAIL`, `FAIL` or `FAILED`.
    Fail,
    /// `RESTORING`: in progress, without a stage.
    Restoring,
    /// In progress, in a known stage.
    Stage(Stage),
    /// Anything else.
    Other,
}

impl Status {
    /// Parses a raw status, with or without the prefix `RESTORE_` or `PHYSICAL_RESTORE_`, in any case.
    pub fn parse(raw: &str) -> Self {
        let raw = raw.trim();
        if raw.eq_ignore_ascii_case("RESTORING") {
            return Self::Restoring;
        }
        let upper = raw.to_ascii_uppercase();
        let bare = upper
            .strip_prefix("PHYSICAL_RESTORE_")
            .or_else(|| upper.strip_prefix("RESTORE_"));
        match bare.unwrap_or(&upper) {
            "SUCCESS" => Self::Success,
            "FAIL" | "FAILED" => Self::Fail,
            bare => Stage::parse(bare, upper.starts_with("RESTORE_")).map_or(Self::Other, Self::Stage),
        }
    }
}

/// The outcome of a row. Its flags decide if they are present, otherwise the status.
pub fn outcome(raw: &str, finished: Option<bool>, successful: Option<bool>) -> Outcome {
    match (finished, successful) {
        (Some(false), _) => return Outcome::Running,
        (_, Some(true)) => return Outcome::Succeeded,
        (Some(true), Some(false)) => return Outcome::Failed,
        _ => {}
    }
    match (Status::parse(raw), finished, successful) {
        (Status::Success, _, None) => Outcome::Succeeded,
        (Status::Fail, _, _) | (Status::Success | Status::Other, _, Some(false)) => Outcome::Failed,
        // `successful: false` of a running task only means that it has not succeeded yet.
        (Status::Stage(_) | Status::Restoring, None, _) => Outcome::Running,
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_decide_then_the_status() {
        use Outcome::*;
        let table = [
            ("RESTORE_SUCCESS", Some(true), Some(true), Succeeded),
            ("RESTORE_FAIL", Some(true), Some(false), Failed),
            ("RESTORE_SUCCESS", Some(true), Some(false), Failed),
            ("ANYTHING", Some(true), Some(true), Succeeded),
            ("RESTORE_WAIT_LS", Some(false), Some(false), Running),
            ("ANYTHING", Some(false), None, Running),
            ("RESTORE_WAIT_LS", None, Some(false), Running),
            ("SUCCESS", None, None, Succeeded),
            ("FAIL", None, None, Failed),
            ("FAILED", None, None, Failed),
            ("SYS_REPLICA", None, None, Running),
            ("RESTORE_SUCESS", None, None, Unknown),
            ("", None, None, Unknown),
            ("ANYTHING", None, Some(false), Failed),
            ("ANYTHING", Some(true), None, Unknown),
        ];
        for (raw, finished, successful, want) in table {
            assert_eq!(
                outcome(raw, finished, successful),
                want,
                "{raw} {finished:?} {successful:?}"
            );
        }
    }
}
