//! `bowline plan`.

use super::args::{Format, PlanArgs};
use super::check::report;
use super::config::Found;
use super::inputs;
use super::load::{Files, entry};
use super::out::{Console, put};
use super::{Done, Exit, Stop, leave};
use crate::compile::compile_from;
use crate::view::Style;
use crate::view::plan::{Known, outline, plan_text};

/// Tells what would be done. Starts nothing: an input that is not at hand stays unknown.
pub(super) fn plan(args: &PlanArgs) -> Done {
    let entry = entry(&args.file);
    let found = Found::look(&args.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &found.setting());
    found.report();
    report(&compiled);
    let Some(plan) = compiled.plan.as_ref().filter(|_| !found.is_broken()) else {
        return Ok(Exit::Invalid);
    };
    let given = inputs::given(plan, &args.inputs)?;
    let known = inputs::sealed(plan, &inputs::known(plan, &given)?);
    let told = outline(plan, Known::new(plan, known), args.full);
    let text = match args.format {
        Format::Text => plan_text(&told, style(args), args.full),
        Format::Json => {
            serde_json::to_string_pretty(&told).map_err(|error| Stop::internal(error.to_string()))? + "\n"
        }
    };
    put(args.out.as_deref(), &text)?;
    leave((told, compiled));
    Ok(Exit::Completed)
}

/// A file gets no colour.
fn style(args: &PlanArgs) -> Style {
    if args.out.is_some() { Style { width: usize::MAX, ..Style::PLAIN } } else { Console.result_style() }
}
