/// Puts a comma between each three of a number's digits before the point: `1234567` becomes `1,234,567`.
#[must_use]
pub fn with_commas(digits: &str) -> String {
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if 0 < position && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_thousands_only() {
        assert_eq!(
            ["", "1", "999", "1000", "123456"].map(with_commas).join(" "),
            " 1 999 1,000 123,456"
        );
    }
}
