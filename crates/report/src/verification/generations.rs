use perennis_generations::ByOrigin;
use perennis_valuation::{Results, SchemeByGenerations, SecondFigures};

use super::Identity;
use super::figures::{Figures, Sums, at};

/// Asks whether a second calculation by generations finds what the tables of a result hold.
///
/// Where averages in cells may differ from lives followed alone the size of the difference is stated and nothing is broken.
pub(super) fn identities(
    figures: &Figures,
    (results, schemes): (&Results, &[SchemeByGenerations]),
) -> Vec<Identity> {
    let mut all = Vec::new();
    for scheme in schemes {
        let Some(found) = &scheme.found else {
            all.push(not_followed(scheme));
            continue;
        };
        let second = Second { figures, results, scheme, found };
        let mut of_scheme =
            vec![second.insured(), second.earnings(), second.contributions(), second.expenditure()];
        of_scheme.extend(second.of_accounts());
        for one in &mut of_scheme {
            one.stated = scheme.reason;
        }
        all.extend(of_scheme);
    }
    all
}

/// Flows of a year fall in its middle in one calculation and month by month in the other.
const FOLLOWED: (f64, &str) =
    (0.005, "days of claims and deaths within a year; a cell has the wages of two ages");

fn not_followed(scheme: &SchemeByGenerations) -> Identity {
    let mut identity = Identity::new(
        "scheme_by_generations",
        "a second calculation by generations; it does not know what the scheme has",
        FOLLOWED,
    );
    identity.stated = scheme.reason;
    identity.equal((0.0, 0.0), 0.0, &scheme.scheme);
    identity
}

struct Second<'a> {
    figures: &'a Figures,
    results: &'a Results,
    scheme: &'a SchemeByGenerations,
    found: &'a SecondFigures,
}

/// Earnings and outgo of the insured of the start and of later entrants.
#[derive(Clone, Copy, Debug, Default)]
struct Worth {
    earnings: [f64; 2],
    outgo: [f64; 2],
}

impl Worth {
    /// GAP, AP1 and AP2, with the reserve for those of the start.
    fn premiums(&self, reserve: f64) -> [f64; 3] {
        let [first, later] = [0, 1].map(|of| (self.outgo[of], self.earnings[of]));
        [
            (first.0 + later.0 - reserve) / (first.1 + later.1),
            (first.0 - reserve) / first.1,
            later.0 / later.1,
        ]
    }
}

impl Second<'_> {
    fn year(&self, position: usize) -> String {
        self.scheme.first_year.plus(i32::try_from(position).unwrap_or(i32::MAX)).get().to_string()
    }

    fn at(&self, position: usize, what: &str) -> String {
        format!("{}, {}{what}", self.year(position), self.scheme.scheme)
    }

    fn scheme_sums(&self, file: &str, keys: &[&str], column: &str) -> Sums {
        let scheme = &self.scheme.scheme;
        self.figures.table(file).map_or_else(Sums::new, |sheet| {
            sheet.sums(keys, column, |text| text("scheme") == *scheme)
        })
    }

    fn insured(&self) -> Identity {
        let mut identity = Identity::new(
            "insured_by_generations",
            "active insured at the start of each year = generations followed alone",
            FOLLOWED,
        );
        let sheet = self.figures.table("insured.csv");
        let groups = &self.found.groups;
        let sums = sheet.map_or_else(Sums::new, |sheet| {
            sheet.sums(&["year"], "active", |text| groups.contains(&text("group")))
        });
        for (position, found) in self.found.open.active.iter().enumerate() {
            if let Some(active) = sums.get(&vec![self.year(position)]) {
                identity.equal((*found, *active), 0.0, &self.at(position, ""));
            }
        }
        identity
    }

    fn of_year(earnings: &[Vec<ByOrigin>], position: usize) -> ByOrigin {
        earnings.iter().fold(ByOrigin::default(), |sum, group| ByOrigin {
            initial: sum.initial + group[position].initial,
            entrants: sum.entrants + group[position].entrants,
        })
    }

    fn earnings(&self) -> Identity {
        let mut identity = Identity::new(
            "insured_earnings_by_generations",
            "insured earnings of each year = those of generations followed alone",
            FOLLOWED,
        );
        let sums = self.scheme_sums("contributors.csv", &["year"], "insured_earnings");
        for position in 0..self.results.population.years.count() {
            let found = Self::of_year(&self.found.open.earnings, position).total();
            let earned = at(&sums, &[self.year(position)]);
            identity.equal((found, earned), self.before(&sums, position), &self.at(position, ""));
        }
        identity
    }

    fn contributions(&self) -> Identity {
        let mut identity = Identity::new(
            "contributions_by_generations",
            "contributions due of each year and account = rates times the earnings of generations followed alone",
            FOLLOWED,
        );
        let keys = ["year", "account"];
        let sums = self.scheme_sums("contributions_by_account.csv", &keys, "due");
        for (account, due) in &self.found.due {
            let mut before = 0.0;
            for (position, due) in due.iter().enumerate() {
                let found = at(&sums, &[self.year(position), account.clone()]);
                let scale = std::mem::replace(&mut before, found);
                identity.equal((*due, found), scale, &self.at(position, &format!(", {account}")));
            }
        }
        identity
    }

    /// A figure of the year before: in the year in which the last members of a group leave, what is left is small.
    fn before(&self, sums: &Sums, position: usize) -> f64 {
        position.checked_sub(1).map_or(0.0, |before| at(sums, &[self.year(before)]))
    }

    fn expenditure(&self) -> Identity {
        let mut identity = Identity::new(
            "expenditure_by_generations",
            "expenditure on each benefit at an age = awards by the law for one person, paid to generations followed alone, \
             as a share of all of them",
            FOLLOWED,
        );
        let sums = self.scheme_sums("beneficiaries.csv", &["year", "benefit"], "amount");
        for position in 0..self.results.population.years.count() {
            let known = self.found.benefits.iter().zip(&self.found.open.paid);
            let known = known.filter(|((_, _, known), _)| *known);
            let of_table = |name: &str| at(&sums, &[self.year(position), name.to_owned()]);
            let all = known.clone().fold(0.0, |sum, ((name, ..), _)| sum + of_table(name));
            for ((name, ..), paid) in known {
                let paid = (paid[position].total(), of_table(name));
                identity.equal(paid, all, &self.at(position, &format!(", {name}")));
            }
        }
        identity
    }

    /// Present values over the horizon of each account that keeps a reserve.
    fn of_accounts(&self) -> Vec<Identity> {
        let mut closed_group = Identity::new(
            "closed_group_by_generations",
            "present value of the benefits of those insured and in payment at the start, nobody joining: the projection = \
             generations followed alone",
            FOLLOWED,
        );
        let mut whole = Identity::new(
            "closed_and_open_add_up",
            "present value of the benefits at an age: of the projection with nobody joining + of later entrants followed \
             alone = of the projection",
            FOLLOWED,
        );
        let names = ["gap_by_generations", "ap1_by_generations", "ap2_by_generations"];
        let says = [
            "general average premium of the horizon, benefits at an age: the projection = generations followed alone",
            "average premium of those of the start, nobody joining: the projection = generations followed alone",
            "average premium of those who come later: the projection = generations followed alone",
        ];
        let mut premiums: Vec<Identity> = names
            .into_iter()
            .zip(says)
            .map(|(name, says)| Identity::new(name, says, FOLLOWED))
            .collect();
        for account in self.accounts() {
            let Some((discounts, reserve)) = self.discounts(&account) else { continue };
            let (first, second) = self.worths(&account, &discounts);
            closed_group.equal((second.outgo[0], first.outgo[0]), 0.0, &account);
            let [closed, open] = first.outgo;
            let later = self.later_entrants(&account, &discounts);
            whole.equal((closed + later, closed + open), 0.0, &account);
            let pairs = first.premiums(reserve).into_iter().zip(second.premiums(reserve));
            for (identity, (first, second)) in premiums.iter_mut().zip(pairs) {
                // Nobody comes later to a closed group.
                if first.is_finite() && second.is_finite() {
                    identity.equal((second, first), 0.0, &account);
                }
            }
        }
        [closed_group, whole].into_iter().chain(premiums).collect()
    }

    /// Present value of what an account pays to later entrants who are followed alone.
    fn later_entrants(&self, account: &str, discounts: &[f64]) -> f64 {
        let of_account = self.found.benefits.iter().zip(&self.found.open.paid);
        let of_account = of_account.filter(|((_, of, known), _)| *known && *of == account);
        of_account
            .flat_map(|(_, paid)| paid.iter().zip(discounts))
            .map(|(paid, factor)| paid.entrants * factor)
            .sum()
    }

    fn accounts(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, account, known) in &self.found.benefits {
            if *known && !names.contains(account) {
                names.push(account.clone());
            }
        }
        names
    }

    /// Discount factors to the start by year, flows in the middle, and the reserve; nothing where no reserve is kept.
    fn discounts(&self, account: &str) -> Option<(Vec<f64>, f64)> {
        let fund = self.results.finance.as_ref()?.fund(account)?;
        let first = fund.years.first().filter(|_| fund.keeps_reserve)?;
        let mut factor = 1.0;
        let discounts = fund.years.iter().map(|year| {
            let middle = factor / (1.0 + year.interest).sqrt();
            factor /= 1.0 + year.interest;
            middle
        });
        Some((discounts.collect(), first.reserve_start - first.debt_start))
    }

    /// Worth of the flows by the projection and by generations: those of the start with nobody joining, and all others.
    fn worths(&self, account: &str, discounts: &[f64]) -> (Worth, Worth) {
        let earned = self.scheme_sums("contributors.csv", &["year"], "insured_earnings");
        let paid = self.scheme_sums("beneficiaries.csv", &["year", "benefit"], "amount");
        let (mut first, mut second) = (Worth::default(), Worth::default());
        let (closed_earnings, closed_paid) = &self.found.projected_closed;
        for (position, factor) in discounts.iter().enumerate() {
            let add = |worth: &mut Worth, of: (f64, f64), (closed, all): (f64, f64)| {
                worth.earnings[0] += of.0 * factor * closed;
                worth.earnings[1] += of.0 * factor * (all - closed);
                worth.outgo[0] += of.1 * factor * closed;
                worth.outgo[1] += of.1 * factor * (all - closed);
            };
            let all = at(&earned, &[self.year(position)]);
            add(&mut first, (1.0, 0.0), (closed_earnings[position], all));
            let of = |earnings: &[Vec<ByOrigin>]| Self::of_year(earnings, position).total();
            let (open, closed) = (&self.found.open, &self.found.closed);
            add(&mut second, (1.0, 0.0), (of(&closed.earnings), of(&open.earnings)));
            for (benefit, (name, of, known)) in self.found.benefits.iter().enumerate() {
                if !known || of != account {
                    continue;
                }
                let all = at(&paid, &[self.year(position), name.clone()]);
                add(&mut first, (0.0, 1.0), (closed_paid[benefit][position], all));
                let total = |of: &[Vec<ByOrigin>]| of[benefit][position].total();
                add(&mut second, (0.0, 1.0), (total(&closed.paid), total(&open.paid)));
            }
        }
        (first, second)
    }
}
