//! How long a plan may last: what its waits and soaks take, what its limits allow, and what has no limit.
//!
//! Goes by what the file says alone: a program without a `timeout` may take forever, and so may a person.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::words::Known;
use crate::plan::{
    Act, Effect, Group, HTTP_LIMIT, Loop, Mode, NodeId, Op, Plan, QuestionKind, Retry, Role, Step, WaitFor,
};
use crate::value::{Expr, Value, eval, show};

/// How long a run lasts, undoing not counted.
#[derive(Debug, Serialize)]
pub struct Lasting {
    /// Typically: every wait and soak once, all else in no time. As a literal of the language, `1h30m`.
    pub typical: String,
    /// The same in seconds.
    pub typical_seconds: u64,
    /// At worst: every limit reached, every retry used; what has no limit is not counted.
    pub worst: String,
    /// The same in seconds.
    pub worst_seconds: u64,
    /// How many parts have no limit, by why: `programs`, `people`, `locks`, `times` (to wait for), `windows`,
    /// `lists` and `lengths` (not known yet).
    pub without_limit: BTreeMap<&'static str, usize>,
}

/// Tells how long a plan lasts, with what is known.
pub(super) fn lasting(plan: &Plan, known: &Known<'_>) -> Lasting {
    let told = Clock { plan, known }.node(Plan::ROOT);
    let (typical, worst) = (whole_seconds(told.typical), whole_seconds(told.worst));
    Lasting {
        typical: show(&Value::Duration(typical)),
        typical_seconds: typical.as_secs(),
        worst: show(&Value::Duration(worst)),
        worst_seconds: worst.as_secs(),
        without_limit: told.open,
    }
}

fn whole_seconds(length: Duration) -> Duration {
    Duration::from_secs(length.as_secs() + u64::from(length.subsec_nanos() > 0))
}

/// How long a part lasts.
#[derive(Clone, Debug, Default)]
struct Span {
    typical: Duration,
    worst: Duration,
    /// Of `worst`, what is not a person's time.
    worked: Duration,
    /// What has no limit.
    open: BTreeMap<&'static str, usize>,
}

impl Span {
    /// Works for no longer than that.
    fn limited(limit: Duration) -> Self {
        Self { worst: limit, worked: limit, ..Self::default() }
    }

    /// Takes exactly that, however it goes.
    fn certain(length: Duration) -> Self {
        Self { typical: length, ..Self::limited(length) }
    }

    fn open(why: &'static str) -> Self {
        Self { open: BTreeMap::from([(why, 1)]), ..Self::default() }
    }

    /// Takes what is open of another part, too.
    fn opened(mut self, open: BTreeMap<&'static str, usize>) -> Self {
        for (why, count) in open {
            *self.open.entry(why).or_default() += count;
        }
        self
    }

    fn then(self, next: Self) -> Self {
        Self {
            typical: self.typical.saturating_add(next.typical),
            worst: self.worst.saturating_add(next.worst),
            worked: self.worked.saturating_add(next.worked),
            open: self.open,
        }
        .opened(next.open)
    }

    /// The longer of two, whichever is done.
    fn or(self, other: Self) -> Self {
        Self {
            typical: self.typical.max(other.typical),
            worst: self.worst.max(other.worst),
            worked: self.worked.max(other.worked),
            open: self.open,
        }
        .opened(other.open)
    }

    /// So often, one after the other.
    fn times(mut self, turns: u32) -> Self {
        self.typical = self.typical.saturating_mul(turns);
        self.worst = self.worst.saturating_mul(turns);
        self.worked = self.worked.saturating_mul(turns);
        self
    }
}

/// So many parts, at most so many at a time: no order of starting takes longer than this.
fn side_by_side(parts: Vec<Span>, limit: Option<u32>) -> Span {
    let at_once = limit.filter(|limit| (*limit as usize) < parts.len()).unwrap_or(u32::MAX);
    let longest = parts.iter().cloned().reduce(Span::or).unwrap_or_default();
    let all = parts.into_iter().reduce(Span::then).unwrap_or_default();
    if at_once == u32::MAX {
        return Span { open: all.open, ..longest };
    }
    let packed =
        |all: Duration, longest: Duration| longest.saturating_add(all.saturating_sub(longest) / at_once);
    Span {
        typical: packed(all.typical, longest.typical),
        worst: packed(all.worst, longest.worst),
        worked: packed(all.worked, longest.worked),
        open: all.open,
    }
}

/// So many turns of a loop, at most so many at a time; a turn is told once, however often it comes.
fn turns(turn: &Span, items: usize, at_once: Option<u32>) -> Span {
    let items = u32::try_from(items).unwrap_or(u32::MAX);
    let rounds = items.div_ceil(at_once.unwrap_or(1).max(1));
    turn.clone().times(rounds)
}

struct Clock<'a> {
    plan: &'a Plan,
    known: &'a Known<'a>,
}

impl Clock<'_> {
    fn node(&self, id: NodeId) -> Span {
        match self.plan.op(id) {
            Some(Op::Do(effect)) => self.effect(effect, None),
            Some(Op::Group(group)) => self.group(group),
            Some(Op::Branch(arms)) => {
                arms.iter().map(|arm| self.node(arm.body)).reduce(Span::or).unwrap_or_default()
            }
            Some(Op::Loop(looping)) => self.looping(looping),
            Some(Op::Eval(_) | Op::Mark(_)) | None => Span::default(),
        }
    }

    fn length(&self, expr: &Expr) -> Option<Duration> {
        match eval(expr, self.known) {
            Ok(Value::Duration(length)) => Some(length),
            _ => None,
        }
    }

    fn group(&self, group: &Group) -> Span {
        if let Role::Step(step) = &group.role {
            return self.step(step, group);
        }
        let parts: Vec<_> = group.children.iter().map(|child| self.node(*child)).collect();
        let body = match group.mode {
            Mode::Sequence => parts.into_iter().reduce(Span::then).unwrap_or_default(),
            Mode::Parallel(limit) => side_by_side(parts, limit),
        };
        match &group.role {
            Role::Phase(phase) if phase.window.is_some() => body.then(Span::open("windows")),
            Role::Attempt { otherwise: Some(other) } => {
                let other = self.node(*other);
                body.then(Span { typical: Duration::ZERO, ..other })
            }
            _ => body,
        }
    }

    /// A step's timeout bounds its work, and not the time of people in it.
    fn step(&self, step: &Step, group: &Group) -> Span {
        let mut parts: Vec<_> = step.done_when.iter().map(|look| self.node(*look)).collect();
        parts.extend(group.children.iter().map(|child| match self.plan.op(*child) {
            Some(Op::Do(effect)) => self.effect(effect, step.retry.as_ref()),
            _ => self.node(*child),
        }));
        let whole = parts.into_iter().reduce(Span::then).unwrap_or_default();
        let Some(limit) = step.timeout.as_ref().and_then(|limit| self.length(limit)) else { return whole };
        let people = whole.worst.saturating_sub(whole.worked);
        let unlimited = whole.open.contains_key("programs");
        let worked = if unlimited { limit } else { whole.worked.min(limit) };
        let mut open = whole.open;
        open.remove("programs");
        Span { typical: whole.typical, worst: people.saturating_add(worked), worked, open }
    }

    fn effect(&self, effect: &Effect, of_step: Option<&Retry>) -> Span {
        match &effect.act {
            Act::Run { .. } | Act::Script { .. } | Act::Http { .. } => self.tried(effect, of_step),
            Act::Person(question) => self.person(&question.kind),
            Act::Wait(WaitFor::Duration(length)) => {
                self.length(length).map_or_else(|| Span::open("lengths"), Span::certain)
            }
            Act::Wait(WaitFor::Time(_) | WaitFor::Window(_)) => Span::open("times"),
            Act::Lock(_) => Span::open("locks"),
            Act::Artifact(_) | Act::Evidence(_) | Act::Notify { .. } | Act::Log(_) => Span::default(),
        }
    }

    /// A program or a request with its further attempts.
    fn tried(&self, effect: &Effect, of_step: Option<&Retry>) -> Span {
        let asked = effect.timeout.as_ref();
        let one = match (asked.map(|limit| self.length(limit)), &effect.act) {
            (Some(Some(limit)), _) => limit,
            (Some(None), _) => return Span::open("lengths"),
            (None, Act::Http { .. }) => HTTP_LIMIT,
            (None, _) => return Span::open("programs"),
        };
        let Some(retry) = effect.retry.as_ref().or(of_step) else { return Span::limited(one) };
        let pause = retry.every.as_ref().and_then(|every| self.length(every)).unwrap_or_default();
        let more = one.saturating_add(pause).saturating_mul(retry.times);
        Span::limited(one.saturating_add(more))
    }

    fn person(&self, kind: &QuestionKind) -> Span {
        let QuestionKind::Approval { within: Some(within), .. } = kind else { return Span::open("people") };
        match self.length(within) {
            Some(limit) => Span { worst: limit, ..Span::default() },
            None => Span::open("lengths"),
        }
    }

    fn looping(&self, looping: &Loop) -> Span {
        match looping {
            Loop::For { list, parallel, body, .. } => {
                let turn = self.node(*body);
                let items = match eval(list, self.known) {
                    Ok(Value::List(items)) => items.len(),
                    _ => return turn.then(Span::open("lists")),
                };
                turns(&turn, items, parallel.map(|limit| limit.unwrap_or(u32::MAX)))
            }
            Loop::Repeat { at_most, body, .. } => {
                let turn = self.node(*body);
                Span { typical: turn.typical, ..turn.times(*at_most) }
            }
            Loop::Poll { within, soak, body, .. } => self.poll(*body, within.as_ref(), soak.as_ref()),
        }
    }

    /// A look that has no answer when `within` is over gave none; a soak begins anew until then.
    fn poll(&self, body: NodeId, within: Option<&Expr>, soak: Option<&Expr>) -> Span {
        let look = self.node(body);
        let soaked = match soak.map(|soak| self.length(soak)) {
            Some(None) => return look.then(Span::open("lengths")),
            Some(Some(length)) => Span::certain(length),
            None => Span::default(),
        };
        match within.map(|within| self.length(within)) {
            None => look.then(soaked),
            Some(None) => look.then(Span::open("lengths")),
            Some(Some(limit)) => {
                let people = look.open.into_iter().filter(|(why, _)| *why == "people").collect();
                soaked.then(Span::limited(limit)).opened(people)
            }
        }
    }
}
