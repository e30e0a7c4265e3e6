//! The public interface on one page. package/api.toml is the source; docs/api.md, package/custom-elements.json and parts of
//! the package's types are written from it, and the source is compared with the code.

mod check_element;
mod check_inside;
mod code;
mod package;
mod page;
mod report;
mod source;
#[cfg(test)]
mod tests;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::project::Project;
use code::Code;
use report::Report;
use source::Api;

const SOURCE: &str = "package/api.toml";
const PAGE: &str = "docs/api.md";

/// What to do with the interface.
#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing: fail if a file is out of date or the source disagrees with the code.
    #[arg(long)]
    check: bool,
}

/// Writes the files, or says what is wrong.
pub(crate) fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let code = Code::read(&project.root)?;
    if !options.check {
        for (path, text) in written(&code)? {
            if code.file(path).ok() != Some(&text) {
                fs::write(project.root.join(path), text).with_context(|| format!("cannot write {path}"))?;
                println!("{path}");
            }
        }
    }
    let complaints = complaints(&Code::read(&project.root)?)?;
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(if complaints.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The files that the source and the code make, by their paths.
fn written(code: &Code) -> Result<Vec<(&'static str, String)>> {
    let api = Api::read(code.file(SOURCE)?)?;
    let fill = |path: &'static str, parts: &[(&str, String)]| {
        let text = package::fill(code.file(path)?, parts).context(path)?;
        Ok::<_, anyhow::Error>((path, text))
    };
    Ok(vec![
        (PAGE, page::page(&api, code)?),
        ("package/custom-elements.json", package::manifest(&api)?),
        fill("package/index.d.ts", &package::types(&api, code)?)?,
        fill("package/react.d.ts", &package::react_types(&api))?,
        fill("package/react.js", &package::react(&api))?,
    ])
}

/// What disagrees: a file that is out of date, or the source with the code.
fn complaints(code: &Code) -> Result<Vec<String>> {
    let api = Api::read(code.file(SOURCE)?)?;
    let mut report = Report::default();
    check_element::element(&api, code, &mut report)?;
    check_inside::limits(&api, code, &mut report)?;
    check_inside::core(&api, code, &mut report)?;
    check_inside::look(&api, code, &mut report)?;
    for (path, text) in written(code)? {
        let is_current = code.file(path).ok() == Some(&text);
        report.require(is_current, || {
            format!("{path} is out of date; run `cargo xtask api`")
        });
    }
    let page = page::page(&api, code)?;
    for name in api.texts() {
        let is_used = page.contains(api.text(name)?);
        report.require(is_used, || {
            format!("{SOURCE}: the text `{name}` is not on the page")
        });
    }
    Ok(report.0)
}
