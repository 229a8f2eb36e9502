//! The entries of the lists of a kustomization.

use std::collections::BTreeMap;

use crate::kustomize::failure::Failure;
use crate::kustomize::kustomization::fields::{Fields, Located};
use crate::model::TargetField;

/// An entry of `patches` or `patchesJson6902`.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatchEntry {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) target: Option<Target>,
    pub(crate) may_change_name: bool,
    pub(crate) may_change_kind: bool,
}

/// The fields of a target that say something.
pub(crate) type Target = BTreeMap<TargetField, String>;

impl PatchEntry {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<PatchEntry, Failure> {
        let (path, text) = (fields.text("path")?, fields.text("patch")?);
        let target = fields.nested("target", |fields| {
            let mut target = Target::new();
            for field in TargetField::ALL {
                let text = fields.text(field.name())?;
                if !text.is_empty() {
                    let _earlier = target.insert(field, text);
                }
            }
            Ok(target)
        })?;
        let options = fields.truths("options")?;
        let is_on = |name: &str| options.iter().any(|(known, is_on)| known == name && *is_on);
        let (may_change_name, may_change_kind) = (is_on("allowNameChange"), is_on("allowKindChange"));
        Ok(PatchEntry { path, text, target, may_change_name, may_change_kind })
    }
}

/// An entry of `labels`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels {
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) in_selectors: bool,
    pub(crate) in_templates: bool,
    pub(crate) fields: Vec<Located<FieldSpec>>,
}

impl Labels {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Labels, Failure> {
        Ok(Labels {
            pairs: fields.pairs("pairs")?,
            in_selectors: fields.truth("includeSelectors")?.unwrap_or_default(),
            in_templates: fields.truth("includeTemplates")?.unwrap_or_default(),
            fields: fields.entries("fields", FieldSpec::read)?,
        })
    }
}

/// A field of some kind of objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldSpec {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) path: String,
    pub(crate) creates: bool,
}

impl FieldSpec {
    fn read(fields: &mut Fields<'_>) -> Result<FieldSpec, Failure> {
        Ok(FieldSpec {
            group: fields.text("group")?,
            version: fields.text("version")?,
            kind: fields.text("kind")?,
            path: fields.text("path")?,
            creates: fields.truth("create")?.unwrap_or_default(),
        })
    }
}

/// An entry of `images`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Image {
    pub(crate) name: String,
    pub(crate) new_name: String,
    pub(crate) new_tag: String,
    pub(crate) tag_suffix: String,
    pub(crate) digest: String,
}

impl Image {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Image, Failure> {
        Ok(Image {
            name: fields.text("name")?,
            new_name: fields.text("newName")?,
            new_tag: fields.text("newTag")?,
            tag_suffix: fields.text("tagSuffix")?,
            digest: fields.text("digest")?,
        })
    }
}

/// An entry of `replicas`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replica {
    pub(crate) name: String,
    pub(crate) count: String,
}

impl Replica {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Replica, Failure> {
        Ok(Replica { name: fields.text("name")?, count: fields.number("count")? })
    }
}

/// An entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generator {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) behavior: String,
    pub(crate) literals: Vec<Located<String>>,
    pub(crate) files: Vec<Located<String>>,
    pub(crate) envs: Vec<Located<String>>,
    /// The `type` of a `Secret`.
    pub(crate) kind: String,
    pub(crate) options: Option<GeneratorOptions>,
}

impl Generator {
    pub(super) fn read_secret(fields: &mut Fields<'_>) -> Result<Generator, Failure> {
        let kind = fields.text("type")?;
        Ok(Generator { kind, ..Generator::read(fields)? })
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Generator, Failure> {
        let mut generator = Generator {
            name: fields.text("name")?,
            namespace: fields.text("namespace")?,
            behavior: fields.text("behavior")?,
            literals: fields.texts("literals")?,
            files: fields.texts("files")?,
            envs: fields.texts("envs")?,
            kind: String::new(),
            options: fields.nested("options", GeneratorOptions::read)?,
        };
        let env = fields.text("env")?;
        if !env.is_empty() {
            generator.envs.push(Located { value: env, line: 0 });
        }
        Ok(generator)
    }
}

/// Options of a generator, or of all.
#[derive(Clone, Debug, Default)]
pub(crate) struct GeneratorOptions {
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) annotations: Vec<(String, String)>,
    pub(crate) has_no_hash: bool,
    pub(crate) is_immutable: bool,
}

impl GeneratorOptions {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<GeneratorOptions, Failure> {
        Ok(GeneratorOptions {
            labels: fields.pairs("labels")?,
            annotations: fields.pairs("annotations")?,
            has_no_hash: fields.truth("disableNameSuffixHash")?.unwrap_or_default(),
            is_immutable: fields.truth("immutable")?.unwrap_or_default(),
        })
    }
}
