//! The questions about what failed, is unknown or holds, with what would be undone.

use super::{Job, JobKind, OwedUndo, Page, owed_undos, path_of};
use crate::event::{Frame, FrameId, Kind, Outcome, ReplyNote, RunState, Slot, Status, step_around};
use crate::plan::{Class, Step};
use crate::run::choices::offered;
use crate::run::decide::{Trouble, TroubleKind};
use crate::run::door::{Answered, QuestionShown, Request};

impl<'a> Page<'a> {
    /// The question about something that failed, is unknown or holds.
    pub(super) fn about(self, trouble: &Trouble) -> Job {
        let path = path_of(self.plan, self.state, self.site);
        let text = trouble.why.clone();
        let kind = self.kind_of(trouble);
        // Of what failed the prose was read before it began.
        let node = self.plan.node(self.site.node).filter(|_| trouble.kind == TroubleKind::Step);
        let prose = node.and_then(|node| node.prose.clone());
        let asked = QuestionShown {
            path,
            text: if node.is_some() { String::new() } else { text.clone() },
            prose,
            by: None,
            holder: None,
            kind,
        };
        Job {
            shown: text,
            work: JobKind::Host(Request::Ask(Box::new(asked))),
            verify: vec![],
            class: Class::Asks,
            timeout: None,
            on: None,
        }
    }

    fn kind_of(self, trouble: &Trouble) -> Answered {
        let choices = offered(self.state, trouble);
        match trouble.kind {
            TroubleKind::Held => Answered::Hold { table: self.table(), choices },
            TroubleKind::Unknown => Answered::Unknown { what: self.started(), choices },
            TroubleKind::Undo => self.undo_failed(choices),
            TroubleKind::Step => self.before_step(choices),
            TroubleKind::Failed | TroubleKind::Guard | TroubleKind::Cancelled => self.failed(choices),
        }
    }

    /// What was said of what failed, and printed by it last.
    fn note(self) -> ReplyNote {
        let Some(slot) = self.state.slot(self.site) else { return ReplyNote::default() };
        let of_frame = || ReplyNote { tail: slot.tail.clone(), ..ReplyNote::default() };
        slot.effect().map_or_else(of_frame, |run| run.note.clone())
    }

    /// Whether it failed before this process took the run up, which has shown nothing of it.
    fn is_of_before(self) -> bool {
        let ended = self.state.slot(self.site).and_then(Slot::effect).and_then(|run| run.ended);
        ended.zip(self.state.taken_up).is_some_and(|(ended, taken_up)| ended <= taken_up)
    }

    fn started(self) -> String {
        let started = super::started(self.plan, self.state, self.site);
        started.map(|started| format!("It was: {started}")).unwrap_or_default()
    }

    fn failed(self, choices: Vec<&'static str>) -> Answered {
        let note = self.note();
        let scope = self.state.scope_of_inner(self.site.frame);
        let undo = self.owed(scope).into_iter().map(|undo| undo.title).collect();
        let hint = self.hint(&note);
        let started = if self.is_of_before() { self.started() } else { String::new() };
        Answered::Failed { hint, what: joined([started, note.tail]), undo, choices }
    }

    fn undo_failed(self, choices: Vec<&'static str>) -> Answered {
        let note = self.note();
        let owed = self.owed(RunState::ROOT).iter().map(ToString::to_string).collect();
        let hint = self.hint(&note);
        Answered::Undo { what: joined([self.started(), note.tail]), hint, owed, choices }
    }

    fn owed(self, scope: FrameId) -> Vec<OwedUndo> {
        owed_undos(self.plan, self.state, scope)
    }

    /// The remedy of the first known failure that the output matches, or else what was said.
    fn hint(self, note: &ReplyNote) -> Option<String> {
        let step = self.step()?;
        let matches = |pattern: &str, output: &str| {
            regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(output))
        };
        let fits = |output: &str| step.hints.iter().find(|hint| matches(&hint.pattern, output));
        fits(&note.tail).or_else(|| fits(&note.message)).map(|hint| hint.remedy.clone())
    }

    /// The step around, or the one that is being undone.
    fn step(self) -> Option<&'a Step> {
        let parent = |frame: &&Frame| frame.parent.and_then(|parent| self.state.frame(parent));
        let mut around = std::iter::successors(self.state.frame(self.site.frame), parent);
        let undone = around.find_map(|frame| match &frame.kind {
            Kind::Undo(undo) => Some(undo.step),
            _ => None,
        });
        let undone = undone.and_then(|step| self.plan.step(step));
        undone.or_else(|| step_around(self.plan, self.state, self.site.frame))
    }

    /// The items of a gate, or the one look of a check.
    fn table(self) -> Vec<(String, Outcome, String)> {
        let Some(frame) = self.state.frame(self.site.frame) else { return vec![] };
        let Some(crate::plan::Op::Group(group)) = self.plan.node(frame.node).map(|node| &node.op) else {
            return vec![];
        };
        let is_gate = matches!(frame.kind, Kind::Gate(_));
        let items = group.children.iter().filter(|child| is_gate || **child == self.site.node);
        items.map(|child| self.row(frame, *child)).collect()
    }

    fn row(self, frame: &Frame, child: crate::plan::NodeId) -> (String, Outcome, String) {
        let title = super::title_of(self.plan, self.state, frame.id, child).unwrap_or_default();
        let Some(slot) = frame.slot(child) else { return (title, Outcome::Done, String::new()) };
        let unclear = matches!(&slot.fault, Some((crate::event::Fault::Inconclusive, _)));
        let finding = slot.fault.as_ref().map(|fault| fault.1.clone());
        let finding =
            finding.or_else(|| slot.effect().map(|run| run.note.message.clone())).unwrap_or_default();
        let outcome = match slot.effect().map(|run| &run.status) {
            Some(Status::Failed(outcome)) => *outcome,
            _ if unclear => Outcome::Inconclusive,
            _ => Outcome::Failed,
        };
        (title, outcome, finding)
    }
}

/// Texts below each other, without those that are empty.
fn joined(texts: [String; 2]) -> String {
    let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}
