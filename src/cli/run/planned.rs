//! `run --plan plan.json`: exactly the plan that was looked at, or nothing.

use serde_json::Value as Json;

use crate::cli::inputs::Values;
use crate::cli::plan::stored_plan;
use crate::cli::{Stop, inputs};
use crate::plan::Plan;
use crate::value::show;
use crate::view::plan::{Known, outline, plan_changes};

/// Refuses a run that would not do what a stored plan tells.
///
/// # Errors
/// Where the file is no plan, the plan has another digest, an input that it shows has another value now, or it tells
/// something else than this plan would.
pub(super) fn check(file: &str, runbook: &str, plan: &Plan, values: &Values) -> Result<(), Stop> {
    let told = stored_plan("--plan", file)?;
    let differs = || {
        Stop::usage(format!(
            "{runbook} is not what {file} tells: `bowline plan {runbook} --against {file}` says what differs; nothing was run"
        ))
    };
    if told.get("digest").and_then(Json::as_str) != Some(&plan.digest) {
        return Err(differs());
    }
    let shown = seen(file, &told, plan, values)?;
    if tells(&told, plan, &shown)? { Ok(()) } else { Err(differs()) }
}

/// The values of the inputs that the stored plan shows.
fn seen(file: &str, told: &Json, plan: &Plan, values: &Values) -> Result<Values, Stop> {
    let (mut seen, sealed) = (Values::new(), inputs::sealed(plan, values));
    for input in told.get("inputs").and_then(Json::as_array).into_iter().flatten() {
        let part = |key: &str| input.get(key).and_then(Json::as_str);
        let (Some(name), Some(planned)) = (part("name"), part("value")) else { continue };
        let named = plan.inputs.iter().find(|input| plan.var(input.var).is_some_and(|var| var.name == name));
        let now = named.and_then(|input| Some((input.var, sealed.get(&input.var)?)));
        let word = now.map(|(_, value)| show(value)).unwrap_or_default();
        if word != planned {
            return Err(Stop::usage(format!(
                "the input {name} is {word}, and {file} was planned with {planned}; nothing was run"
            )));
        }
        seen.extend(now.map(|(var, value)| (var, value.clone())));
    }
    Ok(seen)
}

/// Whether the stored plan tells what this plan does with those values: a digest can be copied into a file that tells
/// something else. What looks found for a probe is not known here, so that of a probed plan only digest and inputs count.
fn tells(told: &Json, plan: &Plan, seen: &Values) -> Result<bool, Stop> {
    if told.get("looks").is_some_and(|looks| !looks.is_null()) {
        return Ok(true);
    }
    // Which of the two was stored it does not say.
    for full in [false, true] {
        let now = outline(plan, Known::new(plan, seen.clone()), full);
        let now = serde_json::to_value(now).map_err(|error| Stop::internal(error.to_string()))?;
        if plan_changes(told, &now).is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}
