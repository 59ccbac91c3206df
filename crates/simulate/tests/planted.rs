//! The simulation finds bugs that are there, and none where there is none.

use readyz_engine::planted::{plant, Bug};
use readyz_simulate::{generate, run, shrink};
use std::time::{Duration, Instant};

/// One test, because a bug is planted in the whole process.
#[test]
fn planted_bugs_are_found_in_under_a_minute() {
    for seed in 0..20 {
        if seed % 8 == 7 {
            continue; // weeks of calm, which the full run has
        }
        let found = run(&generate::case(seed)).broken;
        assert_eq!(found, None, "seed {seed} without a bug");
    }
    for bug in [Bug::Threshold, Bug::OnHold, Bug::EndpointRemoval] {
        plant(Some(bug));
        let began = Instant::now();
        let (case, broken) = (0..)
            .filter(|seed| seed % 8 != 7)
            .find_map(|seed| {
                let case = generate::case(seed);
                let broken = run(&case).broken?;
                Some((case, broken))
            })
            .expect("seeds do not end");
        let took = began.elapsed();
        assert!(took < Duration::from_secs(60), "{bug:?} took {took:?}");
        let rules: &[&str] = match bug {
            Bug::Threshold => &["a result needs its threshold"],
            Bug::OnHold => &["a probe is on hold after its verdict"],
            Bug::EndpointRemoval => &["no endpoint of a Pod that is gone"],
        };
        assert!(rules.contains(&broken.rule), "{bug:?} as {broken:?}");
        let least = shrink::shrink(&case, &broken);
        assert!(least.text().len() <= case.text().len());
        let again = run(&least).broken.map(|found| found.rule);
        assert_eq!(again, Some(broken.rule), "{bug:?} is gone when shrunk");
        plant(None);
    }
}
