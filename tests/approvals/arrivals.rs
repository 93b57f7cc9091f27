//! When something handed in has arrived: whole, in time, and in two parts.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::site::{Site, has_openssh};

const GO: &str = "approval \"Go\" need 1 from \"ops\"\n";

/// The time that nobody can set: when this machine last changed the file.
fn changed(path: &Path) -> SystemTime {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata(path).unwrap();
    let nanos = u64::try_from(about.ctime_nsec()).unwrap();
    let seconds = u64::try_from(about.ctime()).unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_nanos(nanos)
}

/// The text of a request filled in with a yes, and the signature that OpenSSH makes of it, kept aside.
fn apart(site: &Site, who: &str, request: &Path) -> (Vec<u8>, Vec<u8>) {
    let text = std::fs::read_to_string(request).unwrap();
    let (asked, _) = text.split_once("\ndecision").unwrap();
    let aside = site.path("aside.approval");
    std::fs::write(&aside, format!("{asked}\ndecision  approve\nreason\nname\ntime\n")).unwrap();
    let key = site.path(who).display().to_string();
    let signing = ["-Y", "sign", "-n", "bowline-approval@v1", "-f", &key, "aside.approval"];
    let mut signs = site.other("ssh-keygen");
    assert!(signs.args(signing).output().unwrap().status.success());
    let sig = site.path("aside.approval.sig");
    let both = (std::fs::read(&aside).unwrap(), std::fs::read(&sig).unwrap());
    [aside, sig].into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
    both
}

/// Nobody has to wait for a moment between handing in and taking up.
#[test]
fn a_vote_is_seen_the_moment_after_it_came() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let signed = site.signed("ana", &site.request(&id, &[]), &[]);
    std::fs::rename(signed, site.path("shared/ana.approval")).unwrap();
    let (code, said) = site.resume(&id, &["--inbox", "shared"]);
    assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
}

/// Whatever came before the end counts, however late the engine looks.
#[test]
fn a_vote_in_the_last_moment_is_in_time() {
    if !has_openssh() {
        return;
    }
    // A busy machine may sleep through the last moment: then once more.
    for _ in 0..8 {
        let site = Site::new("approval \"Go\" need 1 from \"ops\" within 2s\n");
        let run = site.driven(&["--inbox", "shared"]);
        let asked = site.asked();
        let signed = site.signed("ana", &site.request(&site.id(), &[]), &[]);
        let expires = asked + Duration::from_secs(2);
        let last = expires - Duration::from_millis(60);
        std::thread::sleep(last.duration_since(SystemTime::now()).unwrap_or_default());
        let there = site.path("shared/ana.approval");
        std::fs::rename(signed, &there).unwrap();
        let came = changed(&there);
        let (code, said) = run.ends();
        if came < expires {
            assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
            return;
        }
        assert!(code == Some(1), "{said}");
    }
    panic!("no vote could be handed in in the last moment of an approval");
}

/// A text that is still being written is waited for before the run leaves, and refused only then.
#[test]
fn what_is_being_written_is_waited_for() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let signed = std::fs::read(site.signed("ana", &site.request(&id, &[]), &[])).unwrap();
    let there = site.path("shared/ana.approval");
    let (half, rest) = signed.split_at(signed.len() / 2);
    let writes = || {
        use std::io::Write;
        let mut file = std::fs::File::create(&there).unwrap();
        file.write_all(half).unwrap();
        // So long as the file goes on growing it is not given up.
        for byte in rest.chunks(rest.len() / 4) {
            std::thread::sleep(Duration::from_millis(40));
            file.write_all(byte).unwrap();
        }
    };
    let (code, said) = std::thread::scope(|scope| {
        let writing = scope.spawn(writes);
        let ended = site.resume(&id, &["--inbox", "shared"]);
        writing.join().unwrap();
        ended
    });
    // Where the machine was too busy to write on, it was refused, and counts at the next look.
    if code == Some(5) {
        let (code, said) = site.resume(&id, &[]);
        assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
    } else {
        assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
        assert!(!said.contains("not counted"), "{said}");
    }
}

#[test]
fn a_signature_may_come_before_its_text() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let (text, signature) = apart(&site, "ana", &site.request(&id, &[]));
    let there = site.path("shared/ana.approval");
    std::fs::write(site.path("shared/ana.approval.sig"), signature).unwrap();
    let (code, said) = site.resume(&id, &["--inbox", "shared"]);
    let missing = "not counted: ana.approval.sig: `ana.approval`, which it signs, is not there";
    assert!(code == Some(5) && said.contains(missing), "{said}");
    // Half of the text: the signature is another's.
    std::fs::write(&there, text.split_at(text.len() / 2).0).unwrap();
    let (code, said) = site.resume(&id, &[]);
    assert!(code == Some(5) && said.contains("not counted: ana.approval.sig: "), "{said}");
    std::fs::write(&there, &text).unwrap();
    let (code, said) = site.resume(&id, &[]);
    assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
}

/// The same while the run is driven: a change of either part makes it looked at again.
#[test]
fn the_parts_of_a_vote_may_come_one_by_one() {
    if !has_openssh() {
        return;
    }
    for signature_first in [true, false] {
        let site = Site::new(GO);
        let run = site.driven(&["--inbox", "shared"]);
        let (text, signature) = apart(&site, "ana", &site.request(&site.id(), &[]));
        let parts = [("shared/ana.approval.sig", &signature), ("shared/ana.approval", &text)];
        let (first, second) = if signature_first { (parts[0], parts[1]) } else { (parts[1], parts[0]) };
        std::fs::write(site.path(first.0), first.1).unwrap();
        run.until(|events| events.contains("vote_refused"));
        std::fs::write(site.path(second.0), second.1.split_at(second.1.len() / 2).0).unwrap();
        run.until(|events| events.matches("vote_refused").count() == 2);
        std::fs::write(site.path(second.0), second.1).unwrap();
        let (code, said) = run.ends();
        assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
    }
}

/// The later of the two parts is when it came.
#[test]
fn a_vote_whose_text_came_late_is_late() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 1 from \"ops\" within 10m\n");
    let Some((code, said)) = site.later("-597s", &["run", "a.runbook", "--inbox", "shared"]) else { return };
    assert_eq!(code, Some(5), "{said}");
    let (text, signature) = apart(&site, "ana", &site.request(&site.id(), &[]));
    let expires = site.asked() + Duration::from_mins(10);
    let (sig, there) = (site.path("shared/ana.approval.sig"), site.path("shared/ana.approval"));
    std::fs::write(&sig, signature).unwrap();
    let in_time = changed(&sig) < expires;
    std::thread::sleep(
        (expires + Duration::from_millis(20)).duration_since(SystemTime::now()).unwrap_or_default(),
    );
    std::fs::write(&there, text).unwrap();
    let (code, said) = site.resume(&site.id(), &[]);
    assert!(code == Some(1) && said.contains("ana.approval.sig: it came at"), "in time {in_time}: {said}");
}

/// What somebody else lays beside a vote takes nothing from it.
#[test]
fn a_stray_signature_beside_a_vote_does_no_harm() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    site.signed_into("shared/ana.approval", "ana", &site.request(&id, &[]), &[]);
    site.write("shared/ana.approval.sig", "not a signature\n");
    let (code, said) = site.resume(&id, &["--inbox", "shared"]);
    assert!(code == Some(0) && said.contains("✓ ana approved"), "{said}");
}
