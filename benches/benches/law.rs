//! The law of the example country, compiled for one year.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use perennis_assumptions::{LawContext, read_law};
use perennis_scheme::{
    Benefit, ClaimsOfDay, CompiledBenefit, Entry, Environment, Fact, Known, Law, LegalIndices,
};
use perennis_units::{Date, Money, Path as Levels, Sex, When, Year, add_months};

/// The benefits that a valuation awards; the others are for one person at a time.
const VALUED: [&str; 4] = ["old_age", "old_age_lump_sum", "old_age_grant", "withdrawal"];

fn law() -> Law {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../assumptions/viet-nam/schemes/compulsory.toml");
    let start = Date::constant(2024, 1, 1);
    let context = LawContext { currency: "dong", groups: &["private", "public"], start };
    read_law(&file, &context).expect("the law of the example country has no fault")
}

/// Claims of one month of birth: five years before the pensionable age to one after it.
fn compiled(law: &Law, env: &Environment<'_>, known: &Known) -> Vec<CompiledBenefit> {
    let mut all = Vec::new();
    let entered = Date::constant(2000, 1, 1);
    let born = Date::constant(1970, 6, 1);
    let valued = |benefit: &&Benefit| VALUED.contains(&benefit.name.as_str());
    for sex in Sex::ALL {
        for distance in -5..=1 {
            for benefit in law.benefits.iter().filter(valued) {
                let reached = benefit.condition.reached(born, entered, sex);
                let day = reached.unwrap_or(Date::constant(2031, 6, 1));
                let date = add_months(day.first_of_month(), 12 * distance + 1);
                let claims = ClaimsOfDay {
                    when: When { date, born, entered, sex },
                    group: "private",
                    until: date,
                    months: 600,
                    entry: Entry::Density(0.9),
                    known: Some(known),
                };
                all.push(benefit.compile(&claims, env).expect("the law speaks on every day"));
            }
        }
    }
    all
}

fn compile(bench: &mut Criterion) {
    let law = law();
    let levels = |growth: f64| (0..160).map(|year| growth.powi(year)).collect();
    let path = |growth| Levels::new(Year::new(1940), levels(growth)).expect("there are years");
    let indices = LegalIndices::new(path(1.03), path(1.05));
    let insured_wage = Money::new(100e6).ok();
    let env = Environment { insured_wage, ..Environment::new(&indices) };
    let known = Known::nothing().with(Fact::Degree, 0.61);
    let name = "compile_viet_nam_7_distances_both_sexes_601_months";
    bench.bench_function(name, |bench| {
        bench.iter(|| black_box(compiled(&law, &env, &known)));
    });
}

criterion_group!(benches, compile);
criterion_main!(benches);
