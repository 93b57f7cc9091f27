//! The loop: reads, works, and ends as the protocol says.

use std::io::{BufRead, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::frame::{self, Cancelled, Incoming};
use super::server::{Due, Server};
use super::{End, World};
use crate::syntax::STACK;

/// So many messages are done before other work, although more of them wait.
const BUSY: usize = 64;

/// How long nothing comes before that is done for which nobody waits: what was answered is read meanwhile, which may want the
/// same core, and a hand that types on comes first.
const REST: Duration = Duration::from_millis(20);

/// Serves an editor until it says `exit` or goes away.
pub fn serve(
    input: impl BufRead + Send + 'static,
    output: &mut (dyn Write + Send),
    world: &dyn World,
) -> End {
    let cancelled = Cancelled::default();
    let (sender, receiver) = channel();
    let noted = Arc::clone(&cancelled);
    let mut input = input;
    std::thread::spawn(move || {
        while let Ok(Some(message)) = frame::read(&mut input) {
            note_cancelled(&message, &noted);
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    let work = move || work(&receiver, Server::new(world, output, cancelled));
    std::thread::scope(|scope| {
        // Deep nesting needs room; a system without it serves what it can.
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        thread.map_or(End::Abrupt, |thread| thread.join().unwrap_or(End::Abrupt))
    })
}

/// A cancellation overtakes what waits.
fn note_cancelled(message: &Incoming, cancelled: &Cancelled) {
    if let Incoming::Notification { method, params } = message
        && method == "$/cancelRequest"
        && let Some(id) = params.get("id").filter(|id| !id.is_null())
    {
        cancelled.lock().unwrap_or_else(PoisonError::into_inner).insert(Value::to_string(id));
    }
}

fn work(receiver: &Receiver<Incoming>, mut server: Server<'_>) -> End {
    let (mut since, mut rested) = (0, false);
    loop {
        let next = match server.due() {
            Some(_) if since >= BUSY => Err(RecvTimeoutError::Timeout),
            Some(Due::AtRest) if !rested => receiver.recv_timeout(REST),
            Some(_) => receiver.recv_timeout(Duration::ZERO),
            None => receiver.recv().map_err(RecvTimeoutError::from),
        };
        match next {
            Ok(message) => {
                (since, rested) = (since + 1, false);
                if let Some(end) = server.message(message) {
                    return end;
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                (since, rested) = (0, server.due() == Some(Due::AtRest));
                server.work();
            }
            Err(RecvTimeoutError::Disconnected) => return server.left(),
        }
    }
}
