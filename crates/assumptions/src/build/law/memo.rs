use std::cell::RefCell;
use std::collections::BTreeMap;

use super::provisions::Provisions;
use crate::at::At;
use crate::diagnostics::Code;

/// What was built under each name; `None` where it was at fault.
#[derive(Debug)]
pub(super) struct Memo<T>(RefCell<BTreeMap<String, Option<T>>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    fn get(&self, name: &str) -> Option<Option<T>> {
        self.0.borrow().get(name).cloned()
    }
}

impl Provisions<'_> {
    /// Builds what is called `table.name` once, however often it is named; one that leads back to itself is a fault.
    pub(super) fn once<T: Clone>(
        &self,
        memo: &Memo<T>,
        (table, name): (&'static str, &str),
        named: &At<'_>,
        build: impl FnOnce(&At<'_>) -> Option<T>,
    ) -> Option<T> {
        self.use_of(table, name);
        if let Some(known) = memo.get(name) {
            return known;
        }
        let key = (table, name.to_owned());
        let first = self.open.borrow().iter().position(|open| *open == key);
        if let Some(first) = first {
            let open = self.open.borrow();
            let circle = open[first..].iter().chain([&key]);
            let names: Vec<String> =
                circle.map(|(table, name)| format!("{table}.{name}")).collect();
            named.fault(
                Code::Circular,
                format!("{} lead back to themselves", names.join(" → ")),
                "let one of them stand on its own",
            );
            return None;
        }
        self.open.borrow_mut().push(key);
        let built = build(&self.at.key(table).key(name));
        self.open.borrow_mut().pop();
        memo.0.borrow_mut().insert(name.to_owned(), built.clone());
        built
    }
}
