//! Both ways with OpenSSH's own programs: what it signs counts here, what is signed here it verifies.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::site::{Site, has_openssh};
use crate::wait::until;

const GO: &str = "approval \"Go\" need 1 from \"ops\"\n";
const NAMESPACE: &str = "bowline-approval@v1";

/// Every kind of key that ssh-keygen makes by itself.
const KINDS: [&[&str]; 5] = [
    &["-t", "ed25519"],
    &["-t", "ecdsa", "-b", "256"],
    &["-t", "ecdsa", "-b", "384"],
    &["-t", "ecdsa", "-b", "521"],
    &["-t", "rsa", "-b", "2048"],
];

fn keygen(args: &[&str], input: Option<&Path>) -> (bool, String) {
    let stdin = input.map_or_else(Stdio::null, |file| std::fs::File::open(file).unwrap().into());
    let output = Command::new("ssh-keygen").args(args).stdin(stdin).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn ssh_keygen_signs_and_bowline_counts_with_every_kind_of_key() {
    if !has_openssh() {
        return;
    }
    for kind in KINDS {
        let site = Site::with(GO, &[], "");
        site.make_key("ana", kind);
        let config = format!("[people]\nana = \"{}\"\n[groups]\nops = [\"ana\"]\n", site.public("ana"));
        site.write("bowline.toml", &config);
        let id = site.waits();
        let request = site.request(&id, &[]).display().to_string();
        let key = site.path("ana").display().to_string();
        let (signed, said) = keygen(&["-Y", "sign", "-n", NAMESPACE, "-f", &key, &request], None);
        assert!(signed, "{said}");
        let (code, said) = site.by("ana", &["approve", "--import", &request]);
        assert_eq!(code, Some(0), "{kind:?}: {said}");
        assert_eq!(site.resume(&id, &[]).0, Some(0));
    }
}

#[test]
fn a_request_and_its_signature_may_lie_side_by_side_in_the_inbox() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let run = site.driven(&["--inbox", "shared"]);
    let id = site.id();
    let request = site.request(&id, &["--out", "shared/go.approval"]).display().to_string();
    let key = site.path("ana").display().to_string();
    let (signed, said) = keygen(&["-Y", "sign", "-n", NAMESPACE, "-f", &key, &request], None);
    assert!(signed, "{said}");
    let (code, said) = run.ends();
    assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
}

#[test]
fn bowline_signs_and_ssh_keygen_verifies() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let signed = std::fs::read_to_string(site.signed("ana", &site.request(&id, &[]), &[])).unwrap();
    let at = signed.find("-----BEGIN SSH SIGNATURE-----").unwrap();
    site.write("text", &signed[..at]);
    site.write("text.sig", &signed[at..]);
    site.write("allowed", &format!("ana {}\n", site.public("ana")));
    let (allowed, sig) =
        (site.path("allowed").display().to_string(), site.path("text.sig").display().to_string());
    let words = ["-Y", "verify", "-f", &allowed, "-I", "ana", "-n", NAMESPACE, "-s", &sig];
    let (verified, said) = keygen(&words, Some(&site.path("text")));
    assert!(verified && said.contains("Good"), "{said}");
    site.write("text", &signed[..at].replace("approve\n", "reject\n"));
    assert!(!keygen(&words, Some(&site.path("text"))).0);
}

/// What the journal keeps is enough for somebody else to verify it, without bowline.
#[test]
fn what_is_recorded_can_be_verified_by_anybody() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(0));
    let events = site.events();
    let facts = events.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let facts: Vec<_> = facts.map(|event| event["fact"].clone()).collect();
    let of = |kind: &str| facts.iter().find_map(|fact| fact.get(kind)).unwrap().clone();
    let (roster, vote) = (of("enrolled")["roster"].clone(), of("voted")["vote"].clone());
    let signers: Vec<&str> =
        roster["signers"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    site.write("allowed", &(signers.join("\n") + "\n"));
    site.write("text", vote["statement"].as_str().unwrap());
    site.write("text.sig", vote["signature"].as_str().unwrap());
    let (allowed, sig) =
        (site.path("allowed").display().to_string(), site.path("text.sig").display().to_string());
    let words = ["-Y", "verify", "-f", &allowed, "-I", "ana", "-n", NAMESPACE, "-s", &sig];
    let (verified, said) = keygen(&words, Some(&site.path("text")));
    assert!(verified, "{said}");
}

/// An agent of its own, for as long as it is needed.
struct Agent {
    child: std::process::Child,
    socket: String,
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_agent_signs_without_the_key_at_hand() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let socket = site.path("agent").display().to_string();
    let child = Command::new("ssh-agent").args(["-D", "-a", &socket]).stdout(Stdio::null()).spawn();
    let Ok(child) = child else {
        eprintln!("SKIPPED: signing by an agent needs ssh-agent (apt install openssh-client)");
        return;
    };
    let agent = Agent { child, socket };
    until("the agent", || Path::new(&agent.socket).exists());
    // An agent may hold other keys as well.
    site.make_key("other", &["-t", "ed25519"]);
    for name in ["other", "ana"] {
        let added = Command::new("ssh-add").arg(site.path(name)).env("SSH_AUTH_SOCK", &agent.socket).output();
        assert!(added.unwrap().status.success());
    }
    std::fs::remove_file(site.path("ana")).unwrap();
    let (code, said) = site.with_agent("ana", &agent.socket, &["approve", &id]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.resume(&id, &[]).0, Some(0));
}
