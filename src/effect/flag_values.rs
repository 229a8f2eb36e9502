//! The values that flags of controllers take.
//!
//! Sources: `main.go` of each controller and `runtime` of fluxcd/pkg for the types; `ParseDuration` in `time`, and `ParseInt`,
//! `ParseFloat` and `ParseBool` in `strconv` of Go; `MapStringBool` in `k8s.io/component-base/cli/flag` for feature gates.

/// The type of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlagType {
    Duration,
    Integer,
    Number,
    /// Without a value it is true.
    Boolean,
    /// Names with `=true` or `=false`.
    Gates,
}

const TYPES: [(&str, FlagType); 37] = [
    ("artifact-retention-records", FlagType::Integer),
    ("artifact-retention-ttl", FlagType::Duration),
    ("concurrent", FlagType::Integer),
    ("concurrent-ssa", FlagType::Integer),
    ("detailed-metrics", FlagType::Boolean),
    ("enable-leader-election", FlagType::Boolean),
    ("feature-gates", FlagType::Gates),
    ("gc-interval", FlagType::Integer),
    ("graceful-shutdown-timeout", FlagType::Duration),
    ("helm-cache-max-size", FlagType::Integer),
    ("helm-cache-purge-interval", FlagType::Duration),
    ("helm-cache-ttl", FlagType::Duration),
    ("helm-chart-file-max-size", FlagType::Integer),
    ("helm-chart-max-size", FlagType::Integer),
    ("helm-index-max-size", FlagType::Integer),
    ("http-retry", FlagType::Integer),
    ("insecure-kubeconfig-exec", FlagType::Boolean),
    ("insecure-kubeconfig-tls", FlagType::Boolean),
    ("interval-jitter-percentage", FlagType::Integer),
    ("kube-api-burst", FlagType::Integer),
    ("kube-api-qps", FlagType::Number),
    ("leader-election-lease-duration", FlagType::Duration),
    ("leader-election-release-on-cancel", FlagType::Boolean),
    ("leader-election-renew-deadline", FlagType::Duration),
    ("leader-election-retry-period", FlagType::Duration),
    ("max-retry-delay", FlagType::Duration),
    ("min-retry-delay", FlagType::Duration),
    ("no-cross-namespace-refs", FlagType::Boolean),
    ("no-remote-bases", FlagType::Boolean),
    ("oom-watch-interval", FlagType::Duration),
    ("oom-watch-memory-threshold", FlagType::Integer),
    ("rate-limit-interval", FlagType::Duration),
    ("requeue-dependency", FlagType::Duration),
    ("storage-value-log-file-size", FlagType::Integer),
    ("token-cache-max-duration", FlagType::Duration),
    ("token-cache-max-size", FlagType::Integer),
    ("watch-all-namespaces", FlagType::Boolean),
];

/// The type of a flag, if its value is none of that. `value`: its own after `=`; `next`: the argument after it.
pub(super) fn mistyped(flag: &str, value: Option<&str>, next: Option<&str>) -> Option<FlagType> {
    let (_, of) = TYPES.iter().find(|(name, _)| *name == flag)?;
    let value = match of {
        FlagType::Boolean => value?,
        FlagType::Duration | FlagType::Integer | FlagType::Number | FlagType::Gates => {
            value.or(next).unwrap_or_default()
        }
    };
    // What a variable has is not known here.
    let is_right = value.contains('$') || of.takes(value);
    (!is_right).then_some(*of)
}

impl FlagType {
    fn takes(self, value: &str) -> bool {
        match self {
            FlagType::Duration => is_duration(value),
            FlagType::Integer => {
                let digits = value.trim_start_matches(['+', '-']).replace('_', "");
                let hex = ["0x", "0X"].into_iter().find_map(|begin| digits.strip_prefix(begin));
                match hex {
                    Some(hex) => !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
                    None => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()),
                }
            }
            FlagType::Number => value.parse::<f64>().is_ok(),
            FlagType::Boolean => is_boolean(value),
            FlagType::Gates => value
                .split(',')
                .filter(|gate| !gate.trim().is_empty())
                .all(|gate| gate.split_once('=').is_some_and(|(_, value)| is_boolean(value.trim()))),
        }
    }
}

fn is_boolean(value: &str) -> bool {
    ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"].contains(&value)
}

/// True for numbers with units.
fn is_duration(value: &str) -> bool {
    let mut rest = value.trim_start_matches(['+', '-']);
    if rest == "0" {
        return true;
    }
    let is_some = !rest.is_empty();
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let number = rest.strip_suffix(after).unwrap_or_default();
        let is_number = number.parse::<f64>().is_ok();
        let unit =
            ["ns", "us", "µs", "ms", "s", "m", "h"].into_iter().find_map(|unit| after.strip_prefix(unit));
        match unit.filter(|_| is_number) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    is_some
}

#[cfg(test)]
mod tests {
    use super::{FlagType, TYPES, mistyped};
    use crate::effect::flags::{is_shared, owners};

    #[test]
    fn every_flag_with_a_type_is_one_that_a_controller_has() {
        for (flag, _) in TYPES {
            assert!(is_shared(flag) || owners(flag).is_some(), "{flag}");
        }
    }

    #[test]
    fn a_value_is_read_as_go_reads_it() {
        for (flag, value, next, expected) in [
            ("requeue-dependency", Some("5"), None, Some(FlagType::Duration)),
            ("requeue-dependency", Some("5s"), None, None),
            ("requeue-dependency", Some("1h30m0.5s"), None, None),
            ("requeue-dependency", Some("0"), None, None),
            ("requeue-dependency", Some("1d"), None, Some(FlagType::Duration)),
            ("requeue-dependency", Some(""), None, Some(FlagType::Duration)),
            ("requeue-dependency", Some("$(DELAY)"), None, None),
            ("requeue-dependency", None, Some("5s"), None),
            ("requeue-dependency", None, None, Some(FlagType::Duration)),
            ("concurrent", Some("20x"), None, Some(FlagType::Integer)),
            ("concurrent", Some("20"), None, None),
            ("concurrent", Some("0x10"), None, None),
            ("concurrent", None, Some("--log-level=debug"), Some(FlagType::Integer)),
            ("kube-api-qps", Some("50.5"), None, None),
            ("kube-api-qps", Some("fast"), None, Some(FlagType::Number)),
            ("no-remote-bases", Some("yes"), None, Some(FlagType::Boolean)),
            ("no-remote-bases", Some("True"), None, None),
            ("no-remote-bases", None, Some("yes"), None),
            ("feature-gates", Some("A=true,B=false"), None, None),
            ("feature-gates", Some("A"), None, Some(FlagType::Gates)),
            ("feature-gates", Some("A=yes"), None, Some(FlagType::Gates)),
            ("watch-label-selector", Some("a=b"), None, None),
        ] {
            assert_eq!(mistyped(flag, value, next), expected, "{flag} {value:?} {next:?}");
        }
    }
}
