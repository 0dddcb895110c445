//! Formulas of national laws, written as each law writes them, with round amounts; the sums are by hand.

use perennis_tests::{
    CAREER, claim_under, found, gives, monthly, near, pension, row, scale, share, small_law, years,
};

fn record(spans: &str) -> String {
    format!("[record]\nunit = \"crown a month\"\n{spans}\n")
}

/// Spain, Ley General de la Seguridad Social, Art. 209 and 210: the mean of 300 months over 350, of missing months the 48
/// nearest to the claim at the lowest base and the others at half of it; 50 % for 180 months, then 0.21 % for each of 49 and
/// 0.19 % for each of 209; fourteen payments.
#[test]
fn missing_months_have_one_base_up_to_a_number_of_them_and_another_beyond() {
    let law = small_law(&[
        monthly("least_base", 1_000.0),
        row("rules.window", "months", 300.0),
        row("rules.first_gaps", "months", 48.0),
        share("half", 0.5),
        scale("by_months", "months", "[[180, 0.5], [229, 0.6029], [438, 1]]"),
        "[reference_earnings.base]\nwindow.last = { rule = \"window\" }\nmissing = { amount = \"least_base\", beyond = \"first_gaps\", rest = { times = \"half\", of = \"least_base\" } }\nrevalued = { by = \"hold\" }\n".to_owned(),
        pension(
            "old_age",
            "payments_a_year = 14",
            "{ reference_earnings = [\"base\"] }, { times = { quotient = [{ constant = 300 }, { constant = 350 }] } }, \
             { accrual = { scale = \"by_months\" } }, { times = { quotient = [{ constant = 14 }, { constant = 12 }] } }",
        ),
    ]);
    let of = |months: &str| claim_under(&law, &record(months));
    let share = |credit: f64| 0.5 + 49.0 * 0.0021 + (credit - 229.0) * 0.0019;
    // Sixty missing months in the middle.
    let gap = of(
        "months = [{ from = 2000-01-01, to = 2014-12-31, earnings = 2_000 }, { from = 2020-01-01, to = 2024-12-31, earnings = 2_000 }]",
    );
    let base = (240.0 * 2_000.0 + 48.0 * 1_000.0 + 12.0 * 500.0) / 350.0;
    gives(&gap, "benefit.old_age", base * share(240.0));
    // The nearest missing months are those of 2024: the half is that of the time before the first contribution.
    let late = of("months = [{ from = 2004-01-01, to = 2023-12-31, earnings = 2_000 }]");
    let base = (240.0 * 2_000.0 + 48.0 * 1_000.0 + 12.0 * 500.0) / 350.0;
    gives(&late, "benefit.old_age", base * share(240.0));
    // A claim in July looks at July 2000 to June 2025, and its own year has missing months, too.
    let july = "[person]\nborn = 1960-07-01\nsex = \"male\"\n";
    let months = record("months = [{ from = 2000-01-01, to = 2024-10-31, earnings = 2_000 }]");
    let claim = claim_under(&law, &format!("{july}{months}"));
    let base = (292.0 * 2_000.0 + 8.0 * 1_000.0) / 350.0;
    gives(&claim, "benefit.old_age", base * share(298.0));
    // Years that are spread evenly give the same where they are whole.
    let spread = of(
        "spans = [{ from = 2000, to = 2014, earnings = 2_000 }, { from = 2020, to = 2024, earnings = 2_000 }]",
    );
    gives(&spread, "benefit.old_age", (240.0 * 2_000.0 + 54_000.0) / 350.0 * share(240.0));
}

/// Italy, Legge 335/1995, Art. 1(6) to (9): 33 % of pay, revalued at the end of each year by the mean growth of the nominal
/// product over the five years before; the coefficient of the age, between ages by months.
#[test]
fn an_italian_account_grows_with_the_mean_growth_of_five_years() {
    let growth = |year: i32| if year % 2 == 0 { 0.01 } else { 0.03 };
    let values: Vec<String> =
        (2000..=2024).map(|year| format!("{year} = {}", growth(year))).collect();
    let law = small_law(&[
        share("rate", 0.33),
        years("five", 5.0),
        format!("[series.product]\nunit = \"share a year\"\ngaps = \"none\"\nvalues = {{ {} }}\n", values.join(", ")),
        scale("coefficient", "years", "[[64, 0.05], [65, 0.052], [66, 0.055]]"),
        "[balances.account]\nrate = \"rate\"\ninterest = { by.average = { of.series = \"product\", years = \"five\" }, lag = 1 }\ntiming = \"end\"\n".to_owned(),
        pension("old_age", "", "{ balance = \"account\" }, { times = { scale = \"coefficient\", by = \"age\" } }"),
    ]);
    let mean = |year: i32| {
        let product: f64 = (year - 5..year).map(|year| 1.0 + growth(year)).product();
        product.powf(0.2)
    };
    let mut balance = 0.0;
    for year in 2015..=2024 {
        balance = balance * mean(year) + 0.33 * 20_000.0;
    }
    let of = |claim: &str| {
        claim_under(
            &law,
            &format!(
                "{claim}[record]\nunit = \"crown a year\"\nspans = [{{ from = 2015, to = 2024, earnings = 20_000 }}]\n"
            ),
        )
    };
    gives(&of(""), "benefit.old_age", balance * 0.052 / 12.0);
    let half = of("[claim]\nage = 65.5\n");
    gives(&half, "benefit.old_age", balance * 0.0535 / 12.0);
}

/// Belgium, Royal Decree No. 50 of 1967, Art. 10: each year a 45th of 60 %, of 75 % with a spouse to keep, of pay under a
/// ceiling and from a minimum right.
#[test]
fn a_belgian_household_has_a_higher_rate_of_pay_between_a_right_and_a_ceiling() {
    let law = small_law(&[
        monthly("ceiling", 5_000.0),
        monthly("right", 1_500.0),
        share("single", 0.6),
        share("household", 0.75),
        row("rules.one", "number", 1.0),
        years("whole", 45.0),
        "[reference_earnings.pay]\nwindow = \"career\"\nceiling = { amount = \"ceiling\" }\nfloor = { amount = \"right\" }\nrevalued = { by = \"prices\" }\n".to_owned(),
        pension(
            "old_age",
            "",
            "{ reference_earnings = [\"pay\"] }, { prorate = { by = \"credit\", over = { rule = \"whole\" } } }, \
             { times = { choose = { only_if = [{ measure = \"dependants\", at_least = \"one\" }], then = { rule = \"household\" }, otherwise = { rule = \"single\" } } } }",
        ),
    ]);
    let spans = record(
        "spans = [{ from = 1995, to = 2004, earnings = 1_000 }, { from = 2005, to = 2014, earnings = 9_000 }, { from = 2015, to = 2024, earnings = 3_000 }]",
    );
    let pay = (10.0 * 1_500.0 + 10.0 * 5_000.0 + 10.0 * 3_000.0) / 45.0;
    gives(&claim_under(&law, &spans), "benefit.old_age", 0.6 * pay);
    gives(
        &claim_under(&law, &format!("{spans}[family]\ndependants = 1\n")),
        "benefit.old_age",
        0.75 * pay,
    );
}

/// Japan, National Pension Act, Art. 27 and 28, and Employees' Pension Insurance Act, Art. 43: exempt months count a third, from
/// April 2009 a half; 7.125 and, from April 2003, 5.481 per mille of mean pay for each month; 0.4 % a month before 65, 0.7 %
/// after it.
#[test]
fn japanese_tiers_count_exempt_months_in_part_and_pay_of_two_times_at_two_rates() {
    let law = small_law(&[
        row("amounts.full", "crown a year", 480_000.0),
        years("whole", 40.0),
        "[rules.exempt]\nunit = \"multiple\"\nin_force = [{ from = 1950-01-01, value = 0.5 }]\n".to_owned(),
        "[rules.early]\nunit = \"share a month\"\nin_force = [{ from = 1950-01-01, value = 0.005 }, { from = 2022-04-01, born_from = 1962-04-02, value = 0.004 }]\n".to_owned(),
        row("rules.late", "share a month", 0.007),
        row("rules.old_rate", "number", 0.007125),
        row("rules.new_rate", "number", 0.005481),
        "[periods.exempt]\ncredit = \"exempt\"\n".to_owned(),
        "[measures.before]\nmonths = { kinds = [\"work\"], until = 2003-03-31 }\n[measures.since]\nmonths = { kinds = [\"work\"], from = 2003-04-01 }\n\
         [reference_earnings.before]\nwindow = \"career\"\nuntil = 2003-03-31\nrevalued = { by = \"hold\" }\n\
         [reference_earnings.since]\nwindow = \"career\"\nfrom = 2003-04-01\nrevalued = { by = \"hold\" }\n\
         [formulas.old_part]\nsteps = [{ reference_earnings = [\"before\"] }, { times = { product = [{ rule = \"old_rate\" }, { measure = \"before\" }] } }]\n\
         [formulas.new_part]\nsteps = [{ reference_earnings = [\"since\"] }, { times = { product = [{ rule = \"new_rate\" }, { measure = \"since\" }] } }]\n".to_owned(),
        pension(
            "basic",
            "",
            "{ flat = { amount = \"full\" } }, { prorate = { by = \"credit\", over = { rule = \"whole\" } } }, \
             { early_reduction = { rate = \"early\", of = \"amount\" } }, { late_increase = { rate = \"late\", of = \"amount\" } }",
        ),
        pension("employees", "", "{ formula = \"old_part\" }, { plus = { formula = \"new_part\" } }"),
    ]);
    let spans = "[record]\nunit = \"crown a month\"\nspans = [{ from = 1993, to = 2012, earnings = 300 }]\nyears = [{ year = 1990, months = 12, kind = \"exempt\" }, { year = 1991, months = 12, kind = \"exempt\" }]\n";
    let of = |born: &str, age: &str| {
        claim_under(
            &law,
            &format!("[person]\nborn = {born}\nsex = \"male\"\n[claim]\nage = {age}\n{spans}"),
        )
    };
    let basic = 480_000.0 * (240.0 + 12.0) / 480.0 / 12.0;
    gives(&of("1962-04-02", "65"), "benefit.basic", basic);
    gives(&of("1962-04-02", "61.5"), "benefit.basic", basic * (1.0 - 42.0 * 0.004));
    gives(&of("1962-04-01", "61.5"), "benefit.basic", basic * (1.0 - 42.0 * 0.005));
    gives(&of("1962-04-02", "70"), "benefit.basic", basic * (1.0 + 60.0 * 0.007));
    let employees = 300.0 * (123.0 * 0.007_125 + 117.0 * 0.005_481);
    gives(&of("1962-04-02", "65"), "benefit.employees", employees);
}

/// Philippines, Social Security Act of 2018 (R.A. 11199), s. 12: the highest of three formulas, of pay that is the higher of
/// two means; a tenth more for each of at most five children; thirteen payments.
#[test]
fn a_philippine_pension_is_the_highest_of_three_of_the_higher_of_two_means() {
    let law = small_law(&[
        monthly("fixed", 300.0),
        monthly("low_minimum", 1_200.0),
        monthly("high_minimum", 2_400.0),
        share("fifth", 0.2),
        share("fiftieth", 0.02),
        share("two_fifths", 0.4),
        share("tenth", 0.1),
        years("ten", 10.0),
        years("twenty", 20.0),
        years("last", 5.0),
        row("rules.five", "number", 5.0),
        CAREER.to_owned(),
        "[reference_earnings.last]\nwindow.last = \"last\"\nrevalued = { by = \"hold\" }\n\
         [measures.pay]\ngreater = [{ reference_earnings = [\"last\"] }, { reference_earnings = [\"career\"] }]\n\
         [measures.years_above]\nexcess = [{ years = \"credit\", counting = \"completed_years\" }, { constant = 10 }]\n"
            .to_owned(),
        pension(
            "old_age",
            "payments_a_year = 13",
            "{ flat = { amount = \"fixed\" } }, \
             { plus = { product = [{ measure = \"pay\" }, { sum = [{ rule = \"fifth\" }, { product = [{ rule = \"fiftieth\" }, { measure = \"years_above\" }] }] }] } }, \
             { at_least = { product = [{ rule = \"two_fifths\" }, { measure = \"pay\" }] } }, \
             { at_least = { amount = \"low_minimum\", credit_at_least = \"ten\" } }, \
             { at_least = { amount = \"high_minimum\", credit_at_least = \"twenty\" } }, \
             { times = { sum = [{ constant = 1 }, { product = [{ rule = \"tenth\" }, { lesser = [{ measure = \"children\" }, { rule = \"five\" }] }] }] } }, \
             { times = { quotient = [{ constant = 13 }, { constant = 12 }] } }",
        ),
    ]);
    let of = |spans: &str| claim_under(&law, &record(spans));
    // Rising pay: the last five years count; 30 years.
    let rising = of(
        "spans = [{ from = 1995, to = 2019, earnings = 5_000 }, { from = 2020, to = 2024, earnings = 10_000 }]",
    );
    gives(&rising, "benefit.old_age", 300.0 + 10_000.0 * (0.2 + 0.02 * 20.0));
    // Falling pay: the career.
    let falling = of(
        "spans = [{ from = 2000, to = 2019, earnings = 10_000 }, { from = 2020, to = 2024, earnings = 5_000 }]",
    );
    gives(&falling, "benefit.old_age", 300.0 + 9_000.0 * (0.2 + 0.02 * 15.0));
    gives(
        &of("spans = [{ from = 2005, to = 2024, earnings = 1_000 }]"),
        "benefit.old_age",
        2_400.0,
    );
    gives(
        &of("spans = [{ from = 2013, to = 2024, earnings = 20_000 }]"),
        "benefit.old_age",
        8_000.0,
    );
    let family = "[family]\nchildren = [{ born = 2010-01-01 }, { born = 2012-01-01 }]\n";
    let with_children = claim_under(
        &law,
        &format!("{}{family}", record("spans = [{ from = 2005, to = 2024, earnings = 1_000 }]")),
    );
    gives(&with_children, "benefit.old_age", 2_880.0);
}

/// Ghana, National Pensions Act 2008 (Act 766), Second Schedule: the best 36 months, 37.5 % for 15 years and 0.09375 % for each
/// further month up to 60 %; before 60 the share of the age.
#[test]
fn a_ghanaian_right_grows_by_months_and_falls_by_ages() {
    let law = small_law(&[
        years("best", 3.0),
        scale("right", "months", "[[180, 0.375], [420, 0.6]]"),
        scale("by_age", "years", "[[55, 0.6], [56, 0.67], [57, 0.75], [58, 0.83], [59, 0.9], [60, 1]]").replace("of =", "steps = true\nof ="),
        "[reference_earnings.best]\nwindow.best = { months = \"best\" }\nrevalued = { by = \"hold\" }\n".to_owned(),
        pension("old_age", "", "{ reference_earnings = [\"best\"] }, { accrual = { scale = \"right\" } }, { times = { scale = \"by_age\", by = \"age\" } }"),
    ])
    .replace("value = 60 }", "value = 55 }")
    .replace("value = 65 }", "value = 60 }");
    let months = record(
        "months = [{ from = 2000-01-01, to = 2003-12-31, earnings = 2_000 }, { from = 2004-01-01, to = 2019-12-31, earnings = 1_000 }]",
    );
    let of = |age: &str| {
        claim_under(
            &law,
            &format!(
                "[person]\nborn = 1962-01-01\nsex = \"female\"\n[claim]\nage = {age}\n{months}"
            ),
        )
    };
    gives(&of("60"), "benefit.old_age", 2_000.0 * (0.375 + 60.0 * 0.000_937_5));
    gives(&of("57.5"), "benefit.old_age", 2_000.0 * (0.375 + 54.0 * 0.000_937_5) * 0.75);
}

/// Morocco, Dahir 1-72-184, Art. 53 to 55: days of insurance, 26 for a month; half of the mean of 96 months for 3,240 days, one per
/// cent more for each whole 216 days, 70 % at most.
#[test]
fn a_moroccan_right_counts_days() {
    let law = small_law(&[
        monthly("ceiling", 6_000.0),
        row("rules.window", "months", 96.0),
        row("rules.day_months", "number", 26.0),
        row("rules.enough", "number", 3_240.0),
        row("rules.step", "number", 216.0),
        row("rules.one", "number", 1.0),
        share("half", 0.5),
        share("per_step", 0.01),
        share("most", 0.7),
        "[measures.days]\nproduct = [{ measure = \"credit\" }, { rule = \"day_months\" }]\n\
         [measures.steps]\nrounded = { of = { quotient = [{ excess = [{ measure = \"days\" }, { rule = \"enough\" }] }, { rule = \"step\" }] }, to = \"one\", direction = \"down\" }\n\
         [reference_earnings.last]\nwindow.last = \"window\"\nceiling = { amount = \"ceiling\" }\nlimits = \"month\"\nrevalued = { by = \"hold\" }\n"
            .to_owned(),
        pension(
            "old_age",
            "",
            "{ reference_earnings = [\"last\"] }, { times = { lesser = [{ rule = \"most\" }, { sum = [{ rule = \"half\" }, { product = [{ rule = \"per_step\" }, { measure = \"steps\" }] }] }] } }",
        )
        .replace("early_from = \"earliest\"", "early_from = \"earliest\", all = [{ measure = \"days\", at_least = \"enough\" }]"),
    ]);
    let of = |first: i32| {
        let months = format!(
            "months = [{{ from = {first}-01-01, to = 2020-12-31, earnings = 4_000 }}, {{ from = 2021-01-01, to = 2024-12-31, earnings = 8_000 }}]"
        );
        found(&claim_under(&law, &record(&months)), "benefit.old_age")
    };
    assert_eq!(of(2015), None);
    // Twenty years are 6,240 days: 3,000 above, 13 whole steps.
    near(of(2005).unwrap_or(f64::NAN), 5_000.0 * 0.63);
    near(of(1985).unwrap_or(f64::NAN), 5_000.0 * 0.7);
}

/// Nigeria, Pension Reform Act 2014, s. 7: what is left after an annuity of half of the last pay may be taken at once.
#[test]
fn a_nigerian_saver_takes_what_an_annuity_of_half_pay_leaves() {
    let law = small_law(&[
        share("rate", 0.18),
        row("rules.interest", "share a year", 0.0),
        share("half", 0.5),
        years("last", 1.0),
        "[life_tables.annuitants]\nunit = \"persons\"\nvalues = { 60 = 1.0, 74 = 1.0, 75 = 0.0 }\ngaps = \"linear\"\n\
         [divisors.annuity]\ntable = \"annuitants\"\npayments = \"start\"\n\
         [balances.account]\nrate = \"rate\"\ninterest = { rule = \"interest\" }\n\
         [reference_earnings.last]\nwindow.last = \"last\"\nrevalued = { by = \"hold\" }\n\
         [measures.needed]\nproduct = [{ divisor = \"annuity\" }, { rule = \"half\" }, { reference_earnings = [\"last\"] }]\n\
         [benefits.sum]\nkind = \"grant\"\naccount = \"fund\"\ncondition = { event = \"age\", age = \"pensionable_age\", early_from = \"earliest\" }\n\
         steps = [{ flat = { excess = [{ balance = \"account\" }, { measure = \"needed\" }] } }]\n"
            .to_owned(),
        pension("annuity", "", "{ balance = \"account\" }, { at_most = { measure = \"needed\" } }, { annuitise = \"annuity\" }"),
    ]);
    let of = |spans: &str| claim_under(&law, &record(spans));
    // Forty years of 18 % are 7.2 years of pay; ten payments of half of it need 5.
    let rich = of("spans = [{ from = 1985, to = 2024, earnings = 1_000 }]");
    gives(&rich, "benefit.sum", 12_000.0 * (7.2 - 5.0));
    gives(&rich, "benefit.annuity", 500.0);
    let poor = of("spans = [{ from = 2005, to = 2024, earnings = 1_000 }]");
    gives(&poor, "benefit.sum", 0.0);
    gives(&poor, "benefit.annuity", 12_000.0 * 3.6 / 10.0 / 12.0);
}

/// Norway, Folketrygdloven, ch. 20: 18.1 % of pay up to 7.1 basic amounts, over the divisor of the cohort; a guarantee that
/// falls by 80 % of the income pension, by fortieths of residence.
#[test]
fn a_norwegian_guarantee_stands_beside_an_income_pension() {
    let law = small_law(&[
        row("amounts.basic", "crown a year", 100_000.0),
        row("rules.most", "multiple", 7.1),
        share("rate", 0.181),
        row("rules.interest", "share a year", 0.0),
        row("amounts.guarantee", "crown a year", 200_000.0),
        share("taper", 0.8),
        years("whole", 40.0),
        years("sixteen", 16.0),
        "[rules.divisor]\nunit = \"number\"\nin_force = [{ from = 1950-01-01, value = 16 }, { from = 1950-01-01, born_from = 1960-01-01, value = 18 }]\n\
         [measures.resident]\nresidence = { from_age = \"sixteen\", until_age = \"pensionable_age\", at_most = \"whole\" }\n\
         [balances.account]\nrate = \"rate\"\nceiling = { times = \"most\", of = \"basic\" }\ninterest = { rule = \"interest\" }\n"
            .to_owned(),
        pension("income", "", "{ balance = \"account\" }, { times = { quotient = [{ constant = 1 }, { rule = \"divisor\" }] } }"),
        pension(
            "guarantee",
            "",
            "{ flat = { amount = \"guarantee\" } }, { prorate = { by = \"resident\", over = { rule = \"whole\" } } }, \
             { minus = { product = [{ rule = \"taper\" }, { benefit = \"income\" }] } }",
        ),
    ]);
    let of = |from: &str, pay: i32| {
        let more = format!(
            "[means]\nresidence = [{{ from = {from} }}]\n[record]\nunit = \"crown a year\"\nspans = [{{ from = 2015, to = 2024, earnings = {pay} }}]\n"
        );
        claim_under(&law, &more)
    };
    let income = 10.0 * 0.181 * 710_000.0 / 18.0;
    gives(&of("1960-01-01", 900_000), "benefit.income", income / 12.0);
    gives(&of("1960-01-01", 900_000), "benefit.guarantee", (200_000.0 - 0.8 * income) / 12.0);
    let little = 10.0 * 0.181 * 100_000.0 / 18.0;
    gives(&of("2005-01-01", 100_000), "benefit.guarantee", (100_000.0 - 0.8 * little) / 12.0);
}

/// Austria, Allgemeines Pensionsgesetz, s. 5, and ASVG s. 261: 1.78 % a year of the best forty years, before the age 4.2 % a
/// year and 15 % at most; fourteen payments.
#[test]
fn an_austrian_reduction_has_a_most() {
    let law = small_law(&[
        years("best", 40.0),
        row("rules.accrual", "share a year", 0.0178),
        scale("early", "years", "[[0, 0], [3.5714285714285716, 0.15]]"),
        "[reference_earnings.best]\nwindow.best = { years = \"best\" }\nrevalued = { by = \"hold\" }\n".to_owned(),
        pension(
            "old_age",
            "payments_a_year = 14",
            "{ reference_earnings = [\"best\"] }, { accrual = { rate = \"accrual\" } }, { early_reduction = { scale = \"early\", of = \"amount\" } }",
        ),
    ]);
    let of = |age: &str, last: i32| {
        let more = format!(
            "[claim]\nage = {age}\n[record]\nunit = \"crown a year\"\nspans = [{{ from = 1980, to = 1984, earnings = 10_000 }}, {{ from = 1985, to = {last}, earnings = 28_000 }}]\n"
        );
        claim_under(&law, &more)
    };
    gives(&of("65", 2024), "benefit.old_age", 2_000.0 * 0.0178 * 45.0);
    let best_at_62 = (37.0 * 28_000.0 + 3.0 * 10_000.0) / 40.0;
    gives(
        &of("62", 2021),
        "benefit.old_age",
        best_at_62 / 14.0 * 0.0178 * 42.0 * (1.0 - 3.0 * 0.042),
    );
    let best_at_61 = (36.0 * 28_000.0 + 4.0 * 10_000.0) / 40.0;
    gives(&of("61", 2020), "benefit.old_age", best_at_61 / 14.0 * 0.0178 * 41.0 * 0.85);
}

/// Finland, Employees Pensions Act, s. 66 and 83: 1.5 % a year of pay that follows four parts of wages and one of prices, times
/// the coefficient of the cohort.
#[test]
fn a_finnish_pension_has_the_coefficient_of_its_cohort() {
    let law = small_law(&[
        row("rules.accrual", "share a year", 0.015),
        "[rules.coefficient]\nunit = \"factor\"\nin_force = [{ from = 1950-01-01, value = 1 }, { from = 2010-01-01, born_from = 1958-01-01, value = 0.95659 }, { from = 2010-01-01, born_from = 1960-01-01, value = 0.94419 }]\n".to_owned(),
        "[reference_earnings.career]\nwindow = \"career\"\nrevalued = { by.mix.wage_weight = { value = 0.8, unit = \"share\" } }\n".to_owned(),
        pension("old_age", "", "{ reference_earnings = [\"career\"] }, { accrual = { rate = \"accrual\" } }, { times = { rule = \"coefficient\" } }"),
    ]);
    let indices = "[indices]\nprices = { unit = \"share a year\", value = 0.01 }\nwages = { unit = \"share a year\", value = 0.03 }\n";
    let of = |born: &str| {
        claim_under(
            &law,
            &format!(
                "[person]\nborn = {born}\nsex = \"female\"\n[claim]\ndate = 2025-01-01\n{indices}[record]\nunit = \"crown a year\"\nspans = [{{ from = 2005, to = 2024, earnings = 24_000 }}]\n"
            ),
        )
    };
    let sum: f64 = (1..=20).map(|back| 1.026_f64.powi(back)).sum();
    let whole = 0.015 * 24_000.0 * sum / 12.0;
    gives(&of("1960-01-01"), "benefit.old_age", whole * 0.944_19);
    gives(&of("1959-12-31"), "benefit.old_age", whole * 0.956_59);
}

/// New Zealand, New Zealand Superannuation and Retirement Income Act 2001, s. 8 and 13: ten years of residence from 20, five of
/// them from 50; a rate for the married and one for others, each fortnight.
#[test]
fn a_universal_pension_asks_for_two_times_of_residence() {
    let law = small_law(&[
        row("amounts.single", "crown a fortnight", 1_000.0),
        row("amounts.couple", "crown a fortnight", 770.0),
        years("ten", 10.0),
        years("five", 5.0),
        years("twenty_age", 20.0),
        years("fifty_age", 50.0),
        row("rules.none", "months", 0.0),
        "[measures.resident]\nresidence = { from_age = \"twenty_age\" }\n[measures.later]\nresidence = { from_age = \"fifty_age\" }\n".to_owned(),
        pension(
            "superannuation",
            "payments_a_year = 26",
            "{ flat = { choose = { only_if = [{ measure = \"married\", above = \"none\" }], then = { amount = \"couple\" }, otherwise = { amount = \"single\" } } } }",
        )
        .replace(
            "early_from = \"earliest\"",
            "all = [{ measure = \"resident\", at_least = \"ten\" }, { measure = \"later\", at_least = \"five\" }]",
        ),
    ]);
    let of = |residence: &str, more: &str| {
        found(
            &claim_under(&law, &format!("[means]\nresidence = [{residence}]\n{more}")),
            "benefit.superannuation",
        )
    };
    near(of("{ from = 2000-01-01 }", "").unwrap_or(f64::NAN), 1_000.0);
    let married = "[family]\nspouse = { born = 1962-01-01, married = 1990-01-01 }\n";
    near(of("{ from = 2000-01-01 }", married).unwrap_or(f64::NAN), 770.0);
    assert_eq!(of("{ from = 1970-01-01, to = 2012-01-01 }", ""), None);
    assert_eq!(of("{ from = 2016-01-01 }", ""), None);
}

/// Kenya, National Social Security Fund Act 2013, s. 20: two tiers of one pay, each an account of its own.
#[test]
fn two_tiers_of_one_pay_are_two_accounts() {
    let law = small_law(&[
        monthly("lower", 600.0),
        monthly("upper", 1_800.0),
        share("rate", 0.12),
        row("rules.interest", "share a year", 0.1),
        "[balances.tier_one]\nrate = \"rate\"\nceiling = { amount = \"lower\" }\ninterest = { rule = \"interest\" }\n\
         [balances.tier_two]\nrate = \"rate\"\nceiling = { amount = \"upper\" }\nabove = { amount = \"lower\" }\ninterest = { rule = \"interest\" }\n\
         [benefits.sum]\nkind = \"grant\"\naccount = \"fund\"\ncondition = { event = \"age\", age = \"pensionable_age\", early_from = \"earliest\" }\n\
         steps = [{ balance = \"tier_one\" }, { plus = { balance = \"tier_two\" } }]\n"
            .to_owned(),
    ]);
    let claim =
        claim_under(&law, &record("spans = [{ from = 2023, to = 2024, earnings = 2_500 }]"));
    gives(&claim, "balance.tier_one", 0.12 * 600.0 * 12.0 * 2.1);
    gives(&claim, "balance.tier_two", 0.12 * 1_200.0 * 12.0 * 2.1);
    gives(&claim, "benefit.sum", 0.12 * 1_800.0 * 12.0 * 2.1);
}
