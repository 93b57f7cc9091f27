//! Waiting for what must come: never for a length of time.

use std::time::{Duration, Instant};

/// Longer than this nobody waits; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until it is so; what does not come is said in these words.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
