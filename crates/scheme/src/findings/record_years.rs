//! Numbers that a record is counted by, and that begin too late for the years of the record.

use perennis_units::Date;

use super::{Finding, Found, Place, gaps};
use crate::dated_rules::{Provision, Provisions};
use crate::{Event, Law};

/// Looks at each way to count a record from the first day on which one of its numbers is in force: whoever was insured then
/// has years that must be counted by all of them.
pub(super) fn find(law: &Law, (_, to): (Date, Date), found: &mut Vec<Found>) {
    let mut known: Vec<String> = Vec::new();
    let open = law.benefits.iter().filter(|benefit| benefit.condition.event != Event::Closed);
    for benefit in open {
        for base in Provisions::of_record_years(benefit) {
            let begins = base.iter().flat_map(|one| &one.rows).map(|row| row.from).min();
            let Some(begins) = begins else { continue };
            for provision in base {
                look(&provision, (begins, to), &benefit.name, (&mut known, found));
            }
        }
    }
}

fn look(
    provision: &Provision,
    days: (Date, Date),
    benefit: &str,
    (known, found): (&mut Vec<String>, &mut Vec<Found>),
) {
    let already = |found: &Found| matches!(&found.finding, Finding::Gap { rule } | Finding::Overlap { rule } if *rule == provision.name);
    if known.contains(&provision.name) || found.iter().any(already) {
        return;
    }
    known.push(provision.name.clone());
    let place = Place::of(benefit, days.0);
    if let Some((date, sex)) = gaps::first_gap(provision, days) {
        let finding = Finding::Gap { rule: provision.name.clone() };
        found.push(Found { place: Place { date, sex, ..place.clone() }, finding });
    }
    if let Some(row) = gaps::first_overlap(&provision.rows) {
        let finding = Finding::Overlap { rule: provision.name.clone() };
        found.push(Found { place: Place { date: row.from, sex: row.sex, ..place }, finding });
    }
}
