//! The zone in which times are shown: the host's, until a person chooses another. Days and bounds without
//! an offset are in the shown zone.
//!
//! Only the browser knows the offsets of a zone. So the state asks for the zone ([`Effect::ResolveZone`]),
//! and the locale comes back as an action.

use super::action::Effect;
use super::model::State;
use crate::core::domain::column::TimeField;
use crate::core::error::Error;
use crate::core::i18n::locale::Locale;
use crate::core::i18n::{Key, fill};
use crate::core::privacy::excerpt::excerpt;
use crate::core::settings::attributes::Attributes;
use crate::core::settings::stored::{StorageChange, forget_zone};
use crate::core::time::TimeRange;

impl State {
    /// The zone that a person chose, if it is still valid under these attributes: a change of `time-zone`
    /// replaces it.
    pub fn zone_under(&self, attributes: &Attributes) -> Option<&str> {
        let is_same = self.host.attributes.get("time-zone") == attributes.get("time-zone");
        self.query.view.zone.as_deref().filter(|_| is_same)
    }

    /// The UTC offset in the server's times, such as `+08:00`. `None` if it is zero or not known.
    pub fn server_zone(&self) -> Option<String> {
        let dataset = &self.loaded.dataset;
        let row = *dataset.rows().first()?;
        let minutes = dataset.table().offset(row, TimeField::CreateTime);
        let sign = if minutes < 0 { '-' } else { '+' };
        let ahead = minutes.unsigned_abs();
        (ahead > 0).then(|| format!("{sign}{:02}:{:02}", ahead / 60, ahead % 60))
    }

    /// Whether the range has other bounds in this locale's zone.
    pub(super) fn moves_range(&self, locale: &dyn Locale) -> bool {
        let has_days = matches!(self.query.view.range, TimeRange::Between(..));
        has_days && locale.zone() != self.host.locale.zone()
    }

    /// Asks for the locale of the zone that the view has.
    #[inline(never)]
    pub(super) fn resolve_zone(&mut self, effects: &mut Vec<Effect>) {
        let zone = self.query.view.zone.clone();
        self.host.resolved_zone.clone_from(&zone);
        effects.push(Effect::ResolveZone(zone));
    }

    /// Reports a zone that does not exist, and returns to the host's zone.
    #[inline(never)]
    pub(super) fn report_unknown_zone(&mut self, zone: &str, effects: &mut Vec<Effect>) {
        let why = fill(self.lang(), Key::WhyZone, &[("value", &excerpt(zone))]);
        let error = Error::config("time-zone", why);
        self.host.set_property("time-zone", Some(error), effects);
        self.query.view.zone = None;
        if self.host.config.storage_key.is_some() {
            effects.push(Effect::Store(StorageChange::Preferences(vec![forget_zone()])));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::core::state::tests::Simulation;
    use crate::core::state::{Action, Event};

    fn zone(name: &str) -> Action {
        Action::SetZone(Some(name.to_owned()))
    }

    #[test]
    fn days_are_those_of_the_zone_that_is_shown() {
        let mut sim = Simulation::new(3, &[("range", "2021-09-01/2021-09-02")]);
        sim.settle();
        let last = |sim: &Simulation| sim.sent.last().cloned().unwrap_or_default();
        assert!(
            last(&sim).contains("startTime=2021-09-01T00%3A00%3A00.000%2B00%3A00"),
            "{}",
            last(&sim)
        );
        sim.act(zone("+08:00"));
        assert!(
            last(&sim).contains("startTime=2021-09-01T00%3A00%3A00.000%2B08%3A00"),
            "{}",
            last(&sim)
        );
        assert!(
            last(&sim).contains("endTime=2021-09-02T23%3A59%3A59.999%2B08%3A00"),
            "{}",
            last(&sim)
        );
        assert_eq!(sim.reported.last(), Some(&Event::Changed));
        sim.settle();
        let sent = sim.sent.len();
        // The same zone again, or another density, causes no request.
        sim.act(zone("+08:00"));
        sim.configure(&[("range", "2021-09-01/2021-09-02"), ("density", "compact")]);
        assert_eq!(
            (sim.sent.len(), sim.state.locale().offset_at(0)),
            (sent, 8 * 3600)
        );
        sim.act(Action::Reset);
        assert_eq!((sim.sent.len(), sim.state.locale().offset_at(0)), (sent + 1, 0));
    }

    #[test]
    fn presets_are_not_asked_for_anew_and_the_filter_reads_its_days_anew() {
        let mut sim = Simulation::new(3, &[("filter", "created:1970-01-01")]);
        sim.settle();
        let sent = sim.sent.len();
        let before = sim.state.query.filter.clone();
        sim.act(zone("+08:00"));
        assert_eq!(sim.sent.len(), sent);
        assert_ne!(before, sim.state.query.filter);
    }

    #[test]
    fn the_hosts_change_and_a_wrong_name_take_it_back() {
        let mut sim = Simulation::new(3, &[]);
        sim.act(zone("+08:00"));
        sim.configure(&[("time-zone", "UTC")]);
        assert_eq!(
            (
                sim.state.query.view.zone.as_deref(),
                sim.state.locale().offset_at(0)
            ),
            (None, 0)
        );
        sim.act(zone("+08:00"));
        sim.act(zone("Nowhere/Else"));
        assert_eq!(
            (
                sim.state.query.view.zone.as_deref(),
                sim.state.locale().offset_at(0)
            ),
            (None, 0)
        );
        assert_eq!(
            sim.state.host.property_errors[0].message,
            "“Nowhere/Else” is no time zone that this browser knows"
        );
        sim.act(zone("+08:00"));
        assert_eq!(sim.state.host.property_errors, vec![]);
    }

    #[test]
    fn the_servers_zone_is_that_of_its_times() {
        let mut sim = Simulation::new(0, &[]);
        for (written, zone) in [
            ("2021-09-09T18:32:18+0800", Some("+08:00")),
            ("2021-09-09T18:32:18-03:30", Some("-03:30")),
            ("2021-09-09T18:32:18Z", None),
        ] {
            let tasks = format!(r#"[{{"id":1,"createTime":"{written}"}}]"#);
            sim.act(Action::Tasks(Some(crate::core::api::response::tasks(&tasks))));
            assert_eq!(sim.state.server_zone().as_deref(), zone);
        }
    }
}
