//! Published and generated vectors, with every intermediate stage.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "vectors/generated.rs"]
mod generated;
#[path = "vectors/published.rs"]
mod published;
mod support;

#[test]
fn the_published_examples_come_out() {
    published::check();
}

#[test]
fn every_generated_vector_comes_out_by_every_method() {
    generated::check();
}

#[test]
fn disputed_vectors_come_out_as_the_table_says() {
    generated::check_disputed();
}

#[test]
fn what_the_second_party_refuses_is_signed_or_refused_as_the_table_says() {
    generated::check_refused();
}
