//! The envelope that carries a signed statement: DSSE, with a signature in the form of OpenSSH (SSHSIG).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What the payload is.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What the signatures are for: one made for something else (a commit, an approval) signs no evidence.
pub const NAMESPACE: &str = "bowline-evidence@v1";

/// A signed statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// The statement, in base64.
    pub payload: String,
    /// [`PAYLOAD_TYPE`].
    pub payload_type: String,
    /// Who signed.
    pub signatures: Vec<Signature>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Fingerprint of the key, `SHA256:…`.
    pub keyid: String,
    /// An SSHSIG over [`pae`], in base64: what stands between the lines of an armoured one.
    pub sig: String,
}

/// What is signed: payload and type, each with its length (DSSE's pre-authentication encoding).
#[must_use]
pub fn pae(payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// An envelope around a payload.
    pub(super) fn around(payload: &[u8], signatures: Vec<Signature>) -> Self {
        Self { payload: STANDARD.encode(payload), payload_type: PAYLOAD_TYPE.into(), signatures }
    }

    /// As it stands in a pack.
    pub(super) fn text(&self) -> String {
        // Texts are JSON; were they not, the text would not be read again.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The envelope of a text that is exactly how it would be written; else why it is none.
    pub(super) fn read(text: &[u8]) -> Result<Self, String> {
        let envelope: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if envelope.text().as_bytes() != text {
            return Err("it is not written as bowline writes it".into());
        }
        for signature in &envelope.signatures {
            let read = STANDARD.decode(&signature.sig);
            read.map_err(|error| format!("its signature cannot be read: {error}"))?;
        }
        Ok(envelope)
    }

    /// What it carries.
    pub(super) fn payload(&self) -> Result<Vec<u8>, String> {
        if self.payload_type != PAYLOAD_TYPE {
            return Err(format!("it carries something else than `{PAYLOAD_TYPE}`"));
        }
        STANDARD.decode(&self.payload).map_err(|error| format!("what it carries cannot be read: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_has_the_lengths_in_it() {
        assert_eq!(pae(b"{}"), b"DSSEv1 28 application/vnd.in-toto+json 2 {}");
    }

    #[test]
    fn an_envelope_is_read_as_it_was_written() {
        let signature = Signature { keyid: "SHA256:x".into(), sig: "AAAA".into() };
        let envelope = Envelope::around(b"{}", vec![signature]);
        assert_eq!(envelope.payload(), Ok(b"{}".to_vec()));
        assert_eq!(Envelope::read(envelope.text().as_bytes()), Ok(envelope.clone()));
        let spaced = envelope.text().replace(": ", ":  ");
        assert!(Envelope::read(spaced.as_bytes()).unwrap_err().contains("not written as"));
        for wrong in ["AA\nAA", " AAAA", "AAAB\r\n", "AB=="] {
            let signature = Signature { keyid: "SHA256:x".into(), sig: wrong.into() };
            let text = Envelope::around(b"{}", vec![signature]).text();
            assert!(Envelope::read(text.as_bytes()).unwrap_err().contains("cannot be read"), "{wrong:?}");
        }
    }
}
