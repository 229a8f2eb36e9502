//! Resources, components and patches that kustomize rejects.

use crate::problem::{Finding, FindingHead, all_of, with, worded};
use crate::spanned::Excess;

worded! {
    (head)
    /// A `resource`, a `component` or a `patch` with a form that kustomize rejects.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum PassedForm {
        PatchIsDirectory: "a patch must be a file, not a directory"
            .reason("this is a directory")
            .help("write one `patch \"FILE\"` for each file");
        ComponentIsFile: "a component must be a directory, not a file"
            .reason("this is a file")
            .help("write the directory of its `kustomization.yaml`");
        FileOutside {
            /// The directory of the file, if it can be named instead.
            directory: Option<String>,
        }, {
                let help = match directory {
                    Some(directory) => format!(
                        "write its directory, `resource \"{directory}\"`, and add a `kustomization.yaml` \
                         there that lists the file"
                    ),
                    None => {
                        "move it to its own directory with a `kustomization.yaml` that lists it, and write \
                        that directory"
                            .to_owned()
                    }
                };
                head.with_message("kustomize rejects files outside of the overlay".to_owned())
                    .reason("outside of the overlay")
                    .help(help)
            };
        KustomizationFile { directory: String }: "a kustomization is referenced by its directory"
            .reason("this is the kustomization file")
            .help("write `{directory}`");
        NoManifests { path: String }: "`{path}` contains no Kubernetes manifests"
            .reason("not a manifest")
            .help("check that it is valid YAML");
        NoKustomization { path: String }: "`{path}` has no kustomization file"
            .reason("this directory has no kustomization file")
            .help("add a `kustomization.yaml` that lists its files");
        EmptyKustomization { path: String }: "`{path}` is empty"
            .reason("kustomize rejects this directory")
            .help("list its files under `resources`");
        SeveralKustomizations { path: String, names: [&'static str; 2] }:
            "`{path}` has two kustomization files, {}" (all_of(names))
            .reason("kustomize rejects this directory")
            .help("remove one of them");
        UnreadableKustomization { path: String }: "`{path}` is not a valid kustomization"
            .reason("its entries cannot be read")
            .help("check that it is valid YAML with fields such as `resources`");
        /// A document of a file exceeds a limit.
        OutOfBounds {
            path: String, excess: Excess,
            /// Counted from 1.
            line: usize,
        }: "a document {}, at line {line} of `{path}`" (excess.words())
            .reason("limit exceeded")
            .help(fewer(*excess));
        ResourceIsComponent { path: String }: "`{path}` is a component, not a resource"
            .reason("its kind is `Component`")
            .help("write `component` instead of `resource`");
        ComponentIsKustomization { path: String }: "`{path}` is a resource, not a component"
            .reason("its kind is not `Component`")
            .help("write `resource` instead of `component`");
        Circle: "an overlay cannot include itself"
            .reason("the overlay, or a parent directory of it")
            .help("write a directory in that of the overlay, as in `\"./extras\"`, or outside of it");
        Bootstrapped { name: String }: "`{name}` is already part of the overlay"
            .reason("included twice")
            .help("remove the line, or set `install = none` and list all installed files")
            .note("with `install = bootstrap`, an overlay includes the files that `flux bootstrap` writes");
    }
}

worded! {
    (head, path: &str)
    /// Why a file contains no valid patch. Lines are counted from 1.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum NoPatch {
        NotText: "`{path}` is not UTF-8 text"
            .reason("not UTF-8")
            .help("save it as UTF-8");
        Empty: "`{path}` contains only comments"
            .reason("no patch in this file")
            .help("remove the line, or write a patch in the file");
        /// Not valid YAML from this line.
        NotYaml(line: Option<usize>), {
            let message = match line {
                Some(line) => format!("`{path}` is not valid YAML at line {line}"),
                None => format!("`{path}` is not valid YAML"),
            };
            head.with_message(message)
                .reason("not valid YAML")
                .help("check the indentation, and that each key is unique")
        };
        /// A document that exceeds a limit on this line.
        OutOfBounds(excess: Excess, line: usize): "a patch {}, at line {line} of `{path}`" (excess.words())
            .reason("limit exceeded")
            .help(fewer(*excess));
        /// A document that is neither a partial object nor a list.
        Neither(line: usize): "line {line} of `{path}` is not a patch"
            .reason("neither a partial object nor a list of operations")
            .help("write the fields to change, with `apiVersion`, `kind` and `metadata.name`");
        /// A partial object without these fields.
        Lacks(missing: Vec<&'static str>, line: usize):
            "the patch on line {line} of `{path}` lacks {}" (all_of(missing))
            .reason("kustomize rejects this patch")
            .help("add the missing fields; if the patch has a target, any name is valid");
        /// A list with an invalid operation.
        NotOperation(line: usize): "the list on line {line} of `{path}` is not a list of operations"
            .reason("kustomize rejects this patch")
            .help("give each operation an `op` such as `add`, a `path` that starts with `/`, and a `value`")
            .note("a patch is a partial object, or a list of JSON patch operations (RFC 6902)");
    }
}

/// The help for a document that exceeds a limit.
pub const fn fewer(excess: Excess) -> &'static str {
    match excess {
        Excess::Bytes => "split it into several documents",
        Excess::Depth => "write it with fewer levels",
        Excess::Repeats => "repeat less with `*`, and write the rest in full",
        Excess::Directives => "remove the lines that start with `%`",
    }
}
