//! Folders where signed files are put: the run's own, and one that is shared.

use std::os::unix::fs::PermissionsExt;

use crate::site::{Site, has_openssh};

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
