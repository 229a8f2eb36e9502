//! Variables that send a request for credentials elsewhere.
//!
//! Sources: "Service-specific endpoints" and "General configuration" of the AWS SDKs and Tools Reference Guide;
//! `config/resolve.go` of aws/aws-sdk-go-v2, which fails without the file of the certificates; "Considerations" in "Learn how EKS
//! Pod Identity grants pods access to AWS services" of the EKS User Guide, for proxies; `golang.org/x/net/http/httpproxy`. The
//! metadata server of GKE is asked without a proxy: `compute/metadata` of googleapis/google-cloud-go.

use crate::effect::effective_identity::{Diversion, Effect, Field};
use crate::effect::environment::Environment;
use crate::effect::network::AGENT;
use crate::model::aws::REGION_VARIABLES;

/// The variables of an endpoint of AWS: that of STS comes before that of all services.
const ENDPOINTS: [&str; 2] = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"];
/// The variable with which the two are ignored.
const IGNORE_ENDPOINTS: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
/// The variable of a file with certificates, in place of those of the image.
const CERTIFICATES: &str = "AWS_CA_BUNDLE";
/// The variable of the address that credentials of EKS Pod Identity come from.
const CONTAINER_CREDENTIALS: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
/// The variable with which requests go to endpoints that are validated by FIPS 140.
const FIPS: &str = "AWS_USE_FIPS_ENDPOINT";
/// What the names of regions begin with in which STS has such an endpoint, or may have one.
/// Source: "FIPS Endpoints by Service" of AWS.
const AREAS_WITH_FIPS: [&str; 3] = ["us-", "ca-", "mx-"];
/// The variables of a proxy for requests that are not encrypted. The first that is set counts.
pub(super) const PROXY: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
/// The variables of hosts that need no proxy.
pub(super) const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// The ends of the hosts of AWS. Source: `partitions.json` of botocore.
const AWS_DOMAINS: [&str; 8] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
];

impl Environment {
    /// Finds what diverts requests for credentials of AWS.
    pub(super) fn find_diversions(&self, effect: &mut Effect) {
        let value = |name: &str| self.set(name).and_then(|variable| variable.value.as_deref());
        let ignores_endpoints = value(IGNORE_ENDPOINTS).is_some_and(|text| text.eq_ignore_ascii_case("true"));
        let mut found = Vec::new();
        if let Some((name, url)) = first(&ENDPOINTS, value).filter(|(_, url)| !is_of_sts(url))
            && !ignores_endpoints
        {
            found.push((name, Diversion::Endpoint { variable: name.to_owned(), url: url.to_owned() }));
        }
        if let Some(path) = value(CERTIFICATES).filter(|path| path.starts_with('/') && !self.is_mounted(path))
            && !is_of_image(path)
        {
            let (variable, path) = (CERTIFICATES.to_owned(), path.to_owned());
            found.push((CERTIFICATES, Diversion::NoCertificates { variable, path }));
        }
        if let Some(url) = value(CONTAINER_CREDENTIALS).filter(|url| !url.contains(&AGENT.to_string())) {
            let (variable, url) = (CONTAINER_CREDENTIALS.to_owned(), url.to_owned());
            found.push((CONTAINER_CREDENTIALS, Diversion::Agent { variable, url }));
        }
        let is_fips = value(FIPS).is_some_and(|text| text.eq_ignore_ascii_case("true"));
        if is_fips && first(&ENDPOINTS, value).is_none() {
            let region = first(&REGION_VARIABLES, value).map(|(_, region)| region.to_owned());
            found.push((FIPS, Diversion::Fips { variable: FIPS.to_owned(), region }));
        }
        let exempts_agent = first(&NO_PROXY, value).is_some_and(|(_, hosts)| exempts_agent(hosts));
        if let Some((name, url)) = first(&PROXY, value).filter(|_| !exempts_agent) {
            found.push((name, Diversion::Proxy { variable: name.to_owned(), url: url.to_owned() }));
        }
        let by = |name: &str| self.set(name).map_or(Field::Platform, |variable| variable.by.clone());
        effect.diversions.extend(found.into_iter().map(|(name, diversion)| (diversion, by(name))));
    }

    /// True if a variable has the endpoint of STS, whatever the region is called.
    pub(super) fn has_endpoint(&self) -> bool {
        ENDPOINTS.iter().any(|name| self.set(name).is_some())
    }

    /// True if requests for other hosts go to a proxy, or may do so.
    pub(super) fn has_proxy(&self) -> bool {
        ["HTTPS_PROXY", "https_proxy"].iter().any(|name| self.set(name).is_some())
    }
}

impl Diversion {
    /// The diversion in a cluster of that region, if it is one there.
    pub fn in_region(&self, of_cluster: Option<&str>) -> Option<Diversion> {
        let Diversion::Fips { variable, region } = self else { return Some(self.clone()) };
        let region = region.as_deref().or(of_cluster)?;
        let has_endpoint = AREAS_WITH_FIPS.iter().any(|area| region.starts_with(area));
        let (variable, region) = (variable.clone(), Some(region.to_owned()));
        (!has_endpoint).then_some(Diversion::Fips { variable, region })
    }
}

fn first<'v>(
    names: &'static [&'static str],
    value: impl Fn(&str) -> Option<&'v str>,
) -> Option<(&'static str, &'v str)> {
    names.iter().find_map(|name| Some((*name, value(name)?)))
}

/// True if the host of an address is one of STS: of a region, of FIPS, or of an endpoint in a private network.
fn is_of_sts(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let is_of_aws = AWS_DOMAINS.iter().any(|domain| host.ends_with(domain));
    is_of_aws && host.split('.').any(|label| label == "sts" || label == "sts-fips")
}

/// True for a place where images have certificates of their own. Source: `crypto/x509/root_linux.go` of Go.
fn is_of_image(path: &str) -> bool {
    ["/etc/ssl/", "/etc/pki/", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates"]
        .iter()
        .any(|directory| path.starts_with(directory))
}

/// True if one of the hosts is the agent, or a range with it. A range with another length may have it.
fn exempts_agent(hosts: &str) -> bool {
    let agent = AGENT.to_string();
    let is_agent = |host: &str| {
        host == "*"
            || host.split([':', '/']).next() == Some(&agent)
            || host.contains('/') && host.starts_with("169.254.")
            || host.ends_with("/0")
    };
    hosts.split([',', ' ']).map(str::trim).any(is_agent)
}
