//! Compares `package/api.toml` with the code of the element: attributes, methods, events, exports. What one has, the other has, and
//! says the same of it.

use anyhow::{Context, Result};

use super::code::{Code, after, between, enclosed, items, pair_names, quoted, word};
use super::report::{Facts, Report, list, names};
use super::source::{Api, Attribute, Type, union};

const ELEMENT: &str = "static/element.js";
const CONFIG: &str = "src/core/settings/attributes.rs";
const EVENTS: &str = "src/embed/events.rs";
const EMBED: &str = "src/embed/mod.rs";

/// What the element's scripts and the inside of the module say.
pub(super) fn element(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    attributes(api, code, report)?;
    core_attributes(api, code, report)?;
    let rich = names(api.property.iter().map(|property| &property.name));
    report.compare(
        "properties",
        ELEMENT,
        &rich,
        &names(list(code, ELEMENT, "const RICH")?),
    );
    let arms = code.between(EMBED, "match name {", "_ => {}")?;
    let arms = arms
        .lines()
        .filter(|line| line.trim_start().starts_with('"') && line.contains("=>"));
    report.compare(
        "properties",
        EMBED,
        &rich,
        &names(arms.filter_map(|line| quoted(line).next())),
    );
    methods(api, code, report)?;
    events(api, code, report)?;
    exports(api, code, report)?;
    files(api, code, report)
}

/// An attribute's property, default and bounds.
fn fact(property: &str, default: &str, bounds: Option<(u64, u64)>) -> String {
    let bounds = bounds.map(|(least, most)| format!(", {least} to {most}"));
    format!("{property}, default \"{default}\"{}", bounds.unwrap_or_default())
}

fn attributes(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let documented = api.attribute.iter().map(|attribute| {
        let default = attribute.default.as_deref().unwrap_or_default();
        let bounds = attribute.least.zip(attribute.most);
        (attribute.name.clone(), fact(&attribute.property, default, bounds))
    });
    let mut found = Facts::new();
    for line in code.between(ELEMENT, "const ATTRIBUTES = {\n", "\n};")?.lines() {
        let mut texts = quoted(line);
        let (Some(name), Some(property)) = (texts.next(), texts.next()) else {
            continue;
        };
        let numbers = line
            .split_once("whole(value, ")
            .and_then(|(_, tail)| tail.split_once(')'));
        let numbers: Vec<f64> = numbers
            .map(|(numbers, _)| {
                numbers
                    .split(", ")
                    .filter_map(|number| number.parse().ok())
                    .collect()
            })
            .unwrap_or_default();
        let said = match numbers[..] {
            [least, most, default] => fact(property, &default.to_string(), Some((least as u64, most as u64))),
            _ if line.contains("!== undefined") => fact(property, "false", None),
            _ => fact(property, texts.last().unwrap_or_default(), None),
        };
        found.insert(name.to_owned(), said);
    }
    report.compare("attributes", ELEMENT, &documented.collect(), &found);

    let standalone = api.attribute.iter().filter(|attribute| attribute.standalone);
    let taken = list(code, "static/page.js", "const names ")?;
    let standalone = names(standalone.map(|attribute| &attribute.name));
    report.compare(
        "attributes of the standalone page",
        "static/page.js",
        &standalone,
        &names(taken),
    );

    let props = code.between("src/app/component.rs", "pub struct RestoreTasksProps {", "\n}")?;
    let props = after(props, "    pub ", ':').filter(|name| !name.starts_with("on_"));
    let documented = names(
        api.attribute
            .iter()
            .filter(|one| one.core)
            .map(|one| one.name.replace('-', "_")),
    );
    report.compare(
        "props of the Yew component",
        "src/app/component.rs",
        &documented,
        &names(props),
    );
    Ok(())
}

/// What the core reads of the attributes: their names, choices, bounds and defaults.
fn core_attributes(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let bare = |path: &str| Ok::<_, anyhow::Error>(code.file(path)?.split_whitespace().collect::<String>());
    let (config, store) = (bare(CONFIG)?, bare("src/app/store.rs")?);
    let calls = ["get(\"", "number(\"", "choice(\"", "index(\""];
    let read = calls.iter().flat_map(|call| after(&config, call, '"'));
    let read = read.chain(after(&store, "raw.get(\"", '"'));
    // The page may hand the language over by itself, so that no constant name is asked for there.
    let documented = api.attribute.iter().filter(|attribute| attribute.core);
    report.compare(
        "attributes",
        CONFIG,
        &names(documented.map(|one| &one.name)),
        &names(read),
    );

    let defaults = between(&config, "implDefaultforConfig{", "}}}").unwrap_or_default();
    let (mut documented, mut found) = (Facts::new(), Facts::new());
    for attribute in &api.attribute {
        let (name, field) = (&attribute.name, attribute.name.replace('-', "_"));
        if let Some((least, most)) = attribute.least.zip(attribute.most) {
            let default = attribute.default.as_deref().unwrap_or_default();
            documented.insert(name.clone(), format!("{least},{most},{default}"));
            let bounds = between(&config, &format!("number(\"{name}\","), ",defaults").unwrap_or_default();
            let default = between(defaults, &format!("{field}:"), ",").unwrap_or_default();
            found.insert(name.clone(), format!("{bounds},{default}").replace('_', ""));
        }
    }
    report.compare("numbers", CONFIG, &documented, &found);

    let choices = api
        .attribute
        .iter()
        .filter(|one| one.kind == Type::Choice && one.core);
    let documented = choices.map(|one| (one.name.clone(), one.choices.join(" ")));
    let mut found = Facts::new();
    for call in ["choice(\"", "index(\""] {
        for tail in config.split(call).skip(1) {
            let Some((name, rest)) = tail.split_once("\",") else {
                continue;
            };
            let Some(list) = enclosed(rest.trim_start_matches('&')) else {
                continue;
            };
            let pairs = pair_names(list);
            let words = if pairs.is_empty() {
                quoted(list).map(str::to_owned).collect()
            } else {
                pairs
            };
            found.insert(name.to_owned(), words.join(" "));
        }
    }
    report.compare("choices", CONFIG, &documented.collect(), &found);
    let wrong = |one: &&Attribute| one.kind == Type::Choice && one.choices.first() != one.default.as_ref();
    for one in api.attribute.iter().filter(wrong) {
        report.0.push(format!(
            "attributes: the first choice of `{}` must be its default",
            one.name
        ));
    }
    Ok(())
}

fn methods(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let documented = api.method.iter().map(|method| {
        let parameters: Vec<&str> = method.parameters.iter().map(|one| one.name.as_str()).collect();
        (method.name.clone(), parameters.join(", "))
    });
    let class = code.between(ELEMENT, "export class ObRestoreTasksElement", "\n}")?;
    let mut found = Facts::new();
    for line in class.lines().filter_map(|line| line.strip_prefix("  ")) {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let name = word(line);
        let is_method =
            line[name.len()..].starts_with('(') && line.starts_with(|c: char| c.is_ascii_lowercase());
        if !is_method || name == "constructor" || name.ends_with("Callback") {
            continue;
        }
        let parameters = enclosed(&line[name.len()..]).unwrap_or_default();
        let parameters: Vec<&str> = items(parameters).into_iter().map(word).collect();
        found.insert(name.to_owned(), parameters.join(", "));
    }
    report.compare("methods", ELEMENT, &documented.collect(), &found);
    Ok(())
}

fn events(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let said = |cancelable: bool, fields: &[String]| {
        format!(
            "{}{}",
            if cancelable { "cancelable: " } else { "" },
            fields.join(", ")
        )
    };
    let documented: Facts = api
        .event
        .iter()
        .map(|event| {
            let fields: Vec<String> = event.detail.iter().map(|field| field.name.clone()).collect();
            (event.name.clone(), said(event.cancelable, &fields))
        })
        .collect();
    let text = code.file(EVENTS)?;
    let mut found = Facts::new();
    for (at, mark) in text.match_indices("notice(\"") {
        let (before, tail) = (&text[..at], &text[at + mark.len()..]);
        let Some((name, rest)) = tail.split_once("\", ") else {
            continue;
        };
        // The fields are there, or in the last list before it.
        let list = rest
            .strip_prefix("vec!")
            .or_else(|| before.rsplit_once("let detail = vec!").map(|(_, list)| list));
        let fields = pair_names(list.and_then(enclosed).unwrap_or_default());
        let spread = before.strip_suffix("..").unwrap_or_default();
        let cancelable = spread.trim_end().ends_with("cancelable: true,");
        found.insert(name.to_owned(), said(cancelable, &fields));
    }
    report.compare("events", EVENTS, &documented, &found);

    let own = code.between(ELEMENT, "new CustomEvent(\"", "}),")?;
    let fields = between(own, "detail: {", "}").map(items).unwrap_or_default();
    let fields: Vec<String> = fields.into_iter().map(|field| word(field).to_owned()).collect();
    let name = word(own).to_owned();
    let of_element: Facts = documented
        .get(&name)
        .map(|fact| (name.clone(), fact.clone()))
        .into_iter()
        .collect();
    report.compare(
        "events",
        ELEMENT,
        &of_element,
        &[(name, said(false, &fields))].into(),
    );
    for (path, has) in [
        (EVENTS, ["set_bubbles(true)", "set_composed(true)"]),
        (ELEMENT, ["bubbles: true", "composed: true"]),
    ] {
        let text = code.file(path)?;
        report.require(has.iter().all(|has| text.contains(has)), || {
            format!("events: {path} does not send them bubbling and composed")
        });
    }
    for (path, text) in code.files("static", ".js") {
        for name in quoted_events(text).filter(|name| !documented.contains_key(*name)) {
            report
                .0
                .push(format!("events: `{name}` is in {path}, but not documented"));
        }
    }

    let actions = api
        .event
        .iter()
        .flat_map(|event| &event.detail)
        .find(|field| field.name == "action");
    let found: Vec<&str> = after(text, "=> Some(\"", '"').collect();
    report.require(actions.is_some_and(|field| field.kind == union(&found)), || {
        format!("events: {EVENTS} has the actions {}", union(&found))
    });
    let codes = code.between(
        "src/core/error.rs",
        "pub fn name(self) -> &'static str {",
        "\n    }\n",
    )?;
    let documented = names(api.error.iter().map(|error| &error.name));
    report.compare(
        "error codes",
        "src/core/error.rs",
        &documented,
        &names(quoted(codes)),
    );
    Ok(())
}

fn quoted_events(text: &str) -> impl Iterator<Item = &str> {
    after(text, "\"obrt-", '"').map(move |rest| {
        let start = rest.as_ptr().addr() - text.as_ptr().addr() - "obrt-".len();
        &text[start..start + "obrt-".len() + rest.len()]
    })
}

/// What the modules export, and the entries of the package.
fn exports(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let text = code.file(ELEMENT)?;
    let lines = text.lines().filter_map(|line| line.strip_prefix("export "));
    let found = lines.filter_map(|line| {
        let kinds = ["const ", "async function ", "function ", "class "];
        kinds.iter().find_map(|kind| line.strip_prefix(kind)).map(word)
    });
    let documented = names(api.export.iter().map(|export| &export.name));
    report.compare("exports", ELEMENT, &documented, &names(found));

    let manifest: serde_json::Value = serde_json::from_str(code.file("package/package.json")?)
        .context("package/package.json is no JSON")?;
    let entries = manifest["exports"]
        .as_object()
        .context("package/package.json has no exports")?;
    let documented = names(api.entry.iter().map(|entry| &entry.name));
    report.compare(
        "entries",
        "package/package.json",
        &documented,
        &names(entries.keys()),
    );
    Ok(())
}

fn files(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let page = code.file("index.html")?;
    let copied = after(page, "rel=\"copy-file\" href=\"static/", '"');
    // These become part of define.js.
    let copied = copied.filter(|name| !["element.js", "runtime.js"].contains(name));
    let package = "xtask/src/package.rs";
    let built = list(code, package, "const BUILT")?
        .into_iter()
        .chain(list(code, package, "const SHEETS")?);
    let found = names(copied.chain(built).chain(["index.html", "themes/"]));
    let documented = names(api.file.iter().map(|file| &file.name));
    report.compare(
        "files",
        "index.html and xtask/src/package.rs",
        &documented,
        &found,
    );
    Ok(())
}
