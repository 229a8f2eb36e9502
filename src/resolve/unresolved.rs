//! Why a name or a text has no value in a cluster.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::problem::{ErrorGuaranteed, Problem};

/// Why a name or a text has no value in a cluster.
///
/// A cluster may have values that it never uses, so an error in them is data until the value is needed.
#[derive(Clone, Debug)]
pub enum Unresolved {
    /// The error was reported at the statement, independent of the cluster.
    Reported(ErrorGuaranteed),
    /// The errors are reported when the value is needed.
    Failed(Rc<Failure>),
}

/// Errors that were not reported when they were found. Values that fail for the same reason share it.
#[derive(Debug)]
pub struct Failure {
    cause: Cause,
    reported: OnceCell<ErrorGuaranteed>,
}

#[derive(Debug)]
enum Cause {
    Problem(Problem),
    Several { first: Unresolved, rest: Vec<Unresolved> },
}

impl<P: Into<Problem>> From<P> for Unresolved {
    fn from(problem: P) -> Unresolved {
        Unresolved::new(Cause::Problem(problem.into()))
    }
}

impl From<ErrorGuaranteed> for Unresolved {
    fn from(error: ErrorGuaranteed) -> Unresolved {
        Unresolved::Reported(error)
    }
}

impl Unresolved {
    fn new(cause: Cause) -> Unresolved {
        Unresolved::Failed(Rc::new(Failure { cause, reported: OnceCell::new() }))
    }

    /// Hands the errors that were not reported yet to `report`.
    pub fn report(&self, report: &mut impl FnMut(Problem) -> ErrorGuaranteed) -> ErrorGuaranteed {
        match self {
            Unresolved::Reported(error) => *error,
            Unresolved::Failed(failure) => *failure.reported.get_or_init(|| match &failure.cause {
                Cause::Problem(problem) => report(problem.clone()),
                Cause::Several { first, rest } => {
                    let error = first.report(report);
                    rest.iter().fold(error, |_, cause| cause.report(report))
                }
            }),
        }
    }
}

/// All values, or why some are missing.
pub fn collect_all<T>(
    results: impl IntoIterator<Item = Result<T, Unresolved>>,
) -> Result<Vec<T>, Unresolved> {
    let (mut values, mut failed) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(unresolved) => failed.push(unresolved),
        }
    }
    let mut failed = failed.into_iter();
    match (failed.next(), failed.len()) {
        (None, _) => Ok(values),
        (Some(only), 0) => Err(only),
        (Some(first), _) => Err(Unresolved::new(Cause::Several { first, rest: failed.collect() })),
    }
}

/// Both values, or why one or both are missing.
pub fn both<A, B>(one: Result<A, Unresolved>, other: Result<B, Unresolved>) -> Result<(A, B), Unresolved> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(unresolved), Ok(_)) | (Ok(_), Err(unresolved)) => Err(unresolved),
        (Err(first), Err(other)) => Err(Unresolved::new(Cause::Several { first, rest: vec![other] })),
    }
}
