//! The lines of a block: in which order they are read, what is never reached, and what must hold of
//! the block as a whole.

use super::head::COMPARING;
use super::kinds::{self, own_place};
use super::names::of_kind;
use super::place::step_call;
use super::prose::set_below_prose;
use super::resolver::{Cx, Resolver};
use super::scope::{Loss, Why};
use super::spans::head_span;
use super::{BlockOf, Call, DefKind, Form, Place, Schema, Stmt, TailOf};
use crate::diag::{Diagnostic, codes};
use crate::syntax::is_word;
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
    /// The block that a statement here lacks, which is reported: what only stands there is read as its lines.
    lacking: Option<Place>,
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
    /// `return` beside a `done when`: it gives what either way binds.
    Return,
}

impl<'a> Resolver<'a> {
    /// The lines of a block.
    pub(super) fn block(&mut self, lines: &'a [Line], cx: Cx) -> Lines {
        let turns = self.turns(lines, cx);
        // Most lines are statements, and a statement is large: room to grow would be copied often.
        let stmts = Vec::with_capacity(lines.len());
        let mut done = Lines { prose: None, stmts, falls: true, warned: false, lacking: None };
        if turns.is_sorted() && !turns.contains(&Turn::DoneWhen) {
            for (line, turn) in lines.iter().zip(turns) {
                let stmt = self.line_of_block(line, turn, cx, &mut done);
                done.stmts.extend(stmt);
            }
        } else {
            self.block_by_turns(lines, &turns, cx, &mut done);
        }
        done.stmts.shrink_to_fit();
        set_below_prose(&mut done.stmts, lines);
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
        let returns = order.split_off(order.partition_point(|(_, (_, turn))| *turn < Turn::Return));
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
        for (at, (line, turn)) in returns {
            read.extend(self.line_of_block(line, turn, cx, done).map(|stmt| (at, stmt)));
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
            self.prose(&mut done.prose, prose);
            self.opens_no_block(stmt);
            return None;
        }
        if cx.direct && self.frame.inside.is_empty() && kinds::is_declaration(&stmt.head) {
            self.second_header(stmt, cx);
            self.opens_no_block(stmt);
            return None;
        }
        let in_order = matches!(turn, Turn::Leading | Turn::InOrder | Turn::Return);
        if in_order && !done.falls && !done.warned {
            done.warned = true;
            let report = Diagnostic::warning(codes::UNREACHABLE, stmt.span, "this is never reached");
            self.report(report.help("what stands before it always ends the run; remove one of them"));
        }
        let cx = done.lacking.filter(|place| self.stands_only(stmt, *place, cx)).map_or(cx, Cx::of);
        let read = self.stmt(stmt, cx)?;
        match (read.stmt.schema.block, &stmt.block) {
            (BlockOf::Required(place), None) => done.lacking = Some(place),
            (BlockOf::Optional(place), None) if read.told => done.lacking = Some(place),
            _ => {}
        }
        done.falls &= read.falls || !in_order;
        done.warned |= read.told && !read.falls;
        Some(*read.stmt)
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
        let mut turns: Vec<Turn> = lines.iter().map(turn).collect();
        if turns.contains(&Turn::DoneWhen) {
            let returns = |line: &Line| matches!(line, Line::Stmt(stmt) if is_return(stmt));
            for (turn, _) in turns.iter_mut().zip(lines).filter(|(_, line)| returns(line)) {
                *turn = Turn::Return;
            }
        }
        turns
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

    /// Whether a statement may stand in that block and not in the one at hand, or only with a `look` there.
    fn stands_only(&self, stmt: &tree::Stmt, lacking: Place, cx: Cx) -> bool {
        let word = match &stmt.head {
            Head::Word(word) => word.text.as_str(),
            Head::Run { .. } => "run",
            Head::Fence(_) => "fence",
            _ => return false,
        };
        let stands = |place: Place| {
            self.kinds.find(word, Some(place)).filter(|schema| schema.stands_in.contains(&place))
        };
        let here = cx.place.and_then(stands);
        let looks = here.is_some_and(|schema| schema.effect && cx.place.is_some_and(kinds::needs_look));
        stands(lacking).is_some() && (here.is_none() || looks && stmt.look.is_none())
    }

    /// Says so of a block behind a first line, a `use` or prose: what would stand in it is read by nobody.
    pub(super) fn opens_no_block(&mut self, written: &tree::Stmt) {
        let what = match &written.head {
            Head::Prose(_) => "prose".to_owned(),
            Head::Word(word) if word.text != "input" => format!("`{}`", word.text),
            _ => return,
        };
        let Some(block) = &written.block else { return };
        let brace = Span { end: block.span.start + 1, ..block.span };
        let help = "what follows stands on the lines below, without braces around it";
        self.error(codes::BAD_BLOCK, brace, format!("{what} opens no block"), help);
    }

    /// What must stand behind a head, or must not: a block, and what ends it.
    pub(super) fn check_block(&mut self, schema: &'static Schema, written: &tree::Stmt) {
        let head = head_span(&written.head, written.span);
        match (schema.block, &written.block) {
            (BlockOf::None, Some(_)) if kinds::is_empty_value(schema, written) => {}
            (BlockOf::None, Some(block)) => {
                let message = format!("{} takes no block", of_kind(schema.word));
                let brace = Span { end: block.span.start + 1, ..block.span };
                let help = if written.bind.is_some() && written.word().is_none() {
                    "a block belongs to a statement, as in `let name = check \"Title\" {`".to_owned()
                } else {
                    format!("it is written `{}`", super::form::form(schema))
                };
                self.error(codes::BAD_BLOCK, brace, message, &help);
            }
            (BlockOf::Required(_) | BlockOf::Same, None) => {
                let message = format!("{} needs a block", of_kind(schema.word));
                let below = self.brace_below(written.span);
                let report = Diagnostic::error(codes::BAD_BLOCK, head, message);
                let report = if let Some((bare, before)) = self.without_braces(schema, written) {
                    let braced = format!("{{ {before}{} }}", self.words(bare));
                    let report = report.help("what stands in it stands in braces").hides(bare);
                    report.guess("put them around it", bare, braced)
                } else if let Some(brace) = self.brace_in_title(written.span) {
                    let report = report.help("the block opens behind the title");
                    report.guess("put the brace behind it", brace, "\" {")
                } else {
                    report.help("open one at the end of the line: `{`")
                };
                self.report(below.into_iter().fold(report, Diagnostic::hides));
            }
            (_, Some(block)) if schema.tail == TailOf::Until && written.tail.is_none() => {
                self.lacks_reader.push(block.span);
                let message = format!("`{}` needs `until` after its block", schema.word);
                self.error(codes::BAD_TAIL, head, message, "write `} until condition`");
            }
            _ => {}
        }
    }

    /// The brace with which the last text of a line ends, and the quote behind it: they stand the wrong way round.
    fn brace_in_title(&self, stmt: Span) -> Option<Span> {
        let line = self.rest_of_line(Span { end: stmt.start, ..stmt });
        let words = self.words(line).trim_end();
        let title = words.strip_suffix("{\"")?.trim_end();
        let start = line.range().start;
        Some(Span::new(line.source, start + title.len(), start + words.len()))
    }

    /// What was meant as the block of a statement and stands on its line without braces, and what stands before it there:
    /// `done when run true`, `guard depth < 3`.
    fn without_braces(&self, schema: &'static Schema, written: &tree::Stmt) -> Option<(Span, &'static str)> {
        let (place, text) = (own_place(schema)?, self.words(written.span));
        let begins = |(at, _): &(usize, &str)| {
            let (before, rest) = text.split_at_checked(at + 1).unwrap_or((text, ""));
            let word = rest.split(|c: char| !is_word(c)).next().unwrap_or_default();
            let quoted = before.matches('"').count() % 2 == 1;
            !quoted && (word == "run" || self.kinds.places_of(word).contains(&place))
        };
        let statement = text.match_indices(' ').find(begins).map(|(at, _)| (at + 1, ""));
        let judged = || {
            let head = ["done when ", "guard "].iter().find(|head| text.starts_with(**head))?;
            let condition = text.get(head.len()..)?;
            let compared = COMPARING.iter().any(|sign| condition.contains(sign));
            (compared && !condition.starts_with('"')).then_some((head.len(), "expect "))
        };
        let (at, before) = statement.or_else(judged)?;
        let start = written.span.start.saturating_add(u32::try_from(at).ok()?);
        Some((Span { start, ..written.span }, before))
    }

    /// The brace that begins the line below a statement, meant to open its block.
    fn brace_below(&self, span: Span) -> Option<Span> {
        let rest = self.frame.unit.source.text().get(span.end as usize..)?;
        let blank = rest.len() - rest.trim_start().len();
        let below = rest.get(..blank)?.contains('\n') && rest.trim_start().starts_with('{');
        let start = span.end.checked_add(u32::try_from(blank).ok()?)?;
        below.then_some(Span { start, end: start + 1, ..span })
    }

    pub(super) fn check_tail(&mut self, schema: &'static Schema, written: &'a tree::Stmt) {
        let (word, behind, fits) = match written.tail.as_deref() {
            Some(tree::Tail::Else(block)) => ("else", block.span, schema.tail == TailOf::Else),
            Some(tree::Tail::ElseIf(next)) => ("else", next.span, schema.tail == TailOf::Else),
            Some(tree::Tail::Otherwise(block)) => ("otherwise", block.span, schema.tail == TailOf::Otherwise),
            Some(tree::Tail::Until(until)) => ("until", until.span, schema.tail == TailOf::Until),
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
        let before = self.frame.unit.source.text().get(..behind.range().start).unwrap_or_default().trim_end();
        let start = before.len().saturating_sub(word.len());
        let span = Span::new(behind.source, start, start + word.len());
        let report = Diagnostic::error(codes::BAD_TAIL, span, message).help(help);
        let other = match (word, schema.tail) {
            ("otherwise", TailOf::Else) => Some("else"),
            ("else", TailOf::Otherwise) => Some("otherwise"),
            _ => None,
        };
        self.report(match other {
            Some(other) => report.guess(format!("write `{other}`"), span, other),
            None => report,
        });
        if let Some(tree::Tail::Else(block) | tree::Tail::Otherwise(block)) = written.tail.as_deref() {
            self.block(&block.lines, Cx { place: None, direct: true });
        }
    }

    /// A module step is the whole of the step that it stands in.
    pub(super) fn check_alone(&mut self, body: &[Stmt]) {
        let is_step = |def| self.def(def).is_some_and(|slot| slot.kind == DefKind::Step);
        let Some(call) = body.iter().find_map(|stmt| step_call(stmt, &is_step)) else { return };
        let does = |stmt: &&Stmt| !kinds::is_part(stmt.schema) && stmt.schema.word != "hint";
        // What has no place in a step was told as that.
        let doing =
            body.iter().filter(|stmt| stmt.schema.stands_in.contains(&Place::Step)).filter(does).count();
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

/// Whether that is a `return`.
fn is_return(stmt: &tree::Stmt) -> bool {
    matches!(&stmt.head, Head::Word(word) if word.text == "return")
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
