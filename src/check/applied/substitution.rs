//! Variables of `postBuild` for which kustomize-controller refuses the whole build.
//!
//! Sources: `parse/parse.go`, `parse/scan.go` and `template.go` in `envsubst` of fluxcd/pkg; `SubstituteVariables` in its
//! `kustomize/kustomize_varsub.go`; 1.9.0 in the changelog of kustomize-controller, where `StrictPostBuildSubstitutions` is
//! on without an argument.

use std::collections::BTreeSet;

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::effect::unapplied;
use crate::kustomize::{Object, Value, escape};
use crate::model::flux::FluxVersion;
use crate::model::{Controller, ObjectKind};
use crate::overlay_build::FluxSync;
use crate::problem::{AppliedProblem, SubstitutionFault, describe_object};

/// The label or annotation of an object in which nothing is substituted.
const SUBSTITUTE: &str = "kustomize.toolkit.fluxcd.io/substitute";
/// The first version of Flux in which a variable without a value is refused.
const STRICT_SINCE: FluxVersion = FluxVersion { major: 2, minor: 9 };
/// The feature gate that turns that off.
const STRICT: &str = "StrictPostBuildSubstitutions=";

impl AppliedCheck<'_> {
    /// Reports variables in the objects of the build that kustomize-controller cannot read, or has no value for.
    pub(super) fn check_substitutions(
        self,
        sync: FluxSync<'_>,
        objects: &[&Object],
        scope: &mut Scope<'_, '_>,
    ) {
        let post_build = sync.spec().and_then(|spec| spec.get("postBuild"));
        let Some(post_build) = post_build.filter(|it| !sync.changes_objects() && substitutes(it)) else {
            return;
        };
        let values = post_build.get("substitute").map(Value::entries).unwrap_or_default();
        let is_strict = items(post_build).is_empty() && self.is_strict();
        let mut reported = BTreeSet::new();
        for object in objects {
            let Some(value) =
                object.value().filter(|it| it.has_variables() && !is_left_out(it) && unapplied(it).is_none())
            else {
                continue;
            };
            let mut uses = Vec::new();
            if collect(value, &mut String::new(), &mut uses).is_none() {
                continue;
            }
            let fault = uses.into_iter().find(|(_, fault)| match fault {
                SubstitutionFault::Form(_) => true,
                SubstitutionFault::NoValue(name) => {
                    is_strict
                        && !values.iter().any(|(known, _)| known == name)
                        && reported.insert(name.clone())
                }
            });
            let Some((path, fault)) = fault else { continue };
            scope.report_on_cluster(AppliedProblem::Substitution {
                at: scope.names.name.span,
                object: describe_object(&object.id().kind, &object.id().name),
                fault,
                by: self.origins.set_by(object, &path),
            });
        }
    }

    /// True if kustomize-controller certainly refuses a variable without a value.
    fn is_strict(self) -> bool {
        let Some(build) = self.build.filter(|build| build.is_known_but_for_sync()) else { return false };
        let is_lenient = |it: &Object| it.value().is_none_or(closes_gate);
        self.version.is_some_and(|version| version >= STRICT_SINCE)
            && !build.of_controller(ObjectKind::Deployment, Controller::Kustomize).any(is_lenient)
    }
}

/// True if there certainly are variables, without which nothing is substituted.
fn substitutes(post_build: &Value) -> bool {
    let is_optional =
        |from: &Value| from.get("optional").and_then(Value::scalar_text).is_some_and(|it| it != "false");
    post_build.get("substitute").is_some_and(|values| !values.entries().is_empty())
        || items(post_build).iter().any(|from| !is_optional(from))
        || post_build.get("substituteStrategy").and_then(Value::as_str) == Some("Always")
}

fn items(post_build: &Value) -> &[Value] {
    post_build.get("substituteFrom").map(Value::items).unwrap_or_default()
}

fn is_left_out(value: &Value) -> bool {
    let is_disabled =
        |field| value.at(&["metadata", field, SUBSTITUTE]).and_then(Value::as_str) == Some("disabled");
    is_disabled("labels") || is_disabled("annotations")
}

/// True if a text of the value closes the gate, in any of the forms that Go has for false.
fn closes_gate(value: &Value) -> bool {
    let set = value.scalar_text().and_then(|text| text.split_once(STRICT));
    set.is_some_and(|(_, state)| state.starts_with(['f', 'F', '0']))
        || value.items().iter().any(closes_gate)
        || value.entries().iter().any(|(_, it)| closes_gate(it))
}

/// Adds the variables of a value with their paths. None if one goes on after its text, so that all else depends on what follows.
fn collect(value: &Value, path: &mut String, uses: &mut Vec<(String, SubstitutionFault)>) -> Option<()> {
    let length = path.len();
    if let Some(text) = value.scalar_text().filter(|text| text.contains("${")) {
        // A line break or a quotation mark follows.
        add(&format!("{text}\n"), path, uses)?;
    }
    for (at, item) in value.items().iter().enumerate() {
        path.push('/');
        path.push_str(&at.to_string());
        collect(item, path, uses)?;
        path.truncate(length);
    }
    for (key, item) in value.entries() {
        path.push('/');
        path.push_str(&escape(key));
        add(key, path, uses)?;
        collect(item, path, uses)?;
        path.truncate(length);
    }
    Some(())
}

fn add(text: &str, path: &str, uses: &mut Vec<(String, SubstitutionFault)>) -> Option<()> {
    let mut reader = Reader { rest: text, names: Vec::new() };
    let fault = match reader.text() {
        Ok(()) => None,
        Err(Stop::Refused(form)) => Some(SubstitutionFault::Form(form)),
        Err(Stop::Ended) => return None,
    };
    let names = reader.names.into_iter().map(|name| SubstitutionFault::NoValue(name.to_owned()));
    uses.extend(fault.into_iter().chain(names).map(|fault| (path.to_owned(), fault)));
    Some(())
}

/// Why a text is not read on.
#[derive(Debug, PartialEq, Eq)]
enum Stop {
    /// This is no substitution.
    Refused(String),
    /// One goes on after the text.
    Ended,
}

/// Reads variables as envsubst does.
struct Reader<'t> {
    rest: &'t str,
    /// The variables that need a value.
    names: Vec<&'t str>,
}

impl<'t> Reader<'t> {
    fn text(&mut self) -> Result<(), Stop> {
        while let Some(at) = self.rest.find('$') {
            self.rest = self.rest.get(at..).unwrap_or_default();
            let whole = self.rest;
            if self.skip("${") {
                self.function().map_err(|stop| match stop {
                    Stop::Refused(_) => Stop::Refused(shown(whole)),
                    Stop::Ended => Stop::Ended,
                })?;
            } else if !self.skip("$$") {
                self.skip("$");
            }
        }
        Ok(())
    }

    /// Goes on behind a prefix of the rest. True if the rest begins so.
    fn skip(&mut self, prefix: &str) -> bool {
        self.rest.strip_prefix(prefix).map(|rest| self.rest = rest).is_some()
    }

    fn refuse<T>(&self) -> Result<T, Stop> {
        Err(if self.rest.is_empty() { Stop::Ended } else { Stop::Refused(String::new()) })
    }

    fn close(&mut self) -> Result<(), Stop> {
        if self.skip("}") { Ok(()) } else { self.refuse() }
    }

    fn name(&mut self) -> Result<&'t str, Stop> {
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (name, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or_default();
        self.rest = rest;
        if name.is_empty() { self.refuse() } else { Ok(name) }
    }

    /// What is after `${`.
    fn function(&mut self) -> Result<(), Stop> {
        let is_length = self.skip("#");
        let name = self.name()?;
        if !is_length {
            if [":=", ":-", ":?", ":+", "="].into_iter().any(|operator| self.skip(operator)) {
                while !self.skip("}") {
                    self.parameter(&['}'])?;
                }
                return Ok(());
            }
            self.operator()?;
        }
        self.names.push(name);
        self.close()
    }

    /// What changes the value of a variable.
    fn operator(&mut self) -> Result<(), Stop> {
        if self.skip(":") {
            self.parameter(&[':', '}'])?;
            if self.skip(":") {
                self.rest = self.rest.trim_start_matches(':');
                self.parameter(&['}'])?;
            }
        } else if self.skip(",") || self.skip("^") {
            let _second = self.skip(",") || self.skip("^");
        } else if self.skip("##") || self.skip("#") || self.skip("%%") || self.skip("%") {
            self.parameter(&['}'])?;
        } else if self.skip("/") {
            let _which = self.skip("/") || self.skip("#") || self.skip("%");
            if !self.rest.starts_with('/') {
                self.escaped('/')?;
            }
            if !self.skip("/") {
                return self.refuse();
            }
            self.rest = self.rest.trim_start_matches('/');
            if !self.rest.starts_with('}') {
                self.escaped('}')?;
            }
        }
        Ok(())
    }

    /// A parameter that ends before one of these, or before another variable.
    fn parameter(&mut self, ends: &[char]) -> Result<(), Stop> {
        if self.skip("${") {
            return self.function();
        }
        let end = [self.rest.find("${"), self.rest.find(ends)].into_iter().flatten().min();
        let Some(end) = end else { return Err(Stop::Ended) };
        if end == 0 {
            return self.refuse();
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
        Ok(())
    }

    /// One in which escapes count, which quotation marks of YAML may change.
    fn escaped(&mut self, end: char) -> Result<(), Stop> {
        let before = self.rest;
        self.parameter(&[end])?;
        let text = before.strip_suffix(self.rest).unwrap_or(before);
        if text.contains('\\') || text.contains("$$") { Err(Stop::Ended) } else { Ok(()) }
    }
}

/// A variable with its braces, as far as they are in its line.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.split_inclusive('}').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_envsubst_does() {
        let refused = |form: &str| Err(Stop::Refused(form.to_owned()));
        for (text, outcome) in [
            ("a $b $${BASH_SOURCE[0]} }${a}", Ok(vec!["a"])),
            ("$$${a}", Ok(vec!["a"])),
            ("${a,,} ${a^} ${#a} ${a##*/} ${a%.x} ${a:1} ${a:1:2}", Ok(vec!["a"; 7])),
            ("${a/b/c} ${a//b/} ${a/#/c}", Ok(vec!["a"; 3])),
            ("${a:=b} ${a=} ${a:-${b}c${d:=e}}", Ok(vec!["b"])),
            ("x ${BASH_SOURCE[0]} y", refused("${BASH_SOURCE[0]}")),
            ("${a-b}", refused("${a-b}")),
            ("${!a}", refused("${!a}")),
            ("${a[@]}", refused("${a[@]}")),
            ("${#a[@]}", refused("${#a[@]}")),
            ("${{ github.sha }}", refused("${{ github.sha }")),
            ("${var.region}", refused("${var.region}")),
            ("${a,,b}", refused("${a,,b}")),
            ("${a#}", refused("${a#}")),
            ("${}", refused("${}")),
            ("${a\nb", refused("${a")),
            ("${a", Err(Stop::Ended)),
            ("${a:-b", Err(Stop::Ended)),
            ("${a/b}", Err(Stop::Ended)),
            ("${a/\\//b}", Err(Stop::Ended)),
        ] {
            let mut reader = Reader { rest: text, names: Vec::new() };
            let read = reader.text().map(|()| reader.names);
            assert_eq!(read, outcome, "{text}");
        }
    }
}
