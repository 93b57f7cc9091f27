//! What takes how long: a line for each command and each point where `BOWLINE_TIMES` is set, past the capture of the tests.

use std::fmt::Display;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// A stretch of time that is told of at its end.
pub(crate) struct Stretch {
    begun: Instant,
    busy: Duration,
}

/// Begins one.
pub(crate) fn begin() -> Stretch {
    Stretch { begun: Instant::now(), busy: busy() }
}

impl Stretch {
    /// Tells of it, if anybody wants to know. The processor's time is that of all commands that ended meanwhile, those of tests
    /// beside this one included: exact with `--test-threads=1`.
    pub(crate) fn told(&self, what: impl Display) {
        if std::env::var_os("BOWLINE_TIMES").is_some() {
            let (passed, busy) = (self.begun.elapsed().as_secs_f64(), busy().saturating_sub(self.busy));
            let line = format!("{passed:8.2} s, {:6.2} s busy  {what}\n", busy.as_secs_f64());
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
    }
}

/// What the processes that this one started and that ended took of the processors: `cutime` and `cstime` of proc(5).
fn busy() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
