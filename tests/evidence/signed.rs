//! Signed packs: by OpenSSH's own keys, and checked by OpenSSH's own program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bowline::evidence::{Envelope, pae};
use proptest::prelude::*;

use super::made::{File, archive, files, folder};
use super::site::{self, Said, Site};

/// A site with a run that was rolled back, and keys of two people.
struct Office {
    site: Site,
}

const NAMESPACE: &str = "bowline-evidence@v1";

impl Office {
    fn new() -> Self {
        let office = Self { site: site::rolled_back() };
        for name in ["ana", "eve"] {
            office.key(name, "ed25519");
        }
        office.signers("ana@example.org", "ana", "");
        office
    }

    fn key(&self, name: &str, kind: &str) {
        self.site.make_key(name, kind);
    }

    /// The file of allowed signers, with one.
    fn signers(&self, who: &str, key: &str, options: &str) {
        let key = std::fs::read_to_string(self.site.path(&format!("{key}.pub"))).unwrap();
        self.site.write("signers", &format!("{who} {options} {key}"));
    }

    /// The pack, signed by somebody.
    fn sign(&self, by: &str) -> PathBuf {
        let said = self.site.bowline(&["evidence", &self.site.id(), "-o", "pack.tar", "--sign", "--key", by]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        self.site.path("pack.tar")
    }

    fn verify(&self, pack: &Path) -> Said {
        self.site.verify(pack, &["--signers", "signers"])
    }

    /// What is said of the pack with another content.
    fn said_of(&self, bytes: Vec<u8>) -> Said {
        std::fs::write(self.site.path("other.tar"), bytes).unwrap();
        self.verify(&self.site.path("other.tar"))
    }
}

fn file(pack: &[u8], name: &str) -> Vec<u8> {
    files(pack).into_iter().find(|file| file.name == name).unwrap().bytes
}

#[test]
fn who_signed_is_told_by_the_signers() {
    let office = Office::new();
    let pack = office.sign("ana");
    let said = office.verify(&pack);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert!(said.out.contains("✓ signed by ana@example.org (SHA256:"), "{}", said.out);
    let unknown = office.site.verify(&pack, &[]);
    assert_eq!(unknown.code, Some(0), "{}", unknown.out);
    assert!(unknown.out.contains("whose it is only `--signers FILE` can tell"), "{}", unknown.out);
}

#[test]
fn openssh_accepts_the_signature() {
    let office = Office::new();
    for kind in ["ed25519", "ecdsa", "rsa"] {
        let name = format!("bo-{kind}");
        office.key(&name, kind);
        let pack = std::fs::read(office.sign(&name)).unwrap();
        let envelope: Envelope = serde_json::from_slice(&file(&pack, "statement.dsse.json")).unwrap();
        // As docs/evidence.md says: the base64 of the signature, folded, between the armour's lines.
        let body: Vec<&str> = envelope.signatures[0]
            .sig
            .as_bytes()
            .chunks(70)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let armoured =
            format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", body.join("\n"));
        office.site.write("pack.sig", &armoured);
        std::fs::write(office.site.path("signed"), pae(&file(&pack, "statement.json"))).unwrap();
        office.signers("bo@example.org", &name, "");
        let mut verify = Command::new("ssh-keygen");
        verify.args([
            "-Y",
            "verify",
            "-I",
            "bo@example.org",
            "-n",
            NAMESPACE,
            "-f",
            "signers",
            "-s",
            "pack.sig",
        ]);
        verify
            .current_dir(office.site.root())
            .stdin(std::fs::File::open(office.site.path("signed")).unwrap());
        let said = verify.output().unwrap();
        assert!(said.status.success(), "{kind}: {}", String::from_utf8_lossy(&said.stderr));
        assert_eq!(office.verify(&office.site.path("pack.tar")).code, Some(0), "{kind}");
    }
}

#[test]
fn a_key_counts_for_its_owner_its_purpose_and_its_time() {
    let office = Office::new();
    let pack = office.sign("ana");
    for (key, options, why) in [
        ("eve", "", "is none of the signers'"),
        ("ana", "valid-before=\"20200101\"", "was valid until 2020"),
        ("ana", "valid-after=\"29990101\"", "is not valid before 2999"),
        ("ana", "namespaces=\"git\"", "is for the namespaces git"),
        ("ana", "cert-authority", "certificate authority"),
    ] {
        office.signers("ana@example.org", key, options);
        let said = office.verify(&pack);
        assert_eq!(said.code, Some(1), "{options}: {}", said.out);
        assert!(said.out.contains(why), "{options}: {}", said.out);
    }
    office.signers("ana@example.org", "ana", "namespaces=\"git,bowline-*\",valid-after=\"20200101Z\"");
    assert_eq!(office.verify(&pack).code, Some(0));
    office.site.write("signers", "nonsense\n");
    assert_eq!(office.verify(&pack).code, Some(2));
}

#[test]
fn a_signature_for_something_else_is_none() {
    let office = Office::new();
    let pack = std::fs::read(office.sign("ana")).unwrap();
    let statement = file(&pack, "statement.json");
    std::fs::write(office.site.path("signed"), pae(&statement)).unwrap();
    let mut sign = Command::new("ssh-keygen");
    sign.args(["-q", "-Y", "sign", "-n", "bowline-approval@v1", "-f", "ana", "signed"])
        .current_dir(office.site.root());
    assert!(sign.stderr(Stdio::null()).status().unwrap().success());
    let armoured = std::fs::read_to_string(office.site.path("signed.sig")).unwrap();
    let sig: String = armoured.lines().filter(|line| !line.starts_with('-')).collect();
    let mut all = files(&pack);
    let envelope = all.last_mut().unwrap();
    let mut json: Envelope = serde_json::from_slice(&envelope.bytes).unwrap();
    json.signatures[0].sig = sig;
    envelope.bytes = (serde_json::to_string_pretty(&json).unwrap() + "\n").into_bytes();
    let said = office.said_of(archive(&folder(&pack), &all));
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("it is signed for `bowline-approval@v1`"), "{}", said.out);
}

#[test]
fn a_pack_that_must_be_signed_and_is_not_is_refused() {
    let office = Office::new();
    let pack = std::fs::read(office.sign("ana")).unwrap();
    let unsigned: Vec<File> =
        files(&pack).into_iter().filter(|file| file.name != "statement.dsse.json").collect();
    let said = office.said_of(archive(&folder(&pack), &unsigned));
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("✗ the pack is not signed"), "{}", said.out);
}

/// Whoever makes the statement anew, so that everything fits, is told by the signature.
#[test]
fn a_signed_statement_is_the_measure_even_where_another_one_fits() {
    let office = Office::new();
    let pack = std::fs::read(office.sign("ana")).unwrap();
    let mut forged = files(&super::tampered::made_by_somebody_else(&pack, "olga", "ivan"));
    forged.retain(|file| file.name != "statement.dsse.json");
    forged.push(files(&pack).pop().unwrap());
    let said = office.said_of(archive(&folder(&pack), &forged));
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.out.contains("✗ event 1 was changed"), "the event is named: {}", said.out);
    assert!(
        said.out.contains("statement.json was changed: it is not the one that was signed"),
        "{}",
        said.out
    );
}

/// Whether something is found in a pack of which a bit was changed.
fn is_found(pack: &[u8], at: usize, bit: u32) -> bool {
    let mut other = pack.to_vec();
    other[at] ^= 1 << bit;
    let judge = |bytes: &[u8], signature: &bowline::evidence::Signature| {
        bowline::sign::made(bytes, &bowline::sign::armoured(&signature.sig), NAMESPACE).and_then(|made| {
            if made.fingerprint == signature.keyid { Ok(made.key) } else { Err("another key".into()) }
        })
    };
    !bowline::evidence::verify(other.as_slice(), None, &judge).unwrap().findings.is_empty()
}

#[test]
fn any_changed_byte_of_a_signed_pack_is_a_no() {
    let office = Office::new();
    let pack = std::fs::read(office.sign("ana")).unwrap();
    let begins = pack.len() - 1024 - file(&pack, "statement.dsse.json").len().div_ceil(512) * 512 - 512;
    proptest!(ProptestConfig::with_cases(150), |(at in begins..pack.len(), bit in 0..8_u32)| {
        prop_assert!(is_found(&pack, at, bit), "byte {at}");
    });
}

/// Also those that nothing signs: its version, and the lengths of its parts.
#[test]
fn any_changed_letter_of_a_signature_is_a_no() {
    let office = Office::new();
    let pack = std::fs::read(office.sign("ana")).unwrap();
    let begins = memchr::memmem::rfind(&pack, b"\"sig\": \"").unwrap() + 8;
    let ends = begins + memchr::memchr(b'"', &pack[begins..]).unwrap();
    for (at, bit) in (begins..ends).flat_map(|at| [1, 3, 4].map(|bit| (at, bit))) {
        assert!(is_found(&pack, at, bit), "letter {} of the signature, bit {bit}", at - begins);
    }
}

#[test]
fn what_cannot_be_signed_is_not_packed() {
    let office = Office::new();
    let id = office.site.id();
    let said = office.site.bowline(&["evidence", &id, "-o", "pack.tar", "--sign", "--key", "no-such-key"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("no-such-key") && !office.site.path("pack.tar").exists(), "{}", said.err);
    let mut nobody = office.site.command(&["evidence", &id, "--sign"]);
    let said = nobody.env("HOME", office.site.root()).env_remove("SSH_AUTH_SOCK").output().unwrap();
    let err = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(2), "{err}");
    assert!(err.contains("name yours with --key FILE"), "{err}");
    assert_eq!(office.site.bowline(&["evidence", &id, "--key", "ana"]).code, Some(2), "a key without --sign");
}
