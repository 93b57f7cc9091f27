//! Blocks: in which order their lines are read, which names are seen after them, and what is never reached.

use std::collections::HashMap;

use super::items::Matched;
use super::kinds::{self, own_place};
use super::names::{New, of_kind};
use super::resolver::{Resolver, Role};
use super::scope::{Bound, Entry, Loss, Why};
use super::statement::{Cx, Done, head_span, step_call};
use super::{BlockOf, Call, DefKind, Flow, Form, Place, Schema, Stmt, Tail, TailOf};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{self, ExprKind, Head, Line};
use crate::text::Span;

/// The statements of a block.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) prose: Option<String>,
    pub(super) stmts: Vec<Stmt>,
    /// Whether what follows the block is reached.
    pub(super) falls: bool,
    warned: bool,
}

/// One of several ways through a statement.
struct Arm<'a> {
    bound: Bound<'a>,
    falls: bool,
    span: Span,
    /// Why it does not bind what others do.
    why: Why,
    /// The titles in it: other branches may have the same, what stands around may not.
    titles: HashMap<String, Span>,
}

/// When a line is read, other than in its order. What runs at any time sees only what is bound
/// before everything; an undo sees all that its step binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// A plain `let` at the head of the block.
    Leading,
    /// Handlers, guards, beats.
    Anytime,
    /// `done when`.
    DoneWhen,
    InOrder,
    /// `rollback`, `restore`.
    Undo,
}

impl<'a> Resolver<'a> {
    /// Everything inside a statement; says whether what follows it is reached.
    pub(super) fn inside_of(
        &mut self,
        written: &'a tree::Stmt,
        stmt: &mut Stmt,
        matched: Matched<'a>,
        cx: Cx,
    ) -> bool {
        let schema = stmt.schema;
        stmt.operands = matched.operands;
        stmt.options = matched.options;
        self.check_block(schema, written);
        self.check_tail(schema, written);
        let inner = match own_place(schema) {
            Some(place) => Cx::of(place),
            None => Cx { place: cx.place, direct: false },
        };
        self.frame.inside.push(schema.word);
        let outer =
            own_place(schema).map(|_| std::mem::replace(&mut self.frame.titles, vec![HashMap::new()]));
        let falls = self.flow(written, stmt, matched.item, inner);
        if let Some(outer) = outer {
            self.frame.titles = outer;
        }
        self.frame.inside.pop();
        falls && !kinds::ends(schema.word)
    }

    fn flow(
        &mut self,
        written: &'a tree::Stmt,
        stmt: &mut Stmt,
        item: Option<(&'a str, crate::value::VarId, Span)>,
        inner: Cx,
    ) -> bool {
        match flow_of(stmt.schema) {
            Flow::Through | Flow::LastTurn => self.through(written, stmt, inner),
            Flow::Branches => self.branches(written, stmt, inner),
            Flow::Each => self.each(written, stmt, item, inner),
            Flow::Parallel => self.parallel(written, stmt, inner),
            Flow::Inner => self.inner(written, stmt, inner),
        }
    }

    /// As if the block's statements stood there.
    fn through(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, inner: Cx) -> bool {
        let hidden = self.provide(stmt);
        let falls = match &written.block {
            Some(block) => self.fill(stmt, &block.lines, inner),
            None => true,
        };
        self.withdraw(hidden);
        if let Some(tree::Tail::Until(condition)) = &written.tail {
            let outer = std::mem::take(&mut self.frame.calls);
            let until = self.condition(condition, "`until` takes");
            let calls = std::mem::replace(&mut self.frame.calls, outer);
            stmt.tail = Some(Tail::Until(calls, until.expr));
        }
        falls
    }

    fn fill(&mut self, stmt: &mut Stmt, lines: &'a [Line], cx: Cx) -> bool {
        let done = self.block(lines, cx);
        stmt.prose = done.prose;
        stmt.body = done.stmts;
        if matches!(own_place(stmt.schema), Some(Place::Step | Place::Manual)) {
            self.check_alone(&stmt.body);
        }
        done.falls
    }

    /// Names that exist only inside the block (`status`); gives back what they hide.
    fn provide(&mut self, stmt: &mut Stmt) -> Vec<(&'a str, Option<Entry>)> {
        let mut hidden = vec![];
        for (name, ty) in stmt.schema.provides {
            let new = New::of(ty.clone(), Role::Other);
            let var = self.new_var(name, new.ty, new.secret, stmt.span, new.role);
            stmt.provided.push(var);
            let entry = self.entry_of(var, stmt.span);
            let bound = self.frame.scope.get(name).filter(|entry| entry.lost.is_none());
            let hides = bound.map(|entry| entry.span);
            hidden.push((*name, self.frame.scope.replace(name, Some(Entry { hides, ..entry }))));
        }
        hidden
    }

    fn withdraw(&mut self, hidden: Vec<(&'a str, Option<Entry>)>) {
        for (name, entry) in hidden {
            self.frame.scope.replace(name, entry);
        }
    }

    fn inner(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, inner: Cx) -> bool {
        let word = stmt.schema.word;
        let anytime = self.frame.anytime;
        if kinds::is_anytime(stmt.schema) {
            self.frame.anytime = Some(word);
        }
        let mark = self.frame.scope.mark();
        self.frame.scope.begin_wall();
        self.through(written, stmt, inner);
        self.frame.scope.end_alternatives();
        if own_place(stmt.schema) == Some(Place::DoneWhen) {
            self.frame.in_place = Some((self.frame.scope.bound_since(mark), stmt.span));
        }
        self.frame.scope.leave(mark, &Loss { why: Why::Inner(word), span: stmt.span });
        self.frame.anytime = anytime;
        true
    }

    fn each(
        &mut self,
        written: &'a tree::Stmt,
        stmt: &mut Stmt,
        item: Option<(&'a str, crate::value::VarId, Span)>,
        inner: Cx,
    ) -> bool {
        let mark = self.frame.scope.mark();
        if let Some((name, var, span)) = item {
            self.check_item(name, span);
            let entry = self.entry_of(var, span);
            self.frame.scope.set(name, entry);
        }
        self.through(written, stmt, inner);
        if let Some((name, _, span)) = item
            && let Some(entry) = self.frame.scope.get(name).cloned()
        {
            let lost = Some(Loss { why: Why::Item, span });
            self.frame.scope.set(name, Entry { lost, ..entry });
        }
        self.frame.scope.by_item(mark);
        true
    }

    fn check_item(&mut self, name: &'a str, span: Span) {
        let taken = self.frame.scope.get(name).filter(|entry| entry.lost.is_none()).map(|entry| entry.span);
        if let Some(earlier) = taken {
            let message = format!("`{name}` is already bound on line {}", self.line(earlier));
            let report = Diagnostic::error(codes::TAKEN_NAME, span, message).also(earlier, "bound here");
            self.report(report.help("choose another name for the item"));
        }
    }

    /// Branches: what every one of them binds is seen afterwards.
    fn branches(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, inner: Cx) -> bool {
        self.frame.scope.begin_alternatives();
        let mut arms = match (own_place(stmt.schema), &written.block) {
            (Some(Place::Choose), Some(block)) => self.answers(stmt, &block.lines, inner),
            (_, Some(block)) => {
                let undone = stmt.schema.tail == TailOf::Otherwise;
                let why = if undone { Why::Undone } else { Why::OtherBranch };
                vec![self.arm(block.span, why, |this| this.fill(stmt, &block.lines, inner))]
            }
            _ => vec![],
        };
        arms.extend(self.tail_arm(written, stmt, inner));
        self.frame.scope.end_alternatives();
        if arms.is_empty() {
            return true;
        }
        let titles = arms.iter_mut().map(|arm| std::mem::take(&mut arm.titles));
        if let Some(outer) = self.frame.titles.last_mut() {
            outer.extend(titles.flatten());
        }
        self.merge(&arms)
    }

    /// One way through: its names are taken back, and given to [`Resolver::merge`].
    fn arm(&mut self, span: Span, left: Why, work: impl FnOnce(&mut Self) -> bool) -> Arm<'a> {
        self.frame.scope.next_alternative();
        self.frame.titles.push(HashMap::new());
        let mark = self.frame.scope.mark();
        let falls = work(self);
        let bound = self.frame.scope.bound_since(mark);
        self.frame.scope.leave(mark, &Loss { why: left, span });
        self.frame.scope.end_alternative(&bound);
        let titles = self.frame.titles.pop().unwrap_or_default();
        Arm { bound, falls, span, why: Why::Branch, titles }
    }

    fn answers(&mut self, stmt: &mut Stmt, lines: &'a [Line], inner: Cx) -> Vec<Arm<'a>> {
        let mut arms = vec![];
        for line in lines {
            let Line::Stmt(answer) = line else { continue };
            if let Head::Prose(prose) = &answer.head {
                add_prose(&mut stmt.prose, &prose.text);
                continue;
            }
            let mut done = None;
            arms.push(self.arm(answer.span, Why::OtherBranch, |this| {
                done = this.stmt(answer, inner);
                done.as_ref().is_none_or(|done| done.falls)
            }));
            stmt.body.extend(done.map(|done: Done| done.stmt));
        }
        arms
    }

    /// The branch after the block, or the one that is not written.
    fn tail_arm(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, inner: Cx) -> Option<Arm<'a>> {
        match &written.tail {
            Some(tree::Tail::Else(block)) => Some(self.arm(block.span, Why::OtherBranch, |this| {
                let lines = this.block(&block.lines, inner);
                stmt.tail = Some(Tail::Else(lines.stmts));
                lines.falls
            })),
            Some(tree::Tail::Otherwise(block)) => Some(self.arm(block.span, Why::OtherBranch, |this| {
                let lines = this.block(&block.lines, inner);
                stmt.tail = Some(Tail::Otherwise(lines.stmts));
                lines.falls
            })),
            Some(tree::Tail::ElseIf(next)) => Some(self.arm(next.span, Why::OtherBranch, |this| {
                let done = this.stmt(next, inner);
                let falls = done.as_ref().is_none_or(|done| done.falls);
                stmt.tail = Some(Tail::Else(done.map(|done| done.stmt).into_iter().collect()));
                falls
            })),
            _ if stmt.schema.tail == TailOf::Else => {
                let span = head_span(&written.head, written.span);
                let span = written.items.iter().map(super::items::item_span).fold(span, Span::to);
                Some(Arm { bound: vec![], falls: true, span, why: Why::NoElse, titles: HashMap::new() })
            }
            _ => None,
        }
    }

    /// Sees after branches what each that goes on has bound; says whether any goes on.
    fn merge(&mut self, arms: &[Arm<'a>]) -> bool {
        let going: Vec<&Arm<'a>> = arms.iter().filter(|arm| arm.falls).collect();
        let maps: Vec<HashMap<&'a str, &Entry>> =
            going.iter().map(|arm| arm.bound.iter().map(|(name, entry)| (*name, entry)).collect()).collect();
        for (at, arm) in going.iter().enumerate() {
            for (name, entry) in &arm.bound {
                if maps.iter().take(at).any(|earlier| earlier.contains_key(name)) {
                    continue;
                }
                let without =
                    maps.iter().position(|map| !map.contains_key(name)).and_then(|at| going.get(at));
                let entry = match without {
                    Some(arm) => Entry { lost: Some(Loss { why: arm.why, span: arm.span }), ..entry.clone() },
                    None => joined(name, entry, &maps),
                };
                self.frame.scope.set(name, entry);
            }
        }
        !going.is_empty()
    }

    fn parallel(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, inner: Cx) -> bool {
        let Some(block) = &written.block else { return true };
        let mut all: Bound<'a> = vec![];
        let mut falls = true;
        for line in &block.lines {
            let Line::Stmt(branch) = line else { continue };
            if let Head::Prose(prose) = &branch.head {
                add_prose(&mut stmt.prose, &prose.text);
                continue;
            }
            let mark = self.frame.scope.mark();
            let done = self.stmt(branch, inner);
            falls &= done.as_ref().is_none_or(|done| done.falls);
            stmt.body.extend(done.map(|done| done.stmt));
            all.extend(self.frame.scope.bound_since(mark));
            self.frame.scope.leave(mark, &Loss { why: Why::Sibling, span: branch.span });
        }
        for (name, entry) in all {
            self.frame.scope.set(name, entry);
        }
        falls
    }

    /// The lines of a block.
    pub(super) fn block(&mut self, lines: &'a [Line], cx: Cx) -> Lines {
        let turns = self.turns(lines, cx);
        let mut done = Lines { prose: None, stmts: vec![], falls: true, warned: false };
        if turns.is_sorted() && !turns.contains(&Turn::DoneWhen) {
            for (line, turn) in lines.iter().zip(turns) {
                let stmt = self.line_of_block(line, turn, cx, &mut done);
                done.stmts.extend(stmt);
            }
        } else {
            self.block_by_turns(lines, &turns, cx, &mut done);
        }
        done
    }

    /// Lines that are read out of order stand in order in the program.
    fn block_by_turns(&mut self, lines: &'a [Line], turns: &[Turn], cx: Cx, done: &mut Lines) {
        let mut order: Vec<(usize, (&'a Line, Turn))> =
            lines.iter().zip(turns.iter().copied()).enumerate().collect();
        order.sort_by_key(|(_, (_, turn))| *turn);
        let mark = self.frame.scope.mark();
        self.frame.scope.begin_alternatives();
        let mut in_place = None;
        let mut read: Vec<(usize, Stmt)> = vec![];
        for (at, (line, turn)) in order {
            read.extend(self.line_of_block(line, turn, cx, done).map(|stmt| (at, stmt)));
            if turn == Turn::DoneWhen {
                in_place = self.frame.in_place.take();
                let bound = in_place.as_ref().map(|(bound, _)| bound.clone()).unwrap_or_default();
                self.frame.scope.end_alternative(&bound);
                self.frame.scope.next_alternative();
            }
        }
        self.frame.scope.end_alternatives();
        if let Some((bound, span)) = in_place {
            self.frame.scope.doubt(mark, &bound, &Loss { why: Why::InPlace, span });
        }
        read.sort_by_key(|(at, _)| *at);
        done.stmts = read.into_iter().map(|(_, stmt)| stmt).collect();
    }

    fn line_of_block(&mut self, line: &'a Line, turn: Turn, cx: Cx, done: &mut Lines) -> Option<Stmt> {
        let stmt = match line {
            Line::Stmt(stmt) => stmt,
            Line::Bad(span) => {
                self.bad_line(*span);
                return None;
            }
        };
        if let Head::Prose(prose) = &stmt.head {
            add_prose(&mut done.prose, &prose.text);
            return None;
        }
        if cx.direct && self.frame.inside.is_empty() && kinds::is_declaration(&stmt.head) {
            self.second_header(stmt, cx);
            return None;
        }
        let in_order = matches!(turn, Turn::Leading | Turn::InOrder);
        if in_order && !done.falls && !done.warned {
            done.warned = true;
            let report = Diagnostic::warning(codes::UNREACHABLE, stmt.span, "this is never reached");
            self.report(report.help("what stands before it always ends the run; remove one of them"));
        }
        let read = self.stmt(stmt, cx)?;
        done.falls &= read.falls || !in_order;
        Some(read.stmt)
    }

    /// A name that a line would have bound, had it been readable, is not reported again where it is used.
    pub(super) fn bad_line(&mut self, span: Span) {
        let words = self.words(span);
        let mut rest = words.split_whitespace();
        if matches!(rest.next(), Some("let" | "ask" | "input" | "for"))
            && let Some(word) = rest.next()
        {
            let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
            let name = word.get(..end).unwrap_or_default();
            let free = self.frame.scope.get(name).is_none_or(|entry| entry.lost.is_some());
            if !name.is_empty() && free {
                self.declare_unknown(name, span);
            }
        }
    }

    fn turns(&self, lines: &[Line], cx: Cx) -> Vec<Turn> {
        let mut leading = true;
        let turn = |line: &Line| {
            let turn = match line {
                Line::Stmt(stmt) => self.turn(stmt, cx),
                Line::Bad(_) => Turn::Leading,
            };
            leading &= turn <= Turn::Anytime;
            if turn == Turn::Leading && !leading { Turn::InOrder } else { turn }
        };
        lines.iter().map(turn).collect()
    }

    fn turn(&self, stmt: &tree::Stmt, cx: Cx) -> Turn {
        match &stmt.head {
            Head::Prose(_) => return Turn::Leading,
            Head::Expr(value) if is_plain(value) => return Turn::Leading,
            _ => {}
        }
        let Head::Word(word) = &stmt.head else { return Turn::InOrder };
        if kinds::is_declaration(&stmt.head) {
            return Turn::Leading;
        }
        let Some(schema) = self.kinds.find(&word.text, cx.place) else { return Turn::InOrder };
        match own_place(schema) {
            Some(Place::DoneWhen) => Turn::DoneWhen,
            Some(Place::Undo) => Turn::Undo,
            _ if kinds::is_anytime(schema) => Turn::Anytime,
            _ => Turn::InOrder,
        }
    }

    /// A block that must be there, or must not.
    pub(super) fn check_block(&mut self, schema: &'static Schema, written: &tree::Stmt) {
        let head = head_span(&written.head, written.span);
        match (schema.block, &written.block) {
            (BlockOf::None, Some(block)) => {
                let message = format!("{} takes no block", of_kind(schema.word));
                let brace = Span { end: block.span.start + 1, ..block.span };
                self.error(
                    codes::BAD_BLOCK,
                    brace,
                    message,
                    &format!("it is written `{}`", super::items::form(schema)),
                );
            }
            (BlockOf::Required(_) | BlockOf::Same, None) => {
                let message = format!("{} needs a block", of_kind(schema.word));
                self.error(codes::BAD_BLOCK, head, message, "open one at the end of the line: `{`");
            }
            _ => {}
        }
    }

    fn check_tail(&mut self, schema: &'static Schema, written: &tree::Stmt) {
        let (word, span, fits) = match &written.tail {
            Some(tree::Tail::Else(block)) => ("else", block.span, schema.tail == TailOf::Else),
            Some(tree::Tail::ElseIf(next)) => ("else", next.span, schema.tail == TailOf::Else),
            Some(tree::Tail::Otherwise(block)) => ("otherwise", block.span, schema.tail == TailOf::Otherwise),
            Some(tree::Tail::Until(until)) => ("until", until.span, schema.tail == TailOf::Until),
            None if schema.tail == TailOf::Until && written.block.is_some() => {
                let head = head_span(&written.head, written.span);
                let message = format!("`{}` needs `until` after its block", schema.word);
                return self.error(codes::BAD_TAIL, head, message, "write `} until condition`");
            }
            None => return,
        };
        if fits {
            return;
        }
        let message = format!("`{word}` does not follow {}", of_kind(schema.word));
        let help = match word {
            "else" => "`else` follows the block of an `if`",
            "otherwise" => "`otherwise` follows the block of an `attempt`",
            _ => "`until` follows the block of a `repeat`",
        };
        self.error(codes::BAD_TAIL, span, message, help);
    }

    /// A module step is the whole of the step that it stands in.
    pub(super) fn check_alone(&mut self, body: &[Stmt]) {
        let is_step = |def| self.def(def).is_some_and(|slot| slot.kind == DefKind::Step);
        let Some(call) = body.iter().find_map(|stmt| step_call(stmt, &is_step)) else { return };
        let doing =
            body.iter().filter(|stmt| !kinds::is_part(stmt.schema) && stmt.schema.word != "hint").count();
        let direct = body.iter().any(|stmt| std::ptr::eq(stmt, call));
        if direct && doing == 1 {
            return;
        }
        let Form::Call(Call { def, span, .. }) = &call.form else { return };
        let name = self.def(*def).map(|slot| slot.name.clone()).unwrap_or_default();
        let message =
            format!("`{name}` is a step of its own, and something else stands beside it in this step");
        let span = *span;
        self.error(codes::STEP_NOT_ALONE, span, message, "move it out, to stand before or after this step");
    }
}

/// Whether an expression asks nobody: no check of a module is called in it.
fn is_plain(value: &tree::Expr) -> bool {
    let mut pending = vec![value];
    while let Some(expr) = pending.pop() {
        match &expr.kind {
            ExprKind::Call(callee, args) => {
                if !matches!(callee.kind, ExprKind::Name(_)) {
                    return false;
                }
                pending.extend(args.iter().map(|arg| &arg.value));
            }
            ExprKind::Text(pieces) => pending.extend(pieces.iter().filter_map(|piece| match piece {
                tree::Piece::Value(inner) | tree::Piece::Splice(inner) => Some(inner),
                tree::Piece::Text(_) => None,
            })),
            ExprKind::Field(inner, _) | ExprKind::Unary(_, inner) => pending.push(inner),
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => pending.extend([&**a, &**b]),
            ExprKind::If(a, b, c) => pending.extend([&**a, &**b, &**c]),
            ExprKind::List(items) => pending.extend(items),
            ExprKind::Object(fields) => pending.extend(fields.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    true
}

/// How names leave a block; the blocks of effects are read by what stands in them.
fn flow_of(schema: &Schema) -> Flow {
    match own_place(schema) {
        Some(Place::RunBlock | Place::FenceBlock | Place::HttpBlock) => Flow::Through,
        _ => schema.flow,
    }
}

/// A name that every branch binds: one variable, or of types that differ.
fn joined(name: &str, entry: &Entry, arms: &[HashMap<&str, &Entry>]) -> Entry {
    let mut entry = entry.clone();
    for other in arms.iter().filter_map(|arm| arm.get(name)) {
        entry.secret |= other.secret;
        if (other.meaning != entry.meaning || other.ty != entry.ty) && entry.lost.is_none() {
            entry.lost = Some(Loss { why: Why::Differs, span: other.span });
        }
    }
    entry
}

/// Prose that belongs to a block, in the order written.
pub(super) fn add_prose(prose: &mut Option<String>, text: &str) {
    match prose {
        Some(earlier) => {
            earlier.push_str("\n\n");
            earlier.push_str(text);
        }
        None => *prose = Some(text.to_owned()),
    }
}
