//! What the browser keeps for a person under the host's `storage-key`: the look, and the named views.
//!
//! The look is remembered by itself: columns, their widths, the pin, density, rows on a page, zone. Never range, sort, filter or page: a filter
//! that quietly comes back at night hides tasks. Each part stands beside the value of the attribute that it replaced,
//! and counts only while the host still says that. A named view is the whole view but its page.
//!
//! Here are only texts and what they mean; the storage itself is `services::storage`. What others have kept meanwhile
//! is never lost: each [`Change`] is made to what is stored at that moment. Nothing that stands there is trusted, and
//! what a later version has written is left alone.

use super::action::{Effect, View};
use super::config::{Config, Raw};
use super::json::{Fault, Reader, Scalar};
use super::saved::Saved;
use super::secret::mask;
use super::state::State;
use super::value::Value;

/// Most named views.
pub const MOST_VIEWS: usize = 50;
/// Most characters of a name.
pub const LONGEST_NAME: usize = 80;
/// The form of what is stored.
const VERSION: &str = "1";
/// Most bytes that are read; more has not been written here.
const MOST_BYTES: usize = 1 << 20;
/// Most parts of a look.
const MOST_PARTS: usize = 16;

/// A view that somebody has given a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The view as it is stored, so that what another version put into it stays in it.
    json: String,
}

/// A part of the look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which: the name of the attribute that it replaced, where there is one.
    of: String,
    /// What the attribute said then.
    was: Option<String>,
    /// The part of the view, as it is stored; `None` where it is as the host has it.
    json: Option<String>,
}

/// What is to become of what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Other parts of the look.
    Look(Vec<Part>),
    /// No look any more.
    Forget,
    /// A view under a name, instead of the one that has it.
    Save(String, String),
    /// No view of this name any more.
    Delete(String),
}

/// What came of it, for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A new view.
    Saved(String),
    /// A view instead of another.
    Replaced(String),
    /// One view less.
    Deleted(String),
    /// There are as many as there may be.
    Full,
    /// The browser did not keep it.
    Refused,
    /// The page's address is on the clipboard, or not.
    Linked(bool),
}

/// What is known of what is kept.
#[derive(Debug, Default)]
pub struct Kept {
    /// The named views, the oldest first.
    pub views: Vec<Named>,
    /// What came of the last wish.
    pub note: Option<Note>,
    /// The look, until it is put on.
    look: Vec<Part>,
}

impl Kept {
    /// Whether there is a look that has not been put on.
    pub(super) fn has_look(&self) -> bool {
        !self.look.is_empty()
    }
}

#[derive(Debug, Default, PartialEq)]
struct Stored {
    look: Vec<Part>,
    views: Vec<Named>,
}

/// A name as it may be kept: no white space around it, no control characters, no secret, not too long; `None` where
/// nothing is left.
pub fn name(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !c.is_control()).collect();
    let short: String = mask(plain.trim()).chars().take(LONGEST_NAME).collect();
    Some(short.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The parts of a view that make its look. A part without an attribute is named after what it is.
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

/// What a person did to the look: only those parts, since another page may have changed the others.
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

/// The view with the parts that still hold under these attributes.
fn put_on(look: &[Part], mut view: View, raw: &Raw) -> View {
    for part in look {
        let holds = part.was.as_ref() == raw.get(&part.of);
        let saved = part.json.as_deref().map(Saved::from_json);
        if let (true, Some(Ok(saved))) = (holds, saved) {
            // Whatever is stored there, these are never remembered.
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

/// What is stored, so far as it can be read; an error where a later version has written it.
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

/// A value as it was met: its text, or the object as it is written.
struct Met {
    text: Option<String>,
    object: Option<String>,
}

/// The entries of an array that `make` can make something of; each is an object with `of`, `was`, `is`.
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

/// What is to be stored instead of what is stored now, and what to say then; else, why not.
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

/// What a person wants of what is kept, and what comes of it.
pub enum Wish {
    /// The view under this name.
    Save(String),
    /// No view of this name.
    Delete(String),
    /// The view of this name is the view.
    Show(String),
    /// Back to what the attributes say.
    StartOver,
    /// The page's address, for somebody else.
    Link,
    /// What is stored may have changed.
    Look,
    /// This is stored now.
    Stored(Option<String>, Option<Note>),
    /// This is to be said.
    Note(Option<Note>),
}

impl Wish {
    /// Whether it changes the view.
    pub(super) fn moves(&self) -> bool {
        matches!(self, Self::Show(_) | Self::StartOver)
    }
}

impl State {
    /// What is stored, for the next configuration.
    pub fn recall(&mut self, text: Option<&str>) {
        let stored = read(text).unwrap_or_default();
        self.kept = Kept {
            views: stored.views,
            note: None,
            look: stored.look,
        };
    }

    /// The look that was recalled, once.
    #[inline(never)]
    pub(super) fn put_look_on(&mut self) {
        let look = std::mem::take(&mut self.kept.look);
        self.view = put_on(&look, self.view.clone(), &self.raw);
    }

    /// Has the browser remember what a person did to the look.
    #[inline(never)]
    pub(super) fn keep_look(&mut self, before: &View, effects: &mut Vec<Effect>) {
        // What was said of another view is over.
        self.kept.note = None;
        if self.config.storage_key.is_none() {
            return;
        }
        let parts = worn(before, &self.view, &self.config, &self.raw);
        if !parts.is_empty() {
            effects.push(Effect::Keep(Change::Look(parts)));
        }
    }

    /// Has the browser forget the look.
    #[inline(never)]
    pub(super) fn forget_look(&self, effects: &mut Vec<Effect>) {
        if self.config.storage_key.is_some() {
            effects.push(Effect::Keep(Change::Forget));
        }
    }

    /// Has the browser forget a zone that is none.
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

    /// The view as it is saved: from page 1.
    fn saved_view(&self) -> Saved {
        Saved {
            page: None,
            ..Saved::of(&self.view)
        }
    }

    /// What the view becomes when a saved one is shown.
    fn view_named(&self, name: &str) -> Option<View> {
        let named = self.kept.views.iter().find(|view| view.name == name)?;
        let saved = Saved::from_json(&named.json).ok()?;
        let page = 1;
        Some(View {
            page,
            ..saved.over(self.view.clone())
        })
    }

    /// Whether the view is this saved one, on whichever page.
    pub fn shows(&self, named: &Named) -> bool {
        let page = self.view.page;
        let view = self.view_named(&named.name);
        view.is_some_and(|view| View { page, ..view } == self.view)
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
