//! What a place of a run is called: the titles that lead to it.

use crate::event::{Frame, FrameId, Kind, RunState, Site};
use crate::plan::{NodeId, Plan};
use crate::value::{eval, show};

/// The titles from the run down to a place; instances of loops by their key.
#[must_use]
pub fn path_of(plan: &Plan, state: &RunState, site: Site) -> Vec<String> {
    let mut path = vec![];
    let mut at = state.frame(site.frame);
    if at.is_some_and(|frame| frame.node != site.node) {
        path.extend(title_of(plan, state, site.frame, site.node));
    }
    while let Some(frame) = at {
        if let Some(crate::event::Key::Item(item)) = &frame.key {
            path.push(item.to_string());
        }
        if frame.parent.is_some() {
            path.extend(title_of(plan, state, frame.id, titled(frame)));
        }
        at = frame.parent.and_then(|parent| state.frame(parent));
    }
    path.reverse();
    path
}

/// Whether a place, written `phase / step`, is meant by a name: all of it, or its end from the beginning of a title on.
#[must_use]
pub fn is_called(place: &str, name: &str) -> bool {
    place.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with(" / "))
}

/// Whose title a frame goes by: an undo by that of its step.
fn titled(frame: &Frame) -> NodeId {
    match &frame.kind {
        Kind::Undo(undo) => undo.step,
        _ => frame.node,
    }
}

/// The title of a node, as seen from a frame.
pub(super) fn title_of(plan: &Plan, state: &RunState, frame: FrameId, node: NodeId) -> Option<String> {
    let title = plan.node(node)?.title.as_ref()?;
    eval(title, &state.seen_from(frame)).ok().map(|title| show(&title))
}
