use std::ops::Range;

use perennis_cohort::{AgeGrid, Target};

use crate::basis::SchemeBasis;

/// The groups of the law and the parts of each, which are its classes or the whole group.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    of_group: Vec<Range<usize>>,
    group_of: Vec<usize>,
}

/// Persons of a part and their credits at the start of a year, by sex and age.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) active: AgeGrid,
    pub(crate) inactive: AgeGrid,
    /// Sums of credits, years.
    pub(crate) active_credit: AgeGrid,
    pub(crate) inactive_credit: AgeGrid,
    /// The active by completed years of credit, the last open; none where wages do not follow from them.
    pub(crate) active_of_service: Vec<AgeGrid>,
}

/// Members of a part in one row who would stay active, and inactive ones who could come back, in the year.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Remaining {
    pub(crate) staying: f64,
    pub(crate) dormant: f64,
}

/// What a part of a group does to meet the number that the whole group is to have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PartTarget {
    pub(crate) target: Target<f64>,
    /// Of the re-entries those for want of persons without credit.
    pub(crate) for_want: f64,
}

impl Parts {
    pub(crate) fn new(basis: &SchemeBasis) -> Self {
        let mut of_group: Vec<Range<usize>> = Vec::new();
        let mut group_of = Vec::new();
        for (part, group) in basis.groups.iter().enumerate() {
            match of_group.last_mut() {
                Some(last) if basis.groups[last.start].name == group.name => last.end = part + 1,
                _ => of_group.push(part..part + 1),
            }
            group_of.push(of_group.len() - 1);
        }
        Self { of_group, group_of }
    }

    /// Returns the parts of each group.
    pub(crate) fn groups(&self) -> &[Range<usize>] {
        &self.of_group
    }

    /// Returns the position of the group of a part.
    pub(crate) fn group_of(&self, part: usize) -> usize {
        self.group_of[part]
    }
}

impl Held {
    pub(crate) fn nobody(ages: usize) -> Self {
        let zeros = || AgeGrid::zeros((2, ages));
        Self {
            active: zeros(),
            inactive: zeros(),
            active_credit: zeros(),
            inactive_credit: zeros(),
            active_of_service: Vec::new(),
        }
    }
}

/// Meets the target of a whole group from its parts.
///
/// Of those above it, every part loses the same share; of those who come back each part has its part of the inactive;
/// those who enter for the first time are spread by the shares of entrants, `entrants` in the order of the parts.
pub(crate) fn settle_parts(
    whole: &Target<f64>,
    remaining: &[Remaining],
    entrants: impl Fn(usize) -> f64,
) -> Vec<PartTarget> {
    let staying: f64 = remaining.iter().map(|part| part.staying).sum();
    let dormant: f64 = remaining.iter().map(|part| part.dormant).sum();
    let missing = whole.persons - staying;
    if missing < 0.0 {
        let kept = whole.persons / staying;
        let of = |part: &Remaining| PartTarget {
            target: Target { persons: part.staying * kept, ..*whole },
            for_want: 0.0,
        };
        return remaining.iter().map(of).collect();
    }
    let by_share = (missing * whole.re_entry).min(dormant);
    let mut rest = missing - by_share;
    let (mut first, mut for_want) = (0.0, 0.0);
    if whole.may_enter {
        first = rest.min(whole.uninsured);
        rest -= first;
        for_want = rest.min(dormant - by_share);
        rest -= for_want;
    }
    let per_dormant = |persons: f64| if 0.0 < dormant { persons / dormant } else { 0.0 };
    let (back, want) = (per_dormant(by_share + for_want), per_dormant(for_want));
    let of = |(at, part): (usize, &Remaining)| {
        let returning = (part.dormant * back).min(part.dormant);
        let entering = first * entrants(at);
        let missing = returning + entering + rest * entrants(at);
        let re_entry = if 0.0 < missing { (returning / missing).min(1.0) } else { 0.0 };
        PartTarget {
            target: Target {
                persons: part.staying + missing,
                re_entry,
                may_enter: whole.may_enter,
                uninsured: entering,
            },
            for_want: part.dormant * want,
        }
    };
    remaining.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-9 * (1.0 + expected.abs())
    }

    proptest! {
        #[test]
        fn the_parts_together_meet_the_target_of_the_group(
            persons in 0.0..500.0_f64,
            staying in prop::array::uniform3(0.0..100.0_f64),
            dormant in prop::array::uniform3(0.0..40.0_f64),
            re_entry in 0.0..1.0_f64,
            uninsured in 0.0..200.0_f64,
            may_enter in any::<bool>(),
        ) {
            let whole = Target { persons, re_entry, may_enter, uninsured };
            let parts: Vec<_> = staying
                .into_iter()
                .zip(dormant)
                .map(|(staying, dormant)| Remaining { staying, dormant })
                .collect();
            let shares = [0.5, 0.3, 0.2];
            let settled = settle_parts(&whole, &parts, |at| shares[at]);
            let total: f64 = settled.iter().map(|part| part.target.persons).sum();
            prop_assert!(close(total, persons));
            let entering: f64 = settled.iter().map(|part| part.target.uninsured).sum();
            let all: f64 = staying.iter().sum();
            if all <= persons {
                prop_assert!(entering <= uninsured * (1.0 + 1e-12));
                for (part, remaining) in settled.iter().zip(&parts) {
                    let missing = part.target.persons - remaining.staying;
                    prop_assert!(missing * part.target.re_entry <= remaining.dormant * (1.0 + 1e-9) + 1e-9);
                }
            }
        }
    }
}
