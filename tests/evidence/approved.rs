//! What people signed stands in the pack, OpenSSH takes it as it is, and a vote that was made up is found.

use std::process::Command;

use super::made::{File, archive, changed, files, folder, found};
use super::site::Site;
use super::tampered::remade;

const RULE: &str = "approval \"Go\" need 1 from \"ops\" showing \"three nodes are up\"";

/// A pack of a run that ana approved with her key, and where it was made.
fn approved() -> (Site, Vec<u8>) {
    let site = Site::new(RULE);
    site.make_key("ana", "ed25519");
    let key = std::fs::read_to_string(site.path("ana.pub")).unwrap();
    site.write("bowline.toml", &format!("[people]\nana = \"{}\"\n\n[groups]\nops = [\"ana\"]\n", key.trim()));
    let site = site.run(5);
    let id = site.id();
    let said = site.bowline_as("ana", &["approve", &id, "--key", "ana", "--note", "looks fine"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(site.bowline(&["resume", &id]).code, Some(0));
    let pack = site.pack().1;
    (site, pack)
}

fn of_approvals(pack: &[u8]) -> Vec<File> {
    files(pack).into_iter().filter(|file| file.name.starts_with("approvals/")).collect()
}

#[test]
fn openssh_takes_a_vote_out_of_the_pack_as_it_is() {
    let (site, pack) = approved();
    let there = of_approvals(&pack);
    let names: Vec<String> = there.iter().map(|file| file.name.replace("approvals/", "")).collect();
    let [keys, request, vote, signature] = names.as_slice() else { panic!("{names:?}") };
    assert_eq!(keys, "allowed_signers");
    assert!(request.ends_with("-request.txt") && vote.ends_with("-1-ana.txt"), "{names:?}");
    assert_eq!(*signature, format!("{vote}.sig"));
    for (file, name) in there.iter().zip(&names) {
        std::fs::write(site.path(name), &file.bytes).unwrap();
    }
    let mut verify = Command::new("ssh-keygen");
    verify.args(["-Y", "verify", "-I", "ana", "-n", "bowline-approval@v1", "-f", keys, "-s", signature]);
    verify.current_dir(site.path(".")).stdin(std::fs::File::open(site.path(vote)).unwrap());
    let said = verify.output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let text = |name: &str| std::fs::read_to_string(site.path(name)).unwrap();
    assert!(text(vote).starts_with(&text(request)) && text(vote).contains("looks fine"), "{}", text(vote));
    assert_eq!(found(&pack), [""; 0]);
}

/// What was put before whoever signed stands beside what they said.
#[test]
fn the_report_tells_what_was_shown_to_whoever_approved() {
    let (site, _) = approved();
    let report = site.bowline(&["show", "--format", "markdown"]).out;
    let people = report.split("## Who said what").nth(1).unwrap().split("\n## ").next().unwrap();
    let row = people.lines().find(|line| line.contains("| ana, signed with")).unwrap_or_default();
    assert!(row.contains("looks fine") && row.ends_with("| Go<br>three nodes are up |"), "{people}");
}

#[test]
fn a_vote_that_was_made_up_is_found_even_where_all_else_fits() {
    let (_, pack) = approved();
    for (from, to) in [("looks fine", "looks poor"), ("\"person\":\"ana\"", "\"person\":\"eve\"")] {
        let made_up = remade(&pack, |bodies| {
            let vote = bodies.iter_mut().find(|body| body.contains("\"voted\"")).unwrap();
            assert!(vote.contains(from), "{vote}");
            *vote = vote.replace(from, to);
        });
        let found = found(&made_up);
        assert!(
            found.iter().any(|line| line.starts_with("event ") && line.contains("does not count")),
            "{found:?}"
        );
    }
}

#[test]
fn a_vote_from_another_run_does_not_count_in_a_pack() {
    let ((_, pack), (_, other)) = (approved(), approved());
    let vote = |pack: &[u8]| {
        let events = files(pack).into_iter().find(|file| file.name == "events.jsonl").unwrap().bytes;
        let text = String::from_utf8(events).unwrap();
        text.lines().find(|body| body.contains("\"voted\"")).unwrap().to_owned()
    };
    let theirs = vote(&other);
    let moved = remade(&pack, |bodies| {
        let own = bodies.iter_mut().find(|body| body.contains("\"voted\"")).unwrap();
        *own = theirs.clone();
    });
    let found = found(&moved);
    assert!(found.iter().any(|line| line.contains("it is for run")), "{found:?}");
}

#[test]
fn a_file_of_an_approval_that_differs_from_its_event_is_named() {
    let (_, pack) = approved();
    for file in of_approvals(&pack) {
        let other = changed(&pack, &file.name, |mut bytes| {
            bytes.push(b'\n');
            bytes
        });
        assert!(found(&other).iter().any(|line| line.starts_with(&file.name)), "{}", file.name);
        let rest: Vec<File> = files(&pack).into_iter().filter(|one| one.name != file.name).collect();
        assert!(found(&archive(&folder(&pack), &rest)).iter().any(|line| line.starts_with(&file.name)));
    }
}

#[test]
fn the_report_names_who_voted_and_with_which_key() {
    let (_, pack) = approved();
    let report = |name: &str| {
        let file = files(&pack).into_iter().find(|file| file.name == name).unwrap();
        String::from_utf8(file.bytes).unwrap()
    };
    for name in ["report.md", "report.html"] {
        let text = report(name);
        assert!(text.contains("ana, signed with SHA256:"), "{text}");
    }
}
