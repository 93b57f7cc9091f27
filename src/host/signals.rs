//! Signals of our own: the operator's wish to stop, a terminal that went away, suspension.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use super::process::terminal::Halts;
use crate::event::Actor;
use crate::run::Report;

/// A file has reached the size that it may have.
const FILE_LIMIT: SignalKind = SignalKind::from_raw(25);

/// Ctrl-Z; tokio has no name for it.
const SUSPEND: SignalKind = SignalKind::from_raw(20);

/// After it.
const CONTINUE: SignalKind = SignalKind::from_raw(18);

/// Where what signals mean is told.
pub(super) struct Listeners {
    pub reports: UnboundedSender<Report>,
    pub halts: Halts,
    /// Called when we go on after a suspension, by whomever.
    pub continued: Box<dyn Fn() + Send>,
}

/// Reports signals from now on, for as long as the runtime lives. From then on none of them ends
/// this process by itself. One that was ignored when we were started stays so: `nohup` and shells
/// without job control say in this way that it is not meant for us.
///
/// # Errors
/// When the system takes no handler.
pub(super) fn watch(listeners: Listeners, operator: Actor) -> std::io::Result<()> {
    let ignored = ignored();
    let open = |kind: SignalKind| {
        let wanted = ignored & (1 << (kind.as_raw_value() - 1)) == 0;
        wanted.then(|| signal(kind)).transpose()
    };
    let mut interrupt = open(SignalKind::interrupt())?;
    let mut terminate = open(SignalKind::terminate())?;
    let mut hang_up = open(SignalKind::hangup())?;
    let mut suspend = open(SUSPEND)?;
    let mut go_on = open(CONTINUE)?;
    // A file that may not grow is an error of the write, which is told; it does not end this process.
    open(FILE_LIMIT)?;
    tokio::spawn(async move {
        loop {
            let report = tokio::select! {
                () = next(&mut interrupt) => Report::Cancel(operator.clone()),
                () = next(&mut terminate) => Report::Cancel(operator.clone()),
                () = next(&mut hang_up) => Report::HangUp,
                () = next(&mut suspend) => {
                    // Nobody waits for us to go on.
                    let _ = listeners.halts.send(std::sync::mpsc::channel().0);
                    continue;
                }
                () = next(&mut go_on) => {
                    (listeners.continued)();
                    continue;
                }
            };
            if listeners.reports.send(report).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Stops this process until somebody lets it go on.
pub(super) fn suspend(before: impl FnOnce()) {
    before();
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
}

/// The next of its kind; of one that is ignored there is none.
async fn next(signal: &mut Option<Signal>) {
    let heard = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if heard.is_none() {
        std::future::pending::<()>().await;
    }
}

/// The signals that are ignored, one bit each; none where the system does not say.
pub(super) fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
