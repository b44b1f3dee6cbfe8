//! Days as they are spelled, with a slip or in letters.

use jiff::civil::Weekday;

/// A day of the month in letters, from the one that can be no place in a list.
pub(super) fn day_spelled(low: &str) -> Option<i8> {
    const FROM_SIXTH: [&str; 15] = [
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    let at = FROM_SIXTH.iter().position(|it| *it == low)?;
    i8::try_from(at + 6).ok()
}

/// A weekday with one slip: a letter too much, too few or another one, or two in each other's place.
pub(super) fn misspelled(low: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let count = low.chars().count();
    if !(5..=10).contains(&count) || !low.is_ascii() || low.ends_with("days") {
        return None;
    }
    let mut near = DAYS.iter().filter(|(day, _)| is_one_slip(day, low));
    let (_, found) = near.next()?;
    // "sonday" may be two of them.
    near.next().is_none().then_some(*found)
}

fn is_one_slip(right: &str, said: &str) -> bool {
    let (a, b) = (right.as_bytes(), said.as_bytes());
    if a == b || a.first() != b.first() {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let swapped =
        a.len() == b.len() && a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..];
    let other = a.len() == b.len() && a[1..] == b[1..];
    let missing = a.len() == b.len() + 1 && a[1..] == *b;
    let more = b.len() == a.len() + 1 && b[1..] == *a;
    swapped || other || missing || more
}
