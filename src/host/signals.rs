//! Signals of our own: the operator's wish to stop, a terminal that went away, suspension.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use super::process::terminal::Halts;
use crate::event::Actor;
use crate::run::Report;

/// Ctrl-Z; tokio has no name for it.
const SUSPEND: i32 = 20;

/// Reports signals from now on, for as long as the runtime lives. From then on none of them ends
/// this process by itself.
///
/// # Errors
/// When the system takes no handler.
pub(super) fn watch(reports: UnboundedSender<Report>, halts: Halts, operator: Actor) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut suspend = signal(SignalKind::from_raw(SUSPEND))?;
    tokio::spawn(async move {
        loop {
            let report = tokio::select! {
                Some(()) = interrupt.recv() => Report::Cancel(operator.clone()),
                Some(()) = terminate.recv() => Report::Cancel(operator.clone()),
                Some(()) = hang_up.recv() => Report::HangUp,
                Some(()) = suspend.recv() => {
                    // Nobody waits for us to go on.
                    let _ = halts.send(std::sync::mpsc::channel().0);
                    continue;
                }
                else => return,
            };
            if reports.send(report).is_err() {
                return;
            }
        }
    });
    Ok(())
}
