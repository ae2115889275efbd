//! How a failure is told: most are errors; whoever stops on purpose, in good order, made none.

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As an error.
    Error,
    /// As what somebody did on purpose.
    Stop,
    /// Not at all: there is nobody to tell.
    Quiet,
}
