//! Exit statuses.

/// An exit status.
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

/// Leaks a large value before exit: the system frees all memory at once, while dropping takes a twentieth of the time of
/// a build.
pub fn exit_without_drop<T>(thing: T) {
    std::mem::forget(thing);
}
