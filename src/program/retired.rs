//! Old names where a file is read: what each means now, and that whoever writes it is told.

use super::resolver::Resolver;
use super::{OptionSpec, Schema};
use crate::diag::retired::{Of, RETIRED, Retired, find};
use crate::syntax::tree;
use crate::text::{SourceId, Span};

/// The option of a statement that a word is, and how it is retired where it is an old one.
pub(super) fn option(schema: &Schema, word: &str) -> Option<(&'static OptionSpec, Option<&'static Retired>)> {
    let named = |name: &str| schema.options.iter().find(|spec| spec.word == name);
    let old = || find(Of::Option(schema.word), word).and_then(|one| Some((named(one.by)?, Some(one))));
    named(word).map(|spec| (spec, None)).or_else(old)
}

/// The last part of a module's path: what it is called where it is used.
fn called(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl<'a> Resolver<'a> {
    /// Says that an old name stands here, once: some places are looked at twice.
    pub(super) fn tell_retired(&mut self, retired: &Retired, span: Span) {
        let report = retired.report(span);
        if !self.diagnostics.contains(&report) {
            self.report(report);
        }
    }

    /// The name that is in use now for one that stands here; an old one is told.
    pub(super) fn in_use(&mut self, of: Of, word: &'a str, span: Span) -> &'a str {
        let Some(retired) = find(of, word) else { return word };
        self.tell_retired(retired, span);
        retired.by
    }

    /// The same of a part of a value.
    pub(super) fn part_in_use(&mut self, of: &'static str, part: &'a tree::Ident) -> &'a str {
        self.in_use(Of::Part(of), &part.text, part.span)
    }

    /// The same of a constant of a module; only the standard library's are in the table.
    pub(super) fn constant_in_use(&mut self, module: SourceId, field: &'a tree::Ident) -> &'a str {
        let path = self.input.files.get(&module).map_or("", |unit| unit.source.name());
        let of = RETIRED.iter().map(|one| one.of).find(|of| matches!(of, Of::Constant(of) if *of == path));
        of.map_or(&field.text, |of| self.in_use(of, &field.text, field.span))
    }

    /// The module that an old name means, where it is in use under the new one.
    pub(super) fn module_retired(&self, name: &str) -> Option<(SourceId, Retired)> {
        let old = |one: &&Retired| one.of == Of::Module && called(one.word) == name;
        let old = RETIRED.iter().find(old).copied()?;
        let names = Retired { word: called(old.word), by: called(old.by), ..old };
        Some((self.frame.uses.get(names.by).copied()?, names))
    }

    /// Says that a module is taken in under its old path, between quotes; which file that is, whoever reads files knows.
    pub(super) fn tell_module_path(&mut self, text: &str, span: Span) {
        let Some(retired) = find(Of::Module, text) else { return };
        let mut report = retired.report(span);
        if let Some(fix) = &mut report.fix {
            fix.edits.iter_mut().for_each(|edit| edit.text = format!("\"{}\"", retired.by));
        }
        self.report(report);
    }

    /// Says that a module is called by its old name here.
    pub(super) fn tell_module(&mut self, base: &tree::Expr) {
        let Some(name) = super::spans::lone_name(base) else { return };
        if self.frame.uses.contains_key(name) {
            return;
        }
        if let Some((_, retired)) = self.module_retired(name) {
            self.tell_retired(&retired, base.span);
        }
    }
}
