use super::*;
use crate::core::domain::failure::Cause;

#[test]
fn values_are_put_in_once() {
    let held = fill(Lang::EN, Key::Held, &[("held", "{total}"), ("total", "1,240")]);
    assert_eq!(held, "{total} of 1,240 tasks");
}

#[test]
fn a_number_decides_the_form_of_its_word() {
    for (n, want) in [
        ("0", "0 tasks in the view."),
        ("1", "1 task in the view."),
        ("1,001", "1,001 tasks in the view."),
    ] {
        assert_eq!(fill(Lang::EN, Key::Shown, &[("n", n)]), want);
    }
    let words = |n| fill(Lang::EN, Key::Summarize, &[("n", n)]);
    assert_eq!(
        [words("1"), words("2")],
        ["Summarize the 1 task", "Summarize all 2 tasks"]
    );
    assert_eq!(
        fill(Lang::ZH_CN, Key::Shown, &[("n", "1")]),
        "视图中有 1 个任务。"
    );
    // Braces in a value are not read as a form.
    assert_eq!(
        fill(Lang::EN, Key::HeldOnly, &[("held", "{held|a|b}")]),
        "{held|a|b} tasks"
    );
}

#[test]
fn every_english_word_that_is_counted_has_both_forms() {
    // Words of the contract with one form. Their numbers are never 1, or the contract fixes the word.
    const ONLY_MANY: &[&str] = &[
        "Held",
        "ViewsFull",
        "ColumnSized",
        "ChainSucceeded",
        "ChainFailed",
        "ChainAllFailed",
        "ChainAllSucceeded",
        "ChainRunning",
        "ChainUnknown",
    ];
    for (key, name) in Key::ALL.iter().copied() {
        if ONLY_MANY.contains(&name) {
            continue;
        }
        let mut rest = text(Lang::EN, key);
        while let Some((_, tail)) = rest.split_once('}') {
            let word = tail
                .trim_start()
                .split([' ', ',', '.', ';'])
                .next()
                .unwrap_or_default();
            let is_plural = word.len() > 2 && word.ends_with('s') && word.chars().all(char::is_lowercase);
            let is_verb = ["has", "keeps", "is"].contains(&word);
            assert!(
                !is_plural || is_verb,
                "{name}: {word} after a value needs a form for one"
            );
            assert_ne!(word, "match", "{name}");
            rest = tail;
        }
    }
}

#[test]
fn the_package_names_every_text_and_no_other() {
    let types = include_str!("../../../package/index.d.ts");
    let names = types
        .split("type MessageName =")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    let names: Vec<&str> = names.split('"').skip(1).step_by(2).collect();
    for name in &names {
        assert!(Key::named(name).is_some(), "{name} is the name of no text");
    }
    let known = Key::ALL.len();
    assert_eq!(names.len(), known, "run `cargo xtask api`");
}

/// The sources that use texts: all but the texts themselves and the tests.
fn sources(dir: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let is_language = ["en.rs", "ja.rs", "zh_cn.rs"]
            .iter()
            .any(|name| path.ends_with(name));
        if path.is_dir() {
            sources(&path, into);
        } else if !is_language
            && path.extension().is_some_and(|kind| kind == "rs")
            && !path.to_string_lossy().ends_with("_tests.rs")
        {
            let source = std::fs::read_to_string(path).unwrap();
            into.push_str(source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default());
        }
    }
}

#[test]
fn every_text_is_said_somewhere() {
    let mut all = String::new();
    sources(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut all,
    );
    let is_said = |text: &str| {
        all.match_indices(text).any(|(at, _)| {
            let after = all[at + text.len()..].chars().next();
            !after.is_some_and(char::is_alphanumeric)
        })
    };
    let keys = Key::ALL.iter().map(|(_, name)| format!("Key::{name}"));
    let unused: Vec<String> = keys.filter(|text| !is_said(text)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_language_takes_the_same_values_and_says_something_of_its_own() {
    let names = |text: &str| {
        let mut names: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0.split('|').next()?.to_owned()))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let keys = Key::ALL.iter().copied();
    for (key, name) in keys {
        let english = text(Lang::EN, key);
        assert!(!english.trim().is_empty(), "{name}");
        for lang in [Lang::ZH_CN, Lang::JA] {
            let other = text(lang, key);
            assert_eq!(names(other), names(english), "{name}: {other}");
        }
    }
}

#[test]
fn the_host_has_the_last_word() {
    let texts =
        [("shown", "{n} Stück"), ("err404", "x")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(HostMessages::new(texts.to_vec()), Err("err404".to_owned()));
    let lang = Lang::JA.with(HostMessages::new(texts[..1].to_vec()).ok());
    assert_eq!(fill(lang, Key::Shown, &[("n", "3")]), "3 Stück");
    assert_eq!(text(lang, Key::Failed), "失敗");
    assert_eq!(lang.tag(), "ja");
    assert_eq!(Key::named("filterLabel"), Some(Key::FilterLabel));
    assert_eq!(Key::named("checkLogGap"), Some(Key::CheckLogGap));
    assert_eq!(Key::named("overdue"), Some(Key::Overdue));
    for name in ["FilterLabel", "filterlabel", "", "__proto__"] {
        assert_eq!(Key::named(name), None, "{name}");
    }
}

#[test]
fn tags_lead_to_languages() {
    for (tag, lang) in [
        ("zh", Lang::ZH_CN),
        ("zh-CN", Lang::ZH_CN),
        ("zh-Hans-SG", Lang::ZH_CN),
        ("zh-TW", Lang::EN),
        ("ja-JP", Lang::JA),
        ("de", Lang::EN),
        ("", Lang::EN),
    ] {
        assert_eq!(Lang::from_tag(tag), lang, "{tag}");
    }
}

#[test]
fn texts_are_sentences_of_their_own() {
    for lang in [Lang::EN, Lang::ZH_CN, Lang::JA] {
        let mut seen = std::collections::HashSet::new();
        for cause in Cause::ALL {
            let (meaning, check) = terms::cause(cause);
            for key in [meaning, check] {
                let said = text(lang, key);
                assert!(said.ends_with(['.', '。']), "{said}");
                assert!(!said.contains(['{', '}']), "{said}");
                assert!(said.chars().count() <= 130, "{said}");
                assert!(seen.insert(said), "{said}");
            }
        }
    }
}
#[test]
fn every_language_loads_the_same_texts_first() {
    for other in [zh_cn::FIRST_ROW, ja::FIRST_ROW] {
        assert_eq!(other, en::FIRST_ROW);
    }
}
