use perennis_cohort::{Credited, Row, State, Transfer};
use perennis_units::Sex;

use crate::run::SchemeRun;
use crate::walk::RowTotals;

/// Active insured who moved between groups in a year, by part and sex: those who left and those who came.
pub(crate) type Moved = Vec<[(f64, f64); 2]>;

impl SchemeRun {
    /// Lets active insured move to other groups at the start of a year, with age, credit and sums; `None` where no group
    /// has moves.
    ///
    /// Members go to the class of the same name, or are spread over the classes of the other group by its shares of
    /// entrants. Moves are taken group by group in the order of the scheme.
    pub(crate) fn move_between(&mut self, position: usize) -> Option<Moved> {
        if self.basis.groups.iter().all(|group| group.moves.is_empty()) {
            return None;
        }
        let mut moved = vec![[(0.0, 0.0); 2]; self.basis.groups.len()];
        let shape = self.sides[0].register.shape().clone();
        for part in 0..self.basis.groups.len() {
            for sex in Sex::ALL {
                for age in shape.first_age..shape.ages {
                    let row = Row { group: part, sex, age };
                    if self.sides[sex.index()].register.has_members(row) {
                        self.move_row_between(row, position, &mut moved);
                    }
                }
            }
        }
        self.held = self.count();
        Some(moved)
    }

    fn move_row_between(&mut self, row: Row, position: usize, moved: &mut Moved) {
        let sums = vec![(1.0, 0.0); 1 + self.references.sums.len()];
        // Shares are of all who stood in the row; each transfer takes of those still there.
        let mut there = 1.0;
        for at in 0..self.basis.groups[row.group].moves.len() {
            let (to, rate) = &self.basis.groups[row.group].moves[at];
            let rate = rate.get(position, row.sex, row.age);
            for (part, share) in self.parts_of(row.group, to) {
                let share = rate * share;
                if share <= 0.0 || there <= 0.0 {
                    continue;
                }
                let done = self.sides[row.sex.index()].register.transfer(&Transfer {
                    from: (State::Active.into(), row),
                    to: (State::Active.into(), Row { group: part, ..row }),
                    share: (share / there).min(1.0),
                    credited: (Credited::Nothing, &self.basis.groups[part].months),
                    sums: &sums,
                });
                there -= share;
                moved[row.group][row.sex.index()].0 += done.persons;
                moved[part][row.sex.index()].1 += done.persons;
            }
        }
    }

    /// The parts of another group to which members of a part go, with shares that add up to 1.
    fn parts_of(&self, from: usize, to: &str) -> Vec<(usize, f64)> {
        let parts =
            self.parts.groups().iter().find(|parts| self.basis.groups[parts.start].name == to);
        let parts = parts.cloned().unwrap_or(0..0);
        let name = |part: usize| self.basis.groups[part].class.as_ref().map(|class| &class.name);
        match parts.clone().find(|part| name(*part) == name(from)) {
            Some(same) => vec![(same, 1.0)],
            None => {
                let share = |part: usize| {
                    self.basis.groups[part].class.as_ref().map_or(1.0, |class| class.entrants)
                };
                parts.map(|part| (part, share(part))).collect()
            }
        }
    }
}

/// Enters the moves in the flows of the year.
pub(crate) fn enter(totals: &mut [[RowTotals; 2]], moved: Option<&Moved>) {
    for (totals, moved) in totals.iter_mut().zip(moved.into_iter().flatten()) {
        for (total, (out, into)) in totals.iter_mut().zip(moved) {
            total.moved = Some((*out, *into));
        }
    }
}
