//! What is recorded of a run that nobody drives: by `settle`, `cancel`, and whoever takes a role over. Drives nothing.

use crate::cli::Stop;
use crate::cli::journal::secrets::sealed_facts;
use crate::cli::journal::stored::Stored;
use crate::event::Fact;

impl Stored {
    /// Records facts beside a run that nobody drives; it stays as it was otherwise.
    pub(in crate::cli) fn note(&mut self, facts: Vec<Fact>) -> Result<(), Stop> {
        let facts = sealed_facts(self, facts)?;
        let events = self.writer.record(self.state.seq, facts)?;
        for event in &events {
            self.state.apply(&self.plan, event)?;
        }
        Ok(())
    }
}
