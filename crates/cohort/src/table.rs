use thiserror::Error;

/// A state of the insured on the grid of credits.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Its name.
    pub name: &'static str,
    /// What becomes of those who stay.
    pub staying: Path,
}

/// A movement of a share of the persons of a state, and where it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Its name.
    pub name: &'static str,
    /// Position of the state it leaves.
    pub from: usize,
    /// Where it goes.
    pub to: To,
}

/// Where those who move go.
#[derive(Clone, Debug, PartialEq)]
pub enum To {
    /// Out of the register: by death, into payment, with their rights paid out.
    Out,
    /// To the state at this position.
    State(usize, Path),
}

/// What persons gain and take along from the start of a year to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The months that they are credited with.
    pub credited: Credited,
    /// What becomes of each travelling sum.
    pub sums: Vec<Carry>,
}

/// Which of the two distributions of months persons are credited with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credited {
    /// None.
    Nothing,
    /// The months of a part of the year that is uniform between none and all of it.
    PartYear,
    /// The months of a whole year.
    WholeYear,
}

/// What becomes of a travelling sum on a path. The factor, the earnings and the vectors come with the row and the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Carry {
    /// It is left behind.
    Forget,
    /// It is taken along, times the factor of the year.
    Keep,
    /// It is taken along, times the factor of the year, and each person adds the earnings of the months credited.
    Earn,
    /// It is taken along, times the factor of the year, and each person adds so much.
    Count(f64),
    /// It becomes a right: the sum times the vector by cell at this position.
    Weigh(usize),
}

/// Who is added up in a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The persons of a state at the start of the year.
    Start(usize),
    /// Those who make a move.
    Move(usize),
    /// Those who stay in a state.
    Staying(usize),
}

/// What is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Persons.
    Persons,
    /// A travelling sum, as it stands when they move: opened, and before the path changes it.
    Sum(usize),
}

/// A number that a row gives in a year: persons or a sum of those who move, each cell times its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Who is added up.
    pub who: Vec<Who>,
    /// What of them.
    pub quantity: Quantity,
    /// Position of the vector of weights by cell; `None` counts every cell once.
    pub weights: Option<usize>,
}

/// The state whose number at the end of the year may be given, and how the number is met.
#[derive(Clone, Debug, PartialEq)]
pub struct Balance {
    /// Position of the state.
    pub state: usize,
    /// The move out of it that takes those who are too many; the last from its state.
    pub leave: usize,
    /// The move into it that brings back some of those who are missing; the last from its state.
    pub enter: usize,
    /// What those who enter for the first time, with no credit, gain in the year.
    pub entry: Path,
}

/// States, the moves between them in the order of decrements, and what is added up of them.
///
/// Adding a state is adding its lines here: the pass of a row knows no state by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    states: Vec<Status>,
    moves: Vec<Move>,
    sums: usize,
    tallies: Vec<Tally>,
    balance: Option<Balance>,
    plan: Plan,
}

/// A table whose parts do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// A position names no state.
    #[error("`{name}` names state {state} of {states}")]
    NoState {
        /// The move, or the balance.
        name: &'static str,
        /// The position.
        state: usize,
        /// How many there are.
        states: usize,
    },
    /// A path does not say what becomes of each sum.
    #[error("the path of `{name}` speaks of {found} travelling sums, the table has {expected}")]
    Sums {
        /// The state or move.
        name: &'static str,
        /// How many sums its path names.
        found: usize,
        /// How many there are.
        expected: usize,
    },
    /// A tally names a move, state or sum that is none.
    #[error("tally {tally} names what the table does not have")]
    Tally {
        /// Its position.
        tally: usize,
    },
    /// The two moves of the balance do not leave and enter its state as the last moves of theirs.
    #[error(
        "the balance needs the last move out of its state and the last move of another state into it"
    )]
    Balance,
}

/// What a tally asks of one group of persons: position of the tally, row of the quantity, vector of weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) tally: usize,
    pub(crate) row: usize,
    pub(crate) weights: Option<usize>,
}

/// One way into a row of the end of the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Route {
    /// Those who stay in a state at its position, the moves behind all states.
    pub(crate) way: usize,
    /// The state it comes from.
    pub(crate) from: usize,
    pub(crate) credited: Credited,
    /// What becomes of a sum; persons are kept.
    pub(crate) carry: Carry,
}

/// The table turned by state and move, for the pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// By row of a block: the ways into it.
    pub(crate) routes: Vec<Vec<Route>>,
    /// Moves of each state in order, without those of the balance.
    pub(crate) moves_of: Vec<Vec<usize>>,
    pub(crate) start: Vec<Vec<Asked>>,
    pub(crate) moving: Vec<Vec<Asked>>,
    pub(crate) staying: Vec<Vec<Asked>>,
    /// Vectors of weights that tallies and paths name.
    pub(crate) vectors: usize,
}

impl Table {
    /// Checks that the parts fit together.
    ///
    /// # Errors
    ///
    /// [`TableError`] names the part that does not.
    pub fn new(
        states: Vec<Status>,
        moves: Vec<Move>,
        sums: usize,
        tallies: Vec<Tally>,
        balance: Option<Balance>,
    ) -> Result<Self, TableError> {
        let mut table = Self { states, moves, sums, tallies, balance, plan: Plan::default() };
        table.check_paths()?;
        table.check_balance()?;
        table.plan = table.planned()?;
        Ok(table)
    }

    /// Returns the states.
    #[must_use]
    pub fn states(&self) -> &[Status] {
        &self.states
    }

    /// Returns the moves, in the order in which they are applied.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Returns the number of travelling sums.
    #[must_use]
    pub const fn sums(&self) -> usize {
        self.sums
    }

    /// Returns the tallies.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    pub(crate) const fn balance(&self) -> Option<&Balance> {
        self.balance.as_ref()
    }

    pub(crate) const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Rows of cells in a block: persons and sums of every state.
    pub(crate) const fn rows(&self) -> usize {
        self.states.len() * (1 + self.sums)
    }

    fn check_paths(&self) -> Result<(), TableError> {
        let known = |name, state| {
            let states = self.states.len();
            if state < states { Ok(()) } else { Err(TableError::NoState { name, state, states }) }
        };
        let fits = |name, path: &Path| {
            let (found, expected) = (path.sums.len(), self.sums);
            if found == expected { Ok(()) } else { Err(TableError::Sums { name, found, expected }) }
        };
        for state in &self.states {
            fits(state.name, &state.staying)?;
        }
        for one in &self.moves {
            known(one.name, one.from)?;
            if let To::State(state, path) = &one.to {
                known(one.name, *state)?;
                fits(one.name, path)?;
            }
        }
        if let Some(balance) = &self.balance {
            known("balance", balance.state)?;
            fits("balance", &balance.entry)?;
        }
        Ok(())
    }

    fn check_balance(&self) -> Result<(), TableError> {
        let Some(balance) = &self.balance else { return Ok(()) };
        let last = |at: usize| {
            let from = self.moves.get(at).map(|one| one.from);
            from.is_some() && self.moves[at + 1..].iter().all(|one| Some(one.from) != from)
        };
        let (leave, enter) = (self.moves.get(balance.leave), self.moves.get(balance.enter));
        let fits = leave.zip(enter).is_some_and(|(leave, enter)| {
            leave.from == balance.state
                && enter.from != balance.state
                && matches!(enter.to, To::State(state, _) if state == balance.state)
        });
        if fits && last(balance.leave) && last(balance.enter) {
            Ok(())
        } else {
            Err(TableError::Balance)
        }
    }

    fn planned(&self) -> Result<Plan, TableError> {
        let settled = |at| {
            self.balance.as_ref().is_some_and(|balance| at == balance.leave || at == balance.enter)
        };
        let moves_of = (0..self.states.len()).map(|state| {
            let of = self.moves.iter().enumerate().filter(|(_, one)| one.from == state);
            of.map(|(at, _)| at).filter(|at| !settled(*at)).collect()
        });
        let mut plan = Plan {
            routes: self.routes(),
            moves_of: moves_of.collect(),
            start: vec![Vec::new(); self.states.len()],
            moving: vec![Vec::new(); self.moves.len()],
            staying: vec![Vec::new(); self.states.len()],
            vectors: self.vectors(),
        };
        for (tally, asked) in self.tallies.iter().enumerate() {
            let row = match asked.quantity {
                Quantity::Persons => 0,
                Quantity::Sum(sum) if sum < self.sums => sum + 1,
                Quantity::Sum(_) => return Err(TableError::Tally { tally }),
            };
            for who in &asked.who {
                let list = match who {
                    Who::Start(state) => plan.start.get_mut(*state),
                    Who::Move(at) => plan.moving.get_mut(*at),
                    Who::Staying(state) => plan.staying.get_mut(*state),
                };
                let list = list.ok_or(TableError::Tally { tally })?;
                list.push(Asked { tally, row, weights: asked.weights });
            }
        }
        Ok(plan)
    }

    fn routes(&self) -> Vec<Vec<Route>> {
        let mut routes = vec![Vec::new(); self.rows()];
        let mut add = |to: usize, from: usize, way: usize, path: &Path| {
            let carries = std::iter::once(Carry::Keep).chain(path.sums.iter().copied());
            for (row, carry) in carries.enumerate() {
                if carry != Carry::Forget {
                    let route = Route { way, from, credited: path.credited, carry };
                    routes[to * (1 + self.sums) + row].push(route);
                }
            }
        };
        for (at, state) in self.states.iter().enumerate() {
            add(at, at, at, &state.staying);
        }
        for (at, one) in self.moves.iter().enumerate() {
            if let To::State(to, path) = &one.to {
                add(*to, one.from, self.states.len() + at, path);
            }
        }
        routes
    }

    fn vectors(&self) -> usize {
        let staying = self.states.iter().map(|state| &state.staying);
        let moving = self.moves.iter().filter_map(|one| match &one.to {
            To::State(_, path) => Some(path),
            To::Out => None,
        });
        let carried = staying.chain(moving).flat_map(|path| &path.sums);
        let weighed = carried.filter_map(|carry| match carry {
            Carry::Weigh(vector) => Some(*vector),
            _ => None,
        });
        let tallied = self.tallies.iter().filter_map(|tally| tally.weights);
        weighed.chain(tallied).map(|vector| vector + 1).max().unwrap_or(0)
    }
}
