use crate::{Funding, FundingPath, GenerationError, LifeRequest, Plan, PlanValues, project, value};

/// A plan and what is asked of it.
#[derive(Clone, Debug)]
pub struct LiabilityStudy {
    /// Title of the file.
    pub title: String,
    /// The currency as written in units.
    pub currency: String,
    /// The plan.
    pub plan: Option<Plan>,
    /// Assets and funding.
    pub funding: Option<Funding>,
    /// Values of lives.
    pub values: Vec<LifeRequest>,
}

/// What comes of a [`LiabilityStudy`].
#[derive(Clone, Debug, PartialEq)]
pub struct LiabilityResults {
    /// Liabilities at the valuation.
    pub plan: Option<PlanValues>,
    /// The years to come and the balance sheets, where funding is asked for.
    pub funding: Option<FundingPath>,
    /// Values of lives by name; nothing where nobody of the age is left.
    pub values: Vec<(String, Option<f64>)>,
}

impl LiabilityStudy {
    /// Values what is asked for.
    ///
    /// # Errors
    ///
    /// [`GenerationError`].
    pub fn run(&self) -> Result<LiabilityResults, GenerationError> {
        let plan = self.plan.as_ref().map(value).transpose()?;
        let funding = match (&self.plan, &self.funding) {
            (Some(plan), Some(funding)) => Some(project(plan, funding)?),
            _ => None,
        };
        let values = self.values.iter().map(|one| (one.name.clone(), one.value())).collect();
        Ok(LiabilityResults { plan, funding, values })
    }
}
