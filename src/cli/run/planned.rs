//! `run --plan plan.json`: exactly the plan that was looked at, or nothing.

use serde_json::Value as Json;

use crate::cli::inputs::Values;
use crate::cli::plan::stored_plan;
use crate::cli::{Stop, inputs};
use crate::plan::Plan;
use crate::value::show;

/// Refuses a run that would not do what a stored plan tells.
///
/// # Errors
/// Where the file is no plan, the plan has another digest, or an input that it shows has another value now.
pub(super) fn check(file: &str, runbook: &str, plan: &Plan, values: &Values) -> Result<(), Stop> {
    let told = stored_plan("--plan", file)?;
    let text = |key: &str| told.get(key).and_then(Json::as_str).unwrap_or_default();
    if text("digest") != plan.digest {
        return Err(Stop::usage(format!(
            "{runbook} is not what {file} tells: `bowline plan {runbook} --against {file}` says what differs; nothing was run"
        )));
    }
    let shown = inputs::sealed(plan, values);
    for input in told.get("inputs").and_then(Json::as_array).into_iter().flatten() {
        let part = |key: &str| input.get(key).and_then(Json::as_str);
        let (Some(name), Some(planned)) = (part("name"), part("value")) else { continue };
        let named = plan.inputs.iter().find(|input| plan.var(input.var).is_some_and(|var| var.name == name));
        let now = named.and_then(|input| shown.get(&input.var)).map(show);
        if now.as_deref() != Some(planned) {
            let now = now.unwrap_or_default();
            return Err(Stop::usage(format!(
                "the input {name} is {now}, and {file} was planned with {planned}; nothing was run"
            )));
        }
    }
    Ok(())
}
