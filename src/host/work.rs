//! Work as it is started: programs, requests, files, notices.
//!
//! Knows where each kind of work goes, and how it is stopped again; not what its reply means.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::oneshot;

use super::channel::Delivery;
use super::files::{self, Files};
use super::process::Job;
use super::process::terminal::{self, Stage};
use super::target::errand::{Errand, Next};
use super::target::{Aim, meant};
use super::{LocalHost, NOTICE_LIMIT, Running, failed, people};
use crate::event::EffectId;
use crate::run::{ArgText, Failure, HttpRequest, Program, Reply, Report};
use crate::value::Value;

/// What is wished of a piece of work besides what it does.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub address: String,
    pub timeout: Option<Duration>,
    /// Where it runs, if not here.
    pub target: Option<String>,
    /// Whether it changes the world.
    pub changes: bool,
}

impl LocalHost {
    /// A program of a step, here or on a target.
    pub(super) fn run(&mut self, effect: EffectId, wish: Wish, program: Program) {
        match self.aim(wish.target.as_deref(), wish.changes) {
            Ok(aim) => {
                let Wish { address, timeout, .. } = wish;
                self.program(effect, Job { effect, address, timeout, program, aim });
            }
            Err(why) => self.reply(effect, failed(Failure::NotStarted, why)),
        }
    }

    /// What is needed to run something on a target; nothing for this machine.
    fn aim(&self, target: Option<&str>, changes: bool) -> Result<Option<Aim>, String> {
        let Some(name) = target else { return Ok(None) };
        let Some(target) = self.targets.get(name) else {
            let near = meant(name, self.targets.keys());
            let why = format!("there is no target `{name}` in bowline.toml{near}");
            return Err(self.mask.text(&why));
        };
        let (target, connections) = (target.clone(), Arc::clone(&self.connections));
        let (name, alive) = (name.to_owned(), self.alive.clone());
        Ok(Some(Aim { name, target, connections, changes, sink: None, alive }))
    }

    /// Files of targets: by programs that run there.
    pub(super) fn send(&mut self, effect: EffectId, wish: Wish, next: Next) {
        match next {
            Next::Over(reply) => self.reply(effect, reply),
            Next::Here(artifacts) => self.file(effect, move |files| files.verify(&artifacts)),
            Next::Again(errand) => {
                let aim = match self.aim(Some(&errand.target), false) {
                    Ok(aim) => aim,
                    Err(why) => return self.reply(effect, failed(Failure::NotStarted, why)),
                };
                let aim = aim.map(|aim| Aim { sink: Some(errand.sink()), ..aim });
                let (program, address, timeout) = (errand.program(), wish.address.clone(), wish.timeout);
                self.errands.insert(effect, (wish, errand));
                self.program(effect, Job { effect, address, timeout, program, aim });
            }
        }
    }

    /// A file that must be there.
    pub(super) fn artifact(&mut self, effect: EffectId, wish: Wish, path: String) {
        match &wish.target {
            None => self.file(effect, move |files| files.artifact(&path)),
            Some(target) => {
                let errand = Errand::produce(target, path);
                self.send(effect, wish, Next::Again(errand));
            }
        }
    }

    fn program(&mut self, effect: EffectId, job: Job) {
        self.learn_unknown(job.program.words.iter().chain(job.program.env.iter().map(|(_, value)| value)));
        self.learn_unknown(&job.program.stdin);
        if job.program.terminal {
            return self.on_terminal(effect, job);
        }
        self.running.insert(effect, Running::Program(job.program.capture));
        self.programs.start(job);
    }

    fn on_terminal(&mut self, effect: EffectId, job: Job) {
        let stop = Arc::new(AtomicBool::new(false));
        self.running.insert(effect, Running::OnTerminal(Arc::clone(&stop)));
        let setup = self.process_setup.clone();
        let awaited = self.programs.awaited().clone();
        let stage = Stage { setup, reports: self.sender.clone(), halts: self.halts.clone(), awaited, stop };
        let screen = self.screen.clone();
        self.aside(effect, move || people::alone(screen.as_deref(), || terminal::run(&stage, &job)));
    }

    pub(super) fn http(&mut self, effect: EffectId, request: HttpRequest, timeout: Option<Duration>) {
        self.learn_unknown(request.headers.iter().map(|(_, value)| value));
        self.learn_unknown(request.body.iter().filter_map(|(_, content)| content.as_text()));
        self.learn_unknown([&request.url]);
        let (stop, stopped) = oneshot::channel();
        self.running.insert(effect, Running::Http(stop));
        let (http, sender) = (self.http.clone(), self.sender.clone());
        tokio::spawn(async move {
            let reply = tokio::select! {
                reply = http.send(request, timeout) => reply,
                Ok(()) = stopped => stopped_request(),
            };
            let _ = sender.send(Report::Reply { effect, reply });
        });
    }

    /// Files may be large and disks slow: not on the thread of the loop.
    pub(super) fn file(&mut self, effect: EffectId, work: impl FnOnce(Files) -> Reply + Send + 'static) {
        self.running.insert(effect, Running::File);
        let files = self.files.clone();
        self.aside(effect, move || work(files));
    }

    /// What is not kept is no failure, and not passed over in silence, either.
    pub(super) fn evidence(&mut self, effect: EffectId, wish: Wish, value: Value) {
        if let Value::Artifact(artifact) = &value
            && artifact.on.is_some()
        {
            return match self.files.receive(effect, artifact) {
                Ok(copy) => self.send(effect, wish, Next::Again(Errand::fetch(artifact, copy))),
                Err(error) => {
                    let why = format!("the evidence could not be kept: {error}");
                    self.reply(effect, failed(Failure::Missing, self.mask.text(&why)));
                }
            };
        }
        let sender = self.sender.clone();
        self.file(effect, move |files| {
            let reply = files.keep(effect, &value);
            if let Some(note) = files::not_kept(&reply) {
                let _ = sender.send(Report::Note(note));
            }
            reply
        });
    }

    fn aside(&self, effect: EffectId, work: impl FnOnce() -> Reply + Send + 'static) {
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let _ = sender.send(Report::Reply { effect, reply: work() });
        });
    }

    pub(super) fn notify(&mut self, effect: EffectId, wish: Wish, delivery: Delivery) {
        let Wish { address, timeout, .. } = wish;
        let timeout = Some(timeout.unwrap_or(NOTICE_LIMIT).min(NOTICE_LIMIT));
        match delivery {
            Delivery::Copy(message) => return self.reply(effect, Reply::Done { message }),
            Delivery::Program(program) => {
                self.program(effect, Job { effect, address, timeout, program, aim: None });
            }
            Delivery::Http(request) => self.http(effect, request, timeout),
        }
        self.notices.insert(effect);
    }

    pub(super) fn reply(&self, effect: EffectId, reply: Reply) {
        let _ = self.sender.send(Report::Reply { effect, reply });
    }

    /// A text that was made of secrets but holds none (a part, another spelling) is one itself.
    fn learn_unknown<'a>(&self, texts: impl IntoIterator<Item = &'a ArgText>) {
        for text in texts.into_iter().filter(|text| text.secret && !self.mask.taints(&text.clear)) {
            self.mask.learn([text.clear.as_str()]);
        }
    }
}

fn stopped_request() -> Reply {
    failed(Failure::Stopped, "stopped before there was an answer; the request may have been sent")
}
