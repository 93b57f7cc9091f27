//! Where steps run: the targets of `bowline.toml` as the host takes them, and whether those that a run
//! names are there, as far as that is known before anything runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use super::Stop;
use super::config::Found;
use super::inputs::Values;
use super::out::Console;
use crate::config;
use crate::diag::nearest;
use crate::event::RunState;
use crate::host::{self, SILENCE, Target, Targets, Way, may_live};
use crate::plan::{Class, Eval, Loop, NodeId, Op, Plan};
use crate::value::{Expr, Value, eval, show};

/// The targets that a file names.
pub(super) fn targets(found: &Found) -> Targets {
    let way = |way: &config::Way| match way.clone() {
        config::Way::Ssh { destination, config } => {
            Way::Ssh { destination, config: config.map(|file| found.beside(&file)) }
        }
        config::Way::Docker(container) => Way::Docker(container),
        config::Way::Kubectl { object, namespace, container, context } => {
            Way::Kubectl { object, namespace, container, context }
        }
    };
    let target = |target: &config::Target| Target {
        way: way(&target.way),
        silence: target.silence.unwrap_or(SILENCE),
    };
    found.config.targets.iter().map(|(name, one)| (name.clone(), target(one))).collect()
}

/// Refuses a run of which a step would be nowhere. What depends on what is not known yet is told when it is.
///
/// # Errors
/// Names every such target.
pub(super) fn check(plan: &Plan, values: &Values, found: &Found) -> Result<(), Stop> {
    let mut look = Look { plan, ends: plan.ends(), known: values.clone(), named: BTreeSet::new() };
    if look.names_any(Plan::ROOT) {
        look.node(Plan::ROOT);
    }
    let targets = &found.config.targets;
    let missing: Vec<_> = look.named.iter().filter(|name| !targets.contains_key(*name)).collect();
    let Some(first) = missing.first() else { return Ok(()) };
    let near = nearest(first, targets.keys().map(String::as_str));
    let hint = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
    let list: Vec<_> = missing.iter().map(|name| format!("\"{name}\"")).collect();
    let place = found.path().map_or_else(
        || "and there is no bowline.toml that says how it is reached".to_owned(),
        |path| format!("and {} has no such target", path.display()),
    );
    Err(Stop::usage(format!("steps would run on {}, {place}{hint}", list.join(", "))))
}

/// A walk over what is known of a plan.
struct Look<'a> {
    plan: &'a Plan,
    ends: Vec<u32>,
    known: Values,
    named: BTreeSet<String>,
}

impl Look<'_> {
    /// Whether there is a target in a subtree.
    fn names_any(&self, id: NodeId) -> bool {
        let start = id.0 as usize;
        let end = self.ends.get(start).map_or(start, |end| *end as usize);
        let nodes = self.plan.nodes.get(start..end).unwrap_or_default();
        nodes.iter().any(|node| matches!(&node.op, Op::Do(effect) if effect.on.is_some()))
    }

    fn eval(&self, expr: &Expr) -> Option<Value> {
        eval(expr, &self.known).ok()
    }

    fn node(&mut self, id: NodeId) {
        let plan = self.plan;
        match plan.op(id) {
            Some(Op::Do(effect)) => {
                let name = effect.on.as_ref().and_then(|on| self.eval(on)).map(|name| show(&name));
                self.named.extend(name.filter(|name| name != "local"));
            }
            Some(Op::Eval(Eval::Let(bind))) => {
                if let Some(value) = self.eval(&bind.value) {
                    self.known.insert(bind.var, value);
                }
            }
            Some(Op::Loop(looping)) if self.names_any(id) => self.looping(id, looping),
            Some(Op::Group(_) | Op::Branch(_)) => self.below(id),
            _ => {}
        }
    }

    fn below(&mut self, id: NodeId) {
        self.plan.below(id).into_iter().for_each(|id| self.node(id));
    }

    fn looping(&mut self, id: NodeId, looping: &Loop) {
        let Loop::For { item, list, body, .. } = looping else { return self.below(id) };
        match self.eval(list) {
            Some(Value::List(items)) => {
                for value in items.iter() {
                    self.known.insert(*item, value.clone());
                    self.node(*body);
                }
            }
            _ => self.node(*body),
        }
        self.known.remove(item);
    }
}

/// Waits until what a crash left on targets is certainly dead: they heard nothing from us since.
pub(super) fn outlast(state: &RunState, targets: &Targets, alive: &Path) {
    let mut left: BTreeMap<&str, Duration> = BTreeMap::new();
    for (_, running) in state.running().filter(|(_, running)| running.class == Class::Changes) {
        if let Some(on) = &running.on {
            let silence = targets.get(on).map_or(SILENCE, |target| target.silence);
            left.insert(on, may_live(alive, silence));
        }
    }
    let names: Vec<_> = left.iter().filter(|(_, time)| !time.is_zero()).map(|(name, _)| *name).collect();
    let Some(longest) = left.values().max().filter(|time| !time.is_zero()) else { return };
    let seconds = longest.as_secs() + 1;
    Console.say(&format!("waiting {seconds} s until what ran on {} is dead\n", names.join(", ")));
    host::outlast(*longest);
}
