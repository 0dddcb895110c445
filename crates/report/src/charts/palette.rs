/// Colours that readers with any colour vision tell apart, at least 3 to 1 against white; dashes tell lines apart in
/// black and white.
const STYLES: [(&str, &str); 10] = [
    ("#0f5c8c", ""),
    ("#c8551b", "7 3"),
    ("#0b7a5e", "2 3"),
    ("#8d4a9e", "10 3 2 3"),
    ("#96700a", "4 2"),
    ("#4f5b66", "1 3"),
    ("#2e8fc9", "12 4"),
    ("#a3324c", "6 2 2 2 2 2"),
    ("#4d7a14", "8 2 1 2"),
    ("#b0447a", "3 1"),
];

/// Colours of areas, light and dark by turns, so that neighbours differ in black and white as well.
const AREAS: [&str; 8] =
    ["#1f5f8b", "#8dbbd6", "#2b8573", "#e0b45c", "#7a4b82", "#c9a3c4", "#5c6670", "#d98b5f"];

/// The colour of men.
pub(super) const MEN: &str = "#3b7ea6";
/// The colour of women.
pub(super) const WOMEN: &str = "#d07a3a";
/// The colour of lines over areas.
pub(super) const INK: &str = "#1c2430";

/// Returns the colour of the series at a position.
pub(super) fn colour(position: usize) -> &'static str {
    STYLES[position % STYLES.len()].0
}

/// Returns the colour of the area at a position.
pub(super) fn area(position: usize) -> &'static str {
    AREAS[position % AREAS.len()]
}

/// Returns the dash pattern of the line at a position; empty for a whole line.
pub(super) fn dashes(position: usize) -> &'static str {
    STYLES[position % STYLES.len()].1
}
