//! The questions about what failed, is unknown or holds, with what would be undone.

use super::{Job, JobKind, OwedUndo, Page, owed_undos, path_of};
use crate::event::{
    Context, Fault, Frame, FrameId, Kind, Outcome, ReplyNote, RunState, Site, Slot, Status, step_around,
};
use crate::plan::{Class, Plan, Step};
use crate::run::choices::{offered, scope_to_undo};
use crate::run::decide::{Trouble, TroubleKind};
use crate::run::door::{Answered, QuestionShown, Request, Then, WayBack};

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
            TroubleKind::Held => Answered::Hold { table: self.table(), then: self.then(), choices },
            TroubleKind::Unknown => {
                let back = self.way_back(&choices);
                Answered::Unknown { what: self.started(), back, choices }
            }
            TroubleKind::Undo => self.undo_failed(choices),
            TroubleKind::Step => self.before_step(trouble, choices),
            TroubleKind::Cancelled => self.stopped(choices),
            TroubleKind::Failed | TroubleKind::Guard => self.failed(choices),
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
        let hint = self.hint(&note);
        let started = if self.is_of_before() { self.started() } else { String::new() };
        let back = self.way_back(&choices);
        Answered::Failed { hint, what: joined([started, note.tail]), back, choices }
    }

    /// The run as a whole is asked about: what failed meanwhile, or is in doubt, is told with it.
    fn stopped(self, choices: Vec<&'static str>) -> Answered {
        let wrong = gone_wrong(self.plan, self.state);
        let hint = wrong.iter().find_map(|wrong| {
            let page = Page { site: wrong.site, ..self };
            page.hint(&page.note())
        });
        let told: Vec<String> = wrong.into_iter().map(|wrong| wrong.told + &wrong.tail).collect();
        let back = self.way_back(&choices);
        Answered::Failed { hint, what: told.join("\n"), back, choices }
    }

    /// How what stands open here went wrong, and why.
    fn failure(self, slot: &Slot) -> Option<(Outcome, String)> {
        match (&slot.fault, slot.effect()) {
            (Some((Fault::Inconclusive, why)), _) => Some((Outcome::Inconclusive, why.clone())),
            (Some((_, why)), _) => Some((Outcome::Failed, why.clone())),
            (None, Some(run)) if run.class != Class::Asks => {
                let left = run.status == Status::Running && self.state.suspended.is_some();
                if left && run.class == Class::Changes && !self.plan.is_timer(slot.node) {
                    return Some((Outcome::Unknown, "it was at work when the run was left".to_owned()));
                }
                Some((failure(&run.status)?, run.note.message.clone()))
            }
            _ => None,
        }
    }

    /// What rolling back, or giving up, would undo and leave; nothing where neither can be chosen.
    fn way_back(self, choices: &[&'static str]) -> WayBack {
        if !choices.iter().any(|choice| ["roll back", "give up"].contains(choice)) {
            return WayBack::default();
        }
        let (scope, then) = scope_to_undo(self.plan, self.state, self.site.frame);
        let undo = self.owed(scope).into_iter().map(|undo| undo.title).collect();
        WayBack { undo, stays: self.stays(scope), then }
    }

    /// What follows once that is undone.
    pub(super) fn then(self) -> Then {
        scope_to_undo(self.plan, self.state, self.site.frame).1
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
        let tail = slot.effect().map_or(slot.tail.as_str(), |run| run.note.tail.as_str());
        let printed = tail.lines().skip(tail.lines().count().saturating_sub(PRINTED));
        let finding = printed.fold(finding, |all, line| all + "\n" + line);
        let outcome = match slot.effect().map(|run| &run.status) {
            Some(Status::Failed(outcome)) => *outcome,
            _ if unclear => Outcome::Inconclusive,
            _ => Outcome::Failed,
        };
        (title, outcome, finding)
    }
}

/// So many of the lines that an item of a gate printed last stand in its table.
const PRINTED: usize = 5;

/// Something that failed going forward, or is in doubt, while nobody is asked about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub(super) site: Site,
    /// `Migrate: failed: exit code 3`.
    pub told: String,
    /// What it printed last, line by line, each after the end of a line.
    pub(super) tail: String,
    /// Whether nobody knows what became of it.
    pub in_doubt: bool,
}

/// What failed going forward, or is in doubt, as the run stands.
pub(in crate::run) fn gone_wrong(plan: &Plan, state: &RunState) -> Vec<Wrong> {
    let forward = state.frames().filter(|frame| frame.context == Context::Forward);
    let slots = forward.flat_map(|frame| frame.slots.iter().map(move |slot| (frame, slot)));
    let wrong = slots.filter_map(|(frame, slot)| {
        if frame.node == slot.node && frame.as_scope().is_some() {
            return None;
        }
        let page = Page { plan, state, site: Site { frame: frame.id, node: slot.node } };
        let (outcome, why) = page.failure(slot)?;
        let mut path = path_of(plan, state, page.site);
        path.dedup();
        let tail = page.note().tail.lines().fold(String::new(), |all, line| all + "\n  " + line);
        let told = format!("{}: {}: {why}", path.join(" › "), outcome.told());
        let in_doubt = matches!(outcome, Outcome::Unknown | Outcome::Alive);
        Some(Wrong { site: page.site, told, tail, in_doubt })
    });
    wrong.collect()
}

/// In which way an effect failed; `None` of one that did not.
fn failure(status: &Status) -> Option<Outcome> {
    match status {
        Status::Failed(outcome) if *outcome != Outcome::Done => Some(*outcome),
        _ => None,
    }
}

/// Texts below each other, without those that are empty.
fn joined(texts: [String; 2]) -> String {
    let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}
