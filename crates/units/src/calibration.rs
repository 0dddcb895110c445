use crate::Year;

/// A factor that makes the first year of the model meet the published account, and fades out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Factor in the first year.
    pub factor: f64,
    /// The year to which `factor` belongs.
    pub year: Year,
    /// Years over which the factor goes back to one in equal steps; `None` keeps it for ever.
    pub run_off: Option<u16>,
}

impl Calibration {
    /// No correction.
    pub const NONE: Self = Self { factor: 1.0, year: Year::new(0), run_off: None };

    /// Returns the factor of `year`.
    #[must_use]
    pub fn at(&self, year: Year) -> f64 {
        let Some(run_off) = self.run_off else { return self.factor };
        let elapsed = f64::from(year.since(self.year).max(0));
        let kept = if run_off == 0 {
            f64::from(u8::from(elapsed < 0.5))
        } else {
            (1.0 - elapsed / f64::from(run_off)).max(0.0)
        };
        1.0 + (self.factor - 1.0) * kept
    }
}
