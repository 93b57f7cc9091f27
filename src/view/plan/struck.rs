//! Which effects of what an operator named a failure strikes: the last changing one, or the one of a number.

use super::mention::Mention;
use super::titled::Titled;
use super::words::Known;
use crate::plan::{Act, NodeId, Op};

/// The longest part of an effect that is told.
const TOLD: usize = 60;

impl Mention<'_> {
    /// The effects any of which is struck, whichever is done first.
    ///
    /// # Errors
    /// In words, when there is none.
    pub fn effects(&self) -> Result<Vec<NodeId>, String> {
        self.each(|titled| self.struck(titled, &[titled.node]))
    }

    /// The same of what undoes it.
    ///
    /// # Errors
    /// In words, when there is none, or one turn of a loop is meant.
    pub fn undo_effects(&self) -> Result<Vec<NodeId>, String> {
        if self.instance().is_some() {
            return Err("a rollback is named without the turn of its loop; the first one is struck".into());
        }
        self.each(|titled| {
            let bodies = self.names.known.plan.undo_bodies(titled.node);
            if bodies.is_empty() {
                return Err(format!("\"{}\" has neither rollback nor restore", titled.title()));
            }
            self.struck(titled, &bodies)
        })
    }

    fn each(&self, of: impl Fn(&Titled) -> Result<Vec<NodeId>, String>) -> Result<Vec<NodeId>, String> {
        let each = self.titled.iter().map(|titled| of(titled));
        Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn struck(&self, titled: &Titled, bodies: &[NodeId]) -> Result<Vec<NodeId>, String> {
        let (title, known) = (titled.title(), &self.names.known);
        let all: Vec<NodeId> = bodies.iter().flat_map(|body| known.plan.effects_below(*body)).collect();
        if all.is_empty() {
            return Err(format!("nothing in \"{title}\" can be made to fail: it asks nothing of the world"));
        }
        let Some(number) = self.number else { return Ok(known.plan.last_effect(bodies)) };
        let numbered = number.checked_sub(1).and_then(|at| all.get(at));
        numbered.map(|effect| vec![*effect]).ok_or_else(|| {
            let lines =
                (1..).zip(&all).map(|(at, effect)| format!("#{at} {}", effect_in_words(known, *effect)));
            let lines = lines.collect::<Vec<_>>().join("\n  ");
            format!("\"{title}\" has no effect #{number}; it has:\n  {lines}")
        })
    }
}

/// An effect in a few words.
#[must_use]
pub fn effect_in_words(known: &Known<'_>, id: NodeId) -> String {
    let Some(Op::Do(effect)) = known.plan.op(id) else { return String::new() };
    let text = match &effect.act {
        Act::Run { words, .. } => {
            let words: Vec<_> = words.iter().map(|word| known.word(&word.value, word.splice)).collect();
            format!("run {}", words.join(" "))
        }
        Act::Script { interpreter, script, .. } => format!("{}: {}", interpreter.join(" "), script.trim()),
        Act::Http { method, url, .. } => format!("{method} {}", known.show(url)),
        Act::Artifact(path) => format!("artifact {}", known.show(path)),
        Act::Evidence(value) => format!("evidence {}", known.show(value)),
        Act::Notify { channel, .. } => format!("notify {channel}"),
        Act::Person(question) => known.show(&question.text),
        Act::Log(_) | Act::Wait(_) | Act::Lock(_) => String::new(),
    };
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(TOLD) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}
