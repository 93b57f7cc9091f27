//! What stands behind the opener of a fence.

/// Tags of the shells, and of what is typed into one.
pub(super) const SHELLS: &[&str] = &["sh", "bash", "shell", "zsh", "ksh", "dash"];
pub(super) const TERMINALS: &[&str] =
    &["console", "terminal", "shell-session", "shellsession", "sh-session", "bash-session"];
/// Tags of what can be done, but not by a shell.
pub(super) const OTHERS: &[&str] = &[
    "sql",
    "psql",
    "mysql",
    "plpgsql",
    "powershell",
    "ps1",
    "pwsh",
    "cmd",
    "bat",
    "batch",
    "dos",
    "python",
    "py",
    "js",
    "javascript",
    "ruby",
    "perl",
    "http",
    "redis",
    "mongo",
    "groovy",
    "fish",
    "promql",
    "graphql",
    "elixir",
    "iex",
    "r",
];
/// Tags of what nobody runs, where other words could be taken for a tag.
pub(super) const TEXTS: &[&str] =
    &["text", "txt", "output", "log", "plain", "plaintext", "none", "yaml", "json", "diff", "ini"];

/// Whether a word is the tag of a fence.
pub(super) fn is_tag(word: &str) -> bool {
    [SHELLS, TERMINALS, OTHERS, TEXTS].iter().any(|tags| tags.contains(&word))
}

/// What stands behind the tag of a fence whose end was guessed.
pub(super) const UNCLOSED: &str = " \u{f8ff}unclosed";
