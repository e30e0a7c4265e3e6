//! Makes the two modules out of two copies of the whole one: stubs and exports in the first, imports in the second.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result, bail};
use walrus::ir::{UnaryOp, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportedFunction, Module, RefType, TypeId, ValType,
};

/// Under which the second module imports what the first one exports to it.
const FROM_FIRST: &str = "first";
/// The table through which the first module calls the second.
const TABLE: &str = "rest";
/// The table of what the second module calls of the first, each under its place: as exports they would need a name each.
const SHARED: &str = "shared";
/// Becomes 1 once the second module is there.
pub(super) const READY: &str = "restReady";
/// The widget's own function that has the second module loaded; see `src/embed/lazy_chunk.rs`.
const LOADER: &str = "loadRest";

/// What the stubs call while the second module is not there.
pub(super) fn loader(module: &Module) -> Result<FunctionId> {
    module
        .exports
        .get_func(LOADER)
        .with_context(|| format!("the module exports no function {LOADER}"))
}

/// Leaves in the module what a first row needs, and a stub for each function of the rest that it calls.
pub(super) fn make_first(
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

/// Leaves in the module what was deferred, and imports everything else from the first.
pub(super) fn make_rest(
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
