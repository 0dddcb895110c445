use perennis_cohort::{Carry, Credited, Move, Path, Quantity, Status, Table, Tally, To, Who};

pub(crate) const ACTIVE: usize = 0;
pub(crate) const DORMANT: usize = 1;

/// Positions of the vectors by credit.
pub(crate) const WAGE: usize = 0;
const ELIGIBLE: usize = 1;
const ELIGIBLE_INVALID: usize = 2;
const ACCRUAL: usize = 3;
const ACCRUAL_INVALID: usize = 4;

/// Positions of the tallies.
pub(crate) const WAGES: usize = 0;
pub(crate) const CONTRIBUTORS_END: usize = 1;
/// Persons, then amounts, awarded: old age, invalidity, survivors.
pub(crate) const AWARDED: [[usize; 2]; 3] = [[2, 3], [4, 5], [6, 7]];

/// Contributors and dormant insured with the sum of their career averages, and what the workload awards them.
pub(crate) fn table() -> Table {
    let stays = |credited| Path { credited, sums: vec![Carry::Keep] };
    let status = |name, credited| Status { name, staying: stays(credited) };
    let leaves = |name, from| Move { name, from, to: To::Out };
    let moves = |name, from, to| Move { name, from, to: To::State(to, stays(Credited::Nothing)) };
    let (active_death, invalidity, retirement) = (0, 1, 2);
    let (dormant_death, dormant_retirement, re_entry) = (4, 5, 6);
    let tally = |who: &[Who], quantity, weights| Tally { who: who.to_vec(), quantity, weights };
    let award = |moves: &[usize], eligible, accrual| {
        let who: Vec<Who> = moves.iter().map(|at| Who::Move(*at)).collect();
        [
            tally(&who, Quantity::Persons, Some(eligible)),
            tally(&who, Quantity::Sum(0), Some(accrual)),
        ]
    };
    let mut tallies = vec![
        tally(&[Who::Start(ACTIVE)], Quantity::Persons, Some(WAGE)),
        tally(&[Who::Staying(ACTIVE), Who::Move(re_entry)], Quantity::Persons, None),
    ];
    tallies.extend(award(&[retirement, dormant_retirement], ELIGIBLE, ACCRUAL));
    tallies.extend(award(&[invalidity], ELIGIBLE_INVALID, ACCRUAL_INVALID));
    tallies.extend(award(&[active_death, dormant_death], ELIGIBLE_INVALID, ACCRUAL_INVALID));
    Table::new(
        vec![status("contributors", Credited::WholeYear), status("dormant", Credited::Nothing)],
        vec![
            leaves("death of contributors", ACTIVE),
            leaves("invalidity", ACTIVE),
            leaves("retirement of contributors", ACTIVE),
            moves("withdrawal", ACTIVE, DORMANT),
            leaves("death of dormant insured", DORMANT),
            leaves("retirement of dormant insured", DORMANT),
            moves("re-entry", DORMANT, ACTIVE),
        ],
        1,
        tallies,
        None,
    )
    .expect("the parts of this table fit together")
}
