mod attribute;
mod check;
mod compare;
mod diff;
mod finance;
mod person;
mod schema;
mod show;
mod value;

pub(crate) use attribute::attribute;
pub(crate) use check::check;
pub(crate) use compare::compare;
pub(crate) use diff::diff;
pub(crate) use finance::{finance, solve};
pub(crate) use person::person;
pub(crate) use schema::schema;
pub(crate) use show::show;
pub(crate) use value::value;
