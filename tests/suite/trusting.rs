//! Commands of trust, as the shell runs them.

use std::process::Command;

use crate::harness::run;
use crate::place::repository;

const TWO_ACCOUNTS: &str = r#"
issuer = "https://oidc.example.com/${cluster}"

cluster a on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/registry"
}

cluster b on eks {
  source-controller -> aws "arn:aws:iam::444455556666:role/registry"
}
"#;

/// What `aws` is told to change, with credentials of an account; what the run ends with, and what it complains of.
fn told_with_credentials_of(account: &str) -> (String, Option<i32>, String) {
    let place = repository(&[("identity.flux", TWO_ACCOUNTS)]);
    let script = run(place.path(), &["trust", "--form", "cli"]);
    assert_eq!(script.status, 0, "{}", script.stderr);
    let aws = format!(
        "aws() {{ if [ \"$1\" = sts ]; then echo '{account}'; else printf '%s ' \"$@\"; echo; fi; }}\n"
    );
    let output = Command::new("sh").arg("-c").arg(aws + &script.stdout).output().expect("sh runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), output.status.code(), text(output.stderr))
}

#[test]
fn no_role_of_one_account_is_written_with_credentials_of_another() {
    for (account, own, other) in [("111122223333", "/a:aud", "/b:aud"), ("444455556666", "/b:aud", "/a:aud")]
    {
        let (told, status, complaint) = told_with_credentials_of(account);
        assert!(told.contains(own) && !told.contains(other), "{account}: {told}");
        assert_eq!(told.matches("update-assume-role-policy").count(), 1, "{told}");
        assert_eq!((status, complaint.lines().count()), (Some(1), 1), "{complaint}");
    }
}

#[test]
fn credentials_of_no_account_write_nothing() {
    for account in ["", "None", "999999999999"] {
        let (told, status, _) = told_with_credentials_of(account);
        assert_eq!((told.as_str(), status), ("", Some(1)), "{account}");
    }
}
