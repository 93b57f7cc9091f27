//! A run as lines with times: a fold over its events, the same for a live run and a stored one.
//!
//! Decides nothing. What a terminal adds (a moving line, colours) is drawn around these lines.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::event::{
    Begun, EffectId, Ending, Event, Fact, FrameId, Key, Outcome, ReplyNote, RunState, Undoing, Verdict,
};
use crate::plan::{Act, Answer, Loop, NodeId, Op, Plan, Role};
use crate::value::{Expr, Piece, Scope, Value, VarId, eval};

/// Folds events into lines.
pub struct Live<'a> {
    plan: &'a Plan,
    frames: HashMap<FrameId, Place>,
    effects: HashMap<EffectId, Running>,
}

/// An active frame as a reader knows it.
struct Place {
    node: NodeId,
    depth: usize,
    title: Option<String>,
    began: Timestamp,
    quiet: bool,
}

/// An effect that has begun.
struct Running {
    frame: FrameId,
    shown: String,
    /// Whether it says something on a channel.
    notice: bool,
}

/// The values that a frame sees.
struct Seen<'a> {
    state: &'a RunState,
    frame: FrameId,
}

impl Scope for Seen<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.state.value(self.frame, var)
    }
}

impl<'a> Live<'a> {
    /// Starts before the first event.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        Self { plan, frames: HashMap::new(), effects: HashMap::new() }
    }

    /// What is running now, as one line; empty where nothing is.
    #[must_use]
    pub fn running(&self) -> String {
        self.effects.values().map(|running| running.shown.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The lines that an event adds.
    pub fn event(&mut self, event: &Event, state: &RunState) -> Vec<String> {
        match &event.fact {
            Fact::Started { .. } => vec![format!("{} {}", self.plan.title, self.plan.version)],
            Fact::Resumed { .. } => vec!["resumed".to_owned()],
            Fact::RoleBound { role, person, by } => {
                vec![format!("{role}: {person}{}", said_by(role, &by.name))]
            }
            Fact::Entered { frame, parent, node, key } => {
                self.entered(event, state, *frame, Some(*parent), (*node, key.as_ref()))
            }
            Fact::Left { frame, verdict } => self.left(event, *frame, verdict),
            Fact::Skipped { frame, node, why, .. } => {
                let title = self.title(state, *frame, *node).unwrap_or_default();
                self.line(*frame, &format!("- {title} skipped: {why}"))
            }
            Fact::Began(begun) => self.began(begun),
            Fact::Ended { effect, outcome, note, .. } => self.ended(*effect, *outcome, note),
            Fact::Failed { frame, why, .. } => self.line(*frame, &format!("  ! {why}")),
            Fact::Unanswered { why, .. } => vec![format!("  waits: {why}")],
            Fact::Noted { frame, text } => self.line(*frame, &format!("  note: {text}")),
            Fact::CancelRequested { by } => vec![format!("stop asked for by {}", by.name)],
            Fact::Unwinding { what: Undoing::All, .. } => vec!["undoing, newest first".to_owned()],
            Fact::Committed { frame, node } => {
                let title = self.title(state, *frame, *node).unwrap_or_default();
                vec![format!("point of no return: {title}")]
            }
            Fact::Finished { ending, name } => vec![finished(*ending, name.as_deref())],
            Fact::Suspended { until, why } => vec![suspended(*until, why)],
            _ => vec![],
        }
    }

    fn entered(
        &mut self,
        event: &Event,
        state: &RunState,
        frame: FrameId,
        parent: Option<FrameId>,
        (node, key): (NodeId, Option<&Key>),
    ) -> Vec<String> {
        let above = parent.and_then(|parent| self.frames.get(&parent));
        let inside_look = above.is_some_and(|place| place.quiet);
        let titled_above = above.is_some_and(|place| place.title.is_some());
        let depth = above.map_or(0, |place| place.depth + usize::from(titled_above));
        let undoing = matches!(key, Some(Key::Undo(_)));
        let title = self.heading(state, frame, node, undoing);
        let quiet = inside_look || self.is_check(node);
        let line = title.as_ref().filter(|_| !inside_look).map(|title| format!("{}{title}", indent(depth)));
        let title = title.filter(|_| !inside_look);
        self.frames.insert(frame, Place { node, depth, title, began: event.at, quiet });
        line.filter(|_| !self.is_check(node)).into_iter().collect()
    }

    /// What is written over a frame; `None` for plumbing.
    fn heading(&self, state: &RunState, frame: FrameId, node: NodeId, undoing: bool) -> Option<String> {
        if undoing {
            return Some(
                "undo".to_owned()
                    + &self.title(state, frame, node).map_or(String::new(), |title| format!(" {title}")),
            );
        }
        let word = match &self.plan.node(node)?.op {
            Op::Group(group) => match &group.role {
                Role::Phase(_) => "phase",
                Role::Step(step) if step.manual => "manual",
                Role::Step(_) => "step",
                Role::Attempt { .. } => "attempt",
                Role::Call => "call",
                Role::Gate { .. } => "gate",
                Role::Run(_) | Role::Block => return None,
            },
            Op::Loop(looping) => match looping.as_ref() {
                Loop::Poll { .. } => "check",
                Loop::Repeat { .. } => "repeat",
                Loop::For { .. } => return None,
            },
            _ => return None,
        };
        Some(format!("{word} {}", self.title(state, frame, node).unwrap_or_default()))
    }

    fn is_check(&self, node: NodeId) -> bool {
        matches!(self.plan.node(node).map(|node| &node.op), Some(Op::Loop(looping)) if matches!(looping.as_ref(), Loop::Poll { .. }))
    }

    fn is_notice(&self, node: NodeId) -> bool {
        matches!(self.plan.node(node).map(|node| &node.op), Some(Op::Do(effect)) if matches!(effect.act, Act::Notify { .. }))
    }

    fn left(&mut self, event: &Event, frame: FrameId, verdict: &Verdict) -> Vec<String> {
        let Some(place) = self.frames.remove(&frame) else { return vec![] };
        let Some(title) = place.title else { return vec![] };
        let took = event.at.duration_since(place.began).as_secs_f64();
        let mark = indent(place.depth);
        let irreversible = self.irreversible(place.node);
        match verdict {
            Verdict::Passed => vec![format!("{mark}✓ {title}{irreversible} ({took:.1} s)")],
            Verdict::InPlace => vec![format!("{mark}✓ {title} (in place already)")],
            Verdict::Failed(why) => vec![format!("{mark}✗ {title}: {why}")],
            Verdict::Inconclusive(why) => vec![format!("{mark}? {title}: {why}")],
            Verdict::Stopped => vec![format!("{mark}■ {title} stopped")],
        }
    }

    fn irreversible(&self, node: NodeId) -> &'static str {
        match self.plan.node(node).map(|node| &node.op) {
            Some(Op::Group(group)) => match &group.role {
                Role::Step(step) if step.undo == Answer::Irreversible => " [cannot be undone]",
                _ => "",
            },
            _ => "",
        }
    }

    fn began(&mut self, begun: &Begun) -> Vec<String> {
        let notice = self.is_notice(begun.node);
        self.effects.insert(begun.effect, Running { frame: begun.frame, shown: begun.shown.clone(), notice });
        if self.frames.get(&begun.frame).is_some_and(|place| place.quiet) || begun.shown.is_empty() {
            return vec![];
        }
        let again = if begun.attempt > 1 { format!(" (attempt {})", begun.attempt) } else { String::new() };
        self.line(begun.frame, &format!("  {}{again}", begun.shown))
    }

    fn ended(&mut self, effect: EffectId, outcome: Outcome, note: &ReplyNote) -> Vec<String> {
        let Some(running) = self.effects.remove(&effect) else { return vec![] };
        if running.notice && outcome == Outcome::Done && !note.message.is_empty() {
            return self.line(running.frame, &format!("  {}", note.message));
        }
        if outcome == Outcome::Done || self.frames.get(&running.frame).is_some_and(|place| place.quiet) {
            return vec![];
        }
        let word = match outcome {
            Outcome::FailedClean => "failed, nothing was changed",
            Outcome::Failed => "failed",
            Outcome::Unknown => "outcome unknown",
            Outcome::Inconclusive | Outcome::Done => "no answer",
        };
        let told = [format!("  ! {word}: {}", note.message)].into_iter();
        let tail = note.tail.lines().map(|line| format!("    | {line}"));
        told.chain(tail).flat_map(|line| self.line(running.frame, &line)).collect()
    }

    fn line(&self, frame: FrameId, text: &str) -> Vec<String> {
        let depth = self.frames.get(&frame).map_or(0, |place| place.depth);
        vec![format!("{}{text}", indent(depth))]
    }

    fn title(&self, state: &RunState, frame: FrameId, node: NodeId) -> Option<String> {
        let title = self.plan.node(node)?.title.as_ref()?;
        match eval(title, &Seen { state, frame }) {
            Ok(value) => Some(value.to_text()),
            Err(_) => Some(fixed_parts(title)),
        }
    }
}

/// The text of a title without its values, where they are out of reach.
fn fixed_parts(title: &Expr) -> String {
    match title {
        Expr::At(_, inner) => fixed_parts(inner),
        Expr::Const(value) => value.to_text(),
        Expr::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Value(_) => "…",
            })
            .collect(),
        _ => "…".to_owned(),
    }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

/// Who acts in the operator's name.
fn said_by(role: &str, by: &str) -> String {
    if role == "operator" { format!(", says {by}") } else { String::new() }
}

fn finished(ending: Ending, name: Option<&str>) -> String {
    let word = match ending {
        Ending::Completed => "completed",
        Ending::RolledBack => "rolled back: everything owed was undone",
        Ending::FailedKept => "failed, and not everything could be undone",
    };
    name.map_or_else(|| word.to_owned(), |name| format!("{word} ({name})"))
}

fn suspended(until: Option<Timestamp>, why: &str) -> String {
    match until {
        Some(until) => format!("waiting until {until:.0}: {why}"),
        None => format!("waiting: {why}"),
    }
}
