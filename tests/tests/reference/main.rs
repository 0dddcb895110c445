//! Tests that need the reference folder; see `tests/src`.
#![expect(clippy::unwrap_used, reason = "a comparison that cannot go on is reported as failed")]

mod cohort_component;
mod demography_cases;
mod fund_cases;
mod health_cases;
mod labour_estimates;
mod law_cases;
mod world_population;

use std::process::ExitCode;

use perennis_tests::{ReferenceTest, run};

fn main() -> ExitCode {
    run(&[
        ReferenceTest {
            name: "all_countries_meet_the_published_population",
            body: world_population::all_countries_meet_the_published_population,
        },
        ReferenceTest {
            name: "life_tables_meet_the_published_expectation_of_life",
            body: world_population::life_tables_meet_the_published_expectation_of_life,
        },
        ReferenceTest {
            name: "files_in_the_public_format_give_the_same_population",
            body: world_population::files_in_the_public_format_give_the_same_population,
        },
        ReferenceTest {
            name: "the_shipped_country_meets_the_published_population",
            body: world_population::the_shipped_country_meets_the_published_population,
        },
        ReferenceTest {
            name: "both_timings_equal_the_projection_functions_of_the_united_nations",
            body:
                cohort_component::both_timings_equal_the_projection_functions_of_the_united_nations,
        },
        ReferenceTest {
            name: "funds_roll_forward_to_the_published_balances",
            body: fund_cases::funds_roll_forward_to_the_published_balances,
        },
        ReferenceTest {
            name: "life_table_cases_agree",
            body: demography_cases::life_table_cases_agree,
        },
        ReferenceTest {
            name: "every_case_is_compared_or_listed_with_its_reason",
            body: demography_cases::every_case_is_compared_or_listed_with_its_reason,
        },
        ReferenceTest {
            name: "labour_force_is_population_times_participation",
            body: labour_estimates::labour_force_is_population_times_participation,
        },
        ReferenceTest {
            name: "a_minimum_pension_of_a_spread_of_wages_costs_its_exact_value",
            body: law_cases::a_minimum_pension_of_a_spread_of_wages_costs_its_exact_value,
        },
        ReferenceTest {
            name: "the_health_cost_rate_follows_ageing_and_prices_of_care",
            body: health_cases::the_health_cost_rate_follows_ageing_and_prices_of_care,
        },
    ])
}
