//! Each law holds for a sound scheme, and is seen to fail for a broken one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use countersign_testkit::laws::LAWS;
use countersign_testkit::{logs, toy};
use tokio::runtime::Builder;

fn obeys(law: &str, case: &countersign_testkit::Case) -> bool {
    let (_, law) = LAWS
        .iter()
        .find(|(name, _)| *name == law)
        .expect("a law of this name");
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(law(case)))).is_ok()
}

#[test]
fn a_sound_scheme_obeys_every_law() {
    for (name, _) in LAWS {
        assert!(obeys(name, &toy::sound()), "{name}");
    }
}

#[test]
fn each_flaw_breaks_its_law() {
    for (index, (name, case)) in toy::broken().iter().enumerate() {
        assert!(
            !obeys(name, case),
            "flaw {index} went unnoticed by `{name}`"
        );
    }
    drop(logs::take_leaks());
}
