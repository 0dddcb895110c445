use perennis_scheme::{LinkedAge, LinkedBy, ReferenceLife, Rule};
use perennis_units::{Duration, Year, date_of_year};

use super::provisions::within;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::scheme::law;

/// Builds what the pensionable age follows; `at` stands at the scheme.
pub(super) fn linked_age(
    raw: Option<&law::PensionableAge>,
    stated: Option<&Rule<Duration>>,
    at: &At<'_>,
) -> Option<LinkedAge> {
    let place = at.key("pensionable_age");
    let raw = raw?.after.as_ref()?;
    let at = place.key("after");
    let stated = stated?;
    let whole = |value: Option<i64>, usual: i64, (low, high): (i64, i64), key: &str| {
        let value = within(value.unwrap_or(usual), low, high, &at.key(key))?;
        i32::try_from(value).ok()
    };
    let age = whole(Some(raw.life_expectancy_at), 0, (0, 100), "life_expectancy_at");
    let share = raw.share.share(&at.key("share"));
    let reference = reference(raw, &at);
    let first = whole(Some(raw.first), 0, (1900, 2200), "first");
    let every = whole(raw.every, 1, (1, 20), "every");
    let lag = whole(raw.lag, 1, (0, 30), "lag");
    let step = whole(raw.step_months, 1, (1, 60), "step_months");
    let at_most = raw.at_most_months.map(|most| whole(Some(most), 0, (1, 120), "at_most_months"));
    let by = by(raw, &at);
    let published = raw.published.as_ref();
    let published =
        given(published.map(|series| series.recorded(&at.key("published"), &Kind::YEARS)));
    let citation = at.citation();
    let first = Year::new(first?);
    let by = by?;
    stated_before(stated, (first, by), &at)?;
    Some(LinkedAge {
        stated: stated.clone(),
        at: usize::try_from(age?).ok()?,
        share: share?.get(),
        reference: reference?,
        first,
        by,
        every: every?,
        lag: lag?,
        step: step?,
        at_most: given(at_most)?,
        may_fall: raw.may_fall.unwrap_or(false),
        published: published?,
        citation: citation?,
    })
}

fn reference(raw: &law::AgeAfter, at: &At<'_>) -> Option<ReferenceLife> {
    let (code, found) = match (&raw.reference, raw.reference_year) {
        (Some(years), None) => {
            let years = years.read(&at.key("reference"), &Kind::YEARS)?;
            return Some(ReferenceLife::Stated(years));
        }
        (None, Some(year)) => {
            let year = within(year, 1900, 2200, &at.key("reference_year"))?;
            return Some(ReferenceLife::Of(Year::new(i32::try_from(year).ok()?)));
        }
        (Some(_), Some(_)) => (Code::TwoWays, "both reference and reference_year"),
        (None, None) => (Code::NoValues, "neither reference nor reference_year"),
    };
    at.fault(
        code,
        format!("the link to life expectancy has {found}"),
        "give reference = { value = 20.64, unit = \"years\" }, or reference_year = 2025",
    );
    None
}

fn by(raw: &law::AgeAfter, at: &At<'_>) -> Option<LinkedBy> {
    match (raw.by.unwrap_or(law::LinkedBy::Date), raw.fixed_at) {
        (law::LinkedBy::Date, None) => Some(LinkedBy::Date),
        (law::LinkedBy::Date, Some(_)) => {
            at.key("fixed_at").fault(
                Code::TwoWays,
                "an age by date is not fixed for a year of birth",
                "take fixed_at away, or write by = \"birth\"",
            );
            None
        }
        (law::LinkedBy::Birth, None) => {
            at.fault(
                Code::NoValues,
                "an age by birth needs the age in whose year it is fixed",
                "write fixed_at = 62, or the age of the law",
            );
            None
        }
        (law::LinkedBy::Birth, Some(age)) => {
            let fixed_at = within(age, 0, 100, &at.key("fixed_at"))?;
            Some(LinkedBy::Birth { fixed_at: i32::try_from(fixed_at).ok()? })
        }
    }
}

/// Checks that the rows of the law end before the link begins, and that the last of them is one of all entries.
fn stated_before(
    stated: &Rule<Duration>,
    (first, by): (Year, LinkedBy),
    at: &At<'_>,
) -> Option<()> {
    let day = date_of_year(first);
    let rows = stated.values.rows();
    let latest = rows.last()?.from;
    let late = rows.iter().any(|row| {
        let begins = match by {
            LinkedBy::Date => Some(row.from),
            LinkedBy::Birth { .. } => row.born_from,
        };
        begins.is_some_and(|begins| day <= begins)
    });
    let mut last = rows.iter().filter(|row| row.from == latest);
    let entries = last.clone().any(|row| row.entered_from.is_some());
    let births = by == LinkedBy::Date && last.any(|row| row.born_from.is_some());
    let (found, remedy) = match () {
        () if late => (
            format!("a row of the pensionable age begins on {day} or later, where the link begins"),
            "let `first` be a year after the last row",
        ),
        () if entries => (
            "the last rows of the pensionable age are for some entries only".to_owned(),
            "write rows by date, birth and sex; a link moves the age of all entries",
        ),
        () if births => (
            "the last rows of the pensionable age are by birth, and the link is by date".to_owned(),
            "write by = \"birth\" and the first year of birth as `first`",
        ),
        () => return Some(()),
    };
    at.key("first").fault(Code::OutOfBounds, found, remedy);
    None
}
