use perennis_units::Sex;

use crate::indexing::YearPayment;
use crate::invalids::Conversions;
use crate::recipients::Exits;
use crate::records::Resting;
use crate::stock::{Converted, PensionStock};
use crate::{Beneficiaries, Mortality, Recovery};

/// How the pensions of one benefit go through a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub(crate) payment: &'a YearPayment,
    pub(crate) exits: Option<&'a Exits>,
    pub(crate) conversions: Option<&'a Conversions>,
    pub(crate) recovery: Option<&'a Recovery>,
}

impl PensionStock {
    /// Nobody, with a mortality that turns on the years since the award, told apart up to `layers` at least.
    pub(crate) fn by_years_since(self, mortality: &[Mortality], layers: usize) -> Self {
        let Some(last) = mortality.last() else { return self.in_layers(&[], layers) };
        let ages = mortality.iter().filter_map(Mortality::own_ages).max().unwrap_or(0);
        let first = mortality.first().unwrap_or(last).clone();
        let ages = ages.max(self.persons.ncols());
        Self::empty(ages, first).in_layers(&mortality[1.min(mortality.len() - 1)..], layers)
    }

    fn in_layers(mut self, mortality: &[Mortality], layers: usize) -> Self {
        let ages = self.persons.ncols();
        let of = |layer: usize| {
            let own = mortality.get(layer).or(mortality.last()).unwrap_or(&self.mortality);
            Self::empty(ages, own.clone())
        };
        self.since_award = (0..layers.max(mortality.len())).map(of).collect();
        self
    }

    /// Lets those of the start stand at the last, open number of years.
    pub(crate) fn open_at_last(&mut self) {
        if let Some(last) = self.since_award.last_mut() {
            last.persons.assign(&self.persons);
            last.amount.assign(&self.amount);
        }
    }

    /// Carries the pensioners through a year and books what they draw; returns those whose pension became another one. What
    /// those of each number of years since the award do is added to `resting`.
    pub(crate) fn pass(
        &mut self,
        year: usize,
        survival: impl Fn(Sex, usize) -> f64 + Copy,
        way: Way<'_>,
        (table, resting): (&mut Beneficiaries, &mut [Resting]),
    ) -> Vec<Converted> {
        if self.since_award.is_empty() {
            return match way.conversions {
                Some(conversions) => {
                    let of = (way.payment, conversions, None);
                    self.step_converting(year, survival, of, table).converted
                }
                None => {
                    self.step(year, survival, (way.payment, way.exits), table);
                    Vec::new()
                }
            };
        }
        let mut converted = Vec::new();
        for (at, layer) in self.since_award.iter_mut().enumerate() {
            match way.conversions {
                Some(conversions) => {
                    let there = layer.persons.clone();
                    let recovering = way.recovery.and_then(|recovery| recovery.rate(at + 1));
                    let of = (way.payment, conversions, recovering);
                    let passed = layer.step_converting(year, survival, of, table);
                    if let Some(resting) = resting.get_mut(at) {
                        resting.add(&there, &passed);
                    }
                    converted.extend(passed.converted);
                }
                None => layer.step(year, survival, (way.payment, way.exits), table),
            }
        }
        self.turn_of_the_year();
        converted
    }

    /// Moves everyone one year away from the award; the last stay.
    fn turn_of_the_year(&mut self) {
        let layers = &mut self.since_award;
        let last = layers.len() - 1;
        for at in (1..layers.len()).rev() {
            let (before, here) = layers.split_at_mut(at);
            let (from, to) = (&before[at - 1], &mut here[0]);
            if at == last {
                to.persons += &from.persons;
                to.amount += &from.amount;
            } else {
                to.persons.assign(&from.persons);
                to.amount.assign(&from.amount);
            }
        }
        if 0 < last {
            layers[0].persons.fill(0.0);
            layers[0].amount.fill(0.0);
        }
        self.persons.fill(0.0);
        self.amount.fill(0.0);
        for layer in layers {
            self.persons += &layer.persons;
            self.amount += &layer.amount;
        }
    }
}
