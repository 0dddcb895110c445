use super::data::{Nation, number, whole};
use super::{AGES, CREDITS, FIRST_AGE, LAST_AGE, SEXES};

impl Nation {
    /// Makes inputs of the same size by the formulas of the workload.
    #[must_use]
    pub fn by_formula() -> Self {
        let population = sexes(|_, x| 1e6 * libm::exp(-0.02 * x));
        let (coverage, wage, accrual) = (coverage(), wage(), accrual());
        Self {
            insured: insured(&population, &coverage, &wage),
            pensions: pensions(&population),
            mortality: mortality(),
            fertility: fertility(),
            density: sexes(|_, x| {
                if is_insured(x) { (0.75 + 0.002 * (x - 15.0)).clamp(0.0, 0.95) } else { 0.0 }
            }),
            invalidity: sexes(|sex, x| {
                let share = 0.0005 * libm::exp(0.05 * (x - 20.0));
                if within(x, 20.0, 65.0) { [1.0, 0.9][sex] * share } else { 0.0 }
            }),
            withdrawal: sexes(|sex, x| {
                let share = 0.06 * libm::exp(-0.03 * (x - 15.0));
                if within(x, 15.0, 60.0) { [1.0, 1.2][sex] * share } else { 0.0 }
            }),
            re_entry: sexes(|_, x| if within(x, 15.0, 60.0) { 0.12 } else { 0.0 }),
            retirement: retirement(),
            accrual_invalid: credits(|k| if 3.0 <= k { accrual[whole(k)].max(0.30) } else { 0.0 }),
            eligible: credits(|k| f64::from(u8::from(15.0 <= k))),
            eligible_invalid: credits(|k| f64::from(u8::from(3.0 <= k))),
            average_keep: credits(|k| k / (k + 1.0)),
            average_gain: credits(|k| 1.0 / (k + 1.0)),
            married: vec![0.7, 0.4],
            spouse: spouse(),
            coverage,
            wage,
            accrual,
            population,
        }
    }
}

fn mortality() -> Vec<f64> {
    sexes(|sex, x| {
        let infant = if x < 0.5 { 0.01 } else { 0.0 };
        let death = 0.000_22 + 2.7e-6 * libm::pow(1.124, x);
        ([1.0, 0.8][sex] * death + infant).min(1.0)
    })
}

fn fertility() -> Vec<f64> {
    let rate = |x: f64| {
        let z = (x - 28.0) / 6.0;
        let bell = 2.1 * libm::exp(-0.5 * z * z) / (6.0 * libm::sqrt(core::f64::consts::TAU));
        if within(x, 15.0, 50.0) { bell } else { 0.0 }
    };
    (0..AGES).map(|x| rate(number(x))).collect()
}

fn coverage() -> Vec<f64> {
    sexes(|sex, x| {
        let share = (1.0 - ((x - 40.0) / 32.0) * ((x - 40.0) / 32.0)).max(0.0);
        if is_insured(x) { [0.55, 0.40][sex] * share } else { 0.0 }
    })
}

fn wage() -> Vec<f64> {
    grid(|sex, x, k| {
        let base = 10_000.0 * (1.0 + 0.02 * (x - 15.0) - 0.000_25 * (x - 15.0) * (x - 15.0));
        if is_insured(x) { [1.0, 0.85][sex] * base * (1.0 + 0.004 * k) } else { 0.0 }
    })
}

fn accrual() -> Vec<f64> {
    credits(|k| if 15.0 <= k { (0.30 + 0.0125 * (k - 15.0)).min(0.8) } else { 0.0 })
}

fn insured(population: &[f64], coverage: &[f64], wage: &[f64]) -> [Vec<f64>; 4] {
    let active = grid(|sex, x, k| {
        let at = sex * AGES + whole(x);
        let open = is_insured(x) && k <= x - 15.0;
        if open { population[at] * coverage[at] / (x - 14.0) } else { 0.0 }
    });
    let wages: Vec<f64> = active.iter().zip(wage).map(|(n, wage)| n * wage).collect();
    let (dormant, dormant_wages) = (scaled(0.3, &active), scaled(0.24, &wages));
    [active, wages, dormant, dormant_wages]
}

fn pensions(population: &[f64]) -> [[Vec<f64>; 2]; 3] {
    let in_payment = |share: &dyn Fn(usize, f64) -> f64, each: f64| {
        let persons = sexes(|sex, x| share(sex, x) * population[sex * AGES + whole(x)]);
        let amount = scaled(each, &persons);
        [persons, amount]
    };
    [
        in_payment(&|_, x| if 65.0 <= x { 0.3 } else { 0.0 }, 4000.0),
        in_payment(&|_, x| if within(x, 30.0, 65.0) { 0.01 } else { 0.0 }, 3500.0),
        in_payment(&|sex, x| if 40.0 <= x { [0.01, 0.06][sex] } else { 0.0 }, 2500.0),
    ]
}

/// Wives are three years younger.
fn spouse() -> Vec<usize> {
    let husbands = (0..AGES).map(|age| age.saturating_sub(3));
    husbands.chain((0..AGES).map(|age| (age + 3).min(AGES - 1))).collect()
}

fn is_insured(age: f64) -> bool {
    (number(FIRST_AGE)..=number(LAST_AGE)).contains(&age)
}

fn within(age: f64, from: f64, to: f64) -> bool {
    from <= age && age < to
}

fn scaled(factor: f64, of: &[f64]) -> Vec<f64> {
    of.iter().map(|value| factor * value).collect()
}

fn retirement() -> Vec<f64> {
    let mut shares = Vec::with_capacity(AGES * CREDITS);
    for age in 0..AGES {
        for credit in 0..CREDITS {
            shares.push(match age {
                60..65 if 15 <= credit => 0.15,
                65..69 if 15 <= credit => 0.5,
                69 => 1.0,
                _ => 0.0,
            });
        }
    }
    shares
}

fn sexes(value: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    (0..SEXES * AGES).map(|at| value(at / AGES, number(at % AGES))).collect()
}

fn credits(value: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..CREDITS).map(|at| value(number(at))).collect()
}

fn grid(value: impl Fn(usize, f64, f64) -> f64) -> Vec<f64> {
    let cells = 0..SEXES * AGES * CREDITS;
    cells
        .map(|at| {
            let row = at / CREDITS;
            value(row / AGES, number(row % AGES), number(at % CREDITS))
        })
        .collect()
}
