//! The table of codes.
//!
//! A code is never reused; a retired one keeps its row and its page.

use std::fmt;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `build` writes nothing.
    Error,
    /// Files are written, unless warnings are denied.
    Warning,
    /// Information.
    Note,
}

impl Level {
    /// The word before the code of a finding.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($name:ident $code:literal $level:ident $title:literal;)*) => {
        /// The stable code of a finding. `F00` syntax, `F01` names, `F02` values, `F03` what fits together,
        /// `F04` files, `F05` adoption, `F09` what is not supported yet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// All codes, in their order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code itself, such as `F0102`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            pub const fn level(self) -> Level {
                match self { $(Code::$name => Level::$level,)* }
            }

            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// Its meaning, an example and the correction, in Markdown that is readable in a terminal.
            pub const fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("pages/", $code, ".md")),)* }
            }
        }
    };
}

codes! {
    Expected            "F0001" Error "unexpected or missing syntax";
    TextAfterStatement  "F0002" Error "unexpected text after a statement";
    UnclosedBlock       "F0003" Error "unclosed block";
    StrayClose          "F0004" Error "unexpected closing brace";
    UnclosedText        "F0005" Error "unterminated text";
    OtherQuotes         "F0006" Error "text that is not in straight double quotes";
    CommaAtEnd          "F0007" Error "missing or extra comma";
    BraceOnNextLine     "F0008" Error "opening brace on its own line";
    WrongArrow          "F0009" Error "wrong operator in a mapping or setting";
    StrayDollar         "F0010" Error "`$` that is not followed by `{name}`";
    ForbiddenCharacter  "F0011" Error "character that is not allowed in a source";
    NestedBlock         "F0012" Error "nested block";
    UnknownStatement    "F0013" Error "unknown statement";
    MissingProvider     "F0014" Error "identity without a provider";
    NotText             "F0015" Error "source that is not UTF-8 text";
    TooLarge            "F0016" Error "source that is too large";
    ForeignNotation     "F0017" Error "notation of another language";
    MergeConflict       "F0018" Error "unresolved merge conflict";
    Wildcard            "F0019" Error "wildcard";

    UnknownController   "F0101" Error "unknown controller";
    UnknownRole         "F0102" Error "role that is not defined for a cluster";
    UnknownProfile      "F0103" Error "unknown profile";
    UnknownSetting      "F0104" Error "unknown setting";
    UnknownVariable     "F0105" Error "variable or setting that has no value for a cluster";
    UnknownPlatform     "F0106" Error "unknown platform";
    UnknownProvider     "F0107" Error "unknown provider";
    UnknownOption       "F0108" Error "unknown option";
    DefinedTwice        "F0110" Error "duplicate definition";
    ReservedName        "F0111" Error "reserved name";
    ProfileCycle        "F0112" Error "profile that uses itself";
    ValueCycle          "F0113" Error "value that depends on itself";
    Disagreement        "F0114" Error "conflicting definitions in two profiles";
    Misplaced           "F0115" Error "misplaced statement";
    NoneIsNotAlone      "F0116" Error "`none` combined with a role";
    UnusedName          "F0117" Warning "unused role or profile";
    UnusedAllow         "F0118" Warning "unused `allow`";
    NotAllowable        "F0119" Error "`allow` of something other than a warning";
    Include             "F0120" Error "invalid `include`";
    Boundless           "F0121" Error "value that expands too far";
    ValuesOfNoCluster   "F0122" Warning "values of a cluster that does not exist";
    LetSlip             "F0125" Warning "unread variable with nearly the name of another";

    ValueForm           "F0201" Error "word instead of text, or text instead of a word";
    UnknownWord         "F0202" Error "invalid value of a setting or option";
    RoleArn             "F0203" Error "invalid ARN of an IAM role";
    Guid                "F0204" Error "invalid GUID";
    ServiceAccountEmail "F0205" Error "invalid address of a Google service account";
    AccountId           "F0206" Error "invalid AWS account id";
    RegionName          "F0207" Error "invalid AWS region";
    ProjectId           "F0208" Error "invalid Google Cloud project id";
    ProjectNumber       "F0209" Error "invalid Google Cloud project number";
    ProviderName        "F0210" Error "invalid name of a workload identity provider";
    IssuerUrl           "F0211" Error "invalid URL of an OIDC issuer";
    NamespaceName       "F0212" Error "invalid namespace";
    FluxVersion         "F0213" Error "invalid version of Flux";
    OutputPath          "F0214" Error "invalid output path";
    TokenExpiration     "F0215" Error "token lifetime out of range";
    Audience            "F0216" Error "invalid audience";
    ResourceId          "F0217" Error "invalid resource id of a managed identity";

    OtherCloudsIdentity "F0301" Error "identity of another provider";
    TwoOfOneProvider    "F0302" Error "two identities of one provider in a mapping";
    MissingTenant       "F0303" Error "managed identity without a tenant";
    SameOutput          "F0304" Error "two clusters with the same output directory";
    TenantAsClient      "F0305" Error "tenant id instead of a client id";
    OtherPartition      "F0306" Error "role and region in different AWS partitions";
    SessionName         "F0307" Error "session name longer than 64 characters";
    NeverUsed           "F0308" Error "identity for a controller that uses none";
    NoIntegration       "F0309" Warning "identity that the controller does not support";
    Required            "F0310" Error "missing required mapping";
    NotInstalled        "F0311" Error "controller that is not installed";
    NothingToPatch      "F0312" Error "controller whose manifests differ from those of Flux";
    OtherNamespace      "F0313" Error "ServiceAccount or Deployment of Flux in another namespace";
    OtherVersion        "F0314" Warning "different versions of Flux";
    NewerFlux           "F0315" Warning "version of Flux newer than flux-identity supports";
    NotProved           "F0316" Note "patches that are not verified against installed manifests";
    MissingSetting      "F0317" Error "missing setting for a federated identity";
    PodIdentity         "F0318" Error "EKS Pod Identity where it is not available";
    WebhookElsewhere    "F0319" Error "tenant webhook where it is not available";
    AlreadyThere        "F0320" Error "volume, mount or variable that already exists";
    LocalPath           "F0321" Error "path outside of the directory of the source";
    PassedMissing       "F0322" Error "passthrough file that does not exist";
    PassedForm          "F0323" Error "resource or component that kustomize rejects";
    PatchTarget         "F0324" Error "patch target that is invalid or matches everything";
    NoPatch             "F0325" Error "file that contains no patch";
    SetTwice            "F0326" Error "conflict between a patch and an identity";
    NothingInstalled    "F0327" Error "overlay that installs nothing";
    UnnamedComponent    "F0328" Warning "component that no kustomization includes";
    ComponentAsResource "F0329" Error "component listed under `resources`";
    AccountName         "F0330" Error "invalid name of a ServiceAccount";
    ControllersAccount  "F0331" Error "controller's own ServiceAccount at object level";
    UnreadOption        "F0332" Error "option without effect at object level";
    NarrowerInFlux      "F0333" Error "identity that Flux does not accept at object level";
    UnknownFlux         "F0334" Error "object-level identity without a version of Flux";
    OldFlux             "F0335" Error "object-level identity in an unsupported version of Flux";
    GateAlreadyThere    "F0336" Error "feature gate that is already set";
    WithinAnother       "F0337" Error "generated directory inside of another";
    UnstableOnAks       "F0338" Warning "object-level identity on AKS";

    NoObject            "F0339" Error "patch of an object that does not exist";
    PassedHitsNothing   "F0340" Warning "passthrough patch that matches nothing";
    NotIsolated         "F0341" Error "identity shared by isolated clusters";
    NothingToIsolateBy  "F0342" Error "missing value of an `isolate` variable";
    SamePool            "F0343" Warning "one ServiceAccount with several identities in a pool";
    UnknownPool         "F0344" Note "clusters that possibly share a workload identity pool";
    ManyCredentials     "F0345" Warning "too many federated credentials for a managed identity";
    LongPolicy          "F0346" Warning "trust policy that exceeds the default quota";
    EndlessPolicy       "F0347" Warning "trust policy that exceeds the maximum quota";
    ManyProviders       "F0348" Warning "OIDC providers that exceed the default quota";
    TwoArns             "F0349" Warning "two ARNs for one IAM role";
    SameIssuer          "F0350" Warning "two clusters with the same issuer";
    OtherEffectiveIdentity "F0351" Error "effective identity that differs from the source";
    IdentityNotUsed     "F0352" Error "identity that the pods do not use";
    IdentityNotGiven    "F0353" Warning "effective identity that the source does not mention";
    ObjectNotApplied    "F0354" Warning "object that Flux does not apply";
    UnknownSource       "F0355" Note "variables that the overlay does not have";
    IssuerElsewhere     "F0356" Error "issuer of another cluster";
    IssuerTenant        "F0357" Warning "issuer of another tenant or project";
    UnknownRegion       "F0358" Warning "unknown AWS region";
    ReservedRole        "F0359" Error "role of IAM Identity Center";
    OneClientId         "F0360" Error "client id with several tenants or clouds";
    TrustNeedsSetting   "F0361" Error "missing setting for trust";
    TrustNeedsResourceId "F0362" Error "missing resource id for trust";
    TwoResourceIds      "F0363" Error "two resource ids for a managed identity";
    IssuerWithPort      "F0364" Error "issuer that AWS does not accept";
    LongSubject         "F0365" Error "subject too long for Google Cloud";
    SharedResourceId    "F0366" Error "one resource id for several managed identities";
    UnreadKey           "F0367" Warning "annotation or label that nothing reads";
    FatalArgument       "F0368" Error "argument with which a controller does not start";
    UnusedIdentity      "F0369" Warning "argument that makes an identity unused";
    NotBuilt            "F0370" Error "overlay whose build fails";
    RemovedArgument     "F0371" Warning "argument that a version of Flux does not have";
    ContainerWithoutImage "F0372" Error "container without an image";
    NoApiToken          "F0373" Error "controller without access to the API server";
    LostComponents      "F0374" Error "missing manifests of Flux";
    UnservedVersion     "F0375" Warning "object of an API version that is not served";
    FixedRevision       "F0376" Warning "overlay that Flux applies from no branch";
    AppliedTwice        "F0377" Warning "objects that two Kustomizations apply";
    MissingSource       "F0378" Warning "source that the overlay does not have";
    RejectedObject      "F0379" Error "object that the API server refuses";
    NotApplied          "F0380" Warning "overlay that Flux does not apply";
    ComponentNotBuilt   "F0381" Error "component that Flux does not build";
    NotRunning          "F0382" Warning "controller that does not run";
    ChangedSelector     "F0383" Warning "changed selector of a Deployment";
    RequestNotDelivered "F0384" Warning "request for credentials that is diverted or blocked";
    VolumeOfToken       "F0385" Warning "volume in the place of a token";
    NeededToApply       "F0386" Warning "objects that may grant what applying them needs";
    FormOmits           "F0387" Note "trust that its form does not contain";
    ManyCredentialsWritten "F0388" Error "generated trust with too many federated credentials";
    EndlessPolicyWritten "F0389" Error "generated trust policy that exceeds the maximum quota";
    TargetRole          "F0390" Error "target role that EKS Pod Identity does not assume";
    SharedExternalId    "F0391" Warning "external id of several associations";
    ProviderNotSet      "F0392" Warning "object that does not select its identity";
    ApplicationAccount  "F0393" Warning "ServiceAccount whose pods get the identity of Flux objects";
    TokensNotGranted    "F0394" Warning "object-level identity without the permission to create tokens";
    NarrowWatch         "F0395" Warning "controller that sees only some objects";
    OtherDirectory      "F0396" Error "overlay outside of the directory of Flux";
    LostArgument        "F0397" Warning "argument that a controller lost";
    SeparatedControllers "F0398" Warning "controllers that do not reach each other";
    UnlikeShard         "F0399" Warning "shard without the identity of its controller";

    NotOurs             "F0401" Error "file that this source did not generate";
    EditedByHand        "F0402" Error "generated file that was edited by hand";
    SecondKustomization "F0403" Error "second kustomization file in a directory";
    LinkOnTheWay        "F0404" Error "symbolic link in the path of a file to write";
    InTheWay            "F0405" Error "another file at the path of a file to write";
    NotManifests        "F0406" Error "file without Kubernetes manifests";
    NoRegularFile       "F0407" Error "not a regular file";
    LeadsOutside        "F0408" Error "symbolic link that points outside of the repository";
    LargeInput          "F0409" Error "file that is too large";
    Missing             "F0410" Error "missing overlay";
    Stale               "F0411" Error "overlay that is out of date with the source";
    Orphan              "F0412" Error "overlay that belongs to no cluster";
    EditedOrphan        "F0413" Error "edited file that no cluster needs";
    MuchInput           "F0414" Error "too many bytes to read in one run";
    ValuesUnread        "F0415" Error "file of values that is not read";
    ValuesForm          "F0416" Error "invalid file of values";
    ValueNotText        "F0417" Error "value in a file that is not text";
    Unreadable          "F0420" Error "file that cannot be read";
    Unwritable          "F0421" Error "file that cannot be written";
    ChangedMeanwhile    "F0422" Error "file or directory that changed while the command was running";
    MissingObject       "F0423" Error "object missing from the git repository";
    WouldFetch          "F0424" Error "overlay whose build fetches a remote resource";
    NotCopied           "F0425" Error "overlay whose build reads an unsupported file";
    IncompleteManifests "F0426" Warning "incomplete manifests of Flux";
    GateClosed          "F0427" Warning "object that names a ServiceAccount without the feature gate";
    ReadOnlyDirectory   "F0428" Warning "directory that a controller does not write to";
    UnusableValue       "F0432" Warning "source that Flux does not fetch";
    WaitsForItself      "F0433" Warning "objects of Flux that wait for each other";
    LostRights          "F0434" Warning "controllers without their rights";
    NoRoom              "F0435" Warning "limits that exclude pods of controllers";

    NothingToImport     "F0501" Error "no overlay that installs Flux";
    ForeignYaml         "F0502" Warning "YAML that cannot be read";
    MissingPart         "F0503" Warning "missing part of an overlay";
    Unbuildable         "F0504" Warning "overlay that kustomize cannot build";
    HitsNothing         "F0505" Warning "identity patch that matches nothing";
    UnreadIdentity      "F0506" Warning "identity that nothing reads";
    NoIdentity          "F0507" Warning "annotation with an invalid identity";
    UnreadLabel         "F0508" Note "label without effect";
    NoPodLabel          "F0509" Warning "managed identity without the pod label";
    AadPodIdentity      "F0510" Warning "AAD Pod Identity";
    PlatformInDoubt     "F0511" Warning "ambiguous platform";
    StaysInHand         "F0512" Warning "overlay that cannot be expressed in a source";
    Overridden          "F0513" Warning "patch that a later one overrides";
    CommentLost         "F0514" Note "comment that is not imported";
    Unneeded            "F0515" Note "file that is no longer needed";
    InstanceIdentity    "F0516" Warning "identity in a `FluxInstance`";
    SharedPatch         "F0517" Warning "identity patch that also matches another object";
    TargetWithin        "F0518" Warning "`target` inside of a patch";
    NotEditable         "F0519" Warning "overlay that cannot be edited line by line";
    NotTheSame          "F0520" Error "overlay whose build output differs";
    TenantLeft          "F0521" Note "managed identity that uses the tenant of the webhook";
    OtherFederation     "F0522" Warning "federated identity that stays a patch";
    VolumesRenamed      "F0523" Warning "federated identity whose volumes are renamed";
    ExplainedDifference "F0524" Note "difference without effect";
    InSource            "F0525" Note "overlay whose identities are already in a source";
    NotCompiled         "F0526" Error "imported source that does not compile";
    UnseenIdentity      "F0527" Warning "identity that is not in the overlay";
    LooseAccounts       "F0528" Warning "generated ServiceAccounts that cannot be imported";
    StrayIdentity       "F0529" Warning "identity in a file that nothing reads";
    NotEffective        "F0530" Warning "imported identity that is not effective";
    NotProvedSame       "F0531" Note "import that is not proved in full";

    NotSupportedYet     "F0901" Error "retired: unsupported part of the language";
}

impl Code {
    /// True for failures of the machine, false for problems of the source and of the files next to it.
    pub(super) const fn is_failure(self) -> bool {
        matches!(self, Code::Unreadable | Code::Unwritable | Code::ChangedMeanwhile | Code::MissingObject)
    }

    /// The first paragraph of its page.
    pub fn meaning(self) -> String {
        let lines = self.page().lines().take_while(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    }

    /// True for problems of the text of a source.
    pub fn is_syntax(self) -> bool {
        self.as_str().starts_with("F00")
    }

    /// The code of that name, in any case.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
