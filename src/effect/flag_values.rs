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

impl FlagType {
    /// True for a value that a flag of the type does not take. `own`: that after `=`; `next`: the argument after it.
    pub(super) fn refuses(self, own: Option<&str>, next: Option<&str>) -> bool {
        let value = match (self, own) {
            // Without a value it is true.
            (FlagType::Boolean, None) => return false,
            (_, own) => own.or(next).unwrap_or_default(),
        };
        // What a variable has is not known here.
        !value.contains('$') && !self.takes(value)
    }

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
    use super::FlagType;

    #[test]
    fn a_value_is_read_as_go_reads_it() {
        for (of, own, next, is_refused) in [
            (FlagType::Duration, Some("5"), None, true),
            (FlagType::Duration, Some("5s"), None, false),
            (FlagType::Duration, Some("1h30m0.5s"), None, false),
            (FlagType::Duration, Some("0"), None, false),
            (FlagType::Duration, Some("1d"), None, true),
            (FlagType::Duration, Some(""), None, true),
            (FlagType::Duration, Some("$(DELAY)"), None, false),
            (FlagType::Duration, None, Some("5s"), false),
            (FlagType::Duration, None, None, true),
            (FlagType::Integer, Some("20x"), None, true),
            (FlagType::Integer, Some("20"), None, false),
            (FlagType::Integer, Some("0x10"), None, false),
            (FlagType::Integer, None, Some("--log-level=debug"), true),
            (FlagType::Number, Some("50.5"), None, false),
            (FlagType::Number, Some("fast"), None, true),
            (FlagType::Boolean, Some("yes"), None, true),
            (FlagType::Boolean, Some("True"), None, false),
            (FlagType::Boolean, None, Some("yes"), false),
            (FlagType::Gates, Some("A=true,B=false"), None, false),
            (FlagType::Gates, Some("A"), None, true),
            (FlagType::Gates, Some("A=yes"), None, true),
        ] {
            assert_eq!(of.refuses(own, next), is_refused, "{of:?} {own:?} {next:?}");
        }
    }
}
