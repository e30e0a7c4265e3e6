//! The text of a key, with values filled in.
//!
//! A text is identified by a [`Key`]. Each language has a text for every key, which the compiler checks.
//! Values stand in braces and are inserted by [`fill`]. Texts are never joined from fragments, so each
//! language keeps its own word order. Whole sentences are joined by [`Key::Sentences`].
//!
//! A word that depends on a number is written `{n|task|tasks}`: the first form if the value of `n` is 1,
//! otherwise the second. That is enough for English. Chinese and Japanese have one form, and so may the
//! host's texts.

use super::en::Key;
use super::{en, ja, zh_cn};

/// The languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
    /// Japanese.
    Ja,
}

/// A language, and the host's own texts for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lang {
    /// The language.
    pub language: Language,
    own: Option<HostMessages>,
}

/// The host's own texts. They are never freed: a page has few sets of them, and every view refers to one.
#[derive(Debug, Clone, Copy)]
pub struct HostMessages(&'static [(Key, String)]);

impl PartialEq for HostMessages {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for HostMessages {}

impl HostMessages {
    /// Takes the host's texts by their keys' names in lower camel case (`filterLabel`). The memory is
    /// leaked, so the caller must not pass the same texts again and again. The error is the first unknown
    /// name.
    pub fn new(texts: Vec<(String, String)>) -> Result<Self, String> {
        let mut own = Vec::with_capacity(texts.len());
        for (name, text) in texts {
            match Key::named(&name) {
                Some(key) => own.push((key, text)),
                None => return Err(name),
            }
        }
        Ok(Self(Vec::leak(own)))
    }
}

impl Lang {
    /// English.
    pub const EN: Self = Self::of(Language::En);
    /// Simplified Chinese.
    pub const ZH_CN: Self = Self::of(Language::ZhCn);
    /// Japanese.
    pub const JA: Self = Self::of(Language::Ja);

    const fn of(language: Language) -> Self {
        Self { language, own: None }
    }

    /// The language of a BCP 47 tag. Everything but Simplified Chinese and Japanese gives English.
    pub fn from_tag(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        match tag.as_str() {
            "zh" | "zh-cn" | "zh-sg" => Self::ZH_CN,
            _ if tag == "zh-hans" || tag.starts_with("zh-hans-") || tag.starts_with("zh-cn-") => Self::ZH_CN,
            _ if tag == "ja" || tag.starts_with("ja-") => Self::JA,
            _ => Self::EN,
        }
    }

    /// The same language with the host's own texts.
    pub fn with(self, own: Option<HostMessages>) -> Self {
        Self { own, ..self }
    }

    /// The tag for `lang` and `Accept-Language`.
    pub fn tag(self) -> &'static str {
        match self.language {
            Language::En => "en",
            Language::ZhCn => "zh-CN",
            Language::Ja => "ja",
        }
    }
}

impl Key {
    /// The key with this name in lower camel case, as in JavaScript.
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |own: &str| {
            let (first, rest) = own.split_at(1);
            name.strip_prefix(first.to_ascii_lowercase().as_str()) == Some(rest)
        };
        let found = Self::ALL.iter().find(|(_, own)| is_named(own));
        found.map(|(key, _)| *key)
    }
}

/// The text of a key: the host's own, otherwise the language's.
pub fn text(lang: Lang, key: Key) -> &'static str {
    if let Some(text) = lang.own.and_then(|own| of_host(own, key)) {
        return text;
    }
    match lang.language {
        Language::En => en::text(key),
        Language::ZhCn => zh_cn::text(key),
        Language::Ja => ja::text(key),
    }
}

/// The host's own text. Separate, since few hosts have any.
#[inline(never)]
fn of_host(HostMessages(texts): HostMessages, key: Key) -> Option<&'static str> {
    let text = texts.iter().find(|(own, _)| *own == key);
    text.map(|(_, text)| text.as_str())
}

/// The text of a key, with `values` inserted for their names in braces.
pub fn fill(lang: Lang, key: Key, values: &[(&str, &str)]) -> String {
    let mut rest = text(lang, key);
    let mut out = String::with_capacity(rest.len() + 16);
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = tail.find('}') else { break };
        let (name, forms) = tail[1..close]
            .split_once('|')
            .map_or((&tail[1..close], None), |(name, forms)| (name, Some(forms)));
        let value = values.iter().find(|(given, _)| *given == name);
        let value = value.map_or("", |(_, value)| value);
        out.push_str(forms.map_or(value, |forms| form(value, forms)));
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The form of a word for a number.
fn form<'a>(number: &str, forms: &'a str) -> &'a str {
    let (one, more) = forms.split_once('|').unwrap_or((forms, forms));
    if number == "1" { one } else { more }
}
