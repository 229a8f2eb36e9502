//! One IAM role by several ARNs.

use crate::check::fleet::{holders, names};
use crate::model::Held;
use crate::model::aws::RoleArn;
use crate::problem::{FleetProblem, Problems};

/// Reports the first ARN that is not the one by which others call the same role: no account has both roles.
/// `holders`: all that have one identity.
pub fn check(holders: &[holders::Held<'_>], problems: &mut Problems) {
    let Some((first, of_first)) = holders.first() else { return };
    let Some(role) = role(first.held) else { return };
    let other = holders.iter().find_map(|(holding, checked)| {
        let other = self::role(holding.held).filter(|other| *other != role)?;
        Some((other, holding, checked))
    });
    if let Some((other, holding, checked)) = other {
        let at = checked.origin(holding.holder, holding.held.provider());
        let first = of_first.origin(first.holder, first.held.provider());
        let (role, other) = (role.as_str().to_owned(), other.as_str().to_owned());
        let clusters = names(holders.iter().map(|(_, checked)| *checked));
        problems.push_among(FleetProblem::TwoArns { at, arn: other, first, other: role }, clusters);
    }
}

/// The role that somebody has.
pub const fn role(held: Held<'_>) -> Option<&RoleArn> {
    match held {
        Held::RoleByToken { role, .. } | Held::RoleByPodIdentity(role) => Some(role),
        Held::ManagedIdentity { .. } | Held::GoogleAccount(..) | Held::Principal(_) => None,
    }
}
