//! What a plain scalar resolves to: in manifests as go-yaml 3 has it, in kustomizations and operations as go-yaml 2.
//!
//! Source: `resolve.go` of go-yaml, `kyaml/internal/forked/github.com/go-yaml/yaml` and `sigs.k8s.io/yaml/goyaml.v2`.

/// Something that is not made of others.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// What it is.
    pub tag: Tag,
    /// True if it stands in quotes or as a block. Whatever takes its place does so too, and is a string then.
    pub(crate) is_quoted: bool,
    /// Scalars of an object with the same number are one for kustomize: what changes one changes all. Zero for those
    /// that are not shared.
    pub(crate) shared: u32,
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Scalar) -> bool {
        self.text == other.text && self.tag == other.tag
    }
}

impl Eq for Scalar {}

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Nothing.
    Null,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Another number.
    Float,
    /// A date, or a date and a time.
    Time,
    /// A string.
    Text,
}

/// Which parser resolves a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// That of manifests and of strategic merge patches.
    Manifest,
    /// That of kustomizations and of JSON6902 operations, which follows YAML 1.1.
    Kustomization,
}

/// What a plain scalar is.
pub(crate) fn resolve(text: &str, rules: Rules) -> Tag {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Tag::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Tag::Bool,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "n" | "N" | "no" | "No" | "NO" | "off"
        | "Off" | "OFF"
            if rules == Rules::Kustomization =>
        {
            return Tag::Bool;
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" | ".nan"
        | ".NaN" | ".NAN" => return Tag::Float,
        _ => {}
    }
    let begins_like_number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    if !begins_like_number {
        return Tag::Text;
    }
    if rules == Rules::Manifest && time(text).is_some() {
        return Tag::Time;
    }
    if integer(text).is_some() {
        Tag::Int
    } else if float(text).is_some() {
        Tag::Float
    } else {
        Tag::Text
    }
}

impl Scalar {
    pub(crate) fn new(text: impl Into<String>, tag: Tag) -> Scalar {
        let mut scalar = Scalar { text: text.into(), tag, is_quoted: false, shared: 0 };
        scalar.is_quoted = scalar.needs_quotes();
        scalar
    }

    /// True if it is true or false, or is read so by YAML 1.1.
    pub fn may_be_bool(&self) -> bool {
        let is_bool = || resolve(&self.text, Rules::Kustomization) == Tag::Bool;
        self.tag == Tag::Bool || !self.is_quoted && is_bool()
    }

    /// True if it is a string that would be read as something else without quotes.
    pub(crate) fn needs_quotes(&self) -> bool {
        let is_plain = |rules| resolve(&self.text, rules) == Tag::Text;
        self.tag == Tag::Text && !(is_plain(Rules::Manifest) && is_plain(Rules::Kustomization))
    }

    /// The same in the one form that JSON has for it.
    pub(super) fn into_json(self) -> Scalar {
        let Scalar { text, tag, is_quoted, .. } = self;
        match tag {
            Tag::Text => Scalar { text, tag, is_quoted, shared: 0 },
            Tag::Null => Scalar::new("null", tag),
            Tag::Bool => Scalar::new(is_true(&text).to_string(), tag),
            Tag::Int => Scalar::new(integer(&text).map_or(text, |number| number.to_string()), tag),
            Tag::Time => Scalar::new(time(&text).unwrap_or(text), Tag::Text),
            Tag::Float => match float(&text) {
                Some(number) if number.fract().abs() < f64::MIN_POSITIVE && number.abs() < 1e21 => {
                    Scalar::new(format!("{number:.0}"), Tag::Int)
                }
                Some(number) => Scalar::new(number.to_string(), tag),
                None => Scalar::new(text, tag),
            },
        }
    }
}

/// True if the text of a truth says so.
pub(crate) fn is_true(text: &str) -> bool {
    text.starts_with(['t', 'T', 'y', 'Y']) || text.eq_ignore_ascii_case("on")
}

/// A whole number of at most 64 bits, in any of the bases of Go.
fn integer(text: &str) -> Option<i128> {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        _ if digits.starts_with('0') && digits.len() > 1 => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if !digits.starts_with(|first: char| first.is_digit(base)) {
        return None;
    }
    let number = i128::from_str_radix(digits, base).ok()?.checked_mul(sign)?;
    let is_within = i128::from(i64::MIN) <= number && number <= i128::from(u64::MAX);
    is_within.then_some(number)
}

/// A number with a point or an exponent.
fn float(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty());
    let is_exponent = exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent));
    let is_float = is_mantissa && is_exponent;
    is_float.then(|| plain.parse().ok()).flatten()
}

/// A date, or a date and a time, as Go writes it into JSON.
fn time(text: &str) -> Option<String> {
    let year = text.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest = text.get(4..)?.strip_prefix('-')?;
    let (month, rest) = rest.split_once('-')?;
    let end = rest.find(['T', 't', ' ']).unwrap_or(rest.len());
    let (day, clock) = rest.split_at(end);
    let (month, day) = (two(month, 12)?, two(day, days(year.parse().ok()?, month)?)?);
    if month == 0 || day == 0 {
        return None;
    }
    if clock.is_empty() {
        return Some(format!("{year}-{month:02}-{day:02}T00:00:00Z"));
    }
    let (is_spaced, clock) = (clock.starts_with(' '), clock.get(1..)?);
    let (clock, zone) = match clock.find(['Z', '+', '-']) {
        Some(at) if !is_spaced => clock.split_at(at),
        None if is_spaced => (clock, "Z"),
        Some(_) | None => return None,
    };
    let mut parts = clock.split(':');
    let (hour, minute, second) = (two(parts.next()?, 23)?, two(parts.next()?, 59)?, parts.next()?);
    let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_digits = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !is_digits || !is_zone(zone) {
        return None;
    }
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    let second = two(second, 59)?;
    let zone = if matches!(zone, "+00:00" | "-00:00") { "Z" } else { zone };
    Some(format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
}

fn is_zone(zone: &str) -> bool {
    let offset = zone.strip_prefix(['+', '-']).and_then(|offset| offset.split_once(':'));
    let is_two = |text: &str, most| text.len() == 2 && two(text, most).is_some();
    zone == "Z" || offset.is_some_and(|(hours, minutes)| is_two(hours, 24) && is_two(minutes, 59))
}

/// A number of one or two digits.
fn two(text: &str, most: u32) -> Option<u32> {
    let is_short = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_short && *number <= most)
}

fn days(year: u32, month: &str) -> Option<u32> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month.parse::<u32>().ok()? {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    })
}
