//! Two valuations as one: subjects of the new one in the place of those of the previous one.

use std::path::Path;

use crate::at::Reading;
use crate::diagnostics::Code;
use crate::format::Format;
use crate::load::{Loaded, Overlays, Rejected, load_tree};
use crate::patches::HEADS;
use crate::tree::{Node, Table, written_key};

/// What a valuation is made of, in the order in which a new one is reconciled with the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Start and horizon, population at the start, insured and pensioners at the start, opening reserves, the base year:
    /// new data and what happened since.
    Data,
    /// Mortality, fertility and migration.
    Demography,
    /// Output, productivity, prices, wages and interest.
    Economy,
    /// Participation, unemployment and groups of the employed.
    Labour,
    /// What persons of the schemes do: coverage, earnings, turnover, re-entry, claiming, compliance, loadings.
    Behaviour,
    /// The law of the schemes.
    Law,
    /// Health insurance: its members, use, cost and law.
    Health,
    /// Accounts: administration and what happens when a reserve is gone.
    Finance,
}

impl Subject {
    /// Every subject, in order.
    pub const ALL: [Self; 8] = [
        Self::Data,
        Self::Demography,
        Self::Economy,
        Self::Labour,
        Self::Behaviour,
        Self::Law,
        Self::Health,
        Self::Finance,
    ];

    /// Returns the word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Demography => "demography",
            Self::Economy => "economy",
            Self::Labour => "labour",
            Self::Behaviour => "behaviour",
            Self::Law => "law",
            Self::Health => "health",
            Self::Finance => "finance",
        }
    }
}

/// Reads a previous valuation with some subjects of a new one in their place.
///
/// # Errors
///
/// [`Rejected`] with every fault; subjects that cannot stand beside those of the other valuation are one.
pub fn load_mixed(
    previous: &Path,
    new: &Path,
    from_new: &[Subject],
) -> Result<Loaded, Box<Rejected>> {
    load_tree(new, |layers| {
        let below = layers.tree(previous, &Overlays::default())?;
        let above = layers.tree(new, &Overlays::default())?;
        let mix = Mix { reading: layers.reading, format: layers.format, from_new };
        mix.node(Some(&below), Some(&above), &mut Vec::new())
    })
}

/// What stands at a path: the values of one subject, or of several.
enum Holds {
    One(Subject),
    Several,
}

struct Mix<'a> {
    reading: &'a Reading,
    format: &'a Format,
    from_new: &'a [Subject],
}

impl Mix<'_> {
    fn holds(&self, path: &[String]) -> Holds {
        let steps: Vec<&str> = path.iter().map(String::as_str).collect();
        Holds::One(match steps.as_slice() {
            [] | ["population" | "finance"] => return Holds::Several,
            ["schemes"] | ["schemes", _] | ["schemes", _, "groups"] => return Holds::Several,
            ["schemes", _, "groups", _] => return Holds::Several,
            ["finance", "accounts"] | ["finance", "accounts", _] => return Holds::Several,
            ["population", "base"] => Subject::Data,
            ["population", ..] => Subject::Demography,
            ["labour", ..] => Subject::Labour,
            ["economy", ..] => Subject::Economy,
            ["health", ..] => Subject::Health,
            ["finance", "accounts", _, "opening_reserve"] => Subject::Data,
            ["finance", ..] => Subject::Finance,
            ["schemes", _, "groups", _, "active" | "inactive"] => Subject::Data,
            ["schemes", _, "pensioners" | "calibration"] => Subject::Data,
            ["schemes", _, key] if self.format.is_law(key) => Subject::Law,
            ["schemes", ..] => Subject::Behaviour,
            _ => Subject::Data,
        })
    }

    fn node(
        &self,
        below: Option<&Node>,
        above: Option<&Node>,
        path: &mut Vec<String>,
    ) -> Option<Node> {
        if let Holds::One(subject) = self.holds(path) {
            return if self.from_new.contains(&subject) { above } else { below }.cloned();
        }
        let mut node = above.or(below)?.clone();
        if let (Some(below), Some(above)) = (below, above) {
            self.one_unit(below, above, path);
            node.cited = above.cited.iter().chain(&below.cited).cloned().collect();
        }
        let tables = [above, below].map(|node| node.and_then(Node::as_table));
        let keys = tables.iter().flatten().flat_map(|table| table.keys());
        let mut mixed = Table::new();
        for key in keys {
            if mixed.contains_key(key) {
                continue;
            }
            let of = |node: Option<&'_ Node>| node.and_then(|node| node.get(key)).cloned();
            let (above, below) = (of(above), of(below));
            let inner = if HEADS.contains(&key.as_str()) && !path.is_empty() {
                above.or(below)
            } else {
                path.push(key.clone());
                let inner = self.node(below.as_ref(), above.as_ref(), path);
                path.pop();
                inner
            };
            if let Some(inner) = inner {
                mixed.insert(key.clone(), inner);
            }
        }
        // A table whose values all belong to a subject of the other valuation is not there.
        let bare = mixed.keys().all(|key| HEADS.contains(&key.as_str()));
        *node.as_table_mut()? = mixed;
        (!bare || path.is_empty()).then_some(node)
    }

    /// A unit at the head of a table holds for values of both valuations.
    fn one_unit(&self, below: &Node, above: &Node, path: &[String]) {
        let unit = |node: &Node| node.get("unit").map(Node::written);
        if let (Some(old), Some(new)) = (unit(below), unit(above))
            && old != new
        {
            let name: Vec<String> = path.iter().map(|key| written_key(key)).collect();
            let words = (
                format!(
                    "the unit at the head is {old} in the previous valuation and {new} in the new one"
                ),
                "give the unit with each value in one of the two".to_owned(),
            );
            self.reading.fault_at(Some(above.origin), &name.join("."), Code::Incoherent, words);
        }
    }
}
