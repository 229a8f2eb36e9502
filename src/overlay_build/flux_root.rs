//! The directory that Flux builds, and the files that it reads there.
//!
//! Source: `kustomize/kustomize_generator.go` of fluxcd/pkg.

use std::borrow::Cow;
use std::path::Path;

use crate::emit::{self, KUSTOMIZATION};
use crate::kustomize::{self, Cause, Failure, Place};
use crate::model::{Cluster, LocalPath};
use crate::overlay_build::applied::placed_changes;
use crate::overlay_build::files::quoted;
use crate::overlay_build::{
    Above, Builder, BuiltOverlay, FluxSync, IgnorePatterns, OPTIONS, OverlayBuild, OverlayFiles, Search,
};
use crate::workspace::Kind;
use crate::yaml;

/// How many files and directories the kustomization lists at most that Flux generates. Of more it is unknown.
const MOST_RESOURCES: usize = 100;

/// The directory that Flux builds, in which an overlay is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FluxRoot {
    pub directory: LocalPath,
    /// The resources of the kustomization that Flux generates there; `None` if the directory has one.
    pub generated: Option<Vec<String>>,
}

impl FluxRoot {
    /// The same with the generated ServiceAccounts of a cluster, which may not be written yet.
    pub(super) fn with_accounts(&self, cluster: &Cluster) -> Cow<'_, FluxRoot> {
        let FluxRoot { directory, generated } = self;
        let accounts = cluster.object_level.as_ref().map(|it| LocalPath::from(&it.directory));
        let accounts = accounts.filter(|accounts| accounts.is_within(directory));
        let Some((accounts, resources)) = accounts.zip(generated.as_ref()) else {
            return Cow::Borrowed(self);
        };
        let is_covered =
            |entry: &String| directory.join(entry).is_some_and(|resource| accounts.is_within(&resource));
        if resources.iter().any(is_covered) {
            return Cow::Borrowed(self);
        }
        let mut resources = resources.clone();
        resources.push(accounts.seen_from(directory));
        Cow::Owned(FluxRoot { directory: directory.clone(), generated: Some(resources) })
    }
}

impl Builder<'_> {
    /// The directory that Flux builds with a directory in it that has to be applied, if it is known.
    pub(super) fn flux_root(&self, applied: &LocalPath, sync: FluxSync<'_>) -> Option<FluxRoot> {
        let directory = sync.root(*self).filter(|root| applied.is_within(root))?;
        let mut search = Search::new(applied, *self);
        if search.has_kustomization(&directory) {
            return Some(FluxRoot { directory, generated: None });
        }
        let has_kustomization = |path: &LocalPath| search.has_kustomization(path);
        let mut resources = self.generated_resources(&directory, sync, &has_kustomization)?;
        // What is there twice is then reported at the other file.
        let own = applied.seen_from(&directory);
        resources.sort_by_key(|entry| *entry != own);
        let is_built = search.find(&directory) == Some(true);
        is_built.then_some(FluxRoot { directory, generated: Some(resources) })
    }

    /// The resources of the kustomization that Flux generates for a directory; nothing if there are too many, or one cannot
    /// be read.
    fn generated_resources(
        &self,
        directory: &LocalPath,
        sync: FluxSync<'_>,
        has_kustomization: &dyn Fn(&LocalPath) -> bool,
    ) -> Option<Vec<String>> {
        let (mut resources, mut open) = (Vec::new(), vec![directory.clone()]);
        while let Some(here) = open.pop() {
            let patterns = IgnorePatterns::new(&here, sync, *self)?;
            for (name, kind) in self.inputs.names(Path::new(here.as_str())).ok()? {
                let path = name.to_str().and_then(|name| here.join(name))?;
                match kind {
                    Kind::Directory if has_kustomization(&path) => resources.push(path.seen_from(directory)),
                    // Nothing of it is fetched, and it has many directories.
                    Kind::Directory if name == ".git" => {}
                    Kind::Directory => open.push(path),
                    Kind::File if is_yaml(&path) && patterns.excluding(&path).is_none() => {
                        let text = self.inputs.text(Path::new(path.as_str()));
                        if text.is_ok_and(|read| !yaml::is_blank(&read.text)) {
                            resources.push(path.seen_from(directory));
                        }
                    }
                    Kind::File | Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => {}
                }
                if resources.len() > MOST_RESOURCES {
                    return None;
                }
            }
        }
        resources.sort();
        Some(resources)
    }

    /// The objects that a Kustomization applies, as they are in the repository; nothing if that is unknown.
    pub fn build_applied(&self, sync: FluxSync<'_>) -> Option<OverlayBuild> {
        let directory = sync.root(*self)?;
        let has_kustomization = |path: &LocalPath| {
            let read = self.inputs.kustomization(path);
            !matches!(read, Err(Failure { cause: Cause::NoKustomization, .. }))
        };
        let mut files = OverlayFiles::new(self.inputs, BuiltOverlay::Other);
        if !has_kustomization(&directory) {
            let resources = self.generated_resources(&directory, sync, &has_kustomization)?;
            files.put(directory.join(KUSTOMIZATION), &generated_kustomization(&resources));
        }
        let built = kustomize::build(&files, self.manifests, &directory, OPTIONS).ok()?;
        let changes = placed_changes(sync.kustomization?);
        let built = self.apply(changes, OverlayBuild::from(built), &directory, &mut files);
        (built.above().is_none() && built.unknown().is_none()).then_some(built)
    }

    /// Builds the directory that Flux builds. If that fails, or its kustomization leaves the overlay out, builds what there
    /// is of the overlay. Returns the directory that was built too.
    pub(super) fn build_root(
        &self,
        files: &mut OverlayFiles<'_>,
        overlay: &LocalPath,
        flux_root: &FluxRoot,
    ) -> Result<(OverlayBuild, LocalPath), Failure> {
        let FluxRoot { directory, generated } = flux_root;
        if let Some(resources) = generated {
            files.put(directory.join(KUSTOMIZATION), &generated_kustomization(resources));
        }
        let build = |root: &LocalPath| kustomize::build(&*files, self.manifests, root, OPTIONS);
        let outermost = self.outermost_within(overlay, directory);
        let is_built = generated.is_some() || outermost.as_ref() == Some(directory) || directory == overlay;
        let mut above = None;
        match build(directory).map(OverlayBuild::from) {
            Ok(whole) if is_built => match whole.unknown() {
                None => return Ok((whole, directory.clone())),
                // The other files of a generated kustomization change nothing of the overlay.
                Some(_) if generated.is_some() => {}
                Some(feature) => above = Some(Above::NotModelled(feature.clone())),
            },
            Ok(_) => {}
            // The overlay alone fails for the same reason.
            Err(failure) if directory == overlay => return Err(failure),
            Err(failure) => {
                let failure = attributed(failure, flux_root);
                let is_own = !self.is_overlay_of_another(&failure, overlay);
                let generated = generated.is_some().then(|| directory.clone());
                above = Some(Above::NotBuilt { failure, is_own, generated });
            }
        }
        let root = if is_built { overlay.clone() } else { outermost.unwrap_or_else(|| overlay.clone()) };
        Ok((OverlayBuild { above, ..OverlayBuild::from(build(&root)?) }, root))
    }

    /// True if a build fails in an overlay of another cluster, which this build may not have written yet.
    fn is_overlay_of_another(&self, failure: &Failure, overlay: &LocalPath) -> bool {
        let file = &failure.place.file;
        let text = self.inputs.text(Path::new(file.as_str()));
        !file.is_within(overlay) && text.is_ok_and(|read| read.text.starts_with(emit::BANNER))
    }
}

/// The kustomization that Flux generates.
fn generated_kustomization(resources: &[String]) -> String {
    let entries = resources.iter().map(|entry| format!("- {}\n", quoted(entry)));
    "resources:\n".to_owned() + &entries.collect::<String>()
}

fn is_yaml(path: &LocalPath) -> bool {
    Path::new(path.as_str()).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// A failure in the kustomization that Flux generates, at the file that it lists there.
fn attributed(failure: Failure, flux_root: &FluxRoot) -> Failure {
    let FluxRoot { directory, generated: Some(resources) } = flux_root else { return failure };
    let is_generated = directory.join(KUSTOMIZATION).as_ref() == Some(&failure.place.file);
    let index = failure.place.line.and_then(|line| line.checked_sub(2));
    let entry = index.filter(|_| is_generated).and_then(|index| resources.get(index));
    match entry.and_then(|entry| directory.join(entry)) {
        Some(file) => Failure { place: Place::file(&file), ..failure },
        None => failure,
    }
}
