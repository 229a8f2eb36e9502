//! The table of codes.
//!
//! A code is never used again for something else; a retired one keeps its row and its page.

use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is written.
    Error,
    /// Everything is written, unless warnings are denied.
    Warning,
    /// Something to know.
    Note,
}

impl Level {
    /// The word that findings begin with.
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
        /// What a finding is called, for good. `F00` syntax, `F01` names, `F02` values, `F03` what fits together,
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

            /// How bad it is.
            pub const fn level(self) -> Level {
                match self { $(Code::$name => Level::$level,)* }
            }

            /// What it is about, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// What it means, with a source that has it and the same one right: Markdown that reads well as it is.
            pub const fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("pages/", $code, ".md")),)* }
            }
        }
    };
}

codes! {
    Expected            "F0001" Error "something is missing, or something else is there";
    TextAfterStatement  "F0002" Error "a statement does not end where its line ends";
    UnclosedBlock       "F0003" Error "a block is not closed";
    StrayClose          "F0004" Error "a brace closes nothing";
    UnclosedText        "F0005" Error "text is not closed";
    OtherQuotes         "F0006" Error "text stands in other quotes than `\"`";
    CommaAtEnd          "F0007" Error "a list ends with a comma";
    BraceOnNextLine     "F0008" Error "a block does not open on the line of its header";
    WrongArrow          "F0009" Error "a mapping has something else than `->`";
    StrayDollar         "F0010" Error "a `$` begins no `${name}`";
    ForbiddenCharacter  "F0011" Error "a character that has no place here";
    NestedBlock         "F0012" Error "a block within a block";
    UnknownStatement    "F0013" Error "a line begins like no statement";
    MissingProvider     "F0014" Error "an identity without its provider";
    NotText             "F0015" Error "a source is not text in UTF-8";
    TooLarge            "F0016" Error "a source is too large";

    UnknownController   "F0101" Error "no Flux controller has this name";
    UnknownRole         "F0102" Error "a cluster has no role of this name";
    UnknownProfile      "F0103" Error "no profile has this name";
    UnknownSetting      "F0104" Error "no setting has this name";
    UnknownVariable     "F0105" Error "a cluster has no value of this name";
    UnknownPlatform     "F0106" Error "no platform has this name";
    UnknownProvider     "F0107" Error "no provider has this name";
    UnknownOption       "F0108" Error "no option has this name";
    DefinedTwice        "F0110" Error "defined twice";
    ReservedName        "F0111" Error "a name that means something already";
    ProfileCycle        "F0112" Error "a profile uses itself";
    ValueCycle          "F0113" Error "a definition reaches itself";
    Disagreement        "F0114" Error "two profiles disagree";
    Misplaced           "F0115" Error "a statement that does not belong here";
    NoneIsNotAlone      "F0116" Error "`none` beside a role";
    UnusedName          "F0117" Warning "a role or a profile that nothing uses";
    UnusedAllow         "F0118" Warning "an `allow` that silences nothing";
    NotAllowable        "F0119" Error "an `allow` of what is no warning";
    Include             "F0120" Error "an `include` that includes nothing it may";
    Boundless           "F0121" Error "a value without measure";

    ValueForm           "F0201" Error "text where a word belongs, or a word where text belongs";
    UnknownWord         "F0202" Error "a word that is not in the list";
    RoleArn             "F0203" Error "not the ARN of an IAM role";
    Guid                "F0204" Error "not a GUID";
    ServiceAccountEmail "F0205" Error "not the e-mail address of a Google service account";
    AccountId           "F0206" Error "not an AWS account id";
    RegionName          "F0207" Error "not an AWS region";
    ProjectId           "F0208" Error "not a Google Cloud project id";
    ProjectNumber       "F0209" Error "not a Google Cloud project number";
    ProviderName        "F0210" Error "not the name of a workload identity provider";
    IssuerUrl           "F0211" Error "not the URL of an OIDC issuer";
    NamespaceName       "F0212" Error "not the name of a namespace";
    FluxVersion         "F0213" Error "not a version of Flux";
    OutputPath          "F0214" Error "not a path below the source";
    TokenExpiration     "F0215" Error "not a lifetime that this cloud gives a token";
    Audience            "F0216" Error "not an audience";
    ResourceId          "F0217" Error "not the resource id of a managed identity";

    OtherCloudsIdentity "F0301" Error "an identity of another cloud";
    TwoOfOneProvider    "F0302" Error "two identities of one provider together";
    MissingTenant       "F0303" Error "a managed identity without a tenant";
    SameOutput          "F0304" Error "two directories of generated files are one";
    TenantAsClient      "F0305" Error "the tenant where the client belongs";
    OtherPartition      "F0306" Error "a role of another partition than the cluster's region";
    SessionName         "F0307" Error "a session name of more than 64 characters";
    NeverUsed           "F0308" Error "an identity for a controller that never uses one";
    NoIntegration       "F0309" Warning "an identity that nothing in that controller uses";
    Required            "F0310" Error "a required mapping is missing";
    NotInstalled        "F0311" Error "a controller that is not installed";
    NothingToPatch      "F0312" Error "a controller that is not installed as Flux installs it";
    OtherNamespace      "F0313" Error "a ServiceAccount or a Deployment of Flux in another namespace";
    OtherVersion        "F0314" Warning "another version of Flux is installed";
    NewerFlux           "F0315" Warning "a version of Flux that is newer than this compiler";
    NotProved           "F0316" Note "nothing proves that the patches hit";
    MissingSetting      "F0317" Error "a setting that an identity needs on this cluster is missing";
    PodIdentity         "F0318" Error "EKS Pod Identity where it cannot be had";
    WebhookElsewhere    "F0319" Error "a tenant left to a webhook that is not there";
    AlreadyThere        "F0320" Error "something of that name is there already";
    LocalPath           "F0321" Error "not a path in the directory of the source";
    PassedMissing       "F0322" Error "what is to be passed through is not there";
    PassedForm          "F0323" Error "a resource or a component that kustomize would refuse";
    PatchTarget         "F0324" Error "a target of a patch that kustomize would refuse, or that is everything";
    NoPatch             "F0325" Error "a file that holds no patch";
    SetTwice            "F0326" Error "a patch and an identity change the same";
    NothingInstalled    "F0327" Error "an overlay that installs nothing";
    UnnamedComponent    "F0328" Warning "a component that no kustomization names";
    ComponentAsResource "F0329" Error "a component that is listed as a resource";
    AccountName         "F0330" Error "not the name of a ServiceAccount";
    ControllersAccount  "F0331" Error "the ServiceAccount of a controller at object level";
    UnreadOption        "F0332" Error "an option that nothing reads at object level";
    NarrowerInFlux      "F0333" Error "an identity that Flux does not take at object level";
    UnknownFlux         "F0334" Error "object-level identity without a known version of Flux";
    OldFlux             "F0335" Error "object-level identity in a version of Flux that has none";
    GateAlreadyThere    "F0336" Error "a feature gate that is set already";
    WithinAnother       "F0337" Error "a generated directory in the way of another";
    UnstableOnAks       "F0338" Warning "object-level identity that is not stable on AKS";

    NoObject            "F0339" Error "a patch of an object that is not there";
    PassedHitsNothing   "F0340" Warning "a patch that is passed through and hits nothing";
    NotIsolated         "F0341" Error "clusters that are to be isolated share an identity";
    NothingToIsolateBy  "F0342" Error "a cluster lacks what it is to be isolated by";
    SamePool            "F0343" Warning "one pool, and one ServiceAccount with several identities";
    UnknownPool         "F0344" Note "nobody knows whether clusters share identities";
    ManyCredentials     "F0345" Error "more federated credentials than a managed identity can have";
    LongPolicy          "F0346" Warning "a trust policy that needs a higher quota";
    EndlessPolicy       "F0347" Error "a trust policy that is longer than any quota";
    ManyProviders       "F0348" Warning "more OIDC providers than an account has at first";
    TwoArns             "F0349" Warning "one IAM role by two ARNs";
    SameIssuer          "F0350" Warning "two clusters of one issuer";
    TrustNeedsSetting   "F0361" Error "trust needs a setting of a cluster";
    TrustNeedsResourceId "F0362" Error "trust needs the resource id of a managed identity";
    TwoResourceIds      "F0363" Error "a managed identity with two resource ids";
    IssuerWithPort      "F0364" Error "an issuer that AWS does not take";
    LongSubject         "F0365" Error "a subject that is too long for Google Cloud";
    SharedResourceId    "F0366" Error "managed identities of one resource id";

    NotOurs             "F0401" Error "a file that this source did not write";
    EditedByHand        "F0402" Error "a generated file was edited";
    SecondKustomization "F0403" Error "a second kustomization file in the directory";
    LinkOnTheWay        "F0404" Error "a symbolic link on the way to a file that is written";
    InTheWay            "F0405" Error "something else stands where a file belongs";
    NotManifests        "F0406" Error "a file that should hold manifests does not";
    NoRegularFile       "F0407" Error "something that is no file where a file is read";
    LeadsOutside        "F0408" Error "a link that leads out of the repository";
    LargeInput          "F0409" Error "a file that is too large";
    Missing             "F0410" Error "an overlay is not there yet";
    Stale               "F0411" Error "an overlay is not what the source says";
    Orphan              "F0412" Error "an overlay that belongs to no cluster any more";
    EditedOrphan        "F0413" Error "an edited file that nothing in the fleet needs any more";
    MuchInput           "F0414" Error "more to read than one run reads";
    Unreadable          "F0420" Error "a file cannot be read";
    Unwritable          "F0421" Error "a file cannot be written";
    ChangedMeanwhile    "F0422" Error "a file or a directory changed meanwhile";
    MissingObject       "F0423" Error "an object that is missing from the git repository";
    WouldFetch          "F0424" Error "an overlay whose build fetches something";
    NotCopied           "F0425" Error "an overlay whose build reads what is not copied";

    NothingToImport     "F0501" Error "no overlay that installs Flux";
    ForeignYaml         "F0502" Warning "YAML that cannot be read";
    MissingPart         "F0503" Warning "a part of an overlay that is not there";
    Unbuildable         "F0504" Warning "an overlay that kustomize cannot build";
    HitsNothing         "F0505" Warning "a patch of an identity that hits nothing";
    UnreadIdentity      "F0506" Warning "an identity that nothing there reads";
    NoIdentity          "F0507" Warning "an annotation that names no identity";
    UnreadLabel         "F0508" Note "a label that nothing reads";
    NoPodLabel          "F0509" Warning "a managed identity whose pods lack the label";
    AadPodIdentity      "F0510" Warning "AAD Pod Identity";
    PlatformInDoubt     "F0511" Warning "a platform in doubt";
    StaysInHand         "F0512" Warning "an overlay that says what no source can";
    Overridden          "F0513" Warning "a patch that a later one replaces";
    CommentLost         "F0514" Note "a comment that is lost";
    Unneeded            "F0515" Note "a file that nothing needs any more";
    InstanceIdentity    "F0516" Warning "an identity that the Flux Operator applies";
    SharedPatch         "F0517" Warning "a patch for some who cannot have it from a source";
    TargetWithin        "F0518" Warning "a target within a patch";
    NotEditable         "F0519" Warning "an overlay that cannot be edited line by line";
    NotTheSame          "F0520" Error "an overlay that does not build what it built before";
    TenantLeft          "F0521" Note "a tenant that is left to the webhook";
    OtherFederation     "F0522" Warning "a federated identity that stays a patch";
    VolumesRenamed      "F0523" Warning "a federated identity whose volumes get other names";
    ExplainedDifference "F0524" Note "a difference that makes none";
    InSource            "F0525" Note "an overlay whose identities are in a source already";
    NotCompiled         "F0526" Error "an import that does not compile";
    UnseenIdentity      "F0527" Warning "an identity that no overlay says";
    LooseAccounts       "F0528" Warning "generated ServiceAccounts that cannot be taken";

    NotSupportedYet     "F0901" Error "retired: a part of the language that was not supported yet";
}

impl Code {
    /// The code of that name, however its letter is written.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
