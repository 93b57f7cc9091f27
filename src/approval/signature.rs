//! Signatures as `ssh-keygen -Y sign` writes them, and the keys that make them. The only file that names `ssh_key`.

use ssh_key::{HashAlg, PublicKey, SshSig};

use super::NAMESPACE;

/// How a signature begins.
pub const ARMOUR: &str = "-----BEGIN SSH SIGNATURE-----";

/// A signature that fits a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    /// The key that made it: type and base64.
    pub(super) key: String,
    /// Its fingerprint.
    pub(super) fingerprint: String,
}

/// Checks that a signature is one of that text, made for approvals.
///
/// # Errors
/// In words why it is not.
pub(super) fn signed(text: &str, armoured: &str) -> Result<Signed, String> {
    let signature: SshSig =
        armoured.trim().parse().map_err(|error| format!("the signature cannot be read: {error}"))?;
    if signature.namespace() != NAMESPACE {
        let namespace = signature.namespace().escape_default();
        return Err(format!("it is signed for `{namespace}`, not for `{NAMESPACE}`"));
    }
    let key = PublicKey::from(signature.public_key().clone());
    key.verify(NAMESPACE, text.as_bytes(), &signature)
        .map_err(|_| "the signature does not fit the text: one of them was changed".to_owned())?;
    Ok(Signed { key: written(&key)?, fingerprint: key.fingerprint(HashAlg::Sha256).to_string() })
}

/// A public key at the beginning of a text, without its comment: type and base64.
///
/// # Errors
/// In words why there is none.
pub fn key_of_line(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    let [kind, body] = words.as_slice() else {
        return Err("a public key is a type and a long word, as in `ssh-ed25519 AAAAC3Nz…`".to_owned());
    };
    let key = PublicKey::from_openssh(&format!("{kind} {body}"));
    written(&key.map_err(|error| format!("this is no public key: {error}"))?)
}

/// The fingerprint of a key, as `ssh-keygen -l` prints it.
#[must_use]
pub fn fingerprint(key: &str) -> Option<String> {
    let key = PublicKey::from_openssh(key).ok()?;
    Some(key.fingerprint(HashAlg::Sha256).to_string())
}

/// One form for each key.
fn written(key: &PublicKey) -> Result<String, String> {
    let mut bare = key.clone();
    bare.set_comment("");
    let text = bare.to_openssh().map_err(|error| format!("this is no public key: {error}"))?;
    Ok(text.trim().to_owned())
}
