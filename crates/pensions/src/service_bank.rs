use crate::basis::SchemeBasis;
use crate::results::InsuredStock;

/// The contributor-years of a scheme that were paid before the start, and where they are found.
///
/// What is held by the insured of the start, the records that are left out as dormant and what awards, refunds and deaths
/// have consumed are together what was paid; the rest is not explained. Person-years.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceBank {
    /// Name of the scheme.
    pub scheme: String,
    /// All that were paid.
    pub paid: f64,
    /// By name: `held_by_active`, `held_by_inactive`, `dormant_records`, and `consumed_by_` what the file names.
    pub found: Vec<(String, f64)>,
}

impl ServiceBank {
    /// Finds them in the stocks at the start; `None` where nobody says what was paid.
    pub(crate) fn new(basis: &SchemeBasis, insured: &[InsuredStock]) -> Option<Self> {
        let paid = basis.service_paid.as_ref()?;
        let held = |credit: fn(&InsuredStock) -> f64| insured.iter().map(credit).sum::<f64>();
        let dormant = |stock: &InsuredStock| {
            let of_group = basis.groups.iter().find(|group| group.name == stock.group);
            let share = of_group.map_or(0.0, |group| group.dormant.get());
            stock.inactive_credit.total(0) * share / (1.0 - share)
        };
        let mut found = vec![
            ("held_by_active".to_owned(), held(|stock| stock.active_credit.total(0))),
            ("held_by_inactive".to_owned(), held(|stock| stock.inactive_credit.total(0))),
            ("dormant_records".to_owned(), insured.iter().map(dormant).sum()),
        ];
        let consumed = paid.consumed.iter();
        found.extend(consumed.map(|(by, years)| (format!("consumed_by_{by}"), *years)));
        Some(Self { scheme: basis.law.scheme.clone(), paid: paid.paid, found })
    }

    /// Returns what was paid and is found nowhere; below zero where more is found than was paid.
    #[must_use]
    pub fn unexplained(&self) -> f64 {
        self.paid - self.found.iter().map(|(_, years)| years).sum::<f64>()
    }
}
