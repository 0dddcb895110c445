use serde_json::{Value, json};

use super::Identity;

/// Returns what `perennis verify` prints.
#[must_use]
pub fn verification_text(identities: &[Identity]) -> String {
    let mut lines = Vec::new();
    for one in identities {
        if let Some(why) = one.stated {
            lines.push(format!(
                "{:<36} {:<7} residual {:<10} (not asserted: {why}), asked {} times",
                one.name,
                "stated",
                format!("{:.2e}", one.residual),
                one.asked
            ));
            lines.push(format!("    {}", one.says));
            lines.push(format!("    farthest: {}", one.at));
            continue;
        }
        let verdict = if one.holds() { "holds" } else { "BROKEN" };
        lines.push(format!(
            "{:<36} {verdict:<7} residual {:<10} tolerance {:e} ({}), asked {} times",
            one.name,
            format!("{:.2e}", one.residual),
            one.tolerance.0,
            one.tolerance.1,
            one.asked
        ));
        lines.push(format!("    {}", one.says));
        if !one.holds() {
            lines.push(format!("    farthest: {}", one.at));
        }
    }
    let broken = identities.iter().filter(|one| !one.holds()).count();
    lines.push(format!("{} identities, {broken} broken", identities.len()));
    lines.join("\n") + "\n"
}

/// Returns identities as one JSON object.
#[must_use]
pub fn verification_json(identities: &[Identity]) -> Value {
    let one = |one: &Identity| {
        // A residual that is no number stands as null: JSON has no infinity.
        json!({
            "name": one.name,
            "says": one.says,
            "holds": one.stated.is_none().then(|| one.holds()),
            "stated": one.stated,
            "asked": one.asked,
            "residual": one.residual,
            "at": one.at,
            "tolerance": one.tolerance.0,
            "why": one.tolerance.1,
        })
    };
    let holds = identities.iter().all(Identity::holds);
    json!({
        "status": if holds { "ok" } else { "broken" },
        "identities": identities.iter().map(one).collect::<Vec<_>>(),
    })
}
