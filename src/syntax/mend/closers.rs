//! A value over several lines that closes more brackets than it opens. Knows brackets, and no statement kind.

use super::{By, Reader};

impl Reader<'_> {
    /// Reads a line without the brackets that close more than the value which ends in it opened.
    pub(super) fn closes_too_much(&mut self, at: usize) {
        let Some(line) = self.lines.get(at) else { return };
        let stray: Vec<_> = line.brackets.stray.iter().map(|at| line.place(*at)).collect();
        let opened = self.open.iter().rev().map_while(|open| match open.by {
            By::Bracket('(' | '[', place) => Some(place),
            _ => None,
        });
        // What ends in the line may be prose in no bracket.
        let prose = || {
            let before = self.lines.get(at.checked_sub(1)?)?;
            (line.continued && before.code.ends_with("\"\"\"")).then(|| before.end - 3)
        };
        let Some(begins) = opened.clone().last().or_else(prose).filter(|_| line.brackets.open.is_empty())
        else {
            return;
        };
        let closes = |at: &usize| self.text.get(*at..).is_some_and(|rest| rest.starts_with([')', ']']));
        let surplus = stray.get(opened.count()..).filter(|_| stray.iter().all(closes)).unwrap_or_default();
        if surplus.is_empty() {
            return;
        }
        self.telling.closes_too_much(begins, surplus);
        let length = surplus.len();
        if let Some(line) = self.lines.get_mut(at) {
            line.brackets.stray.truncate(line.brackets.stray.len() - length);
        }
    }
}
