//! By what a line of another language is known: words that it begins with, and signs. Knows lines, one at a time.

use crate::syntax::is_word;

/// What blocks of HCL begin with.
pub(super) const RESOURCES: &[&str] =
    &["resource", "provider", "data", "module", "output", "locals", "terraform", "source"];

/// What lines of a Dockerfile begin with.
pub(super) const INSTRUCTIONS: &[&str] = &[
    "FROM",
    "RUN",
    "COPY",
    "ADD",
    "CMD",
    "ENTRYPOINT",
    "ENV",
    "WORKDIR",
    "EXPOSE",
    "ARG",
    "USER",
    "LABEL",
    "VOLUME",
];

/// Those of them that are no words of this language in capitals.
pub(super) const OF_IMAGES: &[&str] = &["FROM", "COPY", "ADD", "CMD", "ENTRYPOINT", "WORKDIR", "EXPOSE"];

/// What statements of SQL begin with, and the words that follow there.
const SQL_WORDS: &[(&str, &[&str])] = &[
    ("SELECT", &[]),
    ("INSERT", &["INTO"]),
    ("UPDATE", &[]),
    ("DELETE", &["FROM"]),
    ("ALTER", &["TABLE", "ROLE", "USER", "DATABASE", "SYSTEM", "TYPE", "INDEX", "SEQUENCE"]),
    (
        "CREATE",
        &["TABLE", "INDEX", "UNIQUE", "DATABASE", "USER", "ROLE", "VIEW", "TYPE", "FUNCTION", "EXTENSION"],
    ),
    ("DROP", &["TABLE", "INDEX", "DATABASE", "USER", "ROLE", "VIEW", "TYPE", "FUNCTION", "COLUMN"]),
    ("TRUNCATE", &[]),
    ("GRANT", &[]),
    ("REVOKE", &[]),
    ("VACUUM", &[]),
    ("BEGIN;", &[]),
    ("COMMIT;", &[]),
    ("ROLLBACK;", &[]),
];

/// What the further lines of such a statement begin with.
const CLAUSES: &[&str] = &[
    "FROM",
    "WHERE",
    "SET",
    "VALUES",
    "AND",
    "OR",
    "ORDER",
    "GROUP",
    "HAVING",
    "LIMIT",
    "JOIN",
    "LEFT",
    "INNER",
    "ON",
    "ADD",
    "DROP",
    "RETURNING",
];

/// What commands of PowerShell begin with.
const VERBS: &[&str] = &[
    "Add", "Copy", "Disable", "Enable", "Export", "ForEach", "Get", "Import", "Install", "Invoke", "Move",
    "New", "Out", "Read", "Remove", "Rename", "Restart", "Select", "Set", "Start", "Stop", "Test", "Update",
    "Wait", "Where", "Write",
];

/// What blocks of Python begin with.
const BLOCKS: &[&str] =
    &["for", "while", "if", "elif", "else", "with", "try", "except", "finally", "def", "class", "async"];

/// The word that a line begins with.
pub(super) fn word(code: &str) -> &str {
    code.split(|c| !is_word(c)).next().unwrap_or_default()
}

pub(super) fn begins_with(code: &str, words: &[&str]) -> bool {
    words.contains(&word(code))
}

pub(super) fn is_sql(code: &str) -> bool {
    let mut words = code.split_whitespace();
    let (Some(first), second) = (words.next(), words.next().unwrap_or_default()) else { return false };
    let known = |(begin, then): &&(&str, &[&str])| {
        let first = first.eq_ignore_ascii_case(begin) && (first == *begin || code.ends_with(';'));
        first && (then.is_empty() || then.contains(&second.to_ascii_uppercase().as_str()))
    };
    // Quotes, a brace: a statement of this language in capitals.
    SQL_WORDS.iter().any(|row| known(&row)) && !second.starts_with(['"', '{'])
}

pub(super) fn is_clause(code: &str) -> bool {
    begins_with(code, CLAUSES) || code.ends_with(';')
}

/// `Get-Service …`.
pub(super) fn is_cmdlet(code: &str) -> bool {
    let name = code.split_whitespace().next().and_then(|first| first.split_once('-'));
    name.is_some_and(|(verb, noun)| {
        VERBS.contains(&verb) && noun.starts_with(|c: char| c.is_ascii_uppercase())
    })
}

/// `$name = …`.
pub(super) fn is_assigned(code: &str) -> bool {
    let behind = code.strip_prefix('$').map(|name| name.trim_start_matches(is_word));
    behind.is_some_and(|behind| behind.starts_with(" = ")) && code.contains('-')
}

pub(super) fn is_crontab(code: &str) -> bool {
    let times: Vec<_> = code.split_whitespace().take(6).collect();
    let is_time = |time: &&str| {
        time.starts_with(|c: char| c == '*' || c.is_ascii_digit())
            && time.chars().all(|c| c.is_ascii_digit() || "*/,-".contains(c))
    };
    times.len() == 6
        && times.iter().take(5).all(is_time)
        && times.iter().take(5).any(|time| time.starts_with('*'))
        || ["@daily ", "@hourly ", "@weekly ", "@monthly ", "@reboot "]
            .iter()
            .any(|begin| code.starts_with(begin))
}

/// `target: parts`.
pub(super) fn is_target(code: &str) -> bool {
    code.split_once(':').is_some_and(|(name, parts)| {
        let plain = |c: char| is_word(c) || " ./-%$()".contains(c);
        !name.is_empty() && !name.contains(' ') && name.chars().all(plain) && parts.chars().all(plain)
    })
}

/// `"name": value`.
pub(super) fn is_pair(code: &str) -> bool {
    code.strip_prefix('"')
        .and_then(|rest| rest.split_once('"'))
        .is_some_and(|(_, behind)| behind.trim_start().starts_with(':'))
}

/// `<name …>`, `</name>`.
pub(super) fn is_tag(code: &str) -> bool {
    let name = code.strip_prefix('<').map(|rest| rest.trim_start_matches(['/', '?', '!']));
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) && code.ends_with('>')
}

/// Words with a value that stand in heads here, and are told so.
pub(super) const OPTIONS: &[&str] =
    &["timeout", "retry", "every", "within", "wait", "dir", "env", "on", "by", "at", "if"];

/// The name of `name: value`, `- name: value`.
pub(super) fn key(code: &str) -> Option<&str> {
    let (name, value) = code.trim_start_matches("- ").split_once(':')?;
    let plain = !name.is_empty() && name.chars().all(|c| is_word(c) || ".-/\"".contains(c));
    (plain && (value.is_empty() || value.starts_with(' '))).then_some(name)
}

/// `if condition:`, `else:`.
pub(super) fn is_python(code: &str) -> bool {
    let head = code.strip_suffix(':').unwrap_or_default();
    begins_with(head, BLOCKS) && (head.contains(' ') || ["try", "else", "except", "finally"].contains(&head))
}

/// `for (…; …; …)`, `for (… of …)`.
pub(super) fn is_counted(code: &str) -> bool {
    let begins = code.strip_prefix("for").is_some_and(|rest| rest.trim_start().starts_with('('));
    begins && [";", " of ", " : ", " in "].iter().any(|sign| code.contains(sign))
}

/// `https://…`
pub(super) fn is_address(code: &str) -> bool {
    ["https://", "http://", "ssh://", "git@"].iter().any(|begin| code.starts_with(begin))
}

/// `NAME=value`.
pub(super) fn is_variable(code: &str) -> bool {
    let (name, value) = code.split_once('=').unwrap_or_default();
    !name.is_empty() && name.chars().all(is_word) && !value.starts_with([' ', '='])
}

/// `$ command`, `user@host:~$ command`, `[user@host ~]# command`.
pub(super) fn is_prompt(code: &str) -> bool {
    let (before, command) = code.split_once("$ ").or_else(|| code.split_once("# ")).unwrap_or_default();
    let host = before.contains('@') && before.split_whitespace().count() <= 2;
    !command.is_empty() && (before.is_empty() && code.starts_with('$') || host)
}

/// `name(…);`, `name = (…) => {`
pub(super) fn is_line_of_code(code: &str) -> bool {
    code.contains('(') && (code.ends_with(';') || code.ends_with("=> {"))
}
