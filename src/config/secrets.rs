//! What looks like a secret. bowline.toml is shared and kept with every run, so it never holds one.

use std::sync::LazyLock;

use regex::Regex;

/// Something that looks like a secret.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// What it looks like, with its article.
    pub(super) what: &'static str,
    /// What to do instead.
    pub(super) instead: &'static str,
}

const IN_PROGRAM: &str = "let the program read it from its own configuration or from the environment";
const IN_URL: &str = "write `url = { env = \"NAME\" }` and set that environment variable where bowline runs";
const PUBLIC_KEY: &str =
    "take it out of this file; write the public key, the line in the file that ends in `.pub`";

/// Patterns of secrets, the more telling first.
static PATTERNS: LazyLock<Vec<(Regex, Found)>> = LazyLock::new(|| {
    let table = [
        ("-----BEGIN [A-Z ]*PRIVATE KEY", "a private key", PUBLIC_KEY),
        (r"(?i)^https?://[^/@\s]*:[^/@\s]+@", "a URL with a password", IN_URL),
        (r"(?i)^https?://[^/@\s]+@", "a URL with a token", IN_URL),
        (
            r"(?i)^https?://(hooks\.slack\.com/services/|(\w+\.)?discord(app)?\.com/api/webhooks/|[\w.-]+\.webhook\.office\.com/)",
            "a web hook, which anybody who knows it can post to",
            IN_URL,
        ),
        (
            r"(?i)^https?://\S*[?&](token|key|api[-_]?key|secret|password|sig|auth)=\S",
            "a URL with a token",
            IN_URL,
        ),
        (r"(?i)\b(token|password|passwd|secret|api[-_]?key)=[^\s$]{4,}", "a password or token", IN_PROGRAM),
        (r"(?i)\b(bearer|basic)\s+[\w+/=.-]{8,}", "credentials", IN_PROGRAM),
        (
            r"\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|sk_live_\w{10,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,})",
            "an access token",
            IN_PROGRAM,
        ),
    ];
    let compile = |(pattern, what, instead): (&str, &'static str, &'static str)| {
        Regex::new(pattern).ok().map(|regex| (regex, Found { what, instead }))
    };
    table.into_iter().filter_map(compile).collect()
});

/// What a text looks like, if it looks like a secret.
pub(super) fn in_text(text: &str) -> Option<Found> {
    PATTERNS.iter().find(|(pattern, _)| pattern.is_match(text)).map(|(_, found)| *found)
}

/// What to do instead of writing a key that would hold a secret.
pub(super) fn in_key(key: &str) -> Option<&'static str> {
    let plain = key.to_lowercase().replace(['-', '_'], "");
    let words = ["password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "credential"];
    words
        .iter()
        .any(|word| plain.contains(word))
        .then_some("a runbook takes secrets as inputs: `input token: secret from env \"NAME\"`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), 8);
    }

    #[test]
    fn plain_texts_are_none() {
        for text in ["ana@example.org", "https://chat.example.org/hooks/ops", "ssh-ed25519 AAAA ana", "mail"]
        {
            assert!(in_text(text).is_none(), "{text}");
        }
    }
}
