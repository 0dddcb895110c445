//! Member by member: each with a wage rank of its own, valued by the law for one person, beside what a valuation of cells
//! awards. Exact where the law is linear in earnings; elsewhere the difference is held to the size that docs/people.md
//! states. `cargo test -p perennis-tests --test seriatim -- --nocapture` prints the table of that page.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::Pensions;
use perennis_scheme::{Claim, Credit, CreditedYear, Environment, Law, LegalIndices, Record};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::{Date, Money, Path, Sex, When, Year};

const WAGE_GROWTH: f64 = 0.02;
/// Mean, crown a year in 2024.
const WAGE: f64 = 12_000.0;
/// Coefficient of variation of wages at an age.
const SPREAD: f64 = 0.6;
const ENTRY: usize = 20;
const AGE: usize = 65;
/// Years of the run; awards of the last are compared.
const YEARS: usize = 8;
const LAST: i32 = 2031;

/// Insured earnings are bounded by what a test adds; one and a half per cent of the revalued mean for each year.
const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[rules.accrual]
unit = "share a year"
in_force = [{ from = 1900-01-01, value = 0.015 }]

[rules.minimum]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.45 }]

[rules.maximum]
unit = "share"
in_force = [{ from = 1900-01-01, value = 1.0 }]

[rules.best_years]
unit = "years"
in_force = [{ from = 1900-01-01, value = 5 }]

[rules.last_years]
unit = "years"
in_force = [{ from = 1900-01-01, value = 10 }]

[reference_earnings.career]
window = "career"
revalued = { by = "wages" }

[reference_earnings.best]
window.best = { years = "best_years", of_last = "last_years" }
revalued = { by = "wages" }

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ reference_earnings = ["career"] }, { accrual = { rate = "accrual" } }, STEPS]
"#;

const CEILING: f64 = 1.5;

/// What makes a law bend.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bend {
    Nothing,
    /// At least 45 % of the mean insured wage.
    Minimum,
    /// At most the mean insured wage.
    Maximum,
    /// Earnings above one and a half times the mean wage are not insured.
    Ceiling,
    /// Both the minimum and the ceiling.
    Both,
    /// The best five of the last ten years in place of the career.
    Best,
}

impl Bend {
    fn law(self) -> String {
        let steps = match self {
            Self::Nothing | Self::Ceiling | Self::Best => "",
            Self::Minimum | Self::Both => "{ at_least = { share_of_insured_wage = \"minimum\" } }",
            Self::Maximum => "{ at_most = { share_of_insured_wage = \"maximum\" } }",
        };
        let law = LAW.replace(", STEPS", &format!(", {steps}")).replace(", ]", "]");
        if self == Self::Best { law.replace("[\"career\"]", "[\"best\"]") } else { law }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "linear in earnings",
            Self::Ceiling => "a ceiling on insured earnings, 1.5 times the mean wage",
            Self::Minimum => "a minimum of 45 % of the mean wage",
            Self::Maximum => "a maximum of the mean wage",
            Self::Both => "the ceiling and the minimum",
            Self::Best => "the best five of the last ten years",
        }
    }

    const fn ceiling(self) -> f64 {
        match self {
            Self::Ceiling | Self::Both => CEILING,
            _ => f64::INFINITY,
        }
    }
}

/// Half of those from 20 to 64 are insured, without a gap; `wages` says how their wages differ.
fn country(bend: Bend, wages: &str) -> SmallCountry {
    let (head, law) = (SmallCountry::HEAD, bend.law());
    let mut paid_in = contribution("fund", 0.1);
    let mut amounts = String::new();
    if bend.ceiling().is_finite() {
        paid_in = paid_in.replace("rates.unit", "ceiling = { amount = \"ceiling\" }\nrates.unit");
        let ceiling = CEILING * WAGE;
        amounts = format!(
            "[amounts.ceiling]\nunit = \"crown a year\"\nin_force = [{{ from = 1950-01-01, value = {:?} }}]\n\
             after = {{ by = \"wages\" }}\n",
            ceiling * level(1950)
        );
    }
    let group = SmallCountry::GROUP.replace("spread = { value = 0, unit = \"share\" }", wages);
    SmallCountry::new()
        .years(YEARS)
        .fund("fund")
        .file(SmallCountry::SCHEME, &format!("{head}\n{law}\n{amounts}\n{paid_in}\n{group}"))
        .by_age("members.csv", "credit_months,persons", ENTRY..AGE, |_, age| {
            format!("{},500", 12 * (age - ENTRY) + 6)
        })
}

fn level(year: i32) -> f64 {
    (1.0 + WAGE_GROWTH).powi(year - 2024)
}

/// Awards of the last year over those who have them.
fn of_cells(country: &SmallCountry) -> (Law, f64) {
    let model = country.folder().load().model;
    let law = model.pensions.as_ref().unwrap().schemes[0].law.clone();
    let pensions: Pensions = perennis_valuation::run(&model).unwrap().pensions.unwrap();
    let table = &pensions.beneficiaries[0];
    let at = YEARS - 1;
    let awards = table.new_awards.get(at, Sex::Male, AGE);
    assert!((awards - 500.0).abs() < 1e-6, "{awards}");
    (law, table.new_award_amount.get(at, Sex::Male, AGE) / awards)
}

/// Deviates of the wages of one member in each year of a career, standard normal.
type Wages = Vec<f64>;

const CAREER: usize = AGE - ENTRY + 1;

/// Deviates of members whose rank keeps a correlation of `persistence` from one year to the next.
///
/// Points of a sequence that fills the cube evenly stand for chance; each has its mirror image.
fn members(persistence: f64, count: usize) -> Vec<Wages> {
    // Roberts, "The unreasonable effectiveness of quasirandom sequences" (2018): powers of the root of x^(d+1) = x + 1.
    let dimensions = if persistence < 1.0 { CAREER } else { 1 };
    let power = 1.0 / (dimensions as f64 + 1.0);
    let root = (0..60).fold(2.0_f64, |root, _| (1.0 + root).powf(power));
    let point = |n: usize| -> Wages {
        let even = |at: usize| (0.5 + root.powi(-(at as i32) - 1) * (n as f64 + 1.0)).fract();
        if dimensions == 1 {
            return vec![deviate((n as f64 + 0.5) / count as f64); CAREER];
        }
        let mut before = 0.0;
        let year = |at: usize| {
            let new = deviate(even(at));
            let kept = if at == 0 { 0.0 } else { persistence };
            before = kept * before + (1.0 - kept * kept).sqrt() * new;
            before
        };
        (0..CAREER).map(year).collect()
    };
    let mirrored = |wages: &Wages| wages.iter().map(|deviate| -deviate).collect::<Wages>();
    let half: Vec<Wages> = (0..count).map(point).collect();
    let mut all: Vec<Wages> = half.iter().map(mirrored).chain(half.iter().cloned()).collect();
    (0..CAREER).for_each(|at| at_even_ranks(&mut all, at));
    all
}

/// Gives the members of a year the deviates of evenly spaced ranks, in the order in which they stand.
fn at_even_ranks(members: &mut [Wages], at: usize) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|one, other| members[*one][at].total_cmp(&members[*other][at]));
    let count = members.len() as f64;
    for (rank, member) in order.into_iter().enumerate() {
        members[member][at] = deviate((rank as f64 + 0.5) / count);
    }
}

/// The standard normal deviate below which a share lies, by bisection of the error function's series.
fn deviate(share: f64) -> f64 {
    let below = |x: f64| {
        perennis_scheme::Lognormal::new(1.0, 1.0)
            .share_below((x * 2f64.ln().sqrt() - 0.5 * 2f64.ln()).exp())
    };
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < share { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Mean award of the members in the last year: each was born on 1 July and worked from 20 to 65 without a gap.
fn of_members(law: &Law, ceiling: f64, members: &[Wages], insured_wage: f64) -> f64 {
    let sigma = (1.0 + SPREAD * SPREAD).ln().sqrt();
    let relative = |deviate: f64| (sigma * deviate - 0.5 * sigma * sigma).exp();
    // Points are few: every year has the mean of all exactly.
    let mean = |at: usize| {
        members.iter().map(|member| relative(member[at])).sum::<f64>() / members.len() as f64
    };
    let means: Vec<f64> = (0..CAREER).map(mean).collect();
    let first = LAST - i32::try_from(AGE - ENTRY).unwrap();
    let day = |year: i32| format!("{year}-07-01").parse::<Date>().unwrap();
    let when = When { date: day(LAST), born: day(LAST - 65), entered: day(first), sex: Sex::Male };
    let levels = Path::new(Year::new(1900), (1900..2100).map(level).collect()).unwrap();
    let indices = LegalIndices::new(Path::constant(1.0), levels);
    let env =
        Environment { insured_wage: Money::new(insured_wage).ok(), ..Environment::new(&indices) };
    let award = |member: &Wages| {
        let years = (first..=LAST).zip(member).zip(&means).map(|((year, deviate), mean)| {
            let months: i32 = if year == first || year == LAST { 6 } else { 12 };
            let wage = (relative(*deviate) / mean).min(ceiling) * WAGE * level(year);
            let insured_earnings = Money::new(wage * f64::from(months) / 12.0).unwrap();
            CreditedYear { year: Year::new(year), months, insured_earnings }
        });
        let record = Record::of_work(years.collect());
        let claim = Claim::new(when, "formal", Credit::Record(&record));
        law.benefit("old_age").unwrap().award_person(&claim, &env).unwrap().unwrap().amount.get()
    };
    members.iter().map(award).sum::<f64>() / members.len() as f64
}

/// How a file says that wages differ.
#[derive(Clone, Copy, Debug)]
enum Wage {
    /// One spread, and the persistence of rank that the members have.
    Persistence,
    /// One spread and a rank kept for life, whatever the members do.
    ForLife,
    /// Five classes, each for life.
    Classes,
}

impl Wage {
    fn text(self, persistence: f64) -> String {
        let spread = "spread = { value = 0.6, unit = \"share\" }";
        match self {
            Self::Persistence => {
                format!("{spread}\npersistence = {{ value = {persistence:?}, unit = \"share\" }}")
            }
            Self::ForLife => spread.to_owned(),
            Self::Classes => format!(
                "{spread}\n\n[groups.formal.wage_classes_by_spread]\nunit = \"share\"\n\
                 source = \"made up\"\nshares = [0.2, 0.2, 0.2, 0.2, 0.2]"
            ),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Persistence => "one spread, the persistence given",
            Self::ForLife => "one spread, a rank for life",
            Self::Classes => "five classes",
        }
    }
}

const PERSISTENCES: [f64; 3] = [1.0, 0.9, 0.0];

/// By how much the mean award of cells is above that of five thousand members, per cent, at a persistence of rank of 1, 0.9
/// and 0; the last number is how near the five hundred of the test come to it.
const SIZES: [(Bend, Wage, [f64; 3], f64); 16] = [
    (Bend::Nothing, Wage::Persistence, [0.0, 0.0, 0.0], 1e-7),
    (Bend::Nothing, Wage::Classes, [0.0, 0.0, 0.0], 1e-7),
    (Bend::Ceiling, Wage::Persistence, [0.0, 0.0, 0.0], 0.1),
    (Bend::Ceiling, Wage::Classes, [0.3, 0.3, 0.3], 0.1),
    (Bend::Minimum, Wage::Persistence, [0.0, 0.0, 0.0], 0.3),
    (Bend::Minimum, Wage::ForLife, [0.0, 4.4, 6.0], 0.2),
    (Bend::Minimum, Wage::Classes, [-0.3, 4.1, 5.7], 0.2),
    (Bend::Maximum, Wage::Persistence, [0.0, 0.1, 0.0], 0.4),
    (Bend::Maximum, Wage::ForLife, [0.0, -7.0, -9.3], 0.3),
    (Bend::Maximum, Wage::Classes, [0.2, -6.8, -9.1], 0.3),
    (Bend::Both, Wage::Persistence, [1.6, 0.9, 0.0], 0.3),
    (Bend::Both, Wage::ForLife, [1.6, 6.5, 8.3], 0.2),
    (Bend::Both, Wage::Classes, [0.0, 4.7, 6.6], 0.2),
    (Bend::Best, Wage::Persistence, [0.0, 0.5, 0.1], 0.8),
    (Bend::Best, Wage::ForLife, [0.0, -17.7, -28.1], 0.8),
    (Bend::Best, Wage::Classes, [0.0, -17.7, -28.1], 0.8),
];

#[test]
fn cells_award_what_their_members_have() {
    println!(
        "| law | wages | rank kept for life | correlation 0.9 a year | drawn anew each year |"
    );
    println!("|---|---|---|---|---|");
    let members = PERSISTENCES.map(|persistence| members(persistence, 250));
    let mut known: Option<(Bend, [f64; 3])> = None;
    let mut off = Vec::new();
    for (bend, wage, sizes, within) in SIZES {
        let cells = PERSISTENCES.map(|p| of_cells(&country(bend, &wage.text(p))));
        let seriatim = match known.filter(|(of, _)| *of == bend) {
            Some((_, seriatim)) => seriatim,
            None => members
                .each_ref()
                .map(|m| of_members(&cells[0].0, bend.ceiling(), m, WAGE * level(LAST))),
        };
        known = Some((bend, seriatim));
        let apart = [0, 1, 2].map(|at| 100.0 * (cells[at].1 / seriatim[at] - 1.0));
        let [one, two, three] = apart.map(|apart| format!("{apart:+.1} %"));
        println!("| {} | {} | {one} | {two} | {three} |", bend.words(), wage.words());
        if apart.iter().zip(&sizes).any(|(found, size)| within < (found - size).abs()) {
            off.push((bend, wage, apart, sizes));
        }
    }
    assert!(off.is_empty(), "{off:#?}");
}

/// Densities of ten members in each thousand, one and a half to eight and a half months a year.
fn densities() -> Vec<f64> {
    (0..100).map(|at| 0.1 + 0.8 * (f64::from(at) + 0.5) / 100.0).collect()
}

/// Chance that of so many months, each paid with a chance, at least `enough` are paid.
fn reaches(months: usize, chance: f64, enough: usize) -> f64 {
    let mut paid = vec![0.0; months + 1];
    paid[0] = 1.0;
    for month in 0..months {
        for at in (0..=month).rev() {
            paid[at + 1] += paid[at] * chance;
            paid[at] *= 1.0 - chance;
        }
    }
    paid[enough..].iter().sum()
}

/// One crown a month from 65 with fifteen years of credit.
const QUALIFYING: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[rules.qualifying]
unit = "years"
in_force = [{ from = 1900-01-01, value = 15 }]

[amounts.crown]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 1 }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", credit_at_least = "qualifying" }
steps = [{ flat = { amount = "crown" } }]
"#;

/// Share of those who enter at 20 and qualify at 65, when the members are taken in so many classes of mean density.
fn qualifying(classes: usize, step: usize) -> f64 {
    let all = densities();
    let of =
        all.chunks(all.len() / classes).map(|part| part.iter().sum::<f64>() / part.len() as f64);
    let share = 1.0 / classes as f64;
    let class = |(at, density): (usize, f64)| {
        format!(
            "c{at} = {{ entrants.value = {share:?}, density.value = {density:?}, unit = \"share\", source = \"made up\" }}\n"
        )
    };
    let classes: String = of.enumerate().map(class).collect();
    let count = "count = \"any\"\nmonths_paid = \"binomial\"\n";
    let group = SmallCountry::GROUP.replace("count = \"average\"\n", count).replace(
        "\n[groups.formal.earnings]",
        &format!("\n[groups.formal.density_classes]\n{classes}\n[groups.formal.earnings]"),
    );
    let head = SmallCountry::HEAD.replace("credit_step = 6", &format!("credit_step = {step}"));
    let pensions = SmallCountry::new()
        .years(48)
        .fund("fund")
        .file(
            SmallCountry::SCHEME,
            &format!("{head}\n{QUALIFYING}\n{}\n{group}", contribution("fund", 0.1)),
        )
        .file("members.csv", "sex,age,credit_months,persons\nmale,20,0,500\nfemale,20,0,500\n")
        .value()
        .pensions
        .unwrap();
    pensions.beneficiaries[0].new_awards.total(46) / 1_000.0
}

/// Share who qualify when the members of each of so many classes pay each month with the mean density of the class.
fn of_classes(classes: usize) -> f64 {
    let all = densities();
    let of =
        all.chunks(all.len() / classes).map(|part| part.iter().sum::<f64>() / part.len() as f64);
    of.map(|density| reaches(540, density, 180)).sum::<f64>() / classes as f64
}

#[test]
fn more_classes_of_density_come_nearer_to_members_with_their_own() {
    let members = of_classes(100);
    println!("Of the members {:.1} % qualify.", 100.0 * members);
    println!("| classes | the program, months of credit | the same classes, exactly |");
    println!("|---|---|---|");
    let mut found = Vec::new();
    for classes in [1, 2, 5] {
        let (cells, exact) = (qualifying(classes, 1), of_classes(classes));
        println!("| {classes} | {:.1} % | {:.1} % |", 100.0 * cells, 100.0 * exact);
        // In the year of the claim credit goes on evenly.
        assert!((cells - exact).abs() < 0.01, "{classes}: {cells} {exact}");
        found.push((cells - members).abs());
    }
    assert!(found[2] < found[1] && found[1] < found[0] && found[2] < 0.03, "{found:?}");
}
