//! How long a file may be. A longer one has more than one subject.

use super::source::Sources;

/// No file has more lines than this, its tests not counted.
pub(super) fn stay_short(sources: &Sources, most: usize) -> Vec<String> {
    let long = sources.files.iter().filter(|file| file.lines > most);
    long.map(|file| format!("{} has {} lines, more than {most}", file.path, file.lines))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::testing::sources;
    use super::*;

    #[test]
    fn lines_of_tests_do_not_count() {
        let cases = [
            ("fn f() {}\nfn g() {}\n", 2),
            ("fn f() {}\n\n// A comment.\nfn g() {}\n", 4),
            ("fn f() {}\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n", 1),
            ("fn f() {}\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\n", 1),
            (
                "struct S;\nimpl S {\n    #[cfg(test)]\n    fn f() {\n    }\n}\n",
                3,
            ),
            ("#[cfg(not(test))]\nfn f() {}\n", 2),
        ];
        for (text, lines) in cases {
            let sources = sources(&[("src/a.rs", text)]);
            assert_eq!(sources.files[0].lines, lines, "{text}");
        }
    }

    #[test]
    fn a_long_file_is_told() {
        let sources = sources(&[
            ("src/a.rs", "fn f() {}\nfn g() {}\n"),
            ("src/b.rs", "fn f() {}\n"),
        ]);
        assert_eq!(stay_short(&sources, 2), [""; 0]);
        assert_eq!(stay_short(&sources, 1), ["src/a.rs has 2 lines, more than 1"]);
    }
}
