//! Which answers of a file a run has used, as its events tell it. Pure.

use super::render::path_of;
use crate::event::{Choice, Event, Fact, IllegalMove, RunState, Site};
use crate::plan::{Act, Op, Plan, QuestionKind};

/// An answer of a file that a run has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedAnswer {
    /// The way down to the question, as the file has it.
    pub path: Vec<String>,
    /// What was chosen, where the question was how it goes on.
    pub choice: Option<Choice>,
}

/// All of them, in the order of use.
///
/// # Errors
/// At the first event that cannot follow.
pub fn used_answers(plan: &Plan, events: &[Event]) -> Result<Vec<UsedAnswer>, IllegalMove> {
    let mut state = RunState::default();
    let mut found = vec![];
    // Most runs use none: they are not folded for it.
    if !events.iter().any(|event| is_of_file(&event.fact)) {
        return Ok(found);
    }
    for event in events {
        found.extend(used(plan, &state, &event.fact));
        state.apply(plan, event)?;
    }
    Ok(found)
}

fn is_of_file(fact: &Fact) -> bool {
    let by = match fact {
        Fact::Ended { note, .. } => &note.by,
        Fact::Decided { by, .. } => by,
        _ => &None,
    };
    by.as_ref().is_some_and(|by| by.from_file)
}

fn used(plan: &Plan, state: &RunState, fact: &Fact) -> Option<UsedAnswer> {
    match fact {
        _ if !is_of_file(fact) => None,
        Fact::Ended { effect, .. } => {
            let site = state.site(*effect)?;
            Some(UsedAnswer { path: way(plan, state, site), choice: None })
        }
        Fact::Decided { frame, node, choice, .. } => {
            let path = path_of(plan, state, Site { frame: *frame, node: *node });
            Some(UsedAnswer { path, choice: Some(choice.clone()) })
        }
        _ => None,
    }
}

/// What is asked for is known by its name, which stands at the end of the way.
fn way(plan: &Plan, state: &RunState, site: Site) -> Vec<String> {
    let mut path = path_of(plan, state, site);
    if let Some(Op::Do(effect)) = plan.op(site.node)
        && let Act::Person(question) = &effect.act
        && let QuestionKind::Ask { name, .. } = &question.kind
    {
        path.pop();
        path.push(name.clone());
    }
    path
}
