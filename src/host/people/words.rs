//! Words that people type, and what follows them: choices, answers, notes.

use unicode_width::UnicodeWidthStr;

use super::lines::broken;
use crate::run::Then;

/// One of several things to choose from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) word: &'a str,
    /// What it means; empty where the word says it.
    meaning: &'static str,
}

impl<'a> Choice<'a> {
    /// One that says itself what it means.
    pub(super) fn of(word: &'a str) -> Self {
        Self { word, meaning: "" }
    }

    /// A way on after something went wrong.
    pub(super) fn explained(word: &'a str) -> Self {
        Self { word, meaning: meaning(word) }
    }

    /// Ways on of which some mean another thing beside the others, or for what follows once it is undone.
    pub(super) fn each(words: &[&'a str], then: Then) -> Vec<Self> {
        let nothing_failed = !words.contains(&"retry");
        let before = words.contains(&"run");
        let undoing = !words.contains(&"roll back") && !words.contains(&"give up");
        let meaning = |word| match word {
            "skip" if before => "leave this step out and go on",
            "roll back" if before => stopped(then),
            "roll back" => undone(then),
            "reject" => rejected(then),
            "leave" if before => "stop: keep what was done; it can be resumed",
            "go on" if before => meaning(word),
            "go on" if nothing_failed && undoing => "go on with the undoing",
            "go on" if nothing_failed => "go on with the run after all",
            word => meaning(word),
        };
        words.iter().map(|word| Self { word, meaning: meaning(word) }).collect()
    }

    /// `  1) retry    run it again`.
    pub(super) fn line(&self, number: usize, widest: usize, width: usize) -> String {
        let pad = " ".repeat(widest.saturating_sub(self.word.width()));
        let head = format!("  {number}) {}{pad}  ", self.word);
        let hang = " ".repeat(head.width());
        let meaning = broken(self.meaning, (width + 2).saturating_sub(head.width()));
        let lines: Vec<&str> = meaning.lines().map(str::trim_start).collect();
        (head + &lines.join(&format!("\n{hang}"))).trim_end().to_owned() + "\n"
    }
}

fn meaning(word: &str) -> &'static str {
    match word {
        "retry" => "try it again",
        "run" => "do it, as shown",
        "by hand" => "it is done: I did it myself",
        "go on" => "go on without it, as it is now",
        "leave" => "stop here, touch nothing; it can be resumed",
        "give up" => "end here; what is done stays",
        "test again" => "look again at what did not pass",
        "waive" => "go on as if it had passed, for a reason and for so long",
        "reject" => rejected(Then::Ends),
        "done" => "it has happened: I looked",
        "again" => "do it again",
        "skip" => "leave it as it is and go on",
        _ => "",
    }
}

/// What rolling back means.
fn undone(then: Then) -> &'static str {
    match then {
        Then::Ends => "undo, newest first, and end",
        Then::Otherwise => "undo this attempt, newest first; then its `otherwise` runs",
        Then::Holds => "undo this attempt, newest first; then you are asked how the run goes on",
    }
}

/// The same before a step: nothing has failed.
fn stopped(then: Then) -> &'static str {
    match then {
        Then::Ends => "stop: undo what was done, newest first, and end",
        Then::Otherwise | Then::Holds => undone(then),
    }
}

/// What a no means.
fn rejected(then: Then) -> &'static str {
    match then {
        Then::Ends => "it is a no, and the run does not go on",
        Then::Otherwise => "it is a no: this attempt is undone, then its `otherwise` runs",
        Then::Holds => "it is a no: this attempt is undone, then you are asked how the run goes on",
    }
}

/// The first word of a line, and the rest of it: the note.
pub(super) fn split(line: &str) -> (String, &str) {
    let (word, note) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    (word.trim_end_matches(SEPARATORS).to_lowercase(), note.trim())
}

const SEPARATORS: [char; 3] = [',', ';', ':'];

/// What follows the word on a line that begins with it; `None` for one that does not.
pub(super) fn noted<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let line = line.trim();
    let (begin, rest) = line.split_at_checked(word.len())?;
    let ends = rest.is_empty() || rest.starts_with(SEPARATORS) || rest.starts_with(char::is_whitespace);
    let same = begin == word || begin.to_lowercase() == word.to_lowercase();
    (same && ends).then(|| rest.trim_start_matches(SEPARATORS).trim())
}

/// The choice that a line names by its number or its words, and the note behind it. The longest words win.
pub(super) fn chosen<'a, 'l>(choices: &[Choice<'a>], line: &'l str) -> Option<(&'a str, &'l str)> {
    let named = choices.iter().filter_map(|choice| Some((choice.word, noted(line, choice.word)?)));
    let (word, note) = split(line);
    let number: Option<usize> = word.trim_end_matches([')', '.']).parse().ok();
    let numbered = number.and_then(|number| choices.get(number.checked_sub(1)?));
    named.max_by_key(|(word, _)| word.len()).or_else(|| Some((numbered?.word, note)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_the_note_begins() {
        assert_eq!(noted(" pass, looks fine ", "pass"), Some("looks fine"));
        assert_eq!(noted("Not done: no access", "not done"), Some("no access"));
        assert_eq!(noted("passed", "pass"), None);
        assert_eq!(noted("é", "pass"), None);
        assert_eq!(split("yes, seen by bo"), ("yes".into(), "seen by bo"));
    }

    #[test]
    fn going_on_means_what_was_stopped() {
        let go_on = |words: &[&str]| {
            let choices: Vec<&str> = words.to_vec();
            Choice::each(&choices, Then::Ends).iter().find(|choice| choice.word == "go on").unwrap().meaning
        };
        assert_eq!(go_on(&["go on", "leave"]), "go on with the undoing");
        assert_eq!(go_on(&["go on", "roll back", "leave"]), "go on with the run after all");
        assert_eq!(go_on(&["retry", "go on", "roll back", "leave"]), "go on without it, as it is now");
    }

    #[test]
    fn a_choice_is_named_by_number_or_words() {
        let choices = [Choice::of("go"), Choice::of("go on"), Choice::of("10 nodes")];
        assert_eq!(chosen(&choices, "2 because"), Some(("go on", "because")));
        assert_eq!(chosen(&choices, "2) because"), Some(("go on", "because")));
        assert_eq!(chosen(&choices, "go on; it is safe"), Some(("go on", "it is safe")));
        assert_eq!(chosen(&choices, "go there"), Some(("go", "there")));
        assert_eq!(chosen(&choices, "10 nodes"), Some(("10 nodes", "")));
        for none in ["", "0", "4", "gone"] {
            assert_eq!(chosen(&choices, none), None, "{none}");
        }
    }
}
