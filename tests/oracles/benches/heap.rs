//! Counts the heap allocations of each contender, for the table of the other benchmark; a program of its own, so that
//! no time is taken with a counting allocator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod work;

use serde_json::{Map, Value};

fn main() {
    let works = work::all().into_iter();
    let counts: Map<String, Value> = works
        .map(|work| (work.name.to_owned(), counts(work).into()))
        .collect();
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/heap.json");
    std::fs::write(file, Value::from(counts).to_string()).unwrap();
}

fn counts(work: work::Work) -> Map<String, Value> {
    let contenders = work.contenders.into_iter();
    contenders
        .map(|mut contender| (contender.name.to_owned(), count(&mut contender.run).into()))
        .collect()
}

/// The first runs fill what is filled once.
fn count(run: &mut dyn FnMut()) -> u64 {
    (0..3).for_each(|_| run());
    allocation_counter::measure(run).count_total
}
