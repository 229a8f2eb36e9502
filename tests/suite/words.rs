//! The words of every cause of F0370 and of every obstacle of F0352, each beside its data. A variant without a row does not
//! compile.

use flux_identity::effect::{EffectiveIdentity, Field, Obstacle};
use flux_identity::kustomize::{Cause, GeneratorFault, Id, MergeFault, OperationFault, Unreadable};
use flux_identity::model::TargetField;
use flux_identity::problem::{describe_cause, describe_obstacle};

/// The values of a table, of which each pattern has one.
macro_rules! table {
    ($type:ty: $($pattern:pat $(if $guard:expr)? => $value:expr;)*) => {{
        fn is_whole(it: &$type) -> bool {
            match it { $($pattern $(if $guard)? => true,)* }
        }
        let rows: Vec<$type> = vec![$({
            let row: $type = $value;
            assert!(matches!(&row, $pattern $(if $guard)?), "{row:?} is in the row of another");
            row
        },)*];
        assert!(rows.iter().all(is_whole));
        rows
    }};
}

fn text(word: &str) -> String {
    word.to_owned()
}

fn id(namespace: &str) -> Id {
    Id {
        group: text("apps"),
        version: text("v1"),
        kind: text("Deployment"),
        name: text("a"),
        namespace: text(namespace),
    }
}

#[test]
fn every_cause_of_a_failed_build_has_words() {
    let causes = table! { Cause:
        Cause::NoKustomization => Cause::NoKustomization;
        Cause::SeveralKustomizations(_) => Cause::SeveralKustomizations(["a", "b"]);
        Cause::EmptyKustomization => Cause::EmptyKustomization;
        Cause::Unreadable(Unreadable::NotYaml(_)) => Cause::Unreadable(Unreadable::NotYaml(1));
        Cause::Unreadable(Unreadable::RepeatedKey(_)) => Cause::Unreadable(Unreadable::RepeatedKey(1));
        Cause::Unreadable(Unreadable::KeyNotText(_)) => Cause::Unreadable(Unreadable::KeyNotText(1));
        Cause::Unreadable(_) => Cause::Unreadable(Unreadable::Unsupported(1));
        Cause::UnknownField(_) => Cause::UnknownField(text("field"));
        Cause::WrongType(_) => Cause::WrongType(text("field"));
        Cause::WrongKind => Cause::WrongKind;
        Cause::ComponentAsResource => Cause::ComponentAsResource;
        Cause::NoComponent => Cause::NoComponent;
        Cause::Cycle => Cause::Cycle;
        Cause::Charts => Cause::Charts;
        Cause::Missing(_) => Cause::Missing(text("path"));
        Cause::OutsideRoot(_) => Cause::OutsideRoot(text("path"));
        Cause::NotText => Cause::NotText;
        Cause::NotAnObject => Cause::NotAnObject;
        Cause::NotAList => Cause::NotAList;
        Cause::Repeated(_) => Cause::Repeated(Box::new(id("b")));
        Cause::EmptyPatch => Cause::EmptyPatch;
        Cause::TextAndPath => Cause::TextAndPath;
        Cause::NotAPatch => Cause::NotAPatch;
        Cause::AmbiguousPatch => Cause::AmbiguousPatch;
        Cause::NoTarget => Cause::NoTarget;
        Cause::SeveralDocuments => Cause::SeveralDocuments;
        Cause::Target(_) => Cause::Target(TargetField::Name);
        Cause::NoMatch { near: None, .. } => Cause::NoMatch { wanted: Box::new(id("")), near: None };
        Cause::NoMatch { .. } => Cause::NoMatch { wanted: Box::new(id("")), near: Some(Box::new(id("b"))) };
        Cause::SeveralMatches(_) => Cause::SeveralMatches(Box::new(id("b")));
        Cause::Merge(MergeFault::Directive(_)) => Cause::Merge(MergeFault::Directive(text("word")));
        Cause::Merge(MergeFault::WrongNode) => Cause::Merge(MergeFault::WrongNode);
        Cause::Operation(_, OperationFault::Unknown) => Cause::Operation(0, OperationFault::Unknown);
        Cause::Operation(_, OperationFault::NoPath) => Cause::Operation(0, OperationFault::NoPath);
        Cause::Operation(_, OperationFault::Missing) => Cause::Operation(0, OperationFault::Missing);
        Cause::Operation(_, OperationFault::Index) => Cause::Operation(0, OperationFault::Index);
        Cause::Operation(_, OperationFault::Test) => Cause::Operation(0, OperationFault::Test);
        Cause::Operation(_, OperationFault::WrongNode) => Cause::Operation(0, OperationFault::WrongNode);
        Cause::WrongField(_) => Cause::WrongField(text("field"));
        Cause::NoReplicas(_) => Cause::NoReplicas(text("name"));
        Cause::Generator(GeneratorFault::NoName) => Cause::Generator(GeneratorFault::NoName);
        Cause::Generator(GeneratorFault::Literal(_)) => Cause::Generator(GeneratorFault::Literal(text("text")));
        Cause::Generator(GeneratorFault::File(_)) => Cause::Generator(GeneratorFault::File(text("text")));
        Cause::Generator(GeneratorFault::RepeatedKey(_)) =>
            Cause::Generator(GeneratorFault::RepeatedKey(text("key")));
        Cause::Generator(GeneratorFault::NoBase) => Cause::Generator(GeneratorFault::NoBase);
        Cause::Generator(GeneratorFault::Exists) => Cause::Generator(GeneratorFault::Exists);
        Cause::AmbiguousReference(_) => Cause::AmbiguousReference(text("name"));
        Cause::Unwritable => Cause::Unwritable;
    };
    let words: Vec<String> = causes.iter().map(describe_cause).collect();
    insta::assert_snapshot!(words.join("\n"), @r#"
    a directory has no `kustomization.yaml`
    a directory has several kustomization files, `a` and `b`
    a kustomization is empty
    a file is not valid YAML
    a mapping has a key twice
    a key is not a string
    a file has a tag, a line break or a repeated key that is not supported
    kustomize does not know the field `field`
    the field `field` has a value of the wrong type
    a kustomization has another `kind` or `apiVersion`
    a component is listed under `resources`
    `components` lists something that is not a component
    a kustomization includes itself
    a kustomization has charts of Helm, which Flux does not enable
    `path` does not exist
    `path` is outside of the directory of the kustomization that names it
    a file is not text
    a document lacks its `kind` or its `metadata.name`
    the `items` of a List are not a list
    the Deployment `a` of `apps/v1` in namespace `b` exists twice
    a patch is empty
    a patch has both `patch` and `path`
    a patch is neither a part of an object nor a list of operations
    a patch has no content
    a list of JSON patch operations (RFC 6902) has no target
    a patch with a target has several documents
    `name` of a target is invalid
    a patch names the Deployment `a` of `apps/v1` without a namespace, which does not exist
    a patch names the Deployment `a` of `apps/v1` without a namespace, which does not exist; there is the Deployment `a` of `apps/v1` in namespace `b`
    a patch names the Deployment `a` of `apps/v1` in namespace `b`, which exists several times
    `$patch: word` is not a directive
    a patch has a mapping, a list or a value where the object has something else
    operation 1 of a patch is not an operation
    operation 1 of a patch lacks `path` or `from`
    operation 1 of a patch is for a path that does not exist
    operation 1 of a patch is for an index outside of the list
    operation 1 of a patch tests a value, and finds another
    operation 1 of a patch replaces the whole object with something else
    the field `field` of an object has a value of the wrong type
    `replicas` names `name`, which does not exist
    an entry of a generator has no name
    the literal `text` of a generator is not `KEY=VALUE`
    the file `text` of a generator is not `PATH` or `KEY=PATH`
    a generator has the key `key` twice
    a generator merges into or replaces an object that does not exist
    a generator creates an object that already exists
    the name `name` refers to several objects
    a patch removes the `kind` or the name of an object
    "#);
}

#[test]
fn every_obstacle_has_words_and_says_what_to_do() {
    let annotation = Field::PodAnnotation(text("key"));
    let obstacles = table! { Obstacle:
        Obstacle::NoAccount(name) if name == "default" => Obstacle::NoAccount(text("default"));
        Obstacle::NoAccount(name) if name == "source-controller" => Obstacle::NoAccount(text("source-controller"));
        Obstacle::NoAccount(_) => Obstacle::NoAccount(text("account"));
        Obstacle::OtherAccount(..) => Obstacle::OtherAccount(text("account"), text("namespace"));
        Obstacle::NothingGiven(_) => Obstacle::NothingGiven(text("account"));
        Obstacle::NoManager => Obstacle::NoManager;
        Obstacle::Skipped(_) => Obstacle::Skipped("key");
        Obstacle::SkippedPods(_) => Obstacle::SkippedPods("key");
        Obstacle::NoLabel(None) => Obstacle::NoLabel(None);
        Obstacle::NoLabel(_) => Obstacle::NoLabel(Some(text("yes")));
        Obstacle::NoClientId => Obstacle::NoClientId;
        Obstacle::Expiration(..) => Obstacle::Expiration(annotation.clone(), text("60"));
        Obstacle::IdentityBinding => Obstacle::IdentityBinding;
        Obstacle::NoToken(..) => Obstacle::NoToken(text("VARIABLE"), text("/file"));
        Obstacle::OtherAudience(..) => Obstacle::OtherAudience(text("VARIABLE"), text("audience"));
        Obstacle::AccountAudience(_) => Obstacle::AccountAudience(text("audience"));
        Obstacle::NoCredentialsFile(_) => Obstacle::NoCredentialsFile(text("/file"));
        Obstacle::NoTokenOfConfiguration(_) => Obstacle::NoTokenOfConfiguration(text("/file"));
        Obstacle::TokenOfOtherProvider(_) => Obstacle::TokenOfOtherProvider(text("audience"));
        Obstacle::Missing(_) => Obstacle::Missing(vec!["ONE", "OTHER"]);
        Obstacle::OtherCredentials(..) =>
            Obstacle::OtherCredentials(EffectiveIdentity::AccessKey, Field::Variable(text("VARIABLE")));
        Obstacle::HostNetwork => Obstacle::HostNetwork;
        Obstacle::NoMetadataServer(_) => Obstacle::NoMetadataServer(text("false"));
        Obstacle::ExcludedMetadataServer => Obstacle::ExcludedMetadataServer;
        Obstacle::OtherMetadataServer(_) => Obstacle::OtherMetadataServer(text("host"));
        Obstacle::NoProfile(_) => Obstacle::NoProfile(text("profile"));
        Obstacle::SessionName(_) => Obstacle::SessionName(text("a session"));
        Obstacle::ReservedVolume(_) => Obstacle::ReservedVolume("volume");
        Obstacle::MountedTwice(_) => Obstacle::MountedTwice("/path");
        Obstacle::OtherPartition { .. } =>
            Obstacle::OtherPartition { variable: "VARIABLE", region: text("region"), partition: "aws" };
        Obstacle::NoRegion { .. } => Obstacle::NoRegion { variable: "VARIABLE", region: text("eu-wst-1") };
        Obstacle::OtherAuthority(..) => Obstacle::OtherAuthority(text("https://host"), annotation.clone());
    };
    let words: Vec<String> = obstacles
        .iter()
        .map(|obstacle| {
            let (why, help) =
                describe_obstacle("source-controller", "flux-system/source-controller", obstacle);
            format!("{why}\n  = {help}")
        })
        .collect();
    insta::assert_snapshot!(words.join("\n"), @r#"
    they run as the ServiceAccount `default`, which has no identity
      = set `serviceAccountName: source-controller` in the pods, or remove what removes it
    they run as the ServiceAccount `source-controller`, which the overlay does not build
      = remove what deletes or moves the ServiceAccount `source-controller`
    they run as the ServiceAccount `account`, which the overlay does not build
      = remove `serviceAccountName: account` or what sets it; the pods then run as `source-controller`
    they run as the ServiceAccount `namespace/account`, but the cloud trusts only `flux-system/source-controller`
      = remove what renames the ServiceAccount `source-controller`, moves it to another namespace, or sets `serviceAccountName`
    they run as the ServiceAccount `account`, which has no identity
      = remove what changes the ServiceAccount `source-controller`, or `serviceAccountName`
    they have no container `manager`
      = name the container of the controller `manager`
    the annotation `key` of the pods names `manager`
      = remove `manager` from the annotation
    the webhook of EKS leaves pods alone that have the label `key`
      = remove the label, whatever its value
    the pods lack the label `azure.workload.identity/use`
      = remove the patch that deletes the label `azure.workload.identity/use: "true"`
    the label `azure.workload.identity/use` of the pods is `yes`, not `true`
      = write `"true"`, or remove what sets the label
    the ServiceAccount lacks the annotation `azure.workload.identity/client-id`
      = remove the patch that deletes the annotation; an operation that adds `/metadata/annotations` replaces all of them, and one that adds `/metadata/annotations/KEY` keeps the others
    the webhook refuses the pods, because the annotation `key` of the pods is `60`
      = write a number of seconds from 3600 to 86400
    the annotation `azure.workload.identity/use-identity-binding` asks for a token of another audience
      = remove the annotation; Flux does not support identity bindings
    `VARIABLE` is `/file`, where no token of the ServiceAccount is mounted
      = remove what changes `VARIABLE`, the volume or its mount
    the token in the file of `VARIABLE` has the audience `audience`
      = remove what changes the volume of the token
    the ServiceAccount asks for a token of the audience `audience`, which is not that of the source
      = remove what changes the annotation `eks.amazonaws.com/audience`, or write `audience` in the options of the identity
    `GOOGLE_APPLICATION_CREDENTIALS` is `/file`, where no volume has a file
      = remove what changes the variable, the volume of the credential configuration or its mount
    their credential configuration reads the token from `/file`, where no token of the ServiceAccount is mounted
      = remove what changes the credential configuration, or the volume of the token or its mount
    the token of their credential configuration has the audience `audience`, which is not that of its provider
      = remove what changes the volume of the token
    the container `manager` lacks `ONE` and `OTHER`
      = remove the variables that a patch sets, so that the webhook or the overlay sets all of them
    the variable `VARIABLE` of the container `manager` gives them an access key of AWS, which comes before EKS Pod Identity
      = remove the variable `VARIABLE` of the container `manager`
    pods with `hostNetwork: true` use the metadata server of Compute Engine, and have the identity of their node
      = remove `hostNetwork`; GKE gives an identity only to pods on the network of pods
    they select nodes with `iam.gke.io/gke-metadata-server-enabled: "false"`, which have no metadata server of GKE
      = write `"true"`, or remove the node selector
    their node affinity excludes the nodes that have the metadata server of GKE
      = remove the expressions about `iam.gke.io/gke-metadata-server-enabled`, or require the value `"true"`
    `GCE_METADATA_HOST` sends their requests for tokens to `host`, not to the metadata server of GKE
      = remove the variable `GCE_METADATA_HOST`
    `AWS_PROFILE` names the profile `profile`, and no file that could have it is mounted: the library of AWS fails
      = remove the variable `AWS_PROFILE`
    `AWS_ROLE_SESSION_NAME` is `a session`, and AWS STS refuses a session of that name
      = write 2 to 64 letters, digits, `_`, `+`, `=`, `,`, `.`, `@` and `-`
    they have a volume `volume` of their own, so the webhook of EKS adds no token
      = give the volume another name
    a volume is mounted at `/path`, where the webhook of EKS mounts its token: the API server refuses the pods
      = mount the volume at another path
    `VARIABLE` is `region`, which is not in the partition `aws` of the role
      = set the variable to a region of the partition of the role, or remove it
    `VARIABLE` is `eu-wst-1`, which is no region of AWS
      = write `eu-west-1`, or remove the variable
    `AZURE_AUTHORITY_HOST` is `https://host`, which is not the host of the cloud of the identity
      = remove what sets the variable, or write `azure-cloud` for the cloud of that host
    "#);
}
