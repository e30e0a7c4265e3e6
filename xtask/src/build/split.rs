//! Cuts the widget's module in two: what a first row needs, and the rest, which is fetched behind it.
//!
//! Which functions a first row needs is not guessed but recorded: `cargo xtask profile` runs the page with a module
//! in which each function leaves a mark, and keeps the marks in `first-row.profile`. Every other function moves to
//! the second module. Where the first module calls one of them stands a stub that calls it through a table; as
//! long as the table is empty, the stub first has the host load the second module, whatever that takes, so the
//! cut can never be wrong, only slow. Both share one memory, one stack and one table of functions. Constants go with
//! the functions that speak of them ([`data`]).

mod data;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result, bail};
use walrus::ir::{UnaryOp, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportedFunction, LocalFunction, Module, ModuleConfig, RefType, TypeId, ValType,
};

/// Under which the second module imports what the first one exports to it.
const FROM_FIRST: &str = "first";
/// Under which the first module imports from its glue.
const GLUE: &str = "g";
/// The table through which the first module calls the second.
const TABLE: &str = "rest";
/// The table of what the second module calls of the first, each under its place: as exports they would need a name each.
const SHARED: &str = "shared";
/// Becomes 1 once the second module is there.
const READY: &str = "restReady";
/// The widget's own function that has the second module loaded; see `src/embed/rest.rs`.
const LOADER: &str = "loadRest";
/// What tells it how.
const LOADER_OF: &str = "setRest";
/// What keeps an error of JavaScript's until Rust looks at it.
const ERRORS_OF: &str = "__wbindgen_exn_store";
/// What Yew's scheduler does on the way to a first row depends on the moment; no record holds all of it.
const BY_CHANCE: [&str; 2] = ["]::scheduler::", "ComponentState>::suspend::"];
/// What a component goes through is named after the scheduler as well, but runs with the component, not by chance.
const LIVES: &str = "]::html::component::lifecycle::";
/// A function of so few instructions costs less than its stub.
const TOO_SMALL: u64 = 6;
/// A profile that knows less of the module belongs to another one.
const LEAST_KNOWN: f64 = 0.8;

/// The marks of the functions that a first row needs.
pub(crate) struct Profile(BTreeSet<String>);

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
        let is_by_chance = BY_CHANCE.iter().any(|part| name.contains(part)) && !name.contains(LIVES);
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
    let data = data::Pieces::read(&first)?;
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

fn parse(wasm: &[u8]) -> Result<Module> {
    ModuleConfig::new()
        .generate_producers_section(false)
        .parse(wasm)
        .context("the module cannot be read")
}

/// Where FNV-1a begins.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The first 8 digits of the hash (FNV-1a) of a function's name, less what changes from machine to machine.
fn mark(module: &Module, id: FunctionId) -> String {
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

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
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

/// What the stubs call while the second module is not there.
fn loader(module: &Module) -> Result<FunctionId> {
    module
        .exports
        .get_func(LOADER)
        .with_context(|| format!("the module exports no function {LOADER}"))
}

fn make_first(
    module: &mut Module,
    pairs: &[(FunctionId, FunctionId)],
    slots: &BTreeMap<usize, u32>,
    shared: &BTreeSet<usize>,
    stamp: &str,
) -> Result<()> {
    let loader = loader(module)?;
    let size = slots.len() as u64;
    let table = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);
    let ready = module
        .globals
        .add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    module.exports.add(TABLE, table);
    module.exports.add(READY, ready);
    module.exports.add(stamp, ready);
    // One for each signature: it loads the second module where that is missing, and calls what stands in the slot.
    let mut by_type: HashMap<TypeId, FunctionId> = HashMap::new();
    for (&at, &slot) in slots {
        let id = pairs[at].0;
        let ty = module.funcs.get(id).ty();
        let (params, results) = (
            module.types.params(ty).to_vec(),
            module.types.results(ty).to_vec(),
        );
        let through = *by_type.entry(ty).or_insert_with(|| {
            let args: Vec<_> = params.iter().map(|param| module.locals.add(*param)).collect();
            let slot = module.locals.add(ValType::I32);
            let params: Vec<_> = params.iter().copied().chain([ValType::I32]).collect();
            let mut through = FunctionBuilder::new(&mut module.types, &params, &results);
            let mut body = through.func_body();
            body.global_get(ready).unop(UnaryOp::I32Eqz).if_else(
                None,
                |then| {
                    then.call(loader);
                },
                |_| {},
            );
            for arg in &args {
                body.local_get(*arg);
            }
            body.local_get(slot).call_indirect(ty, table);
            through.finish(args.into_iter().chain([slot]).collect(), &mut module.funcs)
        });
        let args: Vec<_> = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut stub = FunctionBuilder::new(&mut module.types, &params, &results);
        let mut body = stub.func_body();
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const(slot as i32).call(through);
        module.funcs.get_mut(id).kind = FunctionKind::Local(stub.local_func(args));
    }
    let size = shared.len() as u64;
    let offered = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);
    let element = module.elements.add(
        ElementKind::Active {
            table: offered,
            offset: ConstExpr::Value(Value::I32(0)),
        },
        ElementItems::Functions(shared.iter().map(|at| pairs[*at].0).collect()),
    );
    module.tables.get_mut(offered).elem_segments.insert(element);
    module.exports.add(SHARED, offered);
    // The same names in both halves for whatever else they share.
    let tables: Vec<_> = module
        .tables
        .iter()
        .map(walrus::Table::id)
        .filter(|id| ![table, offered].contains(id))
        .collect();
    for (at, id) in tables.into_iter().enumerate() {
        module.exports.add(&format!("_t{at}"), id);
    }
    let memories: Vec<_> = module.memories.iter().map(walrus::Memory::id).collect();
    for (at, id) in memories.into_iter().enumerate() {
        module.exports.add(&format!("_m{at}"), id);
    }
    let globals: Vec<_> = module
        .globals
        .iter()
        .map(walrus::Global::id)
        .filter(|id| *id != ready)
        .collect();
    for (at, id) in globals.into_iter().enumerate() {
        module.exports.add(&format!("_g{at}"), id);
    }
    Ok(())
}

fn make_rest(
    module: &mut Module,
    pairs: &[(FunctionId, FunctionId)],
    slots: &BTreeMap<usize, u32>,
    deferred: &HashSet<usize>,
    shared: &BTreeSet<usize>,
    stamp: &str,
) -> Result<()> {
    let ranks: HashMap<usize, usize> = shared.iter().copied().zip(0..).collect();
    for id in module.exports.iter().map(walrus::Export::id).collect::<Vec<_>>() {
        module.exports.delete(id);
    }
    for id in module
        .elements
        .iter()
        .map(walrus::Element::id)
        .collect::<Vec<_>>()
    {
        module.elements.delete(id);
    }
    module.start = None;
    for (at, (_, id)) in pairs.iter().enumerate() {
        if deferred.contains(&at) {
            continue;
        }
        let ty = module.funcs.get(*id).ty();
        if let FunctionKind::Import(old) = &module.funcs.get(*id).kind {
            let old = old.import;
            module.imports.delete(old);
        }
        // What nobody shares is not called here, and goes with the garbage.
        let name = ranks.get(&at).map_or_else(String::new, usize::to_string);
        let import = module.imports.add(FROM_FIRST, &name, *id);
        module.funcs.get_mut(*id).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    for (at, id) in module
        .tables
        .iter()
        .map(walrus::Table::id)
        .enumerate()
        .collect::<Vec<_>>()
    {
        if module.tables.get(id).import.is_some() {
            bail!("a table that the module imports itself is not provided for");
        }
        let import = module.imports.add(FROM_FIRST, &format!("_t{at}"), id);
        let table = module.tables.get_mut(id);
        table.import = Some(import);
        table.elem_segments.clear();
    }
    for (at, id) in module
        .memories
        .iter()
        .map(walrus::Memory::id)
        .enumerate()
        .collect::<Vec<_>>()
    {
        let import = module.imports.add(FROM_FIRST, &format!("_m{at}"), id);
        module.memories.get_mut(id).import = Some(import);
    }
    for (at, id) in module
        .globals
        .iter()
        .map(walrus::Global::id)
        .enumerate()
        .collect::<Vec<_>>()
    {
        let import = module.imports.add(FROM_FIRST, &format!("_g{at}"), id);
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    let size = slots.len() as u64;
    let (table, _) = module.add_import_table(FROM_FIRST, TABLE, false, size, Some(size), RefType::FUNCREF);
    let (ready, _) = module.add_import_global(FROM_FIRST, stamp, ValType::I32, true, false);
    let element = module.elements.add(
        ElementKind::Active {
            table,
            offset: ConstExpr::Value(Value::I32(0)),
        },
        ElementItems::Functions(slots.keys().map(|at| pairs[*at].1).collect()),
    );
    module.tables.get_mut(table).elem_segments.insert(element);
    // Says that it is there as soon as it is.
    let mut start = FunctionBuilder::new(&mut module.types, &[], &[]);
    start.func_body().i32_const(1).global_set(ready);
    module.start = Some(start.finish(Vec::new(), &mut module.funcs));
    Ok(())
}
