//! How names leave a block: what is seen after a statement of each flow, and whether that is reached.

use foldhash::{HashMap, HashMapExt};

use super::block::Lines;
use super::kinds::{self, own_place};
use super::matched::NewItem;
use super::prose::set_below_prose;
use super::resolver::{Cx, New, Resolver, Role};
use super::scope::{Bound, Entry, Loss, Why};
use super::spans::head_span;
use super::statement::Done;
use super::{Block, BlockOf, Flow, Place, Schema, Stmt, Tail, TailOf};
use crate::syntax::tree::{self, Head, Line};
use crate::text::Span;

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

impl<'a> Resolver<'a> {
    /// Everything inside a statement; says whether what follows it is reached.
    pub(super) fn inside_of(
        &mut self,
        written: &'a tree::Stmt,
        stmt: &mut Stmt,
        item: Option<NewItem<'a>>,
        cx: Cx,
    ) -> bool {
        let schema = stmt.schema;
        self.check_tail(schema, written);
        let inner = match own_place(schema) {
            Some(place) => Cx::of(place),
            // What stands in a block that should not be there is meant for another statement.
            None if schema.block == BlockOf::None => Cx { place: None, direct: true },
            None => Cx { place: cx.place, direct: false },
        };
        self.frame.inside.push(schema.word);
        let outer =
            own_place(schema).map(|_| std::mem::replace(&mut self.frame.titles, vec![HashMap::new()]));
        let falls = self.flow(written, stmt, item, inner);
        if let Some(outer) = outer {
            self.frame.titles = outer;
        }
        self.frame.inside.pop();
        falls && !(schema.ends && self.is_placed(schema, cx))
    }

    fn flow(
        &mut self,
        written: &'a tree::Stmt,
        stmt: &mut Stmt,
        item: Option<NewItem<'a>>,
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
        let falls = written.block.as_ref().is_none_or(|block| {
            let hidden = self.provide(stmt);
            let falls = self.fill(stmt, &block.lines, inner);
            self.withdraw(hidden);
            falls
        });
        if let Some(tree::Tail::Until(condition)) = written.tail.as_deref() {
            self.until(condition, stmt);
        }
        falls
    }

    fn until(&mut self, condition: &'a tree::Expr, stmt: &mut Stmt) {
        let outer = std::mem::take(&mut self.frame.calls);
        let until = self.condition(condition, &"`until` takes");
        let calls = std::mem::replace(&mut self.frame.calls, outer);
        stmt.tail = Some(Box::new(Tail::Until(calls, until.expr)));
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
            let var = self.new_var(name, stmt.span, New::of(ty.clone(), Role::Other));
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
        item: Option<NewItem<'a>>,
        inner: Cx,
    ) -> bool {
        let mark = self.frame.scope.mark();
        self.begin_item(item);
        self.through(written, stmt, inner);
        self.end_item(item);
        self.frame.scope.by_item(mark);
        true
    }

    fn begin_item(&mut self, item: Option<NewItem<'a>>) {
        if let Some((name, var, span)) = item {
            self.check_item(name, span);
            let entry = self.entry_of(var, span);
            self.frame.scope.set(name, entry);
        }
    }

    fn end_item(&mut self, item: Option<NewItem<'a>>) {
        if let Some((name, _, span)) = item
            && let Some(entry) = self.frame.scope.get(name).cloned()
        {
            let lost = Some(Loss { why: Why::Item, span });
            self.frame.scope.set(name, Entry { lost, ..entry });
        }
    }

    fn check_item(&mut self, name: &'a str, span: Span) {
        let taken = self.frame.scope.get(name).filter(|entry| entry.lost.is_none()).cloned();
        if let Some(entry) = taken {
            self.report_taken(name, span, &entry, "choose another name for the item");
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
                self.prose(&mut stmt.prose, prose);
                continue;
            }
            if !matches!(&answer.head, Head::Word(word) if word.text == "answer") {
                self.stmt(answer, inner); // it is no way through, and is reported
                continue;
            }
            let mut done = None;
            arms.push(self.arm(answer.span, Why::OtherBranch, |this| {
                done = this.stmt(answer, inner);
                done.as_ref().is_none_or(|done| done.falls)
            }));
            stmt.body.extend(done.map(|done: Done| *done.stmt));
        }
        arms
    }

    /// The branch after the block, or the one that is not written.
    fn tail_arm(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, inner: Cx) -> Option<Arm<'a>> {
        match written.tail.as_deref() {
            Some(tree::Tail::Else(block)) => Some(self.arm(block.span, Why::OtherBranch, |this| {
                let (block, falls) = this.block_of_tail(block, inner);
                stmt.tail = Some(Box::new(Tail::Else(block)));
                falls
            })),
            Some(tree::Tail::Otherwise(block)) => Some(self.arm(block.span, Why::OtherBranch, |this| {
                let (block, falls) = this.block_of_tail(block, inner);
                stmt.tail = Some(Box::new(Tail::Otherwise(block)));
                falls
            })),
            Some(tree::Tail::ElseIf(next)) => Some(self.arm(next.span, Why::OtherBranch, |this| {
                let done = this.stmt(next, inner);
                let falls = done.as_ref().is_none_or(|done| done.falls);
                let body = done.map(|done| *done.stmt).into_iter().collect();
                stmt.tail = Some(Box::new(Tail::Else(Block { prose: None, body })));
                falls
            })),
            _ if stmt.schema.tail == TailOf::Else => {
                let span = head_span(&written.head, written.span);
                let span = written.items.iter().map(super::spans::item_span).fold(span, Span::to);
                Some(Arm { bound: vec![], falls: true, span, why: Why::NoElse, titles: HashMap::new() })
            }
            _ => None,
        }
    }

    fn block_of_tail(&mut self, block: &'a tree::Block, inner: Cx) -> (Block, bool) {
        let Lines { prose, stmts: body, falls, .. } = self.block(&block.lines, inner);
        (Block { prose, body }, falls)
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
                if matches!(entry.lost, Some(Loss { why: Why::Differs, .. })) {
                    maps.iter().filter_map(|map| map.get(name)).for_each(|other| _ = self.meaning(other));
                }
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
                self.prose(&mut stmt.prose, prose);
                continue;
            }
            let mark = self.frame.scope.mark();
            let done = self.stmt(branch, inner);
            falls &= done.as_ref().is_none_or(|done| done.falls);
            stmt.body.extend(done.map(|done| *done.stmt));
            all.extend(self.frame.scope.bound_since(mark));
            self.frame.scope.leave(mark, &Loss { why: Why::Sibling, span: branch.span });
        }
        set_below_prose(&mut stmt.body, &block.lines);
        for (name, entry) in all {
            self.frame.scope.set(name, entry);
        }
        falls
    }
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
