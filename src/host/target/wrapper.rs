//! What is handed to the shell of a target: the program, quoted, in front of the script that runs it.
//!
//! On the client's command line stands only how much is to be read from standard input, and the
//! mark. Arguments, environment, script and input come through standard input, so that no list of
//! processes shows them on the way. The target asks first (`ready`): before that nothing can have
//! begun there.

use rustix::rand::{GetRandomFlags, getrandom};

use super::{Aim, Target};
use crate::event::EffectId;
use crate::host::surroundings::Surroundings;
use crate::run::{ArgText, Program};
use crate::value::hex;

const SCRIPT: &str = include_str!("wrapper.sh");

/// A program as it goes to a target.
pub(in super::super) struct Wrapped {
    /// The words that run it from here.
    pub words: Vec<String>,
    /// What is written to their standard input when the target is ready.
    pub order: Vec<u8>,
    /// Tells what the wrapper says from what the program prints.
    pub mark: String,
}

/// Whose program it is.
pub(in super::super) struct Whose<'a> {
    pub around: &'a Surroundings,
    pub effect: EffectId,
    pub address: &'a str,
}

impl Wrapped {
    /// Wraps a program for a target.
    ///
    /// # Errors
    /// In the user's words, where something of it cannot be carried.
    pub(in super::super) fn new(aim: &Aim, whose: &Whose<'_>, program: &Program) -> Result<Self, String> {
        let mark = mark();
        let order = order(&aim.target, &mark, whose, program)?.into_bytes();
        let words = aim.target.carry(&line(&mark, order.len()), &aim.connections);
        Ok(Self { words, order, mark })
    }
}

/// A word that no program prints by accident.
pub(super) fn mark() -> String {
    let mut bytes = [0_u8; 12];
    let filled = getrandom(&mut bytes, GetRandomFlags::empty());
    debug_assert!(filled.is_ok(), "the kernel's random numbers are there");
    hex(&bytes)
}

/// The line that reads the order and carries it out. It holds no `'` and no `!`: login shells of all kinds get it
/// in quotes.
fn line(mark: &str, length: usize) -> String {
    format!(
        "printf \"\\036{mark} ready\\n\" >&2; \
         eval \"$(head -c {length} 2>/dev/null || dd bs=1 count={length} 2>/dev/null)\""
    )
}

fn order(target: &Target, mark: &str, whose: &Whose<'_>, program: &Program) -> Result<String, String> {
    let seconds = target.silence.as_secs();
    let patience = seconds * 2 / 3;
    // The longest until KILL is the silence less a second, for clocks that count whole ones.
    let grace = seconds.saturating_sub(patience + 1).max(1);
    let name = program.words.first().map(|word| word.clear.as_str()).unwrap_or_default();
    let mut order = format!("bowline_mark={mark} bowline_patience={patience} bowline_grace={grace}\n");
    order += &format!("bowline_name={}\n", quoted(&shown(name)));
    let (run, effect) = (&whose.around.run, whose.effect.0);
    match &program.script {
        None => order += "bowline_folder=''\n",
        Some(script) => {
            order += &format!("bowline_folder=\"${{TMPDIR:-/tmp}}/bowline-{run}-{effect}-{mark}\"\n");
            order += &format!("bowline_script={}\n", checked(script, "the script")?);
        }
    }
    match &program.stdin {
        None => order += "unset bowline_stdin\n",
        Some(stdin) => order += &format!("bowline_stdin={}\n", checked(&stdin.clear, "standard input")?),
    }
    order += &environment(whose, program)?;
    order += &words(program)?;
    // Its comments are for us.
    SCRIPT.lines().filter(|line| !line.starts_with('#')).for_each(|line| {
        order += line;
        order += "\n";
    });
    Ok(order)
}

fn words(program: &Program) -> Result<String, String> {
    let mut line = "set --".to_owned();
    for (at, word) in program.words.iter().enumerate() {
        line += " ";
        line += &checked(&word.clear, &format!("word {} of the command", at + 1))?;
    }
    if program.script.is_some() {
        line += " \"$bowline_folder/script\"";
    }
    Ok(line + "\n")
}

/// The function that gives the program its environment and its folder.
fn environment(whose: &Whose<'_>, program: &Program) -> Result<String, String> {
    let own = [
        ("TRACEPARENT", whose.around.trace()),
        ("BOWLINE_RUN", whose.around.run.clone()),
        ("BOWLINE_STEP", whose.address.to_owned()),
        ("BOWLINE_EFFECT", whose.effect.0.to_string()),
    ];
    let given = program.env.iter().map(|(name, ArgText { clear, .. })| (name.as_str(), clear.as_str()));
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    let mut lines = "bowline_env() {\n".to_owned();
    for (name, value) in own.chain(given) {
        if !is_name(name) {
            return Err(format!(
                "a shell cannot set a variable named `{name}`, so a target cannot be given it"
            ));
        }
        let value = checked(value, &format!("the variable {name}"))?;
        lines +=
            &format!("export {name}={value} || bowline_refuse 'the variable {name} cannot be set there'\n");
    }
    if let Some(dir) = &program.dir {
        let folder = if dir.starts_with('/') { dir.clone() } else { format!("./{dir}") };
        let refusal = quoted(&format!("the working folder {} cannot be entered", shown(dir)));
        lines += &format!("cd {} || bowline_refuse {refusal}\n", checked(&folder, "the working folder")?);
    }
    Ok(lines + ":\n}\n")
}

fn is_name(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(word) && name.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Quoted, unless it holds what no shell can hold.
fn checked(text: &str, what: &str) -> Result<String, String> {
    if text.contains('\0') {
        return Err(format!("{what} holds a NUL byte, which cannot be carried to a target"));
    }
    Ok(quoted(text))
}

/// As one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// On one line, for a message.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_and_begin_again_around_a_quote() {
        assert_eq!(quoted("it's $(x)\n"), "'it'\\''s $(x)\n'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_line_can_stand_in_quotes_of_any_shell() {
        let line = line(&mark(), 12);
        assert!(!line.contains(['\'', '!', '\n']), "{line}");
        assert!(line.contains("head -c 12 ") && line.contains("count=12 "), "{line}");
    }

    #[test]
    fn names_that_a_shell_cannot_set_are_told_apart() {
        assert!(is_name("A_1") && is_name("_x"));
        assert!(!is_name("") && !is_name("1A") && !is_name("A-B") && !is_name("Ä"));
    }
}
