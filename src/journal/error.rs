//! Why the journal could not be used.

/// Why the journal could not be used; in words for a person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or its folder does not work.
    #[error("the journal in {folder} cannot be used: {why}")]
    Unusable {
        /// Where.
        folder: String,
        /// The system's words.
        why: String,
    },
    /// Something was written by a newer bowline.
    #[error("this was written by a newer bowline ({0}); use that one")]
    Newer(String),
    /// An event is not as it was written.
    #[error("event {seq} is not as it was written ({why}); the run is kept, but not driven on")]
    Broken {
        /// Which.
        seq: u64,
        /// What is wrong.
        why: String,
    },
    /// The plan of a run is not the one that it was started with.
    #[error(
        "the stored plan of run {0} is not the one that it was started with (their digests differ); \
         the run is kept, but not driven on"
    )]
    OtherPlan(String),
    /// No such run, or several.
    #[error("{0}")]
    NotFound(String),
}
