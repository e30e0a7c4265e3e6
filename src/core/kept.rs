//! What the browser stores for a person under the host's `storage-key`: the look and the named views.
//! This module owns the stored text and its meaning; the storage itself is `services::storage`.
//!
//! The look is stored automatically: columns, widths, pin, density, rows per page and zone. Range, sort,
//! filter and page are never part of it: a filter that came back by itself would hide tasks. Each part of
//! the look is stored with the value that its attribute had, and applies only while the host still sets
//! that value. A named view is the whole view except its page.
//!
//! Each [`Change`] is applied to what is stored at that moment, so the changes of other pages are not
//! lost. The stored text is not trusted, and text written by a later version is left alone.

use super::action::{Effect, View};
use super::config::{Config, Raw};
use super::json::{Fault, Reader, Scalar};
use super::saved::Saved;
use super::secret::mask;
use super::state::State;
use super::value::Value;

/// The most named views.
pub const MOST_VIEWS: usize = 50;
/// The most characters of a view's name.
pub const LONGEST_NAME: usize = 80;
/// The version of the stored format.
const VERSION: &str = "1";
/// The most bytes that are read. This module never writes more, so more was written by something else.
const MOST_BYTES: usize = 1 << 20;
/// The most parts of a look that are read.
const MOST_PARTS: usize = 16;

/// A view that somebody has given a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The view as stored, so that parts written by another version stay in it.
    json: String,
}

/// One part of the look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which part: the name of its attribute, or of the part itself if it has no attribute.
    of: String,
    /// The value of the attribute when the part was stored.
    was: Option<String>,
    /// The part of the view as stored; `None` if it equals the host's.
    json: Option<String>,
}

/// A change to what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Store these parts of the look, in place of earlier ones of the same name.
    Look(Vec<Part>),
    /// Remove the look.
    Forget,
    /// Store a view as JSON under a name, in place of the one that has this name.
    Save(String, String),
    /// Remove the view of this name.
    Delete(String),
}

/// The result of a change, to be shown to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
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

/// What the widget knows of what is stored.
#[derive(Debug, Default)]
pub struct Kept {
    /// The named views, oldest first.
    pub views: Vec<Named>,
    /// The result of the last change, until the view changes.
    pub note: Option<Note>,
    /// The stored look, until it is applied.
    look: Vec<Part>,
}

impl Kept {
    /// Whether a stored look waits to be applied.
    pub(super) fn has_look(&self) -> bool {
        !self.look.is_empty()
    }
}

#[derive(Debug, Default, PartialEq)]
struct Stored {
    look: Vec<Part>,
    views: Vec<Named>,
}

/// Cleans a typed name: no control characters, no white space at the ends, secrets masked, at most
/// [`LONGEST_NAME`] characters. `None` if nothing is left.
pub fn name(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !c.is_control()).collect();
    let short: String = mask(plain.trim()).chars().take(LONGEST_NAME).collect();
    Some(short.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The parts of a view that make up its look, with their names. See [`Part::of`].
fn parts(view: &View) -> [(&'static str, Saved); 6] {
    let saved = Saved::of(view);
    let none = Saved::default;
    let (columns, density) = (saved.columns, saved.density);
    let (page_size, time_zone) = (saved.page_size, saved.time_zone);
    let (widths, pinned) = (saved.widths, saved.pinned);
    [
        ("columns", Saved { columns, ..none() }),
        ("density", Saved { density, ..none() }),
        ("page-size", Saved { page_size, ..none() }),
        ("time-zone", Saved { time_zone, ..none() }),
        ("widths", Saved { widths, ..none() }),
        ("pinned", Saved { pinned, ..none() }),
    ]
}

/// The parts of the look that a person's action changed. Only those are stored, since another page may
/// have changed the others.
fn worn(before: &View, after: &View, config: &Config, raw: &Raw) -> Vec<Part> {
    let host = parts(&View::of(config));
    let all = parts(before).into_iter().zip(parts(after)).zip(host);
    all.filter(|((before, after), _)| before != after)
        .map(|((_, (of, is)), (_, host))| Part {
            of: of.to_owned(),
            was: raw.get(of).cloned(),
            json: (is != host).then(|| is.json()),
        })
        .collect()
}

/// The view with those parts of the look whose attribute still has the value that was stored with them.
fn put_on(look: &[Part], mut view: View, raw: &Raw) -> View {
    for part in look {
        let holds = part.was.as_ref() == raw.get(&part.of);
        let saved = part.json.as_deref().map(Saved::from_json);
        if let (true, Some(Ok(saved))) = (holds, saved) {
            // These are never part of the look, whatever is stored.
            let saved = Saved {
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
fn read(text: Option<&str>) -> Result<Stored, Note> {
    let Some(text) = text.filter(|text| text.len() <= MOST_BYTES) else {
        return Ok(Stored::default());
    };
    let mut version = None;
    match read_all(text, &mut version) {
        Ok(stored) if version.as_deref() == Some(VERSION) => Ok(stored),
        Ok(_) if version.is_some() => Err(Note::Refused),
        _ => Ok(Stored::default()),
    }
}

fn read_all(text: &str, version: &mut Option<String>) -> Result<Stored, Fault> {
    let mut stored = Stored::default();
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
                stored.look = list(&mut reader, |[of, was, is]| {
                    let of = of?.text.filter(|of| of.len() <= LONGEST_NAME)?;
                    let json = is?.object?;
                    let was = was.and_then(|was| was.text);
                    Some(Part {
                        of,
                        was,
                        json: Some(json),
                    })
                })?;
                stored.look.truncate(MOST_PARTS);
            }
            "views" if reader.peek() == Some(b'[') => {
                let mut views: Vec<Named> = list(&mut reader, |[name_, _, is]| {
                    let name_ = name_?.text?;
                    let is_name = name(&name_).as_deref() == Some(&*name_);
                    let json = is?.object?;
                    is_name.then_some(Named { name: name_, json })
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

fn write(stored: &Stored) -> String {
    let entry = |of: &str, was: Option<Option<&str>>, json: &str| {
        let mut out = String::from("{\"of\":");
        Value::from(of).write(&mut out);
        if let Some(was) = was {
            out.push_str(",\"was\":");
            Value::from(was).write(&mut out);
        }
        [&out, ",\"is\":", json, "}"].concat()
    };
    let look = stored.look.iter();
    let look = look.filter_map(|part| Some(entry(&part.of, Some(part.was.as_deref()), part.json.as_ref()?)));
    let views = stored.views.iter();
    let views = views.map(|view| entry(&view.name, None, &view.json));
    let (look, views): (Vec<_>, Vec<_>) = (look.collect(), views.collect());
    format!(
        r#"{{"version":{VERSION},"look":[{}],"views":[{}]}}"#,
        look.join(","),
        views.join(",")
    )
}

/// Applies a change to the stored text. Returns the new text and the note to show, or the reason why
/// nothing is stored.
pub fn change(stored: Option<&str>, change: &Change) -> Result<(String, Option<Note>), Note> {
    let mut stored = read(stored)?;
    let note = match change {
        Change::Look(parts) => {
            for part in parts {
                stored.look.retain(|other| other.of != part.of);
                stored.look.push(part.clone());
            }
            None
        }
        Change::Forget => {
            stored.look.clear();
            None
        }
        Change::Save(name, json) => {
            let (name, json) = (name.clone(), json.clone());
            let is_full = stored.views.len() >= MOST_VIEWS;
            let same = stored.views.iter_mut().find(|view| view.name == name);
            Some(match same {
                Some(view) => {
                    view.json = json;
                    Note::Replaced(name)
                }
                None if is_full => return Err(Note::Full),
                None => {
                    stored.views.push(Named {
                        name: name.clone(),
                        json,
                    });
                    Note::Saved(name)
                }
            })
        }
        Change::Delete(name) => {
            stored.views.retain(|view| view.name != *name);
            Some(Note::Deleted(name.clone()))
        }
    };
    Ok((write(&stored), note))
}

/// What a person asks of what is stored, and the results.
pub enum Wish {
    /// Store the current view under this name.
    Save(String),
    /// Remove the view of this name.
    Delete(String),
    /// Show the view of this name.
    Show(String),
    /// Reset the view to the attributes and remove the look.
    StartOver,
    /// Copy the page's address, to share it.
    Link,
    /// What is stored may have changed, for example by another page: read it again.
    Look,
    /// What is stored now, and the result of the change.
    Stored(Option<String>, Option<Note>),
    /// The note to show; `None` hides it.
    Note(Option<Note>),
}

impl Wish {
    /// Whether the wish changes the view.
    pub(super) fn moves(&self) -> bool {
        matches!(self, Self::Show(_) | Self::StartOver)
    }
}

impl State {
    /// Reads what is stored; the next configuration applies its look.
    pub fn recall(&mut self, text: Option<&str>) {
        let stored = read(text).unwrap_or_default();
        self.kept = Kept {
            views: stored.views,
            note: None,
            look: stored.look,
        };
    }

    /// Applies the stored look, once.
    #[inline(never)]
    pub(super) fn put_look_on(&mut self) {
        let look = std::mem::take(&mut self.kept.look);
        self.view = put_on(&look, self.view.clone(), &self.raw);
    }

    /// Has the browser store what a person changed in the look.
    #[inline(never)]
    pub(super) fn keep_look(&mut self, before: &View, effects: &mut Vec<Effect>) {
        // The note belongs to the earlier view.
        self.kept.note = None;
        if self.config.storage_key.is_none() {
            return;
        }
        let parts = worn(before, &self.view, &self.config, &self.raw);
        if !parts.is_empty() {
            effects.push(Effect::Keep(Change::Look(parts)));
        }
    }

    /// Has the browser remove the look.
    #[inline(never)]
    pub(super) fn forget_look(&self, effects: &mut Vec<Effect>) {
        if self.config.storage_key.is_some() {
            effects.push(Effect::Keep(Change::Forget));
        }
    }

    /// Has the browser remove a zone that does not exist.
    pub(super) fn forget_zone(&self, effects: &mut Vec<Effect>) {
        if self.config.storage_key.is_some() {
            effects.push(Effect::Keep(Change::Look(vec![Part {
                of: "time-zone".to_owned(),
                was: None,
                json: None,
            }])));
        }
    }

    #[inline(never)]
    pub(super) fn fulfil(&mut self, wish: Wish, effects: &mut Vec<Effect>) {
        match wish {
            Wish::Save(typed) => {
                if let Some(name) = name(&typed) {
                    let json = self.saved_view().json();
                    effects.push(Effect::Keep(Change::Save(name, json)));
                }
            }
            Wish::Delete(name) => effects.push(Effect::Keep(Change::Delete(name))),
            Wish::Show(name) => {
                if let Some(view) = self.view_named(&name) {
                    self.set_view(view, effects);
                }
            }
            Wish::StartOver => {
                let view = View::of(&self.config);
                self.set_view(view, effects);
                self.forget_look(effects);
            }
            Wish::Link => effects.push(Effect::CopyLink),
            Wish::Look => effects.push(Effect::Recall),
            Wish::Stored(text, note) => {
                if let Some(text) = text {
                    self.kept.views = read(Some(&text)).unwrap_or_default().views;
                }
                self.kept.note = note;
            }
            Wish::Note(note) => self.kept.note = note,
        }
    }

    /// The view without its page, as it is stored.
    fn saved_view(&self) -> Saved {
        Saved {
            page: None,
            ..Saved::of(&self.view)
        }
    }

    /// The current view with the parts of a stored one, on page 1. `None` if there is no such view or it
    /// cannot be read.
    fn view_named(&self, name: &str) -> Option<View> {
        let named = self.kept.views.iter().find(|view| view.name == name)?;
        let saved = Saved::from_json(&named.json).ok()?;
        let page = 1;
        Some(View {
            page,
            ..saved.over(self.view.clone())
        })
    }

    /// Whether the current view equals this stored one, apart from the page.
    pub fn shows(&self, named: &Named) -> bool {
        let page = self.view.page;
        let view = self.view_named(&named.name);
        view.is_some_and(|view| View { page, ..view } == self.view)
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
