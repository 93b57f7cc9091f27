//! Where steps run: the targets of `bowline.toml` as the host takes them, and whether those that a run
//! names are there, as far as that is known before anything runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::cli::Stop;
use crate::cli::config::Found;
use crate::cli::inputs::Values;
use crate::cli::out::Console;
use crate::config::{self, Reach};
use crate::diag::nearest;
use crate::event::RunState;
use crate::host::{self, Carrier, SILENCE, Target, Targets, may_live};
use crate::plan::{Class, Plan};

/// The targets that a file names.
pub(in crate::cli) fn targets(found: &Found) -> Targets {
    let carrier = |reach: &Reach| match reach.clone() {
        Reach::Ssh { destination, config } => {
            Carrier::Ssh { destination, config: config.map(|file| found.beside(&file)) }
        }
        Reach::Docker(container) => Carrier::Docker(container),
        Reach::Kubectl { object, namespace, container, context } => {
            Carrier::Kubectl { object, namespace, container, context }
        }
    };
    let target = |target: &config::Target| Target {
        carrier: carrier(&target.reach),
        silence: target.silence.unwrap_or(SILENCE),
    };
    found.config.targets.iter().map(|(name, one)| (name.clone(), target(one))).collect()
}

/// Refuses a run of which a step would be nowhere. What depends on what is not known yet is told when it is.
///
/// # Errors
/// Names every such target.
pub(in crate::cli) fn check(plan: &Plan, values: &Values, found: &Found) -> Result<(), Stop> {
    let targets = &found.config.targets;
    let named = plan.targets(values);
    let missing: Vec<_> = named.iter().filter(|name| !targets.contains_key(*name)).collect();
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

/// Waits until what a crash left on targets is certainly dead: they heard nothing from us since.
pub(in crate::cli) fn outlast(state: &RunState, targets: &Targets, alive: &Path) {
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
