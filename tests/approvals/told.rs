//! Approvers are told that a run waits for them: on the channel that goes by the name of their group.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;

use crate::site::Site;
use crate::wait::until;

const GO: &str = "gate \"Ready\" {\n  approval \"Go\" need 2 from \"ops\" or 1 from \"cto\" within 4h\n}\n";

/// The program of the channel `ops` is of these lines.
fn site(lines: &str) -> Site {
    let site = Site::with(GO, &[], "");
    let more = "approvals = \"unsigned\"\n[groups]\nops = [\"ana\", \"bo\"]\ncto = [\"cy\"]\n[channels]\n";
    site.write("bowline.toml", &format!("{more}ops = {{ run = [\"./tell\", \"to us\"] }}\n"));
    site.write("tell", &format!("#!/bin/sh\n{lines}\n"));
    std::fs::set_permissions(site.path("tell"), std::fs::Permissions::from_mode(0o755)).unwrap();
    site
}

#[test]
fn a_group_is_told_once_what_waits_for_it_until_when_and_what_to_type() {
    let site = site("{ cat; echo; echo \"$1|$BOWLINE_CHANNEL|$BOWLINE_RUN|${SHOP_TOKEN-none}\"; } >> told");
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert_eq!(code, Some(5), "{said}");
    let id = site.id();
    assert!(said.contains(&format!("ops: told that run {id} waits\n")), "{said}");
    let told = site.read("told");
    let begins =
        format!("Run {id} (Upgrade 1.0.0) waits for \"Ready / Go\": 2 from ops or 1 from cto, until 20");
    assert!(told.starts_with(&begins), "{told}");
    assert!(
        told.contains(&format!("`bowline approve {id} \"Ready / Go\"` shows what is to be signed.")),
        "{told}"
    );
    assert!(told.ends_with(&format!("\nto us|ops|{id}|none\n")), "{told}");
    // Whoever takes it up asks nothing new, and nobody is told again.
    assert_eq!(site.resume(&id, &[]).0, Some(5));
    assert_eq!(site.read("told"), told);
}

/// While the run stays, they are told at once.
#[test]
fn a_run_that_stays_tells_when_it_asks() {
    let site = site("cat > told");
    let run = site.driven(&[]);
    until("ops is told", || site.read("told").contains("shows what is to be signed."));
    let id = site.id();
    assert_eq!(site.by("cy", &["approve", &id, "--name", "cy", "--yes"]).0, Some(0));
    assert_eq!(run.ends().0, Some(0));
}

#[test]
fn what_is_not_taken_is_reported_and_changes_nothing() {
    for lines in ["exit 7", "exec sleep 60"] {
        let site = site(lines);
        let (code, said) = site.by("olga", &["run", "a.runbook"]);
        assert!(code == Some(5) && said.contains("ops: not told that run "), "{said}");
        let id = site.id();
        assert_eq!(site.by("cy", &["approve", &id, "--name", "cy", "--yes"]).0, Some(0));
        assert_eq!(site.resume(&id, &[]).0, Some(0));
    }
}

#[test]
fn a_web_hook_is_posted_to() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
        let (mut text, mut piece) = (String::new(), [0; 4096]);
        while !text.contains('}') {
            let read = stream.read(&mut piece).unwrap();
            text.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        text
    });
    let site = Site::with(GO, &[], "");
    let more = "approvals = \"unsigned\"\n[groups]\nops = [\"ana\", \"bo\"]\ncto = [\"cy\"]\n[channels]\n";
    site.write("bowline.toml", &format!("{more}cto = {{ url = \"http://127.0.0.1:{port}/\" }}\n"));
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert!(code == Some(5) && said.contains("cto: told that run "), "{said}");
    let posted = taken.join().unwrap();
    assert!(posted.contains("waits for \\\"Ready / Go\\\": 2 from ops or 1 from cto"), "{posted}");
}
