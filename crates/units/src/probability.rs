use thiserror::Error;

/// A value that is not within `0..=1`.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{0} is outside 0..=1")]
pub struct NotAProbability(pub f64);

macro_rules! zero_to_one {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// The value 0.
            pub const ZERO: Self = Self(0.0);
            /// The value 1.
            pub const ONE: Self = Self(1.0);

            /// Checks that `value` lies in `0..=1`; NaN does not.
            ///
            /// # Errors
            ///
            /// [`NotAProbability`] if it does not.
            pub fn new(value: f64) -> Result<Self, NotAProbability> {
                if (0.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(NotAProbability(value)) }
            }

            /// Returns the number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// Returns one minus the value.
            #[must_use]
            pub const fn complement(self) -> Self {
                Self(1.0 - self.0)
            }
        }
    };
}

zero_to_one! {
    /// Probability of an event within one year, in `0..=1`; not a central rate.
    Probability
}
zero_to_one! {
    /// Part of a whole, in `0..=1`: coverage, participation, density, a contribution rate.
    Share
}
