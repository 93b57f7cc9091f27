//! Signatures as `ssh-keygen -Y sign` writes them, and the keys that make them. The only file that names `ssh_key`.

use ssh_key::{Algorithm, HashAlg, LineEnding, PublicKey, SshSig};

/// How a signature begins.
pub const ARMOUR: &str = "-----BEGIN SSH SIGNATURE-----";

/// Letters in a line of it.
const ARMOUR_WIDTH: usize = 70;

/// A signature that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The key that made it: type and base64.
    pub key: String,
    /// Its fingerprint.
    pub fingerprint: String,
}

/// Checks that an armoured signature is one of those bytes, made for that namespace.
///
/// # Errors
/// In words why it is not.
pub fn made(bytes: &[u8], armoured: &str, namespace: &str) -> Result<Made, String> {
    let signature = read(armoured)?;
    if signature.namespace() != namespace {
        let other = signature.namespace().escape_default();
        return Err(format!("it is signed for `{other}`, not for `{namespace}`"));
    }
    let key = PublicKey::from(signature.public_key().clone());
    key.verify(namespace, bytes, &signature)
        .map_err(|_| "the signature does not fit the text: one of them was changed".to_owned())?;
    Ok(Made { key: written(&key)?, fingerprint: key.fingerprint(HashAlg::Sha256).to_string() })
}

/// A signature that is spelled as `ssh-keygen` spells it: a parser passes over a version and lengths that nothing signs,
/// and with them a byte could be changed unseen.
fn read(armoured: &str) -> Result<SshSig, String> {
    let signature: SshSig =
        armoured.trim().parse().map_err(|error| format!("the signature cannot be read: {error}"))?;
    let again = signature.to_pem(LineEnding::LF).map_err(|error| error.to_string())?;
    // One kind the library does not write as it reads it.
    let is_same =
        signature.algorithm() == Algorithm::SkEcdsaSha2NistP256 || letters(&again).eq(letters(armoured));
    if signature.version() != SshSig::VERSION || !is_same {
        return Err("the signature cannot be read: it is not written as ssh-keygen writes it".to_owned());
    }
    Ok(signature)
}

/// All of a text but its breaks.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !letter.is_whitespace())
}

/// The base64 between the armour of a signature, in one line.
///
/// # Errors
/// In words why it is none.
pub fn unarmoured(text: &str) -> Result<String, String> {
    read(text)?;
    Ok(text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect())
}

/// The base64 of a signature in its armour, as `ssh-keygen -Y verify` reads it.
#[must_use]
pub fn armoured(base64: &str) -> String {
    let mut text = format!("{ARMOUR}\n");
    let mut rest = base64;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(ARMOUR_WIDTH).map_or(rest.len(), |(at, _)| at);
        let (line, more) = rest.split_at(end);
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text + "-----END SSH SIGNATURE-----\n"
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
