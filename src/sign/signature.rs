//! Signatures as `ssh-keygen -Y sign` writes them, and the keys that make them. The only file that names `ssh_key`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ssh_key::public::KeyData;
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
    /// Whether somebody touched the key for it; `None` where a key cannot tell, as those in files cannot.
    pub touched: Option<bool>,
}

/// What a key on hardware signs beside the text: flags, and how often it has signed.
const TRAILER: usize = 5;

/// The flag that says that somebody was there.
const PRESENT: u8 = 1;

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
    let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
    Ok(Made { key: written(&key)?, fingerprint, touched: touched(&signature) })
}

/// What a key on hardware says of whoever was there.
fn touched(signature: &SshSig) -> Option<bool> {
    let on_hardware =
        matches!(signature.public_key(), KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_));
    let flags = signature.signature_bytes().iter().rev().nth(TRAILER - 1);
    flags.filter(|_| on_hardware).map(|flags| flags & PRESENT != 0)
}

/// A signature that is spelled as `ssh-keygen` spells it: a parser passes over a version and lengths that nothing signs,
/// and with them a byte could be changed unseen.
fn read(armoured: &str) -> Result<SshSig, String> {
    let signature: SshSig = armoured
        .trim()
        .parse()
        .map_err(|error| format!("the signature cannot be read: {}", unread(armoured, &error)))?;
    let again = spelled(&signature)?;
    let is_same = letters(&again).eq(letters(armoured));
    if signature.version() != SshSig::VERSION || !is_same {
        return Err("the signature cannot be read: it is not written as ssh-keygen writes it".to_owned());
    }
    Ok(signature)
}

/// Why a signature cannot be read. One form is known by its name: what a browser had a key on hardware sign.
fn unread(armoured: &str, error: &ssh_key::Error) -> String {
    let body: String = armoured.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let bytes = STANDARD.decode(body).unwrap_or_default();
    match memchr::memmem::find(&bytes, b"webauthn-sk-") {
        Some(_) => "it is one of a browser (webauthn), which is not taken; sign with ssh-keygen".to_owned(),
        None => error.to_string(),
    }
}

/// A signature as `ssh-keygen` spells it.
fn spelled(signature: &SshSig) -> Result<String, String> {
    if signature.algorithm() != Algorithm::SkEcdsaSha2NistP256 {
        return signature.to_pem(LineEnding::LF).map_err(|error| error.to_string());
    }
    // One kind the library does not write as it reads it: flags and counter stand behind the signature, not in it.
    let bytes = signature.signature_bytes();
    let (made, trailer) = bytes.split_at(bytes.len().saturating_sub(TRAILER));
    let (kind, hash) = (signature.algorithm().to_string(), signature.hash_alg().to_string());
    let key =
        PublicKey::from(signature.public_key().clone()).to_bytes().map_err(|error| error.to_string())?;
    let inner = [framed(kind.as_bytes()), framed(made), trailer.to_vec()].concat();
    let parts: [&[u8]; 5] =
        [&key, signature.namespace().as_bytes(), signature.reserved(), hash.as_bytes(), &inner];
    let head = [b"SSHSIG".as_slice(), &SshSig::VERSION.to_be_bytes()].concat();
    let all = parts.into_iter().fold(head, |all, part| [all, framed(part)].concat());
    Ok(armoured(&STANDARD.encode(&all)))
}

/// Bytes with their number before them, as SSH writes a string.
fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), bytes].concat()
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
