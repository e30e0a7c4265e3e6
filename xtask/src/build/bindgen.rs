//! wasm-bindgen as a library: the glue script for a module, and the module without what only the glue needed.
//!
//! The library is built with xtask, in the version of Cargo.lock. Cargo allows only one version of wasm-bindgen in a
//! workspace, so library and module always fit.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

/// Writes `NAME.js` and `NAME_bg.wasm` into `out`. The module keeps the names of its functions.
pub(crate) fn run(module: &Path, out: &Path, name: &str) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .typescript(false)
        .web(true)
        .and_then(|bindgen| bindgen.generate(out))
        .with_context(|| format!("wasm-bindgen cannot read {}", module.display()))
}
