//! Whether words that begin as a command does are a sentence all the same: `git status shows nothing`, `make sure that it runs`.
//! Taken for a sentence, a command is left to a person; taken for a command, a sentence is run. So words that programs hardly
//! ever take decide, and only those that stand outside of quotes and of places to fill in.

use super::bare::parts;
use super::shell::{is_assignment, is_known};
use super::words::among;

/// Words of sentences that no program takes.
const OF_SENTENCES: &str = "\
    the that this these those your our their its each every both sure nothing everything anything something nobody because \
    whether again they you we there it should must cannot is are was were has have had does been without otherwise \
    instead than another still already when before after while then until if but so";

/// Words that only programs with a language of their own take, as `tcpdump port 80 and not host a`.
const LINKS: &str = "and or not with of in on to from for at as by would shall will";

/// Programs with such a language.
const SPEAKING: &str = "\
    tcpdump tshark dumpcap tcpkill sysdig pytest ngrep nft ip tc ufw firewall-cmd iptables ip6tables ethtool xset iw nmcli ovs-vsctl";

/// What a command does, in words that nothing else is called: what stands behind them is what it answers.
const DOES: &str = "\
    shows says returns prints tells gives contains displays becomes stays remains exits responds passes fails succeeds \
    works hangs completes finishes";

/// What a command does, in words that something may be called, too: they need a word that one expects behind them.
const MAY_DO: &str = "lists reports outputs answers runs takes needs ends reads looks";
/// What one expects behind them.
const EXPECTED: &str =
    "nothing no none only a an all at fine good like one two three four five six seven eight nine ten ok up";

/// Programs that take any words.
const TAKE_ANY: &str = "echo printf logger wall say figlet espeak banner cowsay";

/// Programs whose first word is looked for: it may be any.
const LOOK_FOR: &str = "grep egrep fgrep zgrep rg ag ack";

/// What may stand before a program.
const BEFORE: &str = "sudo time do then else if elif while until ! { ( exec nohup";

/// Programs that are verbs, too: a noun begins behind them.
const VERBS: &str = "make watch find kill set touch read test time wait cut sort source date split";

/// Words that sentences begin with, and programs of nobody: `use --all`, `then run it with -v`.
const OPENERS: &str =
    "use run see try add pass append with and or also via note please not no only now next default";

/// Whether no program has this name, since sentences begin with it.
pub(super) fn opens_sentence(word: &str) -> bool {
    among(OPENERS, word) || among(OF_SENTENCES, word)
}

/// Whether a line reads as a sentence, though it begins with what is the name of a program.
pub(super) fn is_sentence(line: &str) -> bool {
    let parts = parts(line);
    let first = parts.first().map(Vec::as_slice).unwrap_or_default();
    is_case(line, first) || ends_as_sentence(first, parts.len()) || parts.iter().any(|words| tells(words))
}

/// A word without the signs of a sentence around it.
fn stripped(word: &str) -> &str {
    word.trim_start_matches(['(', '[']).trim_end_matches([',', '.', ':', '!', '?', ')', ']'])
}

/// Letters and nothing else: a number, a path, an option and a variable are none.
fn is_plain(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase())
}

/// Whether one command of a line is a sentence.
fn tells(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lead = words.iter().take_while(|word| among(BEFORE, word) || is_assignment(word)).count();
    let (before, behind) = words.split_at_checked(lead).unwrap_or((&[], &words));
    // `wait`, `time` and the like may stand before a command, and be one.
    let (program, rest) = match (behind.split_first(), before.split_last()) {
        (Some((program, rest)), _) => (*program, rest),
        (None, Some((program, _))) => (*program, [].as_slice()),
        (None, None) => return false,
    };
    if among(TAKE_ANY, program) {
        return false;
    }
    let is_of_sentence = |word: &str| among(OF_SENTENCES, word) || is_contracted(word);
    let taken = if among(LOOK_FOR, program) { searched(rest) } else { rest.to_vec() };
    lead > 0 && is_of_sentence(stripped(program))
        || taken.iter().any(|word| is_of_sentence(stripped(word)))
        || taken.iter().any(|word| is_before_comma(word))
        || links(program, &taken)
        || does(&taken)
        || !takes(program, rest)
}

/// `doesn't`, with either sign.
fn is_contracted(word: &str) -> bool {
    let ends = word.split_once(['\'', '’']);
    ends.is_some_and(|(word, tail)| {
        word.ends_with(char::is_alphabetic) && tail.starts_with(char::is_alphabetic)
    })
}

/// What a program that looks for something takes beside that.
fn searched<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    let at = rest.iter().position(|word| !word.starts_with('-')).unwrap_or(rest.len());
    rest.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, word)| *word).collect()
}

/// `pods, then`: no command parts its words so.
fn is_before_comma(word: &str) -> bool {
    word.strip_suffix(',').is_some_and(is_plain)
}

/// Words that tie a sentence together, between words.
fn links(program: &str, rest: &[&str]) -> bool {
    let inside = |pair: &[&str]| match pair {
        [before, link, next] => among(LINKS, link) && !before.starts_with('-') && !next.starts_with('-'),
        _ => false,
    };
    let begins = match rest {
        [link, next, ..] => among(LINKS, link) && !next.starts_with('-'),
        _ => false,
    };
    let noun = among(VERBS, program) && matches!(rest, ["a" | "an" | "any", _, ..]);
    let speaks = among(SPEAKING, program)
        || rest.iter().any(|word| among(SPEAKING, word))
        || matches!(program, "for" | "case" | "select");
    noun || !speaks && (begins || rest.windows(3).any(inside))
}

/// A verb, and what it says of the command before it.
fn does(rest: &[&str]) -> bool {
    let told = |pair: &[&str]| match pair {
        [verb, what] => among(MAY_DO, verb) && (among(EXPECTED, stripped(what)) || is_number(what)),
        _ => false,
    };
    rest.iter().any(|word| among(DOES, stripped(word))) || rest.windows(2).any(told)
}

fn is_number(word: &str) -> bool {
    stripped(word).trim_end_matches('%').parse::<f64>().is_ok()
}

/// Whether a program can take these words, where it takes only some.
fn takes(program: &str, rest: &[&str]) -> bool {
    let first = rest.first().copied().unwrap_or_default();
    let option = |word: &str| word.starts_with(['-', '+']);
    // A word behind an option is its value.
    let words = || {
        rest.iter()
            .zip(std::iter::once(&"").chain(rest))
            .filter(|(word, before)| is_plain(word) && !option(before))
    };
    match program {
        "kill" | "wait" | "exit" | "return" | "break" | "continue" | "shift" | "free" | "uptime" | "pwd"
        | "whoami" | "date" => words().count() == 0,
        "sleep" => words().all(|(word, _)| *word == "infinity"),
        "set" => rest.is_empty() || option(first),
        "test" => {
            rest.is_empty() || rest.iter().any(|word| option(word) || matches!(*word, "=" | "==" | "!="))
        }
        "find" => words().count() < rest.len() || rest.len() < 2,
        "watch" => option(first) || is_known(first) || !is_plain(first),
        "for" | "select" => rest.len() < 2 || rest.get(1) == Some(&"in") || first.starts_with('('),
        "case" => rest.contains(&"in"),
        "go" => {
            option(first)
                || rest.is_empty()
                || among(
                    "build bug clean doc env fix fmt generate get help install list mod run telemetry test tool vendor version vet work",
                    first,
                )
        }
        _ => true,
    }
}

/// `if errors restart`: a case in words, where a shell has a command or brackets.
fn is_case(line: &str, words: &[String]) -> bool {
    let mut words = words.iter().map(String::as_str);
    let begins = words.next().is_some_and(|word| matches!(word, "if" | "elif" | "while" | "until"));
    let condition = words.find(|word| *word != "!").unwrap_or_default();
    let shell = line.contains([';', '[', '(']) || is_known(condition) || !is_plain(stripped(condition));
    begins && !condition.is_empty() && !shell
}

/// Some words and a full stop.
fn ends_as_sentence(words: &[String], parts: usize) -> bool {
    let last = words.last().map(String::as_str).unwrap_or_default();
    let stopped = last.strip_suffix(['.', '!', '?']).is_some_and(is_plain);
    let any = words.first().is_some_and(|program| among(TAKE_ANY, program));
    parts == 1 && stopped && words.len() > 2 && !any && !words.iter().any(|word| word.starts_with('-'))
}
