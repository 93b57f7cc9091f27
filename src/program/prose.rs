//! Prose: text for people, which is taken as it stands.

use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::Prose;
use crate::text::Span;

impl Resolver<'_> {
    /// Adds prose to that of its block, in the order written. No value is put into it: who writes a name in braces
    /// there is told that people will read just that.
    pub(super) fn prose(&mut self, of_block: &mut Option<String>, prose: &Prose) {
        let text = &prose.text;
        *of_block =
            Some(of_block.take().map_or_else(|| text.clone(), |before| format!("{before}\n\n{text}")));
        let words = self.words(prose.span);
        let meant: Vec<_> = braced(words).filter(|(_, name)| self.frame.scope.get(name).is_some()).collect();
        for (at, name) in meant {
            let (at, length) = (u32::try_from(at).unwrap_or(0), u32::try_from(name.len()).unwrap_or(0));
            let start = prose.span.start.saturating_add(at);
            let span = Span { start, end: start.saturating_add(length).saturating_add(2), ..prose.span };
            let report = Diagnostic::warning(
                codes::VALUE_IN_PROSE,
                span,
                format!("people will read `{{{name}}}` here: no value is put into prose"),
            );
            self.report(report.help(
                "say it in words, and put the value into the title of what this belongs to, or into a `log`",
            ));
        }
    }
}

/// The names that stand in braces of their own, and where.
fn braced(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices('{').filter_map(move |(at, _)| {
        let (before, behind) = text.split_at_checked(at)?;
        let (name, after) = behind.strip_prefix('{')?.split_once('}')?;
        let alone = !before.ends_with(['{', '$']) && !after.starts_with('}');
        (alone && !name.is_empty() && name.chars().all(is_part)).then_some((at, name))
    })
}
