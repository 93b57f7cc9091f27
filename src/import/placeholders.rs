//! Places that a reader fills in: `<name>`, `$VAR`, `NAME`, `[name]`, `{{NAME}}`, and `⟨name⟩` as bowline writes it.

use std::ops::Range;

use super::shell::is_name;

/// A place to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// Where it stands in the text that was searched.
    pub(super) range: Range<usize>,
    /// What stands between its signs.
    pub(super) name: String,
    /// Whether it is a variable of the shell.
    pub(super) variable: bool,
}

/// Where is searched, and so for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// Text for people: only what cannot be meant otherwise.
    Prose,
    /// Code: capitals and variables too.
    Code,
    /// Code that bowline has written down: only its own signs, and variables.
    Exported,
}

/// Variables that every shell has.
const OF_THE_SHELL: &[&str] = &[
    "HOME",
    "PATH",
    "USER",
    "PWD",
    "SHELL",
    "HOSTNAME",
    "LANG",
    "TERM",
    "EDITOR",
    "TMPDIR",
    "LOGNAME",
    "OLDPWD",
    "RANDOM",
    "SECONDS",
    "UID",
    "EUID",
    "PPID",
    "LINENO",
    "IFS",
    "OSTYPE",
    "BASH_SOURCE",
    "FUNCNAME",
    "REPLY",
    "BASH_REMATCH",
    "PIPESTATUS",
    "EPOCHSECONDS",
    "HOSTTYPE",
    "BASHPID",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
];

/// Words in capitals that stand for themselves.
const WORDS: &[&str] = &[
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "SELECT",
    "INSERT",
    "UPDATE",
    "FROM",
    "WHERE",
    "ALTER",
    "TABLE",
    "CREATE",
    "DROP",
    "INTO",
    "VALUES",
    "SET",
    "SHOW",
    "TRUE",
    "FALSE",
    "NULL",
    "NONE",
    "ALL",
    "YES",
    "UTC",
    "GMT",
    "JSON",
    "YAML",
    "CSV",
    "XML",
    "HTML",
    "HTTP",
    "HTTPS",
    "SSH",
    "TCP",
    "UDP",
    "TLS",
    "SSL",
    "DNS",
    "ACCEPT",
    "REJECT",
    "INPUT",
    "OUTPUT",
    "FORWARD",
    "EOF",
    "INFO",
    "DEBUG",
    "WARN",
    "WARNING",
    "ERROR",
    "TRACE",
    "HUP",
    "TERM",
    "KILL",
    "INT",
    "QUIT",
    "STOP",
    "CONT",
    "USR1",
    "USR2",
    "SIGHUP",
    "SIGTERM",
    "SIGKILL",
    "SIGINT",
    "README",
    "LICENSE",
    "CHANGELOG",
    "VERSION",
    "MAKEFILE",
    "ORIG_HEAD",
    "FETCH_HEAD",
    "RUNNING",
    "PENDING",
    "FAILED",
];

/// Programs whose own words are in capitals.
const SHOUTING: &[&str] = &[
    "redis-cli",
    "iptables",
    "ip6tables",
    "sqlite3",
    "kill",
    "pkill",
    "killall",
    "dd",
    "psql",
    "mysql",
    "trap",
];

/// Tags of HTML, which are nobody's placeholder.
const HTML: &[&str] = &[
    "a",
    "b",
    "i",
    "u",
    "s",
    "p",
    "br",
    "hr",
    "div",
    "span",
    "img",
    "code",
    "pre",
    "details",
    "summary",
    "kbd",
    "sub",
    "sup",
    "table",
    "tr",
    "td",
    "th",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "h1",
    "h2",
    "h3",
    "h4",
    "center",
    "html",
    "body",
    "del",
    "ins",
    "strike",
    "mark",
    "section",
    "font",
    "tt",
    "small",
    "big",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "strong",
    "thead",
    "tbody",
];

/// All places of a text to fill in, in order.
pub(super) fn find(text: &str, search: Search) -> Vec<Placeholder> {
    let mut found: Vec<Placeholder> = vec![];
    let (code, exported) = (search != Search::Prose, search == Search::Exported);
    let shouting = text.split_whitespace().any(|word| SHOUTING.contains(&word));
    let mut quote = false;
    let mut from = 0;
    for (at, c) in text.char_indices() {
        quote ^= c == '\'' && code;
        if at < from {
            continue;
        }
        let Some((before, rest)) = text.split_at_checked(at) else { continue };
        let last = before.chars().next_back();
        let place = match c {
            '<' if !exported && last != Some('<') => {
                between(rest, '<', '>').filter(|name| !HTML.contains(&name.0.as_str()))
            }
            '⟨' => guillemets(rest),
            '{' if !exported => braces(rest).filter(|_| last != Some('$')),
            '[' if search == Search::Code
                && last.is_none_or(|c| c.is_whitespace() || "=/:@\"".contains(c)) =>
            {
                brackets(rest)
            }
            '$' if code && !quote && last != Some('\\') => dollar(rest),
            'A'..='Z' if search == Search::Code && !quote && !shouting => {
                capitals(last, rest).filter(|(name, _)| !in_quotes(before) && !delimits(text, name))
            }
            _ => None,
        };
        if let Some((name, length)) = place {
            from = at + length;
            found.push(Placeholder { range: at..from, name, variable: c == '$' });
        }
    }
    found
}

type Place = Option<(String, usize)>;

/// Whether a double quote is open at the end of a text.
fn in_quotes(before: &str) -> bool {
    before.matches('"').count() % 2 == 1
}

/// `<name of it>`: no blank at its ends, no comparison, no address.
fn between(rest: &str, open: char, close: char) -> Place {
    let inside = rest.strip_prefix(open)?;
    let end = inside.find(close)?;
    let name = inside.get(..end)?;
    let starts = name.starts_with(|c: char| c.is_alphabetic());
    let ends = name.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '?' | '.'));
    let signs = name.chars().all(|c| c.is_alphanumeric() || " _-./'|,()?".contains(c));
    let long = name.chars().count() <= 60;
    (starts && ends && signs && long).then(|| (name.to_owned(), open.len_utf8() + end + close.len_utf8()))
}

/// `⟨name⟩`, and what may stand inside of an expression.
fn guillemets(rest: &str) -> Place {
    let inside = rest.strip_prefix('⟨')?;
    let mut depth = 1_usize;
    for (at, c) in inside.char_indices() {
        depth = match c {
            '⟨' => depth + 1,
            '⟩' => depth - 1,
            '\n' => return None,
            _ => depth,
        };
        if depth == 0 {
            let name = inside.get(..at)?;
            let name = name.strip_prefix("secret ").unwrap_or(name);
            let name = name.split(", known after").next().unwrap_or(name);
            return Some((name.to_owned(), '⟨'.len_utf8() + at + '⟩'.len_utf8()));
        }
    }
    None
}

/// `{{NAME}}`.
fn braces(rest: &str) -> Place {
    let inside = rest.strip_prefix("{{")?;
    let end = inside.find("}}")?;
    let name = inside.get(..end)?.trim();
    let starts = name.starts_with(|c: char| c.is_alphabetic());
    let plain = name.chars().all(|c| c.is_alphanumeric() || " _-.".contains(c));
    (starts && plain).then(|| (name.to_owned(), end + 4))
}

/// `[name]`, which is no link, no tick box, no option and no pattern.
fn brackets(rest: &str) -> Place {
    let (name, length) = between(rest, '[', ']')?;
    let after = rest.get(length..)?.chars().next();
    let linked = matches!(after, Some('(' | '[' | ':'));
    let plain = !name.chars().any(|c| c == '.' || c == '(');
    (name.chars().count() > 2 && plain && !linked).then_some((name, length))
}

/// `$NAME` or `${NAME}`, without a default.
fn dollar(rest: &str) -> Place {
    let inside = rest.strip_prefix('$')?;
    let (name, length) = if let Some(inside) = inside.strip_prefix('{') {
        let end = inside.find('}')?;
        let name = inside.get(..end)?;
        (name.split_once(":?").map_or(name, |(name, _)| name), end + 3)
    } else {
        let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
        (inside.get(..end)?, end + 1)
    };
    (is_name(name) && name != "_" && !OF_THE_SHELL.contains(&name)).then(|| (name.to_owned(), length))
}

/// Whether a word ends a here-document of the text.
fn delimits(text: &str, word: &str) -> bool {
    let mut openers = text.split("<<").skip(1);
    openers.any(|rest| rest.trim_start_matches(['-', ' ', '\'', '"', '\\']).starts_with(word))
}

/// `NAMESPACE` or `YOUR_BUCKET` as a word, or a part of one, of its own.
fn capitals(last: Option<char>, rest: &str) -> Place {
    let end = rest.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_' && c != '-');
    let word = rest.get(..end.unwrap_or(rest.len()))?;
    let next = rest.get(word.len()..)?.chars().next();
    let opens = last.is_some_and(|c| c.is_whitespace() || "=/:@,".contains(c));
    let closes = next.is_none_or(|c| c.is_whitespace() || "/:@,.\"'".contains(c));
    let alone = word.len() > 2 && !word.ends_with('-') && !WORDS.contains(&word);
    (opens && closes && alone).then(|| (word.to_owned(), word.len()))
}

/// Whether a script gives the variable its value itself.
pub(super) fn is_set_in(script: &str, name: &str) -> bool {
    let reads = |line: &str| {
        let mut words = line.split_whitespace();
        words.any(|word| word == "read") && words.any(|word| word == name)
    };
    if script.lines().any(reads) {
        return true;
    }
    let mut words = script.split(|c: char| c.is_whitespace() || ";&|()`".contains(c)).peekable();
    while let Some(word) = words.next() {
        let assigned =
            word.strip_prefix(name).is_some_and(|rest| rest.starts_with('=') || rest.starts_with("+="));
        let taken =
            matches!(word, "for" | "read" | "-r" | "local" | "export" | "declare" | "-a" | "mapfile" | "-t")
                && words.peek() == Some(&name);
        if assigned || taken {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Search, find};

    #[test]
    fn a_server_is_to_be_filled_in_and_a_method_is_not() {
        let named =
            |text: &str| find(text, Search::Code).into_iter().map(|place| place.name).collect::<Vec<_>>();
        assert_eq!(named("ssh root@SERVER uptime"), ["SERVER"]);
        assert_eq!(named("curl -X DELETE https://SERVER/jobs"), ["SERVER"]);
    }
}
