//! Signals of our own: the operator's wish to stop, a terminal that went away, suspension.

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use super::process::Orders;
use crate::event::Actor;
use crate::run::Report;

/// Ctrl-Z; tokio has no name for it.
const SUSPEND: i32 = 20;

/// Reports signals from now on, for as long as the runtime lives. From then on none of them ends
/// this process by itself.
///
/// # Errors
/// When the system takes no handler.
pub(super) fn watch(
    reports: UnboundedSender<Report>,
    orders: Orders,
    operator: Actor,
) -> std::io::Result<()> {
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
                    halt(&orders);
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

/// Stops what runs and then ourselves; goes on where somebody lets us.
fn halt(orders: &Orders) {
    orders.suspend();
    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::STOP);
    orders.resume();
}
