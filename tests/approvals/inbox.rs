//! Folders where signed files are put: the run's own, and one that is shared.

use std::os::unix::fs::PermissionsExt;

use crate::site::{Site, has_openssh};
use crate::wait::until;

const GO: &str = "approval \"Go\" need 1 from \"ops\"\n";

#[test]
fn people_elsewhere_put_files_into_a_shared_folder() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let run = site.driven(&["--inbox", "shared"]);
    let id = site.id();
    site.signed_into("shared/ana.approval", "ana", &site.request(&id, &[]), &[]);
    let (code, said) = run.ends();
    assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
}

/// What a run is said to need.
fn needs(site: &Site) -> String {
    site.result("olga", &["runs"])
}

/// Nobody drives it: whoever looks sees what lies there, counted as the run will count it, and `resume` finds it unasked.
#[test]
fn a_vote_in_a_shared_folder_is_seen_while_nobody_drives_the_run() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 2 from \"ops\"\n");
    let (code, said) = site.by("olga", &["run", "a.runbook", "--inbox", "shared"]);
    assert_eq!(code, Some(5), "{said}");
    let id = site.id();
    let open = "approval `Go` from 2 of ops";
    assert!(needs(&site).ends_with(open), "{}", needs(&site));
    // Words without a signature, somebody else's signature, and one that was changed behind it are no votes.
    let request = site.request(&id, &[]);
    std::fs::copy(&request, site.path("shared/unsigned.approval")).unwrap();
    site.make_key("eve", &["-t", "ed25519"]);
    site.signed_into("shared/eve.approval", "eve", &request, &[]);
    let bo = site.signed_into("bo.approval", "bo", &request, &[]);
    let changed = site.read("bo.approval").replace("approve\n", "approve in full\n");
    site.write("shared/bo.approval", &changed);
    // What changed only now may not be whole.
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert!(needs(&site).ends_with(open), "{}", needs(&site));
    site.signed_into("shared/ana.approval", "ana", &request, &[]);
    until("ana is counted", || needs(&site).ends_with("approval `Go` from 2 of ops (1 of 2: ana)"));
    std::fs::rename(bo, site.path("shared/bo.approval")).unwrap();
    let given = "resume: approval `Go` is decided: given by ana, bo";
    until("bo is counted", || needs(&site).ends_with(given));
    let (code, said) = site.resume(&id, &[]);
    assert!(code == Some(0) && said.contains("✓ bo approved"), "{said}");
}

/// While somebody drives it, it is told what it waits for.
#[test]
fn a_run_that_is_driven_says_whom_it_waits_for() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let run = site.driven(&["--inbox", "shared"]);
    let told = needs(&site);
    assert!(told.contains("  running  ") && told.ends_with("  approval `Go` from 1 of ops"), "{told}");
    site.signed_into("shared/ana.approval", "ana", &site.request(&site.id(), &[]), &[]);
    assert_eq!(run.ends().0, Some(0));
}

#[test]
fn a_folder_that_is_gone_is_named_and_the_others_are_looked_at() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    std::fs::create_dir(site.path("other")).unwrap();
    let both = ["run", "a.runbook", "--inbox", "shared", "--inbox", "other"];
    assert_eq!(site.by("olga", &both).0, Some(5));
    let id = site.id();
    std::fs::remove_dir(site.path("other")).unwrap();
    site.signed_into("shared/ana.approval", "ana", &site.request(&id, &[]), &[]);
    until("ana is counted", || needs(&site).contains("given by ana"));
    let (code, said) = site.resume(&id, &[]);
    assert!(
        code == Some(0) && said.contains("other: it is not there any more, and is not looked at"),
        "{said}"
    );
    // A folder that is none stops a run before there is one.
    let (code, said) = site.by("olga", &["run", "a.runbook", "--inbox", "other"]);
    assert!(code == Some(2) && said.contains("--inbox other: "), "{said}");
    assert_eq!(site.id(), id);
}

/// Where anybody may write, only signatures count.
#[test]
fn an_unsigned_word_in_a_shared_folder_is_none() {
    if !has_openssh() {
        return;
    }
    let site = Site::with(GO, &["ana", "bo"], "approvals = \"unsigned\"");
    let id = site.waits();
    let request = site.request(&id, &["--name", "ana"]);
    std::fs::copy(request, site.path("shared/ana.approval")).unwrap();
    // What changed only now may not be whole.
    std::thread::sleep(std::time::Duration::from_millis(400));
    let (code, said) = site.resume(&id, &["--inbox", "shared"]);
    assert!(code == Some(5) && said.contains("anybody may have put it there"), "{said}");
}

#[test]
fn rubbish_is_refused_and_harms_nothing() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let inbox = site.path(&format!("journal/runs/{id}/inbox"));
    site.drop_into(&id, "huge.approval", &vec![b'x'; 3 << 20]);
    site.drop_into(&id, "bytes.approval", b"\xff\xfe");
    site.drop_into(&id, "empty.approval", b"");
    site.drop_into(&id, "text.approval", b"please approve");
    site.drop_into(&id, "notes.txt", b"not a vote");
    site.drop_into(&id, ".half.approval", b"being written");
    std::os::unix::fs::symlink("/etc/passwd", inbox.join("link.approval")).unwrap();
    std::fs::create_dir(inbox.join("folder.approval")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        inbox.join("pipe.approval"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(5), "{said}");
    for (name, why) in [
        ("huge", "larger than 256 KiB"),
        ("bytes", "no UTF-8 text"),
        ("empty", "does not begin with"),
        ("text", "does not begin with"),
        ("link", "symbolic link"),
        ("folder", "no plain file"),
        ("pipe", "no plain file"),
    ] {
        let told =
            said.lines().any(|line| line.contains(&format!("{name}.approval: ")) && line.contains(why));
        assert!(told, "{name}: {said}");
    }
    assert_eq!(said.matches("not counted").count(), 7, "{said}");
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(0));
}

#[test]
fn the_own_inbox_is_for_its_owner_only() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    let inbox = site.path(&format!("journal/runs/{id}/inbox"));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inbox), 0o700);
    let files: Vec<_> = std::fs::read_dir(&inbox).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!((files.len(), mode(&files[0])), (1, 0o600));
}
