//! What was stated and what is there, held against each other; every difference by name.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::entry::Entry;
use super::finding::Finding;
use super::names::{EVENTS, Folder};
use super::record::{BodyHash, Promise, Record};
use super::statement::Subject;

use crate::value::hex;

/// The files of a pack against those of its statement.
pub(super) fn files(stated: &[Subject], there: &[Entry]) -> Vec<Finding> {
    let hashes: BTreeMap<&str, &str> =
        there.iter().map(|entry| (entry.name.as_str(), entry.sha256.as_str())).collect();
    let mut findings: Vec<Finding> =
        stated.iter().filter_map(|subject| file(subject, hashes.get(subject.name.as_str()))).collect();
    let known: BTreeSet<&str> = stated.iter().map(|subject| subject.name.as_str()).collect();
    let added = there.iter().filter(|entry| !known.contains(entry.name.as_str()));
    findings
        .extend(added.map(|entry| Finding::new(&entry.name, "was added: the statement does not name it")));
    if findings.is_empty() {
        let moved = stated.iter().zip(there).find(|(subject, entry)| subject.name != entry.name);
        findings.extend(moved.map(|(_, entry)| Finding::new(&entry.name, "does not stand in its place")));
    }
    findings
}

fn file(stated: &Subject, there: Option<&&str>) -> Option<Finding> {
    let why = match there {
        None => "was removed: the statement names it",
        Some(hash) if **hash != stated.digest.sha256 => "was changed: its SHA-256 is not the one stated",
        Some(_) => return None,
    };
    Some(Finding::new(&stated.name, why))
}

/// Files that events name against those that are there.
pub(super) fn unkept(record: &Record, there: &[Entry]) -> Vec<Finding> {
    let entries: BTreeMap<&str, &Entry> = there.iter().map(|entry| (entry.name.as_str(), entry)).collect();
    let wrong = record.promises.iter().filter_map(|promise| {
        let why = match entries.get(promise.file.as_str()) {
            None => format!("is missing: event {} names it", promise.seq),
            Some(entry) if !is_kept(promise, entry) => {
                format!("is not the file that event {} names: its SHA-256 is another", promise.seq)
            }
            Some(_) => return None,
        };
        Some(Finding::new(&promise.file, &why))
    });
    wrong.collect()
}

fn is_kept(promise: &Promise, entry: &Entry) -> bool {
    entry.sha256 == promise.sha256 && promise.bytes.is_none_or(|bytes| bytes == entry.bytes)
}

/// Files beside the events that no event names: what a program wrote before bowline was killed, or writes still.
pub(super) fn unnamed(record: &Record, there: &[Entry]) -> Vec<String> {
    let named: BTreeSet<&str> = record.promises.iter().map(|promise| promise.file.as_str()).collect();
    let folders =
        [Folder::Sources, Folder::Outputs, Folder::Evidence, Folder::Approvals].map(|folder| folder.file(""));
    let beside = |name: &str| folders.iter().any(|folder| name.starts_with(folder.as_str()));
    let all = there.iter().map(|entry| entry.name.as_str());
    all.filter(|name| beside(name) && !named.contains(name)).map(str::to_owned).collect()
}

/// The events of a pack against those of its statement, which lists the hash of each.
pub(super) fn events(stated: &[String], there: &[BodyHash]) -> Vec<Finding> {
    let there: Vec<String> = there.iter().map(|hash| hex(hash)).collect();
    if stated == there.as_slice() {
        return vec![];
    }
    let matched = matched(stated, &there);
    let kept = longest_rise(&matched);
    let moved = matched.iter().enumerate().filter_map(|(line, event)| event.map(|event| (line, event)));
    let moved = moved.filter(|(line, _)| !kept.contains(line));
    let mut findings: Vec<(usize, Finding)> =
        moved.map(|(line, event)| (event, reordered(event, line))).collect();
    findings.extend(unmatched(stated.len(), &matched, &kept));
    findings.sort_by_key(|(at, _)| *at);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// For each line the event that it is, from 0.
fn matched(stated: &[String], there: &[String]) -> Vec<Option<usize>> {
    let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (event, hash) in stated.iter().enumerate() {
        places.entry(hash).or_default().push_back(event);
    }
    there.iter().map(|hash| places.get_mut(hash.as_str()).and_then(VecDeque::pop_front)).collect()
}

/// The lines of the longest run of events that stand in their order.
fn longest_rise(matched: &[Option<usize>]) -> BTreeSet<usize> {
    let event = |line: usize| matched.get(line).copied().flatten();
    let mut tails: Vec<usize> = vec![];
    let mut before: Vec<Option<usize>> = vec![None; matched.len()];
    for line in 0..matched.len() {
        let Some(own) = event(line) else { continue };
        let at = tails.partition_point(|tail| event(*tail).is_some_and(|other| other < own));
        if let (Some(slot), Some(previous)) = (before.get_mut(line), at.checked_sub(1)) {
            *slot = tails.get(previous).copied();
        }
        match tails.get_mut(at) {
            Some(tail) => *tail = line,
            None => tails.push(line),
        }
    }
    std::iter::successors(tails.last().copied(), |line| before.get(*line).copied().flatten()).collect()
}

/// Events without a line, and lines without an event: where both stand in one place, the event was changed.
fn unmatched(events: usize, matched: &[Option<usize>], kept: &BTreeSet<usize>) -> Vec<(usize, Finding)> {
    let known: BTreeSet<usize> = matched.iter().flatten().copied().collect();
    let mut gone: BTreeSet<usize> = (0..events).filter(|event| !known.contains(event)).collect();
    let (mut findings, mut expected) = (vec![], 0);
    for (line, event) in matched.iter().enumerate() {
        match event {
            Some(event) if kept.contains(&line) => expected = event + 1,
            Some(_) => {}
            None if gone.remove(&expected) => {
                findings.push((expected, Finding::of_event(expected, "was changed")));
                expected += 1;
            }
            None => findings.push((expected, added(line, expected))),
        }
    }
    findings.extend(gone.into_iter().map(|event| (event, Finding::of_event(event, "was removed"))));
    findings
}

fn reordered(event: usize, line: usize) -> Finding {
    Finding::of_event(event, &format!("was moved: it stands in line {} of {EVENTS}", line + 1))
}

fn added(line: usize, behind: usize) -> Finding {
    let why = format!("was added behind event {behind}");
    Finding::new(&format!("line {} of {EVENTS}", line + 1), &why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stated: &[u8], there: &[u8]) -> Vec<String> {
        let hash = |byte: &u8| [*byte; 32];
        let stated: Vec<String> = stated.iter().map(|byte| hex(&hash(byte))).collect();
        let there: Vec<BodyHash> = there.iter().map(hash).collect();
        events(&stated, &there).iter().map(|finding| format!("{} {}", finding.what, finding.why)).collect()
    }

    #[test]
    fn each_event_that_differs_is_named() {
        let all = [1, 2, 3, 4, 5];
        assert_eq!(told(&all, &all), [""; 0]);
        assert_eq!(told(&all, &[1, 2, 9, 4, 5]), ["event 3 was changed"]);
        assert_eq!(told(&all, &[1, 2, 4, 5]), ["event 3 was removed"]);
        assert_eq!(told(&all, &[1, 2, 3, 9, 4, 5]), ["line 4 of events.jsonl was added behind event 3"]);
        assert_eq!(told(&all, &[1, 3, 2, 4, 5]).len(), 1);
        assert_eq!(told(&all, &[2, 3, 4, 5, 1]), ["event 1 was moved: it stands in line 5 of events.jsonl"]);
        assert_eq!(told(&all, &[1, 2, 3]), ["event 4 was removed", "event 5 was removed"]);
        assert_eq!(told(&all, &[]).len(), 5);
        assert_eq!(told(&[], &[1]), ["line 1 of events.jsonl was added behind event 0"]);
        assert_eq!(told(&[1, 1], &[1, 1, 1]), ["line 3 of events.jsonl was added behind event 2"]);
        assert_eq!(told(&all, &[9, 2, 3, 8, 5]), ["event 1 was changed", "event 4 was changed"]);
    }

    #[test]
    fn each_file_that_differs_is_named() {
        let subject = |name: &str, sha256: &str| {
            super::super::entry::subject(Entry { name: name.into(), bytes: 0, sha256: sha256.into() })
        };
        let entry = |name: &str, sha256: &str| Entry { name: name.into(), bytes: 0, sha256: sha256.into() };
        let told = |stated: &[Subject], there: &[Entry]| -> Vec<String> {
            files(stated, there).into_iter().map(|finding| finding.what).collect()
        };
        let stated = [subject("a", "1"), subject("b", "2"), subject("c", "3")];
        assert_eq!(told(&stated, &[entry("a", "1"), entry("b", "2"), entry("c", "3")]), [""; 0]);
        assert_eq!(told(&stated, &[entry("a", "1"), entry("b", "9"), entry("d", "3")]), ["b", "c", "d"]);
        assert_eq!(told(&stated, &[entry("b", "2"), entry("a", "1"), entry("c", "3")]), ["b"]);
    }
}
