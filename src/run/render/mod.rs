//! From an intent to work: values filled in, what is shown of it, what must be verified first.

mod act;
mod before;
mod lock;
mod owed;
mod question;
mod stays;
mod text;
mod trouble;

use std::time::Duration;

pub(super) use lock::LockName;

use super::decide::{Doing, Intent, artifacts};
use super::door::{Host, Request};
use super::missing::value_in;
pub use super::path::path_of;
use super::path::title_of;
use super::seal::Mask;
use super::time::{duration, look_left, time_left};
use crate::event::{RunState, Site};
use crate::plan::{Act, Class, Effect, Op, Plan};
use crate::value::{Artifact, Value, show};

pub use owed::{OwedUndo, owed_undos};
pub use trouble::Wrong;
pub(super) use trouble::gone_wrong;

/// Work with everything filled in.
#[derive(Debug)]
pub(super) struct Job {
    /// As shown; not yet masked.
    pub(super) shown: String,
    /// What kind of work.
    pub(super) work: JobKind,
    /// Artifacts that must still have their hashes.
    pub(super) verify: Vec<Artifact>,
    /// What it does to the world.
    pub(super) class: Class,
    /// The limit of this attempt.
    pub(super) timeout: Option<Duration>,
    /// The target where it is done.
    pub(super) on: Option<String>,
}

/// The largest part of a text that is shown.
const SHOWN: usize = 2000;

impl Job {
    /// With the name of a lock as it is taken.
    pub(super) fn located(self, host: &impl Host) -> Self {
        match self.work {
            JobKind::Lock(name) => {
                let name = name.located(host);
                Self { shown: format!("exclusive {}", name.written()), work: JobKind::Lock(name), ..self }
            }
            _ => self,
        }
    }

    /// What is shown of it. Cut only once it is masked: half a secret would not be found.
    pub(super) fn shown(&self, mask: &dyn Mask) -> String {
        let shown = mask.mask(&self.shown);
        match &self.work {
            JobKind::Host(Request::Program(_) | Request::Http(_) | Request::Evidence(_)) => cut(shown),
            _ => shown,
        }
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// Who does the work.
#[derive(Debug)]
pub(super) enum JobKind {
    /// The host.
    Host(Request),
    /// Nobody: a time is waited for.
    Timer,
    /// The journal: a lock of that name.
    Lock(LockName),
    /// The journal, by recording it.
    Log(String),
}

/// What rendering looks at.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) plan: &'a Plan,
    pub(super) state: &'a RunState,
    pub(super) site: Site,
}

/// Fills an intent in.
///
/// # Errors
/// In words which value cannot be computed.
pub(super) fn render(plan: &Plan, state: &RunState, intent: &Intent) -> Result<Job, String> {
    let page = Page { plan, state, site: intent.site };
    match &intent.what {
        Doing::Act => page.act(),
        Doing::Verify => Ok(page.verification()),
        Doing::Question(trouble) => Ok(page.about(trouble)),
    }
}

impl<'a> Page<'a> {
    fn eval(self, expr: &crate::value::Expr) -> Result<Value, String> {
        value_in(self.plan, self.state, self.site.frame, expr).map_err(|error| error.to_string())
    }

    fn words(self, expr: &crate::value::Expr) -> Result<String, String> {
        self.eval(expr).map(|value| show(&value))
    }

    fn effect(self) -> Result<&'a Effect, String> {
        match self.plan.node(self.site.node).map(|node| &node.op) {
            Some(Op::Do(effect)) => Ok(effect),
            _ => Err("there is no effect at that place".into()),
        }
    }

    fn act(self) -> Result<Job, String> {
        let effect = self.effect()?;
        let (shown, work) = act::act(self, &effect.act)?;
        let mut verify = vec![];
        text::vars_of_act(&effect.act).into_iter().for_each(|var| {
            verify.extend(self.state.value(self.site.frame, var).into_iter().flat_map(artifacts));
        });
        let timeout = self.timeout(effect)?;
        let on = self.target(effect)?;
        if matches!(effect.act, Act::Run { .. } | Act::Script { .. }) {
            verify.iter().try_for_each(|file| is_at_hand(file, on.as_deref()))?;
        }
        Ok(Job { shown, work, verify, class: effect.class, timeout, on })
    }

    /// The target of an effect; `local` is none.
    fn target(self, effect: &Effect) -> Result<Option<String>, String> {
        let target = effect.on.as_ref().map(|target| self.words(target)).transpose()?;
        Ok(target.filter(|target| target != "local"))
    }

    /// The effect's own limit, and what is left of its step's or of the check around it.
    fn timeout(self, effect: &Effect) -> Result<Option<Duration>, String> {
        let own = effect.timeout.as_ref().and_then(|limit| duration(self.state, self.site.frame, limit));
        let asks = effect.class == Class::Asks || matches!(effect.act, Act::Person(_) | Act::Wait(_));
        let left = if asks { None } else { time_left(self.plan, self.state, self.site.frame) };
        if left.is_some_and(|left| !left.is_positive()) {
            return Err("the time of the step is over".into());
        }
        let look = if asks { None } else { look_left(self.plan, self.state, self.site.frame) };
        let limit = own.into_iter().chain(left).chain(look).min();
        Ok(limit.and_then(|limit| limit.try_into().ok()))
    }

    fn verification(self) -> Job {
        let needs = self.plan.step(self.site.node).map(|step| step.needs.as_slice()).unwrap_or_default();
        let values = needs.iter().filter_map(|var| self.state.value(self.site.frame, *var));
        let files: Vec<Artifact> = values.flat_map(artifacts).collect();
        let names: Vec<&str> = files.iter().map(|file| &*file.path).collect();
        Job {
            shown: format!("verify {}", names.join(", ")),
            work: JobKind::Host(Request::Verify(files)),
            verify: vec![],
            class: Class::Looks,
            timeout: None,
            on: None,
        }
    }
}

/// A program takes a file by its path, so it must be where the program runs.
fn is_at_hand(file: &Artifact, on: Option<&str>) -> Result<(), String> {
    if file.on.as_deref() == on {
        return Ok(());
    }
    let place = |on: Option<&str>| on.map_or_else(|| "this machine".to_owned(), |on| format!("target {on}"));
    let (there, here) = (place(file.on.as_deref()), place(on));
    Err(format!("{} is on {there}, and this runs on {here}: copy it there in a step of its own", file.path))
}

/// The command or request of an effect, for who has to look what became of it.
pub(super) fn started(plan: &Plan, state: &RunState, site: Site) -> Option<String> {
    let page = Page { plan, state, site };
    let effect = page.effect().ok().filter(|effect| !matches!(effect.act, Act::Person(_)))?;
    act::act(page, &effect.act).ok().map(|(shown, _)| shown)
}

/// What a place does to the world.
pub(super) fn class_at(plan: &Plan, site: Site) -> Class {
    plan.class_of(site.node)
}
