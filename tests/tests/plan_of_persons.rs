//! A plan with everything at once from files, closed and open, against a walk of single months of birth: actives by entry age
//! and service, wages by age and service, several classes, withdrawal by age and service, retirement by age and eligibility,
//! deferred pensions, mortality by generation.
use std::collections::VecDeque;
use std::fmt::Write;

use perennis_pensions::Pensions;
use perennis_tests::{SmallCountry, contribution};

const GROWTH: f64 = 0.03;
const PRICES: f64 = 0.02;
const IMPROVEMENT: f64 = 0.01;
/// Nobody reaches this age.
const END: usize = 84;
const ENTRIES: [usize; 2] = [23, 30];
const OLDEST: usize = 59;
const PERSONS: f64 = 40.0;
/// The open group grows by this a year.
const GROUP_GROWTH: f64 = 0.01;

const LAW: &str = r#"
source = "made up"

[rules.age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 60 }]
[rules.any_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 50 }]
[rules.short]
unit = "years"
in_force = [{ from = 1900-01-01, value = 5 }]
[rules.long]
unit = "years"
in_force = [{ from = 1900-01-01, value = 30 }]
[rules.accrual]
unit = "share a year"
in_force = [{ from = 1900-01-01, value = 0.02 }]
[rules.last]
unit = "years"
in_force = [{ from = 1900-01-01, value = 3 }]

[reference_earnings.final]
window.last = "last"
revalued = { by = "hold" }

[indexation.prices]
after = { by = "prices" }

[benefits.pension]
kind = "pension"
account = "fund"
indexation = "prices"
condition = { event = "age", age = "age", credit_at_least = "short" }
steps = [{ reference_earnings = ["final"] }, { accrual = { rate = "accrual", counting = "months" } }]

[benefits.after_long_work]
kind = "pension"
account = "fund"
indexation = "prices"
condition = { event = "age", age = "any_age", credit_at_least = "long", without = ["pension"] }
steps = [{ reference_earnings = ["final"] }, { accrual = { rate = "accrual", counting = "months" } }]

[[claiming.by_service]]
from_years = 0
rates = { unit = "probability", by_age = { file = "claims_of_few.csv", ages = "single" } }
[[claiming.by_service]]
from_years = 30
rates = { unit = "probability", by_age = { file = "claims_of_many.csv", ages = "single" } }

[mortality.insured]
table = { file = "life.csv", unit = "probability" }
year = 2024
improvement = { unit = "share a year", all_ages = { value = 0.01 } }
[mortality.pensioners.pension]
table = { file = "life.csv", unit = "probability" }
year = 2024
improvement = { unit = "share a year", all_ages = { value = 0.01 } }
[mortality.pensioners.after_long_work]
table = { file = "life.csv", unit = "probability" }
year = 2024
improvement = { unit = "share a year", all_ages = { value = 0.01 } }
"#;

const GROUPS: &str = r#"
[groups.officers]
count = "average"
MEMBERSHIP
turnover.by_age_and_service = { file = "leaving.csv", unit = "probability" }
active.counted = { file = "members.csv", unit = "persons" }
wage_classes.high = { entrants = { value = 0.4 }, relative_wage = { value = 1.5, unit = "ratio" }, unit = "share" }
wage_classes.low = { entrants = { value = 0.6 }, relative_wage = { value = 0.6666666666666667, unit = "ratio" }, unit = "share" }
[groups.officers.earnings]
year = 2024
mean.by_age = { file = "pay.csv", ages = "single", units = { earnings = "crown a month" } }
by_service = { file = "merit.csv", units = { factor = "factor" } }

[groups.teachers]
count = "average"
MEMBERSHIP
turnover.by_age_and_service = { file = "leaving.csv", unit = "probability" }
active.counted = { file = "members.csv", unit = "persons" }
[groups.teachers.earnings]
year = 2024
mean.by_age_and_service = { file = "scale.csv", ages = "single", units = { earnings = "crown a month" } }
spread = { value = 0, unit = "share" }
"#;

/// Probability of dying between two birthdays, the first in a year.
fn q(age: usize, year: usize) -> f64 {
    let base =
        if END <= age + 1 { 1.0 } else { (0.0004 * 1.1_f64.powf(age as f64 - 30.0)).min(0.9) };
    if END <= age + 1 { 1.0 } else { base * (1.0 - IMPROVEMENT).powf(year as f64) }
}

/// Probability of leaving within a year.
fn leaving(age: usize, service: usize) -> f64 {
    match (age < 40, service) {
        (_, 25..) => 0.0,
        (true, 0..5) => 0.12,
        (true, _) => 0.05,
        (false, 0..5) => 0.08,
        (false, _) => 0.02,
    }
}

/// Pay in crowns a month of 2024: by parts, which are the two classes of officers and the teachers.
fn pay(part: usize, age: usize, service: usize) -> f64 {
    let of_officers = || (800.0 + 5.0 * age as f64) * (1.0 + 0.02 * service.min(20) as f64);
    match part {
        0 => 1.5 * of_officers(),
        1 => of_officers() / 1.5,
        _ => 900.0 + 3.0 * age as f64 + 15.0 * service.min(30) as f64,
    }
}

/// Shares of the parts in the members of their group.
const SHARES: [f64; 3] = [0.4, 0.6, 1.0];

fn country(membership: &str, years: usize, step: &str) -> SmallCountry {
    let head = SmallCountry::HEAD
        .replace("credit_step = 6", step)
        .replace("from_age = 20, to_age = 20", "from_age = 23, to_age = 32");
    let groups = GROUPS.replace("MEMBERSHIP", membership);
    // The source stands at the head of the whole file.
    let law = LAW.replace("source = \"made up\"\n", "");
    let scheme =
        format!("source = \"made up\"\n{head}\n{law}\n{}\n{groups}", contribution("fund", 0.1));
    let rows = |of: &dyn Fn(usize, usize) -> String| {
        let ages = (20..=70).flat_map(|age| (0..=40).map(move |service| (age, service)));
        ages.map(|(age, service)| format!("{age},{service},{}\n", of(age, service)))
            .collect::<String>()
    };
    let mut life = "age,qx\n".to_owned();
    for age in 20..END {
        let _ = writeln!(life, "{age},{:?}", q(age, 0));
    }
    let mut members = "sex,age,credit_months,persons\n".to_owned();
    for (age, entry) in members_of_start() {
        for sex in ["male", "female"] {
            let _ = writeln!(members, "{sex},{age},{},{PERSONS:?}", credit_months(age, entry));
        }
    }
    let merit: String = (0..=20)
        .map(|service| format!("{service},{:?}\n", 1.0 + 0.02 * f64::from(service)))
        .collect();
    let of_many = |_, age: usize| (if age < 60 { "0.25" } else { "1" }).to_owned();
    let of_few = |_, age: usize| (if age < 60 { "0" } else { "1" }).to_owned();
    SmallCountry::new()
        .years(years)
        .fund("fund")
        .with(
            "economy.toml",
            "prices = { value = 0 }",
            &format!("prices = {{ value = {PRICES:?} }}"),
        )
        .with(
            "economy.toml",
            "wages.real = { value = 0.02 }",
            &format!("wages.nominal = {{ value = {GROWTH:?} }}"),
        )
        .file(SmallCountry::SCHEME, &scheme)
        .file("life.csv", &life)
        .file("members.csv", &members)
        .file("merit.csv", &format!("service,factor\n{merit}"))
        .file(
            "leaving.csv",
            &format!("age,service,rate\n{}", rows(&|a, s| format!("{:?}", leaving(a, s)))),
        )
        .file(
            "scale.csv",
            &format!("age,service,earnings\n{}", rows(&|a, s| format!("{:?}", pay(2, a, s)))),
        )
        .by_age("pay.csv", "earnings", 20..71, |_, age| format!("{:?}", 800.0 + 5.0 * age as f64))
        .by_age("claims_of_few.csv", "rate", 0..101, of_few)
        .by_age("claims_of_many.csv", "rate", 0..101, of_many)
        .file(
            "joining.csv",
            "sex,age,share\nmale,24,0.35\nfemale,24,0.35\nmale,31,0.15\nfemale,31,0.15\n",
        )
}

/// Ages and ages of entry.
fn members_of_start() -> impl Iterator<Item = (usize, usize)> {
    ENTRIES.into_iter().flat_map(|entry| (entry + 1..=OLDEST).map(move |age| (age, entry)))
}

fn credit_months(age: usize, entry: usize) -> usize {
    12 * (age - entry) - 6
}

/// What a year has of everything, both sexes.
#[derive(Clone, Copy, Debug, Default)]
struct Year {
    active: f64,
    earnings: f64,
    left: f64,
    awards: f64,
    awarded: f64,
    in_payment: f64,
    paid: f64,
}

/// Half months, so that nobody has a birthday in the middle of one.
const STEPS: usize = 24;
/// Half months of the final pay.
const FINAL: usize = 3 * STEPS;

/// Persons of one part born in the middle of one month with the same record.
struct Path {
    part: usize,
    /// Exact age and credit in years at the next start of a year.
    age: f64,
    credit: f64,
    active: f64,
    /// Who left with a right, and the pensions that wait for them.
    waiting: (f64, f64),
    /// In payment, and what they draw a month.
    pensioners: (f64, f64),
    open: bool,
    last: VecDeque<f64>,
}

impl Path {
    fn new(
        part: usize,
        (age, credit, persons): (f64, f64, f64),
        pay_at: impl Fn(f64) -> f64,
    ) -> Self {
        let back = |step: usize| -((FINAL - step) as f64 - 0.5) / STEPS as f64;
        let last = (0..FINAL).map(|step| pay_at(back(step))).collect();
        let open = 50.0 <= age && 30.0 <= credit;
        Self {
            part,
            age,
            credit,
            active: persons,
            waiting: (0.0, 0.0),
            pensioners: (0.0, 0.0),
            open,
            last,
        }
    }

    fn wage(part: usize, age: f64, credit: f64, time: f64) -> f64 {
        let service = (credit + 1e-9).max(0.0).floor() as usize;
        pay(part, age.floor() as usize, service) * (1.0 + GROWTH).powf(time.floor())
    }

    fn monthly_pension(&self) -> f64 {
        0.02 * self.credit * self.last.iter().sum::<f64>() / FINAL as f64
    }

    fn award(&mut self, (persons, amount): (f64, f64), found: &mut Year) {
        self.pensioners.0 += persons;
        self.pensioners.1 += persons * amount;
        found.awards += persons;
        found.awarded += 12.0 * persons * amount;
    }

    /// Claims of those who may on a day, at this age.
    fn claim(&mut self, age: usize, found: &mut Year) {
        let rate = match age {
            60 => 1.0,
            50..60 if 30.0 <= self.credit + 1e-9 => 0.25,
            _ => return,
        };
        let persons = rate * self.active;
        if 5.0 <= self.credit + 1e-9 {
            self.award((persons, self.monthly_pension()), found);
        }
        self.active -= persons;
        if age == 60 && 0.0 < self.waiting.0 {
            let (persons, sum) = std::mem::take(&mut self.waiting);
            self.award((persons, sum / persons), found);
        }
    }

    fn year(&mut self, year: usize, found: &mut Year) {
        if 0 < year {
            self.pensioners.1 *= 1.0 + PRICES;
        }
        let leaves = leaving(self.age.floor() as usize, (self.credit + 1e-9).floor() as usize);
        for step in 0..STEPS {
            let width = 1.0 / STEPS as f64;
            let time = year as f64 + (step as f64 + 0.5) * width;
            let (before, after) = (self.age, self.age + width);
            let whole = before.floor();
            if END as f64 <= before {
                break;
            }
            // Halves of the step before and after the middle, where the flows fall.
            let dying = q(whole as usize, year);
            let dies = width * dying / (1.0 - (before - whole) * dying).max(1e-12);
            let lives = (1.0 - dies).max(0.0);
            let stays = 1.0 - leaves * width / (1.0 - leaves * step as f64 * width);
            let mean = 0.5 * (1.0 + lives);
            let wage = Self::wage(self.part, before + 0.5 * width, self.credit + 0.5 * width, time);
            found.earnings += 12.0 * width * self.active * mean * 0.5 * (1.0 + stays) * wage;
            found.in_payment += width * self.pensioners.0 * mean;
            found.paid += 12.0 * width * self.pensioners.1 * mean;
            self.last.pop_front();
            self.last.push_back(wage);
            self.credit += width;
            for persons in [
                &mut self.active,
                &mut self.waiting.0,
                &mut self.waiting.1,
                &mut self.pensioners.0,
                &mut self.pensioners.1,
            ] {
                *persons *= lives;
            }
            let left = self.active * (1.0 - stays);
            self.active -= left;
            found.left += left;
            if 5.0 <= self.credit + 1e-9 {
                self.waiting.0 += left;
                self.waiting.1 += left * self.monthly_pension();
            }
            self.age = after;
            let birthday = whole as usize + 1;
            let is_open = 50.0 <= after && 30.0 <= self.credit + 1e-9;
            if birthday as f64 <= after + 1e-9 {
                self.age = after.max(birthday as f64);
                self.open |= is_open;
                self.claim(birthday, found);
            } else if is_open && !self.open {
                self.open = true;
                self.claim(whole as usize, found);
            }
        }
    }
}

/// Months of birth that stand for all.
const BIRTHS: usize = 4;
/// Months of joining that stand for all.
const MONTHS: usize = 4;

fn expected(growth: Option<f64>, years: usize) -> Vec<Year> {
    let mut paths = Vec::new();
    for (part, share) in SHARES.iter().enumerate() {
        for (age, entry) in members_of_start() {
            for birth in 0..BIRTHS {
                let exact = age as f64 + (birth as f64 + 0.5) / BIRTHS as f64;
                let credit = credit_months(age, entry) as f64 / 12.0;
                let persons = 2.0 * PERSONS * share / BIRTHS as f64;
                let before = |back: f64| Path::wage(part, exact + back, credit + back, back);
                paths.push(Path::new(part, (exact, credit, persons), before));
            }
        }
    }
    let mut found = vec![Year::default(); years];
    for (at, of_year) in found.iter_mut().enumerate() {
        let actives = |paths: &[Path], group: usize| -> f64 {
            paths.iter().filter(|path| path.part / 2 == group).map(|path| path.active).sum()
        };
        let start = [0, 1].map(|group| actives(&paths, group));
        of_year.active = start.iter().sum();
        paths.iter_mut().for_each(|path| path.year(at, of_year));
        let Some(growth) = growth else { continue };
        let missing = [0, 1].map(|group| start[group] * (1.0 + growth) - actives(&paths, group));
        for (part, share) in SHARES.iter().enumerate() {
            for (age, of_age) in [(24, 0.7), (31, 0.3)] {
                for (birth, month) in
                    (0..BIRTHS).flat_map(|birth| (0..MONTHS).map(move |m| (birth, m)))
                {
                    let exact = age as f64 + (birth as f64 + 0.5) / BIRTHS as f64;
                    let credit = (month as f64 + 0.5) / MONTHS as f64;
                    let persons = missing[part / 2] * share * of_age / (BIRTHS * MONTHS) as f64;
                    let end = at as f64 + 1.0;
                    let pay = |back: f64| Path::wage(part, exact + back, credit + back, end + back);
                    let steps = (credit * STEPS as f64).round() as usize;
                    let earned: f64 =
                        (0..steps).map(|step| pay(-(step as f64 + 0.5) / STEPS as f64)).sum();
                    of_year.earnings += persons * earned * 12.0 / STEPS as f64;
                    paths.push(Path::new(part, (exact, credit, persons), pay));
                }
            }
        }
    }
    found
}

fn found(pensions: &Pensions, years: usize) -> Vec<Year> {
    let of = |at: usize| {
        let both = |of: &dyn Fn(&perennis_pensions::Beneficiaries) -> f64| -> f64 {
            pensions.beneficiaries.iter().map(of).sum()
        };
        let flows = pensions.flows.iter().filter(|flows| flows.year.get() == 2024 + at as i32);
        let flows = flows.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == "turnover");
        Year {
            active: pensions.insured.iter().map(|stock| stock.active.total(at)).sum(),
            earnings: pensions.contributors.iter().map(|of| of.insured_earnings.total(at)).sum(),
            left: flows.map(|flow| flow.1).sum(),
            awards: both(&|table| table.new_awards.total(at)),
            awarded: both(&|table| table.new_award_amount.total(at)),
            in_payment: both(&|table| table.beneficiaries.total(at)),
            paid: both(&|table| table.amount.total(at)),
        }
    };
    (0..years).map(of).collect()
}

/// A figure of a year.
type Column = (&'static str, fn(&Year) -> f64);

fn compare(found: &[Year], wanted: &[Year]) {
    let columns: [Column; 7] = [
        ("active", |year| year.active),
        ("earnings", |year| year.earnings),
        ("left", |year| year.left),
        ("awards", |year| year.awards),
        ("awarded", |year| year.awarded),
        ("in payment", |year| year.in_payment),
        ("paid", |year| year.paid),
    ];
    for (what, of) in columns {
        let sum = |years: &[Year]| years.iter().map(of).sum::<f64>();
        let (all, all_wanted) = (sum(found), sum(wanted));
        // Rates of a year at its middle, half months for even flows: what they cost over all years.
        assert!((all / all_wanted - 1.0).abs() < 0.005, "{what}: {all} {all_wanted}");
        let largest = wanted.iter().map(of).fold(0.0, f64::max);
        for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
            let (found, wanted) = (of(found), of(wanted));
            // Half years of credit blur who has five and thirty years; years with few persons are held against a part of the
            // largest.
            let off = (found - wanted).abs() / wanted.max(0.1 * largest);
            assert!(off < 0.05, "{what} {at}: {found} {wanted}");
        }
    }
}

#[test]
fn a_closed_group_with_everything_is_as_its_members_walked_by_months() {
    const YEARS: usize = 64;
    let pensions = country("closed = true", YEARS, "credit_step = 6").value().pensions.unwrap();
    let all = found(&pensions, YEARS);
    compare(&all[..50], &expected(None, 50));
    // The youngest, 24 at the start, are 84 in the sixtieth year at the earliest and in the next at the latest.
    assert!(0.0 < all[58].paid && all[62..].iter().all(|year| year.paid == 0.0));
}

#[test]
fn an_open_group_with_everything_is_as_its_members_walked_by_months() {
    const YEARS: usize = 34;
    let membership = format!(
        "growth.rate = {{ value = {GROUP_GROWTH:?}, unit = \"share a year\" }}\n\
         growth.joining = {{ file = \"joining.csv\", unit = \"share\" }}"
    );
    // Those who join have their first months at any time of the year: rates by service take them month by month.
    let pensions = country(&membership, YEARS, "credit_step = 1").value().pensions.unwrap();
    compare(&found(&pensions, YEARS), &expected(Some(GROUP_GROWTH), YEARS));
}
