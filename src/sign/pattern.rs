//! Lists of patterns as OpenSSH has them: `*` and `?`, a `!` that takes back, commas between.

/// Whether a text is meant by a list: one of its patterns fits, and none that begins with `!`.
#[must_use]
pub fn is_in_list(text: &str, list: &str) -> bool {
    let mut found = false;
    for pattern in list.split(',').map(str::trim) {
        match pattern.strip_prefix('!') {
            Some(not) if fits(text, not) => return false,
            Some(_) => {}
            None => found |= fits(text, pattern),
        }
    }
    found
}

/// Whether a whole text fits a pattern; in time that grows with the product of their lengths.
fn fits(text: &str, pattern: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    // Where in the pattern one may stand after what was read so far.
    let mut at = vec![false; pattern.len() + 1];
    if let Some(first) = at.first_mut() {
        *first = true;
    }
    skip_stars(&pattern, &mut at);
    for c in text.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (place, here) in pattern.iter().enumerate() {
            if !at.get(place).copied().unwrap_or_default() {
                continue;
            }
            let to = match here {
                '*' => place,
                '?' => place + 1,
                other if *other == c => place + 1,
                _ => continue,
            };
            next.get_mut(to).into_iter().for_each(|reached| *reached = true);
        }
        skip_stars(&pattern, &mut next);
        at = next;
    }
    at.last().copied().unwrap_or_default()
}

/// A star may stand for nothing.
fn skip_stars(pattern: &[char], at: &mut [bool]) {
    for (place, here) in pattern.iter().enumerate() {
        if *here == '*' && at.get(place).copied().unwrap_or_default() {
            at.get_mut(place + 1).into_iter().for_each(|reached| *reached = true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_what_they_do_in_openssh() {
        for (text, list, meant) in [
            ("ana", "ana", true),
            ("ana", "bo,ana", true),
            ("ana", "an", false),
            ("ana", "a?a", true),
            ("ana@example.org", "*@example.org", true),
            ("ana@example.org.evil", "*@example.org", false),
            ("", "*", true),
            ("ana", "**a*", true),
            ("ana@example.org", "*@example.org,!ana@*", false),
            ("ana", "!bo", false),
            ("ana", "", false),
        ] {
            assert_eq!(is_in_list(text, list), meant, "{text} {list}");
        }
    }

    #[test]
    fn a_pattern_of_stars_takes_no_time() {
        assert!(!is_in_list(&"a".repeat(2000), &format!("{}b", "*a".repeat(500))));
    }
}
