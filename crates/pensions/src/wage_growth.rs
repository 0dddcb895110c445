use perennis_cohort::{AgeGrid, YearGrid};
use perennis_labour::Labour;
use perennis_scheme::LegalIndices;
use perennis_units::Sex;

use crate::basis::{Membership, SchemeBasis, WagesGrow};
use crate::parts::Held;

/// Keeps a mean of the wages growing exactly as assumed while the persons it is the mean of change.
#[derive(Clone, Debug)]
pub(crate) struct WageGrowth {
    /// Employed of the group of each part, where theirs is the mean.
    employed: Option<Vec<YearGrid>>,
    /// The mean of the first year over the index of wages.
    first: Option<f64>,
}

impl WageGrowth {
    /// `None` where the wages of each sex and age grow as assumed.
    pub(crate) fn new(basis: &SchemeBasis, labour: &Labour) -> Option<Self> {
        let employed = match basis.wages_grow {
            WagesGrow::FixedComposition => return None,
            WagesGrow::MeanOfInsured => None,
            WagesGrow::NationalMean => {
                let of = basis.groups.iter().filter_map(|group| match &group.membership {
                    Membership::Coverage { employed: name, .. } => {
                        let found = labour.employed.iter().find(|one| one.name == *name)?;
                        // The parts and groups of the same employed share them.
                        let same = basis.groups.iter().filter(|other| match &other.membership {
                            Membership::Coverage { employed, .. } => employed == name,
                            _ => false,
                        });
                        let share = f64::from(u32::try_from(same.count()).unwrap_or(1));
                        let mut persons = found.persons.clone();
                        persons.values_mut().mapv_inplace(|persons| persons / share);
                        Some(persons)
                    }
                    _ => None,
                });
                let employed: Vec<YearGrid> = of.collect();
                if employed.len() < basis.groups.len() {
                    return None;
                }
                Some(employed)
            }
        };
        Some(Self { employed, first: None })
    }

    /// Brings the wages of the running year to the level at which their mean has grown as assumed since the first.
    ///
    /// # Formula
    ///
    /// All wages are multiplied by `m(0) / m(t)`, `m` their mean at the wages of one year over the persons at the start of
    /// each year.
    ///
    /// # Source
    ///
    /// Iyer, Actuarial mathematics of social security pensions (ILO, 1999), 5.11, method 2.
    pub(crate) fn step(
        &mut self,
        basis: &mut SchemeBasis,
        (position, held): (usize, &[Held]),
        indices: &LegalIndices,
    ) {
        let (mut wages, mut heads) = (0.0, 0.0);
        for (part, group) in basis.groups.iter().enumerate() {
            let level = 1.0 / indices.wages.at(group.wages_year);
            let mut add = |persons: f64, wage: f64| {
                wages += persons * wage * level;
                heads += persons;
            };
            match &self.employed {
                None => each(&held[part].active, &group.wages_of(&held[part]), &mut add),
                Some(employed) => {
                    let persons = employed[part].year(position).to_owned();
                    each(&persons, &group.wages_of(&held[part]), &mut add);
                }
            }
        }
        if heads <= 0.0 || wages <= 0.0 {
            return;
        }
        let mean = wages / heads;
        let factor = *self.first.get_or_insert(mean) / mean;
        for group in &mut basis.groups {
            for wages in std::iter::once(&mut group.wages).chain(&mut group.wages_of_service) {
                wages.mapv_inplace(|wage| wage * factor);
            }
        }
    }
}

fn each(persons: &AgeGrid, wages: &AgeGrid, add: &mut impl FnMut(f64, f64)) {
    for sex in Sex::ALL {
        for age in 0..wages.ncols() {
            let cell = [sex.index(), age];
            add(persons[cell], wages[cell]);
        }
    }
}
