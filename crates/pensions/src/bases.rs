use perennis_scheme::{BaseOf, Benefit, Operand, Part, Step};

/// Finds everything that the amount of a benefit may be proportional to, each name once, in the order of the law.
pub(crate) fn bases(benefit: &Benefit) -> Vec<BaseOf> {
    let mut found = Vec::new();
    visit(Part::Benefit(benefit), &mut found);
    found
}

fn visit(part: Part<'_>, found: &mut Vec<BaseOf>) {
    let mut add = |base: BaseOf| {
        if found.iter().all(|known| !same(known, &base)) {
            found.push(base);
        }
    };
    match part {
        Part::Step(Step::ReferenceEarnings(rules))
        | Part::Operand(Operand::ReferenceEarnings(rules)) => {
            rules.iter().for_each(|rule| add(BaseOf::ReferenceEarnings(rule.clone())));
        }
        Part::Step(Step::Points(rule)) | Part::Operand(Operand::Points(rule)) => {
            add(BaseOf::Points(rule.clone()));
        }
        Part::Step(Step::Balance(rule)) | Part::Operand(Operand::Balance(rule)) => {
            add(BaseOf::Balance(rule.clone()));
        }
        _ => part.each(&mut |part| visit(part, found)),
    }
}

/// Says whether two bases are the same: of one kind and name.
pub(crate) fn same(one: &BaseOf, other: &BaseOf) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other) && one.name() == other.name()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use perennis_scheme::{Choice, PointsRule, Rounding, RoundingDirection, Test};
    use perennis_units::Citation;

    use super::*;
    use crate::fixture::always;

    fn points(name: &str) -> Operand {
        Operand::Points(Arc::new(PointsRule {
            name: name.to_owned(),
            price: Operand::Constant(1.0),
            rate: None,
            at_most: None,
            ceiling: None,
            credited: Vec::new(),
            kinds: Vec::new(),
            above: None,
            earnings_at_least: None,
            at_least: None,
            rounded: None,
            citation: Citation { source: "test".to_owned(), checked: true },
        }))
    }

    #[test]
    fn a_base_is_found_wherever_an_operand_may_stand() {
        let rounding = Rounding {
            to: always("unit", 1.0),
            payments_a_year: 1,
            direction: RoundingDirection::Down,
        };
        let chosen = Operand::Choose(Box::new(Choice {
            only_if: vec![Test::at_least(points("asked"), Operand::Constant(1.0))],
            then: Operand::Rounded { of: Box::new(points("rounded")), rounding },
            otherwise: Operand::Power(Box::new([points("power"), Operand::Constant(2.0)])),
        }));
        let any = Operand::AnyOf(vec![Test::below(Operand::Constant(1.0), points("limit"))]);
        let of = Operand::Sum(vec![chosen, any, points("asked")]);
        let mut found = Vec::new();
        visit(Part::Operand(&of), &mut found);
        let names: Vec<&str> = found.iter().map(BaseOf::name).collect();
        assert_eq!(names, ["asked", "rounded", "power", "limit"]);
    }
}
