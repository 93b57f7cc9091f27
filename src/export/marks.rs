//! The contract between `export` and `import`: what the one writes so that the other reads its documents back. Words that a
//! reader sees and fences carry it; changing one of them makes documents that were exported before foreign.

/// The comment by which `import` knows a document of `export`.
pub(crate) const COMMENT: &str = "exported by bowline";

/// What stands before everything that is not the runbook's own text.
pub(crate) const ANCHOR: &str = "⚓";

/// The section of what the runbook is given.
pub(crate) const VALUES: &str = "Values";

/// The section of rollbacks, and how each of them begins.
pub(crate) const GOING_BACK: &str = "Going back";
pub(crate) const UNDO: &str = "Undo";

/// The section of what restores, and how each of them begins.
pub(crate) const PUTTING_BACK: &str = "Putting back";
pub(crate) const PUT_BACK: &str = "Put back";

/// What stands before the reason for which a step has nothing to undo.
pub(crate) const NOTHING_TO_UNDO: &str = "nothing to undo: ";

/// How the groups begin that are done only in a case.
pub(crate) const ONLY_IF: &str = "Only if";
pub(crate) const OTHERWISE: &str = "Otherwise";
pub(crate) const IF_THE_ANSWER: &str = "If the answer";

/// What stands behind the tag of a fence: it is run as a command, as a script, or only in case of something.
pub(crate) const RUN: &str = "run";
pub(crate) const SCRIPT: &str = "script";
pub(crate) const IN_CASE: &str = "in case";

/// How the statements are called that come back as they were.
pub(crate) const CHECK: &str = "Check";
pub(crate) const GO_OR_NO_GO: &str = "Go or no-go";
pub(crate) const CONFIRM: &str = "Confirm";
pub(crate) const WAIT: &str = "Wait";
pub(crate) const RUNS: &str = "Run";

/// What stands before the names that an answer gets.
pub(crate) const NOTED_AS: &str = ", noted as ";

/// How a statement is called, as it stands before its title.
pub(crate) fn label(word: &str) -> String {
    format!("**{word}:** ")
}
