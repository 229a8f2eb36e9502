//! Messages about ARNs, GUIDs and addresses.

use crate::model::aws::{RoleArn, RoleArnFault};
use crate::model::azure::GuidFault;
use crate::model::gcp::EmailFault;
use crate::problem::{Finding, FindingHead, all_of};
use crate::span::Span;

/// What the GUID of a managed identity is called.
const CLIENT_ID: &str = "client id";

pub(super) fn role_arn(fault: &RoleArnFault, head: FindingHead<'_>, all: Span) -> Finding {
    let finding = |message: &str| head.with_message(message);
    let example = "write the ARN of the role, such as `\"arn:aws:iam::111122223333:role/flux-registry\"`";
    match fault {
        RoleArnFault::NotAnArn => finding("invalid ARN of an IAM role").reason("not an ARN").help(example),
        RoleArnFault::Placeholder => {
            finding("placeholder instead of the ARN of an IAM role").reason("placeholder").help(example)
        }
        RoleArnFault::Partition => finding("unknown AWS partition")
            .reason("no such partition")
            .help("write `aws`, `aws-cn` for China, or `aws-us-gov` for GovCloud")
            .note(format!("valid partitions: {}", all_of(&RoleArn::partitions().collect::<Vec<_>>()))),
        RoleArnFault::Service(service) => {
            finding(&format!("expected an ARN of `iam`, found one of `{service}`"))
                .reason("not `iam`")
                .help(example)
        }
        RoleArnFault::AssumedRole(role) => {
            let finding = finding("expected the ARN of a role, found the ARN of a session")
                .reason("printed by `aws sts get-caller-identity`");
            match role {
                Some(role) => finding.suggestion(all, format!("\"{role}\"")).note(
                    "the path of a role is between `role/` and its name; the ARN of a session does not \
                     contain it",
                ),
                None => finding.help(example),
            }
        }
        RoleArnFault::Region => finding("the ARN of a role cannot have a region")
            .reason("unexpected region")
            .help("leave the region empty; IAM is global"),
        RoleArnFault::Account(Some(digits)) => finding("an AWS account id must have 12 digits")
            .reason(format!("this has {digits}"))
            .help("write all digits, with leading zeros, as in `012345678901`"),
        RoleArnFault::Account(None) => finding("an AWS account id must have 12 digits")
            .reason("expected an account id")
            .help("write the account id, or `${account}`"),
        RoleArnFault::Resource(kind) => {
            let what = match kind.as_str() {
                "user" => "an IAM user",
                "policy" => "an IAM policy",
                "group" => "an IAM group",
                "instance-profile" => "an instance profile",
                "oidc-provider" => "an OIDC provider",
                "root" => "an account",
                _ => "another resource",
            };
            finding(&format!("expected the ARN of a role, found the ARN of {what}"))
                .reason("expected `role/` and the name of a role")
                .help(example)
        }
        RoleArnFault::Path => {
            finding("the path of a role must start and end with `/` and cannot contain spaces")
                .reason("invalid path")
                .help(example)
        }
        RoleArnFault::EmptyPath => {
            finding("the path of this role is empty").reason("missing path, or an extra `/`").help(example)
        }
        RoleArnFault::NoName => finding("this ARN does not name a role")
            .reason("expected the name of a role")
            .help("write the name of the role after the last `/`"),
        RoleArnFault::LongName => finding("the name of a role cannot be longer than 64 characters")
            .reason("this name is longer")
            .help("the text before the last `/` is the path of the role"),
        RoleArnFault::NameCharacter => {
            finding("the name of a role can contain only letters, digits and `_+=,.@-`")
                .reason("invalid name")
                .help(example)
        }
    }
}

pub(super) fn guid(what: &str, fault: GuidFault, head: FindingHead<'_>) -> Finding {
    let message = match fault {
        GuidFault::Zero => format!("the {what} is a GUID of zeros, which identifies nothing"),
        GuidFault::ResourceId => format!("expected the {what}, found the resource id of a managed identity"),
        GuidFault::Placeholder | GuidFault::Braces | GuidFault::Digits(_) | GuidFault::Form => {
            format!("the {what} must be a GUID")
        }
    };
    let finding = head.with_message(message);
    if fault == GuidFault::ResourceId && what == CLIENT_ID {
        return finding
            .reason("belongs in the option `resource-id`")
            .help("write the client id, and this as an option: `azure \"CLIENT ID\" { resource-id = \"…\" }`")
            .help("print the client id: `az identity show --ids RESOURCE_ID --query clientId --output tsv`");
    }
    match fault {
        GuidFault::Placeholder => finding.reason("placeholder"),
        GuidFault::Braces => finding.reason("in braces").help("remove the braces"),
        GuidFault::Zero => finding.reason("all zeros"),
        GuidFault::Digits(digits) => finding.reason(format!("this has {digits} digits, not 32")),
        GuidFault::Form | GuidFault::ResourceId => finding.reason("not a GUID"),
    }
    .note(
        "a GUID has 8, 4, 4, 4 and 12 hexadecimal digits, as in \
        `72f988bf-86f1-41af-91ab-2d7cd011db47`",
    )
    .help(match what {
        CLIENT_ID => "copy it from `az identity show --query clientId`",
        _ => "copy it from `az account show --query tenantId`",
    })
}

pub(super) fn email(fault: EmailFault, head: FindingHead<'_>) -> Finding {
    let finding = head.with_message("invalid address of a Google service account");
    match fault {
        EmailFault::Placeholder => finding.reason("placeholder"),
        EmailFault::NoAt => finding.reason("missing `@`"),
        EmailFault::Domain => finding.reason("expected `PROJECT.iam.gserviceaccount.com`"),
        EmailFault::Id => finding.reason("invalid id of a service account").note(
            "an id has 6 to 30 lower-case letters, digits and `-`, starts with a letter and does \
                not end with `-`",
        ),
        EmailFault::Project => finding.reason("invalid id of a project").note(
            "a project id has 6 to 30 lower-case letters, digits and `-`, starts with a letter \
             and does not end with `-`",
        ),
    }
    .help("write an address such as `\"flux-gar@acme-prod.iam.gserviceaccount.com\"`")
}
