//! The failures that a run can be asked to have (`--inject`): their names and words. How one is made, the host knows.

/// What is made to happen to an effect, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Injection {
    /// It is really done, then reported as failed: the worst case, everything was changed.
    Failure,
    /// It is not done, and reported as certainly not done.
    Clean,
    /// It is really done, then nobody knows.
    Unknown,
    /// It is really done, and no answer comes before its time is over or the run is asked to stop.
    Hang,
    /// It is really done, and the process dies before that is recorded.
    Crash,
}

impl Injection {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Failure, Self::Clean, Self::Unknown, Self::Hang, Self::Crash];

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Clean => "clean",
            Self::Unknown => "unknown",
            Self::Hang => "hang",
            Self::Crash => "crash",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|injection| injection.name() == name)
    }

    /// What it does to an effect, in words.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Failure => "done, and reported as failed",
            Self::Clean => "not done, and reported as failed clean",
            Self::Unknown => "done, and reported as unknown",
            Self::Hang => "done, and no answer comes",
            Self::Crash => "done, and the process dies before that is recorded",
        }
    }
}
