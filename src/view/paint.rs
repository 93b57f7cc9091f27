//! Colour, where there is any: a few marks, so that a screen reads the same without.

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// A title.
    Strong,
    /// Beside the point.
    Faint,
    /// Well.
    Good,
    /// Wrong, or for good.
    Bad,
    /// To be looked at.
    Alert,
}

/// A piece of text in its ink; as it is where there is no colour.
pub(crate) fn paint(colour: bool, ink: Ink, text: &str) -> String {
    if !colour || text.is_empty() {
        return text.to_owned();
    }
    let code = match ink {
        Ink::Strong => "1",
        Ink::Faint => "2",
        Ink::Good => "32",
        Ink::Bad => "31",
        Ink::Alert => "33",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
