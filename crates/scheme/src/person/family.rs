use perennis_units::Date;

use super::PersonError;
use super::entitlements::{Claiming, in_scheme};
use super::opened::Opened;
use super::payments::Stream;
use super::result::BenefitResult;
use super::setting::{Setting, of_survivor, survivors};
use crate::{Benefit, Known, LawError, Recipient};

/// A benefit for members of the family that opens on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'a, 'b> {
    pub(super) setting: &'b Setting<'a>,
    pub(super) position: usize,
    pub(super) benefit: &'a Benefit,
    pub(super) known: &'b Known,
    pub(super) day: Date,
}

impl<'a> Claiming<'a> {
    /// Awards a benefit to each member of the family of a kind; those who fail share nothing.
    pub(super) fn for_family(
        &self,
        kind: Recipient,
        opening: Opening<'a, '_>,
    ) -> Result<(Vec<BenefitResult>, Vec<Stream<'a>>), PersonError> {
        let Opening { setting, position, benefit, known, day } = opening;
        let law = setting.law;
        let start = benefit.condition.payment_start.after(day);
        let family = survivors(self.person, kind, day);
        let claimed_by = |claims: Option<Date>| Opened {
            setting,
            position,
            benefit,
            from: claims.unwrap_or(start).max(start),
        };
        let mut sharing = 0;
        for (of, survivor, claims) in &family {
            let about = (self.person, day, family.len());
            let known = of_survivor(known, (*of, *survivor), about);
            let claimed = claimed_by(*claims);
            let claim = setting.claim(claimed.from, &known);
            let is_met = match benefit.is_met(&claim, self.env) {
                Err(LawError::NotKnown { .. }) => Ok(false),
                answer => answer,
            };
            let gone = claimed.end(Some(*of));
            let alive = gone.is_none_or(|(end, _)| claimed.from < end);
            sharing += usize::from(in_scheme(law, is_met)? && alive);
        }
        let (mut results, mut streams) = (Vec::new(), Vec::new());
        for (of, survivor, claims) in family {
            let about = (self.person, day, sharing.max(1));
            let known = of_survivor(known, (of, survivor), about);
            let claimed = claimed_by(claims);
            let mut result = in_scheme(law, claimed.award(&known, self.env))?;
            claimed.end_for(&mut result, of);
            result.survivor = Some(of);
            streams.extend(claimed.stream(&result));
            results.push(result);
        }
        Ok((results, streams))
    }
}
