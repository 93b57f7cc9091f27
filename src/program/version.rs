//! Versions as people write them who know others.

use semver::Version;

/// The version that somebody means who writes it in quotes, with a `v`, or with two numbers.
pub(super) fn meant(words: &str) -> Option<String> {
    let digits = words.trim().trim_matches(['"', '\'']).trim_start_matches(['v', 'V']);
    let missing = 2_usize.checked_sub(digits.matches('.').count())?;
    let whole = format!("{digits}{}", ".0".repeat(missing));
    Version::parse(&whole).is_ok().then_some(whole)
}
