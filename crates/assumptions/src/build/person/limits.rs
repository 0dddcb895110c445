use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::scheme_law::Read;

/// Checks that every benefit of another law that a limit names is one of that law; of a law that is not read, a note says
/// that nothing is due from it.
pub(crate) fn limits(reads: &[Read], of: &At<'_>) {
    for read in reads {
        let own = read.law.scheme.as_str();
        let root = At::root(of.reading(), &read.tree, of.currency());
        let at = root.key("schemes").key(own).key("cumulation");
        for cumulation in &read.law.cumulations {
            let at = at.key(&cumulation.name).key("benefits");
            for (index, name) in cumulation.benefits.iter().enumerate() {
                if let Some((scheme, benefit)) = name.rsplit_once('.') {
                    of_other(reads, own, (scheme, benefit), &at.index(index));
                }
            }
        }
    }
}

fn of_other(reads: &[Read], own: &str, (scheme, benefit): (&str, &str), at: &At<'_>) {
    if scheme == own {
        let reason =
            format!("`{benefit}` is a name of this law, which calls its own by them alone");
        at.fault(Code::UnknownName, reason, format!("write \"{benefit}\""));
        return;
    }
    let Some(read) = reads.iter().find(|read| read.law.scheme == scheme) else {
        at.defaulted(format!("law `{scheme}` is not among the laws: nothing is due from it here"));
        return;
    };
    if read.law.benefit(benefit).is_none() {
        let known: Vec<String> =
            read.law.benefits.iter().map(|one| format!("{scheme}.{}", one.name)).collect();
        at.fault(
            Code::UnknownName,
            format!("`{benefit}` is not the name of a benefit of the law `{scheme}`"),
            suggest(&format!("{scheme}.{benefit}"), known.iter().map(String::as_str)),
        );
    }
}
