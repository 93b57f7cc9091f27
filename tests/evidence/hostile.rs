//! Archives made to harm whoever reads them.

use super::made::{File, PACK, archive, changed, check, files, folder, found};

fn header(path: &[u8], size: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(946_684_800);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

/// The pack behind an entry of that header.
fn behind(header: &tar::Header, content: &[u8]) -> Vec<u8> {
    [&header.as_bytes()[..], content, &PACK].concat()
}

#[test]
fn names_that_lead_out_of_the_folder_are_named() {
    for path in [
        "../../etc/passwd",
        "/etc/passwd",
        "bowline-evidence-x/../y",
        "bowline-evidence-x/a/b/c",
        "plan.json",
    ] {
        let found = found(&behind(&header(path.as_bytes(), 0, tar::EntryType::Regular), &[]));
        assert!(
            found[0].starts_with(path) && found[0].contains("a name that bowline does not write"),
            "{found:?}"
        );
    }
    let found = found(&behind(&header(b"bowline-evidence-x/\x1b[2J\xff", 0, tar::EntryType::Regular), &[]));
    assert!(!found[0].contains('\u{1b}'), "{found:?}");
}

#[test]
fn links_and_folders_are_no_files_of_a_pack() {
    let folder = folder(&PACK);
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Directory,
        tar::EntryType::XHeader,
        tar::EntryType::GNULongName,
    ] {
        let path = format!("{folder}/outputs/000000.log");
        let found = found(&behind(&header(path.as_bytes(), 0, kind), &[]));
        assert!(found.iter().any(|one| one.starts_with("outputs/000000.log")), "{kind:?}: {found:?}");
    }
}

#[test]
fn a_size_without_content_is_read_in_no_time() {
    for size in [1 << 40, u64::MAX / 2] {
        let path = format!("{}/outputs/000000.log", folder(&PACK));
        let found = found(&behind(&header(path.as_bytes(), size, tar::EntryType::Regular), &[]));
        assert!(found.iter().any(|one| one.contains("was cut off")), "{found:?}");
    }
}

#[test]
fn what_nests_without_end_is_not_read() {
    let deep = || [vec![b'['; 3_000_000], vec![b']'; 3_000_000]].concat();
    let plan = found(&changed(&PACK, "plan.json", |_| deep()));
    assert!(plan.iter().any(|one| one == "plan.json cannot be read: it nests too deep"), "{plan:?}");
    let events = found(&changed(&PACK, "events.jsonl", |_| [deep(), b"\n".to_vec()].concat()));
    assert!(events.iter().any(|one| one.starts_with("event 1 ")), "{events:?}");
    let statement = found(&changed(&PACK, "statement.json", |_| deep()));
    assert!(statement.iter().any(|one| one.starts_with("statement.json cannot be read")), "{statement:?}");
}

#[test]
fn a_plan_that_leads_in_circles_is_not_walked() {
    let pack = changed(&PACK, "plan.json", |bytes| {
        let mut plan: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        plan["nodes"][0]["op"]["Group"]["children"] = serde_json::json!([0]);
        plan.to_string().into_bytes()
    });
    let found = found(&pack);
    assert!(
        found.iter().any(|one| one == "plan.json cannot be read: its nodes do not form a tree"),
        "{found:?}"
    );
}

#[test]
fn lines_that_are_no_events_are_told_once() {
    let pack = changed(&PACK, "events.jsonl", |_| "{}\n".repeat(100_000).into_bytes());
    let checked = check(pack.as_slice());
    assert_eq!(checked.events, 100_000);
    assert!(checked.findings.len() <= 201, "{}", checked.findings.len());
}

#[test]
fn what_is_no_archive_is_said() {
    let nothing: &[u8] = b"";
    for bytes in [nothing, b"x", &[b'x'; 5000], &[0; 1024], &[0xff; 1024]] {
        let checked = check(bytes);
        assert!(!checked.findings.is_empty() && checked.run.is_none());
    }
    let empty = archive("bowline-evidence-x", &[] as &[File]);
    assert!(found(&empty).iter().any(|one| one == "statement.json is missing"));
}

#[test]
fn random_files_under_the_right_names_are_no_pack() {
    let mut all = files(&PACK);
    for (at, file) in all.iter_mut().enumerate() {
        let byte = u8::try_from(at * 37 % 251).unwrap();
        file.bytes = (0..2000_u32)
            .map(|n| byte.wrapping_mul(n.to_le_bytes()[0]).wrapping_add(n.to_le_bytes()[1]))
            .collect();
    }
    assert!(!found(&archive(&folder(&PACK), &all)).is_empty());
}
