mod check;
mod schema;
mod show;
mod value;

pub(crate) use check::check;
pub(crate) use schema::schema;
pub(crate) use show::show;
pub(crate) use value::value;
