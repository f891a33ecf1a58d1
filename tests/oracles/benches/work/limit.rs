//! The bare compressions that a message needs: nothing that computes its hash can be faster.

use std::hint::black_box;

pub(crate) fn md5<const N: usize>() -> impl FnMut() {
    let mut state = [1; 4];
    move || md5::block_api::compress(&mut state, black_box(&[[2; 64]; N]))
}

/// So many of them, where that is not known beforehand.
pub(crate) fn md5_of(compressions: usize) -> impl FnMut() {
    let (mut state, blocks) = ([1; 4], vec![[2; 64]; compressions]);
    move || md5::block_api::compress(&mut state, black_box(&blocks))
}

/// How many compressions an HMAC over so many bytes takes, whose pads are kept.
pub(crate) fn hmac(len: usize) -> usize {
    blocks(len) + 1
}

/// The compressions of a message of this length behind the inner pad of an HMAC, and of the outer hash.
pub(crate) fn hmac_sha1(len: usize) -> impl FnMut() {
    let (mut state, blocks) = ([1; 5], vec![[2; 64]; blocks(len) + 1]);
    move || sha1::block_api::compress(&mut state, black_box(&blocks))
}

/// The same with SHA-256.
pub(crate) fn hmac_sha256(len: usize) -> impl FnMut() {
    let (mut state, blocks) = ([1; 8], vec![[2; 64]; blocks(len) + 1]);
    move || sha2::block_api::compress256(&mut state, black_box(&blocks))
}

/// With the bit that ends a message, and its length.
fn blocks(len: usize) -> usize {
    (len + 9).div_ceil(64)
}

pub(crate) fn sha256<const N: usize>() -> impl FnMut() {
    let mut state = [1; 8];
    move || sha2::block_api::compress256(&mut state, black_box(&[[2; 64]; N]))
}
