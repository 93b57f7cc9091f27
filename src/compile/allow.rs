//! `# allow W0401: reason` above a statement silences that lint there.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diag::{Diagnostic, Severity, codes};
use crate::syntax::tree::{Block, Comment, Line, Stmt, Tail, Tree};
use crate::text::{SourceId, Span};

/// A comment that allows something.
struct Allow {
    /// The comment.
    comment: Span,
    /// The lint.
    code: String,
    /// The head of the statement below: its block is not covered.
    covers: Span,
    used: bool,
}

/// What the comments of a program allow.
pub(super) struct Allowed {
    allows: HashMap<SourceId, Vec<Allow>>,
    /// Allowances that give no reason.
    told: Vec<Diagnostic>,
}

impl Allowed {
    /// Collects them from the files.
    pub(super) fn of(trees: &[Arc<Tree>]) -> Self {
        let mut told = vec![];
        let with = trees.iter().filter(|tree| tree.comments.iter().any(is_allow));
        let allows = with.map(|tree| (tree.source, allows_of(tree, &mut told))).collect();
        Self { allows, told }
    }

    /// Drops what is allowed; reports allowances that silence nothing or give no reason.
    pub(super) fn apply(self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let Self { mut allows, told: mut kept } = self;
        let broken = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        kept.extend(diagnostics.into_iter().filter(|diagnostic| !is_allowed(diagnostic, &mut allows)));
        if !broken {
            let idle = allows.values().flatten().filter(|allow| !allow.used);
            kept.extend(idle.map(report_idle));
        }
        kept
    }
}

fn is_allow(comment: &Comment) -> bool {
    comment.text.strip_prefix("allow").is_some_and(|rest| rest.starts_with([' ', ':']) || rest.is_empty())
}

fn is_allowed(diagnostic: &Diagnostic, allows: &mut HashMap<SourceId, Vec<Allow>>) -> bool {
    if diagnostic.severity == Severity::Error {
        return false;
    }
    let span = diagnostic.primary.span;
    let here = allows.get_mut(&span.source).into_iter().flatten();
    let mut allowed = false;
    for allow in here.filter(|allow| allow.code == diagnostic.code.id && allow.covers.touches(span.start)) {
        allow.used = true;
        allowed = true;
    }
    allowed
}

fn report_idle(allow: &Allow) -> Diagnostic {
    let known = codes::ALL.iter().any(|code| code.id == allow.code && code.is_lint());
    let message = if known {
        format!("nothing here is reported as {}", allow.code)
    } else {
        format!("no lint has the code `{}`", allow.code)
    };
    Diagnostic::warning(codes::IDLE_ALLOW, allow.comment, message)
        .help("remove the comment, or put it on the line above the statement that it is about")
}

/// The allowances of a file; those without a reason are reported and count not.
fn allows_of(tree: &Tree, told: &mut Vec<Diagnostic>) -> Vec<Allow> {
    let mut heads = vec![];
    collect(&tree.lines, &mut heads);
    heads.sort_unstable();
    let mut allows = vec![];
    for comment in tree.comments.iter().filter(|comment| is_allow(comment)) {
        let said = comment.text.trim_start_matches("allow").trim();
        let (code, reason) = said.split_once(':').unwrap_or((said, ""));
        if reason.trim().is_empty() {
            let message = "the comment allows something without a reason";
            let help = "write `# allow W0401: why this is right here`";
            told.push(Diagnostic::warning(codes::IDLE_ALLOW, comment.span, message).help(help));
            continue;
        }
        let below = heads.partition_point(|head: &Span| head.start < comment.span.end);
        let Some(covers) = heads.get(below).copied() else { continue };
        allows.push(Allow { comment: comment.span, code: code.trim().to_owned(), covers, used: false });
    }
    allows
}

fn collect(lines: &[Line], heads: &mut Vec<Span>) {
    for line in lines {
        let mut next = if let Line::Stmt(stmt) = line { Some(stmt) } else { None };
        while let Some(stmt) = next.take() {
            heads.push(head(stmt));
            collect_block(stmt.block.as_ref(), heads);
            match stmt.tail.as_deref() {
                Some(Tail::Else(block) | Tail::Otherwise(block)) => collect_block(Some(block), heads),
                Some(Tail::ElseIf(stmt)) => next = Some(stmt),
                Some(Tail::Until(_)) | None => {}
            }
        }
    }
}

fn collect_block(block: Option<&Block>, heads: &mut Vec<Span>) {
    if let Some(block) = block {
        collect(&block.lines, heads);
    }
}

/// A statement up to its block.
fn head(stmt: &Stmt) -> Span {
    let end = stmt.block.as_ref().map_or(stmt.span.end, |block| block.span.start);
    Span { end, ..stmt.span }
}
