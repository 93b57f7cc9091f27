//! Characters of a text that are not seen, or turn the letters around them.

/// Whether a screen would show a text otherwise than it is written for this character's sake: it is not seen, or
/// reorders what is. Control characters are another matter: terminals obey them. Joiners (U+200C, U+200D) are letters' own:
/// Persian and emoji are written with them.
#[must_use]
pub fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}
