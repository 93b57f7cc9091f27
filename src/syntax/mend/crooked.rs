//! Brackets and quotes that do not agree inside of one line: the edit, or the few, after which it can be read.
//!
//! Edits are tried in the order in which a hand slips, and the first that leaves a line that reads is what was meant.
//! Knows signs, and no statement kind.

use super::super::habit;
use super::super::walk::{Brackets, closing};
use super::lines::Line;
use super::slips::{Flaw, Straightening, braced, end, is_sign, quoted, slips};

/// A longer line is not tried.
const LONGEST: usize = 1000;
/// What nests deeper than this is not tried.
const DEEPEST: usize = 32;
/// A line is not balanced by more edits.
const MOST: usize = 4;

/// A line that may be crooked, and what stands around it.
pub(super) struct Place<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) next: Option<&'a Line<'a>>,
    /// How far the head of the block around the innermost is indented.
    pub(super) outer: Option<usize>,
    /// The bracket, over several lines, in which it stands.
    pub(super) bracket: Option<char>,
}

/// A line as it was meant, and the edits that lead there, the last in it first.
pub(super) struct Straight {
    pub(super) code: String,
    pub(super) edits: Vec<Straightening>,
}

impl Straight {
    /// Whether it is sure what was meant, so that what else is found in the line has other causes.
    pub(super) fn is_sure(&self) -> bool {
        // With a blank between, one of two may stand for a word.
        let sure = |edit: &Straightening| {
            edit.flaw == Flaw::Doubled && edit.length == 1 || edit.flaw == Flaw::Quoted
        };
        // Nor where a value is missing beside it.
        let bare = ["()", ", )", "[, ", "(, "].iter().any(|signs| self.code.contains(signs));
        self.edits.len() == 1 && !bare && self.edits.iter().all(sure)
    }
}

impl Place<'_> {
    /// Whether something in the line cannot agree with the lines around it.
    pub(super) fn is_crooked(&self) -> bool {
        let (code, brackets) = (&*self.line.code, &self.line.brackets);
        let script = code.contains("```");
        let other = code.len() == 1 || self.line.odd_opening(self.next).is_some();
        if other || self.line.continued || self.line.goes_on && !script || code.len() > LONGEST {
            return false;
        }
        let nested = code.matches(['(', '[', '{']).count();
        let inside = self.bracket.is_some();
        nested <= DEEPEST
            && (brackets.crossed > 0
                || brackets.text.is_some()
                || brackets.glued.is_some()
                || braced(code).is_some()
                || quoted(code).next().is_some_and(|(at, _)| at == 0 || at + 3 == code.len())
                || !inside && (self.closes_more(brackets) || code.starts_with([')', ']']))
                || !inside && brackets.stray.iter().any(|at| !is_leading(code, self.within(*at)))
                || self.opens_inside(brackets))
    }

    /// Whether signs of the line do not agree with those around, however it reads by itself.
    fn disagrees(&self, deeper: bool) -> bool {
        let (code, brackets) = (&*self.line.code, &self.line.brackets);
        let inside = |at: &usize| {
            let at = self.within(*at);
            !is_leading(code, at) && code.get(at..).is_some_and(|rest| rest.starts_with([')', ']']))
        };
        brackets.glued.is_some()
            || code.ends_with(" {{") && deeper
            || brackets.stray.iter().any(inside)
            || brackets.crossed > 0 && !brackets.stray.is_empty()
    }

    /// Whether the line closes two blocks, and what follows stands in the outer one.
    fn closes_more(&self, brackets: &Brackets) -> bool {
        let goes_on =
            |(next, outer): (&Line<'_>, usize)| next.indent > outer || next.indent == outer && next.closes();
        brackets.stray.len() == 2
            && brackets.open.is_empty()
            && self.line.code.starts_with('}')
            && self.next.zip(self.outer).is_some_and(goes_on)
    }

    /// Where something stands in the line.
    fn within(&self, at: usize) -> usize {
        at.saturating_sub(self.line.start)
    }

    /// Whether a bracket is open at the end of the line that cannot go on in the next.
    fn opens_inside(&self, brackets: &Brackets) -> bool {
        let code = &*self.line.code;
        let deeper = self.next.is_some_and(|next| next.indent > self.line.indent);
        if ends_with_two(code) || code.ends_with(" {{") && deeper {
            return true;
        }
        let inner = brackets.open.iter().rev().find(|open| !is_trailing(code, self.within(open.at)));
        // What a program is given goes on in no other line.
        let goes_on = |code: &str| code.ends_with([',', '(', '[', '{', ':', '=']) && !habit::is_program(code);
        // What closes a block around the line stands further to the left.
        let next = self.next.filter(|next| next.indent >= self.line.indent && !habit::is_program(code));
        let closes = |sign| next.is_some_and(|next| next.code.starts_with(closing(sign)));
        match (inner, code.strip_suffix(" {").map(str::trim_end)) {
            // What opens at the end of the line, and the next neither stands in it nor closes it.
            (None, _) => {
                brackets.open.last().is_some_and(|open| open.sign != '{' && !deeper && !closes(open.sign))
            }
            (Some(_), Some(head)) => !goes_on(head),
            (Some(open), None) => {
                !(goes_on(code) && (deeper || !code.ends_with(['(', '[', '{']))) && !closes(open.sign)
            }
        }
    }

    /// The line after the first edit with which it agrees with how the next is indented, and can be read. Where there is
    /// none, what at least lets the lines around be read: without what it closes and opens and should not.
    pub(super) fn straightened(&self, reads: &dyn Fn(&str) -> bool) -> Option<Straight> {
        let code = &*self.line.code;
        let deeper = self.next.is_some_and(|next| next.indent > self.line.indent);
        if self.bracket.is_none() && !self.disagrees(deeper) && reads(code) {
            return None;
        }
        let straight = |edit: Straightening| {
            let glued = |code: &str| Brackets::of(code).glued.is_some();
            let code = edit
                .of(code)
                .filter(|code| agrees(code, deeper) && !glued(code) && reads(&self.whole(code)))?;
            Some(Straight { code, edits: vec![edit] })
        };
        let first = code.find(is_sign).filter(|at| *at < end(code));
        let tangled = first.map(|at| Straightening::new(Flaw::Tangled, at, end(code) - at, "\"\""));
        slips(code)
            .find_map(straight)
            .or_else(|| self.balanced(deeper))
            .or_else(|| tangled.and_then(straight))
            .or_else(|| self.unread(deeper))
    }

    /// Nothing of the line but the block that it opens, if any, behind the word that it begins with: the last resort.
    fn unread(&self, deeper: bool) -> Option<Straight> {
        let code = &*self.line.code;
        let closes =
            if code.starts_with('}') { code.len() - code.trim_start_matches(['}', ' ']).len() } else { 0 };
        // Where nothing says that a block begins, the next line stands where it should not.
        if deeper && !code.ends_with('{') {
            return None;
        }
        let word = habit::first_word(code.get(closes..)?);
        let (at, with) = match (deeper, word) {
            (false, _) => (closes, ""),
            (true, "") => (closes, "x {"),
            (true, word) => (closes + word.len(), " {"),
        };
        let flaw = if code.starts_with([')', ']']) { Flaw::Unread } else { Flaw::Tangled };
        let edit = Straightening::new(flaw, at, code.len() - at, with);
        let code = edit.of(code).filter(|code| agrees(code, deeper))?;
        Some(Straight { code, edits: vec![edit] })
    }

    fn balanced(&self, deeper: bool) -> Option<Straight> {
        let mut code = self.line.code.clone().into_owned();
        let (last, mut edits) = (end(&code), vec![]);
        while !agrees(&code, deeper) {
            let brackets = Brackets::of(&code);
            let end = end(&code);
            let spare = brackets.stray.iter().rev().find(|at| !is_leading(&code, **at));
            let open = brackets.open.iter().rev().find(|open| !is_trailing(&code, open.at));
            let edit = match (brackets.text, spare, open) {
                (Some(_), _, _) => Straightening::new(Flaw::Unclosed, end, 0, "\""),
                (None, Some(at), _) => Straightening::new(Flaw::Spare, *at, 1, ""),
                (None, None, Some(open)) => Straightening::new(Flaw::Unclosed, end, 0, closing(open.sign)),
                (None, None, None) => return None,
            };
            if edits.len() == MOST {
                return None;
            }
            code = edit.of(&code)?;
            // What is added stands where the line ended before, and what is taken out before that.
            let at = edit.at.min(last);
            edits.push(Straightening { at, ..edit });
        }
        Some(Straight { code, edits }).filter(|straight| !straight.edits.is_empty())
    }

    /// The line as a statement of its own.
    fn whole(&self, code: &str) -> String {
        let before = match self.bracket {
            Some('(') => "x f(\n",
            Some('[') => "x [\n",
            Some(_) => "let x = {\n a: 1,\n",
            None if code.starts_with('}') => "x {\n",
            None => "",
        };
        let opened = Brackets::of(code).open;
        let mut whole = [before, code].concat();
        if code.contains("```") {
            whole.push_str("\n```");
        }
        let around = self.bracket.map(closing);
        let closers = opened.iter().rev().map(|open| closing(open.sign)).chain(around);
        closers.for_each(|sign| whole.extend(["\n", sign]));
        whole
    }
}

/// Whether all that a line closes stands at its beginning, and all that it opens at its end: something where the next
/// line is indented further, and nothing where not.
fn agrees(code: &str, deeper: bool) -> bool {
    let brackets = Brackets::of(code);
    brackets.crossed == 0
        && brackets.text.is_none()
        && brackets.open.is_empty() != deeper
        && brackets.open.iter().all(|open| is_trailing(code, open.at))
        && brackets.stray.iter().all(|at| is_leading(code, *at))
        && !ends_with_two(code)
}

/// Whether two brackets end a line of which the second cannot be a map.
fn ends_with_two(code: &str) -> bool {
    code.ends_with("{ {")
        || code.ends_with("{{") && !habit::is_program(code)
        || code.strip_suffix(" {").is_some_and(habit::ends_with_bracket)
}

fn is_trailing(code: &str, at: usize) -> bool {
    code.get(at..).is_some_and(|rest| rest.trim_start_matches(['{', '(', '[', ' ']).is_empty())
}

fn is_leading(code: &str, at: usize) -> bool {
    code.get(..at).is_some_and(|before| before.trim_end_matches(['}', ')', ']', ' ']).is_empty())
}
