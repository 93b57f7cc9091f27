//! What is told of a child that has ended: by itself, or because it was stopped.

use rustix::process::{Signal, WaitIdStatus};

use super::super::output::Printed;
use super::super::{UNKNOWN_END, exit_code, how_stopped, still_alive};
use super::{Limits, Stopping};
use crate::run::{Failure, ProgramReply, Reply};

pub(super) fn by_signal(status: &WaitIdStatus) -> Option<String> {
    status.terminating_signal().map(|number| format!("ended by signal {}", signal_name(number)))
}

pub(super) fn exited(status: &WaitIdStatus, printed: Printed) -> Reply {
    let Printed { stdout, stderr, tail, output } = printed;
    Reply::Program(ProgramReply { exit: exit_code(status), stdout, stderr, tail, output })
}

fn signal_name(number: i32) -> String {
    Signal::from_named_raw(number)
        .map_or_else(|| number.to_string(), |signal| format!("{number} ({signal:?})"))
}

pub(super) fn stopped(stopping: &Stopping, limits: Limits, printed: Printed) -> Reply {
    let stopped = how_stopped(stopping.why, limits.timeout, stopping.killed.map(|_| limits.grace));
    let why = if stopping.left.is_empty() { stopping.why } else { Failure::Alive };
    failed(why, stopped + &still_alive(&stopping.left), printed)
}

pub(super) fn stopped_unseen(printed: Printed) -> Reply {
    failed(Failure::Stopped, "bowline left before the program had ended".into(), printed)
}

pub(super) fn lost(printed: Printed) -> Reply {
    failed(Failure::Lost, UNKNOWN_END.into(), printed)
}

pub(super) fn failed(failure: Failure, message: String, printed: Printed) -> Reply {
    Reply::Failed { failure, message, tail: printed.tail, output: printed.output }
}
