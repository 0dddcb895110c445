use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::accounts::{Assets, Flows, Smoothing, Transfer};
use crate::parts::{Quantity, Series};

/// The funds: reserves, interest, borrowing and administration.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Finance {
    /// The accounts by name; every account that a scheme or a branch pays into or out of must be among them.
    pub(crate) accounts: BTreeMap<String, Account>,
    /// What the accounts pay to one another, by name; paid in the alphabetical order of the names.
    pub(crate) transfers: Option<BTreeMap<String, Transfer>>,
    /// When in the year the flows of the accounts fall; at mid-year when left out.
    pub(crate) flows: Option<Flows>,
}

/// One account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    /// `reserve`: a fund with a reserve of its own. `state_budget`: no reserve; the State pays what other income does
    /// not.
    pub(crate) kept_as: KeptAs,
    /// Reserve at the start of the first year, not negative; for a fund with a reserve.
    pub(crate) opening_reserve: Option<Quantity>,
    /// Debt at the start of the first year, in place of a reserve; nothing when left out.
    pub(crate) opening_debt: Option<Quantity>,
    /// Nominal interest of the fund, a share a year, where it differs from that of the economy; with `assets`, the
    /// return expected of them.
    pub(crate) interest: Option<Series>,
    /// What happens when the reserve is gone: `borrow`, or `state_pays`; for a fund with a reserve.
    pub(crate) when_exhausted: Option<WhenExhausted>,
    /// What a loan costs above the interest of the reserve, a share a year, not negative; for `borrow`.
    pub(crate) borrowing_margin: Option<Quantity>,
    /// The classes of assets in which the reserve is held, by name.
    pub(crate) assets: Option<BTreeMap<String, Assets>>,
    /// How returns that were not expected enter the smoothed value of the assets.
    pub(crate) smoothing: Option<Smoothing>,
    /// Cost of administration; none when left out.
    pub(crate) administration: Option<Administration>,
}

/// How an account is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeptAs {
    /// A fund with a reserve.
    Reserve,
    /// A part of the State budget.
    StateBudget,
}

/// What happens when a reserve is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenExhausted {
    /// The fund borrows, and repays from its surpluses before it builds a reserve again.
    Borrow,
    /// The State budget pays the shortfall of the year.
    StatePays,
}

/// The cost of administration: a share of insured earnings, or an amount of the first year that grows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Administration {
    /// Share of the insured earnings of the account.
    pub(crate) share_of_earnings: Option<Series>,
    /// Cost in the first year of the valuation.
    pub(crate) amount: Option<Quantity>,
    /// What `amount` grows with: `wages` or `prices`.
    pub(crate) grows_with: Option<GrowsWith>,
}

/// What a cost grows with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GrowsWith {
    /// Wages of a fixed composition.
    Wages,
    /// Consumer prices.
    Prices,
}
