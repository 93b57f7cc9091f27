//! Options that have another name now: a command line in the names that are in use.

use std::ffi::OsString;

use crate::diag::retired::{Of, RETIRED, Retired};

/// The words with every old option by its new name, and what is to be said of each.
pub(super) fn in_use(words: impl Iterator<Item = OsString>) -> (Vec<OsString>, Vec<String>) {
    let mut words: Vec<OsString> = words.collect();
    let mut told = vec![];
    let is_command = |word: &&OsString| !word.to_string_lossy().starts_with('-');
    let Some(command) = words.iter().skip(1).find(is_command).cloned() else { return (words, told) };
    for word in words.iter_mut().skip(1).take_while(|word| *word != "--") {
        let Some((old, rest)) = written(&command.to_string_lossy(), word) else { continue };
        told.push(format!("{}; write `--{}`", old.sentence(), old.by));
        *word = OsString::from(format!("--{}{rest}", old.by));
    }
    (words, told)
}

/// The old option of a command that a word is, and what stands behind its name.
fn written<'w>(command: &str, word: &'w OsString) -> Option<(&'static Retired, &'w str)> {
    let text = word.to_str()?.strip_prefix("--")?;
    let (name, rest) = text.split_at(text.find('=').unwrap_or(text.len()));
    let old = |one: &&Retired| matches!(one.of, Of::Argument(of) if of == command) && one.word == name;
    Some((RETIRED.iter().find(old)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (String, usize) {
        let (words, told) = in_use(line.split(' ').map(OsString::from));
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        (words.join(" "), told.len())
    }

    #[test]
    fn an_old_option_is_read_as_the_new_one_and_told() {
        assert_eq!(read("bowline check a --output json"), ("bowline check a --format json".to_owned(), 1));
        assert_eq!(read("bowline check --output=json"), ("bowline check --format=json".to_owned(), 1));
        assert_eq!(read("bowline"), ("bowline".to_owned(), 0));
        for other in ["bowline plan --output json", "bowline check -- --output", "bowline check output --out"]
        {
            assert_eq!(read(other), (other.to_owned(), 0), "of another command, a file, or another option");
        }
        let (_, told) = in_use(["bowline", "check", "--output"].map(OsString::from).into_iter());
        assert_eq!(
            told,
            ["`output` is deprecated since bowline 0.1.0, and 1.0.0 no longer has it; write `--format`"]
        );
    }
}
