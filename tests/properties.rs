//! The properties of `cargo xtask fuzz`, tested in stable Rust: with the corpus, which contains what once
//! broke them, and with random inputs made of the corpus and the dictionaries.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../fuzz/src/lib.rs"]
mod properties;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};

/// The number of random inputs for each property.
const INPUTS: u32 = 3_000;

fn folder(parts: &[&str]) -> PathBuf {
    parts.iter().fold(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz"),
        |path, part| path.join(part),
    )
}

/// The inputs in the corpus.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder(&["corpus", name])).unwrap();
    let mut inputs: Vec<_> = files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    inputs.sort();
    inputs
}

/// The words of a dictionary: one in quotes per line, with the escapes of libFuzzer.
fn words(name: &str) -> Vec<String> {
    let text = fs::read_to_string(folder(&["dict", &format!("{name}.dict")])).unwrap();
    let quoted = text
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescaped).collect()
}

fn unescaped(word: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        let escape = (byte == b'\\').then(|| rest.next()).flatten();
        bytes.push(match escape {
            Some(b'x') => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            Some(other) => other,
            None => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// A part of an input of the corpus, with other parts and words inserted.
fn input(name: &str) -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        6 => select(words(name)),
        1 => any::<char>().prop_map(String::from),
        1 => select(vec!["\n", " ", ",", "\"", "-", ":", "0", "é", "\u{3000}"]).prop_map(str::to_owned),
        1 => any::<i64>().prop_map(|number| number.to_string()),
    ];
    let change = (any::<Index>(), any::<Index>(), word.clone());
    let changed = (select(corpus(name)), vec(change, 0..4)).prop_map(|(mut input, changes)| {
        for (from, to, word) in changes {
            let (from, to) = (from.index(input.len() + 1), to.index(input.len() + 1));
            let end = if to % 2 == 0 {
                from
            } else {
                from.max(to.min(from + 8))
            };
            input.splice(from..end, word.bytes());
        }
        input
    });
    prop_oneof![
        3 => changed,
        1 => vec(word, 0..12).prop_map(|words| words.concat().into_bytes()),
    ]
}

fn hold(name: &str) {
    let (_, property) = properties::ALL
        .into_iter()
        .find(|(other, _)| *other == name)
        .unwrap();
    let kept = corpus(name);
    assert!(kept.len() > 9, "the corpus is gone");
    kept.iter().for_each(|input| property(input));
    let mut runner = TestRunner::new(Config {
        cases: INPUTS,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    });
    // A `#` asks for a text of 256 KB. Without optimisation the ones in the corpus are enough; libFuzzer
    // tries others.
    let is_short = |input: Vec<u8>| input.strip_prefix(b"#").map_or(input.clone(), <[u8]>::to_vec);
    let held = runner.run(&input(name).prop_map(is_short), |input| {
        property(&input);
        Ok(())
    });
    if let Err(error) = held {
        panic!("{error}");
    }
}

macro_rules! each {
    ($($test:ident $name:literal;)*) => {
        $(#[test]
        fn $test() {
            hold($name);
        })*

        #[test]
        fn no_property_is_left_out() {
            assert_eq!(properties::ALL.map(|(name, _)| name), [$($name),*]);
        }
    };
}

each! {
    a_body_is_taken_whole_or_not_at_all "envelope";
    a_filter_means_what_its_tokens_mean "filter";
    a_time_is_the_same_when_it_is_read_again "time";
    a_message_keeps_its_addresses_to_itself "failure";
    no_secret_survives "secret";
    a_wrong_attribute_is_named_and_holds_nothing "config";
    a_view_comes_back_as_it_was "state";
}
