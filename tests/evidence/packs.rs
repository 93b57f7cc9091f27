//! Runs of every end, packed and verified.

use super::made::{self, files, found};
use super::site::{self, CANARY, Site};

/// The end that is told of it, how it is made, whether it is open.
type Run = (&'static str, fn() -> Site, bool);

#[test]
fn a_run_is_packed_however_it_ended() {
    let runs: [Run; 7] = [
        ("completed", site::completed, false),
        ("rolled-back", site::rolled_back, false),
        ("rolled-back", site::cancelled, false),
        ("failed-kept", site::kept, false),
        ("stuck", site::stuck, true),
        ("waiting", site::waiting, true),
        ("open", Site::killed, true),
    ];
    for (end, run, open) in runs {
        let site = run();
        let (pack, bytes) = site.pack();
        let said = site.verify(&pack, &[]);
        assert_eq!(said.code, Some(0), "{end}: {}", said.out);
        assert!(said.out.lines().next().unwrap().ends_with(end), "{end}: {}", said.out);
        assert_eq!(said.out.contains("the run was not over"), open, "{end}: {}", said.out);
        assert!(said.out.ends_with("\nverified\n") && said.out.contains("unsigned"), "{}", said.out);
        let canary = memchr::memmem::find(&bytes, CANARY.as_bytes());
        assert_eq!(canary, None, "{end}: the secret is in it");
    }
}

#[test]
fn a_pack_holds_all_that_belongs_to_a_run() {
    let names: Vec<String> = files(&made::PACK).into_iter().map(|file| file.name).collect();
    let head = ["report.html", "report.md", "run.json", "plan.json", "events.jsonl"];
    assert_eq!(names[..5], head);
    assert_eq!(names[5..7], ["sources/001-a.runbook", "sources/002-tools.runbook"]);
    assert!(names.iter().filter(|name| name.starts_with("outputs/")).count() >= 4, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.ends_with("-goods.txt")).count(), 1, "{names:?}");
    assert_eq!(names.last().unwrap(), "statement.json");
}

#[test]
fn packed_again_it_is_the_same_bytes() {
    let site = site::completed();
    assert!(site.pack().1 == site.pack().1);
}

#[test]
fn its_name_is_made_where_none_is_given_and_it_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let site = site::completed();
    let id = site.id();
    assert_eq!(site.bowline(&["evidence", &id]).code, Some(0));
    let pack = site.path(&format!("bowline-evidence-{id}.tar"));
    assert_eq!(std::fs::metadata(&pack).unwrap().permissions().mode() & 0o777, 0o600);
    let unfolded = std::process::Command::new("tar").arg("xf").arg(&pack).current_dir(site.root()).status();
    assert!(unfolded.unwrap().success(), "the system's own tar takes it");
    let goods = site.path(&format!("bowline-evidence-{id}/report.html"));
    assert!(std::fs::read_to_string(goods).unwrap().contains("Move the shop"));
    let left = std::fs::read_dir(site.root()).unwrap().filter_map(Result::ok);
    let hidden = left.filter(|file| file.file_name().to_string_lossy().starts_with('.')).count();
    assert_eq!(hidden, 0, "nothing half written stays");
}

#[test]
fn the_head_that_was_noted_is_found_again() {
    let site = Site::killed();
    let head = site.bowline(&["evidence", &site.id(), "-o", "early.tar"]).word("head ");
    assert_eq!(site.bowline(&["resume", &site.id()]).code, Some(0));
    let (pack, _) = site.pack();
    let said = site.verify(&pack, &["--head", &head.to_uppercase()]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert!(said.out.contains("the noted head is event "), "{}", said.out);
    assert!(!said.out.contains("cannot be told"), "{}", said.out);
    let early = site.verify(&site.path("early.tar"), &["--head", &site.verify(&pack, &[]).word("head ")]);
    assert_eq!(early.code, Some(1), "a pack without the events since then");
    assert!(early.out.contains("✗ the head that was noted is not in the chain"), "{}", early.out);
}

#[test]
fn what_the_journal_lost_is_named_and_the_pack_is_written_all_the_same() {
    let site = site::completed();
    let outputs = site.path(&format!("journal/runs/{}/outputs", site.id()));
    let mut files: Vec<_> = std::fs::read_dir(outputs).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    std::fs::remove_file(&files[0]).unwrap();
    std::fs::write(&files[1], "another output\n").unwrap();
    let said = site.bowline(&["evidence", &site.id(), "-o", "pack.tar"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    for file in &files[..2] {
        let name = format!("outputs/{}", file.file_name().unwrap().to_str().unwrap());
        assert!(said.err.contains(&name), "{name}: {}", said.err);
        let verified = site.verify(&site.path("pack.tar"), &[]);
        assert_eq!(verified.code, Some(1));
        assert!(verified.out.contains(&format!("✗ {name} ")), "{}", verified.out);
    }
}

#[test]
fn what_cannot_be_packed_or_read_is_said() {
    let site = site::completed();
    assert_eq!(site.bowline(&["evidence", "zzzzz"]).code, Some(2));
    let nowhere = site.bowline(&["evidence", &site.id(), "-o", "no/such/folder/pack.tar"]);
    assert_eq!(nowhere.code, Some(70), "{}", nowhere.err);
    assert!(nowhere.err.contains("no/such/folder/pack.tar cannot be written"), "{}", nowhere.err);
    assert_eq!(site.bowline(&["verify", "none.tar"]).code, Some(2));
    assert_eq!(site.bowline(&["verify", "."]).code, Some(2), "a folder");
    let (pack, _) = site.pack();
    assert_eq!(site.verify(&pack, &["--head", "12"]).code, Some(2));
}

#[test]
fn a_pack_comes_from_a_pipe_too() {
    let site = site::completed();
    let (pack, _) = site.pack();
    let mut command = site.command(&["verify", "-"]);
    let said = command.stdin(std::fs::File::open(pack).unwrap()).output().unwrap();
    assert_eq!(said.status.code(), Some(0));
}

#[test]
fn whoever_makes_the_whole_pack_can_make_it_fit() {
    // That is what "unsigned: consistency only" means: nothing is found, and the verdict says so.
    let pack = super::tampered::made_by_somebody_else(&made::PACK, "olga", "ivan");
    assert_eq!(found(&pack), [""; 0]);
    let site = site::completed();
    std::fs::write(site.path("other.tar"), pack).unwrap();
    let said = site.verify(&site.path("other.tar"), &[]);
    assert!(said.out.contains("whoever made it could have made all of it"), "{}", said.out);
}
