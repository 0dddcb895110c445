use std::collections::BTreeSet;

use perennis_generations::{Member, Pensioner};
use perennis_units::Sex;

use crate::at::At;
use crate::diagnostics::{Code, did_you_mean};
use crate::parts::{Csv, Kind};
use crate::read::liabilities::CellFile;

/// The columns of a table of persons.
struct Table {
    csv: std::rc::Rc<Csv>,
    names: Vec<String>,
    /// Factor of the amounts.
    factor: f64,
}

impl Table {
    fn open(raw: &CellFile, at: &At<'_>, needed: &[&str], optional: &[&str]) -> Option<Self> {
        let place = at.key("file");
        let (cited, factor) = (place.citation(), place.unit(&Kind::PAY_A_YEAR));
        let csv = Csv::open(&raw.file, &place)?;
        let names: Vec<String> = csv.names().iter().map(|name| name.to_string()).collect();
        let listed = [needed, optional].concat();
        let all = listed.join(", ");
        let before = at.reading().count();
        for (position, name) in names.iter().enumerate() {
            if !listed.contains(&name.as_str()) {
                let near = did_you_mean(name, listed.iter().copied());
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                let reason = format!("`{name}` is not a column of this table");
                let remedy = format!("{near}the columns of this table: {all}");
                csv.title(position).fault(&place, Code::ColumnUnknown, reason, remedy);
            }
        }
        for name in needed.iter().filter(|name| !names.iter().any(|found| found == *name)) {
            let reason = format!("the table has no column `{name}`");
            csv.fault(&place, Code::ColumnMissing, reason, format!("the columns: {all}"));
        }
        cited?;
        let factor = factor?;
        (at.reading().count() == before).then_some(Self { csv, names, factor })
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|found| found == name)
    }

    fn text(&self, row: usize, name: &str) -> Option<String> {
        let text = self.csv.cell(row, self.column(name)?).text().into_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Reads a whole number up to `most`; one that is none is a fault.
    fn whole(&self, row: usize, name: &str, (most, at): (i32, &At<'_>)) -> Option<i32> {
        let cell = self.csv.cell(row, self.column(name)?);
        let text = cell.text();
        let number = text.parse::<i32>().ok().filter(|number| (0..=most).contains(number));
        if number.is_none() {
            let reason = format!("`{text}` in `{name}` is not a whole number from 0 to {most}");
            cell.fault(at, Code::NotAnAge, reason, "write whole years");
        }
        number
    }

    fn number(&self, row: usize, name: &str, (kind, at): (&Kind, &At<'_>)) -> Option<f64> {
        let cell = self.csv.cell(row, self.column(name)?);
        cell.number(at).and_then(|number| cell.check(number, kind, at))
    }

    fn amount(&self, row: usize, name: &str, at: &At<'_>) -> Option<f64> {
        let cell = self.csv.cell(row, self.column(name)?);
        let number = cell.number(at)?;
        cell.check(number * self.factor, &Kind::PAY_A_YEAR, at)
    }

    fn sex(&self, row: usize, at: &At<'_>) -> Option<Sex> {
        let cell = self.csv.cell(row, self.column("sex")?);
        let text = cell.text();
        let sex = Sex::ALL.into_iter().find(|sex| sex.as_str() == text);
        if sex.is_none() {
            let reason = format!("`{text}` is neither male nor female");
            cell.fault(at, Code::NotASex, reason, "write male or female");
        }
        sex
    }

    /// Reads the group; the only one of the law, or `all`, where the table has none.
    fn group(&self, row: usize, groups: &BTreeSet<String>, at: &At<'_>) -> Option<String> {
        if let Some(group) = self.text(row, "group") {
            return Some(group);
        }
        let mut known = groups.iter();
        match (known.next(), known.next()) {
            (None, _) => Some("all".to_owned()),
            (Some(one), None) => Some(one.clone()),
            _ => {
                let all: Vec<&str> = groups.iter().map(String::as_str).collect();
                let remedy = format!("add the column group: {}", all.join(", "));
                let reason = "the law has several groups and the table names none".to_owned();
                self.csv.fault(at, Code::ColumnMissing, reason, remedy);
                None
            }
        }
    }
}

/// Reads active members, or new entrants, who have no column of service.
pub(super) fn members(
    raw: &CellFile,
    at: &At<'_>,
    (groups, entrants, last_age): (&BTreeSet<String>, bool, i32),
) -> Option<Vec<Member>> {
    let needed: &[&str] = if entrants {
        &["sex", "age", "persons", "earnings"]
    } else {
        &["sex", "age", "service", "persons", "earnings"]
    };
    let table = Table::open(raw, at, needed, &["group"])?;
    let place = at.key("file");
    let before = at.reading().count();
    let mut members = Vec::with_capacity(table.csv.rows());
    for row in 0..table.csv.rows() {
        let age = table.whole(row, "age", (130, &place));
        let service = if entrants { Some(0) } else { table.whole(row, "service", (130, &place)) };
        let persons = table.number(row, "persons", (&Kind::PERSONS, &place));
        let earnings = table.amount(row, "earnings", &place);
        let (sex, group) = (table.sex(row, &place), table.group(row, groups, &place));
        let (Some(age), Some(service)) = (age, service) else { continue };
        if age < service || last_age < age {
            let column = table.column("age").unwrap_or(0);
            let reason = format!("a member aged {age} has {service} years of service");
            let remedy =
                format!("service begins after birth, and nobody works past last_age = {last_age}");
            table.csv.cell(row, column).fault(&place, Code::Incoherent, reason, remedy);
            continue;
        }
        let whole = group.zip(sex).zip(persons.zip(earnings));
        members.extend(whole.map(|((group, sex), (persons, earnings))| Member {
            group,
            sex,
            age,
            service,
            persons,
            earnings,
        }));
    }
    (at.reading().count() == before).then_some(members)
}

/// Reads pensions in payment and deferred pensions.
pub(super) fn pensioners(
    raw: &CellFile,
    at: &At<'_>,
    (groups, benefits): (&BTreeSet<String>, &BTreeSet<String>),
) -> Option<Vec<Pensioner>> {
    let needed = ["benefit", "sex", "age", "persons", "amount"];
    let table = Table::open(raw, at, &needed, &["group", "from_age"])?;
    let place = at.key("file");
    let before = at.reading().count();
    let mut pensioners = Vec::with_capacity(table.csv.rows());
    for row in 0..table.csv.rows() {
        let benefit = table.text(row, "benefit").unwrap_or_default();
        if !benefits.contains(&benefit) {
            let column = table.column("benefit").unwrap_or(0);
            let near = crate::diagnostics::suggest(&benefit, benefits.iter().map(String::as_str));
            let reason = format!("no law of the plan has a pension `{benefit}`");
            table.csv.cell(row, column).fault(&place, Code::UnknownName, reason, near);
        }
        let age = table.whole(row, "age", (130, &place));
        let from_age =
            table.text(row, "from_age").map(|_| table.whole(row, "from_age", (130, &place)));
        let persons = table.number(row, "persons", (&Kind::PERSONS, &place));
        let amount = table.amount(row, "amount", &place);
        let sex = table.sex(row, &place);
        let group = groups.iter().next().cloned().unwrap_or_else(|| "all".to_owned());
        let group = table.text(row, "group").unwrap_or(group);
        let whole = sex.zip(age).zip(persons.zip(amount));
        pensioners.extend(whole.map(|((sex, age), (persons, amount))| Pensioner {
            benefit,
            group,
            sex,
            age,
            from_age: from_age.flatten(),
            persons,
            amount: persons * amount,
        }));
    }
    (at.reading().count() == before).then_some(pensioners)
}
