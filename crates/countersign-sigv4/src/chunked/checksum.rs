//! [`Checksum`], what follows a body so that a receiver can tell whether it is whole.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest, Table};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC64_NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// A checksum over a body that Amazon S3 knows; it is sent in a trailer, in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum {
    /// `x-amz-checksum-crc32`.
    Crc32,
    /// `x-amz-checksum-crc32c` (Castagnoli).
    Crc32c,
    /// `x-amz-checksum-crc64nvme`.
    Crc64Nvme,
    /// `x-amz-checksum-sha1`.
    Sha1,
    /// `x-amz-checksum-sha256`.
    Sha256,
}

impl Checksum {
    const ALL: [Self; 5] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
    ];

    /// The name of the trailer.
    pub fn trailer(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    pub(super) fn of_trailer(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|checksum| checksum.trailer().as_bytes().eq_ignore_ascii_case(name))
    }

    /// How long the value is, in characters.
    pub(super) fn value_len(self) -> usize {
        let bytes: usize = match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        };
        bytes.div_ceil(3) * 4
    }

    pub(super) fn begin(self) -> Sum {
        match self {
            Self::Crc32 => Sum::Crc32(CRC32.digest()),
            Self::Crc32c => Sum::Crc32(CRC32C.digest()),
            Self::Crc64Nvme => Sum::Crc64(CRC64_NVME.digest()),
            Self::Sha1 => Sum::Sha1(Sha1::new()),
            Self::Sha256 => Sum::Sha256(Sha256::new()),
        }
    }
}

/// A checksum under way.
pub(super) enum Sum {
    Crc32(Digest<'static, u32, Table<16>>),
    Crc64(Digest<'static, u64, Table<16>>),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Sum {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(sum) => sum.update(bytes),
            Self::Crc64(sum) => sum.update(bytes),
            Self::Sha1(sum) => sum.update(bytes),
            Self::Sha256(sum) => sum.update(bytes),
        }
    }

    /// The value of the trailer.
    pub(super) fn value(self) -> String {
        match self {
            Self::Crc32(sum) => BASE64_STANDARD.encode(sum.finalize().to_be_bytes()),
            Self::Crc64(sum) => BASE64_STANDARD.encode(sum.finalize().to_be_bytes()),
            Self::Sha1(sum) => BASE64_STANDARD.encode(sum.finalize()),
            Self::Sha256(sum) => BASE64_STANDARD.encode(sum.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Checksum;

    /// The check value of each algorithm: that of the text `123456789`.
    #[test]
    fn each_has_its_published_check_value() {
        for (checksum, value) in [
            (Checksum::Crc32, "y/Q5Jg=="),
            (Checksum::Crc32c, "4waSgw=="),
            (Checksum::Crc64Nvme, "rosUhgp5mIg="),
            (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (
                Checksum::Sha256,
                "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
            ),
        ] {
            let mut sum = checksum.begin();
            sum.update(b"1234");
            sum.update(b"56789");
            let found = sum.value();
            assert_eq!(found.len(), checksum.value_len());
            assert_eq!(found, value, "{checksum:?}");
        }
    }
}
