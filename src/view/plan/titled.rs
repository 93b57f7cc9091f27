//! What has a title in a plan: steps, checks, guards and questions, each with the path that leads to it.
//!
//! Paths are those of a run's addresses. What a run alone can know (the item of a loop, a value in a title) stands in
//! them as a pattern.

use regex::Regex;

use super::words::Known;
use crate::plan::{Act, Eval, Group, Loop, NodeId, Op, Plan, Role};
use crate::value::{Expr, Piece, Value, eval, show};

/// A part of a path.
#[derive(Clone, Debug)]
struct Part {
    /// What it may read in a run.
    pattern: String,
    /// As `bowline plan` shows it.
    shown: String,
    /// Whether it is the item of a loop; such a part may be left out.
    item: bool,
    /// Whether a run fills something in.
    open: bool,
}

/// A node that has a title.
pub(super) struct Titled {
    pub(super) node: NodeId,
    path: Vec<Part>,
}

/// Whether a text names something that has a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// It does not.
    Not,
    /// Every instance of it.
    Whole,
    /// One turn of a loop, or one value of its title.
    Instance,
}

impl Titled {
    /// Its title.
    pub(super) fn title(&self) -> &str {
        self.path.last().map_or("", |part| &part.shown)
    }

    /// Its path, the items of loops left out.
    pub(super) fn shown(&self) -> String {
        let titles = self.path.iter().filter(|part| !part.item).map(|part| part.shown.as_str());
        titles.collect::<Vec<_>>().join(" / ")
    }

    /// Whether a text is the end of its path, with the items of loops or without.
    pub(super) fn is_named(&self, text: &str) -> Named {
        let all: Vec<&Part> = self.path.iter().collect();
        let titles: Vec<&Part> = self.path.iter().filter(|part| !part.item).collect();
        let shown = |end: &[&Part]| {
            end.iter().map(|part| part.shown.as_str()).collect::<Vec<_>>().join(" / ") == text
        };
        if (0..titles.len()).filter_map(|from| titles.get(from..)).any(shown) {
            return Named::Whole;
        }
        let end = |parts: &[&Part]| {
            let ends = (0..parts.len()).filter_map(|from| parts.get(from..));
            ends.filter(|end| end.iter().any(|part| part.open)).any(|end| is_whole(end, text))
        };
        if end(&titles) || end(&all) { Named::Instance } else { Named::Not }
    }
}

/// Whether a text is all of these parts. A title is escaped: no pattern of them fails to compile.
fn is_whole(parts: &[&Part], text: &str) -> bool {
    let pattern = parts.iter().map(|part| part.pattern.as_str()).collect::<Vec<_>>().join(" / ");
    Regex::new(&format!("^(?s:{pattern})$")).is_ok_and(|pattern| pattern.is_match(text))
}

/// Everything of a plan that has a title, in its order. What follows from what is known is known after this.
pub(super) fn titled(known: &mut Known<'_>) -> Vec<Titled> {
    let mut walk = Walk { plan: known.plan, known, path: vec![], found: vec![] };
    if let Some(root) = walk.plan.group(Plan::ROOT) {
        walk.group(root);
    }
    walk.found
}

struct Walk<'w, 'p> {
    plan: &'p Plan,
    known: &'w mut Known<'p>,
    path: Vec<Part>,
    found: Vec<Titled>,
}

impl Walk<'_, '_> {
    fn node(&mut self, id: NodeId) {
        let Some(node) = self.plan.node(id) else { return };
        let depth = self.path.len();
        self.path.extend(node.title.as_ref().map(|title| self.part(title)));
        if node.title.is_some() && can_be_named(&node.op) {
            self.found.push(Titled { node: id, path: self.path.clone() });
        }
        self.inside(&node.op);
        self.path.truncate(depth);
    }

    fn inside(&mut self, op: &Op) {
        match op {
            Op::Do(_) | Op::Mark(_) | Op::Eval(Eval::Expect(_) | Eval::Given(_)) => {}
            Op::Eval(Eval::Let(bind)) => _ = self.known.learn(bind.var, &bind.value),
            Op::Group(group) => self.group(group),
            Op::Branch(arms) => arms.iter().for_each(|arm| self.node(arm.body)),
            Op::Loop(looped) => match &**looped {
                Loop::For { list, body, .. } => self.turn(list, *body),
                Loop::Repeat { body, .. } | Loop::Poll { body, .. } => self.node(*body),
            },
        }
    }

    fn group(&mut self, group: &Group) {
        let watches = match &group.role {
            Role::Run(scope) => scope.watches.as_slice(),
            Role::Phase(scope) => scope.watches.as_slice(),
            // What a manual asks goes by the title of the manual.
            Role::Step(step) if step.manual => return,
            _ => &[],
        };
        for watch in watches {
            let title = self.part(&watch.title);
            let path = self.path.iter().cloned().chain([title]).collect();
            self.found.push(Titled { node: watch.body, path });
        }
        group.children.iter().for_each(|child| self.node(*child));
        if let Role::Attempt { otherwise: Some(otherwise) } = group.role {
            self.node(otherwise);
        }
    }

    /// A turn of a loop, known by its item.
    fn turn(&mut self, list: &Expr, body: NodeId) {
        let items = match eval(list, &*self.known) {
            Ok(Value::List(items)) => items.iter().map(|item| regex::escape(&show(item))).collect(),
            _ => vec![".+".to_owned()],
        };
        let pattern = format!("(?:{})", items.join("|"));
        self.path.push(Part { pattern, shown: String::new(), item: true, open: true });
        self.node(body);
        self.path.pop();
    }

    fn part(&self, title: &Expr) -> Part {
        let shown = self.known.brief(title);
        let open = eval(title, &*self.known).is_err();
        Part { pattern: self.pattern(title), shown, item: false, open }
    }

    /// What a title may read in a run.
    fn pattern(&self, title: &Expr) -> String {
        if let Ok(value) = eval(title, &*self.known) {
            return regex::escape(&show(&value));
        }
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => regex::escape(text),
            Piece::Value(value) => self.pattern(value),
        };
        match title {
            Expr::At(_, inner) | Expr::Convert(_, inner) => self.pattern(inner),
            Expr::Text(pieces) => pieces.iter().map(piece).collect(),
            _ => ".+".into(),
        }
    }
}

/// Steps, checks and questions.
fn can_be_named(op: &Op) -> bool {
    match op {
        Op::Do(effect) => matches!(effect.act, Act::Person(_)),
        Op::Group(group) => matches!(group.role, Role::Step(_)),
        Op::Loop(looped) => matches!(**looped, Loop::Poll { .. }),
        _ => false,
    }
}
