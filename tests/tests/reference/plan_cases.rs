//! Cases of lives and of pension plans, each said in a file of liabilities.

use std::collections::BTreeMap;
use std::path::Path;

use perennis_assumptions::{LoadedLiabilities, load_liabilities};
use perennis_generations::{CostMethod, DecrementTable, LiabilityResults, MemberValues, sum_of};
use perennis_tests::{Case, CountryFolder, cases};
use serde_json::Value;

fn case(folder: &Path, id: &str) -> Case {
    let cases = cases(folder);
    cases.into_iter().find(|case| case.id == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("no number {key}"))
}

/// Figures by age.
fn by_age(value: &Value) -> BTreeMap<i32, f64> {
    let table = value.as_object().unwrap();
    table.iter().map(|(age, one)| (age.parse().unwrap(), one.as_f64().unwrap())).collect()
}

#[track_caller]
fn near(name: &str, found: f64, expected: f64, relative: f64) {
    let off = (found - expected).abs();
    assert!(off <= relative * expected.abs().max(1e-12), "{name}: {found} is not {expected}");
}

const HEAD: &str =
    "title = \"a case\"\ncurrency = \"crown\"\nfirst_year = 2000\nsource = \"a case\"\n";

fn survivors(case: &Case, table: &str) -> String {
    format!(
        "[mortality.lives]\nsurvivors = {{ file = \"{}\", age = \"x\", column = \"lx\", unit = \"persons\" }}\n",
        case.tables.join(table).display()
    )
}

fn interest(rate: f64) -> String {
    format!("interest = {{ value = {rate}, unit = \"share a year\" }}\n")
}

fn load(folder: &CountryFolder) -> LoadedLiabilities {
    let file = folder.path().join("plan.toml");
    load_liabilities(&file).unwrap_or_else(|rejected| panic!("{:#?}", rejected.faults))
}

fn run(folder: &CountryFolder) -> LiabilityResults {
    load(folder).study.run().unwrap_or_else(|error| panic!("{error}"))
}

/// Values of lives from requests in TOML, by name.
fn values(toml: &str, files: &[(&str, String)]) -> BTreeMap<String, f64> {
    let folder = CountryFolder::new();
    for (name, text) in files {
        folder.write(name, text);
    }
    folder.write("plan.toml", toml);
    let values = run(&folder).values.into_iter();
    values.map(|(name, value)| (name, value.expect("somebody of the age is left"))).collect()
}

/// Whole life annuities and insurances of the illustrative life table, on one and on two lives.
pub(crate) fn annuities_and_insurances_meet_the_illustrative_table(folder: &Path) {
    for case in cases(folder).into_iter().filter(|case| case.id.starts_with("life-ilt-single")) {
        let age = &case.inputs["age"];
        let toml = format!(
            "{HEAD}{}{}[values]\na = {{ of = \"annuity\", mortality = \"lives\", age = {age} }}\n\
             i = {{ of = \"insurance\", mortality = \"lives\", age = {age} }}\n\
             ii = {{ of = \"insurance\", mortality = \"lives\", age = {age}, moment = 2 }}\n",
            interest(number(&case.inputs, "interest")),
            survivors(&case, "soa_illustrative_lx.csv")
        );
        let found = values(&toml, &[]);
        let within = case.tolerance("rel");
        near(&case.id, found["a"], number(&case.expected, "annuity_due"), within);
        near(&case.id, 1e3 * found["i"], number(&case.expected, "insurance_1000"), within);
        let second = number(&case.expected, "insurance_1000_second_moment");
        near(&case.id, 1e3 * found["ii"], second, within);
    }
    for case in cases(folder).into_iter().filter(|case| case.id.starts_with("life-ilt-joint")) {
        let pairs = case.inputs["ages"].as_array().unwrap();
        for (pair, key) in pairs.iter().zip(["x_x", "x_x+10"]) {
            let other = format!(
                "other = {{ mortality = \"lives\", age = {}, status = \"joint\" }}",
                pair[1]
            );
            let toml = format!(
                "{HEAD}{}{}[values]\na = {{ of = \"annuity\", mortality = \"lives\", age = {age}, {other} }}\n\
                 i = {{ of = \"insurance\", mortality = \"lives\", age = {age}, {other} }}\n",
                interest(number(&case.inputs, "interest")),
                survivors(&case, "soa_illustrative_lx.csv"),
                age = pair[0],
            );
            let found = values(&toml, &[]);
            let within = case.tolerance("rel");
            let annuity = number(&case.expected, &format!("joint_annuity_due_{key}"));
            near(&case.id, found["a"], annuity, within);
            let insurance = number(&case.expected, &format!("joint_insurance_1000_{key}"));
            near(&case.id, 1e3 * found["i"], insurance, within);
        }
    }
}

/// Tables on a straight line, by Makeham's law, and with a heavier first year.
pub(crate) fn annuities_of_laws_of_mortality_meet_their_cases(folder: &Path) {
    let linear = case(folder, "life-linear-table");
    let rows = (0..=9).map(|x| format!("{x},{}", 100 - 10 * x)).collect::<Vec<_>>().join("\n");
    let head = "[mortality.lives]\nsurvivors = { file = \"l.csv\", age = \"x\", column = \"lx\", unit = \"persons\" }\n";
    let toml = format!(
        "{HEAD}{}{head}[values]\na5 = {{ of = \"annuity\", mortality = \"lives\", age = 5 }}\n\
         a5_3 = {{ of = \"annuity\", mortality = \"lives\", age = 5, years = 3 }}\n",
        interest(number(&linear.inputs, "interest"))
    );
    let found = values(&toml, &[("l.csv", format!("x,lx\n{rows}\n"))]);
    for key in ["a5", "a5_3"] {
        near(key, found[key], number(&linear.expected, key), linear.tolerance("rel"));
    }
    for id in ["life-sult-040", "life-sult-065"] {
        standard_ultimate(&case(folder, id));
    }
    let heavier = case(folder, "soa-faml-5-5");
    let force = |x: i32| 0.00022 + 0.0000027 * 1.124_f64.powi(x) * 0.124 / 1.124_f64.ln();
    let row = |x: i32| {
        let extra = if x == 45 { 0.05 } else { 0.0 };
        format!("{x},{}", 1.0 - (-force(x) - extra).exp())
    };
    let rows = (45..=140).map(row).collect::<Vec<_>>().join("\n");
    let toml = format!(
        "{HEAD}{}[mortality.lives]\nprobability = {{ file = \"q.csv\", column = \"q\", unit = \"probability\" }}\n\
         [values]\na = {{ of = \"annuity\", mortality = \"lives\", age = 45 }}\n",
        interest(number(&heavier.inputs, "interest"))
    );
    let found = values(&toml, &[("q.csv", format!("age,q\n{rows}\n"))]);
    let off = 100.0 * found["a"] - number(&heavier.expected, "answer");
    assert!(off.abs() <= heavier.tolerance("abs"), "{}", found["a"]);
}

fn standard_ultimate(case: &Case) {
    let age = &case.inputs["age"];
    let mut toml = format!(
        "{HEAD}{}[mortality.lives]\nmakeham = {{ a = 0.00022, b = 0.0000027, c = 1.124 }}\n[values]\n\
         at_20 = {{ of = \"survivors\", mortality = \"lives\", age = 20 }}\n\
         l_x = {{ of = \"survivors\", mortality = \"lives\", age = {age} }}\n\
         q_x = {{ of = \"insurance\", mortality = \"lives\", age = {age}, years = 1, \
         interest = {{ value = 0, unit = \"share a year\" }} }}\n",
        interest(number(&case.inputs, "interest"))
    );
    for (name, rest) in [
        ("a_x", "annuity\""),
        ("A_x", "insurance\""),
        ("2A_x", "insurance\", moment = 2"),
        ("a_x:10", "annuity\", years = 10"),
        ("a_x:20", "annuity\", years = 20"),
        ("A_x:10", "endowment_insurance\", years = 10"),
        ("A_x:20", "endowment_insurance\", years = 20"),
        ("5_E_x", "endowment\", years = 5"),
        ("10_E_x", "endowment\", years = 10"),
        ("20_E_x", "endowment\", years = 20"),
    ] {
        let rest = rest.replacen('"', "\", mortality = \"lives\"", 1);
        let name = key_of(name);
        toml.push_str(&format!("{name} = {{ of = \"{rest}, age = {age} }}\n"));
    }
    let found = values(&toml, &[]);
    for (name, expected) in case.expected.as_object().unwrap() {
        let expected = expected.as_f64().unwrap();
        let value = match name.as_str() {
            "l_x" => 1e5 * found["l_x"] / found["at_20"],
            "q_x" => found["q_x"],
            name => found[&key_of(name)],
        };
        let digits = expected.to_string().split_once('.').map_or(0, |(_, part)| part.len());
        let last = 10_f64.powi(-i32::try_from(digits).unwrap());
        assert!((value - expected).abs() <= last, "{} {name}: {value} {expected}", case.id);
    }
}

/// A name of a value, which is a lower-case word.
fn key_of(symbol: &str) -> String {
    let symbol = symbol.replace(':', "_to_").replace("2A", "second_A");
    let symbol = symbol.replace("A_x", "insurance").replace("a_x", "annuity");
    format!("v_{}", symbol.to_lowercase())
}

/// Two short tables of lives: the last of two survivors.
pub(crate) fn the_last_of_two_lives_meets_the_textbook(folder: &Path) {
    let case = case(folder, "life-amlcr-9-1");
    let table = |key: &str, first: usize| {
        let rows = case.inputs[key].as_array().unwrap().iter().enumerate();
        let rows = rows.map(|(at, l)| format!("{},{l}", first + at)).collect::<Vec<_>>();
        format!("x,lx\n{}\n", rows.join("\n"))
    };
    let files = [("x.csv", table("l_x_from_65", 65)), ("y.csv", table("l_y_from_60", 60))];
    let file = |name: &str| {
        format!(
            "survivors = {{ file = \"{name}.csv\", age = \"x\", column = \"lx\", unit = \"persons\" }}"
        )
    };
    let of = |kind: &str, rest: &str| {
        format!(
            "{{ of = \"{kind}\", mortality = \"x\", age = 65, {rest}, \
             other = {{ mortality = \"y\", age = 60, status = \"last\" }} }}"
        )
    };
    let toml = format!(
        "{HEAD}{}[mortality.x]\n{}\n[mortality.y]\n{}\n[values]\na = {}\np = {}\n",
        interest(number(&case.inputs, "interest")),
        file("x"),
        file("y"),
        of("annuity", "years = 5"),
        of("endowment", "years = 2, interest = { value = 0, unit = \"share a year\" }")
    );
    let found = values(&toml, &files);
    let within = case.tolerance("abs");
    for (key, expected) in [
        ("a", "last_survivor_annuity_due_5_payments"),
        ("p", "prob_at_least_one_alive_after_2_years"),
    ] {
        let off = found[key] - number(&case.expected, expected);
        assert!(off.abs() <= within, "{key}: {}", found[key]);
    }
}

/// Commutation functions, annuities and an insurance of a national table.
pub(crate) fn commutation_functions_meet_two_programs(folder: &Path) {
    for id in ["comm-tv7377-40", "comm-tv7377-65"] {
        let case = case(folder, id);
        let age = &case.inputs["age"];
        let mut toml = format!(
            "{HEAD}{}{}[values]\n",
            interest(number(&case.inputs, "interest")),
            survivors(&case, "tv7377_lx.csv")
        );
        for (name, of) in [
            ("l", "survivors\""),
            ("d", "discounted\""),
            ("n", "discounted_sum\""),
            ("m", "deaths_sum\""),
            ("c", "deaths\""),
            ("annuity_due", "annuity\""),
            ("annuity_immediate", "annuity\", paid = \"end\""),
            (
                "annuity_due_monthly_minus_11_24",
                "annuity\", times_a_year = 12, within = \"two_terms\"",
            ),
            ("insurance", "insurance\""),
        ] {
            let of = of.replacen('"', "\", mortality = \"lives\"", 1);
            toml.push_str(&format!("{name} = {{ of = \"{of}, age = {age} }}\n"));
        }
        let found = values(&toml, &[]);
        for (name, expected) in case.expected.as_object().unwrap() {
            // Survivors of a table of the file are counted from one at its first age.
            let radix = if name.len() == 1 { 1e5 } else { 1.0 };
            let value = radix * found[&name.to_lowercase()];
            near(name, value, expected.as_f64().unwrap(), case.tolerance("rel"));
        }
    }
}

/// A table of several decrements.
pub(crate) fn a_table_of_three_decrements_meets_the_lecture(folder: &Path) {
    let case = case(folder, "mdt-valdez");
    let column = |key: &str| -> Vec<f64> {
        case.inputs[key].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
    };
    let causes = ["heart", "accident", "other"];
    let causes = causes.map(|cause| (cause.to_owned(), column(&format!("d_{cause}"))));
    let table = DecrementTable::new(50, column("l"), causes.to_vec()).unwrap();
    let within = case.tolerance("abs");
    let heart = table.leaving("heart", 50, 3).unwrap() / column("l")[0];
    for (found, key) in [
        (table.leaving("other", 51, 2).unwrap(), "d_other_51_to_53"),
        (table.staying(50, 3).unwrap(), "p_total_3_from_50"),
        (heart, "q_heart_3_from_50"),
    ] {
        assert!((found - number(&case.expected, key)).abs() <= within, "{key}: {found}");
    }
}

/// A plan in TOML: what differs between the cases.
struct Plan<'a> {
    head: String,
    /// After the head: the tables of `[plan]`.
    plan: &'a str,
    law: String,
    /// Age, service, earnings.
    members: Vec<(i32, i32, f64)>,
    /// Age and amount.
    pensioners: Vec<(i32, f64)>,
}

impl Plan<'_> {
    fn run(&self, methods: &str, files: &[(&str, String)]) -> LiabilityResults {
        let folder = CountryFolder::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        let mut toml = format!(
            "{HEAD}{}[plan]\nlaws = [\"law.toml\"]\nmethods = [{methods}]\nmortality = {{ pensioners = \"lives\" }}\n{}",
            self.head, self.plan
        );
        toml.push_str("[plan.members]\nfile = \"members.csv\"\nunit = \"crown a year\"\n");
        let members =
            self.members.iter().map(|(age, service, pay)| format!("male,{age},{service},1,{pay}"));
        folder.write_rows("members.csv", "sex,age,service,persons,earnings", members);
        if !self.pensioners.is_empty() {
            toml.push_str(
                "[plan.pensioners]\nfile = \"pensioners.csv\"\nunit = \"crown a year\"\n",
            );
            let rows = self.pensioners.iter();
            let rows = rows.map(|(age, amount)| format!("pension,male,{age},1,{amount}"));
            folder.write_rows("pensioners.csv", "benefit,sex,age,persons,amount", rows);
        }
        folder.write("plan.toml", &toml);
        folder.write("law.toml", &self.law);
        run(&folder)
    }
}

const DEATHS: &str = "[plan.exits.death]\ncause = \"death\"\nmortality = \"lives\"\n";

fn law(accrual: f64, window: &str, event: &str) -> String {
    format!(
        "source = \"a case\"\n[rules.age]\nunit = \"years\"\nin_force = [{{ from = 1900-01-01, value = 65 }}]\n\
         [rules.accrual]\nunit = \"share a year\"\nin_force = [{{ from = 1900-01-01, value = {accrual} }}]\n\
         [rules.years]\nunit = \"years\"\nin_force = [{{ from = 1900-01-01, value = {window} }}]\n\
         [reference_earnings.final]\nwindow.last = \"years\"\nrevalued = {{ by = \"hold\" }}\n\
         [indexation.prices]\nafter = {{ by = \"prices\", month = 1 }}\n\
         [benefits.pension]\nkind = \"pension\"\naccount = \"fund\"\nindexation = \"prices\"\n{event}"
    )
}

const AT_AGE: &str = "condition = { event = \"age\", age = \"age\" }\n\
    steps = [{ reference_earnings = [\"final\"] }, { accrual = { rate = \"accrual\", counting = \"months\" } }]\n";

fn of(member: &MemberValues, method: CostMethod) -> (f64, f64) {
    let cost = member.costs.iter().find(|cost| cost.method == method).unwrap();
    (sum_of(&cost.normal_cost), sum_of(&cost.accrued))
}

/// Unit credit and entry age of a flat pension.
pub(crate) fn a_flat_pension_costs_what_two_methods_say(folder: &Path) {
    let case = case(folder, "puc-ean-tv7377");
    let within = case.tolerance("rel");
    let law = "source = \"a case\"\n[rules.age]\nunit = \"years\"\nin_force = [{ from = 1900-01-01, value = 65 }]\n\
        [amounts.one]\nunit = \"crown a year\"\nin_force = [{ from = 1900-01-01, value = 1 }]\n\
        [benefits.pension]\nkind = \"pension\"\naccount = \"fund\"\n\
        condition = { event = \"age\", age = \"age\" }\nsteps = [{ flat = { amount = \"one\" } }]\n";
    let expected = case.expected["by_age"].as_object().unwrap();
    let ages: Vec<i32> = expected.keys().map(|age| age.parse().unwrap()).collect();
    let plan = Plan {
        head: interest(number(&case.inputs, "interest")) + &survivors(&case, "tv7377_lx.csv"),
        plan: &format!("last_age = 65\n{DEATHS}"),
        law: law.to_owned(),
        members: ages.iter().filter(|age| **age < 65).map(|age| (*age, age - 25, 1.0)).collect(),
        pensioners: ages.iter().filter(|age| 65 <= **age).map(|age| (*age, 1.0)).collect(),
    };
    let results = plan.run("\"projected_unit\", \"entry_age_money\"", &[]).plan.unwrap();
    for (member, (age, ..)) in results.members.iter().zip(&plan.members) {
        let expected = &expected[&age.to_string()];
        let benefits = sum_of(&member.present.benefits);
        near("pvfb", benefits, number(expected, "pvfb"), within);
        for (method, name) in
            [(CostMethod::ProjectedUnit, "puc"), (CostMethod::EntryAgeMoney, "ean")]
        {
            let (cost, accrued) = of(member, method);
            near(name, cost, number(expected, &format!("{name}_nc")), within);
            let liability = number(expected, &format!("{name}_al"));
            assert!((accrued - liability).abs() <= within * liability.max(1.0), "{name} {accrued}");
        }
    }
    for (value, (age, _)) in results.pensioners.iter().zip(&plan.pensioners) {
        near("pension", *value, number(&expected[&age.to_string()], "pvfb"), within);
    }
}

/// Entry age, level share of earnings, with one survival for every age.
pub(crate) fn entry_age_costs_meet_the_closed_form(folder: &Path) {
    let case = case(folder, "ana-15-ean-constant-survival");
    let within = case.tolerance("rel");
    let expected = by_age(&case.expected["accrued_liability_by_service_years"]);
    let growth = |years: i32| 1.03_f64.powi(years);
    let plan = Plan {
        head: interest(number(&case.inputs, "interest"))
            + "[mortality.lives]\nprobability = { value = 0.02, unit = \"probability\" }\n",
        plan: "last_age = 65\nearnings.growth = { value = 0.03, unit = \"share a year\" }\n\
            [plan.exits.death]\ncause = \"death\"\nmortality = \"lives\"\n",
        law: law(0.015, "1", AT_AGE),
        members: expected.keys().map(|years| (25 + years, *years, growth(*years))).collect(),
        pensioners: vec![(65, 1.0)],
    };
    let results = plan.run("\"entry_age\"", &[]).plan.unwrap();
    // Nobody lives past 150 years, where (0.98/1.05)^85 of the annuity is left out: 3e-3 of it.
    let left_out = (0.98_f64 / 1.05).powi(150);
    near(
        "annuity",
        results.pensioners[0],
        number(&case.expected, "annuity_due"),
        within + left_out,
    );
    for (member, (years, accrued)) in results.members.iter().zip(&expected) {
        let (cost, found) = of(member, CostMethod::EntryAge);
        if *years < 40 {
            let rate = cost / growth(*years);
            near("rate", rate, number(&case.expected, "normal_cost_rate"), within + left_out);
        }
        let allowed = (within + left_out) * accrued.max(1.0);
        assert!((found - accrued).abs() <= allowed, "{years}: {found} {accrued}");
    }
}

/// Contribution rates and reserves of unit credit with final pay.
pub(crate) fn unit_credit_of_final_pay_meets_the_vignette(folder: &Path) {
    let case = case(folder, "clem-rates-projected_unit");
    let within = case.tolerance("rel");
    let (rates, reserves) =
        (by_age(&case.expected["contribution_rate"]), by_age(&case.expected["reserve"]));
    let growth = |age: i32| 1.06_f64.powi(age - 25);
    let mut ages: Vec<i32> = rates.keys().chain(reserves.keys()).copied().collect();
    ages.sort_unstable();
    ages.dedup();
    let amount = |age: i32| 40.0 / 60.0 * growth(64) * 1.03_f64.powi(age - 65);
    let plan = Plan {
        head: interest(number(&case.inputs, "interest"))
            + &survivors(&case, "italy_male_1981_lx.csv"),
        plan: "last_age = 65\nearnings.growth = { value = 0.06, unit = \"share a year\" }\n\
            indices.prices = { value = 0.03, unit = \"share a year\" }\n\
            [plan.exits.death]\ncause = \"death\"\nmortality = \"lives\"\n",
        law: law(1.0 / 60.0, "1", AT_AGE),
        members: ages
            .iter()
            .filter(|age| **age < 65)
            .map(|age| (*age, age - 25, growth(*age)))
            .collect(),
        pensioners: ages.iter().filter(|age| 65 <= **age).map(|age| (*age, amount(*age))).collect(),
    };
    let results = plan.run("\"projected_unit\"", &[]).plan.unwrap();
    for (member, (age, _, pay)) in results.members.iter().zip(&plan.members) {
        let (cost, accrued) = of(member, CostMethod::ProjectedUnit);
        if let Some(rate) = rates.get(age) {
            near("rate", cost / pay, *rate, within);
        }
        if let Some(reserve) = reserves.get(age) {
            near("reserve", accrued, *reserve, within);
        }
    }
    for (value, (age, _)) in results.pensioners.iter().zip(&plan.pensioners) {
        near("pension", *value, reserves[age], within);
    }
}

/// An invalidity pension from one age out of a table of several decrements.
pub(crate) fn invalidity_in_a_table_of_decrements_meets_the_vignette(folder: &Path) {
    let case = case(folder, "pf-disability-benefit_prorate_constant_dollar");
    let within = case.tolerance("rel");
    let benefits = by_age(&case.expected["pvfb"]);
    let accrued = by_age(&case.expected["accrued_liability"]);
    let costs = by_age(&case.expected["normal_cost"]);
    let file = case.tables.join("soa_ist_mdt.csv");
    let rates = |column: &str| {
        format!(
            "rates = {{ file = \"{}\", age = \"x\", column = \"{column}\", over = \"lx\" }}\n",
            file.display()
        )
    };
    // The case values the invalids of age 53 alone; those of other ages leave without a benefit.
    let text = std::fs::read_to_string(&file).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    let at_53 = rows.iter().find(|row| row.starts_with("53,")).unwrap();
    let one = format!("{}\n{at_53}\n", rows[0]);
    let others: Vec<&str> = rows.iter().filter(|row| !row.starts_with("53,")).copied().collect();
    let law = law(
        1.0,
        "5",
        "condition = { event = \"invalidity\" }\nends.after = \"ends\"\nsteps = [{ reference_earnings = [\"final\"] }]\n",
    ) + "[rules.ends]\nunit = \"years\"\nin_force = [{ from = 1900-01-01, value = 39 }]\n";
    let growth = |age: i32| 1.06_f64.powi(age - 30);
    let plan = Plan {
        head: interest(number(&case.inputs, "interest")) + &survivors(&case, "soa08_lx.csv"),
        plan: &format!(
            "last_age = 70\nearnings.growth = {{ value = 0.06, unit = \"share a year\" }}\n\
             indices.prices = {{ value = 0.03, unit = \"share a year\" }}\n\
             [plan.exits.death]\ncause = \"death\"\n{}\
             [plan.exits.leaving]\ncause = \"withdrawal\"\n{}\
             [plan.exits.other_invalids]\ncause = \"withdrawal\"\n\
             rates = {{ file = \"others.csv\", age = \"x\", column = \"inability\", over = \"lx\" }}\n\
             [plan.exits.invalids]\ncause = \"invalidity\"\nat = \"start\"\n\
             rates = {{ file = \"one.csv\", age = \"x\", column = \"inability\", over = \"lx\" }}\n\
             [plan.exits.retiring]\ncause = \"retirement\"\nat = \"end\"\n{}",
            rates("death"),
            rates("withdrawal"),
            rates("retirement")
        ),
        law,
        members: benefits.keys().map(|age| (*age, age - 20, growth(*age))).collect(),
        pensioners: Vec::new(),
    };
    let files = [("one.csv", one), ("others.csv", others.join("\n") + "\n")];
    let results = plan.run("\"projected_unit\"", &files).plan.unwrap();
    for (member, (age, ..)) in results.members.iter().zip(&plan.members) {
        let (cost, liability) = of(member, CostMethod::ProjectedUnit);
        near("pvfb", sum_of(&member.present.benefits), benefits[age], within);
        near("liability", liability, accrued[age], within);
        if let Some(expected) = costs.get(age) {
            near("cost", cost, *expected, within);
        }
    }
}

/// Earnings, accrued benefits and the liability on termination of Winklevoss's model plan.
#[expect(clippy::too_many_lines, reason = "one plan that serves two cases")]
pub(crate) fn the_model_plan_of_winklevoss_is_met(folder: &Path) {
    let case = case(folder, "win-salary-and-benefit");
    let termination = self::case(folder, "win-plan-termination-liability");
    let within = case.tolerance("rel");
    let file = case.tables.join("winklevoss_entry30.csv");
    let pay = by_age(&case.expected["salary_at"]);
    let benefit = by_age(&case.expected["accrued_benefit_begin_of_year"]);
    let in_year = by_age(&case.expected["benefit_accrual_in_year"]);
    let percent = by_age(&termination.expected["percent_of_age_65_value"]);
    let rates =
        |column: &str| format!("file = \"{}\", column = \"{column}\", unit = ", file.display());
    let head = format!(
        "{}[mortality.lives]\nprobability = {{ {}\"probability\" }}\n",
        interest(number(&case.inputs, "interest")),
        rates("q_mortality")
    );
    let all: Vec<i32> = (30..=65).collect();
    let merit: BTreeMap<i32, f64> = std::fs::read_to_string(&file)
        .unwrap()
        .lines()
        .skip(1)
        .filter_map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            Some((cells[0].parse().ok()?, cells[4].parse().ok()?))
        })
        .collect();
    let level = |age: i32| merit[&age.min(64)] / merit[&30] * 1.05_f64.powi(age - 30);
    for (age, expected) in &pay {
        near("pay", level(*age), *expected, within);
    }
    let plan = Plan {
        head,
        plan: &format!(
            "last_age = 65\nrates = \"independent_uniform\"\nearnings.growth = {{ value = 0.05, unit = \"share a year\" }}\n\
             earnings.levels = {{ {}\"index\" }}\n{DEATHS}",
            rates("merit_scale")
        ),
        law: law(0.015, "5", AT_AGE),
        members: all.iter().map(|age| (*age, age - 30, level(*age))).collect(),
        pensioners: vec![(65, 1.0)],
    };
    let results = plan.run("\"current_unit\"", &[]).plan.unwrap();
    let annuity = results.pensioners[0];
    let last = results.members.last().map(|member| of(member, CostMethod::CurrentUnit).1).unwrap();
    near("at 65", last, number(&termination.expected, "age_65_value"), 1e-6);
    let mut alive = BTreeMap::from([(65, 1.0)]);
    for age in (30..65).rev() {
        let q_x = mortality(&file, age);
        let next: f64 = alive[&(age + 1)];
        alive.insert(age, next * (1.0 - q_x) / 1.08);
    }
    for (member, age) in results.members.iter().zip(&all) {
        let (cost, liability) = of(member, CostMethod::CurrentUnit);
        if let Some(expected) = benefit.get(age) {
            near("benefit", liability / alive[age] / annuity, *expected, within);
        }
        if let Some(expected) = in_year.get(age) {
            near("accrual", cost / alive[age] / annuity, *expected, within);
        }
        if let Some(expected) = percent.get(age) {
            let found = 100.0 * liability / last;
            // The source gives six decimals.
            let off = (found - expected).abs();
            assert!(off <= termination.tolerance("rel") * expected + 1e-6, "{age}: {found}");
        }
    }
}

fn mortality(file: &Path, age: i32) -> f64 {
    let text = std::fs::read_to_string(file).unwrap();
    let row = text.lines().find(|row| row.starts_with(&format!("{age},"))).unwrap();
    row.split(',').nth(1).unwrap().parse().unwrap()
}
