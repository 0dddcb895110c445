pub(crate) mod claiming;
pub(crate) mod classes;
pub(crate) mod collection;
pub(crate) mod invalidity;
pub(crate) mod law;
pub(crate) mod membership;
pub(crate) mod people;
pub(crate) mod wages;

use law::Law;
use people::People;

/// A scheme file: the keys of the law and those of its people stand side by side in it.
#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    /// The law.
    pub(crate) law: Law,
    /// The persons.
    pub(crate) people: People,
}
