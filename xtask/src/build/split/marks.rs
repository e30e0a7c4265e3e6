//! Marks of functions: what a recording keeps of their names, and the module in which each function leaves its mark.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use walrus::ir::Value;
use walrus::{ConstExpr, FunctionId, FunctionKind, Module, ModuleConfig, ValType};

/// The marks of the functions that a first row needs.
pub(crate) struct Profile(pub(super) BTreeSet<String>);

impl Profile {
    /// Reads it: marks between white space; lines that begin with `#` are for people.
    pub(crate) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(lines.flat_map(str::split_whitespace).map(str::to_owned).collect())
    }

    /// Writes the marks that were left.
    pub(crate) fn write(marks: &BTreeSet<String>) -> String {
        let mut text = String::from(
            "# Which functions of the widget a first row needs, by the hashes of their names.\n\
             # Made by `cargo xtask profile`; see xtask/src/build/split.rs.\n",
        );
        let marks: Vec<&str> = marks.iter().map(String::as_str).collect();
        for line in marks.chunks(12) {
            text.push_str(&line.join(" "));
            text.push('\n');
        }
        text
    }
}

/// The module with a global for each function, named by its mark, that becomes 1 when the function runs.
pub(crate) fn instrument(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = parse(wasm)?;
    let ids: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let mut marks = HashMap::new();
    for id in ids {
        let mark = mark(&module, id);
        let global = *marks.entry(mark.clone()).or_insert_with(|| {
            let zero = ConstExpr::Value(Value::I32(0));
            let global = module.globals.add_local(ValType::I32, true, false, zero);
            module.exports.add(&format!("mark:{mark}"), global);
            global
        });
        if let FunctionKind::Local(local) = &mut module.funcs.get_mut(id).kind {
            let mut body = local.builder_mut().func_body();
            body.const_at(0, Value::I32(1)).global_set_at(1, global);
        }
    }
    Ok(module.emit_wasm())
}

/// Reads a module.
pub(super) fn parse(wasm: &[u8]) -> Result<Module> {
    ModuleConfig::new()
        .generate_producers_section(false)
        .parse(wasm)
        .context("the module cannot be read")
}

/// Where FNV-1a begins.
pub(super) const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The first 8 digits of the hash (FNV-1a) of a function's name, less what changes from machine to machine.
pub(super) fn mark(module: &Module, id: FunctionId) -> String {
    let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
    let mut hash = SEED;
    let mut rest = name;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        let digits = after.bytes().skip(1).take_while(u8::is_ascii_hexdigit).count();
        let is_crate = digits >= 8 && after.as_bytes().get(digits + 1) == Some(&b']');
        let skip = if is_crate { digits + 2 } else { 1 };
        hash = before.bytes().fold(hash, step);
        rest = &after[skip..];
    }
    hash = rest.bytes().fold(hash, step);
    format!("{:08x}", hash >> 32)
}

/// Takes one byte into the hash.
pub(super) fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}
