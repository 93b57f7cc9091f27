//! What a file has and never reads: values, and modules that it takes in. Knows where names stand, and not what they are for.

use foldhash::{HashMap, HashSet};

use super::file::{is_word, statements};
use super::names::doubled_braces;
use super::resolver::{Resolver, Role, Usage};
use super::{Named, Unit, Variable};
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
    /// Warns about inputs and bindings that nothing reads; a decision that nothing reads is an error.
    /// Says nothing of a name that stands in what could not be read.
    pub(super) fn report_unused(&mut self) {
        let unread = self.unread_words();
        let used = |(_, usage): &(&Variable, &Usage)| usage.used;
        let vars = || self.vars.iter().zip(&self.usage).filter(|pair| !used(pair));
        // What is missing would read the last that nothing reads yet.
        let of_missing = |part: &Span| vars().map(|(var, _)| var.span).rfind(|at| part.holds(*at));
        let meant: HashSet<Span> = self.lacks_reader.iter().filter_map(of_missing).collect();
        let unused = vars().filter(|(var, _)| {
            !var.name.starts_with('_') && !unread.contains(&*var.name) && !meant.contains(&var.span)
        });
        let reports: Vec<_> = unused
            .filter_map(|(var, usage)| {
                let report = unused_report(&var.name, var.span, usage.role)?;
                let source = self.input.files.get(&var.span.source).map_or("", |unit| unit.source.text());
                let doubled = source.contains(&format!("{{{{{}}}}}", var.name));
                Some(if doubled { report.help(doubled_braces(&var.name)) } else { report })
            })
            .collect();
        self.diagnostics.extend(reports);
    }

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

fn unused_report(name: &str, span: Span, role: Role) -> Option<Diagnostic> {
    Some(match role {
        Role::Other => return None,
        Role::Input => {
            Diagnostic::warning(codes::UNUSED_INPUT, span, format!("the input `{name}` is never used"))
                .help("remove it, or use it")
        }
        Role::Let => Diagnostic::warning(codes::UNUSED_BINDING, span, format!("`{name}` is never used"))
            .help(format!("remove the `let {name} =`, or call it `_{name}` if it is only for the record")),
        Role::Decision => {
            let message =
                format!("the decision `{name}` is never read, so a \"no\" would go on like a \"yes\"");
            Diagnostic::error(codes::UNREAD_DECISION, span, message)
                .help(format!("write `if not {name} {{ … }}` after it, or drop `let {name} =` so that a \"no\" fails the run"))
        }
    })
}
