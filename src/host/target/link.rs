//! One program on a target, as far as it is known from here.
//!
//! Reads what the client prints and speaks to the wrapper; knows no processes. What cannot be known
//! (the connection was lost) it says to be lost, and not before the target has certainly stopped it.

use std::io::Write;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use super::marked::{Marked, Piece};
use super::voice::{Say, Voice};
use super::{Aim, SLACK, Wrapped};
use crate::host::shown;

/// So much of what the client itself said is kept, in bytes.
const NOISE: usize = 2048;

/// How it ended, in so far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Fate {
    /// By itself, with that exit code.
    Exited(i32),
    /// It was stopped because we asked for it.
    Stopped,
    /// It certainly never began; why.
    NotBegun(String),
    /// Nobody knows; why.
    Lost(String),
}

/// How the wrapper says that it ended.
#[derive(Debug)]
enum End {
    Itself(i32),
    Asked,
    /// Stopped by the target for want of us, in words.
    Alone(&'static str),
    Refused(String),
}

/// A program on a target.
pub(in super::super) struct Link {
    name: String,
    voice: Voice,
    silence: Duration,
    /// Whether nothing may go on before it is certainly dead.
    changes: bool,
    out: Marked,
    err: Marked,
    /// Whether the program's own output has begun, by stream.
    begun: [bool; 2],
    /// The client's own words: before the program began, there is nobody else to say anything.
    noise: Vec<u8>,
    end: Option<End>,
    out_ended: bool,
    sink: Option<Box<dyn Write + Send>>,
    sink_failed: Option<String>,
    notice: Option<String>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("name", &self.name).field("end", &self.end).finish_non_exhaustive()
    }
}

/// Where a stream of the program goes: 0 is standard output, 1 standard error.
pub(in super::super) type Take<'a> = &'a mut dyn FnMut(usize, &[u8]);

impl Link {
    /// Speaks through the standard input of the client.
    pub(in super::super) fn new(aim: Aim, wrapped: Wrapped, pipe: OwnedFd) -> Self {
        let silence = aim.target.silence;
        Self {
            name: aim.name,
            voice: Voice::new(pipe, wrapped.order, silence, aim.alive),
            silence,
            changes: aim.changes,
            out: Marked::new(&wrapped.mark),
            err: Marked::new(&wrapped.mark),
            begun: [false; 2],
            noise: vec![],
            end: None,
            out_ended: false,
            sink: aim.sink,
            sink_failed: None,
            notice: None,
        }
    }

    /// Takes what the client printed on a stream; what is the program's is handed on.
    pub(in super::super) fn feed(&mut self, stream: usize, bytes: &[u8], take: Take<'_>) {
        let mut marked =
            std::mem::replace(if stream == 0 { &mut self.out } else { &mut self.err }, Marked::new(""));
        marked.feed(bytes, &mut |piece| match piece {
            Piece::Said(text) => self.said(stream, &text),
            Piece::Bytes(bytes) => self.bytes(stream, bytes, take),
        });
        *(if stream == 0 { &mut self.out } else { &mut self.err }) = marked;
    }

    /// The client has ended: what was held back is the program's.
    pub(in super::super) fn finish(&mut self, take: Take<'_>) {
        for (stream, mut marked) in [self.out.clone(), self.err.clone()].into_iter().enumerate() {
            marked.finish(&mut |piece| {
                if let Piece::Bytes(bytes) = piece {
                    self.bytes(stream, bytes, take);
                }
            });
        }
    }

    fn bytes(&mut self, stream: usize, bytes: &[u8], take: Take<'_>) {
        if self.begun.get(stream) != Some(&true) {
            // A greeting on standard output is nobody's; on standard error the client says what is wrong.
            if stream == 1 {
                self.noise.extend_from_slice(bytes);
                self.noise.drain(..self.noise.len().saturating_sub(NOISE));
            }
        } else if let (0, Some(sink)) = (stream, &mut self.sink) {
            if let (None, Err(error)) = (&self.sink_failed, sink.write_all(bytes)) {
                self.sink_failed = Some(error.to_string());
            }
        } else if stream == 0 || self.end.is_none() {
            take(stream, bytes);
        }
    }

    fn said(&mut self, stream: usize, text: &str) {
        match (stream, text.split_once(' ').unwrap_or((text, ""))) {
            (1, ("ready", _)) => self.voice.say(Say::Order),
            (_, ("begin", _)) => {
                if let Some(begun) = self.begun.get_mut(stream) {
                    *begun = true;
                }
                if stream == 1 {
                    self.voice.say(Say::Begin);
                }
            }
            (0, ("end", _)) => self.out_ended = true,
            (1, ("end", how)) => self.end = Some(End::read(how)),
            _ => {}
        }
    }

    /// Whether the wrapper has said all that it has to say.
    pub(in super::super) fn is_over(&self) -> bool {
        self.out_ended && self.end.is_some()
    }

    /// Whether the program may have begun.
    pub(in super::super) fn may_have_begun(&self) -> bool {
        self.voice.may_have_begun()
    }

    /// TERM to the program's group.
    pub(in super::super) fn ask_to_end(&self) {
        self.voice.say(Say::Term);
    }

    /// KILL to the program's group.
    pub(in super::super) fn kill(&self) {
        self.voice.say(Say::Kill);
    }

    /// Halts the program's group.
    pub(in super::super) fn halt(&self) {
        self.voice.say(Say::Halt);
    }

    /// Lets it go on.
    pub(in super::super) fn go_on(&self) {
        self.voice.say(Say::GoOn);
    }

    /// When the program is certainly dead, the client being gone; `None` where nothing need be waited for.
    pub(in super::super) fn certain_at(&self) -> Option<Instant> {
        let waits = self.changes && !self.is_over() && self.may_have_begun();
        waits.then(|| self.voice.last() + self.silence + SLACK)
    }

    /// Says once that its death is waited for.
    pub(in super::super) fn say_waiting(&mut self, now: Instant) {
        if let (None, Some(certain)) = (&self.notice, self.certain_at()) {
            let left = shown(Duration::from_secs(certain.saturating_duration_since(now).as_secs() + 1));
            let name = &self.name;
            self.notice =
                Some(format!("the connection to {name} was lost; in {left} what ran there is dead"));
        }
    }

    /// Whether there is something to be said.
    pub(in super::super) fn has_notice(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| !notice.is_empty())
    }

    /// What is to be said, once.
    pub(in super::super) fn notice(&mut self) -> Option<String> {
        self.notice.as_mut().map(std::mem::take).filter(|notice| !notice.is_empty())
    }

    /// Its fate, once the client has ended.
    pub(in super::super) fn fate(&self) -> Fate {
        let name = &self.name;
        if let (Some(error), true) = (&self.sink_failed, self.is_over()) {
            return Fate::Lost(format!("what came from {name} could not be written: {error}"));
        }
        match &self.end {
            Some(End::Refused(why)) => Fate::NotBegun(format!("on {name}: {why}")),
            Some(End::Itself(code)) if self.out_ended => Fate::Exited(*code),
            Some(End::Asked) => Fate::Stopped,
            Some(End::Alone(why)) => Fate::Lost(format!("{name} {why}, and stopped the program")),
            Some(End::Itself(_)) | None if self.may_have_begun() => {
                let silence = shown(self.silence);
                Fate::Lost(format!(
                    "the connection to {name} was lost; whether the program had ended is not known, and it is dead \
                     since: the target stops what has heard nothing for {silence}"
                ))
            }
            Some(End::Itself(_)) | None => {
                Fate::NotBegun(format!("{name} could not be reached{}", self.words()))
            }
        }
    }

    /// What the client said last: ssh says there what is wrong.
    fn words(&self) -> String {
        let text = String::from_utf8_lossy(&self.noise);
        let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join("; ");
        if last.is_empty() { String::new() } else { format!(": {last}") }
    }
}

impl End {
    /// `0 itself`, `143 asked`, `0 refused there is no program …`
    fn read(text: &str) -> Self {
        let (code, how) = text.split_once(' ').unwrap_or((text, ""));
        match how.split_once(' ').unwrap_or((how, "")) {
            ("asked", _) => Self::Asked,
            ("silence", _) => Self::Alone("heard nothing from here any more"),
            ("gone", _) => Self::Alone("lost the connection to here"),
            ("refused", why) => Self::Refused(why.to_owned()),
            _ => Self::Itself(code.parse().unwrap_or(255)),
        }
    }
}
