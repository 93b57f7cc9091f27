//! Public keys as OpenSSH writes them: `type base64 comment`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The kinds of key that can sign.
const KINDS: [&str; 7] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// The key without its comment: what tells two keys apart.
///
/// # Errors
/// Why it is none, to follow "this is no public key: ".
pub(super) fn identity(text: &str) -> Result<String, String> {
    let mut words = text.split_whitespace();
    let (Some(kind), Some(body)) = (words.next(), words.next()) else {
        return Err("it has a type and a long word, as in `ssh-ed25519 AAAAC3Nz…`".to_owned());
    };
    if kind == "ssh-dss" {
        return Err("`ssh-dss` is too weak; make a new one with `ssh-keygen -t ed25519`".to_owned());
    }
    if !KINDS.contains(&kind) {
        return Err(format!("`{kind}` is none of {}", KINDS.join(", ")));
    }
    let bytes = STANDARD.decode(body).map_err(|_| "its second word is damaged (no base64)".to_owned())?;
    match inner_kind(&bytes) {
        Some(inner) if inner == kind.as_bytes() && bytes.len() > kind.len() + 8 => {
            Ok(format!("{kind} {body}"))
        }
        Some(_) => Err(format!("it says `{kind}`, and its second word says otherwise")),
        None => Err("its second word is cut off".to_owned()),
    }
}

/// The kind that stands in the key itself: a length of four bytes, then so many.
fn inner_kind(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
