//! Regular expressions: whether one is sound, and the one that a text says.

/// A pattern of at most so many bytes without a counted repetition (`{9}`) stays far below the size that a compiled
/// one may have: reading it tells all that compiling would, in a fraction of the time and memory.
const SHORT: usize = 256;

/// Whether a regular expression compiles.
///
/// # Errors
/// Says what is wrong with it, in one line.
pub fn check_regex(pattern: &str) -> Result<(), String> {
    if pattern.len() <= SHORT && !pattern.contains('{') && regex_syntax::parse(pattern).is_ok() {
        return Ok(());
    }
    regex::Regex::new(pattern).map(|_| ()).map_err(|why| {
        let why = why.to_string();
        why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

/// The regular expression that a text says.
pub(super) fn pattern(pattern: &str) -> Result<regex::Regex, String> {
    regex::Regex::new(pattern).map_err(|_| format!("`/{pattern}/` is not a regular expression"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is large when compiled, for its length: classes of all of Unicode, folded cases, alternatives.
    #[test]
    fn the_largest_short_pattern_compiles() {
        for part in [r"\w", r"\W", r"\pL", r"(?i)\w", "[^a]", ".", r"\b\w", r"(\w|\d)?", r"\w*?"] {
            let pattern = part.repeat(SHORT / part.len());
            assert_eq!(check_regex(&pattern), Ok(()));
            regex::Regex::new(&pattern).unwrap();
        }
    }

    proptest! {
        #[test]
        fn reading_tells_what_compiling_does(pattern in r"([a-c.^$|?*+()\[\]\\wdbpLN{}0-9,:<>iP=!-]){0,24}") {
            prop_assert_eq!(check_regex(&pattern).is_ok(), regex::Regex::new(&pattern).is_ok());
        }
    }
}
