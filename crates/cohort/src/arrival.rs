use crate::dispatch::Wide;
use crate::lane::{Lanes, WIDE};
use crate::pass::Pass;
use crate::row_year::SumYear;
use crate::rows::{blend, octets, octets_mut, times, two_rows};
use crate::scratch::{Dest, Lie, Term, Way, eights_for};
use crate::table::{Carry, Route};

impl<V: Lanes> Pass<'_, V> {
    /// Adds up all who arrive.
    #[inline(always)]
    pub(crate) fn arrive<X: Wide>(&mut self, dest: &mut Dest<'_>) {
        let eights = eights_for::<V>(dest.cells);
        for row in 0..self.present.len() {
            self.collect::<X>(row);
            let some = !self.scratch.terms.is_empty();
            if some || (dest.present[row] && !dest.add) {
                let to = octets_mut(dest.numbers, dest.rows.start(row), eights);
                self.mix::<X>(to, dest.add && dest.present[row]);
            }
            dest.present[row] = some || (dest.present[row] && dest.add);
        }
    }

    /// Finds the terms of a row of the end of the year.
    #[inline(always)]
    fn collect<X: Wide>(&mut self, row: usize) {
        self.scratch.terms.clear();
        let of = row % self.width();
        for route in &self.table.plan().routes[row] {
            let way = self.scratch.ways[route.way];
            if !way.taken {
                continue;
            }
            if of == 0 {
                for tap in self.year.months.taps(route.credited) {
                    let by = way.share * V::splat(tap.share);
                    self.scratch.terms.push(Term { lie: way.lie, steps: tap.steps, by });
                }
            } else {
                self.collect_sum::<X>(route, &way, of);
            }
        }
    }

    /// Finds the terms of a travelling sum on one way.
    #[inline(always)]
    fn collect_sum<X: Wide>(&mut self, route: &Route, way: &Way<V>, of: usize) {
        let SumYear { keep, earned, each } = self.year.sums[of - 1];
        let taps = self.year.months.taps(route.credited);
        let row = route.from * self.width() + of;
        if self.present[row] {
            let mut own = match way.lie {
                Lie::Source(row) => Lie::Source(row + of),
                Lie::Aside(row) => Lie::Aside(row + of),
            };
            let mut kept = way.share * self.scratch.factor[row];
            if let Carry::Weigh(vector) = route.carry {
                own = self.product_aside::<X>(own, self.year.vectors[vector]);
            } else {
                kept = kept * keep;
            }
            for tap in taps {
                let by = kept * V::splat(tap.share);
                self.scratch.terms.push(Term { lie: own, steps: tap.steps, by });
            }
        }
        let persons = match (route.carry, each) {
            (Carry::Earn, Some(each)) => self.product_aside::<X>(way.lie, each),
            (Carry::Earn | Carry::Count(_), _) => way.lie,
            _ => return,
        };
        for tap in taps {
            let gained = match route.carry {
                Carry::Count(each) => V::splat(tap.share * each),
                _ if 0.0 < tap.years => earned * V::splat(tap.share * tap.years),
                _ => continue,
            };
            let by = way.share * gained;
            self.scratch.terms.push(Term { lie: persons, steps: tap.steps, by });
        }
    }

    /// Writes a row times values by cell aside.
    #[inline(always)]
    fn product_aside<X: Wide>(&mut self, lie: Lie, by_cell: &[f64]) -> Lie {
        let (eights, start) = (self.eights(), self.start(lie));
        let aside = self.scratch.put_aside(1);
        let to = self.scratch.rows.start(aside);
        match lie {
            Lie::Source(_) => {
                let from = octets(self.source, start, eights);
                times::<V, X>(octets_mut(&mut self.scratch.aside, to, eights), from, by_cell);
            }
            Lie::Aside(_) => {
                let (from, to) = two_rows(&mut self.scratch.aside, start, to, eights);
                times::<V, X>(to, from, by_cell);
            }
        }
        self.scratch.pad(aside, eights);
        Lie::Aside(aside)
    }

    /// Adds up the terms, four at a time.
    #[inline(always)]
    fn mix<X: Wide>(&self, to: &mut [[f64; WIDE]], add: bool) {
        let mut add = add;
        let terms = &self.scratch.terms;
        if terms.is_empty() && !add {
            to.fill([0.0; WIDE]);
        }
        for four in terms.chunks(4) {
            let row = |at: usize| {
                let Term { lie, steps, .. } = four[at];
                let start = self.start(lie) - steps * V::COUNT;
                let numbers: &[f64] =
                    if matches!(lie, Lie::Source(_)) { self.source } else { &self.scratch.aside };
                octets(numbers, start, to.len())
            };
            let by = |at: usize| four[at].by;
            match four.len() {
                1 => blend::<_, V, X>(to, [row(0)], [by(0)], add),
                2 => blend::<_, V, X>(to, [row(0), row(1)], [by(0), by(1)], add),
                3 => blend::<_, V, X>(to, [row(0), row(1), row(2)], [by(0), by(1), by(2)], add),
                _ => {
                    let rows = [row(0), row(1), row(2), row(3)];
                    blend::<_, V, X>(to, rows, [by(0), by(1), by(2), by(3)], add);
                }
            }
            add = true;
        }
    }

    /// Adds those who enter for the first time, with no credit at the start of the year.
    #[inline(always)]
    pub(crate) fn enter(&self, dest: &mut Dest<'_>, persons: V) {
        let Some(balance) = self.table.balance() else { return };
        if (0..V::COUNT).all(|lane| persons.lane(lane) <= 0.0) {
            return;
        }
        for tap in self.year.months.taps(balance.entry.credited) {
            for row in 0..self.width() {
                let each = match row.checked_sub(1) {
                    None => V::splat(tap.share),
                    Some(sum) => match balance.entry.sums[sum] {
                        Carry::Earn => {
                            let SumYear { earned, each, .. } = self.year.sums[sum];
                            let first = each.map_or(1.0, |each| each[0]);
                            earned * V::splat(tap.share * tap.years * first)
                        }
                        Carry::Count(each) => V::splat(tap.share * each),
                        Carry::Forget | Carry::Keep | Carry::Weigh(_) => continue,
                    },
                };
                let row = balance.state * self.width() + row;
                dest.present[row] = true;
                let start = dest.rows.start(row) + tap.steps * V::COUNT;
                let added = persons * each;
                for (lane, cell) in dest.numbers[start..start + V::COUNT].iter_mut().enumerate() {
                    *cell += added.lane(lane);
                }
            }
        }
    }
}
