//! The host's attributes as written.

/// Attribute values by their HTML names, as the host wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of an attribute; `None` if it is absent.
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value)
    }

    /// Whether there are no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets an attribute's value, in place of an earlier one.
    pub fn insert(&mut self, name: String, value: String) {
        self.0.retain(|(given, _)| *given != name);
        self.0.push((name, value));
    }
}

impl FromIterator<(String, String)> for Attributes {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut attributes = Self::default();
        pairs
            .into_iter()
            .for_each(|(name, value)| attributes.insert(name, value));
        attributes
    }
}
