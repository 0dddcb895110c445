use perennis_report::ReverseStress;
use perennis_units::Year;
use perennis_valuation::{Change, Model, StressSize};
use rayon::prelude::*;

use super::sensitivity::Chosen;
use crate::exit::Failure;
use crate::progress::Progress;

/// What a reverse stress is asked for.
pub(super) struct Asked<'a> {
    pub(super) model: &'a Model,
    /// The year by whose end the reserve is to be gone.
    pub(super) year: i32,
    pub(super) account: Option<&'a str>,
    pub(super) largest: f64,
}

/// Finds for every shift, set and shock the smallest size that exhausts each reserve by the end of the year.
pub(super) fn reverse_stress(
    asked: &Asked<'_>,
    chosen: &[Chosen<'_>],
) -> Result<Vec<ReverseStress>, Failure> {
    let accounts = accounts(asked)?;
    let years = asked.model.demography.years;
    if years.position(Year::new(asked.year)).is_none() {
        return Err(Failure::Usage(format!(
            "--exhausted-by {} is not one of the years {} to {}",
            asked.year,
            years.first(),
            years.last()
        )));
    }
    if !(asked.largest.is_finite() && 0.0 < asked.largest) {
        return Err(Failure::Usage(format!("--largest {} is not a size above 0", asked.largest)));
    }
    let sides = chosen.iter().flat_map(|(one, sides)| sides.iter().map(move |side| (*one, *side)));
    let sides = sides.filter(|(_, side)| side.set.is_empty());
    let jobs: Vec<_> = sides
        .flat_map(|(one, side)| accounts.iter().map(move |account| (one, side, *account)))
        .collect();
    let by = Year::new(asked.year);
    let progress = Progress::start("looking for the smallest shock", jobs.len());
    let found = jobs.par_iter().map(|(one, side, account)| {
        let size = asked.model.smallest_stress(&side.changes, (account, by), asked.largest);
        progress.step();
        let size = size?;
        let words = |size: f64| -> Vec<String> {
            let of_size = |change: &Change| change.of_size(size).words(years);
            side.changes.iter().map(of_size).collect()
        };
        Some(ReverseStress {
            kind: one.kind.as_str(),
            name: one.name.clone(),
            title: one.title.clone(),
            side: side.side.clone(),
            alternative: side.title.clone(),
            account: (*account).to_owned(),
            year: asked.year,
            changes: match size {
                StressSize::Smallest { size, .. } => words(size),
                _ => Vec::new(),
            },
            size,
        })
    });
    Ok(found.collect::<Vec<_>>().into_iter().flatten().collect())
}

fn accounts<'a>(asked: &'a Asked<'_>) -> Result<Vec<&'a str>, Failure> {
    let all = asked.model.reserves();
    match asked.account {
        Some(name) if !all.contains(&name) => Err(Failure::Usage(format!(
            "no account `{name}` keeps a reserve; there is {}",
            all.join(", ")
        ))),
        Some(name) => Ok(vec![name]),
        None if all.is_empty() => Err(Failure::Usage("no account keeps a reserve".into())),
        None => Ok(all),
    }
}
