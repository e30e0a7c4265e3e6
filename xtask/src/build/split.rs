//! Cuts the widget's module in two: what a first row needs, and the rest, which is fetched behind it.
//!
//! Which functions a first row needs is not guessed but recorded: `cargo xtask profile` runs the page with a module
//! in which each function leaves a mark, and keeps the marks in `first-row.profile`. Every other function moves to
//! the second module. Where the first module calls one of them stands a stub that calls it through a table; as
//! long as the table is empty, the stub first has the host load the second module, whatever that takes, so the
//! cut can never be wrong, only slow. Both share one memory, one stack and one table of functions. Constants go with
//! the functions that speak of them ([`data`]).

mod data;
mod halves;
mod marks;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::{Result, bail};
use walrus::ir::{Visitor, dfs_in_order};
use walrus::{ConstExpr, ElementItems, ExportItem, FunctionId, LocalFunction, Module};

use halves::{READY, loader, make_first, make_rest};
pub(crate) use marks::{Profile, instrument};
use marks::{SEED, mark, parse, step};

/// The namespace under which the first module imports from its glue.
const GLUE: &str = "g";
/// The widget's own function that is told how to load the second module.
const LOADER_OF: &str = "setRest";
/// The function of the glue that stores an exception of JavaScript for Rust.
const ERRORS_OF: &str = "__wbindgen_exn_store";
/// What Yew's scheduler does on the way to a first row depends on the moment; no record holds all of it.
const BY_CHANCE: [&str; 2] = ["]::scheduler::", "ComponentState>::suspend::"];
/// What a component goes through is named after the scheduler as well, but runs with the component, not by chance.
const COMPONENT_LIFECYCLE: &str = "]::html::component::lifecycle::";
/// A function of so few instructions costs less than its stub.
const TOO_SMALL: u64 = 6;
/// A profile that knows less of the module belongs to another one.
const LEAST_KNOWN: f64 = 0.8;

/// Both halves, and what the imports of the first are called now.
pub(crate) struct Halves {
    /// What a first row needs.
    pub(crate) first: Vec<u8>,
    /// The rest.
    pub(crate) rest: Vec<u8>,
    /// Old and new names: wasm-bindgen's hold a hash each, which no compression shortens, and the glue's own name stands at
    /// each of them.
    pub(crate) imports: Vec<(String, String)>,
}

/// Cuts the module; `None` where the profile belongs to another one, say of another compiler.
pub(crate) fn cut(wasm: &[u8], profile: &Profile) -> Result<Option<Halves>> {
    let mut first = parse(wasm)?;
    let mut rest = parse(wasm)?;
    // The same bytes give the same order, by which the functions of both are paired.
    let pairs: Vec<(FunctionId, FunctionId)> = first
        .funcs
        .iter()
        .map(walrus::Function::id)
        .zip(rest.funcs.iter().map(walrus::Function::id))
        .collect();
    let place: HashMap<FunctionId, usize> = pairs.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();

    let mut known = 0;
    let (mut deferred, mut calls) = (HashSet::new(), HashMap::new());
    for (id, local) in first.funcs.iter_local() {
        let seen = profile.0.contains(&mark(&first, id));
        known += usize::from(seen);
        let name = first.funcs.get(id).name.as_deref().unwrap_or_default();
        let is_by_chance =
            BY_CHANCE.iter().any(|part| name.contains(part)) && !name.contains(COMPONENT_LIFECYCLE);
        if !seen && !is_by_chance && local.size() > TOO_SMALL {
            deferred.insert(place[&id]);
        }
        calls.insert(
            place[&id],
            called(local)
                .iter()
                .map(|id| place[id])
                .collect::<BTreeSet<usize>>(),
        );
    }
    if (known as f64) < profile.0.len() as f64 * LEAST_KNOWN {
        return Ok(None);
    }
    // What loads the second module must not lie in it, nor what is called when that fails.
    let mut for_loader = HashSet::new();
    let loads = first.exports.get_func(LOADER_OF)?;
    let mut needed = vec![place[&loader(&first)?], place[&loads]];
    if let Ok(stores) = first.exports.get_func(ERRORS_OF) {
        needed.push(place[&stores]);
    }
    while let Some(at) = needed.pop() {
        deferred.remove(&at);
        if for_loader.insert(at) {
            needed.extend(calls.get(&at).into_iter().flatten());
        }
    }
    let is_deferred = |at: &usize| deferred.contains(at);
    let addressed = addressed(&first);
    let stubs: BTreeSet<usize> = calls
        .iter()
        .filter(|(at, _)| !is_deferred(at))
        .flat_map(|(_, called)| called)
        .copied()
        .chain(addressed.iter().map(|id| place[id]))
        .filter(is_deferred)
        .collect();
    let shared: BTreeSet<usize> = calls
        .iter()
        .filter(|(at, _)| is_deferred(at))
        .flat_map(|(_, called)| called)
        .copied()
        .filter(|at| !is_deferred(at))
        .collect();

    let slots: BTreeMap<usize, u32> = stubs.iter().copied().zip(0..).collect();
    // Halves of two builds must not be joined, whatever a cache holds: they share no such name.
    let stamp = format!("{READY}-{:016x}", wasm.iter().copied().fold(SEED, step));
    let kept: Vec<FunctionId> = first
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| !deferred.contains(&place[id]))
        .collect();
    let data = data::Constants::read(&first)?;
    let needed = data.reached_by(&first, &kept);
    make_first(&mut first, &pairs, &slots, &shared, &stamp)?;
    data.put(&mut first, |at| needed.contains(&at));
    make_rest(&mut rest, &pairs, &slots, &deferred, &shared, &stamp)?;
    data.put(&mut rest, |at| !needed.contains(&at));
    walrus::passes::gc::run(&mut first);
    walrus::passes::gc::run(&mut rest);
    let sources: BTreeSet<String> = first.imports.iter().map(|import| import.module.clone()).collect();
    if sources.len() > 1 {
        bail!("the module imports from more than its glue: {sources:?}");
    }
    let mut imports = Vec::new();
    for import in first.imports.iter_mut() {
        GLUE.clone_into(&mut import.module);
        if !import.name.starts_with("__wbg_") {
            continue;
        }
        // The first one bears the stamp: what asks for it of another build's glue does not start.
        let short = match imports.len() {
            0 => stamp.replace(['-', ' '], "_"),
            number => format!("i{number}"),
        };
        imports.push((std::mem::replace(&mut import.name, short.clone()), short));
    }
    imports.extend(
        sources
            .iter()
            .map(|source| (format!("\"{source}\""), GLUE.to_owned())),
    );
    Ok(Some(Halves {
        first: first.emit_wasm(),
        rest: rest.emit_wasm(),
        imports,
    }))
}

/// The functions that a function names.
fn called(local: &LocalFunction) -> BTreeSet<FunctionId> {
    struct Called(BTreeSet<FunctionId>);
    impl<'a> Visitor<'a> for Called {
        fn visit_function_id(&mut self, id: &FunctionId) {
            self.0.insert(*id);
        }
    }
    let mut visitor = Called(BTreeSet::new());
    dfs_in_order(&mut visitor, local, local.entry_block());
    visitor.0
}

/// The functions that are reached from outside, or by their address.
fn addressed(module: &Module) -> HashSet<FunctionId> {
    let mut ids: HashSet<FunctionId> = module.start.into_iter().collect();
    for export in module.exports.iter() {
        if let ExportItem::Function(id) = export.item {
            ids.insert(id);
        }
    }
    for element in module.elements.iter() {
        match &element.items {
            ElementItems::Functions(functions) => ids.extend(functions),
            ElementItems::Expressions(_, values) => {
                ids.extend(values.iter().filter_map(|value| match value {
                    ConstExpr::RefFunc(id) => Some(*id),
                    _ => None,
                }));
            }
        }
    }
    ids
}
