//! Files of accounts: what they can say, and that everything wrong in one is told at once.

use perennis_assumptions::load_accounts;
use perennis_cohort::Item;
use perennis_tests::CountryFolder;
use perennis_units::Year;

const HEAD: &str =
    "title = \"T\"\ncurrency = \"crown\"\nflows = \"start_of_year\"\nsource = \"s\"\n";

fn rows(from: i32, count: i32) -> impl Iterator<Item = String> {
    (from..from + count).map(|year| format!("{year},1000,100,80"))
}

const HEADER: &str = "year,insured_earnings,contributions,outgo";

#[test]
fn assets_smoothing_debt_and_every_transfer_are_read() {
    let folder = CountryFolder::new();
    let toml = format!(
        "{HEAD}[accounts.old]\nopening_reserve = {{ value = 1, unit = \"thousand crown\" }}\n\
         interest = {{ value = 0.04, unit = \"share a year\" }}\nwhen_exhausted = \"state_pays\"\n\
         table = {{ file = \"old.csv\", unit = \"crown a year\" }}\n\
         smoothing = {{ years = 2, corridor = {{ value = 0.2, unit = \"share\" }} }}\n\
         [accounts.old.assets]\n\
         bonds = {{ share = {{ value = 0.75, unit = \"share\" }}, returns = {{ value = 0.03, unit = \"share a year\" }} }}\n\
         shares = {{ unit = \"share\", share = {{ value = 0.25 }}, least = {{ value = 0.1 }}, most = {{ value = 0.4 }}, \
         returns = {{ value = 0.08, unit = \"share a year\" }}, fee = {{ value = 0.01 }} }}\n\
         [accounts.young]\nopening_debt = {{ value = 500, unit = \"crown\" }}\nwhen_exhausted = \"borrow\"\n\
         borrowing_margin = {{ value = 0.01, unit = \"share a year\" }}\n\
         interest = {{ value = 0.05, unit = \"share a year\" }}\n\
         table = {{ file = \"young.csv\", unit = \"crown a year\" }}\n\
         [transfers]\na = {{ from = \"old\", to = \"young\", rule.amount = {{ value = 10, unit = \"crown a year\" }} }}\n\
         b = {{ from = \"old\", to = \"young\", rule.share_of_contributions = {{ value = 0.1, unit = \"share\" }} }}\n\
         c = {{ from = \"old\", to = \"young\", rule.share_of_earnings = {{ value = 0.01, unit = \"share\" }} }}\n\
         d = {{ from = \"old\", to = \"young\", rule = \"shortfall\" }}\n\
         e = {{ from = \"young\", to = \"old\", rule.surplus_above = {{ value = 3, unit = \"ratio\" }} }}\n"
    );
    folder.write("accounts.toml", &toml);
    folder.write_rows("old.csv", HEADER, rows(2024, 2));
    folder.write_rows("young.csv", HEADER, rows(2024, 2));
    let results = folder.load_accounts().study.run().unwrap();
    let year =
        |account: &str| results.finance.fund(account).unwrap().in_year(Year::new(2024)).unwrap();
    let (old, young) = (year("old"), year("young"));
    // Amount 10, a tenth of 100, a hundredth of 1,000; what young lacks after these: 500 - 20 - 30.
    assert!((old.sum(&Item::TransfersOut) - 480.0).abs() < 1e-9, "{old:?}");
    assert!((young.debt_end).abs() < 1e-9 && young.reserve_end.abs() < 1e-9, "{young:?}");
    let interest = 0.75 * 0.03 + 0.25 * (1.08 * 0.99 - 1.0);
    assert!((old.interest - interest).abs() < 1e-12);
    let held = 1_000.0 + 20.0 - 480.0;
    assert!((old.reserve_end - held * (1.0 + interest)).abs() < 1e-9);
    let gain = held * (interest - 0.04);
    assert!((old.reserve_smoothed.unwrap() - (old.reserve_end - 0.5 * gain)).abs() < 1e-9);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let folder = CountryFolder::new();
    let toml = format!(
        "{HEAD}[accounts.one]\nopening_reserve = {{ value = 5, unit = \"crown\" }}\n\
         opening_debt = {{ value = 5, unit = \"crown\" }}\ntable = {{ file = \"gap.csv\", unit = \"crown a year\" }}\n\
         [accounts.two]\nopening_reserve = {{ value = -5, unit = \"crown\" }}\n\
         interest = {{ value = -1, unit = \"share a year\" }}\nwhen_exhausted = \"borrow\"\n\
         table = {{ file = \"two.csv\", unit = \"crown a year\" }}\n\
         assets.bonds = {{ share = {{ value = 0.5, unit = \"share\" }}, returns = {{ value = 0.03, unit = \"share a year\" }} }}\n\
         smoothing.years = 0\n\
         [transfers]\na = {{ from = \"two\", to = \"three\", rule = \"shortfall\" }}\n\
         [measures.premium]\nmeasure.level_premium.last_years = [2025]\n\
         [solve.rate]\naccount = \"two\"\nlever = \"subsidy\"\nunit = \"share\"\nfrom_year = 2050\n\
         lowest.value = 0.2\nhighest.value = 0.1\ntarget.not_exhausted_before.year = 2025\n"
    );
    folder.write("accounts.toml", &toml);
    let gap = ["2024,1,1,0.1,1,", "2026,1,1,0.1,1,0.05"].map(str::to_owned);
    let header = "year,insured_earnings,contributions,contribution_rate,outgo,interest";
    folder.write_rows("gap.csv", header, gap.into_iter());
    folder.write_rows("two.csv", HEADER, rows(2024, 2));
    let codes = |path: &std::path::Path| {
        let rejected = load_accounts(path).unwrap_err();
        let mut codes: Vec<String> =
            rejected.faults.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect();
        codes.sort();
        codes
    };
    assert_eq!(
        codes(&folder.path().join("accounts.toml")),
        [
            "A104 accounts.two",
            "A104 measures.premium",
            "A302 accounts.two.interest.value",
            "A302 accounts.two.smoothing.years",
            "A303 accounts.two.opening_reserve.value",
            "A402 accounts.one.table",
            "A403 accounts.one.table.file",
            "A508 accounts.one.table",
            "A604 transfers.a.to",
            "A605 accounts.two.assets",
            "A609 solve.rate.highest",
            "A802 solve.rate.from_year",
        ]
    );
}

#[test]
fn a_table_of_rates_payroll_and_interest_rolls_to_reserves_ratios_and_the_year_of_depletion() {
    // As trustees print it: rates on payroll, interest of each year, simple within the year.
    let rows: Vec<(i32, f64, f64, f64, f64, f64)> = (0..30)
        .map(|t| {
            let years = f64::from(t);
            let payroll = 10_000.0 * 1.04_f64.powi(t);
            (2024 + t, payroll, 0.122, 0.008, 0.145 + 0.001 * years, 0.024 + 0.0005 * years)
        })
        .collect();
    let folder = CountryFolder::new();
    let toml = "title = \"T\"\ncurrency = \"dollar\"\nflows = \"mid_year_simple\"\nsource = \"s\"\n\
        [accounts.trust]\nopening_reserve = { value = 2800, unit = \"billion dollar\" }\nwhen_exhausted = \"borrow\"\n\
        borrowing_margin = { value = 0, unit = \"share a year\" }\n\
        table = { file = \"trust.csv\", unit = \"billion dollar a year\" }\n";
    folder.write("accounts.toml", toml);
    let header = "year,insured_earnings,contribution_rate,other_income_rate,outgo_rate,interest";
    let written = rows
        .iter()
        .map(|row| format!("{},{},{},{},{},{}", row.0, row.1, row.2, row.3, row.4, row.5));
    folder.write_rows("trust.csv", header, written);
    let results = folder.load_accounts().study.run().unwrap();
    let fund = results.finance.fund("trust").unwrap();
    let (mut held, mut gone) = (2_800.0, None);
    for (year, payroll, contributions, other, outgo, interest) in rows {
        let found = fund.in_year(Year::new(year)).unwrap();
        let start = (found.reserve_start - found.debt_start) / 1e9;
        assert!((start - held).abs() < 1e-9 * 2_800.0, "{year}: {start} {held}");
        if 0.0 < held {
            let ratio = fund.reserve_start_over_expenditure(Year::new(year)).unwrap();
            assert!((ratio - held / (outgo * payroll)).abs() < 1e-12, "{year}: {ratio}");
        }
        let net = (contributions + other - outgo) * payroll;
        held += held * interest + net * (1.0 + 0.5 * interest);
        if held < 0.0 && gone.is_none() {
            gone = Some(Year::new(year));
        }
    }
    assert!(gone.is_some());
    assert_eq!(fund.key_dates().exhausted, gone);
}
