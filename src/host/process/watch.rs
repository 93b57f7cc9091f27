//! Waits for events of programs inside the runtime.

use std::os::fd::OwnedFd;
use std::time::Duration;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::Programs;

/// Where events cannot be waited for, they are looked for so often.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// The runtime's ear at the programs; made where it is first used.
#[derive(Debug, Default)]
pub(in super::super) struct Watch(Option<AsyncFd<OwnedFd>>);

impl Watch {
    /// Until a program has something for [`Programs::turn`]. May be dropped at any time.
    pub(in super::super) async fn event(&mut self, programs: &Programs) {
        if self.0.is_none() {
            self.0 = programs.events().try_clone_to_owned().ok().and_then(registered);
        }
        let Some(events) = &self.0 else { return tokio::time::sleep(LOOK_EVERY).await };
        loop {
            let Ok(mut ready) = events.readable().await else { return tokio::time::sleep(LOOK_EVERY).await };
            if programs.is_ready() {
                return;
            }
            ready.clear_ready();
        }
    }
}

#[expect(unsafe_code, reason = "tokio cannot know that the descriptor stays the same; we do")]
fn registered(events: OwnedFd) -> Option<AsyncFd<OwnedFd>> {
    // SAFETY: the `AsyncFd` owns the descriptor, so it stays open and the same until that is dropped.
    unsafe { AsyncFd::register_with_interest(events, Interest::READABLE) }.ok()
}
