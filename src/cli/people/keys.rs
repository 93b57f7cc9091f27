//! The SSH key that a person signs with.

use std::path::{Path, PathBuf};

use crate::cli::Stop;
use crate::host::signing::{OwnKey, own_keys, sign};
use crate::sign::key_of_line;

/// A key to sign with.
pub(in crate::cli) enum Key {
    File(PathBuf),
    Own(OwnKey),
}

impl Key {
    /// The signature, as `ssh-keygen -Y sign` writes it.
    ///
    /// # Errors
    /// In words why there is none.
    pub(in crate::cli) fn sign(&self, text: &str, namespace: &str) -> Result<String, String> {
        match self {
            Self::File(file) => sign(text, file, namespace),
            Self::Own(key) => key.sign(text, namespace),
        }
    }
}

/// The key that is named, else the only one that this user has.
///
/// # Errors
/// When there is none, or more than one: which is meant, nobody here can tell.
pub(in crate::cli) fn own_key(named: Option<&Path>) -> Result<Key, Stop> {
    if let Some(file) = named {
        return Ok(Key::File(file.to_owned()));
    }
    let mut distinct: Vec<OwnKey> = vec![];
    for key in own_keys() {
        let same = |known: &OwnKey| key_of_line(&known.line).ok() == key_of_line(&key.line).ok();
        if !distinct.iter().any(same) {
            distinct.push(key);
        }
    }
    match distinct.as_slice() {
        [one] => Ok(Key::Own(one.clone())),
        [] => Err(Stop::usage(
            "no key was found, neither in an agent nor in ~/.ssh; name yours with --key FILE",
        )),
        several => {
            let listed = several.iter().fold(String::new(), |all, key| all + "\n  " + &key.line);
            Err(Stop::usage(format!("there are several keys; say which with --key FILE:{listed}")))
        }
    }
}
