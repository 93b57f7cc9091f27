//! The server's state, and what each message does to it.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};

use lsp_types::PublishDiagnosticsParams;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::documents::{Document, Documents, Overlay};
use super::failure::Failure;
use super::frame::{self, Cancelled, Incoming};
use super::late::{Found, still};
use super::{End, World, shape};
use crate::compile::{Checked, Entry, Memory, Setting, Spent};
use crate::ide::View;
use crate::syntax::tree::Tree;

/// Of texts of more lines the plan is looked at when nothing else is to be done.
const LARGE: u32 = 2000;

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing but `initialize` is answered.
    Fresh,
    Serving,
    /// Nothing but `exit` is expected.
    ShutDown,
}

/// When the next piece of work is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// As soon as no message waits: somebody waits for its reports.
    Now,
    /// Once nobody has asked for anything for a while.
    AtRest,
}

/// The server.
pub(super) struct Server<'s> {
    pub(super) world: &'s dyn World,
    output: &'s mut (dyn Write + Send),
    cancelled: Cancelled,
    phase: Phase,
    /// Nobody reads any more.
    deaf: bool,
    pub(super) documents: Documents,
    pub(super) memory: Memory,
    pub(super) settings: HashMap<String, Setting>,
    /// What was found last, by path.
    checked: HashMap<String, Found>,
    /// The open texts that changed since, or whose modules did.
    unchecked: BTreeSet<String>,
    /// What was made only to check and is still to be freed.
    spent: Option<Spent>,
    /// The folders that are open in the editor.
    pub(super) folders: Vec<String>,
    /// Whether it was said that they hold more than is looked through.
    pub(super) said_more: bool,
}

/// A file with all that was found, for one answer.
pub(super) struct Seen<'s> {
    pub(super) document: &'s Arc<Document>,
    pub(super) checked: &'s Checked,
    pub(super) trees: Vec<Arc<Tree>>,
}

impl Seen<'_> {
    pub(super) fn view(&self) -> View<'_> {
        View { sources: &self.checked.sources, trees: &self.trees, index: &self.checked.index }
    }
}

impl<'s> Server<'s> {
    pub(super) fn new(
        world: &'s dyn World,
        output: &'s mut (dyn Write + Send),
        cancelled: Cancelled,
    ) -> Self {
        Self {
            world,
            output,
            cancelled,
            phase: Phase::Fresh,
            deaf: false,
            documents: Documents::default(),
            memory: Memory::default(),
            settings: HashMap::new(),
            checked: HashMap::new(),
            unchecked: BTreeSet::new(),
            spent: None,
            folders: vec![],
            said_more: false,
        }
    }

    /// Does what a message wants; the end, where it is one.
    pub(super) fn message(&mut self, message: Incoming) -> Option<End> {
        match message {
            Incoming::Request { id, method, params } => self.request(id, &method, params),
            Incoming::Notification { method, .. } if method == "exit" => return Some(self.left()),
            Incoming::Notification { method, params } => self.notification(&method, params),
            Incoming::Answer => {}
            Incoming::Wrong(id, failure) => self.fail(id, &failure),
        }
        self.deaf.then_some(End::Abrupt)
    }

    /// How it ended where nothing more comes.
    pub(super) fn left(&self) -> End {
        if self.phase == Phase::ShutDown { End::Clean } else { End::Abrupt }
    }

    fn request(&mut self, id: Value, method: &str, params: Value) {
        let cancelled = self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).remove(&id.to_string());
        let answer = match (self.phase, method) {
            _ if cancelled => Err(Failure::cancelled()),
            (Phase::Fresh, "initialize") => {
                self.phase = Phase::Serving;
                Ok(self.initialize(&params))
            }
            (Phase::Fresh, _) => Err(Failure::not_initialized()),
            (Phase::ShutDown, _) => Err(Failure::out_of_turn("the server was shut down")),
            (Phase::Serving, "initialize") => Err(Failure::out_of_turn("the server was initialized before")),
            (Phase::Serving, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Serving, _) => self.guarded(|server| server.answer(method, params)),
        };
        match answer {
            Ok(result) => self.send([("id", id), ("result", result)]),
            Err(failure) => self.fail(id, &failure),
        }
    }

    /// A bug in an answer costs that answer, and what was known of the texts.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(|_| {
            self.memory = Memory::default();
            self.checked.clear();
            self.unchecked.clear();
            Err(Failure::internal())
        })
    }

    fn notification(&mut self, method: &str, params: Value) {
        if self.phase == Phase::Serving {
            // A notification has no answer, and nobody to tell that it does not fit.
            let _ = self.guarded(|server| server.told(method, params));
        }
    }

    fn fail(&mut self, id: Value, failure: &Failure) {
        self.send([("id", id), ("error", json!({ "code": failure.code, "message": failure.message }))]);
    }

    /// Tells the editor something.
    pub(super) fn notify(&mut self, method: &str, params: &impl Serialize) {
        let params = serde_json::to_value(params).unwrap_or_default();
        self.send([("method", method.into()), ("params", params)]);
    }

    fn send<const N: usize>(&mut self, parts: [(&str, Value); N]) {
        let message: Map<String, Value> =
            parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.deaf |= frame::write(self.output, message).is_err();
    }

    /// When something is to be done that no message asks for.
    pub(super) fn due(&self) -> Option<Due> {
        if !self.unchecked.is_empty() {
            return Some(Due::Now);
        }
        (self.spent.is_some() || self.unfinished().is_some()).then_some(Due::AtRest)
    }

    /// A text of which the plan is still to be looked at.
    fn unfinished(&self) -> Option<&String> {
        self.checked.iter().find(|(_, found)| !found.checked.is_finished()).map(|(path, _)| path)
    }

    /// Does the next piece of that work: what is sooner told goes first, and what is freed makes room for the next plan.
    pub(super) fn work(&mut self) {
        // What was told of a text is kept; a bug was told on standard error.
        let _ = self.guarded(|server| {
            if let Some(path) = server.unchecked.first().cloned() {
                server.check(&path);
            } else if server.spent.take().is_none()
                && let Some(path) = server.unfinished().cloned()
            {
                server.finish(&path);
            }
            Ok(())
        });
    }

    /// Keeps what is to be freed until nothing is asked; where something always is, only the last.
    fn keep(&mut self, spent: Spent) {
        self.spent = Some(spent);
    }

    /// Notes that a file changed: every open text that takes it in is to be checked.
    pub(super) fn changed(&mut self, path: &str) {
        for open in self.documents.paths() {
            let takes_in = |found: &Found| found.checked.sources.iter().any(|source| source.name() == path);
            if open == path || self.checked.get(open).is_none_or(takes_in) {
                self.unchecked.insert(open.clone());
            }
        }
    }

    /// Notes that anything may have changed on disk.
    pub(super) fn all_changed(&mut self) {
        self.settings.clear();
        self.unchecked.extend(self.documents.paths().cloned());
    }

    pub(super) fn closed(&mut self, path: &str) {
        self.unchecked.remove(path);
        self.checked.remove(path);
        self.settings.remove(path);
        self.memory.forget(path);
        self.changed(path);
    }

    /// Checks an open text and tells what is found. Of a large one the plan is looked at later, which takes as long again:
    /// until then the reports about it stay as they were.
    fn check(&mut self, path: &str) {
        self.unchecked.remove(path);
        let Some(document) = self.documents.get(path).cloned() else { return };
        let mut before = self.checked.remove(path);
        if let Some(spent) = before.as_mut().and_then(|before| before.checked.leave()) {
            self.keep(spent);
        }
        let late = before.map(|before| still(&before, &document.text)).unwrap_or_default();
        let found = Found { checked: self.resolved(path), late, told: None };
        self.checked.insert(path.to_owned(), found);
        if document.lines.count() > LARGE {
            self.publish(&document);
        } else {
            self.finish(path);
        }
    }

    /// Looks at the plan of a text that was checked, and tells what is found.
    fn finish(&mut self, path: &str) {
        let setting = self.setting(path);
        let overlay = Overlay { documents: &self.documents, disk: self.world };
        let found = self.checked.get_mut(path);
        let Some(spent) = found.and_then(|found| found.finish(&overlay, &setting)) else { return };
        self.keep(spent);
        if let Some(document) = self.documents.get(path).cloned() {
            self.publish(&document);
        }
    }

    /// Tells what is known of a text, unless that was told.
    fn publish(&mut self, document: &Document) {
        let Some(found) = self.checked.get_mut(&document.path) else { return };
        let known = shape::diagnostics(self.world, document, &found.checked.sources, found.known());
        if found.told.as_ref() == Some(&known) {
            return;
        }
        found.told = Some(known.clone());
        let (uri, version) = (document.uri.clone(), Some(document.version));
        let params = PublishDiagnosticsParams { uri, diagnostics: known, version };
        self.notify("textDocument/publishDiagnostics", &params);
    }

    pub(super) fn setting(&mut self, path: &str) -> Setting {
        let world = self.world;
        self.settings.entry(path.to_owned()).or_insert_with(|| world.setting(path)).clone()
    }

    /// The names of a file, open or not, and what is reported of it but for its plan.
    pub(super) fn resolved(&mut self, path: &str) -> Checked {
        let setting = self.setting(path);
        let overlay = Overlay { documents: &self.documents, disk: self.world };
        self.memory.resolve(&overlay, Entry::File(path), &setting)
    }

    /// An open text with all that is reported of it as it stands now.
    pub(super) fn seen_whole(&mut self, path: &str) -> Result<Seen<'_>, Failure> {
        self.seen(path)?;
        self.finish(path);
        self.seen(path)
    }

    /// An open text as it stands now, with its names.
    pub(super) fn seen(&mut self, path: &str) -> Result<Seen<'_>, Failure> {
        if self.unchecked.contains(path) || !self.checked.contains_key(path) {
            self.check(path);
        }
        let document =
            self.documents.get(path).ok_or_else(|| Failure::params(format!("{path} is not open")))?;
        let checked = &self.checked.get(path).ok_or_else(Failure::internal)?.checked;
        let trees = checked.trees(&self.memory).cloned().collect();
        Ok(Seen { document, checked, trees })
    }
}
