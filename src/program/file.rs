//! Whole files: how a runbook begins, what it uses, its inputs, and the runbooks that it calls.

use semver::Version;

use super::block::Lines;
use super::expr::fixed_text;
use super::fit::fixed_value;
use super::resolver::{Cx, DefSlot, Frame, NO_MODULE, ParamSlot, Resolver};
use super::{Def, DefId, DefKind, Input, Link, Named, Param, Place, Stmt, Unit};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::{self, Head, Item, Line};
use crate::text::{SourceId, Span};
use crate::value::{Expr, Value};

/// How many files may take each other in, one inside the other.
const DEEPEST: usize = 64;

/// A runbook, resolved.
#[derive(Debug)]
pub(super) struct Runbook {
    pub(super) title: String,
    pub(super) version: Version,
    pub(super) prose: Option<String>,
    pub(super) inputs: Vec<Input>,
    pub(super) body: Vec<Stmt>,
}

/// What a file is, by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Runbook,
    Module,
    Neither,
}

impl<'a> Resolver<'a> {
    /// Resolves the runbook of the frame at hand; `None` where it is a module.
    pub(super) fn runbook(&mut self) -> Option<Runbook> {
        let tree = self.frame.unit.tree;
        if kind_of_file(tree) == FileKind::Module {
            let span = first_statement(tree).map_or(Span::new(tree.source, 0, 0), |first| first.span);
            let message = "this is a module, and a runbook is wanted";
            self.error(codes::BAD_HEADER, span, message, "take it in with `use` at the top of a runbook");
            return None;
        }
        if self.is_foreign(tree, kind_of_file(tree)) || self.tell_headless(tree) {
            return None;
        }
        let (title, version) = self.runbook_header(tree);
        self.take_in_modules(tree);
        let inputs = self.inputs(tree);
        let Lines { prose, stmts, .. } = self.block(&tree.lines, Cx::of(Place::Runbook));
        self.settle_unknown();
        Some(Runbook { title, version, prose, inputs, body: stmts })
    }

    fn runbook_header(&mut self, tree: &'a tree::Tree) -> (String, Version) {
        let none = (String::new(), Version::new(0, 0, 0));
        let Some(first) = first_statement(tree) else {
            if tree.lines.is_empty() {
                let (at, help) =
                    (Span::new(tree.source, 0, 0), "the first line is `runbook \"Title\" 1.0.0`");
                self.error(codes::BAD_HEADER, at, "the file is empty", help);
            }
            return none;
        };
        if let Some(word) = misspelt_header(tree) {
            let message = format!("no statement begins with `{}`", word.text);
            let report =
                Diagnostic::error(codes::UNKNOWN_KEYWORD, word.span, message).help("did you mean `runbook`?");
            self.report(report.guess("write `runbook`", word.span, "runbook"));
        } else if kind_of_file(tree) != FileKind::Runbook {
            let span = super::spans::head_span(&first.head, first.span);
            let rest = Span { start: span.end, ..self.rest_of_line(span) };
            let report = Diagnostic::error(codes::BAD_HEADER, span, "the file does not begin as a runbook");
            let report = report.help("the first line is `runbook \"Title\" 1.0.0`");
            // What follows a word that is none here follows from that.
            let unknown = self.begins_with_no_keyword(first) || matches!(first.head, Head::Unread(_));
            self.report(if unknown { report.hides(self.keys_from(rest)) } else { report });
            return none;
        }
        let title = match first.items.first() {
            Some(Item::Expr(title)) => title.fixed_text(),
            _ => None,
        };
        if title.is_none() {
            let span = first.items.first().map_or(first.span, super::spans::item_span);
            let report = Diagnostic::error(
                codes::BAD_HEADER,
                span,
                "`runbook` needs a title in quotes, without values",
            );
            let rest = self.rest_of_line(Span { end: first.span.start, ..first.span });
            self.report(report.help("the first line is `runbook \"Title\" 1.0.0`").hides(rest));
            return (String::new(), Version::new(0, 0, 0));
        }
        let version = self.version(first.items.get(1), first, "runbook \"Title\" 1.0.0");
        self.check_header_end(first);
        (title.unwrap_or_default(), version)
    }

    /// Whether a word begins a file that does not begin as it must, which is reported.
    pub(super) fn is_no_header(&self, word: &tree::Ident) -> bool {
        let tree = self.frame.unit.tree;
        let first = first_statement(tree).map(|first| super::spans::head_span(&first.head, first.span));
        kind_of_file(tree) == FileKind::Neither && first == Some(word.span)
    }

    /// A line that begins a file, further down.
    pub(super) fn second_header(&mut self, stmt: &tree::Stmt, cx: Cx) {
        let (Head::Word(word), Some(Place::Runbook)) = (&stmt.head, cx.place) else { return };
        let header = matches!(word.text.as_str(), "runbook" | "module");
        let tree = self.frame.unit.tree;
        let first = first_statement(tree).is_some_and(|first| std::ptr::eq(first, stmt));
        // That a file begins as none is told there.
        if header && !first && kind_of_file(tree) != FileKind::Neither {
            let message = format!("`{}` stands on the first line of a file only", word.text);
            self.error(codes::BAD_HEADER, word.span, message, "put it into a file of its own, or remove it");
        }
    }

    /// The version after the title or name.
    pub(super) fn version(&mut self, item: Option<&'a Item>, first: &tree::Stmt, form: &str) -> Version {
        let head = || super::spans::head_span(&first.head, first.span);
        let span = item.map_or_else(head, super::spans::item_span);
        let value = match item {
            Some(Item::Expr(written)) if super::spans::lone_name(written).is_none() => self.expr(written),
            _ => fixed_text(""),
        };
        if let Some(Value::Version(version)) = fixed_value(&value.expr) {
            return version.clone();
        }
        let message = match item {
            Some(_) => "this is no version of three numbers",
            None => "the version is missing",
        };
        let rest = self.rest_of_line(span);
        let report =
            Diagnostic::error(codes::BAD_HEADER, span, message).help(format!("the first line is `{form}`"));
        let report = match super::version::meant(self.words(rest)).filter(|_| item.is_some()) {
            Some(meant) => report
                .guess(format!("write `{meant}`"), rest, meant)
                .hides(Span { start: span.start, ..rest }),
            // What stands in a block of the first line is none of a runbook.
            None => report.hides(Span { start: span.start, ..first.span.to(rest) }),
        };
        self.report(report);
        Version::new(0, 0, 0)
    }

    pub(super) fn check_header_end(&mut self, first: &tree::Stmt) {
        if let Some(item) = first.items.get(2) {
            let span = super::spans::item_span(item);
            let help = "what the runbook is for stands below, between `\"\"\"` lines";
            self.error(codes::SURPLUS_OPERAND, span, "nothing more belongs on the first line", help);
        }
    }

    /// Every `use` of a file.
    pub(super) fn take_in_modules(&mut self, tree: &'a tree::Tree) {
        for stmt in statements(tree).filter(|stmt| is_word(stmt, "use")) {
            let Some(Item::Expr(name)) = stmt.items.first() else {
                self.frame.uses.entry("use").or_insert(NO_MODULE);
                self.tell_no_module(stmt.span);
                continue;
            };
            let Some(text) = name.fixed_text() else {
                let words = self.words(name.span);
                self.frame.uses.entry(last_part(words)).or_insert(NO_MODULE);
                self.tell_bare_module(name.span);
                continue;
            };
            self.take_in(&text, name.span, stmt);
        }
    }

    /// A `use` inside a block, which is reported: its module counts as unknown.
    pub(super) fn misplaced_use(&mut self, stmt: &'a tree::Stmt) {
        if let (true, Some(item)) = (is_word(stmt, "use"), stmt.items.first()) {
            let words = self.words(super::spans::item_span(item));
            self.frame.uses.entry(last_part(words)).or_insert(NO_MODULE);
        }
    }

    fn take_in(&mut self, text: &str, span: Span, stmt: &'a tree::Stmt) {
        let alias = self.spare_in_use(stmt);
        let source = match self.link(text, span) {
            Some(Link::File(source)) => {
                self.mention(span, Named::File(source));
                self.load_module(source, span)
            }
            Some(Link::Broken) | None => None,
        };
        let name = match source.and_then(|source| self.module_names.get(&source).copied()) {
            Some(name) => name,
            None => last_part(self.words(span)),
        };
        let source = source.unwrap_or(NO_MODULE);
        alias.and_then(|alias| self.frame.uses.insert(alias, source));
        let earlier = self.frame.uses.get(name).copied().filter(|earlier| *earlier != NO_MODULE);
        if earlier.is_none() {
            self.frame.uses.insert(name, source);
        } else if source != NO_MODULE {
            let message = format!("a module called `{name}` is already in use");
            self.error(
                codes::TAKEN_NAME,
                span,
                message,
                "use each module once; two of one name cannot be told apart",
            );
        }
    }

    /// Where a `use` or `call` leads; unknown ones are reported.
    fn link(&mut self, text: &str, span: Span) -> Option<Link> {
        let from = self.frame.unit.tree.source;
        self.tell_module_path(text, span);
        if let Some(link) = self.input.links.get(&(from, text.to_owned())) {
            return Some(*link);
        }
        let report = Diagnostic::error(codes::UNKNOWN_FILE, span, format!("there is no \"{text}\""));
        let std = self.input.std_modules.iter().map(|name| format!("std/{name}")).collect::<Vec<_>>();
        let report = match nearest(text, std.iter().map(String::as_str)) {
            Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
                format!("write \"{near}\""),
                span,
                format!("\"{near}\""),
            ),
            None if text.starts_with("std/") => {
                report.help("`bowline list --stdlib` names the modules of the standard library")
            }
            None => report.help("a file beside this one begins with `./`, the standard library with `std/`"),
        };
        self.report(report);
        None
    }

    /// The unit of a source, if it can be gone into.
    pub(super) fn enter(&mut self, source: SourceId, span: Span) -> Option<Unit<'a>> {
        let unit = self.input.files.get(&source).copied()?;
        if self.depth.files < DEEPEST {
            return Some(unit);
        }
        let message = format!("files take each other in more than {DEEPEST} deep");
        self.report(Diagnostic::error(codes::TOO_DEEP, span, message));
        None
    }

    /// The definition of a runbook that is called by its file.
    pub(super) fn called_runbook(&mut self, word: Span, name: &'a tree::Expr) -> Option<DefId> {
        let Some(text) = name.fixed_text() else {
            self.no_file_to_call(word, name);
            return None;
        };
        let Some(Link::File(source)) = self.link(&text, name.span) else { return None };
        self.mention(name.span, Named::File(source));
        match self.runbooks.get(&source) {
            Some(Some(def)) => return Some(*def),
            Some(None) => {
                let message =
                    format!("\"{text}\" is called while it is itself being called, and would never end");
                self.error(codes::CYCLE, name.span, message, "use `repeat` to do something again");
                return None;
            }
            None => {}
        }
        let unit = self.enter(source, name.span)?;
        if kind_of_file(unit.tree) == FileKind::Module {
            let message = format!("\"{text}\" is a module, and `call` takes a runbook");
            self.error(codes::BAD_HEADER, name.span, message, "take it in with `use` at the top");
            return None;
        }
        self.load_runbook(text, unit, name.span)
    }

    fn load_runbook(&mut self, text: String, unit: Unit<'a>, span: Span) -> Option<DefId> {
        let source = unit.tree.source;
        self.runbooks.insert(source, None);
        self.depth.files += 1;
        let (runbook, frame) = self.within(Frame::new(unit), Self::runbook);
        self.depth.files -= 1;
        let runbook = runbook?;
        let params = runbook.inputs.iter().map(|input| self.input_param(input)).collect::<Vec<_>>();
        let built = Def {
            kind: DefKind::Runbook,
            name: text.clone(),
            params: params.iter().map(ParamSlot::built).collect(),
            returns: None,
            body: runbook.body,
            title: Some(Expr::Const(Value::Text(runbook.title.into()))),
            options: vec![],
            prose: runbook.prose,
            span: Span::new(source, 0, 0),
        };
        let slot = DefSlot {
            kind: DefKind::Runbook,
            name: text,
            params,
            returns: None,
            broken: !frame.nameless.is_empty() || !frame.taken.is_empty(),
            span,
            calls: vec![],
            deprecated: None,
            built: Some(built),
        };
        let def = self.add_def(slot);
        self.runbooks.insert(source, Some(def));
        Some(def)
    }

    /// The parameter that an input of a called runbook is.
    fn input_param(&self, input: &Input) -> ParamSlot {
        let (ty, secret) = self
            .var(input.var)
            .map_or((crate::value::Type::Unknown, false), |var| (var.ty.clone(), var.secret));
        let name = self.var(input.var).map_or(String::new(), |var| var.name.clone());
        ParamSlot {
            name,
            var: input.var,
            ty,
            secret,
            default: input.default.clone(),
            condition: input.condition.clone(),
        }
    }

    pub(super) fn add_def(&mut self, slot: DefSlot) -> DefId {
        let def = DefId(u32::try_from(self.defs.len()).unwrap_or(u32::MAX));
        self.defs.push(slot);
        def
    }
}

impl ParamSlot {
    /// The parameter as the program holds it.
    pub(super) fn built(&self) -> Param {
        Param { var: self.var, default: self.default.clone(), condition: self.condition.clone() }
    }
}

/// What a file is, by its first statement.
pub(super) fn kind_of_file(tree: &tree::Tree) -> FileKind {
    match first_statement(tree) {
        Some(stmt) if is_word(stmt, "runbook") => FileKind::Runbook,
        Some(stmt) if is_word(stmt, "module") => FileKind::Module,
        _ => FileKind::Neither,
    }
}

/// The first word of a file, where it is `runbook` misspelt.
pub(super) fn misspelt_header(tree: &tree::Tree) -> Option<&tree::Ident> {
    let Head::Word(word) = &first_statement(tree)?.head else { return None };
    let near = kind_of_file(tree) == FileKind::Neither && nearest(&word.text, ["runbook"]).is_some();
    near.then_some(word)
}

/// The first line, if it is a statement.
pub(super) fn first_statement(tree: &tree::Tree) -> Option<&tree::Stmt> {
    // A line that is none is reported as that, and does not move the header behind it.
    let header = |stmt: &&tree::Stmt| is_word(stmt, "runbook") || is_word(stmt, "module");
    let behind =
        || tree.lines.iter().find(|line| !matches!(line, Line::Bad(_))).and_then(as_stmt).filter(header);
    tree.lines.first().and_then(as_stmt).or_else(behind)
}

fn as_stmt(line: &Line) -> Option<&tree::Stmt> {
    if let Line::Stmt(stmt) = line { Some(stmt) } else { None }
}

/// The statements at the top of a file.
pub(super) fn statements(tree: &tree::Tree) -> impl Iterator<Item = &tree::Stmt> {
    tree.lines.iter().filter_map(|line| if let Line::Stmt(stmt) = line { Some(stmt) } else { None })
}

/// Whether a statement begins with that keyword.
pub(super) fn is_word(stmt: &tree::Stmt, word: &str) -> bool {
    matches!(&stmt.head, Head::Word(head) if head.text == word)
}

/// `memoria` of `"./memoria"`, for a module that cannot be asked for its name.
fn last_part(quoted: &str) -> &str {
    let text = quoted.trim_matches(|c| c == '"' || c == '\'');
    text.rsplit('/').next().unwrap_or(text)
}
