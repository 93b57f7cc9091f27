//! Tells people that a run waits for them, on channels, while it goes on: nothing waits for that, and what is not taken
//! is only reported. Knows channels, not what is said.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::channel::{Channel, Channels, Delivery, delivery, notified};
use super::http::Http;
use super::mask::Mask;
use super::setup::LocalSetup;
use super::surroundings::Surroundings;
use crate::run::Reply;

/// A telling that takes longer is given up.
const LIMIT: Duration = Duration::from_secs(10);

type Taken = Result<(), String>;

/// What is told beside a run. It needs the runtime that the run has.
pub struct Telling {
    channels: Channels,
    run: String,
    dir: PathBuf,
    /// What programs get, by name.
    env: Vec<(OsString, OsString)>,
    mask: Mask,
    http: Http,
    told: Vec<(String, JoinHandle<Taken>)>,
}

impl Telling {
    /// On the channels of a run, and in its surroundings.
    #[must_use]
    pub fn new(setup: &LocalSetup) -> Self {
        let around = Surroundings::inherit(&setup.run, &setup.dir, &setup.path, &setup.hidden);
        let env = around.env().filter_map(|(name, both)| {
            let value = both.as_bytes().get(name.len() + 1..)?;
            Some((name.to_owned(), OsStr::from_bytes(value).to_owned()))
        });
        Self {
            channels: setup.channels.clone(),
            run: setup.run.clone(),
            dir: setup.dir.clone(),
            env: env.collect(),
            mask: setup.mask.clone(),
            http: Http { mask: setup.mask.clone(), trace: around.trace(), folder: setup.dir.clone() },
            told: vec![],
        }
    }

    /// Begins to say something on a channel, if it is set up.
    pub fn tell(&mut self, channel: &str, text: &str) {
        let text = self.mask.text(text);
        let task = match self.channels.get(channel) {
            None => return,
            Some(Channel::Program(words)) => {
                let program = self.program(channel, words);
                tokio::task::spawn_blocking(move || run(&program, text))
            }
            Some(Channel::Webhook(_)) => {
                let Delivery::Http(request) = delivery(&self.channels, channel, &text, &self.run) else {
                    return;
                };
                let http = self.http.clone();
                tokio::spawn(async move { taken(notified(http.send(request, Some(LIMIT)).await)) })
            }
        };
        self.told.push((channel.to_owned(), task));
    }

    /// Waits until all is said; each channel with why it did not take it, if so.
    pub async fn finish(self) -> Vec<(String, Taken)> {
        let mut all = vec![];
        for (channel, task) in self.told {
            let lost = |_| Err("it was lost".to_owned());
            all.push((channel, task.await.unwrap_or_else(lost)));
        }
        all
    }

    fn program(&self, channel: &str, words: &[String]) -> Program {
        let own = [("BOWLINE_CHANNEL", channel), ("BOWLINE_RUN", &self.run)];
        let own = own.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let env = self.env.iter().cloned().chain(own).collect();
        Program { words: words.to_vec(), dir: self.dir.clone(), env }
    }
}

struct Program {
    words: Vec<String>,
    dir: PathBuf,
    env: Vec<(OsString, OsString)>,
}

/// Runs a program that gets the text on its standard input.
fn run(program: &Program, text: String) -> Taken {
    let (name, arguments) = program.words.split_first().ok_or("its command is empty")?;
    let command = duct::cmd(OsString::from(name), arguments).dir(&program.dir).full_env(program.env.clone());
    let command = command.stdin_bytes(text).stdout_null().stderr_null().unchecked();
    let child = command.start().map_err(|error| error.to_string())?;
    let ended = child.wait_timeout(LIMIT).map_err(|error| error.to_string())?.map(|output| output.status);
    match ended {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(status.to_string()),
        None => {
            let _ = child.kill();
            Err(format!("it took longer than {} s", LIMIT.as_secs()))
        }
    }
}

fn taken(reply: Reply) -> Taken {
    match reply {
        Reply::Failed { message, .. } => Err(message),
        _ => Ok(()),
    }
}
