//! Provisions as countries write them, each said in TOML and compared with its sum by hand.

use perennis_tests::{
    CAREER, claim_under as claim, found, gives, monthly, near, paid_year as year, pension, row,
    scale, share, small_law as law, years,
};

// --- Beside a pension ---------------------------------------------------------------------------------------------

#[test]
fn pay_above_an_exempt_amount_takes_half_of_itself_until_the_age() {
    let law = law(&[
        monthly("basic", 1_000.0),
        monthly("exempt", 400.0),
        share("half", 0.5),
        row("rules.none", "months", 0.0),
        pension(
            "old_age",
            "",
            "{ flat = { amount = \"basic\" } }, \
             { minus = { product = [{ rule = \"half\" }, { excess = [{ measure = \"work_income\" }, { amount = \"exempt\" }] }], only_if = [{ measure = \"months_early\", above = \"none\" }] } }",
        ),
    ]);
    let at = |age: i32, pay: f64| {
        let more = format!(
            "[claim]\nage = {age}\n[means]\nwork_income = {{ value = {pay}, unit = \"crown a month\" }}\n"
        );
        claim(&law, &more)
    };
    gives(&at(62, 300.0), "benefit.old_age", 1_000.0);
    gives(&at(62, 900.0), "benefit.old_age", 1_000.0 - 0.5 * 500.0);
    gives(&at(62, 9_000.0), "benefit.old_age", 0.0);
    gives(&at(65, 9_000.0), "benefit.old_age", 1_000.0);
}

#[test]
fn a_guarantee_is_tapered_by_another_pension() {
    let law = law(&[
        monthly("guarantee", 900.0),
        monthly("free", 200.0),
        share("taper", 0.8),
        share("accrual", 0.01),
        CAREER.to_owned(),
        pension("earned", "", "{ reference_earnings = [\"career\"] }, { accrual = { rate = \"accrual\" } }"),
        pension(
            "guaranteed",
            "",
            "{ flat = { amount = \"guarantee\" } }, \
             { minus = { product = [{ rule = \"taper\" }, { excess = [{ benefit = \"earned\" }, { amount = \"free\" }] }] } }",
        ),
    ])
    .replace("unit = \"share\"\nin_force = [{ from = 1950-01-01, value = 0.01 }]", "unit = \"share a year\"\nin_force = [{ from = 1950-01-01, value = 0.01 }]");
    let of = |pay: i32| {
        claim(
            &law,
            &format!(
                "[record]\nunit = \"crown a month\"\nspans = [{{ from = 1985, to = 2024, earnings = {pay} }}]\n"
            ),
        )
    };
    gives(&of(1_000), "benefit.earned", 400.0);
    gives(&of(1_000), "benefit.guaranteed", 900.0 - 0.8 * 200.0);
    gives(&of(400), "benefit.guaranteed", 900.0);
    gives(&of(9_000), "benefit.guaranteed", 0.0);
}

#[test]
fn of_several_pensions_the_highest_is_paid_with_a_part_of_the_others_or_all_up_to_a_most() {
    let two = |cumulation: &str| {
        law(&[
            monthly("high", 900.0),
            monthly("low", 400.0),
            monthly("most", 1_000.0),
            share("part", 0.25),
            pension("one", "", "{ flat = { amount = \"high\" } }"),
            pension("other", "", "{ flat = { amount = \"low\" } }"),
            format!("[cumulation.both]\nbenefits = [\"one\", \"other\"]\n{cumulation}\n"),
        ])
    };
    for (cumulation, one, other) in [
        ("pays = \"sum\"", 900.0, 400.0),
        ("pays = \"highest\"", 900.0, 0.0),
        ("pays = \"highest\"\nothers = \"part\"", 900.0, 100.0),
        ("pays = \"sum\"\nat_most = { amount = \"most\" }", 900.0 / 1.3, 400.0 / 1.3),
        ("pays = \"sum\"\nat_most = { amount = \"most\" }\nreduce = \"last\"", 900.0, 100.0),
    ] {
        let claim = claim(&two(cumulation), "");
        gives(&claim, "paid.one", 12.0 * one);
        gives(&claim, "paid.other", 12.0 * other);
    }
}

// --- Family -------------------------------------------------------------------------------------------------------

/// The family maximum of the United States, Social Security Act s. 203(a), with round bend points.
#[test]
fn a_family_has_at_most_what_marginal_rates_of_the_pension_give() {
    let law = law(&[
        monthly("basic", 2_000.0),
        monthly("bend_1", 1_000.0),
        monthly("bend_2", 1_500.0),
        share("three_quarters", 0.75),
        row("rules.low", "multiple", 1.5),
        row("rules.high", "multiple", 2.72),
        row("rules.middle", "multiple", 1.34),
        years("child_age", 18.0),
        "[brackets.family]\nrates = [\"low\", \"high\", \"middle\"]\nthresholds = [{ amount = \"bend_1\" }, { amount = \"bend_2\" }]\n".to_owned(),
        pension("old_age", "", "{ flat = { amount = \"basic\" } }"),
        "[benefits.widow]\nkind = \"pension\"\naccount = \"fund\"\ncondition = { event = \"death\", recipient = \"spouse\" }\n\
         steps = [{ of_deceased = [\"old_age\"] }, { times = \"three_quarters\" }]\n\
         [benefits.orphan]\nkind = \"pension\"\naccount = \"fund\"\ncondition = { event = \"death\", recipient = \"child\" }\nends = { age = \"child_age\" }\n\
         steps = [{ of_deceased = [\"old_age\"] }, { times = \"three_quarters\" }]\n\
         [cumulation.family]\nbenefits = [\"widow\", \"orphan\"]\npays = \"sum\"\nat_most = { brackets = \"family\", of = { of_deceased = [\"old_age\"] } }\n"
            .to_owned(),
    ]);
    let more = "[claim]\ndate = 2025-01-01\nevent = \"death\"\n[family]\nspouse = { born = 1975-01-01, married = 2000-01-01, remarries = 2027-07-01 }\n\
                children = [{ born = 2009-01-01 }, { born = 2012-01-01 }, { born = 2015-01-01 }]\n";
    let most = 1.5 * 1_000.0 + 2.72 * 500.0 + 1.34 * 500.0;
    let of_four = claim(&law, more);
    gives(&of_four, "paid.widow", 12.0 * most / 4.0);
    gives(&of_four, "paid.orphan", 12.0 * most * 3.0 / 4.0);
    // The first child is 18 in January 2027: three remain, and the maximum still binds; from 2030 one child is left.
    near(year(&of_four, 2027).in_force, 12.0 * most);
    near(year(&of_four, 2030).in_force, 12.0 * 3_000.0);
    let ends = law.replace(
        "recipient = \"spouse\" }",
        "recipient = \"spouse\" }\nends = { remarriage = true }",
    );
    let remarried = claim(&ends, more);
    near(year(&remarried, 2026).in_force, 12.0 * most);
    near(year(&remarried, 2027).in_force, 12.0 * 3_000.0);
    near(year(&remarried, 2030).in_force, 12.0 * 1_500.0);
}

#[test]
fn a_supplement_is_paid_for_each_of_at_most_five_dependants() {
    let law = law(&[
        monthly("basic", 1_000.0),
        share("tenth", 0.1),
        row("rules.five", "number", 5.0),
        pension(
            "old_age",
            "",
            "{ flat = { amount = \"basic\" } }, \
             { plus = { product = [{ amount = \"basic\" }, { rule = \"tenth\" }, { lesser = [{ measure = \"dependants\" }, { rule = \"five\" }] }] } }",
        ),
    ]);
    for (dependants, expected) in [(0, 1_000.0), (3, 1_300.0), (7, 1_500.0)] {
        let claim = claim(&law, &format!("[family]\ndependants = {dependants}\n"));
        gives(&claim, "benefit.old_age", expected);
    }
}

#[test]
fn a_degree_of_invalidity_gives_its_share_between_points_or_in_steps() {
    let of = |steps: &str, degree: f64| {
        let scale = scale("degree", "share", "[[0.3, 0.2], [0.5, 0.5], [0.8, 1]]")
            .replace("of = ", &format!("{steps}of = "));
        let law = law(&[
            monthly("basic", 1_000.0),
            share("least", 0.3),
            scale,
            "[benefits.invalidity]\nkind = \"pension\"\naccount = \"fund\"\n\
             condition = { event = \"invalidity\", all = [{ measure = \"degree\", at_least = \"least\" }] }\n\
             steps = [{ flat = { amount = \"basic\" } }, { times = { scale = \"degree\", by = \"degree\" } }]\n"
                .to_owned(),
        ]);
        let more = format!(
            "[claim]\ndate = 2020-01-01\nevent = \"invalidity\"\ndegree = {{ value = {degree}, unit = \"share\" }}\n"
        );
        found(&claim(&law, &more), "benefit.invalidity")
    };
    assert_eq!(of("", 0.29), None);
    for (steps, degree, expected) in [
        ("", 0.4, 350.0),
        ("steps = true\n", 0.4, 200.0),
        ("", 0.65, 750.0),
        ("steps = true\n", 0.65, 500.0),
        ("", 0.9, 1_000.0),
    ] {
        near(of(steps, degree).unwrap_or(f64::NAN), expected);
    }
}

// --- Time -----------------------------------------------------------------------------------------------------------

#[test]
fn who_entered_before_a_reform_has_the_better_of_the_old_law_and_the_new() {
    let text = law(&[
        CAREER.to_owned(),
        row("rules.old", "share a year", 0.02),
        row("rules.new", "share a year", 0.015),
        row("rules.bonus", "crown a year", 1_500.0),
        monthly("bonus", 125.0),
        "[formulas.old_law]\nsteps = [{ reference_earnings = [\"career\"] }, { accrual = { rate = \"old\" } }]\n\
         [formulas.new_law]\nsteps = [{ reference_earnings = [\"career\"] }, { accrual = { rate = \"new\" } }, { plus = { amount = \"bonus\" } }]\n"
            .to_owned(),
        pension(
            "old_age",
            "",
            "{ formula = \"new_law\" }, { at_least = { formula = \"old_law\", only_if = [{ entered_before = 1990-01-01 }] } }",
        ),
    ])
    .replace("[rules.bonus]\nunit = \"crown a year\"\nin_force = [{ from = 1950-01-01, value = 1500 }]\n", "");
    let of = |first: i32| {
        let more = format!(
            "[record]\nunit = \"crown a month\"\nspans = [{{ from = {first}, to = 2024, earnings = 1_000 }}]\n"
        );
        claim(&text, &more)
    };
    // Forty years from 1985: 80 % against 60 % and 125. Entered in 1990: the new law only.
    gives(&of(1985), "benefit.old_age", 800.0);
    gives(&of(1990), "benefit.old_age", 0.015 * 35.0 * 1_000.0 + 125.0);
    // Entered in December 1989 counts as before.
    let short = "[record]\nunit = \"crown a month\"\nyears = [{ year = 1989, months = 1, earnings = 1_000 }]\nspans = [{ from = 2015, to = 2024, earnings = 1_000 }]\n";
    gives(&claim(&text, short), "benefit.old_age", 0.015 * 1_000.0 * 121.0 / 12.0 + 125.0);
}

#[test]
fn a_transition_by_month_of_birth_and_a_provision_of_july_divide_a_year() {
    let rows = "in_force = [\n  { from = 1950-01-01, value = 720 },\n  { from = 2020-01-01, born_from = 1960-05-01, value = 721 },\n  { from = 2020-01-01, born_from = 1960-06-01, value = 722 },\n]";
    let law = law(&[
        "[amounts.basic]\nunit = \"crown a month\"\nin_force = [{ from = 1950-01-01, value = 1_000 }, { from = 2020-07-01, value = 1_100 }]\n".to_owned(),
        pension("old_age", "", "{ flat = { amount = \"basic\" } }"),
    ])
    .replace(", early_from = \"earliest\"", "")
    .replacen("unit = \"years\"\nin_force = [{ from = 1950-01-01, value = 65 }]", &format!("unit = \"months\"\n{rows}"), 1);
    let of = |born: &str, date: &str| {
        let more = format!("[person]\nborn = {born}\nsex = \"male\"\n[claim]\ndate = {date}\n");
        found(&claim(&law, &more), "benefit.old_age")
    };
    assert_eq!(of("1960-04-30", "2020-04-29"), None);
    near(of("1960-04-30", "2020-04-30").unwrap_or(f64::NAN), 1_000.0);
    assert_eq!(of("1960-05-01", "2020-05-31"), None);
    near(of("1960-05-01", "2020-06-01").unwrap_or(f64::NAN), 1_000.0);
    assert_eq!(of("1960-06-01", "2020-07-31"), None);
    near(of("1960-06-01", "2020-08-01").unwrap_or(f64::NAN), 1_100.0);
}

/// Growth by year: prices 2 %, 5 %, 3 % and wages 3 %, 1 %, 6 % in 2025, 2026 and 2027.
const INDICES: &str = "[indices]\nprices = { unit = \"share a year\", values = { 2020 = 0.01, 2021 = 0.01, 2022 = 0.01, 2023 = 0.01, 2024 = 0.01, 2025 = 0.02, 2026 = 0.05, 2027 = 0.03 } }\n\
wages = { unit = \"share a year\", values = { 2020 = 0.04, 2021 = 0.04, 2022 = 0.04, 2023 = 0.04, 2024 = 0.04, 2025 = 0.03, 2026 = 0.01, 2027 = 0.06 } }\n\
[indicators]\nbalance_ratio = { unit = \"ratio\", values = { 2020 = 1.0, 2025 = 0.98, 2026 = 1.02, 2027 = 1.0 }, gaps = \"hold\" }\n";

/// What is in force at the end of 2025, 2026 and 2027 over an award of January 2025.
fn in_force_under(indexation: &str) -> [f64; 3] {
    let level = "[amounts.level]\nunit = \"crown a month\"\nin_force = [{ from = 1950-01-01, value = 100 }, { from = 2026-01-01, value = 110 }, { from = 2026-07-01, value = 115.5 }]\n";
    let table = "[series.table]\nunit = \"index\"\ngaps = \"none\"\nvalues = { 2024 = 100, 2025 = 100, 2026 = 103, 2027 = 105 }\n";
    let law = law(&[
        monthly("basic", 1_003.0),
        row("rules.crown", "crown", 1.0),
        row("rules.three", "years", 3.0),
        row("rules.one", "number", 1.0),
        row("rules.point", "share a year", 0.01),
        row("rules.norm", "share a year", 0.016),
        row("rules.least", "share a year", 0.03),
        row("rules.most", "share a year", 0.04),
        level.to_owned(),
        table.to_owned(),
        format!("[indexation.pensions]\n{indexation}\n"),
        pension("old_age", "indexation = \"pensions\"", "{ flat = { amount = \"basic\" } }"),
    ]);
    let claim = claim(&law, INDICES);
    [2025, 2026, 2027].map(|of| year(&claim, of).in_force / 12_036.0)
}

#[test]
fn amounts_in_payment_follow_each_word_of_indexation() {
    let rounded = |amount: f64| (amount * 1_003.0).floor() / 1_003.0;
    for (indexation, factors) in [
        ("after = { by = \"hold\" }", [1.0, 1.0, 1.0]),
        ("after = { by = \"prices\" }", [1.0, 1.05, 1.03]),
        ("after = { by = \"wages\" }", [1.0, 1.01, 1.06]),
        (
            "after = { by.mix.wage_weight = { value = 0.25, unit = \"share\" } }",
            [1.0, 1.04, 1.0375],
        ),
        ("after = { by.greater = [\"prices\", \"wages\"] }", [1.0, 1.05, 1.06]),
        ("after = { by.lesser = [\"prices\", \"wages\"] }", [1.0, 1.01, 1.03]),
        ("after = { by.product = [\"prices\", \"wages\"] }", [1.0, 1.05 * 1.01, 1.03 * 1.06]),
        (
            "after = { by.average = { of = \"prices\", years = \"three\" } }",
            [1.0, (1.01_f64 * 1.02 * 1.05).cbrt(), (1.02_f64 * 1.05 * 1.03).cbrt()],
        ),
        ("after = { by.amount = \"level\" }", [1.0, 1.1, 1.05]),
        ("after = { by.series = \"table\" }", [1.0, 1.03, 105.0 / 103.0]),
        ("after = { by = \"prices\", lag = 1 }", [1.0, 1.02, 1.05]),
        ("after = { by = \"prices\", month = 7 }", [1.02, 1.05, 1.03]),
        ("after = { by = \"prices\", less = \"point\" }", [1.0, 1.04, 1.02]),
        ("after = { by = \"prices\", norm = \"norm\" }", [1.0, 1.05 / 1.016, 1.03 / 1.016]),
        ("after = { by = \"wages\", at_least = \"least\" }", [1.0, 1.03, 1.06]),
        ("after = { by = \"prices\", at_most = \"most\" }", [1.0, 1.04, 1.03]),
        (
            "after = { by = \"prices\", balancing = { indicator = \"balance_ratio\", below = \"one\" } }",
            [1.0, 1.05 * 0.98, 1.03],
        ),
        (
            "decisions = { unit = \"share a year\", in_force = [{ from = 2025-07-01, value = 0.1 }, { from = 2026-04-01, value = 0.2 }] }\nafter = { by = \"prices\" }",
            [1.1, 1.2, 1.03],
        ),
        (
            "after = { by = \"prices\", rounded = { to = \"crown\", direction = \"down\" } }",
            [1.0, rounded(1.05), rounded(rounded(1.05) * 1.03) / rounded(1.05)],
        ),
    ] {
        let mut expected = 1.0;
        for (found, factor) in in_force_under(indexation).into_iter().zip(factors) {
            expected *= factor;
            assert!((found - expected).abs() < 1e-9, "{indexation}: {found} is not {expected}");
        }
    }
}

#[test]
fn earnings_are_revalued_by_the_laws_own_table_and_by_its_words() {
    // 1,000 a month in 2024 and nothing else: the factor is the pension.
    let of = |revalued: &str| {
        let law = law(&[
            "[series.table]\nunit = \"index\"\nvalues = { 2022 = 90, 2023 = 95, 2024 = 100, 2025 = 110, 2026 = 121 }\n".to_owned(),
            row("rules.hundred", "crown", 100.0),
            row("rules.two", "years", 2.0),
            years("sixty_four", 64.0),
            format!("[reference_earnings.last]\nwindow = \"career\"\nrevalued = {{ {revalued} }}\n"),
            pension("old_age", "", "{ reference_earnings = [\"last\"] }"),
        ]);
        let more = "[person]\nborn = 1960-06-01\nsex = \"male\"\n[claim]\ndate = 2026-06-01\n\
                    [record]\nunit = \"crown a month\"\nyears = [{ year = 2023, earnings = 1_000 }]\n";
        found(&claim(&law, &format!("{more}{INDICES}")), "benefit.old_age").unwrap_or(f64::NAN)
    };
    near(of("by.series = \"table\""), 1_000.0 * 121.0 / 95.0);
    near(of("by.series = \"table\", lag = 1"), 1_000.0 * 110.0 / 95.0);
    near(of("by.series = \"table\", to_age = \"sixty_four\""), 1_000.0 * 100.0 / 95.0);
    near(of("by.series = \"table\", mean_of = \"two\""), 1_000.0 * (121.0 + 110.0) / 2.0 / 95.0);
    // A year's 12,736.84 is rounded to hundreds.
    near(
        of("by.series = \"table\", rounded = { to = \"hundred\", direction = \"down\" }"),
        15_200.0 / 12.0,
    );
    near(of("by = \"prices\""), 1_000.0 * 1.01 * 1.02 * 1.05);
    near(of("by = \"wages\", lag = 1"), 1_000.0 * 1.04 * 1.03);
    near(
        of("by.mix.wage_weight = { value = 0.5, unit = \"share\" }"),
        1_000.0 * 1.025 * 1.025 * 1.03,
    );
}

// --- Accounts -------------------------------------------------------------------------------------------------------

#[test]
fn an_account_pays_fees_is_guaranteed_and_is_drawn_as_a_sum_or_over_a_fixed_time() {
    let of = |interest: f64, more: &str| {
        let law = law(&[
            share("rate", 0.1),
            row("rules.interest", "share a year", interest),
            row("rules.fee", "share a year", 0.01),
            share("quarter", 0.25),
            row("rules.payments", "number", 20.0),
            format!("[balances.account]\nrate = \"rate\"\ninterest = {{ rule = \"interest\" }}\ntiming = \"start\"\nfee = \"fee\"\n{more}\n"),
            "[benefits.sum]\nkind = \"grant\"\naccount = \"fund\"\ncondition = { event = \"age\", age = \"pensionable_age\" }\n\
             steps = [{ balance = \"account\" }, { times = \"quarter\" }]\n"
                .to_owned(),
            pension(
                "programmed",
                "",
                "{ balance = \"account\" }, { minus = { benefit = \"sum\" } }, { times = { quotient = [{ constant = 1 }, { rule = \"payments\" }] } }",
            ),
        ]);
        let more = "[record]\nunit = \"crown a year\"\nspans = [{ from = 2023, to = 2024, earnings = 10_000 }]\n";
        claim(&law, more)
    };
    let balance = 1_000.0 * (1.05_f64 * 0.99).powi(2) + 1_000.0 * 1.05 * 0.99;
    let plain = of(0.05, "");
    gives(&plain, "balance.account", balance);
    gives(&plain, "benefit.sum", balance / 4.0);
    gives(&plain, "benefit.programmed", balance * 0.75 / 20.0 / 12.0);
    let lost = 1_000.0 * (0.95_f64 * 0.99).powi(2) + 1_000.0 * 0.95 * 0.99;
    gives(&of(-0.05, ""), "balance.account", lost);
    gives(&of(-0.05, "at_least = \"contributions\""), "balance.account", 2_000.0);
    gives(&of(0.05, "at_least = \"contributions\""), "balance.account", balance);
}

#[test]
fn contributions_are_given_back_with_interest_to_those_who_leave() {
    let law = law(&[
        share("rate", 0.05),
        row("rules.interest", "share a year", 0.03),
        row("rules.enough", "years", 10.0),
        "[balances.own]\nrate = \"rate\"\ninterest = { rule = \"interest\" }\ntiming = \"middle\"\n\
         [benefits.refund]\nkind = \"grant\"\naccount = \"fund\"\ncondition = { event = \"withdrawal\", credit_below = \"enough\" }\nsteps = [{ balance = \"own\" }]\n"
            .to_owned(),
    ]);
    let of = |first: i32| {
        let more = format!(
            "[claim]\ndate = 2025-01-01\nevent = \"withdrawal\"\n[record]\nunit = \"crown a year\"\nspans = [{{ from = {first}, to = 2024, earnings = 20_000 }}]\n"
        );
        found(&claim(&law, &more), "benefit.refund")
    };
    near(of(2023).unwrap_or(f64::NAN), 1_000.0 * (1.03_f64.powf(1.5) + 1.03_f64.sqrt()));
    assert_eq!(of(2015), None);
}

// --- Rounding -------------------------------------------------------------------------------------------------------

#[test]
fn each_payment_is_rounded_up_down_or_to_the_nearest_halves_up() {
    let of = |amount: f64, direction: &str, payments: i32| {
        let law = law(&[
            row("amounts.basic", "crown a year", amount),
            row("rules.dime", "crown", 0.1),
            pension(
                "old_age",
                &format!("payments_a_year = {payments}"),
                &format!(
                    "{{ flat = {{ amount = \"basic\" }} }}, {{ round = {{ to = \"dime\", direction = \"{direction}\" }} }}"
                ),
            ),
        ]);
        found(&claim(&law, ""), "benefit.old_age").unwrap_or(f64::NAN)
    };
    near(of(1_200.6, "down", 12), 100.0);
    near(of(1_200.6, "nearest", 12), 100.1);
    near(of(1_200.6, "up", 12), 100.1);
    near(of(1_200.5, "nearest", 12), 100.0);
    // Thirteen payments: 1,301.0 is 100.0769 each.
    near(of(1_301.0, "up", 13), 100.1);
    // A sum that is a multiple but for the last bit of the machine stays where it is.
    near(of(12.0 * 0.3, "down", 12), 0.3);
}

/// Two thirds of a year of life are eight months; the table of 2024 fixes the age of 2025.
#[test]
fn a_pensionable_age_follows_the_life_expectancy_that_a_person_file_gives() {
    let link = "after = { life_expectancy_at = 65, first = 2025, reference = { value = 20, unit = \"years\" }, \
        share = { value = 0.6666666666666666, unit = \"share\" } }\n";
    let basic = "[benefits.basic]\nkind = \"pension\"\naccount = \"fund\"\n\
        condition = { event = \"age\", age = \"pensionable_age\" }\nsteps = [{ flat = { amount = \"basic\" } }]\n";
    let law = format!(
        "source = \"made up\"\n{}{link}{}{basic}",
        row("pensionable_age", "years", 65.0),
        monthly("basic", 100.0)
    );
    let life = "[indicators.life_expectancy]\nunit = \"years\"\nvalues = { 2024 = 21, 2025 = 21, 2026 = 21 }\n";
    let due = |age: &str| {
        let result = claim(&law, &format!("[claim]\nage = {age}\n{life}"));
        result.benefits().any(|benefit| benefit.award.is_some())
    };
    assert!(!due("65"), "the age is 65 years and 8 months");
    assert!(due("66"));
}
