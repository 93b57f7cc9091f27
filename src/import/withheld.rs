//! Words that keep what stands below them from being run: it is forbidden, for a case, one of several ways, an example, an
//! answer, or not for bowline to do.

use super::words::{among, has};

/// Headings of what is done only when the rest has failed.
pub(super) fn is_undo(title: &str) -> bool {
    const WORDS: [&str; 12] = [
        "rollback",
        "roll back",
        "rolling back",
        "roll-back",
        "revert",
        "reverting",
        "undo",
        "back out",
        "backout",
        "back-out",
        "fail back",
        "failback",
    ];
    let lower = title.to_lowercase();
    WORDS.iter().any(|word| has(&lower, word))
}

/// What stands behind the label of a text that only tells or warns, such as `NOTE:`.
pub(super) fn behind_label(text: &str) -> Option<&str> {
    const LABELS: [&str; 10] =
        ["note", "notes", "info", "tip", "hint", "important", "attention", "warning", "caution", "danger"];
    let (label, rest) = text.split_once(':')?;
    let label = label.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    LABELS.contains(&label.as_str()).then(|| rest.trim_start_matches(['*', '_', ' ']))
}

/// Whether a text opens a note or a warning in which other blocks stand: `!!! danger`, `::: warning`.
pub(super) fn opens_note(text: &str) -> bool {
    ["!!!", "???", ":::"].iter().any(|sign| {
        text.strip_prefix(sign).is_some_and(|rest| {
            rest.trim_start_matches([':', '+']).trim_start().starts_with(char::is_alphabetic)
        })
    })
}

/// Whether a part of a sentence says that what follows is not for every time.
fn is_case(clause: &str) -> bool {
    const BEGINS: [&str; 9] = [
        "if ",
        "unless ",
        "only if ",
        "in case ",
        "in the case ",
        "should ",
        "on failure",
        "on error",
        "optional",
    ];
    const ENDS: [&str; 5] = ["if needed", "if necessary", "if required", "if applicable", "as needed"];
    let clause = clause.trim_end_matches([':', ',', ' ']);
    BEGINS.iter().any(|word| clause.starts_with(word)) || ENDS.iter().any(|words| clause.ends_with(words))
}

/// Whether the last sentence of a text has a condition: `Restart it if it hangs`, and not `Check if it runs`.
fn is_conditional(said: &str) -> bool {
    const ASKING: &str = "check checks see verify determine test confirm ask know find ensure tell look identify decide discover review as";
    let words: Vec<&str> = said.trim_end_matches([':', '.', ' ', '\n']).split_whitespace().collect();
    let last = words.rsplit(|word| word.ends_with(['.', ';', '!', '?'])).next().unwrap_or_default();
    let asks = |before: &[&str]| {
        let clause = before.rsplit(|word| matches!(*word, "and" | "then") || word.ends_with(',')).next();
        clause.unwrap_or_default().iter().any(|word| among(ASKING, word))
    };
    last.iter().enumerate().any(|(at, word)| match (*word, last.get(at + 1)) {
        ("if", _) => at > 0 && !last.get(..at).is_some_and(asks),
        ("unless", _) => at > 0,
        ("in", Some(&"case")) | ("only", Some(&"when")) => true,
        _ => false,
    })
}

/// Why something is kept from being run, and the words that say so.
struct Reason {
    why: &'static str,
    /// At the beginning of a text.
    begins: &'static [&'static str],
    /// Anywhere in it.
    holds: &'static [&'static str],
    /// At its end.
    ends: &'static [&'static str],
}

/// The reason of what stands before an answer, not before a command.
pub(super) const ANSWER: &str = "it may be what a command answers";

/// What forbids is the first of them.
const REASONS: &[Reason] = &[
    Reason {
        why: "the text says not to",
        begins: &["do not", "don't", "never", "avoid", "must not"],
        holds: &["not to do", "do not run", "don't run", "never run", "never do", "(bad)"],
        ends: &[],
    },
    Reason {
        why: "the text says that it does not hold",
        begins: &[
            "wrong",
            "instead of",
            "skip this",
            "(skip",
            "todo",
            "tbd",
            "previously",
            "deprecated",
            "obsolete",
            "outdated",
        ],
        holds: &[
            "old way",
            "wrong way",
            "not needed",
            "no longer needed",
            "no longer used",
            "not any more",
            "not anymore",
            "(deprecated",
            "(obsolete",
            "(outdated",
            "failed last time",
        ],
        ends: &["instead of"],
    },
    Reason {
        why: "it is an example",
        begins: &["example", "examples", "for example", "for instance", "e.g"],
        holds: &["an example"],
        ends: &["for example", "for instance", "e.g"],
    },
    Reason {
        why: "it is one of several ways",
        begins: &[
            "or",
            "either",
            "else",
            "alternative",
            "alternatives",
            "alternatively",
            "option a",
            "option b",
            "option c",
            "option 1",
            "option 2",
            "option 3",
            "otherwise",
        ],
        holds: &["another way", "one of the following", "one of these"],
        ends: &[],
    },
    Reason {
        why: "it is for a case",
        begins: &[
            "troubleshooting",
            "troubleshoot",
            "known issues",
            "known problems",
            "common issues",
            "common problems",
            "emergency",
            "in an emergency",
            "you can also",
            "you can try",
            "you could",
            "you might",
            "you may",
            "consider",
            "optionally",
            "try",
        ],
        holds: &["last resort", "workaround"],
        ends: &[],
    },
    Reason {
        why: "it stands where things are looked up",
        begins: &[
            "faq",
            "frequently asked",
            "appendix",
            "cheat sheet",
            "cheatsheet",
            "useful commands",
            "handy commands",
        ],
        holds: &[],
        ends: &[],
    },
    Reason {
        why: "it tells what something else does",
        begins: &[],
        holds: &[],
        ends: &["does", "contains", "executes", "it runs", "which runs"],
    },
    Reason {
        why: "it wants a person at its terminal",
        begins: &["manually", "by hand"],
        holds: &[
            "when asked",
            "when prompted",
            "when it asks",
            "be asked",
            "be prompted",
            "interactively",
            "press y",
            "press enter",
            "type yes",
            "answer yes",
            "answer with",
        ],
        ends: &[],
    },
    Reason {
        why: ANSWER,
        begins: &[],
        holds: &[
            "you should see",
            "you will see",
            "output should",
            "output looks",
            "expected output",
            "looks like this",
        ],
        ends: &[],
    },
];

impl Reason {
    /// Whether a text in lower case gives it.
    fn is_given(&self, said: &str) -> bool {
        let begins = |words: &&&str| {
            said.strip_prefix(**words).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let end = said.trim_end_matches([':', '.', ',', ' ']);
        let ends = |words: &&&str| {
            end.strip_suffix(**words).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        };
        self.begins.iter().any(|words| begins(&words))
            || self.holds.iter().any(|words| said.contains(words))
            || self.ends.iter().any(|words| ends(&words))
    }
}

/// Why the words before a command keep it from being run.
pub(super) fn withheld(said: &str) -> Option<&'static str> {
    if is_struck(said) {
        return Some("it is struck out");
    }
    let plain: String = said.split('`').step_by(2).collect();
    if opens_note(plain.trim()) {
        return Some("it stands in a note or a warning");
    }
    let said = plain.to_lowercase().replace('’', "'");
    let said = behind_label(&said).unwrap_or(&said);
    let said = said.trim_start_matches(|c: char| !c.is_alphabetic() && c != '(').trim();
    let reason = |reason: &&Reason| reason.is_given(said);
    // What forbids is asked first: it holds in every case.
    if let Some(first) = REASONS.first().filter(reason) {
        return Some(first.why);
    }
    let mut clauses = said.split(['.', ';', ':', ',', '\n', '(', ')', '–', '—']);
    if clauses.any(|clause| is_case(clause.trim())) || is_conditional(said) {
        return Some("it is for a case");
    }
    if said.starts_with("to ") && is_undo(said) {
        return Some("it goes back");
    }
    REASONS.iter().find(reason).map(|reason| reason.why)
}

/// Whether a whole text is struck out.
pub(super) fn is_struck(text: &str) -> bool {
    let text = text.trim().trim_end_matches([':', '.', ' ']);
    let inside = text.strip_prefix("~~").and_then(|text| text.strip_suffix("~~"));
    inside.is_some_and(|inside| !inside.contains("~~"))
}
