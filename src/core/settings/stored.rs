//! The text that the browser stores for a person under the host's `storage-key`: preferences and named views.
//! The storage itself is `services::storage`.
//!
//! Preferences are stored automatically: columns, widths, pin, density, rows per page and zone. Range, sort,
//! filter and page are never among them: a filter that came back by itself would hide tasks. Each
//! preference is stored with the value that its attribute had, and applies only while the host still sets
//! that value. A named view is the whole view except its page.
//!
//! Each [`StorageChange`] is applied to what is stored at that moment, so the changes of other pages are not
//! lost. The stored text is not trusted, and text written by a later version is left alone.

use super::attributes::{Attributes, Config};
use super::view::{PartialView, View};
use crate::core::json::reader::{Fault, Reader, Scalar};
use crate::core::json::value::Value;
use crate::core::privacy::mask::mask;

/// The most named views.
pub const MOST_VIEWS: usize = 50;
/// The most characters of a view's name.
pub const LONGEST_NAME: usize = 80;
/// The version of the stored format.
const VERSION: &str = "1";
/// The most bytes that are read. This module never writes more, so more was written by something else.
const MOST_BYTES: usize = 1 << 20;
/// The most preferences that are read.
const MOST_PREFERENCES: usize = 16;

/// A view that somebody has given a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedView {
    /// The name.
    pub name: String,
    /// The view as stored, so that parts written by another version stay in it.
    pub(in crate::core) json: String,
}

/// A preference: a part of the view that the browser remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preference {
    /// The name of its attribute, or of the part itself if it has no attribute. Stored as `of`.
    name: String,
    /// The value of the attribute when it was stored. Stored as `was`.
    attribute: Option<String>,
    /// The part of the view, stored as `is`; `None` if it equals the host's.
    json: Option<String>,
}

/// A change to what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageChange {
    /// Store these preferences, in place of earlier ones of the same name.
    Preferences(Vec<Preference>),
    /// Remove all preferences.
    ForgetPreferences,
    /// Store a view as JSON under a name, in place of the one that has this name.
    Save(String, String),
    /// Remove the view of this name.
    Delete(String),
}

/// The result of a change, to be shown to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageNotice {
    /// A view was added.
    Saved(String),
    /// A view replaced the one of the same name.
    Replaced(String),
    /// A view was removed.
    Deleted(String),
    /// There are already [`MOST_VIEWS`] views.
    Full,
    /// The browser did not store it, or a later version's text is stored there.
    Refused,
    /// Whether the page's address was copied to the clipboard.
    Linked(bool),
}

/// What is stored.
#[derive(Debug, Default, PartialEq)]
pub struct StoredText {
    /// The preferences.
    pub preferences: Vec<Preference>,
    /// The named views, oldest first.
    pub views: Vec<NamedView>,
}

/// Cleans a typed name: no control characters, no white space at the ends, secrets masked, at most
/// [`LONGEST_NAME`] characters. `None` if nothing is left.
pub fn clean_name(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !c.is_control()).collect();
    let short: String = mask(plain.trim()).chars().take(LONGEST_NAME).collect();
    Some(short.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The parts of a view that are preferences, with their names.
fn parts(view: &View) -> [(&'static str, PartialView); 6] {
    let saved = PartialView::of(view);
    let none = PartialView::default;
    let (columns, density) = (saved.columns, saved.density);
    let (page_size, time_zone) = (saved.page_size, saved.time_zone);
    let (widths, pinned) = (saved.widths, saved.pinned);
    [
        ("columns", PartialView { columns, ..none() }),
        ("density", PartialView { density, ..none() }),
        ("page-size", PartialView { page_size, ..none() }),
        ("time-zone", PartialView { time_zone, ..none() }),
        ("widths", PartialView { widths, ..none() }),
        ("pinned", PartialView { pinned, ..none() }),
    ]
}

/// The preferences that a person's action changed. Only those are stored, since another page may
/// have changed the others.
pub(in crate::core) fn changed_preferences(
    before: &View,
    after: &View,
    config: &Config,
    attributes: &Attributes,
) -> Vec<Preference> {
    let host = parts(&View::of(config));
    let all = parts(before).into_iter().zip(parts(after)).zip(host);
    all.filter(|((before, after), _)| before != after)
        .map(|((_, (of, is)), (_, host))| Preference {
            name: of.to_owned(),
            attribute: attributes.get(of).cloned(),
            json: (is != host).then(|| is.json()),
        })
        .collect()
}

/// The view with those preferences whose attribute still has the value that was stored with them.
pub(in crate::core) fn apply_preferences(
    preferences: &[Preference],
    mut view: View,
    attributes: &Attributes,
) -> View {
    for part in preferences {
        let holds = part.attribute.as_ref() == attributes.get(&part.name);
        let saved = part.json.as_deref().map(PartialView::from_json);
        if let (true, Some(Ok(saved))) = (holds, saved) {
            // These are never preferences, whatever is stored.
            let saved = PartialView {
                range: None,
                sort: None,
                filter: None,
                page: None,
                ..saved
            };
            view = saved.over(view);
        }
    }
    view
}

/// What is stored, as far as it can be read. An error if a later version wrote it.
pub fn parse(text: Option<&str>) -> Result<StoredText, StorageNotice> {
    let Some(text) = text.filter(|text| text.len() <= MOST_BYTES) else {
        return Ok(StoredText::default());
    };
    let mut version = None;
    match parse_all(text, &mut version) {
        Ok(stored) if version.as_deref() == Some(VERSION) => Ok(stored),
        Ok(_) if version.is_some() => Err(StorageNotice::Refused),
        _ => Ok(StoredText::default()),
    }
}

fn parse_all(text: &str, version: &mut Option<String>) -> Result<StoredText, Fault> {
    let mut stored = StoredText::default();
    let mut reader = Reader::new(text);
    reader.enter(b'{')?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        match &*key {
            "version" => {
                if let Scalar::Number(number) = reader.scalar()? {
                    *version = Some(number.to_owned());
                }
            }
            "look" if reader.peek() == Some(b'[') => {
                stored.preferences = list(&mut reader, |[of, was, is]| {
                    let of = of?.text.filter(|of| of.len() <= LONGEST_NAME)?;
                    let json = is?.object?;
                    let was = was.and_then(|was| was.text);
                    Some(Preference {
                        name: of,
                        attribute: was,
                        json: Some(json),
                    })
                })?;
                stored.preferences.truncate(MOST_PREFERENCES);
            }
            "views" if reader.peek() == Some(b'[') => {
                let mut views: Vec<NamedView> = list(&mut reader, |[typed, _, is]| {
                    let typed = typed?.text?;
                    let is_name = clean_name(&typed).as_deref() == Some(&*typed);
                    let json = is?.object?;
                    is_name.then_some(NamedView { name: typed, json })
                })?;
                let mut names: Vec<String> = Vec::new();
                views.retain(|view| {
                    let new = !names.contains(&view.name) && names.len() < MOST_VIEWS;
                    if new {
                        names.push(view.name.clone());
                    }
                    new
                });
                stored.views = views;
            }
            _ => drop(reader.scalar()?),
        }
    }
    reader.end()?;
    Ok(stored)
}

/// A value in the stored text: its text, or an object's JSON as written.
struct Met {
    text: Option<String>,
    object: Option<String>,
}

/// Reads an array of objects with `of`, `was` and `is`, and keeps the entries for which `make` returns a
/// value.
fn list<T>(reader: &mut Reader<'_>, make: impl Fn([Option<Met>; 3]) -> Option<T>) -> Result<Vec<T>, Fault> {
    let mut all = Vec::new();
    reader.enter(b'[')?;
    let mut first = true;
    while reader.more(b']', &mut first)? {
        if reader.peek() != Some(b'{') {
            reader.scalar()?;
            continue;
        }
        let mut met = [None, None, None];
        reader.enter(b'{')?;
        let mut first = true;
        while let Some(key) = reader.key(&mut first)? {
            reader.peek();
            let start = reader.at();
            let value = reader.scalar()?;
            let Some(at) = ["of", "was", "is"].iter().position(|name| *name == key) else {
                continue;
            };
            let object = (value == Scalar::Object).then(|| reader.since(start).to_owned());
            let text = match value {
                Scalar::Text(text) => Some(text.into_owned()),
                _ => None,
            };
            met[at] = Some(Met { text, object });
        }
        all.extend(make(met));
    }
    Ok(all)
}

fn print(stored: &StoredText) -> String {
    let entry = |of: &str, was: Option<Option<&str>>, json: &str| {
        let mut out = String::from("{\"of\":");
        Value::from(of).write(&mut out);
        if let Some(was) = was {
            out.push_str(",\"was\":");
            Value::from(was).write(&mut out);
        }
        [&out, ",\"is\":", json, "}"].concat()
    };
    let preferences = stored.preferences.iter();
    let preferences = preferences.filter_map(|part| {
        Some(entry(
            &part.name,
            Some(part.attribute.as_deref()),
            part.json.as_ref()?,
        ))
    });
    let views = stored.views.iter();
    let views = views.map(|view| entry(&view.name, None, &view.json));
    let (preferences, views): (Vec<_>, Vec<_>) = (preferences.collect(), views.collect());
    format!(
        r#"{{"version":{VERSION},"look":[{}],"views":[{}]}}"#,
        preferences.join(","),
        views.join(",")
    )
}

/// Applies a change to the stored text. Returns the new text and the note to show, or the reason why
/// nothing is stored.
pub fn change(
    stored: Option<&str>,
    change: &StorageChange,
) -> Result<(String, Option<StorageNotice>), StorageNotice> {
    let mut stored = parse(stored)?;
    let note = match change {
        StorageChange::Preferences(parts) => {
            for part in parts {
                stored.preferences.retain(|other| other.name != part.name);
                stored.preferences.push(part.clone());
            }
            None
        }
        StorageChange::ForgetPreferences => {
            stored.preferences.clear();
            None
        }
        StorageChange::Save(name, json) => {
            let (name, json) = (name.clone(), json.clone());
            let is_full = stored.views.len() >= MOST_VIEWS;
            let same = stored.views.iter_mut().find(|view| view.name == name);
            Some(match same {
                Some(view) => {
                    view.json = json;
                    StorageNotice::Replaced(name)
                }
                None if is_full => return Err(StorageNotice::Full),
                None => {
                    stored.views.push(NamedView {
                        name: name.clone(),
                        json,
                    });
                    StorageNotice::Saved(name)
                }
            })
        }
        StorageChange::Delete(name) => {
            stored.views.retain(|view| view.name != *name);
            Some(StorageNotice::Deleted(name.clone()))
        }
    };
    Ok((print(&stored), note))
}

/// What a person asks of what is stored, and the results.
pub enum StorageCommand {
    /// Store the current view under this name.
    Save(String),
    /// Remove the view of this name.
    Delete(String),
    /// Show the view of this name.
    Show(String),
    /// Reset the view to the attributes and remove the preferences.
    Reset,
    /// Copy the page's address, to share it.
    CopyLink,
    /// What is stored may have changed, for example by another page: read it again.
    Reload,
    /// What is stored now, and the result of the change.
    Loaded(Option<String>, Option<StorageNotice>),
    /// The note to show; `None` hides it.
    Notice(Option<StorageNotice>),
}

/// The preference that removes a stored zone.
pub(in crate::core) fn forget_zone() -> Preference {
    Preference {
        name: "time-zone".to_owned(),
        attribute: None,
        json: None,
    }
}

#[cfg(test)]
#[path = "stored_tests.rs"]
mod tests;
