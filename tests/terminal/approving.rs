//! `bowline approve` at a terminal: what would be signed is read first, and nothing is signed before the person says so.

use crate::room::skipped;
use crate::seat::{Seat, Site};

/// A run that waits for an approval of ana's, and its id. Her private key is away: whatever would sign now, fails.
fn asked() -> Option<(Site, String)> {
    let site = Site::new("approval \"Go\" need 1 from \"ops\" showing \"3 nodes\"\nlog \"on\"\n");
    let key = site.path("ana").display().to_string();
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "ana", "-f", &key])
        .status();
    if !made.is_ok_and(|made| made.success()) {
        skipped("signed approvals need ssh-keygen (apt install openssh-client)");
        return None;
    }
    let public = site.read("ana.pub");
    site.write(
        "bowline.toml",
        &format!("[people]\nana = \"{}\"\n[groups]\nops = [\"ana\"]\n", public.trim()),
    );
    assert_eq!(site.alone(&["run", "a.runbook"]).status.code(), Some(5));
    put(&site, "ana", "away");
    let id = site.run_id();
    Some((site, id))
}

/// Moves a key.
fn put(site: &Site, from: &str, to: &str) {
    std::fs::rename(site.path(from), site.path(to)).unwrap();
}

/// At the question, with all that would be signed above it.
fn at_the_question(site: &Site, args: &[&str], question: &str) -> Seat {
    let mut seat = site.sits_down_with(("USER", "ana"), args);
    for shown in ["approval  Go\n", "| 3 nodes\n", "decision  "] {
        seat.sees(shown);
    }
    seat.sees(question);
    seat
}

fn handed_in(site: &Site, id: &str) -> usize {
    std::fs::read_dir(site.path(&format!("journal/runs/{id}/inbox"))).map_or(0, Iterator::count)
}

#[test]
fn a_signature_is_made_only_after_the_person_says_so() {
    let Some((site, id)) = asked() else { return };
    let words = ["approve", &id, "--key", "ana"];
    let mut seat = at_the_question(&site, &words, "? Sign this, to approve it?");
    assert_eq!(handed_in(&site, &id), 0);
    put(&site, "away", "ana");
    seat.types("yes");
    seat.sees("ana approved");
    assert_eq!((seat.leaves(), handed_in(&site, &id)), (Some(0), 1), "{}", seat.shown());
    assert_eq!(site.alone(&["resume", &id]).status.code(), Some(0));
}

#[test]
fn whoever_says_no_or_leaves_has_signed_nothing() {
    let Some((site, id)) = asked() else { return };
    put(&site, "away", "ana");
    for leave in ["no\n", "\u{4}"] {
        let words = ["approve", &id, "--key", "ana", "--reject", "too late"];
        let mut seat = at_the_question(&site, &words, "? Sign this, to reject it?");
        seat.sees("] ");
        seat.hits(leave.as_bytes());
        seat.sees("nothing was signed");
        assert_eq!((seat.leaves(), handed_in(&site, &id)), (Some(1), 0), "{}", seat.shown());
    }
    assert!(!String::from_utf8_lossy(&site.alone(&["show", &id]).stdout).contains("rejected"));
}

/// A request that came from elsewhere, signed where there is no journal.
#[test]
fn a_request_is_signed_only_after_the_person_says_so() {
    let Some((site, id)) = asked() else { return };
    let made = site.alone(&["approve", &id, "--request", "--out", "go.approval"]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let words = ["approve", "--sign", "go.approval", "--key", "ana", "--out", "signed.approval"];
    let mut seat = at_the_question(&site, &words, "? Sign this, to approve it?");
    assert!(!site.path("signed.approval").exists());
    put(&site, "away", "ana");
    seat.types("yes");
    assert_eq!(seat.leaves(), Some(0), "{}", seat.shown());
    assert!(site.read("signed.approval").contains("-----BEGIN SSH SIGNATURE-----"));
    assert_eq!(site.alone(&["approve", "--import", "signed.approval"]).status.code(), Some(0));
    assert_eq!(site.alone(&["resume", &id]).status.code(), Some(0));
}
