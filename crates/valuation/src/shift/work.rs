use perennis_cohort::YearGrid;
use perennis_labour::{EmploymentGroup, LabourBasis};
use perennis_units::{Sex, YearRange};

use super::{Acted, Change, ChangeError, Quantity, count, share};
use crate::Model;

/// Changes participation, unemployment or the share of formal work.
pub(super) fn change(model: &mut Model, change: &Change) -> Result<Acted, ChangeError> {
    let years = model.demography.years;
    let Some(labour) = &mut model.labour else { return Ok(Acted::default()) };
    match change.quantity {
        Quantity::Participation => Ok(shares(&mut labour.participation, change, years)),
        Quantity::Unemployment => Ok(shares(&mut labour.unemployment, change, years)),
        _ => {
            change.factor()?;
            Ok(formal(labour, change, years))
        }
    }
}

/// Changes shares by year, sex and age; ages at which there is nobody stay without anybody.
pub(super) fn shares(grid: &mut YearGrid, change: &Change, years: YearRange) -> Acted {
    let mut acted = Acted::default();
    for ((at, sex, age), value) in grid.values_mut().indexed_iter_mut() {
        if 0.0 < *value && change.concerns_person(Sex::ALL[sex], age) {
            let weight = change.weight(years.at(at), years);
            *value = share(&mut acted, *value, change.acted(*value, weight));
        }
    }
    acted
}

/// Changes the shares of the groups that are not informal; the informal ones make room or take what is left, each in
/// proportion to its share. Where nobody works informally nothing changes.
fn formal(labour: &mut LabourBasis, change: &Change, years: YearRange) -> Acted {
    let mut acted = Acted::default();
    let Some(first) = labour.groups.first() else { return acted };
    let (positions, ages) = (first.share.years(), first.share.ages());
    for at in 0..positions {
        let weight = change.weight(years.at(at), years);
        for (sex, age) in Sex::ALL.into_iter().flat_map(|sex| (0..ages).map(move |age| (sex, age)))
        {
            if !change.concerns_person(sex, age) {
                continue;
            }
            let of = |informal: bool, groups: &[EmploymentGroup]| -> f64 {
                let alike = groups.iter().filter(|group| group.informal == informal);
                alike.fold(0.0, |sum, group| sum + group.share.get(at, sex, age))
            };
            let (formal, informal) = (of(false, &labour.groups), of(true, &labour.groups));
            if formal <= 0.0 || informal <= 0.0 {
                continue;
            }
            let whole = formal + informal;
            let wanted = change.acted(formal, weight);
            let reached = wanted.clamp(0.0, whole);
            if wanted.to_bits() == formal.to_bits() {
                continue;
            }
            if wanted.to_bits() != reached.to_bits() {
                acted.limited += 1;
            }
            count(&mut acted, formal, reached);
            for group in &mut labour.groups {
                let factor =
                    if group.informal { (whole - reached) / informal } else { reached / formal };
                let value = group.share.get(at, sex, age) * factor;
                group.share.set(at, sex, age, value);
            }
        }
    }
    acted
}
