//! A pack is verified: read once from its first byte to its last, whatever its size.
//!
//! Believes nothing that it was not told by the caller: every finding names the file or event.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::archive::{Content, Next, Reader};
use super::compare;
use super::dsse::{Envelope, Signature, pae};
use super::entry::{Entry, subject};
use super::finding::Finding;
use super::names::{ENVELOPE, EVENTS, PLAN, STATEMENT, split};
use super::reading::{Lines, Whole, is_flat};
use super::record::Record;
use super::statement::{RunFacts, Statement};
use crate::plan::{FORMAT, Plan, digest};
use crate::value::hex;

/// A larger plan is not read.
const PLAN_BYTES: usize = 256 << 20;
/// A larger statement is not read; an envelope is a third larger.
const STATEMENT_BYTES: usize = 64 << 20;
/// A longer event is not read.
const EVENT_BYTES: usize = 64 << 20;
/// More events are not counted.
const EVENTS_MOST: u64 = 4_000_000;
/// More files are not counted.
const FILES_MOST: usize = 200_000;
/// Deeper JSON is not read.
const DEEPEST: usize = 2048;
/// More is not told.
const FINDINGS_MOST: usize = 200;

/// Whose signature it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// There is none.
    No,
    /// It fits; the words say whose it is, or that nobody says so.
    By(String),
    /// It does not; why.
    Wrong(String),
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The run, as far as it can be told.
    pub run: Option<RunFacts>,
    /// How many files stand in it, the statement and its envelope left out.
    pub files: usize,
    /// How many events.
    pub events: u64,
    /// Lower-case hex of the last hash of their chain.
    pub head: String,
    /// The event that has the hash that was asked for.
    pub anchored: Option<u64>,
    /// Who signed it.
    pub signed: Signed,
    /// Files that no event names; they are no fault.
    pub unnamed: Vec<String>,
    /// What is wrong. Nothing: all of it fits together.
    pub findings: Vec<Finding>,
}

/// Judges a signature over bytes: whose it is, or why it does not count.
pub type Judge<'a> = dyn Fn(&[u8], &Signature) -> Result<String, String> + 'a;

/// Reads a pack and holds everything in it against everything else. `anchor` is the hash of an event that the chain
/// must go through.
///
/// # Errors
/// When it cannot be read.
pub fn verify(pack: impl Read, anchor: Option<&str>, judge: &Judge<'_>) -> io::Result<Checked> {
    let mut reader = Reader::new(pack);
    let mut desk = Desk { anchor: anchor.map(str::to_owned), ..Desk::default() };
    loop {
        match reader.next()? {
            Next::File { name, size, as_written } => {
                if !desk.entry(&mut reader, &name, size, as_written)? {
                    break;
                }
            }
            Next::End => break,
            Next::Broken(why) => {
                desk.find("the archive", &format!("is broken behind {}: {why}", desk.behind()));
                break;
            }
        }
    }
    Ok(desk.judged(judge))
}

/// What is known of a pack so far.
#[derive(Default)]
struct Desk {
    anchor: Option<String>,
    anchored: Option<u64>,
    run: Option<String>,
    names: BTreeSet<String>,
    entries: Vec<Entry>,
    plan: Option<Arc<Plan>>,
    record: Option<Record>,
    statement: Option<Vec<u8>>,
    envelope: Option<Vec<u8>>,
    findings: Vec<Finding>,
}

impl Desk {
    fn find(&mut self, what: &str, why: &str) {
        self.findings.push(Finding::new(what, why));
    }

    /// The file read last.
    fn behind(&self) -> &str {
        self.entries.last().map_or("its beginning", |entry| entry.name.as_str())
    }

    /// Takes in a file; false where nothing can be read behind it.
    fn entry<R: Read>(
        &mut self,
        reader: &mut Reader<R>,
        name: &str,
        size: u64,
        as_written: bool,
    ) -> io::Result<bool> {
        let file = self.named(name);
        if !as_written {
            self.find(&file, "has a header that bowline does not write: something in it was changed");
        }
        if self.names.len() >= FILES_MOST {
            self.find(&file, "is one file too many: so many are not read");
            return Ok(false);
        }
        if !self.names.insert(file.clone()) {
            self.find(&file, "stands in it twice");
        }
        let (content, sha256) = self.read(reader, &file, size)?;
        match content {
            Content::Whole => {}
            Content::Filled => self.find(&file, "was changed: something stands behind its last byte"),
            Content::CutOff => self.find(&file, "was cut off: the archive ends in it"),
        }
        if file != STATEMENT && file != ENVELOPE {
            self.entries.push(Entry { name: file, bytes: size, sha256 });
        }
        Ok(content != Content::CutOff)
    }

    /// The file's name in the folder of the run.
    fn named(&mut self, name: &str) -> String {
        let Some((run, file)) = split(name) else {
            let name: String = name.escape_debug().take(200).collect();
            self.find(&name, "has a name that bowline does not write");
            return name;
        };
        match &self.run {
            None => self.run = Some(run.to_owned()),
            Some(own) if own != run => {
                let why = format!("stands in the folder of another run: {run}");
                self.find(file, &why);
            }
            Some(_) => {}
        }
        file.to_owned()
    }

    fn read<R: Read>(
        &mut self,
        reader: &mut Reader<R>,
        file: &str,
        size: u64,
    ) -> io::Result<(Content, String)> {
        let mut hash = Sha256::new();
        let content = match file {
            EVENTS if self.record.is_none() => self.events(reader, size, &mut hash)?,
            PLAN | STATEMENT | ENVELOPE => {
                let room = if file == PLAN { PLAN_BYTES } else { 2 * STATEMENT_BYTES };
                let mut whole = Whole::up_to(room);
                let content = reader.content(size, &mut |piece| {
                    hash.update(piece);
                    whole.add(piece);
                })?;
                self.text(file, whole.take());
                content
            }
            _ => reader.content(size, &mut |piece| hash.update(piece))?,
        };
        Ok((content, hex(&hash.finalize())))
    }

    fn text(&mut self, file: &str, text: Option<Vec<u8>>) {
        let Some(text) = text else { return self.find(file, "is too large to be read") };
        match file {
            PLAN => match plan(&text) {
                Ok(plan) => self.plan = Some(Arc::new(plan)),
                Err(why) => self.find(PLAN, &why),
            },
            STATEMENT => self.statement = Some(text),
            _ => self.envelope = Some(text),
        }
    }

    fn events<R: Read>(
        &mut self,
        reader: &mut Reader<R>,
        size: u64,
        hash: &mut Sha256,
    ) -> io::Result<Content> {
        let mut record = Record::new(self.run.as_deref().unwrap_or_default(), self.plan.clone());
        let (mut lines, mut unread) = (Lines::up_to(EVENT_BYTES), None);
        let mut anchored = self.anchor.as_ref().filter(|anchor| **anchor == record.chain.head()).map(|_| 0);
        let content = reader.content(size, &mut |piece| {
            hash.update(piece);
            lines.add(piece, &mut |line| {
                let seq = record.count() + 1;
                match line.filter(|line| is_flat(line, DEEPEST)).map(std::str::from_utf8) {
                    Some(Ok(body)) if seq <= EVENTS_MOST => record.add(body),
                    _ => unread = unread.or(Some(seq)),
                }
                if self.anchor.as_ref().is_some_and(|anchor| *anchor == record.chain.head()) {
                    anchored = Some(record.count());
                }
            });
        })?;
        if lines.is_cut() {
            self.find(EVENTS, "was changed: its last line has no end");
        }
        if let Some(seq) = unread {
            self.find(&format!("event {seq}"), "was changed: it is no event that can be read");
        }
        (self.record, self.anchored) = (Some(record), anchored);
        Ok(content)
    }

    /// Everything has been read.
    fn judged(mut self, judge: &Judge<'_>) -> Checked {
        let (signed, stated) = self.stated(judge);
        let record = self.record.take();
        if record.is_none() {
            self.find(EVENTS, "is missing");
        }
        if self.plan.is_none() && !self.names.contains(PLAN) {
            self.find(PLAN, "is missing");
        }
        if let Some(stated) = &stated {
            self.compare(stated, record.as_ref());
        }
        let record = record.unwrap_or_else(|| Record::new("", None));
        self.agree(&record);
        if let Some(stated) = stated.as_ref().filter(|_| self.findings.is_empty()) {
            self.same(stated, &record);
        }
        let run = stated.map(|stated| stated.predicate.run).or_else(|| record.run());
        Checked {
            run,
            files: self.entries.len(),
            events: record.count(),
            head: record.chain.head(),
            anchored: self.anchored,
            signed,
            unnamed: compare::unnamed(&record, &self.entries),
            findings: told_once(self.findings),
        }
    }

    /// The statement: the one that was signed, where there is one.
    fn stated(&mut self, judge: &Judge<'_>) -> (Signed, Option<Statement>) {
        let text = self.statement.take();
        if text.is_none() && !self.names.contains(STATEMENT) {
            self.find(STATEMENT, "is missing");
        }
        let (signed, payload) = self.signed(judge);
        if text.is_some() && payload.is_some() && payload != text {
            self.find(STATEMENT, "was changed: it is not the one that was signed");
        }
        let Some(text) = payload.or(text) else { return (signed, None) };
        match Statement::read(&text) {
            Ok(statement) => (signed, Some(statement)),
            Err(why) => {
                self.find(STATEMENT, &format!("cannot be read: {why}"));
                (signed, None)
            }
        }
    }

    /// Who signed, and what.
    fn signed(&mut self, judge: &Judge<'_>) -> (Signed, Option<Vec<u8>>) {
        let Some(text) = self.envelope.take() else { return (Signed::No, None) };
        let signed = Envelope::read(&text).and_then(|envelope| {
            let payload = envelope.payload()?;
            let bytes = pae(&payload);
            let each = envelope.signatures.iter().map(|signature| judge(&bytes, signature));
            let by = each.collect::<Result<Vec<_>, _>>()?;
            if by.is_empty() { Err("nobody has signed it".into()) } else { Ok((by.join(" and "), payload)) }
        });
        match signed {
            Ok((by, payload)) => (Signed::By(by), Some(payload)),
            Err(why) => {
                self.find(ENVELOPE, &format!("does not prove anything: {why}"));
                (Signed::Wrong(why), None)
            }
        }
    }

    /// What is there against the statement.
    fn compare(&mut self, stated: &Statement, record: Option<&Record>) {
        let Some(record) = record else {
            return self.findings.extend(compare::files(&stated.subject, &self.entries));
        };
        let events = &stated.predicate.events;
        if let Some(hashes) = &events.sha256 {
            self.findings.extend(compare::events(hashes, &record.hashes));
        }
        if events.count != record.count() {
            let why = format!("holds {} events, and the statement says {}", record.count(), events.count);
            self.find(EVENTS, &why);
        }
        if events.head != record.chain.head() {
            self.find(EVENTS, "gives another chain than the statement says: its last hash is another");
        }
        self.findings.extend(compare::files(&stated.subject, &self.entries));
    }

    /// What is there against what the events say.
    fn agree(&mut self, record: &Record) {
        if let Some((seq, why)) = &record.broken {
            self.find(&format!("event {seq}"), &format!("cannot follow the one before: {why}"));
        }
        for (seq, why) in &record.void {
            self.find(&format!("event {seq}"), why);
        }
        self.findings.extend(compare::unkept(record, &self.entries));
        let plan = self.plan.as_ref().map(|plan| digest(plan));
        match (&record.digest, plan) {
            (Some(begun), Some(plan)) if *begun != plan => {
                self.find(PLAN, "is not the plan that the run was started with: its digest is another");
            }
            _ => {}
        }
        // From an event that was changed another end may follow: that is no second finding.
        if let Some((seq, why)) = record.false_end.as_ref().filter(|_| self.findings.is_empty()) {
            self.find(&format!("event {seq}"), why);
        }
    }

    /// All that a statement says follows from the rest: made again, it is the same.
    fn same(&mut self, stated: &Statement, record: &Record) {
        let Some(run) = record.run() else {
            return self.find(EVENTS, "does not begin with the start of a run");
        };
        let files = std::mem::take(&mut self.entries);
        let again = Statement::of(run, record.events(), files.iter().cloned().map(subject));
        self.entries = files;
        if *stated != again {
            self.find(STATEMENT, "was changed: it does not say what the events say");
        }
    }
}

/// Each thing once, and not more than anybody reads.
fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut told: Vec<Finding> =
        findings.into_iter().filter(|finding| seen.insert(finding.what.clone())).collect();
    let more = told.len().saturating_sub(FINDINGS_MOST);
    if more > 0 {
        told.truncate(FINDINGS_MOST);
        told.push(Finding::new("more", &format!("is wrong: {more} further files or events")));
    }
    told
}

/// The plan of a text. Whoever made the pack may have made it: nothing in it may lead in circles.
fn plan(text: &[u8]) -> Result<Plan, String> {
    if !is_flat(text, DEEPEST) {
        return Err("cannot be read: it nests too deep".into());
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    let read = serde::Deserialize::deserialize(&mut reader);
    let plan: Plan = read.map_err(|error: serde_json::Error| format!("cannot be read: {error}"))?;
    reader.end().map_err(|error| format!("cannot be read: {error}"))?;
    if plan.format != FORMAT {
        return Err(format!("has the format {}, and this bowline knows {FORMAT}", plan.format));
    }
    if (0..).map(crate::plan::NodeId).zip(&plan.nodes).all(|(id, _)| is_sound(&plan, id)) {
        return Ok(plan);
    }
    Err("cannot be read: its nodes do not form a tree".into())
}

/// Whether what hangs from a node stands behind it.
fn is_sound(plan: &Plan, id: crate::plan::NodeId) -> bool {
    plan.below(id).iter().all(|child| *child > id && plan.node(*child).is_some())
}
