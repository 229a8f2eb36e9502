//! What a kustomization says.
//!
//! Source: `api/types/kustomization.go` of kubernetes-sigs/kustomize. Keys are read regardless of case, as Go reads JSON.

mod entries;
mod fields;

use crate::kustomize::failure::{Cause, Failure, Feature, Reach, Unmodelled};
use crate::kustomize::kustomization::fields::Fields;
use crate::kustomize::place::Place;
use crate::kustomize::value::read_spanned;
use crate::model::LocalPath;

pub(crate) use entries::{Generator, GeneratorOptions, Image, Labels, PatchEntry, Replica, Target};
pub(crate) use fields::Located;

/// The names that a kustomization may have.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization.
#[derive(Debug, Default)]
pub(crate) struct Kustomization {
    pub(crate) file: LocalPath,
    pub(crate) is_component: bool,
    pub(crate) resources: Vec<Located<String>>,
    pub(crate) components: Vec<Located<String>>,
    pub(crate) strategic_patches: Vec<Located<String>>,
    pub(crate) patches: Vec<Located<PatchEntry>>,
    pub(crate) json_patches: Vec<Located<PatchEntry>>,
    pub(crate) namespace: String,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    pub(crate) labels: Vec<Located<Labels>>,
    pub(crate) common_labels: Vec<(String, String)>,
    pub(crate) common_annotations: Vec<(String, String)>,
    pub(crate) images: Vec<Located<Image>>,
    pub(crate) replicas: Vec<Located<Replica>>,
    pub(crate) config_maps: Vec<Located<Generator>>,
    pub(crate) secrets: Vec<Located<Generator>>,
    pub(crate) generator_options: Option<GeneratorOptions>,
    pub(crate) unmodelled: Vec<Unmodelled>,
    /// The files that these name.
    pub(crate) unmodelled_files: Vec<Located<String>>,
    /// The line of charts of Helm, if there are any.
    pub(crate) charts: Option<usize>,
}

/// What a field that is not modelled names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Files, or its items do.
    Files,
    /// Charts of Helm.
    Charts,
    Nothing,
}

/// The fields that are not modelled, each with what it can touch and what it names.
const UNMODELLED: [(&str, Reach, Names); 15] = [
    ("openapi", Reach::Everything, Names::Files),
    ("replacements", Reach::Everything, Names::Files),
    ("vars", Reach::Everything, Names::Nothing),
    ("sortOptions", Reach::Harmless, Names::Nothing),
    ("crds", Reach::Everything, Names::Files),
    ("helmGlobals", Reach::Harmless, Names::Nothing),
    ("helmCharts", Reach::Unseen, Names::Charts),
    ("helmChartInflationGenerator", Reach::Unseen, Names::Charts),
    ("configurations", Reach::Everything, Names::Files),
    ("generators", Reach::Unseen, Names::Files),
    ("transformers", Reach::Everything, Names::Files),
    ("validators", Reach::Everything, Names::Files),
    ("inventory", Reach::Harmless, Names::Nothing),
    ("buildMetadata", Reach::Harmless, Names::Nothing),
    ("metadata", Reach::Harmless, Names::Nothing),
];

impl Kustomization {
    /// Reads the text of a kustomization. Of several documents kustomize reads the first.
    pub(crate) fn read(file: &LocalPath, text: &str) -> Result<Kustomization, Failure> {
        let place = Place::file(file);
        let documents = read_spanned(text)
            .map_err(|fault| place.at_line(fault.line()).failure(Cause::Unreadable(fault)))?;
        let Some(root) = documents.first() else { return place.fail(Cause::EmptyKustomization) };
        let mut kustomization = Kustomization { file: file.clone(), ..Kustomization::default() };
        let mut fields = Fields::new(root, text, &place, "")?;
        kustomization.take_operands(&mut fields)?;
        kustomization.take_transformers(&mut fields)?;
        kustomization.take_unmodelled(&mut fields);
        let says_nothing = !fields.has_said();
        let (kind, api_version) = (fields.text("kind")?, fields.text("apiVersion")?);
        fields.end()?;
        if says_nothing {
            return place.fail(Cause::EmptyKustomization);
        }
        kustomization.is_component = kind == "Component";
        let version = if kustomization.is_component { "v1alpha1" } else { "v1beta1" };
        let is_version =
            api_version.is_empty() || api_version == format!("kustomize.config.k8s.io/{version}");
        if !is_version || !matches!(kind.as_str(), "" | "Kustomization" | "Component") {
            return place.fail(Cause::WrongKind);
        }
        Ok(kustomization)
    }

    fn take_operands(&mut self, fields: &mut Fields<'_>) -> Result<(), Failure> {
        self.resources = fields.texts("resources")?;
        self.resources.extend(fields.texts("bases")?);
        self.components = fields.texts("components")?;
        self.config_maps = fields.entries("configMapGenerator", Generator::read)?;
        self.secrets = fields.entries("secretGenerator", Generator::read_secret)?;
        self.generator_options = fields.nested("generatorOptions", GeneratorOptions::read)?;
        Ok(())
    }

    fn take_transformers(&mut self, fields: &mut Fields<'_>) -> Result<(), Failure> {
        self.strategic_patches = fields.texts("patchesStrategicMerge")?;
        self.patches = fields.entries("patches", PatchEntry::read)?;
        self.json_patches = fields.entries("patchesJson6902", PatchEntry::read)?;
        self.namespace = fields.text("namespace")?;
        self.prefix = fields.text("namePrefix")?;
        self.suffix = fields.text("nameSuffix")?;
        self.labels = fields.entries("labels", Labels::read)?;
        self.common_labels = fields.pairs("commonLabels")?;
        self.common_annotations = fields.pairs("commonAnnotations")?;
        self.images = fields.entries("images", Image::read)?;
        self.images.extend(fields.entries("imageTags", Image::read)?);
        self.replicas = fields.entries("replicas", Replica::read)?;
        Ok(())
    }

    fn take_unmodelled(&mut self, fields: &mut Fields<'_>) {
        for (name, reach, names) in UNMODELLED {
            if names == Names::Files {
                self.unmodelled_files.extend(fields.files_of(name));
            }
            let has_items = fields.has_items(name);
            let Some(line) = fields.take_any(name) else { continue };
            if names == Names::Charts && has_items {
                self.charts = self.charts.or(Some(line));
            }
            if name != "metadata" {
                let place = Place::file(&self.file).at_line(line);
                self.unmodelled.push(Unmodelled { feature: Feature::Field(name), place, reach });
            }
        }
    }
}
