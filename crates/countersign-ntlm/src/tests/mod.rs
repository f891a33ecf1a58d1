//! Every stage of every vector.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod binding;
mod generated;
mod postman;
mod published;

use crate::credentials::{Credentials, Given, NtHash};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.as_chunks::<2>().0.iter();
    pairs
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

fn credentials(user: &str, domain: &str, workstation: &str, password: &str) -> Credentials {
    let given = Given {
        username: user.to_owned(),
        domain: domain.to_owned(),
        workstation: workstation.to_owned(),
        hash: NtHash::of(&password.into()).unwrap(),
        keep_username: true,
    };
    Credentials::new(&given).unwrap()
}
