use perennis_cohort::{Entry, InPayment, Item};

/// A part of the pay-as-you-go rate; the parts add up to the rate.
#[derive(Clone, Debug, PartialEq)]
pub struct PaygPart {
    /// Name of the periodic benefit, or `grants`, `administration` or `transfers_out`.
    pub part: String,
    /// Person-years in payment over contributor-years; absent where the part is not a periodic benefit.
    pub dependency: Option<f64>,
    /// Mean yearly benefit over mean yearly insured earnings; absent where the part is not a periodic benefit.
    pub replacement: Option<f64>,
    /// Contribution to the rate; `dependency` times `replacement` for a periodic benefit.
    pub rate: f64,
}

/// What contributors earn in a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WageBill {
    /// Insured earnings, currency.
    pub(crate) earnings: f64,
    /// Contributor-years.
    pub(crate) contributor_years: f64,
}

/// Returns the additive parts of the pay-as-you-go rate; none without insured earnings.
///
/// # Formula
///
/// `PAYG = sum over periodic benefits of (person-years / contributor-years) * (mean benefit / mean insured earnings)
/// + (grants + administration + transfers out) / insured earnings`
///
/// # Source
///
/// S. Iyer, *Actuarial mathematics of social security pensions*, ch. 1: demographic ratio times financial ratio.
pub(crate) fn parts(entries: &[Entry], in_payment: &[InPayment], bill: WageBill) -> Vec<PaygPart> {
    if bill.earnings <= 0.0 {
        return Vec::new();
    }
    let periodic = in_payment.iter().map(|benefit| periodic_part(benefit, bill));
    let others =
        [("grants", 0), ("administration", 1), ("transfers_out", 2)].map(|(part, kind)| {
            let of_kind = entries.iter().filter(|entry| match &entry.item {
                Item::Benefit(name) => {
                    kind == 0 && !in_payment.iter().any(|one| one.benefit == *name)
                }
                Item::Administration => kind == 1,
                Item::TransfersOut => kind == 2,
                _ => false,
            });
            let amount: f64 = of_kind.map(|entry| entry.amount).sum();
            let rate = amount / bill.earnings;
            PaygPart { part: part.into(), dependency: None, replacement: None, rate }
        });
    periodic.chain(others.into_iter().filter(|part| 0.0 < part.rate)).collect()
}

fn periodic_part(benefit: &InPayment, bill: WageBill) -> PaygPart {
    let mean_earnings = bill.earnings / bill.contributor_years;
    let known = 0.0 < benefit.person_years && 0.0 < bill.contributor_years;
    PaygPart {
        part: benefit.benefit.clone(),
        dependency: known.then(|| benefit.person_years / bill.contributor_years),
        replacement: known.then(|| benefit.amount / benefit.person_years / mean_earnings),
        rate: benefit.amount / bill.earnings,
    }
}
