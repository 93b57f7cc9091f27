//! Frames as a reader knows them: headings, ends, titles.

use jiff::Timestamp;

use super::index::{is_check, step};
use super::{Detail, Line, Live};
use crate::event::{FrameId, Key, Kind, RunState, Site, Verdict};
use crate::plan::{Answer, Loop, NodeId, Op, Plan, Role, What};
use crate::value::eval;
use crate::view::moment::took;
use crate::view::paint::Ink;

/// An active frame as a reader knows it.
pub(super) struct FrameTold {
    pub(super) node: NodeId,
    pub(super) parent: FrameId,
    pub(super) depth: usize,
    /// What is written over it and at its end; `None` for plumbing.
    pub(super) heading: Option<String>,
    /// Whether that was written over it; what is held back waits for something told inside.
    pub(super) headed: bool,
    /// Its title alone.
    pub(super) title: String,
    pub(super) began: Timestamp,
    pub(super) sort: Sort,
    /// What goes on inside is not told line by line.
    pub(super) quiet: bool,
    /// Why something in it failed last: it fails with the same words, told already.
    pub(super) failed: Option<String>,
    /// Of a check: what its last look said.
    pub(super) last: String,
    /// Of a check: looks so far.
    pub(super) looks: u32,
    /// Whether it is done on a target: then that is said before, and loudly.
    pub(super) afar: bool,
    /// Whether a person passed it over, or did it by hand: then it is over, and nothing was done by itself.
    pub(super) by_person: Option<ByPerson>,
}

/// How a person ended a step that did not go by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByPerson {
    PassedOver,
    ByHand,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Plain,
    Step,
    Check,
    /// A look of a check.
    Look,
    /// Whether a step is in place: before it, or after its undo.
    DoneWhen {
        undone: bool,
    },
    /// The undo of the step that ran in that frame.
    Undo(FrameId),
}

/// What titles are made from.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) plan: &'a Plan,
    pub(super) state: &'a RunState,
}

type Entry<'a> = (FrameId, FrameId, NodeId, Option<&'a Key>);

impl Live {
    pub(super) fn entered(&mut self, seen: Seen<'_>, at: Timestamp, entry: Entry<'_>) -> Vec<Line> {
        let (frame, parent, node, key) = entry;
        let sort = self.sort(seen.plan, entry);
        let above = self.frames.get(&parent);
        let inside = above.is_some_and(|known| known.quiet);
        let depth = self.inside(parent);
        let title = match (sort, key) {
            (Sort::Undo(step), _) => self.books.title(step).to_owned(),
            _ => self.title(seen, parent, node).unwrap_or_default(),
        };
        let target = target(seen, sort, entry);
        let heading = self.heading(seen.plan, node, sort, &title).filter(|_| !inside);
        let heading = heading.map(|heading| match &target {
            Some(target) => format!("{heading} on {target}"),
            None => heading,
        });
        let afar = target.is_some();
        let quiet = inside
            || matches!(sort, Sort::Check | Sort::Look | Sort::DoneWhen { .. })
            || self.index.watches.contains_key(&node);
        let folded = self.detail == Detail::Ends && matches!(sort, Sort::Step | Sort::Undo(_)) && !afar;
        let held = folded || sort == Sort::Check;
        self.reaches(node);
        if sort == Sort::Step {
            self.books.entered(frame, node, (&title, at));
        }
        let headed = heading.is_none();
        let (last, looks) = (String::new(), 0);
        let known = FrameTold {
            node,
            parent,
            depth,
            heading,
            headed,
            title,
            began: at,
            sort,
            quiet,
            failed: None,
            last,
            looks,
            afar,
            by_person: None,
        };
        self.frames.insert(frame, known);
        if let Some(check) = self.frames.get_mut(&parent).filter(|_| sort == Sort::Look) {
            check.looks += 1;
        }
        if held || headed { vec![] } else { self.headings(frame) }
    }

    /// The headings of a frame and those around it that are not written yet, outermost first.
    pub(super) fn headings(&mut self, frame: FrameId) -> Vec<Line> {
        let Some(known) = self.frames.get_mut(&frame) else { return vec![] };
        let own = if std::mem::replace(&mut known.headed, true) { None } else { known.heading.clone() };
        let (parent, depth, afar) = (known.parent, known.depth, known.afar);
        let mut lines = self.headings(parent);
        lines.extend(own.map(|heading| {
            let line = Line::new(depth, heading);
            if afar { line.ink(Ink::Alert) } else { line }
        }));
        lines
    }

    /// How deep what stands in a frame is indented.
    pub(super) fn inside(&self, frame: FrameId) -> usize {
        self.frames.get(&frame).map_or(0, |known| known.depth + usize::from(known.heading.is_some()))
    }

    /// Of which step a line is, where several run side by side.
    pub(super) fn which(&self, frame: FrameId) -> String {
        let unit = |known: &FrameTold| matches!(known.sort, Sort::Step | Sort::Undo(_));
        let Some(own) = self.up(frame).find(|(_, known)| unit(known)) else { return String::new() };
        let nested = |other: FrameId| self.up(other).any(|(id, _)| id == own.0);
        let around = |other: FrameId| self.up(own.0).any(|(id, _)| id == other);
        let beside = |(id, known): (&FrameId, &FrameTold)| unit(known) && !around(*id) && !nested(*id);
        let several = self.frames.iter().any(beside);
        if several { format!("[{}] ", own.1.title) } else { String::new() }
    }

    /// The headings from the run down to an active frame.
    #[must_use]
    pub fn path(&self, frame: FrameId) -> Vec<String> {
        let mut path: Vec<_> = self.up(frame).filter_map(|(_, known)| known.heading.clone()).collect();
        path.reverse();
        path
    }

    /// A frame and those around it, outwards.
    pub(super) fn up(&self, frame: FrameId) -> impl Iterator<Item = (FrameId, &FrameTold)> {
        let first = self.frames.get(&frame).map(|known| (frame, known));
        std::iter::successors(first, |(_, known)| {
            self.frames.get(&known.parent).map(|above| (known.parent, above))
        })
    }

    fn sort(&self, plan: &Plan, (_, parent, node, key): Entry<'_>) -> Sort {
        let above = self.frames.get(&parent).map(|known| known.sort);
        match key {
            Some(Key::Undo(step)) => Sort::Undo(*step),
            _ if self.index.done_when.contains(&node) => {
                Sort::DoneWhen { undone: matches!(above, Some(Sort::Undo(_))) }
            }
            _ if above == Some(Sort::Check) => Sort::Look,
            _ if is_check(plan, node) => Sort::Check,
            _ if step(plan, node).is_some() => Sort::Step,
            _ => Sort::Plain,
        }
    }

    /// What is written over a frame; `None` for plumbing.
    fn heading(&self, plan: &Plan, node: NodeId, sort: Sort, title: &str) -> Option<String> {
        let titled = |word: &str| Some(format!("{word} {title}").trim_end().to_owned());
        if let Sort::Undo(_) = sort {
            return titled(self.index.undo.get(&node).copied().unwrap_or("undo"));
        }
        if let Some(when) = self.index.handlers.get(&node) {
            return Some((*when).to_owned());
        }
        if self.index.otherwise.contains(&node) {
            return Some("otherwise".to_owned());
        }
        match &plan.node(node)?.op {
            Op::Group(group) => match &group.role {
                Role::Phase(_) => titled("phase"),
                Role::Step(step) if step.manual => titled("manual"),
                Role::Step(_) => titled("step"),
                Role::Attempt { .. } => titled("attempt"),
                Role::Call => titled("call"),
                Role::Gate { .. } => titled("gate"),
                Role::Run(_) | Role::Block => None,
            },
            Op::Loop(looping) => match looping.as_ref() {
                Loop::Poll { .. } => titled("check"),
                Loop::Repeat { .. } => titled("repeat"),
                Loop::For { .. } => None,
            },
            _ => None,
        }
    }

    pub(super) fn left(
        &mut self,
        plan: &Plan,
        at: Timestamp,
        frame: FrameId,
        verdict: &Verdict,
    ) -> Vec<Line> {
        let Some(known) = self.frames.remove(&frame) else { return vec![] };
        self.effects.retain(|_, running| running.site.frame != frame);
        match known.sort {
            Sort::Step => {
                self.books.left(frame, at, verdict, known.by_person == Some(ByPerson::PassedOver));
            }
            Sort::Undo(step) => {
                let restore = self.index.undo.get(&known.node) == Some(&"restore");
                let undo = if restore { What::Restore } else { What::Rollback };
                self.books.undone(step, undo, verdict);
            }
            Sort::DoneWhen { undone } => return self.looked_whether(&known, undone, verdict),
            Sort::Look => return self.looked(plan, &known, verdict),
            Sort::Plain | Sort::Check => {}
        }
        if let (Verdict::Failed(why), Some(above)) = (verdict, self.frames.get_mut(&known.parent)) {
            above.failed = known.heading.as_ref().map_or(known.failed.clone(), |_| Some(why.clone()));
        }
        let Some(heading) = &known.heading else { return vec![] };
        if matches!(verdict, Verdict::Passed | Verdict::InPlace) && !self.is_aside(&known) {
            self.books.passed(&known.title);
        }
        let took = took(at.duration_since(known.began));
        let irreversible = step(plan, known.node).is_some_and(|step| step.undo == Answer::Irreversible);
        let kept = if irreversible { " [cannot be undone]" } else { "" };
        let (text, ink) = match verdict {
            Verdict::Passed if known.by_person == Some(ByPerson::PassedOver) => {
                (format!("→ {heading}{kept}: passed over ({took})"), Ink::Alert)
            }
            Verdict::Passed if known.by_person.is_some() => {
                (format!("✓ {heading}{kept}: done by hand ({took})"), Ink::Good)
            }
            Verdict::Passed => (format!("✓ {heading}{kept} ({took})"), Ink::Good),
            Verdict::InPlace => (format!("✓ {heading} (in place already)"), Ink::Good),
            Verdict::Failed(why) if known.failed.as_ref() == Some(why) => (format!("✗ {heading}"), Ink::Bad),
            Verdict::Failed(why) => {
                if !self.is_aside(&known) {
                    self.books.failed(&known.title, why);
                }
                (format!("✗ {heading}: {why}"), Ink::Bad)
            }
            Verdict::Inconclusive(why) => (format!("? {heading}: {why}"), Ink::Alert),
            Verdict::Stopped => (format!("■ {heading} stopped"), Ink::Alert),
        };
        if self.is_beside_the_point(&known, verdict) {
            return vec![];
        }
        let mut lines = self.headings(known.parent);
        lines.push(Line::new(known.depth, text).ink(ink));
        lines
    }

    /// Whether it belongs to an undo or a handler: what fails there is not why the run failed.
    fn is_aside(&self, known: &FrameTold) -> bool {
        let aside = |one: &FrameTold| matches!(one.sort, Sort::Undo(_)) || self.index.is_handler(one.node);
        aside(known) || self.up(known.parent).any(|(_, above)| aside(above))
    }

    /// Whether it went well inside a step of which only the end is told.
    fn is_beside_the_point(&self, known: &FrameTold, verdict: &Verdict) -> bool {
        let well = matches!(verdict, Verdict::Passed | Verdict::InPlace);
        let inside = |(_, above): (FrameId, &FrameTold)| {
            matches!(above.sort, Sort::Step | Sort::Undo(_)) && !above.headed
        };
        self.detail == Detail::Ends && well && self.up(known.parent).any(inside)
    }

    pub(super) fn is_quiet(&self, frame: FrameId) -> bool {
        self.frames.get(&frame).is_some_and(|known| known.quiet)
    }

    /// The title of a node, seen from a frame or from what is still there around it.
    pub(super) fn title(&self, seen: Seen<'_>, frame: FrameId, node: NodeId) -> Option<String> {
        let title = seen.plan.node(node)?.title.as_ref()?;
        let mut at = frame;
        while seen.state.frame(at).is_none() && at != RunState::ROOT {
            at = self.frames.get(&at).map_or(RunState::ROOT, |known| known.parent);
        }
        match eval(title, &seen.state.seen_from(at)) {
            Ok(value) => Some(value.to_text()),
            Err(_) => Some(title.fixed_text()),
        }
    }

    /// What people call a place: its own title or that of the step around, in quotes; `in "Upgrade"` for what has
    /// neither. Empty for the run.
    pub(super) fn named(&self, seen: Seen<'_>, Site { frame, node }: Site) -> String {
        let inner = self.frames.get(&frame).is_none_or(|known| known.node != node);
        if let Some(title) = Some(node).filter(|_| inner).and_then(|node| self.title(seen, frame, node)) {
            return format!("\"{title}\"");
        }
        let mut around = self.up(frame).map(|(_, known)| known);
        let Some(known) = around.find(|known| known.heading.is_some() && !known.title.is_empty()) else {
            return String::new();
        };
        let within = if inner && known.sort == Sort::Plain { "in " } else { "" };
        format!("{within}\"{}\"", known.title)
    }

    /// The title of the nearest thing around a frame that has one.
    pub(super) fn near(&self, frame: FrameId) -> String {
        let mut around = self.up(frame).map(|(_, known)| known);
        let titled = around.find(|known| known.heading.is_some() && !known.title.is_empty());
        titled.map(|known| known.title.clone()).unwrap_or_default()
    }

    /// The step or undo that a frame is part of.
    pub(super) fn unit_of(&mut self, frame: FrameId) -> Option<&mut FrameTold> {
        let unit = |known: &FrameTold| matches!(known.sort, Sort::Step | Sort::Undo(_));
        let (id, _) = self.up(frame).find(|(_, known)| unit(known))?;
        self.frames.get_mut(&id)
    }
}

/// The target of a step, or of its undo.
fn target(seen: Seen<'_>, sort: Sort, (frame, parent, node, _): Entry<'_>) -> Option<String> {
    let (node, around) = match sort {
        Sort::Step => (node, parent),
        Sort::Undo(_) => match &seen.state.frame(frame)?.kind {
            Kind::Undo(undo) => (undo.step, frame),
            _ => return None,
        },
        _ => return None,
    };
    let on = step(seen.plan, node)?.on.as_ref()?;
    let name = match eval(on, &seen.state.seen_from(around)) {
        Ok(name) => name.to_text(),
        Err(_) => on.fixed_text(),
    };
    Some(name).filter(|name| name != "local")
}
