use perennis_units::Probability;

use super::life::{Life, Survival};

/// Probabilities of a year by single ages.
#[derive(Clone, Debug, PartialEq)]
pub enum Incidence {
    /// The same at every age.
    Constant(Probability),
    /// By age; there is none outside the table.
    ByAge {
        /// The first age of the table.
        first_age: u16,
        /// One for each age.
        values: Vec<Probability>,
    },
}

impl Incidence {
    /// Returns the probability at an age in completed years; `None` outside the table.
    #[must_use]
    pub fn at(&self, age: i32) -> Option<f64> {
        match self {
            Self::Constant(value) => Some(value.get()),
            Self::ByAge { first_age, values } => {
                let position = usize::try_from(age - i32::from(*first_age)).ok()?;
                values.get(position).map(|value| value.get())
            }
        }
    }
}

/// The three states active, invalid and dead: dependent probabilities of a year, each change at the end of the year.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalidity {
    /// An active person becomes invalid.
    pub incidence: Incidence,
    /// An active person dies.
    pub death_when_active: Incidence,
    /// An invalid person dies.
    pub death_when_invalid: Incidence,
    /// An invalid person becomes active.
    pub recovery: Incidence,
}

/// Probabilities of the states of person and spouse after so many years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateYear {
    /// Years since the claim.
    pub years: i32,
    /// The person is alive; `None` when neither survival nor invalidity is given.
    pub person: Option<f64>,
    /// The spouse is alive; `None` without a spouse whose survival is given.
    pub spouse: Option<f64>,
    /// The person is active; `None` without invalidity.
    pub active: Option<f64>,
    /// The person is invalid.
    pub invalid: Option<f64>,
}

impl StateYear {
    /// Returns the probability of a status; `None` when what it asks for is not given.
    #[must_use]
    pub fn of(&self, status: Status) -> Option<f64> {
        let (person, spouse) = (self.person, self.spouse);
        let both = |of: fn(f64, f64) -> f64| Some(of(person?, spouse?));
        match status {
            Status::Person => person,
            Status::Spouse => spouse,
            Status::Both => both(|person, spouse| person * spouse),
            Status::Either => both(|person, spouse| person + spouse - person * spouse),
            Status::SpouseAfterPerson => both(|person, spouse| spouse * (1.0 - person)),
            Status::PersonAfterSpouse => both(|person, spouse| person * (1.0 - spouse)),
            Status::Active => self.active,
            Status::Invalid => self.invalid,
            Status::Certain => Some(1.0),
        }
    }
}

/// A state of person and spouse, whose lives are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The person is alive.
    Person,
    /// The spouse is alive.
    Spouse,
    /// Both are alive.
    Both,
    /// At least one is alive.
    Either,
    /// The person is dead and the spouse alive.
    SpouseAfterPerson,
    /// The spouse is dead and the person alive.
    PersonAfterSpouse,
    /// The person is alive and not invalid.
    Active,
    /// The person is alive and invalid.
    Invalid,
    /// Always, whoever lives.
    Certain,
}

impl Status {
    /// Every status that depends on a life, in the order of tables.
    pub const ALL: [Self; 8] = [
        Self::Person,
        Self::Spouse,
        Self::Both,
        Self::Either,
        Self::SpouseAfterPerson,
        Self::PersonAfterSpouse,
        Self::Active,
        Self::Invalid,
    ];

    /// Returns the word of the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Spouse => "spouse",
            Self::Both => "both",
            Self::Either => "either",
            Self::SpouseAfterPerson => "spouse_after_person",
            Self::PersonAfterSpouse => "person_after_spouse",
            Self::Active => "active",
            Self::Invalid => "invalid",
            Self::Certain => "certain",
        }
    }
}

/// Follows the states of a couple year by year.
#[derive(Clone, Debug)]
pub(crate) struct States<'a> {
    person: Option<Life<'a>>,
    spouse: Option<Life<'a>>,
    invalidity: Option<&'a Invalidity>,
    /// Age of the person at the start, completed years.
    age: i32,
    years: i32,
    start: Start,
    active: f64,
    invalid: f64,
}

/// Where two lives start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ages {
    /// Of the person, months.
    pub(crate) person: i32,
    /// Of the spouse, months.
    pub(crate) spouse: Option<i32>,
}

/// What is given about two lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lives<'a> {
    pub(crate) person: Option<&'a Survival>,
    pub(crate) spouse: Option<&'a Survival>,
    pub(crate) invalidity: Option<&'a Invalidity>,
    /// The person at the start.
    pub(crate) start: Start,
}

/// The state of the person at the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Active,
    Invalid,
    Dead,
}

impl<'a> States<'a> {
    /// Starts at year 0; `None` when a table of survivors has nobody of the age.
    pub(crate) fn new(ages: Ages, lives: Lives<'a>) -> Option<Self> {
        let person = match lives.person.filter(|_| lives.start != Start::Dead) {
            Some(survival) => Some(survival.followed_from(ages.person)?),
            None => None,
        };
        let spouse = match lives.spouse.zip(ages.spouse) {
            Some((survival, months)) => Some(survival.followed_from(months)?),
            None => None,
        };
        let in_state = |state| if lives.start == state { 1.0 } else { 0.0 };
        Some(Self {
            person,
            spouse,
            invalidity: lives.invalidity,
            age: ages.person.div_euclid(12),
            years: 0,
            start: lives.start,
            active: in_state(Start::Active),
            invalid: in_state(Start::Invalid),
        })
    }

    /// Returns the probabilities now.
    pub(crate) fn now(&self) -> StateYear {
        let chain = self.invalidity.is_some();
        let person = match &self.person {
            _ if self.start == Start::Dead => Some(0.0),
            Some(life) => Some(life.alive_after(self.years)),
            None => chain.then_some(self.active + self.invalid),
        };
        StateYear {
            years: self.years,
            person,
            spouse: self.spouse.map(|life| life.alive_after(self.years)),
            active: chain.then_some(self.active),
            invalid: chain.then_some(self.invalid),
        }
    }

    /// Goes on by a year.
    ///
    /// # Formula
    ///
    /// `active' = active (1 - incidence - death) + invalid recovery`, `invalid' = invalid (1 - recovery - death) +
    /// active incidence`, with the probabilities of the age at the start of the year.
    ///
    /// # Errors
    ///
    /// The age at which a probability is missing.
    pub(crate) fn step(&mut self) -> Result<(), i32> {
        if let Some(rates) = self.invalidity {
            let age = self.age + self.years;
            let at = |rate: &Incidence| rate.at(age).ok_or(age);
            let (incidence, recovery) = (at(&rates.incidence)?, at(&rates.recovery)?);
            let (dies, dies_invalid) =
                (at(&rates.death_when_active)?, at(&rates.death_when_invalid)?);
            let became = self.active * incidence;
            let recovered = self.invalid * recovery;
            self.active = self.active * (1.0 - incidence - dies) + recovered;
            self.invalid = self.invalid * (1.0 - recovery - dies_invalid) + became;
        }
        self.years += 1;
        Ok(())
    }
}
