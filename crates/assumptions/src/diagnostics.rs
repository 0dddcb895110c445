use std::collections::HashMap;
use std::fmt;

macro_rules! codes {
    ($($name:ident $code:literal $title:literal $explanation:literal)*) => {
        /// What kind of fault was found; the code is stable from release to release.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the code as printed, `A101`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns what the code means, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Returns why it is a fault and what is asked for instead.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation,)* }
            }
        }
    };
}

codes! {
    FileMissing "A001" "a file that is named does not exist"
        "Paths are relative to the file that names them; folders are separated by `/`."
    NotAFile "A002" "a path that is named is not a file"
        "A folder, a device or a pipe stands where a text file is wanted."
    NotUtf8 "A003" "a file is not UTF-8 text"
        "Save it as UTF-8; spreadsheets call this \"CSV UTF-8\"."
    CircularExtends "A004" "files extend each other in a circle"
        "A file that extends another inherits its values, so a circle has no beginning."
    FileTooLarge "A005" "a file is too large"
        "An assumption file of more than 256 MiB is not read."
    Unreadable "A006" "the system did not let a file be read"
        "The file exists, but reading it failed; permissions are the usual reason."
    Syntax "A101" "the text is not TOML"
        "The file breaks the rules of TOML 1.0 at this place."
    WrongType "A102" "a value has the wrong type"
        "A number, a text, a date, a list and a table are different things and none is turned into another."
    UnknownKey "A103" "a key is not known"
        "Every key is part of the format; one that is not would have no effect."
    MissingKey "A104" "a required key is missing"
        "The format has no default for it."
    UnknownVariant "A105" "a word is not one of the choices"
        "The format lists the words that may stand here."
    NotFinite "A106" "a number is not a finite number"
        "NaN, infinities and numbers beyond the range of the machine are no quantities."
    NotForOverlays "A107" "a scenario or reform may not change this"
        "A scenario or reform changes assumptions, not the identity of the valuation."
    UnknownPath "A108" "`--set` names a path that is not there"
        "A path is the one that `perennis show` prints."
    SetSyntax "A109" "`--set` is not path=value"
        "The value is written as in TOML: 0.05, \"text\", 2030-01-01, { 2026 = 0.03 }."
    EmptyText "A110" "a text is empty"
        "A name, a unit or a source must say something."
    MissingUnit "A201" "a value has no unit"
        "Each value needs a unit of its own or one at the head of a table around it."
    UnknownUnit "A202" "a unit is not one of those that fit"
        "The accepted units depend on what is measured; money is in the currency of the valuation."
    MissingSource "A203" "a value has no source"
        "Each value needs a source of its own, at the head of a table around it in the same file, or at the head of the overlay."
    Percentage "A301" "a share is typed as a percentage"
        "Shares and rates of growth are written as shares: 0.08, never 8."
    OutOfBounds "A302" "a value is outside the bounds of its kind"
        "Every kind of quantity has bounds that no real figure passes."
    Negative "A303" "a value is negative where none can be"
        "Persons, amounts and rates of events are never below zero."
    NotAYear "A304" "a key or cell is not a year"
        "Years are whole numbers from 1900 to 2300."
    NotAnAge "A305" "an age does not fit the table"
        "Ages are whole numbers from 0 to 130; with groups, the lowest age of the group."
    NotASex "A306" "a cell names no sex"
        "The sexes are written male and female."
    NotADate "A307" "a date does not serve here"
        "Dates are TOML dates without quotes: 2024-01-01."
    NoValues "A401" "a series has no values"
        "Give value, values, or file and column."
    YearMissing "A402" "a year is missing inside a series"
        "With gaps = \"none\" every year must be there; linear and hold fill gaps."
    TwoWays "A403" "a value is given in two ways"
        "One of value, values and file; one value for both sexes, or male and female."
    StartsLate "A404" "figures begin after the valuation does"
        "Nothing is carried back before the first year of a series."
    OneSexOnly "A405" "a value is given for one sex only"
        "A value that differs by sex needs male and female."
    NoRows "A406" "a provision has no rows"
        "in_force needs at least one row with a date and a value."
    RowTwice "A407" "a provision has the same row twice"
        "Rows of in_force differ in from, born_from, entered_from or sex."
    CsvEmpty "A501" "a table has no rows"
        "A CSV table has a header line and at least one row."
    ColumnMissing "A502" "a table lacks a column"
        "The columns of each table are fixed by the format."
    ColumnUnknown "A503" "a table has a column that is not known"
        "A column that is not part of the format would have no effect."
    FieldCount "A504" "a row has too many or too few fields"
        "Every row has as many fields as the header."
    DecimalComma "A505" "a number has a decimal comma or separators of thousands"
        "Numbers are written with a decimal point and nothing else: 1234.5."
    Separator "A506" "the columns are not separated by commas"
        "Tables are comma-separated; semicolons and tabs are not read."
    NotANumber "A507" "a cell is not a number"
        "Cells of figures hold a plain number such as 1234.5 or 1.2e-3."
    EmptyCell "A508" "a cell is empty"
        "An observation that is missing is not zero: give it or leave the row out."
    RowDuplicate "A509" "a table has two rows for the same cell"
        "One row is one observation; the keys of each are different."
    RowsMissing "A510" "a table lacks rows"
        "A table holds every combination of its keys."
    ColumnTwice "A511" "a table has the same column twice"
        "Which of the two is meant cannot be known."
    Quotes "A512" "a quoted cell is never closed"
        "A cell that begins with a quotation mark ends with one."
    StartDate "A601" "the valuation does not start on 1 January"
        "Stocks stand on 1 January; another start date is refused until tables can be re-dated."
    Horizon "A602" "the horizon is out of range"
        "A valuation runs for 1 to 150 years."
    NoStartYear "A603" "a base table does not have the start of the valuation"
        "The stocks of the first 1 January come from this table."
    UnknownName "A604" "a name is not defined anywhere"
        "Groups, schemes, accounts and benefits are named once and referred to by that name."
    SharesDoNotAdd "A605" "shares do not add up to one"
        "Parts of a whole add up to the whole."
    CoverageAboveOne "A606" "coverage is above one"
        "No scheme covers more people than there are."
    ContributorsAboveEmployed "A607" "contributors are more than the employed"
        "Contributors of a group are some of the employed of that group."
    DensityOnAverage "A608" "a density below one on an average count"
        "An average count already leaves out the months that were not paid."
    Incoherent "A609" "two values contradict each other"
        "Both cannot hold at once."
    SubjectMissing "A610" "a subject is needed by another"
        "Work needs a population, schemes and funds need work."
    BadName "A611" "a name cannot be used"
        "Names are lower-case words joined by `_`; they appear in tables and paths."
    NotInForce "A701" "a provision of law has no value when the valuation starts"
        "Every provision in use has a row whose date is not after the start."
    NoSteps "A702" "a benefit has no steps"
        "The steps of a benefit say how its amount is found."
    StepOrder "A703" "a step comes before what it works on"
        "A step takes the amount before it and gives the next; the first gives an amount or reference earnings."
    NotAScale "A704" "points make no scale"
        "Years of credit increase from point to point; shares lie between 0 and 2."
    ForSomeOnly "A705" "a provision for all has a row for some persons"
        "Contributions, decisions and amounts that go on by a rule are the same for everyone."
    NobodyCan "A706" "a condition that nobody can meet"
        "The parts of a condition leave room for somebody."
    Circular "A707" "names of a law lead back to themselves"
        "A measure, a formula, a benefit or an index is found from others, and these from numbers of the law or the record."
    NotLinear "A708" "an amount that is not linear in earnings"
        "A valuation spreads earnings, points and balances over persons, so an amount is made of straight lines in them."
    Thresholds "A709" "thresholds that do not part brackets"
        "Thresholds increase, and there is one rate more than thresholds."
    NotALifeTable "A710" "numbers that make no life table"
        "Those alive at an age are no more than those alive a year before."
    ForPersonsOnly "A711" "a benefit that a valuation cannot carry"
        "A benefit of this kind is found for a person; a valuation passes it over where it says persons_only = true."
    ReserveGone "A801" "a reserve is gone and nobody pays"
        "An account names who pays when its reserve is gone, a lender or the State, or its reserve lasts."
    OutsideHorizon "A802" "a year lies outside the accounts"
        "Control periods, targets and other years of a measure are years of the table."
    TailWithoutEnd "A803" "a sum over all years to come has no end"
        "What comes after the horizon counts only when interest is above its growth."
    NoSolution "A804" "a target is met by no value of the lever"
        "The range of the lever is looked through; the message says what comes nearest."
    ColumnNeeded "A805" "a measure reads figures that the account does not give"
        "Some measures need columns that others do not."
    NoBase "A806" "a measure does not exist for these flows"
        "A rate needs insured earnings, a reserve ratio expenditure, and an initial group its run-off."
    MoreThanAll "A807" "more leave than there are"
        "Probabilities of leaving within one year, by all causes, add up to at most one."
    AssetsNeeded "A808" "a cost method needs the assets of the plan"
        "The aggregate method spreads what assets do not cover over the earnings to come."
    DatesContradict "A901" "dates of a person contradict each other"
        "Birth comes before everything else, marriage before widowhood, and a span ends after it begins."
    NoClaim "A902" "a claim does not say when"
        "A claim has one of date, age and ages."
    NoLaw "A903" "a person is under no law"
        "laws names the scheme files under which the person claims."
    MonthsAboveTwelve "A904" "more than twelve months are credited in one year"
        "The kinds of periods of one year share its months."
    NoEnd "A905" "payments have no end"
        "Where nobody dies and nothing is discounted, the sum of all payments is no number."
    LifeNotGiven "A906" "something depends on a life that is not given"
        "Payments to a person, a spouse or an invalid need their survival, at every age that is reached."
    NotOfPerson "A907" "the law asks for what the file does not say of the person"
        "The law reads facts of the person; those it needs stand in the file."
    HighGrowth "W001" "a growth above 25 % a year"
        "Possible, but rare enough to be worth a second look."
    Unused "W002" "a value has no effect"
        "It is given, but nothing in this valuation reads it."
    Doubtful "W003" "a figure is unlike that of any nation"
        "Possible, but a unit that was mistaken looks the same."
    SetTwice "W004" "two reforms set the same value"
        "Reforms lie one over the other and the last one holds; which of the two is meant has to be decided."
    NotDelayed "W005" "a change of a delayed reform has no date"
        "Only dates and the years of series can be moved; what has no date holds from the start."
    LawSilent "W006" "a law says nothing on a day on which it is asked"
        "A number of the law that is in use has a value for everybody from the day on which the law is applied."
    LawTwice "W007" "two rows of a law apply to the same persons"
        "Of two rows from the same day the one for a birth, an entry or a sex wins; two of equal rank contradict each other."
    NobodyEver "W008" "a condition that nobody meets on a day"
        "A law may close a benefit in this way; a number that was mistaken looks the same."
    Falls "W009" "an amount that falls when earnings or service rise"
        "A law may mean it, such as a supplement that ends at an income; a step in the wrong place looks the same."
    OneByOne "W010" "a benefit that can be found for persons only"
        "A valuation spreads earnings over persons in straight lines; a person has one amount."
    DelayTurns "W011" "a delayed change goes another way than in time"
        "A reform written as steps from what holds in its first year may fall behind what holds some years later."
    NoNumber "W012" "a benefit whose amount is no number"
        "A step divides by nothing, or its result is beyond the range of the machine."
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Code {
    /// Says whether the code is a warning: the model is built all the same.
    #[must_use]
    pub fn is_warning(self) -> bool {
        self.as_str().starts_with('W')
    }
}

/// Where in a file a fault lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as it can be opened from the working directory.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length of the marked text in characters, at least 1.
    pub length: usize,
    /// The line, shortened around the column when it is long.
    pub text: String,
    /// Position of the marked text in `text`, bytes.
    pub mark: std::ops::Range<usize>,
    pub(crate) order: (usize, usize),
}

/// One fault or warning in the assumptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind it is.
    pub code: Code,
    /// Path in the tree of assumptions, as used by `--set`; empty for a whole file.
    pub path: String,
    /// Where it is; absent for what lies in no file.
    pub place: Option<Place>,
    /// What is wrong: names the value and the bound.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// How many more of the same kind in the same file and table were found and left out.
    pub more: usize,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(formatter, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        write!(formatter, "{}: {}", self.code, self.reason)
    }
}

/// Faults of one kind in one table that are shown; the rest is counted.
const SHOWN: usize = 10;

/// Faults found so far, each once.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<Fault>,
    shown: HashMap<(Code, String, String), (usize, usize)>,
    total: usize,
}

impl Faults {
    /// Keeps a fault, or counts it when many of its kind are there.
    pub(crate) fn push(&mut self, fault: Fault) {
        let file = fault.place.as_ref().map_or(String::new(), |place| place.file.clone());
        let twice = |kept: &Fault| {
            let same = kept.code == Code::NotFinite || kept.reason == fault.reason;
            kept.code == fault.code && kept.place == fault.place && same
        };
        if fault.place.is_some() && self.found.iter().rev().take(4 * SHOWN).any(twice) {
            return;
        }
        if !fault.code.is_warning() {
            self.total += 1;
        }
        let everywhere = matches!(fault.code, Code::MissingSource | Code::MissingUnit);
        let path = if everywhere { String::new() } else { fault.path.clone() };
        let next = self.found.len();
        let (count, last) = self.shown.entry((fault.code, file, path)).or_insert((0, next));
        *count += 1;
        if *count <= SHOWN {
            *last = next;
            self.found.push(fault);
        } else {
            self.found[*last].more += 1;
        }
    }

    /// Returns how many faults were found, warnings aside.
    pub(crate) fn count(&self) -> usize {
        self.total
    }

    /// Returns faults and warnings, each in the order of files and places.
    pub(crate) fn sorted(mut self) -> (Vec<Fault>, Vec<Fault>) {
        self.found.sort_by_key(|fault| fault.place.as_ref().map_or((0, 0), |place| place.order));
        self.found.into_iter().partition(|fault| !fault.code.is_warning())
    }
}

/// Returns the word of `known` nearest to `given`, or nothing when none is near.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let near = known.into_iter().map(|word| {
        let distance = strsim::damerau_levenshtein(&given, &word.to_lowercase());
        (distance, word)
    });
    let (distance, word) = near.min_by_key(|(distance, _)| *distance)?;
    let limit = given.chars().count().max(word.chars().count()).div_ceil(3);
    (distance <= limit.max(1)).then_some(word)
}

/// Returns a remedy that names the nearest of `known`, and lists all of them when they are few.
pub(crate) fn suggest<'a>(given: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let all: Vec<&str> = known.clone().into_iter().collect();
    let listed = if 24 < all.len() {
        format!("one of {} names is meant, such as {}", all.len(), all[..24].join(", "))
    } else {
        format!("known here: {}", all.join(", "))
    };
    match did_you_mean(given, known) {
        Some(near) if 24 < all.len() => format!("did you mean `{near}`?"),
        Some(near) => format!("did you mean `{near}`? ({listed})"),
        None if all.is_empty() => "nothing of the kind has a name here: declare it".to_owned(),
        None => listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: Code, line: usize) -> Fault {
        let place = Place {
            file: "a.csv".into(),
            line,
            column: 1,
            length: 1,
            text: String::new(),
            mark: 0..0,
            order: (0, line),
        };
        Fault {
            code,
            path: "p".into(),
            place: Some(place),
            reason: format!("{line}"),
            remedy: String::new(),
            more: 0,
        }
    }

    #[test]
    fn many_equal_faults_are_shown_ten_times_and_counted() {
        let mut faults = Faults::default();
        for line in (1..=1244).rev() {
            faults.push(fault(Code::Negative, line));
        }
        assert_eq!(faults.count(), 1244);
        let (kept, _) = faults.sorted();
        assert_eq!(kept.len(), SHOWN);
        assert_eq!(kept.iter().map(|fault| fault.more).sum::<usize>(), 1234);
    }

    #[test]
    fn codes_are_unique_and_ascending() {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("mortalty", ["mortality", "fertility"]), Some("mortality"));
        assert_eq!(did_you_mean("zzz", ["mortality", "fertility"]), None);
    }
}
