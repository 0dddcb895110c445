use std::collections::BTreeSet;

use super::accounts::{items, with_reserve};
use super::figures::{Figures, Sheet, Sums, at};
use super::{Identity, ROUNDING};

/// A year of an account with its interest found again from its reserve.
#[derive(Clone, Copy, Debug)]
struct FundYear {
    year: i32,
    reserve_start: f64,
    reserve_end: f64,
    income: f64,
    outgo: f64,
    earnings: f64,
    /// One and a half year's interest: `(1 + i)^½`.
    half: f64,
}

/// Identities of financing, calculated a second time from accounts and insured earnings alone.
pub(super) fn identities(figures: &Figures) -> Vec<Identity> {
    let mut premium = Identity::new(
        "general_average_premium_again",
        "general average premium of the horizon = (present value of outgo - reserve) / present value of insured earnings, \
         interest found again from the reserve",
        (1e-6, "interest is found again from a reserve, which takes digits"),
    );
    let mut accumulation = Identity::new(
        "present_values_accumulate",
        "reserve at the end of the horizon, discounted = reserve at the start + present value of income - outgo",
        (1e-6, "interest is found again from a reserve, which takes digits"),
    );
    let mut mature = Identity::new(
        "mature_state",
        "V_start (i - g)/(1 + i)^½ = S (PAYG - π) in years in which reserve and earnings grow alike",
        (1e-6, "growth is alike to 1e-8"),
    );
    let mut payg =
        Identity::new("payg_rate", "pay-as-you-go rate = outgo / insured earnings", ROUNDING);
    let Some(sheet) = figures.table("accounts.csv") else { return Vec::new() };
    let printed = figures.sums("financing.csv", &["scope", "measure"], "value");
    let rates = figures.table("indicators.csv").map_or_else(Sums::new, |sheet| {
        sheet.sums(&["year", "scope"], "value", |text| text("indicator") == "payg_rate")
    });
    for account in with_reserve(sheet) {
        let earnings = earnings_of(figures, &account);
        let all = Outgo::of(sheet);
        for (key, spent) in all.outgo.iter().filter(|(key, _)| key[1] == account) {
            let paid = at(&earnings, &key[..1]);
            if let Some(rate) = rates.get(key).filter(|_| 0.0 < paid) {
                payg.equal((spent / paid, *rate), 0.0, &key.join(", "));
            }
        }
        let Some(years) = years_of(sheet, (&account, &all), &earnings) else { continue };
        let Some(first) = years.first() else { continue };
        let (mut outgo, mut income, mut base, mut discount) = (0.0, 0.0, 0.0, 1.0);
        for year in &years {
            let middle = discount / year.half;
            outgo += year.outgo * middle;
            income += year.income * middle;
            base += year.earnings * middle;
            discount = middle / year.half;
        }
        let key = vec![account.clone(), "general_average_premium".to_owned()];
        if let Some(value) = printed.get(&key).filter(|value| value.is_finite() && 0.0 < base) {
            premium.equal(((outgo - first.reserve_start) / base, *value), 0.0, &account);
        }
        let end = years.last().map_or(0.0, |year| year.reserve_end) * discount;
        accumulation.equal((end, first.reserve_start + income - outgo), outgo, &account);
        of_mature(&years, &account, &mut mature);
    }
    vec![payg, premium, accumulation, mature]
}

/// Asks the identity of the mature state in the years whose reserve and earnings grow alike.
fn of_mature(years: &[FundYear], account: &str, identity: &mut Identity) {
    for pair in years.windows(2) {
        let [now, next] = pair else { continue };
        let growth = next.earnings / now.earnings;
        if now.reserve_start <= 0.0
            || (next.reserve_start / now.reserve_start - growth).abs() > 1e-8
        {
            continue;
        }
        let interest = now.half * now.half;
        let left = now.reserve_start * (interest - growth) / now.half;
        let at = format!("{}, {account}", now.year);
        identity.equal((left, now.outgo - now.income), now.outgo, &at);
    }
}

/// What accounts receive and spend without returns.
struct Outgo {
    income: Sums,
    outgo: Sums,
}

impl Outgo {
    fn of(sheet: &Sheet) -> Self {
        let receipts = ["contributions", "state_subsidy", "other_income", "transfers_in"];
        let costs = ["administration", "transfers_out"];
        Self {
            income: items(sheet, |item| receipts.contains(&item)),
            outgo: items(sheet, |item| costs.contains(&item) || item.starts_with("benefit:")),
        }
    }
}

/// Insured earnings of the schemes that pay into an account, by year.
fn earnings_of(figures: &Figures, account: &str) -> Sums {
    let paid = figures.sums("contributions_by_account.csv", &["account", "scheme"], "due");
    let schemes: BTreeSet<String> =
        paid.into_keys().filter(|key| key[0] == account).map(|key| key[1].clone()).collect();
    figures.table("contributors.csv").map_or_else(Sums::new, |sheet| {
        sheet.sums(&["year"], "insured_earnings", |text| schemes.contains(&text("scheme")))
    })
}

/// Returns the years of an account that never owes anything, earns interest and has insured earnings; nothing for others.
fn years_of(
    sheet: &Sheet,
    (account, all): (&str, &Outgo),
    earnings: &Sums,
) -> Option<Vec<FundYear>> {
    let of = |name: &'static str| items(sheet, move |item| item == name);
    let (start, end, debt, returns) =
        (of("reserve_start"), of("reserve_end"), of("debt_end"), of("investment_income"));
    let mut years = Vec::new();
    for (key, reserve_end) in end.iter().filter(|(key, _)| key[1] == account) {
        let reserve_start = at(&start, key);
        let (income, outgo) = (at(&all.income, key), at(&all.outgo, key));
        if 0.0 < at(&debt, key) || reserve_start <= 0.0 || *reserve_end <= 0.0 {
            return None;
        }
        // V (1 + i) + F (1 + i)^½ = V', solved for (1 + i)^½; without returns it is 1.
        let flow = income - outgo;
        let root = (flow * flow + 4.0 * reserve_start * reserve_end).sqrt();
        let half =
            if at(&returns, key) == 0.0 { 1.0 } else { (root - flow) / (2.0 * reserve_start) };
        let earnings = at(earnings, &key[..1]);
        if !half.is_finite() || half <= 0.0 || earnings <= 0.0 {
            return None;
        }
        let year = key[0].parse().ok()?;
        let reserve_end = *reserve_end;
        years.push(FundYear { year, reserve_start, reserve_end, income, outgo, earnings, half });
    }
    Some(years)
}
