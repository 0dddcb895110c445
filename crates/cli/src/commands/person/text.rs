//! A person's entitlements as text.

use perennis_assumptions::{LoadedPerson, NoteKind, StatedNumber};
use perennis_scheme::{
    Award, BenefitKind, BenefitResult, ClaimEvent, ClaimResult, Conversion, Counted, EndReason,
    LimitResult, NamedKind, NamedValue, PersonResult, Recipient, RecordSum, SchemeResult,
    SurvivorOf, TracedStep, TracedTest,
};
use perennis_units::Citation;

use super::page::{Page, amount, number, plain};

/// Writes everything that was found.
pub(super) fn text(loaded: &LoadedPerson, result: &PersonResult, width: usize) -> String {
    let writer = Writer { currency: &loaded.currency };
    let mut page = Page::new(width);
    let person = &loaded.person;
    page.write(0, &format!("Born {}, {}", person.born, person.sex.as_str()));
    stated(&mut page, &loaded.stated);
    if 1 < result.claims.len() {
        page.space();
        writer.comparison(&mut page, result);
    }
    for claim in &result.claims {
        page.space();
        writer.claim(&mut page, claim);
    }
    page.space();
    for note in &loaded.notes {
        // What stands still is said in a sentence of its own.
        let own = note.kind == NoteKind::Defaulted && note.text.ends_with('.');
        let at = if own { String::new() } else { format!("{}: ", note.path) };
        page.write(0, &format!("{at}{}", note.text));
    }
    page.finish()
}

/// Writes what the file states in the place of the record, as it is written there.
fn stated(page: &mut Page, stated: &[StatedNumber]) {
    for StatedNumber { table, name, value, unit } in stated {
        let kind = match *table {
            "measures" => "measure".to_owned(),
            "balances" => "balance".to_owned(),
            "formulas" => "formula".to_owned(),
            "benefits" => "in payment".to_owned(),
            table => words(table),
        };
        let number = plain(*value);
        page.beside(
            0,
            &format!("Stated: {kind} {}", words(name)),
            format!("{number} {unit}").trim(),
        );
    }
}

pub(super) struct Writer<'a> {
    pub(super) currency: &'a str,
}

impl Writer<'_> {
    /// Compares claims at several ages.
    fn comparison(&self, page: &mut Page, result: &PersonResult) {
        let mut names: Vec<&str> = Vec::new();
        let all = result.claims.iter().flat_map(ClaimResult::benefits);
        for benefit in all.filter(|benefit| benefit.award.is_some()) {
            if !names.contains(&benefit.name.as_str()) {
                names.push(&benefit.name);
            }
        }
        let heading = ["claim at", "from"].iter().copied().chain(names.iter().copied());
        let mut rows = vec![heading.map(str::to_owned).collect::<Vec<_>>()];
        for claim in &result.claims {
            let mut row = vec![age(claim.age.in_months()), claim.date.to_string()];
            for name in &names {
                let award = claim.benefit(name).and_then(|benefit| benefit.award.as_ref());
                row.push(award.map_or("-".to_owned(), |award| amount(award.paid.get())));
            }
            rows.push(row);
        }
        page.write(0, &format!("Claims compared, {} a year (a grant once)", self.currency));
        page.table(2, &rows, names.len());
    }

    fn claim(&self, page: &mut Page, claim: &ClaimResult) {
        let event = match claim.event {
            ClaimEvent::Age => "Claim of old age",
            ClaimEvent::Invalidity => "Claim on invalidity",
            ClaimEvent::Death => "Death",
            ClaimEvent::Withdrawal => "Withdrawal",
        };
        page.write(0, &format!("{event} on {}, at {}", claim.date, age(claim.age.in_months())));
        for scheme in &claim.schemes {
            page.space();
            self.scheme(page, scheme);
        }
        self.limits(page, &claim.limits);
        self.conversions(page, &claim.conversions);
        if let Some(later) = &claim.later {
            page.space();
            let age = age(later.age.in_months());
            page.write(0, &format!("Later claim on {}, at {age}", later.date));
            for scheme in &later.schemes {
                page.space();
                self.scheme(page, scheme);
            }
        }
        if !claim.after_death.is_empty() {
            page.space();
            page.write(0, "After the death of the person");
            for scheme in &claim.after_death {
                page.space();
                self.scheme(page, scheme);
            }
        }
        self.years(page, claim);
        if let Some(expected) = &claim.expected {
            self.expected(page, expected);
        }
    }

    fn scheme(&self, page: &mut Page, scheme: &SchemeResult) {
        page.write(
            0,
            &format!("{}, group {}: {}", scheme.scheme, scheme.group, record(&scheme.record)),
        );
        match scheme.record.after_claim {
            0 => {}
            1 => page.write(2, "1 month after the claim does not count"),
            months => page.write(2, &format!("{months} months after the claim do not count")),
        }
        if scheme.benefits.is_empty() {
            page.write(2, "no benefit of this law is opened by this event");
        }
        let mut shown: Vec<&Counted> = Vec::new();
        for benefit in &scheme.benefits {
            page.space();
            self.benefit(page, benefit);
            for counted in benefit.award.iter().flat_map(|award| &award.counted) {
                if !shown.contains(&counted) {
                    self.counted(page, counted);
                    shown.push(counted);
                }
            }
        }
        self.also_counted(page, scheme);
    }

    /// Writes what the law names and no benefit that is due has used.
    fn also_counted(&self, page: &mut Page, scheme: &SchemeResult) {
        let awards = || scheme.benefits.iter().filter_map(|benefit| benefit.award.as_ref());
        let used = |value: &&NamedValue| {
            let name = value.name.as_str();
            awards().any(|award| {
                award.counted.iter().any(|counted| counted.name == name)
                    || award.steps.iter().any(|step| step.part_of.as_deref() == Some(name))
            })
        };
        let plainly = |value: &&NamedValue| value.kind != NamedKind::Measure && !value.stated;
        let others = scheme.values.iter().filter(plainly).filter(|value| !used(value));
        let mut first = true;
        for value in others {
            if std::mem::take(&mut first) {
                page.space();
                page.write(2, "The law also counts");
            }
            let text = format!("{} {}", words(value.kind.as_str()), value.name);
            page.beside(4, &text, &plain(value.value));
        }
    }

    fn benefit(&self, page: &mut Page, benefit: &BenefitResult) {
        let to = benefit.survivor.map_or(String::new(), |of| format!(" for the {}", survivor(&of)));
        match &benefit.award {
            Some(award) => {
                page.beside(0, &format!("{}{to}", benefit.name), &self.due(benefit, award))
            }
            None => {
                let status = if benefit.not_known.is_some() { "not known" } else { "not due" };
                page.beside(0, &format!("{}{to}", benefit.name), status);
            }
        }
        if let Some(measure) = &benefit.not_known {
            page.write(
                2,
                &format!(
                    "nothing can be said: `{measure}` is not known of the person; say or state it"
                ),
            );
        }
        let due = benefit.award.is_some();
        let met = benefit.tests.iter().filter(|test| test.met).count();
        for test in benefit.tests.iter().filter(|test| due || !test.met) {
            page.beside(2, &question(test), if test.met { "met" } else { "NOT MET" });
            sources(page, &test.provisions);
        }
        if !due && 0 < met {
            let questions = if met == 1 { "question is" } else { "questions are" };
            page.write(2, &format!("{met} other {questions} met"));
        }
        let Some(award) = &benefit.award else { return };
        if award.stated {
            page.write(2, "stated as in payment already");
        }
        for (position, step) in award.steps.iter().enumerate() {
            self.step(page, position + 1, step);
        }
        if let Some((date, reason)) = &benefit.end {
            page.write(2, &format!("ends on {date}: {}", end(reason)));
        }
    }

    /// Says what is paid, when and how often.
    fn due(&self, benefit: &BenefitResult, award: &Award) -> String {
        let money = self.currency;
        let paid = award.paid.get();
        match benefit.kind {
            BenefitKind::Grant => format!("{} {money} once on {}", amount(paid), award.from),
            BenefitKind::Pension => {
                let each = paid / f64::from(award.payments_a_year.max(1));
                format!(
                    "{} times {} = {} {money} a year from {}",
                    award.payments_a_year,
                    amount(each),
                    amount(paid),
                    award.from
                )
            }
        }
    }

    fn step(&self, page: &mut Page, position: usize, step: &TracedStep) {
        let of = step.part_of.as_ref().map_or(String::new(), |of| format!(" of {of}"));
        let text = format!("{position}. {}{of}: {}", words(step.step), step.formula);
        page.beside(2, &text, &amount(step.amount.get()));
        sources(page, &step.provisions);
    }

    /// Writes the record as the law counts it.
    fn counted(&self, page: &mut Page, counted: &Counted) {
        page.space();
        page.beside(
            2,
            &format!("The record as `{}` counts it", counted.name),
            &plain(counted.amount),
        );
        page.write(4, &counted.formula);
        sources(page, &counted.provisions);
        if counted.years.is_empty() {
            return;
        }
        let heading = ["year", "kind", "months", "earnings", "factor", "counted"];
        let mut rows = vec![heading.map(str::to_owned).to_vec()];
        for year in &counted.years {
            rows.push(vec![
                year.year.to_string(),
                words(&year.kind),
                plain(year.months),
                amount(year.earnings),
                number(year.factor, 6),
                if year.counted.abs() < 1e-12 { "-".to_owned() } else { number(year.counted, 4) },
            ]);
        }
        page.table(4, &rows, 4);
    }

    fn limits(&self, page: &mut Page, limits: &[LimitResult]) {
        for limit in limits {
            page.space();
            page.write(
                0,
                &format!("Limit `{}` of {}: {}", limit.name, limit.scheme, limit.formula),
            );
            sources(page, &limit.provisions);
            for (name, before, after) in &limit.amounts {
                page.beside(2, &format!("{name}: {} becomes", amount(*before)), &amount(*after));
            }
        }
    }

    fn conversions(&self, page: &mut Page, conversions: &[Conversion]) {
        for conversion in conversions {
            page.space();
            let Conversion { scheme, from, to, date, award } = conversion;
            page.write(0, &format!("{scheme}: {from} becomes {to} on {date}"));
            match award {
                None => page.write(
                    2,
                    "the conditions of the new benefit are not met: the amount goes on as it was",
                ),
                Some(award) => {
                    for (position, step) in award.steps.iter().enumerate() {
                        self.step(page, position + 1, step);
                    }
                }
            }
        }
    }
}

/// Writes a question of a condition; a test of a measure names it in its formula already.
fn question(test: &TracedTest) -> String {
    match (test.what.as_str(), test.formula.is_empty()) {
        (what, true) => words(what),
        ("measure", false) => test.formula.clone(),
        (what, false) => format!("{}: {}", words(what), test.formula),
    }
}

pub(super) fn end(reason: &EndReason) -> String {
    match reason {
        EndReason::Age => "the age is reached".to_owned(),
        EndReason::Education => "education ends, or counts no longer".to_owned(),
        EndReason::Time => "its time is over".to_owned(),
        EndReason::Remarriage => "remarriage".to_owned(),
        EndReason::Death => "death".to_owned(),
        EndReason::ConvertsTo(name) => format!("becomes {name}"),
    }
}

pub(super) fn survivor(of: &SurvivorOf) -> String {
    let kind = match of.kind {
        Recipient::Spouse => "spouse",
        Recipient::FormerSpouse => "former spouse",
        Recipient::Child => "child",
        Recipient::Parent => "parent",
    };
    format!("{kind} born {}", of.born)
}

fn record(record: &RecordSum) -> String {
    let Some((first, last)) = record.years else { return "no record".to_owned() };
    let kinds: Vec<String> = record
        .months
        .iter()
        .map(|(kind, months)| format!("{months} months of {}", words(kind)))
        .collect();
    format!("{}, {first} to {last}", kinds.join(", "))
}

fn sources(page: &mut Page, provisions: &[Citation]) {
    let mut written: Vec<String> = Vec::new();
    for Citation { source, checked } in provisions {
        let mark = if *checked { "" } else { " (not checked)" };
        let text = format!("{source}{mark}");
        if !written.contains(&text) {
            written.push(text);
        }
    }
    if !written.is_empty() {
        page.write(6, &format!("[{}]", written.join("; ")));
    }
}

/// Writes an age in years and months.
fn age(months: i32) -> String {
    match (months / 12, months % 12) {
        (years, 0) => format!("{years} years"),
        (years, 1) => format!("{years} years 1 month"),
        (years, months) => format!("{years} years {months} months"),
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}
