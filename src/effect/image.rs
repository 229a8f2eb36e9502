//! The image of a controller: whose it is, and the version of Flux that it belongs to.

use crate::model::Controller;
use crate::model::flux::FluxVersion;
use crate::model::integration::NEWEST;

/// Where the images of Flux are. Source: `manifests/bases` of fluxcd/flux2.
const REGISTRY: &str = "ghcr.io/fluxcd/";

/// The reference of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image<'o>(pub &'o str);

impl<'o> Image<'o> {
    /// The name without its registry and its path, and the tag. Source: "Image names" of the Kubernetes documentation.
    fn parts(self) -> (&'o str, Option<&'o str>) {
        let without_digest = self.0.split_once('@').map_or(self.0, |(name, _)| name);
        let last = without_digest.rsplit_once('/').map_or(without_digest, |(_, last)| last);
        last.split_once(':').map_or((last, None), |(name, tag)| (name, Some(tag)))
    }

    /// The name without its registry and its path.
    pub fn name(self) -> &'o str {
        self.parts().0
    }

    /// True if its name is not that of a controller's image, and has nothing of it either. Mirrors often add something.
    pub fn is_foreign(self, controller: Controller) -> bool {
        !self.parts().0.contains(controller.name())
    }

    /// True if its tag is a version of Flux, of which the registry of Flux has no image: controllers have their own versions.
    pub fn has_tag_of_flux(self, controller: Controller) -> bool {
        let version = self.parts().1.and_then(FluxVersion::parse);
        // Of these, one has versions that begin with 2.
        controller != Controller::SourceWatcher
            && self.0.starts_with(REGISTRY)
            && version.is_some_and(|version| version <= NEWEST)
    }

    /// True if its tag is that of a controller without `v`: the registry of Flux has no such tags.
    pub fn has_tag_without_v(self) -> bool {
        let is_version = |tag: &str| {
            let parts: Vec<&str> = tag.split('.').collect();
            parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok())
        };
        let has_digest = self.0.contains('@');
        self.0.starts_with(REGISTRY) && !has_digest && self.parts().1.is_some_and(is_version)
    }

    /// False for what the runtime of containers does not take for a reference of an image.
    /// Source: `reference/regexp.go` of distribution/reference.
    pub fn is_reference(self) -> bool {
        let (name, digest) =
            self.0.split_once('@').map_or((self.0, None), |(name, digest)| (name, Some(digest)));
        let is_hex =
            |text: &str, length| text.len() == length && text.bytes().all(|it| it.is_ascii_hexdigit());
        let is_digest = |digest: &str| match digest.split_once(':') {
            Some(("sha256", hex)) => is_hex(hex, 64),
            Some(("sha512", hex)) => is_hex(hex, 128),
            Some((_, hex)) => hex.len() >= 32,
            None => false,
        };
        let (host, path) = name.split_once('/').unwrap_or(("", name));
        let last = path.rsplit('/').next().unwrap_or_default();
        let (tag, without_tag) = match last.split_once(':') {
            Some((_, tag)) => (Some(tag), path.strip_suffix(tag).unwrap_or(path).trim_end_matches(':')),
            None => (None, path),
        };
        let is_of_tag = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        let is_tag = |tag: &str| (1..=128).contains(&tag.len()) && tag.bytes().all(is_of_tag);
        let is_of_part =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_of_part);
        let is_host = host.contains(['.', ':']) || host == "localhost" || host.is_empty() || is_part(host);
        is_host
            && without_tag.split('/').all(is_part)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest)
    }

    /// The version of Flux that has the controller of this tag; nothing if the tag does not say it.
    ///
    /// Sources: `manifests/bases` of fluxcd/flux2 at its tags, and the changelogs of the controllers. With each minor version
    /// of Flux, all controllers have the next minor version.
    pub fn flux_version(self, controller: Controller) -> Option<FluxVersion> {
        let tag = self.parts().1?;
        let mut numbers = tag.strip_prefix('v')?.split('.').map(str::parse::<u16>);
        let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        // The minor version of Flux that the first of this major version came with, and the minor version of that.
        let (flux, first) = match (controller, major) {
            (Controller::Source | Controller::Kustomize | Controller::Notification, 1) => (0, 0),
            (Controller::Helm, 0) => (0, 35),
            (Controller::Helm, 1) => (3, 0),
            (Controller::ImageReflector, 0) => (0, 29),
            (Controller::ImageAutomation, 0) => (0, 35),
            (Controller::ImageReflector | Controller::ImageAutomation, 1)
            | (Controller::SourceWatcher, 2) => (7, 0),
            _ => return None,
        };
        Some(FluxVersion { major: 2, minor: minor.checked_sub(first)?.checked_add(flux)? })
    }
}
