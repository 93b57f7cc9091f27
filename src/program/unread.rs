//! What a line that could not be read would have bound: where that is used further down, nothing more is said.
//!
//! Where the line still shows the name, whole or in parts, that name is taken for bound. Where it shows none, one of the
//! names that nothing has is its own: one that is used only where such a name is seen, in the block of the `for` or behind
//! the line, and rather one that is near to no other. Which one that is only the end of the file tells. A keyword alone,
//! as one begins to write, binds nothing yet; but a `for` may have its block already.
//! Knows words and where they stand, and no value and no type.

use super::resolver::{NO_MODULE, Nameless, Resolver, Unknown};
use crate::syntax::tree::Signature;
use crate::syntax::{NAMING, is_reserved, is_word};
use crate::text::Span;

impl Nameless {
    fn sees(&self, used: Span) -> bool {
        let Span { source, start, end } = self.part;
        source == used.source && start <= used.start && used.end <= end
    }
}

impl Resolver<'_> {
    /// A line that could not be read, which is reported.
    pub(super) fn bad_line(&mut self, span: Span) {
        self.unread.push(span);
        if self.words(span).split_whitespace().next() == Some("use") {
            self.frame.uses.entry("use").or_insert(NO_MODULE);
        }
        self.bound_anyway(span);
        self.frame.taken.extend(self.words(span).lines().skip(1).flat_map(given));
    }

    /// Whether something there could not be read.
    pub(super) fn holds_unread(&self, span: Span) -> bool {
        let inside = |part: &Span| part.source == span.source && (span.start..span.end).contains(&part.start);
        self.unread.iter().any(inside)
    }

    /// The names that the line would have bound on which a span begins, from there on.
    pub(super) fn bound_anyway(&mut self, span: Span) {
        let line = self.rest_of_line(Span { end: span.start, ..span });
        let words = self.words(line);
        let names = given(words);
        if names.is_empty() {
            let nameless = self.nameless(line, words).filter(|one| !self.frame.nameless.contains(one));
            self.frame.nameless.extend(nameless);
        }
        self.frame.taken.extend(names);
    }

    /// The names of parameters that could not be read.
    pub(super) fn bound_by_parameters(&mut self, signature: &Signature) {
        for param in signature.params.iter().filter(|param| param.ty.is_none()) {
            let mut names = given(self.words(param.span));
            names.extend(in_pieces(self.words(param.span)));
            // What shows a name may have another.
            if names.is_empty() || param.name.text.is_empty() {
                self.frame.nameless.push(Nameless { part: self.behind_all(param.span), item: false });
            }
            self.frame.taken.extend(names);
        }
    }

    /// The names of a definition that stands where none can, which is reported, and of its parameters.
    pub(super) fn bound_by_definition(&mut self, head: Span) {
        let source = self.frame.unit.source;
        let from = source.text().get(source.line_at(head.start).start..).unwrap_or_default();
        self.frame.taken.extend(defined(from.trim_start()));
    }

    /// Whether a name is one that a line would have bound that could not be read.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.frame.taken.contains(name)
    }

    /// Whether a name that is an item no more may be that of a `for` around whose name cannot be told.
    pub(super) fn may_be_item(&self, used: Span) -> bool {
        self.frame.nameless.iter().any(|one| one.item && one.sees(used))
    }

    /// The word of an option that stands twice may be the name of a line whose name cannot be told: it is found then.
    pub(super) fn found_nameless(&mut self, word: &str, at: Span) {
        if let Some(line) = self.frame.nameless.iter().position(|line| line.sees(at)) {
            self.frame.nameless.remove(line);
            self.frame.taken.insert(word.to_owned());
        }
    }

    /// Takes back what is told of names, as far as each may be that of a line whose name cannot be told.
    pub(super) fn bind_nameless(&mut self, mut unknown: Vec<Unknown>) {
        let mut lines = std::mem::take(&mut self.frame.nameless);
        lines.sort_by_key(|line| (line.part.end - line.part.start, line.part.start));
        let mut taken_back = vec![];
        for line in lines {
            let seen = |one: &Unknown| line.sees(one.uses);
            let strange = unknown.iter().position(|one| seen(one) && !one.near);
            let Some(at) = strange.or_else(|| unknown.iter().position(seen)) else { continue };
            taken_back.push(unknown.remove(at).report);
        }
        taken_back.sort_unstable();
        taken_back.into_iter().rev().for_each(|report| drop(self.diagnostics.remove(report)));
    }

    /// What a line that shows no name would have bound, if it binds something.
    fn nameless(&self, line: Span, words: &str) -> Option<Nameless> {
        let mut rest = words.split_whitespace().filter(|word| *word != "{");
        let first = rest.next().unwrap_or_default();
        if first == "for" {
            return Some(Nameless { part: self.indented_below(line), item: true });
        }
        let says_more = NAMING.contains(&first) && rest.next().is_some();
        (says_more || first.starts_with([':', '=']))
            .then(|| Nameless { part: self.behind_all(line), item: false })
    }

    /// From a place to the end of the file.
    fn behind_all(&self, span: Span) -> Span {
        Span { end: u32::try_from(self.frame.unit.source.text().len()).unwrap_or(u32::MAX), ..span }
    }

    /// A line with those below it that are indented deeper: its block, however that is opened.
    pub(super) fn indented_below(&self, line: Span) -> Span {
        let text = self.frame.unit.source.text();
        let (before, behind) = text.split_at_checked(line.end as usize).unwrap_or_default();
        let own = indentation(before.rsplit('\n').next().unwrap_or_default());
        let deeper = |below: &&str| below.trim().is_empty() || indentation(below) > own;
        let mut lines = behind.split_inclusive('\n');
        let first = lines.next().map_or(0, str::len);
        let length = first + lines.take_while(deeper).map(str::len).sum::<usize>();
        Span { end: line.end.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)), ..line }
    }
}

/// How far a line is indented.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The words of a line that stand where a name is given: behind a word that begins such a statement, and before `:` and `=`.
fn given(line: &str) -> Vec<String> {
    let line = line.trim_start();
    let keyword = NAMING.iter().find(|word| line.starts_with(**word)).copied().unwrap_or_default();
    let behind = line.get(keyword.len()..).unwrap_or_default();
    let apart = !keyword.is_empty() && behind.starts_with(char::is_whitespace);
    let behind = behind.trim_start();
    let mut names = vec![];
    if apart {
        names.extend(in_pieces(behind));
    }
    let goes_on = behind.contains([':', '=']) || behind.contains(" in ");
    // The item of a loop that begins otherwise stands before `in`.
    let loops = !apart && behind.trim_end().ends_with('{');
    let item = [" in ", " of "].iter().find_map(|word| Some(behind.split_once(word).filter(|_| loops)?.0));
    names.extend(item.and_then(|before| before.split_whitespace().last()).map(str::to_owned));
    if apart || goes_on && !keyword.is_empty() {
        names.extend(named_first(behind));
    }
    // Several names where one stands, and what a line gives, named behind it.
    let several = behind.split_once(" in ").filter(|_| keyword == "for");
    let several = several.into_iter().flat_map(|(before, _)| before.trim_matches(['(', ')']).split(','));
    names.extend(several.map(|name| name.trim().to_owned()));
    let named_last = [" as ", "-> ", "=> "].iter().find_map(|word| line.trim_end().rsplit_once(word));
    names.extend(named_last.map(|(_, name)| name.to_owned()).filter(|name| name.chars().all(is_word)));
    // The item of a `for` and the `in` behind it may be joined.
    let item = names.last().filter(|_| keyword == "for").and_then(|name| name.strip_suffix("in"));
    let item = item.map(str::to_owned);
    names.extend(item);
    // Where a sign stands in the place of the name, there is none.
    let signs = match () {
        () if apart && behind.starts_with([':', '=']) => 0,
        () if apart => 1,
        () => usize::MAX,
    };
    let before = line.match_indices([':', '=']).take(signs).map(|(at, _)| before_sign(line, at));
    names.extend(before.map(str::to_owned));
    let mut dashed: Vec<String> = vec![];
    for name in &names {
        dashed.extend(name.split('-').map(str::to_owned));
        dashed.extend(name.contains('-').then(|| name.replace('-', "")));
        dashed.extend(name.contains('-').then(|| name.replace('-', "_")));
    }
    let is_name = |name: &str| {
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        begins && !NAMING.contains(&name) && !is_reserved(name)
    };
    dashed.retain(|name| is_name(name));
    dashed
}

/// The names of the definition with which a text begins, `keyword name(parameter: type, …)` or `keyword "name" {`: its own, and
/// those of its parameters.
fn defined(line: &str) -> Vec<String> {
    let behind = line.split_once(' ').map(|(_, rest)| rest.trim_start()).unwrap_or_default();
    let plain = behind.trim_start_matches(is_quote);
    let Some((name, rest)) = plain.split_once('(').filter(|(name, _)| !name.contains('\n')) else {
        return named_first(behind).into_iter().collect();
    };
    let own = if plain.len() < behind.len() { name.strip_suffix(is_quote) } else { Some(name) };
    let Some(own) = own.filter(|own| own.chars().all(is_word)) else { return vec![] };
    let params = rest.split_once(')').map_or_else(|| rest.lines().next(), |(params, _)| Some(params));
    let names = params.unwrap_or_default().split(',').map(str::trim_start).filter_map(named_first);
    names.chain([own.to_owned()]).filter(|name| !name.is_empty() && name.chars().all(is_word)).collect()
}

/// The word that a text begins with, or the name in quotes; a text that is no name is a title.
fn named_first(text: &str) -> Option<String> {
    let plain = text.trim_start_matches(is_quote);
    let end = plain.find(|c| !is_word_or_dash(c)).unwrap_or(plain.len());
    let is_title = plain.len() < text.len() && !plain.get(end..).unwrap_or_default().starts_with(is_quote);
    plain.get(..end).filter(|_| !is_title).map(str::to_owned)
}

/// A name in which blanks stand, as it is written without: what stands before the first sign, or before `in`.
fn in_pieces(text: &str) -> Vec<String> {
    let end = text.find([':', '=']).or_else(|| text.find(" in ")).unwrap_or_default();
    let pieces: Vec<&str> = text.get(..end).unwrap_or_default().split_whitespace().collect();
    let plain = pieces.iter().all(|piece| piece.chars().all(is_word_or_dash));
    if pieces.len() < 2 || !plain {
        return vec![];
    }
    vec![pieces.concat(), pieces.join("_")]
}

/// The word before a sign that gives a name; one with dashes reads as several.
fn before_sign(line: &str, at: usize) -> &str {
    let (before, after) = line.split_at_checked(at).unwrap_or_default();
    let compares =
        after.starts_with("==") || after.starts_with(":/") || before.ends_with(['=', '!', '<', '>']);
    let name = before.trim_end().trim_end_matches(is_quote).trim_end();
    let start = name.rfind(|c| !is_word_or_dash(c)).map_or(0, |at| at + 1);
    name.get(start..).filter(|_| !compares).unwrap_or_default()
}

fn is_word_or_dash(c: char) -> bool {
    is_word(c) || c == '-'
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{201c}' | '\u{201d}')
}
