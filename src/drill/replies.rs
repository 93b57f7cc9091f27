//! What the host of a drill answers: that all is well, or what goes wrong.

use super::turns::answer;
use crate::event::Actor;
use crate::run::{Answered, Captured, Failure, HttpReply, PersonReply, ProgramReply, Reply, Request};
use crate::value::{Artifact, Value};

/// Who answers in a drill.
pub(super) fn somebody() -> Actor {
    Actor { name: "drill".into(), from_file: false }
}

/// The answer to a question about what went wrong; `None` where it is an effect.
pub(super) fn decided(request: &Request) -> Option<Reply> {
    let Request::Ask(question) = request else { return None };
    match question.kind {
        Answered::Failed { .. }
        | Answered::Undo { .. }
        | Answered::Unknown { .. }
        | Answered::Step { .. } => Some(Reply::Nobody),
        Answered::Hold { .. } => Some(says("reject".into())),
        _ => None,
    }
}

pub(super) fn says(value: Value) -> Reply {
    Reply::Person(PersonReply { by: somebody(), value, note: String::new() })
}

/// A no: of a person in words, of everything else as a failure.
pub(super) fn said_no(request: &Request) -> Reply {
    match request {
        Request::Ask(question) if !matches!(question.kind, Answered::Value { .. } | Answered::Choose(_)) => {
            says(Value::Bool(false))
        }
        _ => failed(Failure::Missing),
    }
}

/// Makes an answer tell in which turn it was given.
pub(super) fn tell_turn(reply: &mut Reply, turn: usize) {
    match reply {
        Reply::Program(reply) => reply.stdout = Captured::Text(answer(turn)),
        Reply::Http(reply) => reply.body = Captured::Text(answer(turn)),
        _ => {}
    }
}

pub(super) fn failed(failure: Failure) -> Reply {
    let message = match failure {
        Failure::NotStarted => "it could not be started",
        Failure::TimedOut => "its time is over",
        Failure::Lost => "the connection was lost",
        Failure::Stopped => "it was stopped",
        _ => "it failed",
    };
    Reply::Failed { failure, message: message.into(), tail: String::new(), output: None }
}

/// All is well.
pub(super) fn well(request: &Request) -> Reply {
    match request {
        Request::Program(_) => Reply::Program(ProgramReply {
            stdout: Captured::Text(String::new()),
            stderr: Captured::Text(String::new()),
            ..ProgramReply::default()
        }),
        Request::Http(_) => {
            Reply::Http(HttpReply { status: 200, headers: vec![], body: Captured::Text(String::new()) })
        }
        Request::Artifact(path) => {
            Reply::Artifact(Artifact { path: path.as_str().into(), sha256: "00".into(), bytes: 1, on: None })
        }
        Request::Ask(_) => says(Value::Bool(true)),
        Request::Verify(_) | Request::Evidence(_) | Request::Notify { .. } => {
            Reply::Done { message: String::new() }
        }
    }
}
