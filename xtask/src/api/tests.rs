use std::collections::BTreeSet;
use std::path::Path;

use super::*;

fn read() -> Code {
    Code::read(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).unwrap()
}

#[test]
fn the_files_are_current_and_the_source_agrees_with_the_code() {
    let complaints = complaints(&read()).unwrap();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// A file, a text in it, what stands there instead, and what must be complained about then: each comparison once from
/// each side.
#[rustfmt::skip]
const CHANGES: &[(&str, &str, &str, &str)] = &[
    (SOURCE, "name = \"storage-key\"", "name = \"store-key\"", "attributes: `store-key` is documented"),
    (ELEMENT, "\"storage-key\": [", "\"store-key\": [", "attributes: `store-key` is in static/element.js"),
    (ELEMENT, "[\"jobHref\", text]", "[\"jobLink\", text]", "attributes: `job-href` is documented as"),
    (ELEMENT, "whole(value, 1, 2000, 20)", "whole(value, 1, 2000, 50)", "attributes: `page-size` is documented as"),
    (ELEMENT, "value ?? \"rt\"", "value ?? \"tasks\"", "attributes: `url-key` is documented as"),
    (CONFIG, "reader.get(\"filter\")", "reader.get(\"query\")", "attributes: `query` is in src/core/settings/attributes.rs"),
    (CONFIG, "reader.number(\"page-size\", 1, 2000", "reader.number(\"page-size\", 1, 500", "numbers: `page-size`"),
    (CONFIG, "max_rows: 200_000,", "max_rows: 100_000,", "numbers: `max-rows`"),
    (CONFIG, "(\"compact\", Density::Compact)", "(\"dense\", Density::Compact)", "choices: `density`"),
    (SOURCE, "choices = [\"on\", \"off\"]", "choices = [\"on\", \"no\"]", "choices: `shortcuts`"),
    ("static/page.js", "\"storage-key\", \"shortcuts\"", "\"storage-key\"", "standalone page: `shortcuts` is documented"),
    ("static/page.js", "\"shortcuts\",", "\"shortcuts\", \"job-href\",", "standalone page: `job-href` is in"),
    ("src/app/component.rs", "    pub shortcuts:", "    pub keys:", "Yew component: `keys` is in src/app/component.rs"),
    (ELEMENT, "\"tasks\", \"messages\"]", "\"tasks\"]", "properties: `messages` is documented, but not in static"),
    ("src/embed/mod.rs", "            \"headers\" =>", "            \"head\" =>", "properties: `head` is in src/embed"),
    (SOURCE, "name = \"fetcher\"", "name = \"fetch\"", "properties: `fetch` is documented"),
    (ELEMENT, "  async refresh() {", "  async reload() {", "methods: `reload` is in static/element.js"),
    (SOURCE, "name = \"whenReady\"", "name = \"ready\"", "methods: `ready` is documented"),
    (ELEMENT, "  focus(options) {", "  focus() {", "methods: `focus` is documented as"),
    (EVENTS, "(\"fetchedAt\", ", "(\"at\", ", "events: `obrt-load` is documented as"),
    (EVENTS, "notice(\"obrt-state-change\"", "notice(\"obrt-change\"", "events: `obrt-change` is in src/embed"),
    (EVENTS, "cancelable: true,\n            ..", "..", "events: `obrt-row-activate` is documented as"),
    (EVENTS, "set_composed(true)", "set_composed(false)", "does not send them bubbling"),
    (EVENTS, "Some(\"pools\")", "Some(\"names\")", "has the actions \"job\" | \"names\""),
    (ELEMENT, "retryable: true, attribute: null", "retryable: true", "events: `obrt-error` is documented as"),
    (ELEMENT, "[\"obrt-load\", \"obrt-error\"]", "[\"obrt-done\"]", "events: `obrt-done` is in static/element.js"),
    (SOURCE, "name = \"traceId\"", "name = \"trace\"", "events: `obrt-load` is documented as"),
    ("src/core/error.rs", "=> \"too-large\"", "=> \"large\"", "error codes: `large` is in"),
    (SOURCE, "name = \"rate-limit\"", "name = \"rate\"", "error codes: `rate` is documented"),
    (ELEMENT, "export async function init(", "export async function load(", "exports: `load` is in"),
    (SOURCE, "name = \"TAG\"", "name = \"NAME\"", "exports: `NAME` is documented"),
    ("package/package.json", "\"./wasm\":", "\"./module\":", "entries: `./module` is in"),
    (SOURCE, "name = \"./react\"", "name = \"./react18\"", "entries: `./react18` is documented"),
    ("index.html", "static/worker.js\"", "static/work.js\"", "files: `work.js` is in"),
    (SOURCE, "name = \"decode.js\"", "name = \"decoder.js\"", "files: `decoder.js` is documented"),
    ("src/core/domain/column.rs", "Rewind \"rewind\"", "Rewind \"back\"", "columns: `back` is in"),
    ("src/core/domain/column.rs", "Kind::Text(TextField::ErrorMsg)", "Kind::Worded(TextField::ErrorMsg)", "columns: `errorMsg`"),
    ("src/core/domain/column.rs", "    Column::Duration,\n", "", "columns: src/core/domain/column.rs has the default set"),
    ("src/core/i18n/en.rs", "ColDuration = \"Took\"", "ColDuration = \"Length\"", "columns: `duration`"),
    (SOURCE, "id = \"ocpJobId\"", "id = \"job\"", "columns: `job` is documented"),
    ("src/core/query/filter/field.rs", "    Pool \"pool\" Text;\n", "", "filter fields: `pool` is documented"),
    ("src/core/query/filter/field.rs", "    Uri \"uri\" Text;\n", "    Uri \"uri\" Text;\n    Owner \"owner\" Text;\n", "filter fields: `owner` is in"),
    (SOURCE, "examples = [\"id:4\"", "examples = [\"ids:4\"", "the example `ids:4` is none of `id`"),
    ("src/core/settings/url_sync.rs", "\"columns\", \"zone\"", "\"columns\"", "keys in the address: `zone` is documented"),
    ("src/core/settings/url_sync.rs", "\"columns\", \"zone\"", "\"columns\", \"zone\", \"size\"", "keys in the address: `size` is in"),
    ("src/core/settings/view.rs", "(\"pinned\", self", "(\"pin\", self", "state: `pin` is in"),
    (SOURCE, "name = \"widths\"", "name = \"width\"", "state: `width` is documented"),
    ("src/embed/mod.rs", "\"csv\" => Form", "\"tsv\" => Form", "export formats: `tsv` is in"),
    ("src/embed/mod.rs", "Some(\"page\") => true", "Some(\"rows\") => true", "export scopes: `rows` is in"),
    (SOURCE, "name = \"json\"", "name = \"xml\"", "export formats: `xml` is documented"),
    ("src/embed/values.rs", "pub(super) redacted:", "pub(super) plain:", "export options: `plain` is in"),
    (SOURCE, "redacted?: boolean", "safe?: boolean", "export options: `safe` is documented"),
    ("src/core/report/export.rs", "(\"exportedAt\", ", "(\"at\", ", "manifest of an export: `at` is in"),
    (SOURCE, "name = \"digest\"", "name = \"hash\"", "manifest of an export: `hash` is documented"),
    ("src/view/toolbar/mod.rs", "part=\"toolbar\"", "part=\"bar\"", "parts: `bar` is in"),
    ("src/view/table/row.rs", "\"cell error\"\n", "\"cell failure\"\n", "parts: `failure` is in"),
    (SOURCE, "name = \"banner\"", "name = \"notice\"", "parts: `notice` is documented"),
    ("src/view/toolbar/mod.rs", "<slot name=\"toolbar-end\">", "<slot name=\"end\">", "slots: `end` is in"),
    (SOURCE, "name = \"toolbar-start\"", "name = \"start\"", "slots: `start` is documented"),
    ("src/view/table/mod.rs", " data-pinned=", " data-pin=", "data attributes: `data-pin` is in"),
    (SOURCE, "\"data-status\", ", "", "data attributes: `data-status` is in"),
    ("src/view/live.rs", "role=\"status\"", "role=\"log\"", "shadow root: src/view/live.rs has no"),
    ("static/widget.css", "var(--obrt-accent, light-dark(#1d5fd0", "var(--obrt-accent, light-dark(#000000", "`--obrt-accent` is documented as"),
    ("static/later.css", "--obrt-max-height", "--obrt-most", "custom properties: `--obrt-most` is in"),
    ("static/themes/ant-design.css", "  --obrt-text:", "  --obrt-ink:", "`--obrt-ink` is in static/themes"),
    (SOURCE, "name = \"--obrt-radius\"", "name = \"--obrt-round\"", "custom properties: `--obrt-round` is documented"),
    ("src/view/help.rs", "(\"p\", ", "(\"h\", ", "keyboard: `h` is in"),
    (SOURCE, "name = \"Esc\"", "name = \"Escape\"", "keyboard: `Escape` is documented"),
    ("src/core/state/scheduler.rs", "MOST_IN_FLIGHT: usize = 4", "MOST_IN_FLIGHT: usize = 6", "limits: `in-flight` is 4"),
    ("src/services/fetch.rs", "MOST_BYTES: usize = 64 << 20", "MOST_BYTES: usize = 32 << 20", "limits: `largest-body` is 64"),
    ("docs/embedding.md", "connect-src 'self'", "connect-src *", "docs/embedding.md quotes another"),
    ("static/decode.js", "createPolicy(\"ob-restore-tasks\"", "createPolicy(\"other\"", "makes no policy"),
    (SOURCE, "[text]\n", "[text]\nunused = \"Nobody reads this.\"\n", "the text `unused` is not on the page"),
    (PAGE, "## Slots", "## Places", "docs/api.md is out of date"),
    ("package/custom-elements.json", "\"obrt-load\"", "\"obrt-loaded\"", "package/custom-elements.json is out of date"),
    ("package/index.d.ts", "  pageSize: number;", "  pageSize: string;", "package/index.d.ts is out of date"),
    ("src/core/i18n/en.rs", "        PausedNote = ", "        PauseNote = ", "package/index.d.ts is out of date"),
    ("package/react.d.ts", "  onLoad?", "  onLoaded?", "package/react.d.ts is out of date"),
    ("package/react.js", "  onLoad: ", "  onLoaded: ", "package/react.js is out of date"),
];
const ELEMENT: &str = "static/element.js";
const CONFIG: &str = "src/core/settings/attributes.rs";
const EVENTS: &str = "src/embed/events.rs";

#[test]
fn every_comparison_fails_when_one_side_changes() {
    let code = read();
    let mut missed = Vec::new();
    for (path, from, to, expected) in CHANGES {
        let text = code.file(path).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        let changed = code.with(path, |text| text.replacen(from, to, 1));
        let complaints = complaints(&changed).unwrap_or_else(|error| vec![format!("{error:#}")]);
        if !complaints.iter().any(|complaint| complaint.contains(expected)) {
            missed.push(format!(
                "{path}: {from} -> {to}: no “{expected}” in:\n  {}",
                complaints.join("\n  ")
            ));
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn a_pattern_that_finds_nothing_is_no_agreement() {
    let changed = read().with(ELEMENT, |text| text.replace("const ATTRIBUTES", "const INPUTS"));
    let error = complaints(&changed).unwrap_err().to_string();
    assert!(
        error.contains("static/element.js has no `const ATTRIBUTES"),
        "{error}"
    );
    let changed = read().with(EVENTS, |text| text.replace("notice(\"", "event(\""));
    let said = complaints(&changed).unwrap().join("\n");
    assert!(
        said.contains("events: nothing was found in src/embed/events.rs"),
        "{said}"
    );
}

#[test]
fn links_of_the_page_lead_to_its_headings() {
    let code = read();
    let page = code.file(PAGE).unwrap();
    let titles = page
        .lines()
        .filter_map(|line| line.split_once("# "))
        .filter(|(marks, _)| marks.chars().all(|c| c == '#'));
    let anchors: BTreeSet<String> = titles.map(|(_, title)| page::anchor(title)).collect();
    for link in code::after(page, "](#", ')') {
        assert!(anchors.contains(link), "no heading for #{link}");
    }
    for link in code::after(page, "](", ')').filter(|link| !link.starts_with('#')) {
        // The page is beside the others in docs/ and in the npm package.
        let path = link.split('#').next().unwrap();
        assert!(
            !path.contains('/') && code.file(&format!("docs/{path}")).is_ok(),
            "{link}"
        );
    }
    assert_eq!(page.matches("\n```").count() % 2, 0);
}

#[test]
fn what_is_written_is_written_only_between_the_marks() {
    let text = "a\n  // begin x: y\n  old\n  // end x\nb\n";
    let filled = package::fill(text, &[("x", "  new\n".into())]).unwrap();
    assert_eq!(filled, "a\n  // begin x: y\n  new\n  // end x\nb\n");
    assert!(package::fill(text, &[]).is_err() && package::fill(text, &[("y", String::new())]).is_err());
}

#[test]
fn limits_are_named_and_not_repeated() {
    let api = read().file(SOURCE).unwrap().to_owned();
    let error = Api::read(&api.replace("<<retries>>", "<<tries>>"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("no limit has the name `tries`"), "{error}");
    let page = page::page(&Api::read(&api).unwrap(), &read()).unwrap();
    assert!(!page.contains("<<") && page.contains("retried up to 3 times"));
}
