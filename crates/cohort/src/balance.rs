use crate::lane::{Lanes, WIDE};

/// The number wanted in a state at the end of the year, and who may come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target<V> {
    /// Persons wanted, one year older.
    pub persons: V,
    /// Share of the missing persons who come back from the other state.
    pub re_entry: V,
    /// Whether persons may enter for the first time at the age at the end of the year; the others come back at every age.
    pub may_enter: bool,
    /// Persons of the age at the end of the year who hold no credit anywhere: the most who may enter for the first time.
    pub uninsured: V,
}

/// How a target was met, in persons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled<V> {
    /// Persons above the target, who left.
    pub net_withdrawals: V,
    /// Persons who came back.
    pub re_entries: V,
    /// Those of the re-entries who come back although the share would not ask for them, because too few persons without
    /// credit are left to enter.
    pub re_entries_for_want: V,
    /// Persons insured for the first time.
    pub first_entries: V,
    /// Persons missing to the target: nobody may enter for the first time at this age, or nobody is left.
    pub unfilled: V,
    /// Persons who were in the state at both ends of the year.
    pub stayers: V,
}

/// The shares that meet a target, of those who would stay and of those who could come back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares<V> {
    pub(crate) out: V,
    pub(crate) back: V,
}

impl<V: Lanes> Target<V> {
    /// Meets the target from those who would stay and those who could come back.
    #[inline(always)]
    pub(crate) fn settle(&self, staying: V, dormant: V) -> (Settled<V>, Shares<V>) {
        let mut found = [[0.0; 8]; WIDE];
        for (lane, found) in found.iter_mut().enumerate().take(V::COUNT) {
            *found = self.settle_lane(lane, staying.lane(lane), dormant.lane(lane));
        }
        let of = |at: usize| V::from_lanes(|lane| found[lane][at]);
        let settled = Settled {
            net_withdrawals: of(0),
            re_entries: of(1),
            re_entries_for_want: of(2),
            first_entries: of(3),
            unfilled: of(4),
            stayers: of(5),
        };
        (settled, Shares { out: of(6), back: of(7) })
    }

    /// Persons first, in the order of [`Settled`], then the two shares.
    fn settle_lane(&self, lane: usize, staying: f64, dormant: f64) -> [f64; 8] {
        let missing = self.persons.lane(lane) - staying;
        if missing < 0.0 {
            return [-missing, 0.0, 0.0, 0.0, 0.0, staying + missing, -missing / staying, 0.0];
        }
        let mut re_entries = (missing * self.re_entry.lane(lane)).min(dormant);
        let mut rest = missing - re_entries;
        let (mut first_entries, mut for_want) = (0.0, 0.0);
        if self.may_enter {
            first_entries = rest.min(self.uninsured.lane(lane));
            rest -= first_entries;
            for_want = rest.min(dormant - re_entries);
            rest -= for_want;
            re_entries += for_want;
        }
        // The quotient of two equal sums may pass one by a rounding.
        let back = if 0.0 < dormant { (re_entries / dormant).min(1.0) } else { 0.0 };
        [0.0, re_entries, for_want, first_entries, rest, staying, 0.0, back]
    }
}

impl<V: Lanes> Settled<V> {
    pub(crate) fn nothing() -> Self {
        let zero = V::splat(0.0);
        Self {
            net_withdrawals: zero,
            re_entries: zero,
            re_entries_for_want: zero,
            first_entries: zero,
            unfilled: zero,
            stayers: zero,
        }
    }
}
