//! Tests that need the reference folder; see `tests/src`.
#![expect(clippy::unwrap_used, reason = "a comparison that cannot go on is reported as failed")]

mod benefit_cases;
mod closed_forms;
mod cohort_component;
mod demography_cases;
mod fund_cases;
mod fund_textbook;
mod health_cases;
mod labour_estimates;
mod law_cases;
mod person_cases;
mod plan_cases;
mod steady_populations;
mod textbook_country;
mod textbook_generations;
mod world_population;

use std::process::ExitCode;

use perennis_tests::{ReferenceTest, run};

#[expect(clippy::too_many_lines, reason = "one long list")]
fn main() -> ExitCode {
    run(&[
        ReferenceTest {
            name: "annuities_on_two_lives_meet_the_published_values",
            body: person_cases::annuities_on_two_lives_meet_the_published_values,
        },
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
            name: "published_amortisation_factors_are_met",
            body: fund_cases::published_amortisation_factors_are_met,
        },
        ReferenceTest {
            name: "rates_and_balances_follow_from_published_counts",
            body: fund_cases::rates_and_balances_follow_from_published_counts,
        },
        ReferenceTest {
            name: "a_new_scheme_has_the_premium_of_its_closed_form",
            body: fund_cases::a_new_scheme_has_the_premium_of_its_closed_form,
        },
        ReferenceTest {
            name: "a_mature_scheme_returns_the_growth_of_earnings",
            body: fund_cases::a_mature_scheme_returns_the_growth_of_earnings,
        },
        ReferenceTest {
            name: "premiums_of_the_textbook_scheme_are_the_printed_ones",
            body: fund_textbook::premiums_of_the_textbook_scheme_are_the_printed_ones,
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
        ReferenceTest {
            name: "earners_of_the_maximum_have_the_printed_benefits",
            body: benefit_cases::earners_of_the_maximum_have_the_printed_benefits,
        },
        ReferenceTest {
            name: "the_primary_amount_bends_where_the_case_says",
            body: benefit_cases::the_primary_amount_bends_where_the_case_says,
        },
        ReferenceTest {
            name: "a_widow_has_her_share_of_the_primary_amount",
            body: benefit_cases::a_widow_has_her_share_of_the_primary_amount,
        },
        ReferenceTest {
            name: "points_times_factors_times_value",
            body: benefit_cases::points_times_factors_times_value,
        },
        ReferenceTest {
            name: "the_additional_period_counts_at_the_average_of_the_time_before",
            body: benefit_cases::the_additional_period_counts_at_the_average_of_the_time_before,
        },
        ReferenceTest {
            name: "long_low_earnings_are_topped_up",
            body: benefit_cases::long_low_earnings_are_topped_up,
        },
        ReferenceTest {
            name: "french_reductions_bonuses_and_minima_agree",
            body: benefit_cases::french_reductions_bonuses_and_minima_agree,
        },
        ReferenceTest {
            name: "french_points_are_bought_at_the_reference_salary",
            body: benefit_cases::french_points_are_bought_at_the_reference_salary,
        },
        ReferenceTest {
            name: "fifty_quarters_give_their_scale",
            body: benefit_cases::fifty_quarters_give_their_scale,
        },
        ReferenceTest {
            name: "the_balance_ratio_is_assets_over_liability",
            body: benefit_cases::the_balance_ratio_is_assets_over_liability,
        },
        ReferenceTest {
            name: "two_working_periods_give_the_notional_pension_of_the_model",
            body: benefit_cases::two_working_periods_give_the_notional_pension_of_the_model,
        },
        ReferenceTest {
            name: "notional_accounts_balance_in_the_steady_state",
            body: closed_forms::notional_accounts_balance_in_the_steady_state,
        },
        ReferenceTest {
            name: "a_point_in_a_steady_state_has_its_value",
            body: closed_forms::a_point_in_a_steady_state_has_its_value,
        },
        ReferenceTest {
            name: "active_invalid_and_dead_follow_each_other",
            body: closed_forms::active_invalid_and_dead_follow_each_other,
        },
        ReferenceTest {
            name: "every_cohort_of_a_stable_country_has_the_growth_of_its_wage_bill",
            body:
                steady_populations::every_cohort_of_a_stable_country_has_the_growth_of_its_wage_bill,
        },
        ReferenceTest {
            name: "steady_countries_pay_the_rate_of_their_closed_form",
            body: steady_populations::steady_countries_pay_the_rate_of_their_closed_form,
        },
        ReferenceTest {
            name: "a_new_scheme_of_a_stable_country_has_its_premium",
            body: steady_populations::a_new_scheme_of_a_stable_country_has_its_premium,
        },
        ReferenceTest {
            name: "the_textbook_scheme_grows_as_printed",
            body: textbook_country::the_textbook_scheme_grows_as_printed,
        },
        ReferenceTest {
            name: "the_textbook_scheme_has_the_printed_premiums",
            body: textbook_country::the_textbook_scheme_has_the_printed_premiums,
        },
        ReferenceTest {
            name: "the_textbook_scheme_has_the_printed_ultimate_rates",
            body: textbook_country::the_textbook_scheme_has_the_printed_ultimate_rates,
        },
        ReferenceTest {
            name: "generations_grow_as_printed",
            body: textbook_generations::generations_grow_as_printed,
        },
        ReferenceTest {
            name: "generations_have_the_printed_premiums",
            body: textbook_generations::generations_have_the_printed_premiums,
        },
        ReferenceTest {
            name: "generations_have_the_printed_scaled_premiums",
            body: textbook_generations::generations_have_the_printed_scaled_premiums,
        },
        ReferenceTest {
            name: "generations_have_the_printed_unit_credit",
            body: textbook_generations::generations_have_the_printed_unit_credit,
        },
        ReferenceTest {
            name: "generations_have_the_printed_ultimate_rates",
            body: textbook_generations::generations_have_the_printed_ultimate_rates,
        },
        ReferenceTest {
            name: "a_reversion_begins_when_the_first_life_ends",
            body: closed_forms::a_reversion_begins_when_the_first_life_ends,
        },
        ReferenceTest {
            name: "annuities_and_insurances_meet_the_illustrative_table",
            body: plan_cases::annuities_and_insurances_meet_the_illustrative_table,
        },
        ReferenceTest {
            name: "annuities_of_laws_of_mortality_meet_their_cases",
            body: plan_cases::annuities_of_laws_of_mortality_meet_their_cases,
        },
        ReferenceTest {
            name: "the_last_of_two_lives_meets_the_textbook",
            body: plan_cases::the_last_of_two_lives_meets_the_textbook,
        },
        ReferenceTest {
            name: "commutation_functions_meet_two_programs",
            body: plan_cases::commutation_functions_meet_two_programs,
        },
        ReferenceTest {
            name: "a_table_of_three_decrements_meets_the_lecture",
            body: plan_cases::a_table_of_three_decrements_meets_the_lecture,
        },
        ReferenceTest {
            name: "a_flat_pension_costs_what_two_methods_say",
            body: plan_cases::a_flat_pension_costs_what_two_methods_say,
        },
        ReferenceTest {
            name: "entry_age_costs_meet_the_closed_form",
            body: plan_cases::entry_age_costs_meet_the_closed_form,
        },
        ReferenceTest {
            name: "unit_credit_of_final_pay_meets_the_vignette",
            body: plan_cases::unit_credit_of_final_pay_meets_the_vignette,
        },
        ReferenceTest {
            name: "invalidity_in_a_table_of_decrements_meets_the_vignette",
            body: plan_cases::invalidity_in_a_table_of_decrements_meets_the_vignette,
        },
        ReferenceTest {
            name: "the_model_plan_of_winklevoss_is_met",
            body: plan_cases::the_model_plan_of_winklevoss_is_met,
        },
    ])
}
