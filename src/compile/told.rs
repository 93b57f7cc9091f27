//! What is told of a program, from what was read of it to which reports stand.

use std::sync::Arc;

use super::allow::Allowed;
use super::follows::Follows;
use super::levels::Levels;
use super::misfits::by_declaration;
use crate::diag::{Diagnostic, Family, Severity};
use crate::program::Resolved;
use crate::syntax::tree::Tree;
use crate::text::Sources;

/// What is told of a program, while none of it is settled. Holds no tree.
pub(super) struct Told<'s> {
    reports: Vec<Diagnostic>,
    follows: Follows<'s>,
    allowed: Allowed,
}

impl<'s> Told<'s> {
    /// Of what was read, with its names.
    pub(super) fn of(reports: Vec<Diagnostic>, trees: &[Arc<Tree>], sources: &'s Sources) -> Self {
        let follows = Follows::from(&reports, trees, sources);
        Self { reports, follows, allowed: Allowed::of(trees) }
    }

    /// The program, from which something may seem to be missing where something could not be read.
    pub(super) fn without_unread(&self, program: Resolved) -> Resolved {
        let left_out = self.reports.iter().filter(|one| leaves_out(one));
        let mut unread: Vec<_> = left_out.map(|one| one.primary.span).collect();
        unread.sort_unstable();
        program.without(unread)
    }

    /// What only the plan shows.
    pub(super) fn of_plan(&mut self, reports: Vec<Diagnostic>) {
        self.reports.extend(reports);
    }

    /// The reports that stand, as loud as the levels say, without those that a comment allows, in the order of their places.
    pub(super) fn settled(self, levels: &Levels) -> Vec<Diagnostic> {
        let stand = self.allowed.apply(by_declaration(self.follows.without(self.reports)));
        let mut kept: Vec<_> = stand.into_iter().filter_map(|one| levels.apply(one)).collect();
        kept.sort_by_key(|one| one.primary.span);
        kept
    }
}

/// Whether what is reported is no part of the program, so that something else may seem to be missing: what could not be
/// read, and statements and options that are none.
fn leaves_out(report: &Diagnostic) -> bool {
    report.severity == Severity::Error && report.code.family != Family::Names
}
