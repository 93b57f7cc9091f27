//! Keys on hardware (`sk-…`). There is none here: a key in a file signs what such a key signs, by the letter of OpenSSH's
//! PROTOCOL.u2f and PROTOCOL.sshsig, and OpenSSH's own verifier says whether that is right.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use ssh_key::private::KeypairData;
use ssh_key::public::{KeyData, SkEcdsaSha2NistP256, SkEd25519};
use ssh_key::sha2::{Digest, Sha256};
use ssh_key::{HashAlg, PrivateKey, PublicKey, Signature, SigningKey, SshSig};

use crate::site::{Ended, Site, has_openssh};

const GO: &str = "approval \"Go\" need 1 from \"ops\"\n";
const NAMESPACE: &str = "bowline-approval@v1";

/// Somebody touched it; it asked for a PIN as well.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;

/// A key that pretends to be on hardware.
struct Token {
    inner: PrivateKey,
    kind: &'static str,
    public: KeyData,
    application: &'static str,
}

impl Token {
    /// Made of an ordinary key of ssh-keygen's.
    fn of(site: &Site, file: &str, application: &'static str) -> Self {
        let inner = PrivateKey::read_openssh_file(&site.path(file)).unwrap();
        let (kind, public) = match inner.key_data() {
            KeypairData::Ed25519(pair) => {
                ("sk-ssh-ed25519@openssh.com", SkEd25519::new(pair.public, application).into())
            }
            KeypairData::Ecdsa(pair) => {
                let ssh_key::public::EcdsaPublicKey::NistP256(point) = pair.into() else {
                    panic!("a P-256 key")
                };
                let public = SkEcdsaSha2NistP256::new(point, application);
                ("sk-ecdsa-sha2-nistp256@openssh.com", KeyData::SkEcdsaSha2NistP256(public))
            }
            other => panic!("no key of hardware: {other:?}"),
        };
        Self { inner, kind, public, application }
    }

    fn line(&self) -> String {
        PublicKey::from(self.public.clone()).to_openssh().unwrap()
    }

    /// The signature as ssh-keygen would write it; `told` are the flags and the count that it says it signed.
    fn sign(&self, text: &[u8], signed: (u8, u32), told: (u8, u32)) -> String {
        let trailer = |(flags, count): (u8, u32)| [&[flags], count.to_be_bytes().as_slice()].concat();
        let message = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, text).unwrap();
        let (application, message) = (Sha256::digest(self.application), Sha256::digest(message));
        let all = [application.as_slice(), &trailer(signed), message.as_slice()].concat();
        let made = raw(&self.inner, &all);
        let inner = [string(self.kind.as_bytes()), string(made.as_bytes()), trailer(told)].concat();
        let key = PublicKey::from(self.public.clone()).to_bytes().unwrap();
        let parts: [&[u8]; 5] = [&key, NAMESPACE.as_bytes(), b"", b"sha512", &inner];
        let mut blob = b"SSHSIG\x00\x00\x00\x01".to_vec();
        parts.into_iter().for_each(|part| blob.extend(string(part)));
        let lines = wrapped(&blob);
        format!("-----BEGIN SSH SIGNATURE-----\n{lines}-----END SSH SIGNATURE-----\n")
    }
}

/// The bare signature over bytes.
fn raw<K: SigningKey>(key: &K, bytes: &[u8]) -> Signature {
    key.try_sign(bytes).unwrap()
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// Base64 in lines.
fn wrapped(bytes: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines = text.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap());
    lines.fold(String::new(), |all, line| all + line + "\n")
}

/// A run that waits for ana, whose key that is.
struct Waits {
    site: Site,
    token: Token,
    id: String,
    request: PathBuf,
    text: String,
}

impl Waits {
    fn new(kind: &[&str], application: &'static str) -> Self {
        let site = Site::with(GO, &[], "");
        site.make_key("ana", kind);
        let token = Token::of(&site, "ana", application);
        let config = format!("[people]\nana = \"{}\"\n[groups]\nops = [\"ana\"]\n", token.line());
        site.write("bowline.toml", &config);
        let id = site.waits();
        let request = site.request(&id, &[]);
        let text = std::fs::read_to_string(&request).unwrap();
        Self { site, token, id, request, text }
    }

    fn imports(&self, signature: &str) -> Ended {
        std::fs::write(self.request.with_extension("approval.sig"), signature).unwrap();
        self.site.by("ana", &["approve", "--import", &self.request.display().to_string()])
    }

    /// What OpenSSH says to it.
    fn is_good_to_openssh(&self, signature: &str) -> bool {
        self.site.write("allowed", &format!("ana {}\n", self.token.line()));
        self.site.write("sig", signature);
        let text = std::fs::File::open(&self.request).unwrap();
        let mut command = Command::new("ssh-keygen");
        command.args(["-Y", "verify", "-I", "ana", "-n", NAMESPACE]);
        command.arg("-f").arg(self.site.path("allowed")).arg("-s").arg(self.site.path("sig"));
        let output = command.stdin(Stdio::from(text)).output().unwrap();
        output.status.success()
    }
}

const KINDS: [&[&str]; 2] = [&["-t", "ed25519"], &["-t", "ecdsa", "-b", "256"]];

#[test]
fn what_a_key_on_hardware_signed_counts_as_it_does_for_openssh() {
    if !has_openssh() {
        return;
    }
    for (kind, application) in KINDS.into_iter().zip(["ssh:", "ssh:bowline approvals"]) {
        let waits = Waits::new(kind, application);
        let said = (PRESENT | VERIFIED, 4711);
        let signature = waits.token.sign(waits.text.as_bytes(), said, said);
        assert!(waits.is_good_to_openssh(&signature), "{kind:?}");
        let (code, said) = waits.imports(&signature);
        assert_eq!(code, Some(0), "{kind:?}: {said}");
        assert_eq!(waits.site.resume(&waits.id, &[]).0, Some(0));
        // The pack says so again.
        assert_eq!(waits.site.by("olga", &["evidence", &waits.id, "-o", "p.tar"]).0, Some(0));
        let (code, said) = waits.site.by("olga", &["verify", "p.tar"]);
        assert_eq!(code, Some(0), "{said}");
    }
}

/// Flags and count are signed with the text.
#[test]
fn other_flags_and_another_count_than_were_signed_do_not_fit() {
    if !has_openssh() {
        return;
    }
    for kind in KINDS {
        let waits = Waits::new(kind, "ssh:");
        for told in [(PRESENT, 8), (PRESENT | VERIFIED, 7)] {
            let signature = waits.token.sign(waits.text.as_bytes(), (PRESENT, 7), told);
            assert!(!waits.is_good_to_openssh(&signature));
            let (code, said) = waits.imports(&signature);
            assert!(code == Some(1) && said.contains("the signature does not fit the text"), "{said}");
        }
        // Nor does one that was made for the key's use elsewhere.
        let elsewhere = Token { application: "ssh:elsewhere", ..Token::of(&waits.site, "ana", "ssh:") };
        let signature = elsewhere.sign(waits.text.as_bytes(), (PRESENT, 7), (PRESENT, 7));
        assert!(!waits.is_good_to_openssh(&signature));
        assert_eq!(waits.imports(&signature).0, Some(1));
    }
}

/// A key can be made that signs without being touched. OpenSSH takes that for a file, and not for a login; a yes is a person's.
#[test]
fn a_key_that_nobody_touched_says_no_yes() {
    if !has_openssh() {
        return;
    }
    for kind in KINDS {
        let waits = Waits::new(kind, "ssh:");
        for flags in [0, VERIFIED] {
            let signature = waits.token.sign(waits.text.as_bytes(), (flags, 1), (flags, 1));
            assert!(waits.is_good_to_openssh(&signature));
            let (code, said) = waits.imports(&signature);
            let why = "the key of ana signed without anybody touching it";
            assert!(code == Some(1) && said.contains(why), "{said}");
        }
        let (code, said) = waits.site.resume(&waits.id, &[]);
        assert_eq!(code, Some(5), "{said}");
    }
}

/// What a browser signs for such a key has another form; it is refused by its name.
#[test]
fn the_form_of_browsers_is_refused_by_name() {
    if !has_openssh() {
        return;
    }
    let waits = Waits::new(KINDS[1], "ssh:");
    let kind = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
    let token = Token { kind, ..Token::of(&waits.site, "ana", "ssh:") };
    let signature = token.sign(waits.text.as_bytes(), (PRESENT, 1), (PRESENT, 1));
    let (code, said) = waits.imports(&signature);
    assert!(code == Some(1) && said.contains("one of a browser (webauthn), which is not taken"), "{said}");
}
