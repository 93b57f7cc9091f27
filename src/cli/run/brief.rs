//! Before a run begins: what it will do, shown to whoever starts it, and the one question whether it should.

use std::collections::BTreeMap;

use crate::cli::args::{DriveArgs, Format};
use crate::cli::inputs::{self, Complete};
use crate::cli::out::Console;
use crate::cli::questions::Front;
use crate::cli::screen::plain;
use crate::cli::settings::{self, attended, attended_by};
use crate::cli::{Exit, Stop};
use crate::event::{Attended, Fact, OnFailure};
use crate::host::inject::Injected;
use crate::host::mask::Mask;
use crate::plan::Plan;
use crate::run::{Answered, PersonReply};
use crate::value::Value;
use crate::view::plan::{Known, outline};
use crate::view::{Around, briefing};

/// What the briefing is about.
pub(super) struct Brief<'a> {
    pub(super) plan: &'a Plan,
    pub(super) complete: &'a Complete,
    /// Who may approve, by group, as told.
    pub(super) members: BTreeMap<String, Vec<String>>,
    /// Who holds which role.
    pub(super) roles: &'a [Fact],
    pub(super) injected: &'a [Injected],
}

/// Shows it, and asks somebody who is there and has not agreed in advance whether to go on. What was said beside the yes is recorded.
///
/// # Errors
/// When the person does not want it: nothing ran.
pub(super) fn brief(
    brief: &Brief<'_>,
    args: &DriveArgs,
    agreed: bool,
    front: &Front<'_>,
) -> Result<Option<Fact>, Stop> {
    if args.format == Format::Json {
        return Ok(None);
    }
    Console.say(&text(brief, args));
    if agreed || attended() == Attended::Nobody {
        return Ok(None);
    }
    let kind = Answered::Confirm { typing: None, optional: false };
    let Some(PersonReply { value, note, by }) = front.ask("Go on? Nothing has been run yet.", kind)? else {
        return Ok(None);
    };
    if value != Value::Bool(true) {
        return Err(Stop { exit: Exit::Usage, message: "not gone on with: nothing was run".into() });
    }
    Ok(Some(note).filter(|note| !note.is_empty()).map(|note| Fact::GoneOn { by, note }))
}

fn text(brief: &Brief<'_>, args: &DriveArgs) -> String {
    let values = inputs::sealed(brief.plan, &brief.complete.values);
    let told = outline(brief.plan, Known::new(brief.plan, values), false);
    let around =
        Around { roles: roles(brief.roles), members: brief.members.clone(), more: more(brief, args) };
    let style = if attended() == Attended::Nobody { plain(Console.style()) } else { Console.style() };
    let mask = Mask::default();
    mask.learn(brief.complete.secrets.iter().map(String::as_str));
    mask.text(&briefing(brief.plan, &told, &around, style))
}

fn roles(facts: &[Fact]) -> Vec<String> {
    let told = facts.iter().filter_map(|fact| match fact {
        Fact::RoleBound { role, person, .. } => Some(format!("{role}: {person}")),
        _ => None,
    });
    told.collect()
}

fn more(brief: &Brief<'_>, args: &DriveArgs) -> Vec<(&'static str, String)> {
    let mut rows = vec![("on failure", on_failure(args).to_owned())];
    if args.step {
        rows.push(("step by step", "each step is shown and asked about before it begins".to_owned()));
    }
    if let Some(file) = &args.answers {
        rows.push(("answers", format!("from {}, recorded as that", file.display())));
    }
    let injected = brief.injected.iter();
    rows.extend(
        injected
            .map(|one| ("injected", format!("\"{}\" {}: {}", one.place, one.kind.name(), one.kind.told()))),
    );
    rows
}

fn on_failure(args: &DriveArgs) -> &'static str {
    match (attended_by(args), settings::on_failure(args, None)) {
        (Attended::Terminal, _) => "you are asked; nothing is undone before",
        (_, OnFailure::Rollback) => "what was done is undone, newest first: nobody is there to be asked",
        (_, OnFailure::Hold) => "everything is left as it is, resumable",
    }
}
