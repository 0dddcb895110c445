use std::fs;
use std::path::Path;

use perennis_assumptions::read_person;
use perennis_tests::{Case, cases};

fn case(folder: &Path, id: &str) -> Case {
    let cases = cases(folder);
    cases.into_iter().find(|case| case.id == id).expect("the case is in the folder")
}

/// Present values of annuities and insurances of two lives of these ages, under their names.
fn present_value(case: &Case, ages: (i32, i32), stream: &str) -> f64 {
    let table = case.tables.join("soa_illustrative_lx.csv");
    let law = Path::new(env!("CARGO_MANIFEST_DIR")).join("law/flat_pension.toml");
    let survival =
        format!("survival = {{ file = \"{}\", age = \"x\", column = \"lx\" }}", table.display());
    let text = format!(
        "source = \"illustrative life table\"\nunit = \"persons\"\ncurrency = \"crown\"\n\
         laws = [\"{}\"]\n\
         [person]\nborn = {}-01-01\nsex = \"male\"\n\
         [claim]\ndate = 2000-01-01\n\
         [family]\nspouse = {{ born = {}-01-01 }}\n\
         [prospects]\ninterest = {{ value = 0.06, unit = \"share a year\" }}\n\
         person.{survival}\nspouse.{survival}\n{stream}\n",
        law.display(),
        2000 - ages.0,
        2000 - ages.1,
    );
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("person.toml");
    fs::write(&file, text).expect("the folder can be written");
    let loaded = read_person(&file, &[]).unwrap_or_else(|rejected| panic!("{:?}", rejected.faults));
    let result = loaded.entitlements().expect("the law applies");
    let expected = result.claims[0].expected.as_ref().expect("prospects are given");
    let valued = expected.annuities.iter().chain(&expected.insurances).next();
    valued.expect("one stream is asked for").present_value
}

/// Annuities and an insurance on two lives of the illustrative life table, through a person file.
pub(crate) fn annuities_on_two_lives_meet_the_published_values(folder: &Path) {
    let case = case(folder, "life-ilt-reversionary");
    let annuity = |to: &str| format!("annuities.x.to = \"{to}\"");
    for (key, ages, stream) in [
        ("last_survivor_annuity_due_50_60", (60, 50), annuity("either")),
        (
            "reversionary_annuity_due_to_50_after_death_of_60",
            (60, 50),
            annuity("spouse_after_person"),
        ),
        ("joint_annuity_due_60_70", (70, 60), annuity("both")),
        ("last_survivor_insurance_60_70", (70, 60), "insurances.x.on_death = \"last\"".to_owned()),
        (
            "temporary_joint_annuity_immediate_30_40_10y",
            (40, 30),
            "annuities.x = { to = \"both\", payments = \"end\", years = 10 }".to_owned(),
        ),
    ] {
        let expected = case.expected[key].as_f64().expect("a number");
        let found = present_value(&case, ages, &stream);
        // Printed to four or five digits, which the tolerance of the case allows for.
        let near = (found - expected).abs() <= case.tolerance("rel") * expected.max(1.0);
        assert!(near, "{key}: {found} is not {expected}");
    }
}
