//! [`Endpoint`], the region and the service that a host of AWS stands for.

use countersign_core::canonical::host;
use countersign_core::{Error, Result};

/// What the hosts of AWS end with: the partitions, and dual-stack and function hosts.
const SUFFIXES: [&str; 9] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".on.aws",
    ".api.amazonwebservices.com.cn",
    ".on.amazonwebservices.com.cn",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
];

/// Services of one host for a whole partition, and the region that they are signed for.
const GLOBAL: [(&str, &str, &str); 18] = [
    ("s3", "s3", "us-east-1"),
    ("s3-external-1", "s3", "us-east-1"),
    ("budgets", "budgets", "us-east-1"),
    ("ce", "ce", "us-east-1"),
    ("cloudfront", "cloudfront", "us-east-1"),
    ("iam", "iam", "us-east-1"),
    ("importexport", "importexport", "us-east-1"),
    ("organizations", "organizations", "us-east-1"),
    ("queue", "sqs", "us-east-1"),
    ("route53", "route53", "us-east-1"),
    ("sdb", "sdb", "us-east-1"),
    ("shield", "shield", "us-east-1"),
    ("sts", "sts", "us-east-1"),
    ("support", "support", "us-east-1"),
    ("waf", "waf", "us-east-1"),
    ("globalaccelerator", "globalaccelerator", "us-west-2"),
    ("iam.us-gov", "iam", "us-gov-west-1"),
    ("route53.us-gov", "route53", "us-gov-west-1"),
];

/// Services whose name in a host is not the one that is signed.
const SIGNED_AS: [(&str, &str); 18] = [
    ("appsync-api", "appsync"),
    ("bedrock-agent", "bedrock"),
    ("bedrock-agent-runtime", "bedrock"),
    ("bedrock-runtime", "bedrock"),
    ("email", "ses"),
    ("lambda-url", "lambda"),
    ("marketplace", "aws-marketplace"),
    ("oidc", "sso-oauth"),
    ("personalize-events", "personalize"),
    ("personalize-runtime", "personalize"),
    ("queue", "sqs"),
    ("runtime-v2-lex", "lex"),
    ("s3-accesspoint", "s3"),
    ("s3-control", "s3"),
    ("s3express-control", "s3express"),
    ("transcribestreaming", "transcribe"),
    ("dax-api", "dax"),
    ("data-ats", "iotdata"),
];

/// A region and a service, as they are signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Endpoint {
    /// The region: `eu-central-1`.
    pub region: String,
    /// The service, by the name that is signed: `s3`.
    pub service: String,
}

impl Endpoint {
    /// What a host of AWS stands for: that of a service in a region (dual-stack and FIPS hosts too), of a bucket, an
    /// API, a function, or of a service that has one host for all regions.
    ///
    /// ```
    /// use countersign_sigv4::Endpoint;
    ///
    /// let bucket = Endpoint::of("my.bucket.s3.dualstack.eu-west-1.amazonaws.com")?;
    /// assert_eq!((&*bucket.service, &*bucket.region), ("s3", "eu-west-1"));
    /// # Ok::<(), countersign_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for any other host, as that of S3's
    /// acceleration, which names no region, or of a domain of one's own: give region and service.
    pub fn of(host: &str) -> Result<Self> {
        let host = host.to_ascii_lowercase();
        let name = host::split(&host).map(|(name, _)| name);
        let found = name.ok().and_then(|name| find(name.trim_end_matches('.')));
        found.ok_or_else(|| {
            Error::configuration(
                "no region and service can be inferred from the host: it is none of AWS that names them, so give both",
            )
        })
    }

    fn new(service: &str, region: &str) -> Self {
        let known = SIGNED_AS.iter().find(|(name, _)| *name == service);
        Self {
            region: region.to_owned(),
            service: known.map_or(service, |(_, signed)| signed).to_owned(),
        }
    }
}

fn find(host: &str) -> Option<Endpoint> {
    let name = SUFFIXES
        .iter()
        .filter_map(|suffix| host.strip_suffix(suffix))
        .min_by_key(|name| name.len())?;
    let global = GLOBAL.iter().find(|(known, ..)| *known == name);
    if let Some((_, service, region)) = global {
        return Some(Endpoint::new(service, region));
    }
    let labels: Vec<&str> = name.split('.').collect();
    legacy_s3(&labels).or_else(|| regional(&labels))
}

/// `bucket.s3`, and hosts with a dash before the region.
fn legacy_s3(labels: &[&str]) -> Option<Endpoint> {
    match labels.last()?.strip_prefix("s3")? {
        "" | "-external-1" => Some(Endpoint::new("s3", "us-east-1")),
        rest => {
            let region = rest.strip_prefix('-').filter(|region| is_region(region))?;
            Some(Endpoint::new("s3", region))
        }
    }
}

/// A service before or behind the region.
fn regional(labels: &[&str]) -> Option<Endpoint> {
    let (last, rest) = labels.split_last()?;
    if !is_region(last) {
        let region = rest.last().filter(|region| is_region(region))?;
        let known = matches!(*last, "es" | "aoss" | "cloudsearch" | "queue");
        return known.then(|| Endpoint::new(last, region));
    }
    let rest = match rest {
        [rest @ .., "dualstack"] => rest,
        rest => rest,
    };
    let (service, before) = rest.split_last()?;
    let service = service.strip_suffix("-fips").unwrap_or(service);
    let service = service.strip_prefix("fips-").unwrap_or(service);
    match (service, before.last()) {
        // What is signed for a thing's endpoint depends on the protocol.
        ("iot", Some(&("data" | "data-ats"))) => Some(Endpoint::new("iotdata", last)),
        ("s3-accelerate" | "s3-website", _) | ("", _) => None,
        (zone, _) if zone.starts_with("s3express-") => Some(Endpoint::new("s3express", last)),
        (service, _) => Some(Endpoint::new(service, last)),
    }
}

/// `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: words of letters, and a number at the end.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let all = |part: &str, is: fn(&u8) -> bool| !part.is_empty() && part.as_bytes().iter().all(is);
    match parts.as_slice() {
        [words @ .., number] if (2..=4).contains(&words.len()) => {
            let first = words.first().map_or(0, |first| first.len());
            (2..=4).contains(&first)
                && words.iter().all(|word| all(word, u8::is_ascii_lowercase))
                && all(number, u8::is_ascii_digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hosts_of_aws() {
        for (host, service, region) in [
            ("dynamodb.us-west-2.amazonaws.com", "dynamodb", "us-west-2"),
            (
                "DynamoDB.US-West-2.amazonaws.com:443",
                "dynamodb",
                "us-west-2",
            ),
            ("dynamodb.us-west-2.amazonaws.com.", "dynamodb", "us-west-2"),
            (
                "streams.dynamodb.us-west-2.amazonaws.com",
                "dynamodb",
                "us-west-2",
            ),
            ("dynamodb.us-west-2.api.aws", "dynamodb", "us-west-2"),
            (
                "kms-fips.us-gov-west-1.amazonaws.com",
                "kms",
                "us-gov-west-1",
            ),
            ("ec2.cn-north-1.amazonaws.com.cn", "ec2", "cn-north-1"),
            (
                "ec2.cn-north-1.api.amazonwebservices.com.cn",
                "ec2",
                "cn-north-1",
            ),
            ("sqs.us-iso-east-1.c2s.ic.gov", "sqs", "us-iso-east-1"),
            ("sqs.eusc-de-east-1.amazonaws.eu", "sqs", "eusc-de-east-1"),
            ("email.eu-west-1.amazonaws.com", "ses", "eu-west-1"),
            (
                "bedrock-runtime.eu-west-1.amazonaws.com",
                "bedrock",
                "eu-west-1",
            ),
            (
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                "ecr",
                "eu-west-1",
            ),
            (
                "data-ats.iot.eu-west-1.amazonaws.com",
                "iotdata",
                "eu-west-1",
            ),
            (
                "abc.execute-api.eu-west-1.amazonaws.com",
                "execute-api",
                "eu-west-1",
            ),
            (
                "abc.execute-api.cn-northwest-1.amazonaws.com.cn",
                "execute-api",
                "cn-northwest-1",
            ),
            ("abc.lambda-url.eu-west-1.on.aws", "lambda", "eu-west-1"),
            ("search-d-abc.eu-west-1.es.amazonaws.com", "es", "eu-west-1"),
            ("abc.eu-west-1.aoss.amazonaws.com", "aoss", "eu-west-1"),
            ("eu-west-1.queue.amazonaws.com", "sqs", "eu-west-1"),
            ("iam.amazonaws.com", "iam", "us-east-1"),
            ("sts.amazonaws.com", "sts", "us-east-1"),
            ("sts.eu-west-1.amazonaws.com", "sts", "eu-west-1"),
            ("iam.us-gov.amazonaws.com", "iam", "us-gov-west-1"),
            (
                "globalaccelerator.amazonaws.com",
                "globalaccelerator",
                "us-west-2",
            ),
        ] {
            let found = Endpoint::of(host).unwrap();
            assert_eq!(
                (&*found.service, &*found.region),
                (service, region),
                "{host}"
            );
        }
    }

    #[test]
    fn hosts_of_s3() {
        for (host, service, region) in [
            ("s3.amazonaws.com", "s3", "us-east-1"),
            ("my.bucket.s3.amazonaws.com", "s3", "us-east-1"),
            ("s3-external-1.amazonaws.com", "s3", "us-east-1"),
            ("s3-eu-west-1.amazonaws.com", "s3", "eu-west-1"),
            (
                "bucket.s3-us-gov-west-1.amazonaws.com",
                "s3",
                "us-gov-west-1",
            ),
            ("s3.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
            ("my.bucket.s3.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
            (
                "bucket.s3.dualstack.eu-west-1.amazonaws.com",
                "s3",
                "eu-west-1",
            ),
            ("bucket.s3-fips.us-east-1.amazonaws.com", "s3", "us-east-1"),
            (
                "bucket.s3-fips.dualstack.us-east-1.amazonaws.com",
                "s3",
                "us-east-1",
            ),
            ("bucket.s3.cn-north-1.amazonaws.com.cn", "s3", "cn-north-1"),
            (
                "ap-1.s3-accesspoint.eu-west-1.amazonaws.com",
                "s3",
                "eu-west-1",
            ),
            (
                "1.s3-control.dualstack.eu-west-1.amazonaws.com",
                "s3",
                "eu-west-1",
            ),
            (
                "a.op-1.s3-outposts.eu-west-1.amazonaws.com",
                "s3-outposts",
                "eu-west-1",
            ),
            (
                "a.s3-object-lambda.eu-west-1.amazonaws.com",
                "s3-object-lambda",
                "eu-west-1",
            ),
            (
                "b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com",
                "s3express",
                "us-east-1",
            ),
            (
                "s3express-control.us-east-1.amazonaws.com",
                "s3express",
                "us-east-1",
            ),
        ] {
            let found = Endpoint::of(host).unwrap();
            assert_eq!(
                (&*found.service, &*found.region),
                (service, region),
                "{host}"
            );
        }
    }

    #[test]
    fn hosts_that_say_nothing() {
        for host in [
            "",
            "localhost",
            "api.example.com",
            "amazonaws.com",
            ".amazonaws.com",
            "eu-west-1.amazonaws.com",
            "bucket.s3-accelerate.amazonaws.com",
            "bucket.s3-accelerate.dualstack.amazonaws.com",
            "bucket.s3-website-us-east-1.amazonaws.com",
            "bucket.s3-website.eu-west-1.amazonaws.com",
            "something.amazonaws.com",
            "s3.eu-west-1.amazonaws.com.example.com",
            "s3.eu-west-1.example-amazonaws.com",
            "s3.eu-west-1.amazonaws.com/x",
            "s3..amazonaws.com",
        ] {
            let error = Endpoint::of(host).unwrap_err();
            assert_eq!(
                error.kind(),
                countersign_core::ErrorKind::Configuration,
                "{host}"
            );
        }
    }
}
