//! The page beside the module: which files `index.html` names to the build, and the page without these names.
//!
//! The build tags are Trunk's (`<link data-trunk rel="copy-file" href="…">`), so that `trunk serve` and this build copy
//! the same files from one list.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

const TAG: &str = "<link data-trunk";

/// Fills `dist` with the page and the files that it names. What was there before is removed.
pub(crate) fn assemble(index: &Path, dist: &Path) -> Result<()> {
    let text = fs::read_to_string(index).with_context(|| format!("cannot read {}", index.display()))?;
    let folder = index.parent().context("the page lies in no folder")?;
    if dist.exists() {
        fs::remove_dir_all(dist).with_context(|| format!("cannot remove {}", dist.display()))?;
    }
    fs::create_dir_all(dist).with_context(|| format!("cannot create {}", dist.display()))?;
    for tag in tags(&text) {
        let source = |tag: &str| -> Result<_> {
            let path = folder.join(attribute(tag, "href").with_context(|| format!("{tag} names no file"))?);
            let name = path.file_name().with_context(|| format!("{tag} names no file"))?;
            let to = dist.join(name);
            Ok((path, to))
        };
        match attribute(tag, "rel") {
            // The module is built, not copied.
            Some("rust") => {}
            Some("copy-file") => {
                let (from, to) = source(tag)?;
                fs::copy(&from, to).with_context(|| format!("cannot copy {}", from.display()))?;
            }
            Some("copy-dir") => {
                let (from, to) = source(tag)?;
                copy_tree(&from, &to)?;
            }
            other => bail!("{} has a build tag of unknown kind: {other:?}", index.display()),
        }
    }
    let page = dist.join("index.html");
    fs::write(&page, without_tags(&text)).with_context(|| format!("cannot write {}", page.display()))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// The build tags of a page, each up to its `>`.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.match_indices(TAG).map(|(start, _)| {
        let tag = &page[start..];
        tag.find('>').map_or(tag, |end| &tag[..end])
    })
}

/// The value of an attribute in double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The page without build tags, and without the empty lines that they leave behind.
fn without_tags(page: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find(TAG) {
        let (before, tag) = rest.split_at(start);
        kept.push_str(before);
        rest = tag.find('>').map_or("", |end| &tag[end + 1..]);
    }
    kept.push_str(rest);
    let lines = kept.lines().filter(|line| !line.trim().is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finished_page_has_no_build_tags() {
        let page = "<head>\n  <title>x</title>\n  <link data-trunk rel=\"rust\"\n    href=\"Cargo.toml\" \
                    data-trunk-id=\"0\">\n  \n  <link rel=\"stylesheet\" href=\"./page.css\">\n</head>\n";
        let clean = "<head>\n  <title>x</title>\n  <link rel=\"stylesheet\" href=\"./page.css\">\n</head>\n";
        assert_eq!(without_tags(page), clean);
        assert_eq!(without_tags(clean), clean);
    }

    #[test]
    fn copies_what_the_page_names_and_nothing_that_was_there_before() {
        let dir = tempdir("assemble");
        fs::create_dir_all(dir.join("static/themes/deep")).unwrap();
        fs::write(dir.join("static/a.js"), "a").unwrap();
        fs::write(dir.join("static/themes/deep/t.css"), "t").unwrap();
        fs::create_dir_all(dir.join("dist")).unwrap();
        fs::write(dir.join("dist/stale.js"), "old").unwrap();
        let index = dir.join("index.html");
        let page = "<link data-trunk rel=\"rust\" href=\"Cargo.toml\">\n\
                    <link data-trunk rel=\"copy-file\" href=\"static/a.js\">\n\
                    <link data-trunk rel=\"copy-dir\" href=\"static/themes\">\n<body></body>\n";
        fs::write(&index, page).unwrap();
        assemble(&index, &dir.join("dist")).unwrap();
        let read = |name: &str| fs::read_to_string(dir.join("dist").join(name)).unwrap();
        assert_eq!(
            (read("a.js").as_str(), read("themes/deep/t.css").as_str()),
            ("a", "t")
        );
        assert_eq!(read("index.html"), "<body></body>\n");
        assert!(!dir.join("dist/stale.js").exists());

        fs::write(&index, page.replace("copy-dir", "inline")).unwrap();
        let error = assemble(&index, &dir.join("dist")).unwrap_err().to_string();
        assert!(
            error.contains("unknown kind") && error.contains("inline"),
            "{error}"
        );
        fs::write(&index, page.replace("a.js", "b.js")).unwrap();
        let error = assemble(&index, &dir.join("dist")).unwrap_err().to_string();
        assert!(error.contains("static/b.js"), "{error}");
        fs::remove_dir_all(&dir).unwrap();
    }

    fn tempdir(name: &str) -> std::path::PathBuf {
        let dir = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        dir
    }
}
