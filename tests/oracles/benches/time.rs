//! Times each contender, and prints the table.
//!
//! A time is that of the fastest sample, which other programs disturb least. `-- SigV4` times what has that in its name alone.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod work;

use std::path::PathBuf;
use std::time::Duration;

use criterion::Criterion;
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

fn main() {
    let mut criterion = Criterion::default()
        .output_directory(&folder().join("criterion"))
        .without_plots()
        .sample_size(40)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1200));
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let is_wanted = |work: &work::Work| {
        wanted
            .as_ref()
            .is_none_or(|part| work.name.contains(part.as_str()))
    };
    let works: Vec<Row> = work::all()
        .into_iter()
        .filter(is_wanted)
        .map(|work| row(&mut criterion, work))
        .collect();
    let heap = read("heap.json");
    works.iter().for_each(|row| row.print(&heap[row.name]));
}

struct Row {
    name: &'static str,
    contenders: Vec<&'static str>,
}

fn row(criterion: &mut Criterion, work: work::Work) -> Row {
    let mut group = criterion.benchmark_group(work.name);
    let mut contenders = Vec::new();
    for mut contender in work.contenders {
        group.bench_function(contender.name, |bencher| bencher.iter(&mut contender.run));
        contenders.push(contender.name);
    }
    group.finish();
    Row {
        name: work.name,
        contenders,
    }
}

impl Row {
    fn print(&self, heap: &Value) {
        println!(
            "\n{:<42}{:>10}{:>9}{:>15}{:>7}",
            self.name, "ns", "/ limit", "/ countersign", "heap"
        );
        let times: Vec<f64> = self
            .contenders
            .iter()
            .map(|name| fastest(self.name, name))
            .collect();
        for (name, time) in self.contenders.iter().zip(&times) {
            let (limit, ours) = (time / times[0], time / times[1]);
            let heap = heap[name].as_u64().expect("a count");
            println!("  {name:<40}{time:>10.0}{limit:>9.2}{ours:>15.2}{heap:>7}");
        }
    }
}

/// Nanoseconds a run.
fn fastest(work: &str, contender: &str) -> f64 {
    let sample = read(&format!("criterion/{work}/{contender}/new/sample.json"));
    let numbers = |name: &str| -> Vec<f64> {
        let list = sample[name].as_array().unwrap();
        list.iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let pairs = numbers("times").into_iter().zip(numbers("iters"));
    pairs
        .map(|(time, runs)| time / runs)
        .fold(f64::INFINITY, f64::min)
}

fn read(file: &str) -> Value {
    let text =
        std::fs::read_to_string(folder().join(file)).expect("run the whole of `cargo bench`");
    serde_json::from_str(&text).unwrap()
}
