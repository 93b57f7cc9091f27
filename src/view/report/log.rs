//! The lines of a run, of a very long one the beginning and the end.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::story::{Told, Tone};
use super::text::Text;
use crate::view::Line;
use crate::view::paint::Ink;

/// So many lines of the beginning are told, and so many of the end.
const HALF: usize = 2500;

/// Lines as they come.
#[derive(Default)]
pub(super) struct Log {
    first: Vec<Told>,
    last: VecDeque<Told>,
    left_out: usize,
}

impl Log {
    pub(super) fn add(&mut self, at: Timestamp, lines: Vec<Line>) {
        for line in lines {
            let told = told(at, &line);
            if self.first.len() < HALF {
                self.first.push(told);
                continue;
            }
            self.last.push_back(told);
            if self.last.len() > HALF {
                self.last.pop_front();
                self.left_out += 1;
            }
        }
    }

    pub(super) fn told(self) -> Vec<Told> {
        let gap = (self.left_out > 0).then(|| Told {
            at: None,
            depth: 0,
            tone: Tone::Alert,
            strong: false,
            text: Text::of(format!("{} lines are left out here; `bowline show` tells them", self.left_out)),
        });
        self.first.into_iter().chain(gap).chain(self.last).collect()
    }
}

fn told(at: Timestamp, line: &Line) -> Told {
    let tone = match line.mark() {
        Some(Ink::Good) => Tone::Good,
        Some(Ink::Bad) => Tone::Bad,
        Some(Ink::Alert) => Tone::Alert,
        Some(Ink::Strong | Ink::Faint) | None => Tone::Plain,
    };
    let strong = line.mark() == Some(Ink::Strong);
    Told { at: Some(at), depth: line.depth(), tone, strong, text: Text::of(line.text()) }
}
