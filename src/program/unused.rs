//! Modules that a file takes in and never reads. Knows where names stand, and not what they are for.

use foldhash::{HashMap, HashSet};

use super::file::{is_word, statements};
use super::resolver::Resolver;
use super::{Named, Unit};
use crate::diag::{Diagnostic, Severity, codes, nearest};
use crate::syntax::tree::{Item, Stmt};
use crate::text::{SourceId, Span};

/// A module that is taken in.
struct Taken<'a> {
    unit: Unit<'a>,
    stmt: &'a Stmt,
    module: SourceId,
}

impl<'a> Resolver<'a> {
    /// Warns about each `use` whose module the rest of its file does not name. Says nothing where a mistake may be meant for
    /// the module: it stands in what could not be read, could not be taken in, or has what nothing is called.
    pub(super) fn report_unused_modules(&mut self) {
        let taken = self.taken_in();
        let files = self.files_named().filter(|(span, _)| !taken.contains_key(span));
        let read: HashSet<(SourceId, SourceId)> = files.map(|(span, file)| (span.source, file)).collect();
        let mut doubtful = self.unread_words();
        let wrong: HashSet<Span> = self.errors().collect();
        wrong.iter().for_each(|span| self.words_under(*span, &mut doubtful));
        let unused = taken.iter().filter(|(path, taken)| !read.contains(&(path.source, taken.module)));
        let reports: Vec<_> = unused
            .filter(|(path, _)| !wrong.contains(path))
            .filter_map(|(path, taken)| {
                let module = self.module(taken.module)?;
                let name = *self.module_names.get(&taken.module)?;
                let mut parts = module.constants.keys().chain(module.defs.keys()).chain([&name]);
                let meant = doubtful.iter().any(|word| nearest(word, [name]).is_some());
                (!meant && !parts.any(|part| doubtful.contains(part)))
                    .then(|| report(name, *path, line_of(taken)))
            })
            .collect();
        self.diagnostics.extend(reports);
    }

    fn errors(&self) -> impl Iterator<Item = Span> {
        let errors = self.diagnostics.iter().filter(|one| one.severity == Severity::Error);
        errors.map(|one| one.primary.span)
    }

    /// Where files are named, and which.
    fn files_named(&self) -> impl Iterator<Item = (Span, SourceId)> {
        self.mentions.iter().filter_map(|mention| match mention.named {
            Named::File(file) => Some((mention.span, file)),
            _ => None,
        })
    }

    /// The `use` of the files that were gone into, by where their paths stand.
    fn taken_in(&self) -> HashMap<Span, Taken<'a>> {
        let named: HashMap<Span, SourceId> = self.files_named().collect();
        let uses = |unit: Unit<'a>| {
            statements(unit.tree).filter(|stmt| is_word(stmt, "use")).map(move |stmt| (unit, stmt))
        };
        let all = self.input.files.values().copied().flat_map(uses);
        all.filter_map(|(unit, stmt)| match stmt.items.first() {
            Some(Item::Expr(path)) => {
                Some((path.span, Taken { unit, stmt, module: *named.get(&path.span)? }))
            }
            _ => None,
        })
        .collect()
    }
}

fn report(name: &str, path: Span, line: Option<Span>) -> Diagnostic {
    let report =
        Diagnostic::warning(codes::UNUSED_MODULE, path, format!("the module `{name}` is never used"))
            .help("remove the line, or use what it offers");
    match line {
        Some(line) => report.fix("remove the line", line, ""),
        None => report,
    }
}

/// The whole line of a statement, and a blank one behind it where the line before is blank as well; `None` where something
/// else stands on it.
fn line_of(Taken { unit, stmt, .. }: &Taken<'_>) -> Option<Span> {
    let (text, range) = (unit.source.text(), stmt.span.range());
    let (before, behind) = (text.get(..range.start)?, text.get(range.end..)?);
    let start = unit.source.line_at(stmt.span.start).start;
    let mut behind = behind.split_inclusive('\n');
    let rest = behind.next().unwrap_or_default();
    let alone =
        before.get(start..)?.trim().is_empty() && matches!(rest.trim().chars().next(), None | Some('#'));
    let gap = before.get(..start)?.lines().next_back().is_some_and(|line| line.trim().is_empty());
    let blank = behind.next().filter(|line| gap && line.trim().is_empty()).map_or(0, str::len);
    alone.then(|| Span::new(stmt.span.source, start, range.end + rest.len() + blank))
}
