//! What the host gave: its attributes, its properties, and the language and zone that follow from them.

use std::rc::Rc;

use super::action::{Effect, Event};
use crate::core::error::Error;
use crate::core::i18n::locale::{FixedLocale, Locale};
use crate::core::settings::attributes::{Attributes, Config};

/// What the host gave.
pub struct Host {
    /// The attributes as written.
    pub attributes: Attributes,
    /// The attributes, checked.
    pub config: Config,
    /// What is wrong with the attributes.
    pub attribute_errors: Vec<Error>,
    /// What is wrong with the properties, with the zone that the person chose, and with the page's URL.
    pub property_errors: Vec<Error>,
    /// The language, time zone and collation.
    pub locale: Rc<dyn Locale>,
    /// Whether the host sets `tasks` itself, so that nothing is requested.
    pub has_tasks: bool,
    /// The zone that the last [`Effect::ResolveZone`] asked for.
    pub(super) resolved_zone: Option<String>,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            attributes: Attributes::default(),
            config: Config::default(),
            attribute_errors: Vec::new(),
            property_errors: Vec::new(),
            locale: Rc::new(FixedLocale::default()),
            has_tasks: false,
            resolved_zone: None,
        }
    }
}

impl Host {
    /// Takes new attributes and the locale that was made from them, with the `errors` found while making it.
    /// Reports the errors that are new. Returns what was there before.
    pub(super) fn configure(
        &mut self,
        attributes: Attributes,
        locale: Rc<dyn Locale>,
        mut errors: Vec<Error>,
        effects: &mut Vec<Effect>,
    ) -> Self {
        let (config, more) = Config::parse(&attributes, &*locale, !self.has_tasks);
        errors.extend(more);
        for error in errors
            .iter()
            .filter(|error| !self.attribute_errors.contains(error))
        {
            effects.push(Effect::Emit(Event::Failed(error.clone())));
        }
        let new = Self {
            attributes,
            config,
            attribute_errors: errors,
            property_errors: std::mem::take(&mut self.property_errors),
            locale,
            has_tasks: self.has_tasks,
            resolved_zone: self.resolved_zone.take(),
        };
        std::mem::replace(self, new)
    }

    /// Sets or clears the error of a property, and reports an error to the host.
    pub(super) fn set_property(
        &mut self,
        name: &'static str,
        error: Option<Error>,
        effects: &mut Vec<Effect>,
    ) {
        self.clear_property(name);
        if let Some(error) = error {
            self.property_errors.push(error.clone());
            effects.push(Effect::Emit(Event::Failed(error)));
        }
    }

    /// Clears the errors of a property.
    pub(super) fn clear_property(&mut self, name: &str) {
        self.property_errors.retain(|error| error.attribute != Some(name));
    }
}
