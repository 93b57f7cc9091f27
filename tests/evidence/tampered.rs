//! Packs that somebody has tampered with: every difference is named.

use std::sync::Arc;

use bowline::evidence::{Item, Record, write};
use proptest::prelude::*;

use super::made::{File, OTHER, PACK, archive, changed, check, files, folder, found, with_events};

/// The file that a byte of a pack belongs to, its header and what fills its last block included.
fn file_at(pack: &[u8], at: usize) -> String {
    let mut begins = 0;
    for file in files(pack) {
        let whole = 512 + file.bytes.len().div_ceil(512) * 512;
        if at < begins + whole {
            return file.name;
        }
        begins += whole;
    }
    "the archive".to_owned()
}

fn is_in_content(pack: &[u8], at: usize) -> bool {
    let mut begins = 0;
    for file in files(pack) {
        let content = begins + 512..begins + 512 + file.bytes.len();
        if content.contains(&at) {
            return true;
        }
        begins += 512 + file.bytes.len().div_ceil(512) * 512;
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_changed_byte_is_named(part in 0.0..1.0_f64, bit in 0..8_u32) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place")]
        let at = (part * PACK.len() as f64) as usize;
        let mut pack = PACK.clone();
        pack[at] ^= 1 << bit;
        let file = file_at(&PACK, at);
        let found: Vec<String> = check(pack.as_slice()).findings.into_iter().map(|one| one.what).collect();
        prop_assert!(!found.is_empty(), "byte {at} of {file}");
        // A changed statement speaks of another file or event; a changed header may name anything.
        let named = match file.as_str() {
            "statement.json" | "the archive" => true,
            "events.jsonl" => found.iter().any(|what| what.starts_with("event ") || what.contains("events.jsonl")),
            file => found.iter().any(|what| what == file),
        };
        prop_assert!(named || !is_in_content(&PACK, at), "byte {at} of {file}: {found:?}");
    }
}

#[test]
fn a_changed_byte_of_each_file_is_named() {
    for File { name, bytes } in files(&PACK) {
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let pack = changed(&PACK, &name, |mut bytes| {
                bytes[at] ^= 1;
                bytes
            });
            let found = found(&pack);
            let event = name == "events.jsonl" && found.iter().any(|one| one.contains("event "));
            let named = found.iter().any(|one| one.starts_with(&name));
            assert!(
                event || named || name == "statement.json" && !found.is_empty(),
                "{name} {at}: {found:?}"
            );
        }
    }
}

#[test]
fn a_changed_event_is_named_and_no_other() {
    let pack = with_events(&PACK, |lines| lines[6] = lines[6].replacen("20", "21", 1));
    let found = found(&pack);
    assert!(found[0].starts_with("event 7 was changed"), "{found:?}");
    assert!(!found.iter().any(|one| one.starts_with("event ") && !one.starts_with("event 7 ")), "{found:?}");
}

#[test]
fn removed_added_and_moved_events_are_named() {
    let removed = found(&with_events(&PACK, |lines| drop(lines.remove(4))));
    assert!(removed.contains(&"event 5 was removed".to_owned()), "{removed:?}");
    let added = found(&with_events(&PACK, |lines| lines.insert(4, lines[2].replace("20", "21"))));
    assert!(added.contains(&"line 5 of events.jsonl was added behind event 4".to_owned()), "{added:?}");
    let again = found(&with_events(&PACK, |lines| lines.push(lines[4].clone())));
    assert!(again.iter().any(|one| one.contains("was added behind event")), "{again:?}");
    let moved = found(&with_events(&PACK, |lines| lines.swap(4, 7)));
    assert!(moved.iter().any(|one| one.starts_with("event ") && one.contains("was moved")), "{moved:?}");
    let tail = found(&with_events(&PACK, |lines| lines.truncate(lines.len() - 2)));
    assert_eq!(tail.iter().filter(|one| one.ends_with("was removed")).count(), 2, "{tail:?}");
    let none = found(&with_events(&PACK, Vec::clear));
    assert!(none.iter().any(|one| one == "event 1 was removed"), "{none:?}");
}

#[test]
fn removed_added_and_swapped_files_are_named() {
    let all = files(&PACK);
    for (at, file) in all.iter().enumerate() {
        let mut less = all.clone();
        less.remove(at);
        let found = found(&archive(&folder(&PACK), &less));
        assert!(found.iter().any(|one| one.starts_with(&file.name)), "{}: {found:?}", file.name);
    }
    let mut more = all.clone();
    more.insert(8, File { name: "outputs/999999.log".into(), bytes: b"new".into() });
    let found_more = found(&archive(&folder(&PACK), &more));
    assert_eq!(found_more, ["outputs/999999.log was added: the statement does not name it"]);
    let mut swapped = all.clone();
    swapped.swap(7, 8);
    assert!(found(&archive(&folder(&PACK), &swapped))[0].ends_with("does not stand in its place"));
    let mut twice = all;
    twice.insert(1, twice[0].clone());
    assert!(
        found(&archive(&folder(&PACK), &twice)).iter().any(|one| one == "report.html stands in it twice")
    );
}

#[test]
fn a_file_of_another_run_is_named() {
    for other in files(&OTHER) {
        let own = files(&PACK).into_iter().find(|file| file.name == other.name);
        if own.is_none_or(|own| own.bytes == other.bytes) {
            continue;
        }
        let found = found(&changed(&PACK, &other.name, |_| other.bytes.clone()));
        let event = other.name == "events.jsonl" && found.iter().any(|one| one.starts_with("event "));
        let named = found.iter().any(|one| one.starts_with(&other.name));
        assert!(
            event || named || other.name == "statement.json" && !found.is_empty(),
            "{}: {found:?}",
            other.name
        );
    }
    let renamed = archive(&folder(&OTHER), &files(&PACK));
    assert!(!found(&renamed).is_empty(), "the chain begins with the id of the run");
}

#[test]
fn a_pack_that_was_cut_off_never_verifies() {
    for length in (0..PACK.len()).step_by(331).chain(PACK.len() - 1030..PACK.len()) {
        assert!(!check(&PACK[..length]).findings.is_empty(), "{length} bytes");
    }
    let mut more = PACK.clone();
    more.extend([0; 512]);
    assert!(found(&more)[0].contains("something stands behind its end"));
}

#[test]
fn a_tail_dropped_before_packing_shows_only_against_a_noted_head() {
    let head = check(PACK.as_slice()).head;
    let pack = remade(&PACK, |bodies| bodies.truncate(bodies.len() - 1));
    assert_eq!(found(&pack), [""; 0], "nothing in it tells");
    let judge = |_: &[u8], _: &bowline::evidence::Signature| Err(String::new());
    let anchored = bowline::evidence::verify(pack.as_slice(), Some(&head), &judge).unwrap().anchored;
    assert_eq!(anchored, None);
    let whole = bowline::evidence::verify(PACK.as_slice(), Some(&head), &judge).unwrap();
    assert_eq!(whole.anchored, Some(whole.events));
}

#[test]
fn an_event_that_cannot_follow_is_named_even_where_all_hashes_fit() {
    let pack = remade(&PACK, |bodies| {
        let began = bodies.iter().position(|body| body.contains("\"began\"")).unwrap();
        bodies.remove(began);
    });
    assert!(
        found(&pack).iter().any(|one| one.contains("cannot follow the one before")),
        "{:?}",
        found(&pack)
    );
}

/// The end of a run follows from what was recorded before it, however well hashes and statement fit.
#[test]
fn an_end_that_does_not_follow_is_named() {
    let ends = |pack: &[u8], change: fn(&str) -> String| {
        let pack = remade(pack, |bodies| {
            let last = bodies.last_mut().unwrap();
            assert!(last.contains("finished"), "{last}");
            *last = change(last);
        });
        found(&pack)
    };
    let says = |found: &[String], why: &str| {
        assert!(found.len() == 1 && found[0].starts_with("event ") && found[0].contains(why), "{found:?}");
    };
    let well = |last: &str| last.replace("rolled_back", "completed");
    says(
        &ends(&PACK, well),
        "ended as completed, which does not follow from the events before it: they come to rolled back",
    );
    let kept = |last: &str| last.replace("rolled_back", "failed_kept");
    says(&ends(&PACK, kept), "they come to rolled back");
    let other = |last: &str| last.replace("exit code 3", "exit code 4");
    says(&ends(&PACK, other), "its reason is another");
    let back = |last: &str| last.replace("completed", "rolled_back");
    says(
        &ends(&OTHER, back),
        "ended as rolled back, which does not follow from the events before it: they come to completed",
    );
    assert_eq!(ends(&PACK, str::to_owned), [""; 0], "as it was it holds");
    // The end drawn forward: what was to come behind it is not there.
    let early = remade(&OTHER, |bodies| {
        let last = bodies.pop().unwrap();
        let sold = bodies.iter().rposition(|body| body.contains("\"began\"")).unwrap();
        bodies.truncate(sold);
        bodies.push(last);
    });
    says(&found(&early), "by them the run is not over");
}

#[test]
fn a_plan_that_the_run_was_not_started_with_is_named() {
    let pack = remade_files(&PACK, |files| {
        let plan = files.iter_mut().find(|file| file.name == "plan.json").unwrap();
        plan.bytes = String::from_utf8(plan.bytes.clone()).unwrap().replace("unsold", "bribed").into_bytes();
    });
    let found = found(&pack);
    assert_eq!(found, ["plan.json is not the plan that the run was started with: its digest is another"]);
}

#[test]
fn sources_outputs_and_evidence_are_held_to_the_events() {
    for part in ["sources/001", "outputs/", "evidence/"] {
        let pack = remade_files(&PACK, |files| {
            let file = files.iter_mut().find(|file| file.name.starts_with(part)).unwrap();
            file.bytes.push(b'!');
        });
        let found = found(&pack);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(part) && found[0].contains("is not the file that event "), "{found:?}");
    }
}

/// The pack as somebody would make it who writes another name wherever one stands.
pub(crate) fn made_by_somebody_else(pack: &[u8], from: &str, to: &str) -> Vec<u8> {
    remade(pack, |bodies| {
        for body in bodies {
            *body = body.replace(from, to);
        }
    })
}

/// The pack of other events, statement and chain made anew.
pub(crate) fn remade(pack: &[u8], change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let mut files = files(pack);
    let events = files.iter_mut().find(|file| file.name == "events.jsonl").unwrap();
    let text = String::from_utf8(std::mem::take(&mut events.bytes)).unwrap();
    let mut bodies: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut bodies);
    events.bytes = bodies.iter().fold(String::new(), |all, body| all + body + "\n").into_bytes();
    made(pack, files)
}

/// The pack of other files, the statement made anew.
fn remade_files(pack: &[u8], change: impl FnOnce(&mut Vec<File>)) -> Vec<u8> {
    let mut files = files(pack);
    change(&mut files);
    made(pack, files)
}

fn made(pack: &[u8], mut files: Vec<File>) -> Vec<u8> {
    files.retain(|file| !file.name.starts_with("statement."));
    let run = folder(pack).trim_start_matches("bowline-evidence-").to_owned();
    let plan = files.iter().find(|file| file.name == "plan.json").unwrap();
    let plan = serde_json::from_slice(&plan.bytes).unwrap();
    let events = files.iter().find(|file| file.name == "events.jsonl").unwrap();
    let mut record = Record::new(&run, Some(Arc::new(plan)));
    String::from_utf8(events.bytes.clone()).unwrap().lines().for_each(|body| record.add(body));
    let items = files.into_iter().map(|file| Item::text(file.name, file.bytes)).collect();
    let mut out = vec![];
    write(&mut out, &record, items, None).unwrap();
    out
}
