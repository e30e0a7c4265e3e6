//! One file, parsed: the paths, names and types in it that are not for tests.

use std::collections::BTreeSet;

use anyhow::Result;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, Expr, Field, ImplItem, Item, ItemMod, Lit, Macro, Meta, Stmt, Token, Type, UseTree,
    VisRestricted, Visibility,
};

/// A name and the line that it stands on.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) line: usize,
}

/// A path that may lead to another module.
pub(super) struct Import {
    /// The modules of this file that it stands in.
    pub(super) inline: Vec<String>,
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// A module for tests that is a file of its own.
pub(super) struct TestModule {
    inline: Vec<String>,
    name: String,
    /// The file that `#[path]` names.
    file: Option<String>,
}

/// What a file says.
#[derive(Default)]
pub(super) struct File {
    pub(super) is_test: bool,
    /// How many lines it has, less those for tests.
    pub(super) lines: usize,
    pub(super) imports: Vec<Import>,
    pub(super) names: Vec<Named>,
    pub(super) types: Vec<Named>,
    pub(super) impls: Vec<Named>,
    pub(super) test_modules: Vec<TestModule>,
}

impl TestModule {
    /// Where its file may be, without `.rs`: the module or the folder of modules below it.
    pub(super) fn places(&self, declared_in: &str, module: &[String], crate_folder: &str) -> Vec<String> {
        let mut place = vec![crate_folder.to_owned()];
        place.extend(module.iter().chain(&self.inline).cloned());
        place.push(self.name.clone());
        let beside = declared_in.rsplit_once('/').map_or("", |(folder, _)| folder);
        let named = self
            .file
            .iter()
            .map(|file| format!("{beside}/{}", file.trim_end_matches(".rs")));
        named.chain([place.join("/")]).collect()
    }
}

/// Parses a file.
pub(super) fn file(text: &str) -> Result<File> {
    let syntax = syn::parse_file(text)?;
    let mut reader = Reader::default();
    reader.visit_file(&syntax);
    reader.found.is_test = are_for_tests(&syntax.attrs);
    reader.found.lines = text.lines().count() - reader.test_lines.len();
    Ok(reader.found)
}

#[derive(Default)]
struct Reader {
    found: File,
    /// The modules of the file around the current place.
    inline: Vec<String>,
    test_lines: BTreeSet<usize>,
}

impl Reader {
    fn leave_out(&mut self, tests: &impl Spanned) {
        let span = tests.span();
        self.test_lines.extend(span.start().line..=span.end().line);
    }

    fn import(&mut self, path: Vec<String>, line: usize) {
        self.found.imports.push(Import {
            inline: self.inline.clone(),
            path,
            line,
        });
    }

    /// The paths of a `use`, each from its beginning.
    fn imports(&mut self, tree: &UseTree, before: &[String]) {
        let with = |ident: &Ident| [before, &[plain(ident)]].concat();
        let line = tree.span().start().line;
        match tree {
            UseTree::Path(path) => self.imports(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.imports(tree, before);
                }
            }
            UseTree::Name(name) if name.ident == "self" => self.import(before.to_vec(), line),
            UseTree::Name(name) => self.import(with(&name.ident), line),
            UseTree::Rename(rename) if rename.ident == "self" => self.import(before.to_vec(), line),
            UseTree::Rename(rename) => self.import(with(&rename.ident), line),
            UseTree::Glob(_) => self.import([before, &["*".to_owned()]].concat(), line),
        }
    }

    /// The paths and names among the tokens of a macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is_colon =
            |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(one)) if one.as_char() == ':');
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![plain(first)];
                    self.visit_ident(first);
                    while is_colon(at + 1)
                        && is_colon(at + 2)
                        && let Some(TokenTree::Ident(next)) = tokens.get(at + 3)
                    {
                        path.push(plain(next));
                        self.visit_ident(next);
                        at += 3;
                    }
                    // A name alone is a variable; a keyword in front of a colon is a field.
                    if path.len() > 1 {
                        self.import(path, first.span().start().line);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn declare(&mut self, visibility: &Visibility, ident: &Ident) {
        let is_public = match visibility {
            Visibility::Public(_) => true,
            Visibility::Restricted(to) => to.path.is_ident("crate"),
            Visibility::Inherited => false,
        };
        if is_public {
            self.found.types.push(named(ident));
        }
    }

    fn test_module(&mut self, module: &ItemMod) {
        if module.content.is_none() {
            self.found.test_modules.push(TestModule {
                inline: self.inline.clone(),
                name: plain(&module.ident),
                file: module.attrs.iter().find_map(path_in),
            });
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if are_for_tests(attributes(item)) {
            if let Item::Mod(module) = item {
                self.test_module(module);
            }
            return self.leave_out(item);
        }
        match item {
            Item::Mod(module) => {
                self.inline.push(plain(&module.ident));
                visit::visit_item(self, item);
                self.inline.pop();
                return;
            }
            // What begins with two colons is another crate.
            Item::Use(used) if used.leading_colon.is_none() => self.imports(&used.tree, &[]),
            Item::Struct(one) => self.declare(&one.vis, &one.ident),
            Item::Enum(one) => self.declare(&one.vis, &one.ident),
            Item::Union(one) => self.declare(&one.vis, &one.ident),
            Item::Trait(one) => self.declare(&one.vis, &one.ident),
            Item::Type(one) => self.declare(&one.vis, &one.ident),
            Item::Impl(one) if one.trait_.is_none() => {
                if let Type::Path(path) = &*one.self_ty
                    && let Some(last) = path.path.segments.last()
                {
                    self.found.impls.push(named(&last.ident));
                }
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(one) => &one.attrs,
            ImplItem::Fn(one) => &one.attrs,
            ImplItem::Type(one) => &one.attrs,
            ImplItem::Macro(one) => &one.attrs,
            _ => &[],
        };
        if are_for_tests(attributes) {
            return self.leave_out(item);
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_field(&mut self, field: &'ast Field) {
        if are_for_tests(&field.attrs) {
            return self.leave_out(field);
        }
        visit::visit_field(self, field);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for statement in &block.stmts {
            let attributes: &[Attribute] = match statement {
                Stmt::Local(one) => &one.attrs,
                Stmt::Macro(one) => &one.attrs,
                Stmt::Expr(Expr::Block(one), _) => &one.attrs,
                _ => &[],
            };
            if are_for_tests(attributes) {
                self.leave_out(statement);
            } else {
                self.visit_stmt(statement);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // A name alone is a variable or was imported.
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let names = path.segments.iter().map(|segment| plain(&segment.ident));
            self.import(names.collect(), path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    /// `pub(in crate::x)` imports nothing.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}

    fn visit_macro(&mut self, one: &'ast Macro) {
        self.visit_path(&one.path);
        self.tokens(one.tokens.clone());
    }

    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.found.names.push(named(ident));
    }
}

fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn named(ident: &Ident) -> Named {
    Named {
        name: plain(ident),
        line: ident.span().start().line,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(one) => &one.attrs,
        Item::Enum(one) => &one.attrs,
        Item::ExternCrate(one) => &one.attrs,
        Item::Fn(one) => &one.attrs,
        Item::ForeignMod(one) => &one.attrs,
        Item::Impl(one) => &one.attrs,
        Item::Macro(one) => &one.attrs,
        Item::Mod(one) => &one.attrs,
        Item::Static(one) => &one.attrs,
        Item::Struct(one) => &one.attrs,
        Item::Trait(one) => &one.attrs,
        Item::TraitAlias(one) => &one.attrs,
        Item::Type(one) => &one.attrs,
        Item::Union(one) => &one.attrs,
        Item::Use(one) => &one.attrs,
        _ => &[],
    }
}

/// Whether attributes leave something out of every build that is not one of tests.
fn are_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        path.is_ident("test")
            || path.is_ident("cfg")
                && attribute
                    .parse_args()
                    .is_ok_and(|condition| needs_test(&condition))
    })
}

fn needs_test(condition: &Meta) -> bool {
    let Meta::List(list) = condition else {
        return condition.path().is_ident("test");
    };
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let parts = parts.unwrap_or_default();
    if list.path.is_ident("all") {
        parts.iter().any(needs_test)
    } else {
        list.path.is_ident("any") && !parts.is_empty() && parts.iter().all(needs_test)
    }
}

/// The file that `#[path = "…"]` names.
fn path_in(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(one) if pair.path.is_ident("path") => match &one.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
