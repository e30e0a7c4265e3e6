//! What is written from the source for tools: the Custom Elements Manifest and the marked parts of the types.

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};

use super::code::{self, Code};
use super::source::{Api, Attribute, Type, sentence, union};

/// The text with each marked part as it should be: from a line `// begin NAME …` to a line `// end NAME`.
pub(super) fn fill(text: &str, parts: &[(&str, String)]) -> Result<String> {
    let mut out = text.to_owned();
    for (name, part) in parts {
        let (begin, end) = (format!("// begin {name}:"), format!("// end {name}\n"));
        let at = out.find(&begin).with_context(|| format!("no line `{begin}`"))?;
        let start = at
            + out[at..]
                .find('\n')
                .with_context(|| format!("no text behind `{begin}`"))?
            + 1;
        let stop = start
            + out[start..]
                .find(&end)
                .with_context(|| format!("no line `{}`", end.trim()))?;
        // The marks are indented as the part is.
        let stop = out[..stop].trim_end_matches(' ').len();
        out.replace_range(start..stop, part);
    }
    if out.matches("// begin ").count() != parts.len() {
        bail!("a marked part that nobody writes");
    }
    Ok(out)
}

/// A comment above a declaration.
fn comment(text: &str, indent: &str) -> String {
    let text = text.replace("*/", "* /");
    format!("{indent}/** {} */\n", sentence(&text))
}

/// Texts whose links say in words where they lead: outside the page they lead nowhere.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('[') {
        out.push_str(before);
        match tail
            .split_once("](")
            .and_then(|(words, after)| Some((words, after.split_once(')')?.1)))
        {
            Some((words, after)) if !words.contains('`') => {
                out.push_str(words);
                out.push_str(" in api.md");
                rest = after;
            }
            _ => {
                out.push('[');
                rest = tail;
            }
        }
    }
    out + rest
}

fn described(attribute: &Attribute) -> String {
    let values = match attribute.kind {
        Type::Choice | Type::Boolean => String::new(),
        _ => format!("{}. ", attribute.worded()),
    };
    bare(&format!("{values}{}", attribute.description))
}

/// The marked parts of index.d.ts.
pub(super) fn types(api: &Api, code: &Code) -> Result<Vec<(&'static str, String)>> {
    let mut state = comment("What the user made of the view; every part may be missing", "");
    state += "export interface RestoreTasksState {\n";
    for field in &api.state {
        state += &comment(&field.description, "  ");
        state += &format!("  {}: {};\n", field.name, field.kind);
    }
    state += "}\n";

    let codes: Vec<&str> = api.error.iter().map(|error| error.name.as_str()).collect();
    let mut events = format!("export type RestoreTasksErrorCode =\n{};\n", wrapped(&codes));
    for event in &api.event {
        let Some(name) = &event.interface else { continue };
        events += &format!("\nexport interface {name} {{\n");
        for field in &event.detail {
            events += &comment(&bare(&field.description), "  ");
            events += &format!("  {}: {};\n", field.name, field.kind);
        }
        events += "}\n";
    }
    events += "\nexport interface ObRestoreTasksEventMap {\n";
    for event in &api.event {
        let cancelable = if event.cancelable { "Cancelable. " } else { "" };
        events += &comment(&format!("{cancelable}{}", bare(&event.description)), "  ");
        events += &format!("  \"{}\": CustomEvent<{}>;\n", event.name, event.detail_type());
    }
    events += "}\n";

    let names = code::message_names(code)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut messages = comment(
        "The names of the texts. The English ones are in `src/core/i18n/en.rs`",
        "",
    );
    messages += &format!("export type MessageName =\n{};\n", wrapped(&names));

    let mut properties = comment(
        "The attributes as properties, and the others. `null` restores the default",
        "",
    );
    properties += "export interface ObRestoreTasksProperties {\n";
    // HTMLElement declares `lang`.
    for attribute in api
        .attribute
        .iter()
        .filter(|attribute| attribute.property != "lang")
    {
        properties += &comment(&described(attribute), "  ");
        properties += &format!("  {}: {};\n", attribute.property, attribute.script_type());
    }
    for property in &api.property {
        properties += &comment(&property.description, "  ");
        properties += &format!("  {}: {};\n", property.name, property.kind);
    }
    properties += "}\n";

    let mut methods = String::new();
    for method in api.method.iter().filter(|method| !method.inherited) {
        methods += &comment(&bare(&method.description), "  ");
        methods += &format!("  {};\n", method.signature());
    }
    Ok(vec![
        ("state", state),
        ("events", events),
        ("messages", messages),
        ("properties", properties),
        ("methods", methods),
    ])
}

/// A union of many texts, several on a line.
fn wrapped(texts: &[&str]) -> String {
    let mut lines = vec![String::from("  ")];
    for text in texts {
        let one = format!("| {} ", union(&[text]));
        match lines.last_mut() {
            Some(line) if line.len() + one.len() <= 112 => line.push_str(&one),
            _ => lines.push(format!("  {one}")),
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The marked parts of react.d.ts.
pub(super) fn react_types(api: &Api) -> Vec<(&'static str, String)> {
    let handlers = api
        .event
        .iter()
        .map(|event| format!("  {}?: Handler<\"{}\">;\n", event.handler(), event.name));
    let tagged = api
        .attribute
        .iter()
        .filter(|attribute| attribute.name.contains('-'));
    let tagged = tagged.map(|attribute| {
        let more = if attribute.kind == Type::Number {
            "string | "
        } else {
            ""
        };
        format!("  \"{}\"?: {more}{};\n", attribute.name, attribute.script_type())
    });
    let attributes = format!("type TagAttributes = {{\n{}}};\n", tagged.collect::<String>());
    vec![("handlers", handlers.collect()), ("attributes", attributes)]
}

/// The marked part of react.js.
pub(super) fn react(api: &Api) -> Vec<(&'static str, String)> {
    let events = api
        .event
        .iter()
        .map(|event| format!("  {}: \"{}\",\n", event.handler(), event.name));
    vec![(
        "events",
        format!("const EVENTS = {{\n{}}};\n", events.collect::<String>()),
    )]
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Member<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_name: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'a str>,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Value>,
    #[serde(rename = "return", skip_serializing_if = "Option::is_none")]
    returns: Option<Value>,
}

impl<'a> Member<'a> {
    fn new(name: &'a str, description: &str) -> Self {
        Self {
            kind: None,
            name,
            field_name: None,
            type_: None,
            default: None,
            attribute: None,
            description: bare(description),
            parameters: Vec::new(),
            returns: None,
        }
    }

    fn of(attribute: &'a Attribute, name: &'a str) -> Self {
        Self {
            type_: Some(Text {
                text: attribute.script_type(),
            }),
            default: Some(attribute.script_default()),
            ..Self::new(name, &described(attribute))
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Class<'a> {
    kind: &'static str,
    name: &'static str,
    tag_name: &'static str,
    custom_element: bool,
    superclass: Value,
    description: &'static str,
    attributes: Vec<Member<'a>>,
    members: Vec<Member<'a>>,
    events: Vec<Member<'a>>,
    slots: Vec<Member<'a>>,
    css_parts: Vec<Member<'a>>,
    css_properties: Vec<Member<'a>>,
}

#[derive(Serialize)]
struct Module<'a> {
    kind: &'static str,
    path: &'static str,
    declarations: Vec<Class<'a>>,
    exports: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    schema_version: &'static str,
    readme: &'static str,
    modules: Vec<Module<'a>>,
}

const CLASS: &str = "ObRestoreTasksElement";

/// custom-elements.json.
pub(super) fn manifest(api: &Api) -> Result<String> {
    let attributes = api.attribute.iter().map(|attribute| Member {
        field_name: Some(&attribute.property),
        ..Member::of(attribute, &attribute.name)
    });
    let fields = api.attribute.iter().map(|attribute| Member {
        kind: Some("field"),
        attribute: Some(&attribute.name),
        ..Member::of(attribute, &attribute.property)
    });
    let rich = api.property.iter().map(|property| Member {
        kind: Some("field"),
        type_: Some(Text {
            text: property
                .manifest_type
                .clone()
                .unwrap_or_else(|| property.kind.clone()),
        }),
        default: Some("null".into()),
        ..Member::new(&property.name, &property.description)
    });
    let methods = api.method.iter().map(|method| Member {
        kind: Some("method"),
        parameters: method
            .parameters
            .iter()
            .map(|one| match one.optional {
                true => json!({"name": one.name, "optional": true, "type": {"text": one.kind}}),
                false => json!({"name": one.name, "type": {"text": one.kind}}),
            })
            .collect(),
        returns: Some(json!({"type": {"text": method.returns}})),
        ..Member::new(&method.name, &method.description)
    });
    let events = api.event.iter().map(|event| Member {
        type_: Some(Text {
            text: format!("CustomEvent<{}>", event.detail_type()),
        }),
        ..Member::new(&event.name, &event.description)
    });
    let named = |list: &'_ [super::source::Named]| -> Vec<(String, String)> {
        list.iter()
            .map(|one| (one.name.clone(), one.description.clone()))
            .collect()
    };
    let (slots, parts) = (named(&api.slot), named(&api.part));
    let css = api.css.iter().map(|one| Member {
        default: Some(one.shown.clone().unwrap_or_else(|| one.default.join("; "))),
        ..Member::new(&one.name, &one.description)
    });
    let declaration = json!({"name": CLASS, "module": "index.js"});
    let class = Class {
        kind: "class",
        name: CLASS,
        tag_name: "ob-restore-tasks",
        custom_element: true,
        superclass: json!({"name": "HTMLElement"}),
        description: "The restore tasks of an OceanBase cluster, as OCP lists them",
        attributes: attributes.collect(),
        members: fields.chain(rich).chain(methods).collect(),
        events: events.collect(),
        slots: slots.iter().map(|(name, text)| Member::new(name, text)).collect(),
        css_parts: parts.iter().map(|(name, text)| Member::new(name, text)).collect(),
        css_properties: css.collect(),
    };
    let manifest = Manifest {
        schema_version: "2.1.0",
        readme: "README.md",
        modules: vec![
            Module {
                kind: "javascript-module",
                path: "index.js",
                declarations: vec![class],
                exports: vec![json!({"kind": "js", "name": CLASS, "declaration": declaration})],
            },
            Module {
                kind: "javascript-module",
                path: "define.js",
                declarations: Vec::new(),
                exports: vec![json!({
                    "kind": "custom-element-definition", "name": "ob-restore-tasks", "declaration": declaration,
                })],
            },
        ],
    };
    let mut out = Vec::new();
    manifest.serialize(&mut Serializer::with_formatter(
        &mut out,
        PrettyFormatter::with_indent(b" "),
    ))?;
    out.push(b'\n');
    String::from_utf8(out).context("the manifest is no text")
}
