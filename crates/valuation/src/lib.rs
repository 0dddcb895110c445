//! One run of the whole model: every stage, year by year.
//!
//! **In:** a [`Model`], that is a checked basis for each stage. **Out:** [`Results`].
//!
//! **Always holds:** the same model gives the same results, whatever the number of threads; a stage reads the stages
//! before it in the same year and every stage up to the year before.
//!
//! **Does not:** read files, the clock, the environment or random numbers.

mod by_generations;
mod goal;
mod insured_lives;
mod model;
mod model_persons;
mod reform;
mod results;
mod run;
mod shift;
mod stress;

pub use perennis_finance::{Course, Found, LeverCost, LeverRange, search};

pub use by_generations::{SchemeByGenerations, SecondError, SecondFigures, by_generations};
pub use goal::{Goal, GoalError};
pub use model::{Model, Title};
pub use model_persons::{
    CareerStart, Fairness, ModelCareer, ModelFigures, ModelPerson, ModelPersons, PovertyLine,
    model_persons,
};
pub use reform::{Effect, alone, grants_for_want_of_credit, run_all, shapley, waterfall};
pub use results::Results;
pub use run::{ValuationError, run};
pub use shift::{Act, Acted, Begins, Change, ChangeError, Quantity, Takes};
pub use stress::StressSize;
