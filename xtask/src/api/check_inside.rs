//! Compares `package/api.toml` with the code inside the module: columns, filter, address, state, export, and the shadow root.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::code::{self, Code, after, between, enclosed, pair_names, quoted, word};
use super::report::{Report, list, names};
use super::source::Api;

/// What the core says.
pub(super) fn core(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    columns(api, code, report)?;
    let path = "src/core/query/filter/field.rs";
    let documented = names(api.filter.iter().map(|field| &field.name));
    let found = quoted(code.between(path, "\nfields! {", "\n}")?);
    report.compare("filter fields", path, &documented, &names(found));
    for field in &api.filter {
        for example in &field.examples {
            let name = example.trim_start_matches('-').split(':').next();
            report.require(name == Some(field.name.as_str()), || {
                format!(
                    "filter fields: the example `{example}` is none of `{}`",
                    field.name
                )
            });
        }
    }
    let address = "src/core/settings/url_sync.rs";
    let keys = names(api.key.iter().map(|key| &key.name));
    report.compare(
        "keys in the address",
        address,
        &keys,
        &names(list(code, address, "const PARTS")?),
    );

    let saved = "src/core/settings/view.rs";
    let fields = pair_names(code.between(saved, "let all = [", "];")?);
    let documented = names(api.state.iter().map(|field| &field.name));
    report.compare("state", saved, &documented, &names(fields));
    export(api, code, report)
}

fn columns(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let path = "src/core/domain/column.rs";
    let titles = code.file("src/core/i18n/terms.rs")?;
    let (mut found, mut ids) = (BTreeMap::new(), BTreeMap::new());
    for line in code.between(path, "\ncolumns! {", "\n}")?.lines() {
        let Some(id) = quoted(line).next() else { continue };
        let name = word(line.trim());
        let kind = match between(line, "Kind::", ";").map(word) {
            Some("Int") => "number",
            Some("Text") => "text",
            Some("Worded") => "words",
            Some("Time") => "time",
            _ => "length",
        };
        let key = between(titles, &format!("Column::{name} => Key::"), ",");
        let key = key.with_context(|| format!("src/core/i18n/terms.rs has no title of {name}"))?;
        let title = code::message(code, "en", key)?;
        found.insert(id.to_owned(), format!("{kind}, {title}"));
        ids.insert(name, id);
    }
    let documented = api
        .column
        .iter()
        .map(|column| (column.id.clone(), format!("{}, {}", column.kind, column.title)));
    report.compare("columns", path, &documented.collect(), &found);
    let default = code.between(path, "pub const DEFAULT", "];")?;
    let default: Vec<&str> = after(default, "Column::", ',')
        .filter_map(|name| ids.get(name).copied())
        .collect();
    report.require(api.columns.default == default, || {
        format!("columns: {path} has the default set {}", default.join(" "))
    });
    Ok(())
}

fn export(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let embed = "src/embed/mod.rs";
    let text = code.file(embed)?;
    let forms = text
        .lines()
        .filter(|line| line.contains("=> Form::"))
        .filter_map(|line| quoted(line).next());
    let documented = names(api.format.iter().map(|format| &format.name));
    report.compare("export formats", embed, &documented, &names(forms));
    let scopes = code.between(embed, "options.scope.as_deref() {", "Some(_)")?;
    let documented = names(api.scope.iter().map(|scope| &scope.name));
    report.compare("export scopes", embed, &documented, &names(quoted(scopes)));

    let path = "src/embed/values.rs";
    let options = code.between(path, "struct ExportOptions {", "}")?;
    let taken = api.method.iter().find(|method| method.name == "exportData");
    let taken = taken
        .and_then(|method| method.parameters.first())
        .and_then(|one| enclosed(&one.kind));
    let taken = taken.unwrap_or_default().split(';').map(|part| word(part.trim()));
    report.compare(
        "export options",
        path,
        &names(taken),
        &names(after(options, "pub(super) ", ':')),
    );

    let path = "src/core/report/export.rs";
    let manifest = code
        .file(path)?
        .split_once("let manifest = Value::Map(vec!")
        .map(|(_, tail)| tail);
    let fields = pair_names(manifest.and_then(enclosed).unwrap_or_default());
    let documented = names(api.manifest.iter().map(|field| &field.name));
    report.compare("manifest of an export", path, &documented, &names(fields));
    Ok(())
}

/// What the views and the style sheets say.
pub(super) fn look(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let (mut parts, mut slots, mut data) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (_, text) in code.files("src/view", ".rs") {
        // The part may be chosen in a block of its own.
        let chosen = text
            .split("let part = if ")
            .skip(1)
            .filter_map(|tail| tail.split_once("};"));
        let chosen = chosen.flat_map(|(block, _)| quoted(block));
        parts.extend(
            after(text, " part=\"", '"')
                .chain(chosen)
                .flat_map(str::split_whitespace),
        );
        slots.extend(after(text, "<slot name=\"", '"'));
        data.extend(
            after(text, " data-", '=')
                .filter(|name| word(name) == *name)
                .map(|name| format!("data-{name}")),
        );
        data.extend(
            after(text, "\"data-", '"')
                .filter(|name| word(name) == *name)
                .map(|name| format!("data-{name}")),
        );
    }
    if code
        .file("static/element.js")?
        .contains("createElement(\"slot\")")
    {
        slots.insert("");
    }
    report.compare(
        "parts",
        "src/view",
        &names(api.part.iter().map(|part| &part.name)),
        &names(parts),
    );
    report.compare(
        "slots",
        "src/view",
        &names(api.slot.iter().map(|slot| &slot.name)),
        &names(slots),
    );
    let documented = names(api.shadow.internal.iter().chain(&api.shadow.public));
    report.compare("data attributes", "src/view", &documented, &names(data));
    for inside in &api.inside {
        report.require(code.file(&inside.file)?.contains(&inside.proof), || {
            format!(
                "shadow root: {} has no `{}` ({})",
                inside.file, inside.proof, inside.what
            )
        });
    }
    css(api, code, report)?;
    let help = code.between("src/view/help.rs", "fn keys(", "let shortcuts = shortcuts")?;
    let mut found = BTreeMap::new();
    for (kind, start) in [("shortcut", "let shortcuts = ["), ("", "let always = [")] {
        let keys = pair_names(between(help, start, "];").unwrap_or_default());
        found.extend(keys.into_iter().map(|key| (key, kind.to_owned())));
    }
    let documented = api.keyboard.iter().map(|key| {
        (
            key.name.clone(),
            if key.shortcut {
                "shortcut".to_owned()
            } else {
                String::new()
            },
        )
    });
    report.compare("keyboard", "src/view/help.rs", &documented.collect(), &found);
    policy(api, code, report)
}

fn css(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in code.files("static", ".css") {
        for (at, mark) in text.match_indices("var(--obrt-") {
            let name = word(&text[at + mark.len()..]);
            let inner = enclosed(&text[at + "var".len()..]).unwrap_or_default();
            // Without a fallback the host would have to set it.
            let fallback = inner.split_once(", ").map_or("none", |(_, fallback)| fallback);
            let known = found.entry(format!("--obrt-{name}")).or_default();
            if !known.contains(&fallback) {
                known.push(fallback);
            }
        }
        let set = after(text, "  --obrt-", ':').filter(|name| word(name) == *name);
        for name in set.filter(|name| {
            !api.css
                .iter()
                .any(|one| one.name.strip_prefix("--obrt-") == Some(name))
        }) {
            report.0.push(format!(
                "custom properties: `--obrt-{name}` is in {path}, but not documented"
            ));
        }
    }
    let found = found
        .into_iter()
        .map(|(name, defaults)| (name, defaults.join("; ")))
        .collect();
    let documented = api
        .css
        .iter()
        .map(|one| (one.name.clone(), one.default.join("; ")));
    report.compare("custom properties", "static", &documented.collect(), &found);
    Ok(())
}

fn policy(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    for path in &api.policy.quoted {
        let text = code.file(path)?.replace("\\\n", " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        report.require(text.contains(&api.policy.header), || {
            format!("content security policy: {path} quotes another one")
        });
    }
    let name = &api.policy.trusted_types;
    report.require(
        code.file("static/decode.js")?
            .contains(&format!("createPolicy(\"{name}\"")),
        || format!("content security policy: static/decode.js makes no policy `{name}`"),
    );
    Ok(())
}

/// The limits against the constants.
pub(super) fn limits(api: &Api, code: &Code, report: &mut Report) -> Result<()> {
    for limit in &api.limit {
        let found = code::constant(code, &limit.file, &limit.constant)?;
        report.require(found == limit.value * limit.per, || {
            let (name, file) = (&limit.name, &limit.file);
            format!(
                "limits: `{name}` is {} x {}, but {found} in {file}",
                limit.value, limit.per
            )
        });
    }
    Ok(())
}
