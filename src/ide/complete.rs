//! What may be written next.
//!
//! The line up to the cursor is read as words: it is hardly ever whole while it is written. What is around it comes from the tree.

use super::described::{code, join, named};
use super::standing::{Around, around, schema, top};
use super::word::option_of;
use super::{File, View};
use crate::catalog;
use crate::program::{Named, Names, OptionSpec, Part, Place, Schema, SlotKind, schema_section, type_names};
use crate::syntax::tree::{Head, Item, Line};
use crate::text::SourceId;
use crate::value::functions;

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is written.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside it.
    pub detail: String,
    /// Markdown about it.
    pub doc: String,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompletionKind {
    /// A value that has a name.
    Value,
    /// A check or step of a module.
    Definition,
    /// A constant of a module.
    Constant,
    /// A word that an option begins with.
    Option,
    /// A word that begins a statement.
    Keyword,
    /// One of fixed words, or a name from `bowline.toml`.
    Word,
    /// A module.
    Module,
    /// A function of the language.
    Function,
    /// A type.
    Type,
}

/// What is known beside the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sight<'s> {
    /// What `bowline.toml` names.
    pub names: Option<&'s Names>,
    /// The modules beside the file, as `use` would name them.
    pub beside: &'s [String],
}

/// What may be written at a byte of the file that is looked at; the editor filters by what is there already.
#[must_use]
pub fn completions(view: &View<'_>, sight: Sight<'_>, offset: u32) -> Vec<Completion> {
    let Some(file) = view.file() else { return vec![] };
    let here = Here::of(view, file, sight, offset);
    let mut found = here.all();
    found.sort_by(|a, b| (a.kind, &a.label).cmp(&(b.kind, &b.label)));
    found.dedup_by(|a, b| a.label == b.label);
    found
}

/// A place that something is written at.
struct Here<'h> {
    view: &'h View<'h>,
    file: File<'h>,
    sight: Sight<'h>,
    offset: u32,
    /// The statement up to the cursor.
    line: &'h str,
    around: Around<'h>,
}

impl<'h> Here<'h> {
    fn of(view: &'h View<'h>, file: File<'h>, sight: Sight<'h>, offset: u32) -> Self {
        let before = file.source.text().get(..offset as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let around = around(file.tree, offset);
        Self { view, file, sight, offset, line: statement(line), around }
    }

    fn all(&self) -> Vec<Completion> {
        let before = self.line.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if let Some(text) = open_text(self.line) {
            return self.in_text(text);
        }
        if self.line.trim_start().starts_with('#') {
            return vec![];
        }
        if let Some(module) = before.strip_suffix('.') {
            let name =
                module.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            return self.members(name);
        }
        if is_type(before) {
            return types();
        }
        let words = words(before);
        match head(&words) {
            None => self.statements(!words.is_empty()),
            Some(head) => self.after(head, &words),
        }
    }

    /// Inside of quotes: names that stand there, or nothing.
    fn in_text(&self, text: &str) -> Vec<Completion> {
        let before = self.line.get(..self.line.len() - text.len() - 1).unwrap_or_default();
        if text.rfind('{') > text.rfind('}') {
            return self.values();
        }
        let words = words(before);
        match head(&words) {
            Some("use") => self.modules(),
            Some(head) => {
                schema(head, self.around.place).map(|schema| self.names(schema, &words)).unwrap_or_default()
            }
            None => vec![],
        }
    }

    fn modules(&self) -> Vec<Completion> {
        let std = catalog::stdlib().into_iter().map(|module| {
            let doc = module.prose.clone();
            completion(&module.name, CompletionKind::Module, "standard library", doc)
        });
        let beside = self.sight.beside.iter();
        std.chain(
            beside.map(|name| completion(name, CompletionKind::Module, "beside this file", String::new())),
        )
        .collect()
    }

    /// Names of `bowline.toml`, where the option or operand at hand takes one.
    fn names(&self, schema: &'static Schema, words: &[&str]) -> Vec<Completion> {
        let Some(names) = self.sight.names else { return vec![] };
        let option = words.iter().rev().find_map(|word| option_of(schema, word));
        let slots = option.map_or_else(|| schema.operands.to_vec(), slots);
        let mut found = vec![];
        for slot in slots {
            match slot {
                SlotKind::Group => {
                    found.extend(names.groups.keys().map(|name| ("a group of approvers", name)));
                }
                SlotKind::Role => found.extend(names.roles.iter().map(|name| ("a role", name))),
                SlotKind::Channel => found.extend(names.channels.iter().map(|name| ("a channel", name))),
                SlotKind::Target => found.extend(names.targets.iter().map(|name| ("a target", name))),
                _ => {}
            }
        }
        found
            .into_iter()
            .map(|(what, name)| completion(name, CompletionKind::Word, what, String::new()))
            .collect()
    }

    /// What begins a statement here; after `let name =` also a value.
    fn statements(&self, bound: bool) -> Vec<Completion> {
        let place = self.around.place;
        let fits = |schema: &&&'static Schema| {
            let word = !matches!(schema.word, "fence" | "prose" | "module.step");
            word && place.is_none_or(|place| schema.stands_in.contains(&place))
                && (!bound || schema.gives.is_some())
        };
        let keywords = crate::forms::SCHEMAS.iter().filter(fits).map(|schema| {
            completion(schema.word, CompletionKind::Keyword, schema.summary, schema_section(schema))
        });
        let mut found: Vec<_> = keywords.collect();
        found.extend(self.used());
        if bound {
            found.extend(self.values());
        }
        found
    }

    /// After the word that begins a statement: its options, fixed words, values.
    fn after(&self, head: &str, words: &[&str]) -> Vec<Completion> {
        let place = self.around.place.or(Some(top(self.file.tree)));
        let Some(schema) = schema(head, place) else { return self.values() };
        let fixed = schema.operands.iter().flat_map(|slot| match slot {
            SlotKind::OneOf(words) => words.to_vec(),
            SlotKind::Word(word) => vec![*word],
            _ => vec![],
        });
        let fixed = fixed.filter(|word| !words.contains(word));
        let mut found: Vec<_> =
            fixed.map(|word| completion(word, CompletionKind::Word, schema.summary, String::new())).collect();
        let free = schema.options.iter().filter(|spec| !words.contains(&spec.word));
        found.extend(free.map(|spec| {
            let form = crate::program::option_form(spec);
            completion(spec.word, CompletionKind::Option, &form, join([code(&form), spec.doc.to_owned()]))
        }));
        if schema.word != "run" {
            found.extend(self.values());
        }
        found
    }

    /// Values with names, functions and modules.
    fn values(&self) -> Vec<Completion> {
        let mut found = self.bound();
        found.extend(self.provided());
        found.extend(self.used());
        found.extend(functions::TABLE.iter().map(|spec| {
            completion(
                spec.name,
                CompletionKind::Function,
                spec.usage,
                join([code(spec.usage), spec.doc.to_owned()]),
            )
        }));
        found.push(completion(
            functions::JQ,
            CompletionKind::Function,
            "jq(value, 'program', name: value)",
            String::new(),
        ));
        let fixed =
            ["true", "false", "null"].map(|word| completion(word, CompletionKind::Word, "", String::new()));
        found.extend(fixed);
        found
    }

    /// What is bound above the cursor, in the same definition.
    fn bound(&self) -> Vec<Completion> {
        let start = self.around.enclosing.first().map_or(self.offset, |outer| outer.stmt.span.start);
        let module = top(self.file.tree) == Place::Module;
        let here = SourceId::default();
        let above = self.view.index.mentions.iter().filter(|one| one.binds && one.span.source == here);
        let seen = above.filter(|one| one.span.start < self.offset);
        let own =
            seen.filter(|one| !module || one.span.start >= start || matches!(one.named, Named::Constant(_)));
        let values = own.filter(|one| matches!(one.named, Named::Var(_) | Named::Constant(_)));
        let each = values.map(|one| {
            let name = self.file.source.slice(one.span);
            let ty = match one.named {
                Named::Var(var) => self.view.index.var(var).map(|var| var.ty.to_string()).unwrap_or_default(),
                _ => "constant".to_owned(),
            };
            completion(name, CompletionKind::Value, &ty, named(self.view, one.named).unwrap_or_default())
        });
        each.collect()
    }

    /// Names that the blocks around bring.
    fn provided(&self) -> Vec<Completion> {
        let around = self.around.enclosing.iter().filter_map(|standing| standing.schema);
        let names =
            around.flat_map(|schema| schema.provides.iter().map(move |(name, ty)| (schema, name, ty)));
        names
            .map(|(schema, name, ty)| {
                completion(name, CompletionKind::Value, &ty.to_string(), format!("Of `{}`.", schema.word))
            })
            .collect()
    }

    /// The modules that the file uses, with their names and files.
    fn taken_in(&self) -> Vec<(String, SourceId)> {
        let uses = self.view.index.mentions.iter().filter_map(|one| match one.named {
            Named::File(source) if one.span.source == SourceId::default() => Some(source),
            _ => None,
        });
        let mut found: Vec<(String, SourceId)> = vec![];
        for source in uses {
            let Some(name) = self.view.other(source).and_then(module_name) else { continue };
            if found.iter().all(|(known, _)| *known != name) {
                found.push((name, source));
            }
        }
        found
    }

    fn used(&self) -> Vec<Completion> {
        let modules = self.taken_in().into_iter();
        modules
            .map(|(name, source)| {
                let doc = super::described::file(self.view, source).unwrap_or_default();
                completion(&name, CompletionKind::Module, "module", doc)
            })
            .collect()
    }

    /// What a module offers.
    fn members(&self, module: &str) -> Vec<Completion> {
        let Some((_, source)) = self.taken_in().into_iter().find(|(name, _)| name == module) else {
            return vec![];
        };
        let Some(file) = self.view.other(source) else { return vec![] };
        let offered = self.view.index.mentions.iter().filter(|one| one.binds && one.span.source == source);
        offered
            .filter_map(|one| {
                let name = file.source.slice(one.span);
                let doc = named(self.view, one.named).unwrap_or_default();
                let (kind, detail) = match one.named {
                    Named::Def(def) => {
                        let def = self.view.index.def(def)?;
                        (CompletionKind::Definition, file.source.slice(def.span).to_owned())
                    }
                    Named::Constant(_) => (CompletionKind::Constant, "constant".to_owned()),
                    Named::Var(_) | Named::File(_) => return None,
                };
                Some(completion(name, kind, &detail, doc))
            })
            .collect()
    }
}

fn completion(label: &str, kind: CompletionKind, detail: &str, doc: String) -> Completion {
    Completion { label: label.to_owned(), kind, detail: detail.to_owned(), doc }
}

fn types() -> Vec<Completion> {
    let named = type_names().map(|name| completion(name, CompletionKind::Type, "type", String::new()));
    let made = ["list of ", "map of ", "one of ["]
        .map(|name| completion(name, CompletionKind::Type, "type", String::new()));
    named.chain(made).collect()
}

fn slots(spec: &OptionSpec) -> Vec<SlotKind> {
    let slots = spec.parts.iter().filter_map(|part| match part {
        Part::Slot(slot) | Part::Optional(slot) => Some(*slot),
        Part::Word(_) => None,
    });
    slots.collect()
}

/// The name in the first line of a module.
fn module_name(file: File<'_>) -> Option<String> {
    let Line::Stmt(first) = file.tree.lines.first()? else { return None };
    let (Head::Word(word), Some(Item::Expr(name))) = (&first.head, first.items.first()) else { return None };
    (word.text == "module").then(|| file.source.slice(name.span).to_owned())
}

/// The last statement of a line: behind `{` of a block or `;`.
fn statement(line: &str) -> &str {
    let mut start = 0;
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            ';' if !quoted => start = at + 1,
            ' ' if !quoted && before == '{' => start = at + 1,
            _ => {}
        }
        before = c;
    }
    line.get(start..).unwrap_or_default()
}

/// What stands in quotes that are still open.
fn open_text(line: &str) -> Option<&str> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            '\\' if open.is_some() => escaped = !escaped,
            '"' if !escaped => open = if open.is_some() { None } else { Some(at + 1) },
            _ => escaped = false,
        }
    }
    line.get(open?..)
}

/// Whether a type is wanted: after `name:` of a declaration, and after `of`.
fn is_type(before: &str) -> bool {
    let first = before.split_whitespace().next().unwrap_or_default();
    let declares = matches!(first, "let" | "input" | "ask" | "check" | "step");
    let colon = before.trim_end().ends_with(':') && !before.contains('=') && !before.contains('{');
    let of = before.ends_with("list of ") || before.ends_with("map of ");
    of || declares && colon
}

fn words(before: &str) -> Vec<&str> {
    before.split_whitespace().collect()
}

/// The word that begins the statement, behind `let name =` and `look`; `None` where it is still to be written.
fn head<'w>(words: &[&'w str]) -> Option<&'w str> {
    let behind = match words {
        ["let", ..] => words.iter().position(|word| *word == "=").and_then(|at| words.get(at + 1..))?,
        words => words,
    };
    behind.iter().copied().find(|word| *word != "look")
}
