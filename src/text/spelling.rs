//! Words that are nearly others.

/// Of `known`, the spelling nearest to `word`, if it is near enough to be meant. The same in capitals is near.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let far = |name: &str| {
        if word.eq_ignore_ascii_case(name) { 0 } else { strsim::damerau_levenshtein(word, name) }
    };
    let scored = known.into_iter().map(|name| (far(name), name));
    scored.filter(|(far, _)| *far <= limit).min_by_key(|(far, _)| *far).map(|(_, name)| name)
}
