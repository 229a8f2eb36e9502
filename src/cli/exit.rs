//! Exit statuses.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Success.
    Right = 0,
    /// Errors, drift or differences.
    Wrong = 1,
    /// Usage error.
    Usage = 2,
    /// System failure.
    Failed = 3,
}
