//! The regions of AWS.

use crate::model::aws::PARTITIONS;

/// A region: that of a partition, a direction and a number, such as `eu-west-1`.
/// Source: the region patterns of `partitions.json` of botocore.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    name: String,
    partition: &'static str,
}

/// The regions. Source: `endpoints.json` of botocore.
pub const REGIONS: [&str; 43] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

impl Region {
    /// Takes the name of a region.
    pub fn parse(text: &str) -> Option<Region> {
        let (area, number) = text.rsplit_once('-')?;
        let (area, direction) = area.rsplit_once('-')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let is_direction = !direction.is_empty() && direction.bytes().all(|byte| byte.is_ascii_lowercase());
        let of_area = |(_, areas): &&(&str, &[&str])| areas.contains(&area);
        let (partition, _) = PARTITIONS.iter().find(of_area).filter(|_| is_number && is_direction)?;
        Some(Region { name: text.to_owned(), partition })
    }

    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// True if AWS had this region when this version was made.
    pub fn is_known(&self) -> bool {
        REGIONS.contains(&self.name.as_str())
    }

    /// False if no region has such a direction: it is not a newer one.
    pub fn may_exist(&self) -> bool {
        let direction = |name: &str| name.rsplit('-').nth(1).map(str::to_owned);
        let own = direction(&self.name);
        REGIONS.iter().any(|known| direction(known) == own)
    }

    /// The id of the partition that it belongs to.
    pub const fn partition(&self) -> &'static str {
        self.partition
    }
}
