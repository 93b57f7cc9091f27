//! What really happened: a line for each effect, written by the effect itself.

use std::path::Path;

/// The lines `do NAME` and `undo NAME`, in the order written.
#[derive(Debug)]
pub(crate) struct Ledger(Vec<String>);

impl Ledger {
    pub(crate) fn read(file: &Path) -> Self {
        Self(std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn times(&self, line: &str) -> usize {
        self.0.iter().filter(|known| *known == line).count()
    }

    /// The names behind a word (`do`, `undo`), each once, in the order of their first line.
    pub(crate) fn order(&self, word: &str) -> Vec<String> {
        let mut names: Vec<String> = vec![];
        for name in self.0.iter().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ')) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Lines that stand there more than once.
    pub(crate) fn repeated(&self) -> Vec<&str> {
        let again = |at: &usize| self.0[..*at].contains(&self.0[*at]);
        (0..self.0.len()).filter(again).map(|at| self.0[at].as_str()).collect()
    }
}
