//! Fences of a wiki, `{code:bash}` and `{noformat}`, which pages are copied with.

/// A fence of a wiki, as it opens.
pub(super) struct Fence {
    /// The language, if one is named.
    pub(super) tag: String,
    /// What else it says, such as a title.
    pub(super) rest: String,
    /// The line that closes it.
    pub(super) closing: &'static str,
}

/// The fence of a wiki that a line is.
pub(super) fn fence(line: &str) -> Option<Fence> {
    let inside = line.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (word, options) = inside.split_once(':').unwrap_or((inside, ""));
    let closing = match word {
        "code" => "{code}",
        "noformat" => "{noformat}",
        _ => return None,
    };
    let language = |option: &str| option.strip_prefix("language=").map(str::to_owned);
    let named = |option: &str| {
        (closing == "{code}" && option.chars().all(char::is_alphanumeric)).then(|| option.to_owned())
    };
    let (mut tag, mut rest) = (None, vec![]);
    for option in options.split('|').map(str::trim).filter(|option| !option.is_empty()) {
        match language(option).or_else(|| named(option)).filter(|_| tag.is_none()) {
            Some(found) => tag = Some(found),
            None => rest.push(option),
        }
    }
    Some(Fence { tag: tag.unwrap_or_default(), rest: rest.join(" "), closing })
}
