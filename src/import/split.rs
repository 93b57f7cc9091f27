//! A command split into its words, as a shell would do it; what only a shell understands is not split.

/// One character of a command, and whether quotes or a backslash made it mean itself.
pub(super) type Sign = (char, bool);

/// A command that needs no shell: assignments before it, words, and the comment behind it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) words: Vec<Vec<Sign>>,
    pub(super) comment: Option<String>,
}

/// Splits a line as a shell would; none where only a shell understands it. `literal` where nothing outside of quotes means
/// anything but itself.
pub(super) fn simple(line: &str, literal: bool) -> Option<Simple> {
    let mut found = Simple::default();
    let mut signs = line.trim().chars().peekable();
    let mut word: Option<Vec<Sign>> = None;
    while let Some(c) = signs.next() {
        match c {
            ' ' | '\t' => found.words.extend(word.take()),
            '#' if word.is_none() => {
                found.comment = Some(signs.by_ref().collect::<String>().trim().to_owned());
            }
            '\\' if signs.peek() == Some(&'\n') => _ = signs.next(),
            '\\' => word.get_or_insert_default().push((signs.next()?, true)),
            '\'' => single(&mut signs, word.get_or_insert_default())?,
            '"' => double(&mut signs, word.get_or_insert_default())?,
            '~' if word.is_none() && !literal => return None,
            c if is_special(c) && !literal => return None,
            c => word.get_or_insert_default().push((c, false)),
        }
    }
    found.words.extend(word);
    (literal || !found.words.iter().any(|word| expands(word))).then_some(found)
}

type Signs<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn single(signs: &mut Signs<'_>, word: &mut Vec<Sign>) -> Option<()> {
    loop {
        match signs.next()? {
            '\'' => return Some(()),
            c => word.push((c, true)),
        }
    }
}

fn double(signs: &mut Signs<'_>, word: &mut Vec<Sign>) -> Option<()> {
    loop {
        match signs.next()? {
            '"' => return Some(()),
            '$' | '`' | '!' => return None,
            '\\' => match signs.next()? {
                c @ ('"' | '\\' | '$' | '`') => word.push((c, true)),
                '\n' => {}
                c => word.extend([('\\', true), (c, true)]),
            },
            c => word.push((c, true)),
        }
    }
}

fn is_special(c: char) -> bool {
    matches!(c, '|' | '&' | ';' | '<' | '>' | '(' | ')' | '$' | '`' | '*' | '?' | '[' | '\n')
}

/// `{a,b}` and `{1..3}` stand for several words.
fn expands(word: &[Sign]) -> bool {
    let bare: String = word.iter().filter(|(_, quoted)| !quoted).map(|(c, _)| *c).collect();
    let inside = bare.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    inside.is_some_and(|(inside, _)| inside.contains(',') || inside.contains(".."))
}
