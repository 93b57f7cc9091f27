//! Backticks around a text that has backticks itself.

/// The longest run of backticks in a text.
#[must_use]
pub fn backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A fence that nothing in a text closes: at least three backticks.
#[must_use]
pub fn fence_for(text: &str) -> String {
    "`".repeat(backticks(text).max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::{backticks, fence_for};

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!((backticks(""), backticks("a `` b ` c"), backticks("```")), (0, 2, 3));
        assert_eq!((fence_for("a ` b").as_str(), fence_for("````\n```").as_str()), ("```", "`````"));
    }
}
