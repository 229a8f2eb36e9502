//! The platforms that headers name.

use crate::model::{Platform, Provider};
use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems, nearest};
use crate::syntax::tree::{List, Name};

/// The platform of that name.
///
/// # Errors
/// There is none, which is reported.
pub fn resolve_platform(name: Name<'_>, problems: &mut Problems) -> Result<Platform, ErrorGuaranteed> {
    Platform::from_name(name.text).ok_or_else(|| {
        let platforms = Platform::ALL.map(Platform::name);
        let near = platform_for_provider(name.text).or_else(|| nearest(name.text, platforms));
        problems.refuse(NameProblem::unknown(Noun::Platform, name.span, name.text, near, &platforms))
    })
}

/// The platforms of an `on` block, and the error if one of its names is unknown.
pub fn resolve_platforms(
    names: &List<'_, Name<'_>>,
    problems: &mut Problems,
) -> (Vec<Platform>, Option<ErrorGuaranteed>) {
    let (mut platforms, mut unknown) = (Vec::new(), None);
    for name in names.nodes() {
        match resolve_platform(*name, problems) {
            Ok(platform) => platforms.push(platform),
            Err(error) => unknown = Some(error),
        }
    }
    (platforms, unknown)
}

/// The platform that was meant by the name of its provider.
fn platform_for_provider(name: &str) -> Option<&'static str> {
    let provider = Provider::from_name(name)?;
    let native = Platform::ALL.into_iter().find(|platform| platform.native_provider() == Some(provider));
    native.map(Platform::name)
}
