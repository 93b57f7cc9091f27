//! Which key of the model an effect of the engine's journal has, and which step a frame belongs to.

use super::world::{Key, Part};
use bowline::event::{Begun, Fact, FrameId, Key as Instance};
use bowline::plan::{NodeId, Plan};
use bowline::value::{Expr, show};
use std::collections::HashMap;

/// The frames of a run, as far as its journal was read.
pub(crate) struct Names {
    titles: HashMap<NodeId, String>,
    frames: HashMap<FrameId, (FrameId, NodeId, Option<Instance>)>,
}

impl Names {
    pub(crate) fn new(plan: &Plan) -> Names {
        let title = |node: &bowline::plan::Node| match &node.title {
            Some(Expr::Const(title)) => Some(show(title)),
            _ => None,
        };
        let titles = plan.nodes.iter().zip(0..).filter_map(|(node, at)| Some((NodeId(at), title(node)?)));
        Names { titles: titles.collect(), frames: HashMap::new() }
    }

    pub(crate) fn read(&mut self, fact: &Fact) {
        if let Fact::Entered { frame, parent, node, key } = fact {
            self.frames.insert(*frame, (*parent, *node, key.clone()));
        }
    }

    /// The step that ran in a frame, with the items of its loops.
    pub(crate) fn instance(&self, frame: FrameId) -> String {
        let (mut items, mut at) = (String::new(), self.frames.get(&frame));
        while let Some((parent, _, key)) = at {
            if let Some(Instance::Item(item)) = key {
                items.insert_str(0, &format!("[{item}]"));
            }
            at = self.frames.get(parent);
        }
        let title = self.frames.get(&frame).and_then(|(_, node, _)| self.titles.get(node));
        format!("{}{items}", title.map_or("?", String::as_str))
    }

    /// The key of an effect; handlers and what they need have none. A command says its key in its words.
    pub(crate) fn key(&self, begun: &Begun) -> Option<Key> {
        let plain = begun.shown.replace(['\'', '"'], "");
        let mut words = plain.split(' ');
        let (word, step, n) = (words.next()?, words.next(), words.next());
        let n = n.and_then(|n| n.parse().ok());
        let part = match word {
            "body" => Part::Body(n?),
            "rollback" => Part::Rollback(n?),
            "restore" => Part::Restore(n?),
            "probe" => Part::Look,
            "check" => Part::Check,
            "verify" => return Some(Key { step: self.instance(begun.frame), part: Part::Arm }),
            _ => return None,
        };
        Some(Key { step: step?.to_owned(), part })
    }
}
