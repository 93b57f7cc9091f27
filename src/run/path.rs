//! What a place of a run is called: the titles that lead to it.

use crate::event::{Frame, FrameId, Kind, RunState, Site};
use crate::plan::{NodeId, Plan};
use crate::value::{eval, show};

/// The titles from the run down to a place; instances of loops by their key. Of titles that values make alike all but the
/// first in their scope have a number, as those that are alike in the plan have: `Part (2)`.
#[must_use]
pub fn path_of(plan: &Plan, state: &RunState, site: Site) -> Vec<String> {
    let mut path = vec![];
    let mut at = state.frame(site.frame);
    if let Some(frame) = at.filter(|frame| frame.node != site.node) {
        let title = title_of(plan, state, site.frame, site.node);
        path.extend(title.map(|title| numbered(plan, state, (frame, site.node), title)));
    }
    while let Some(frame) = at {
        if let Some(crate::event::Key::Item(item)) = &frame.key {
            path.push(item.to_string());
        }
        let parent = frame.parent.and_then(|parent| state.frame(parent));
        if let Some(parent) = parent {
            let title = title_of(plan, state, frame.id, titled(frame));
            path.extend(title.map(|title| numbered(plan, state, (parent, titled(frame)), title)));
        }
        at = parent;
    }
    path.reverse();
    path
}

/// A title with its number, where an earlier one in the scope reads the same. What is fixed differs already.
fn numbered(plan: &Plan, state: &RunState, (scope, node): (&Frame, NodeId), title: String) -> String {
    if !has_values(plan, node) {
        return title;
    }
    let children = plan.group(scope.node).map(|group| group.children.as_slice()).unwrap_or_default();
    let before = children.iter().take_while(|child| **child != node);
    let alike = |child: &&NodeId| title_of(plan, state, scope.id, **child).as_ref() == Some(&title);
    match before.filter(alike).count() {
        0 => title,
        count => format!("{title} ({})", count + 1),
    }
}

fn has_values(plan: &Plan, node: NodeId) -> bool {
    let mut any = false;
    if let Some(title) = plan.node(node).and_then(|node| node.title.as_ref()) {
        title.vars(&mut |_| any = true);
    }
    any
}

/// Of places those that a name means: the one that it is the whole of, else all that end so.
#[must_use]
pub fn meant<T>(all: Vec<T>, place: impl Fn(&T) -> String, name: &str) -> Vec<T> {
    let has_whole = all.iter().any(|one| place(one) == name);
    let is_meant = |one: &T| if has_whole { place(one) == name } else { is_called(&place(one), name) };
    all.into_iter().filter(is_meant).collect()
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
