//! docs/api.md from the source.

use anyhow::Result;

use super::code::{self, Code, quoted, word};
use super::source::{Api, Named, sentence, tick, ticks};

/// A table in Markdown.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        out += &format!("| {} |\n", cells.join(" | "));
    }
    out
}

fn named(head: &[&str], list: &[Named]) -> String {
    table(
        head,
        list.iter()
            .map(|one| vec![tick(&one.name), sentence(&one.description)]),
    )
}

/// What a heading is called in a link.
pub(super) fn anchor(title: &str) -> String {
    let kept = title.to_lowercase().replace(' ', "-");
    kept.chars()
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect()
}

/// The page.
pub(super) fn page(api: &Api, code: &Code) -> Result<String> {
    let text = |name| api.text(name);
    let sections: Vec<(&str, Vec<String>)> = vec![
        ("Quick start", vec![text("start")?.into()]),
        (
            "Files",
            vec![
                named(&["file", "what it is"], &api.file),
                text("files")?.into(),
                "### Package entries".into(),
                text("entries")?.into(),
                named(&["import", "what it is"], &api.entry),
                "Exports of `.` and `./define`:".into(),
                named(&["name", "what it is"], &api.export),
            ],
        ),
        (
            "Attributes",
            vec![
                text("attributes")?.into(),
                attributes(api),
                "### Time range".into(),
                text("range")?.into(),
            ],
        ),
        ("Properties", vec![text("properties")?.into(), properties(api)]),
        (
            "Methods",
            vec![
                text("methods")?.into(),
                methods(api),
                "### State object".into(),
                text("state")?.into(),
                state(api),
            ],
        ),
        ("Events", [vec![text("events")?.into()], events(api)].concat()),
        ("Error codes", vec![text("errors")?.into(), errors(api)]),
        (
            "Columns",
            vec![
                text("columns")?.into(),
                columns(api),
                "The default set, in this order:".into(),
                format!("```text\n{}\n```", api.columns.default.join(" ")),
            ],
        ),
        ("Sort order", vec![text("sort")?.into()]),
        (
            "Filter language",
            vec![text("filter")?.into(), filter(api), text("filter_rules")?.into()],
        ),
        (
            "Requests",
            vec![
                text("requests")?.into(),
                "### Automatic refresh".into(),
                text("refresh")?.into(),
            ],
        ),
        ("Limits", vec![limits(api)]),
        ("Masked secrets", vec![text("secrets")?.into()]),
        (
            "Export",
            vec![
                text("export")?.into(),
                named(&["`format`", "result"], &api.format),
                named(&["`scope`", "which tasks"], &api.scope),
                "The manifest of a JSON export:".into(),
                named(&["field", "what it is"], &api.manifest),
            ],
        ),
        ("View in the address", vec![text("address")?.into(), keys(api)]),
        ("What the browser stores", vec![text("storage")?.into()]),
        ("Keyboard", vec![text("keyboard")?.into(), keyboard(api)]),
        ("Custom properties", vec![text("theming")?.into(), css(api)]),
        ("Parts", vec![named(&["`::part()`", "what it is"], &api.part)]),
        ("Slots", vec![slots(api)]),
        ("Shadow root", vec![text("inside")?.into(), inside(api)]),
        (
            "Texts",
            vec![
                text("texts")?.into(),
                labels(api, code)?,
                "### Status texts".into(),
                statuses(api, code)?,
            ],
        ),
        (
            "Content security policy",
            vec![
                text("policy")?.into(),
                format!("```text\n{}\n```", api.policy.header),
                text("policy_rules")?.into(),
            ],
        ),
        ("Yew", vec![text("yew")?.into()]),
    ];
    let mut out = String::from(
        "<!-- Written by `cargo xtask api` from package/api.toml. Change that file, not this one. -->\n\n",
    );
    out += &format!("# API of `<ob-restore-tasks>`\n\n{}\n\n", text("intro")?);
    for (title, _) in &sections {
        out += &format!("- [{title}](#{})\n", anchor(title));
    }
    for (title, blocks) in sections {
        out += &format!("\n## {title}\n");
        for block in blocks {
            out += &format!("\n{}\n", block.trim_end());
        }
    }
    Ok(out)
}

fn attributes(api: &Api) -> String {
    let rows = api.attribute.iter().map(|one| {
        let default = one.unset.clone().unwrap_or_else(|| match one.default.as_deref() {
            Some("false") => "absent".into(),
            default => tick(default.unwrap_or_default()),
        });
        vec![
            tick(&one.name),
            format!(
                "{} {}",
                tick(&one.property),
                one.script_type()
                    .split(' ')
                    .next()
                    .map_or("", |kind| { if kind.starts_with('"') { "string" } else { kind } })
            ),
            one.worded(),
            default,
            sentence(&one.description),
        ]
    });
    table(&["attribute", "property", "values", "default", "meaning"], rows)
}

fn properties(api: &Api) -> String {
    let rows = api.property.iter().map(|one| {
        let kind = one.manifest_type.as_ref().unwrap_or(&one.kind);
        vec![tick(&one.name), tick(kind), sentence(&one.description)]
    });
    table(&["property", "type", "meaning"], rows)
}

fn methods(api: &Api) -> String {
    let rows = api
        .method
        .iter()
        .map(|method| vec![tick(&method.signature()), sentence(&method.description)]);
    table(&["method", "meaning"], rows)
}

fn state(api: &Api) -> String {
    let rows = api
        .state
        .iter()
        .map(|one| vec![tick(&one.name), tick(&one.kind), sentence(&one.description)]);
    table(&["field", "type", "meaning"], rows)
}

fn events(api: &Api) -> Vec<String> {
    let rows = api.event.iter().map(|one| {
        let cancelable = if one.cancelable { "yes" } else { "no" };
        vec![tick(&one.name), cancelable.into(), sentence(&one.description)]
    });
    let mut blocks = vec![table(&["event", "cancelable", "when"], rows)];
    for event in &api.event {
        blocks.push(format!("### {}", event.name));
        let rows = event
            .detail
            .iter()
            .map(|one| vec![tick(&one.name), tick(&one.kind), sentence(&one.description)]);
        blocks.push(table(&["`detail.`", "type", "meaning"], rows));
    }
    blocks
}

fn errors(api: &Api) -> String {
    let rows = api
        .error
        .iter()
        .map(|one| vec![tick(&one.name), sentence(&one.meaning), sentence(&one.remedy)]);
    table(&["`code`", "what happened", "what to do"], rows)
}

fn columns(api: &Api) -> String {
    let rows = api.column.iter().map(|one| {
        let set = if api.columns.default.contains(&one.id) {
            "yes"
        } else {
            ""
        };
        vec![
            tick(&one.id),
            one.title.clone(),
            one.kind.clone(),
            set.into(),
            sentence(&one.description),
        ]
    });
    table(&["id", "title", "kind", "default", "meaning"], rows)
}

fn filter(api: &Api) -> String {
    let rows = api.filter.iter().map(|one| {
        vec![
            tick(&format!("{}:", one.name)),
            sentence(&one.matches),
            ticks(&one.examples),
        ]
    });
    table(&["token", "matches", "examples"], rows)
}

fn limits(api: &Api) -> String {
    let rows = api.limit.iter().map(|one| {
        let value = format!("{} {}", one.value, one.unit);
        vec![sentence(&one.description), value.trim().to_owned()]
    });
    table(&["limit", "value"], rows)
}

fn keys(api: &Api) -> String {
    let rows = api
        .key
        .iter()
        .map(|one| vec![format!("`{{url-key}}-{}`", one.name), one.description.clone()]);
    table(&["key", "value"], rows)
}

fn keyboard(api: &Api) -> String {
    let rows = api.keyboard.iter().map(|one| {
        let star = if one.shortcut { " *" } else { "" };
        vec![format!("{}{star}", tick(&one.name)), sentence(&one.description)]
    });
    table(&["keys", "what they do"], rows)
}

fn css(api: &Api) -> String {
    let rows = api.css.iter().map(|one| {
        let default = one.shown.clone().unwrap_or_else(|| ticks(&one.default));
        vec![tick(&one.name), default, sentence(&one.description)]
    });
    table(&["property", "default", "what it sets"], rows)
}

fn slots(api: &Api) -> String {
    let rows = api.slot.iter().map(|one| {
        let name = if one.name.is_empty() {
            "default".to_owned()
        } else {
            tick(&one.name)
        };
        vec![name, sentence(&one.description)]
    });
    table(&["slot", "what it is"], rows)
}

fn inside(api: &Api) -> String {
    table(
        &["what", "how to find it"],
        api.inside
            .iter()
            .map(|one| vec![one.what.clone(), sentence(&one.find)]),
    )
}

const LANGUAGES: [&str; 3] = ["en", "zh_cn", "ja"];

/// A row of a text in all languages.
fn spoken(code: &Code, first: String, key: &str) -> Result<Vec<String>> {
    let mut row = vec![first];
    for lang in LANGUAGES {
        row.push(code::message(code, lang, key)?);
    }
    Ok(row)
}

fn labels(api: &Api, code: &Code) -> Result<String> {
    let rows: Result<Vec<Vec<String>>> = api
        .labels
        .controls
        .iter()
        .map(|key| spoken(code, tick(&(key[..1].to_ascii_lowercase() + &key[1..])), key))
        .collect();
    Ok(table(&["name", "en", "zh-CN", "ja"], rows?))
}

/// The outcomes and the stages.
fn statuses(api: &Api, code: &Code) -> Result<String> {
    let mut rows = Vec::new();
    let stages = code.between("src/core/domain/stage.rs", "\nstages! {", "\n}")?;
    for (key, raw) in
        api.labels
            .outcomes
            .iter()
            .zip(["`SUCCESS`", "`FAIL` `FAILED`", "`RESTORING`", "no status"])
    {
        rows.push(spoken(code, raw.into(), key)?);
    }
    let stages: Vec<(&str, &str)> = stages
        .lines()
        .filter_map(|line| Some((word(line.trim()), quoted(line).next()?)))
        .collect();
    for (at, (name, raw)) in stages.iter().enumerate() {
        // A status of two stages means the first one with its prefix.
        let has_twin = stages[at + 1..].iter().any(|(_, other)| other == raw);
        let prefix = if has_twin { "RESTORE_" } else { "" };
        rows.push(spoken(
            code,
            tick(&format!("{prefix}{raw}")),
            &format!("Stage{name}"),
        )?);
    }
    Ok(table(&["raw status", "en", "zh-CN", "ja"], rows))
}
