//! The words that name days, months, numbers and parts of a day.
//!
//! Owns the vocabulary. Must not decide whether a word is meant as a time: `may` is a month here
//! and a verb elsewhere, and where it stands decides.

use jiff::civil::Weekday;

pub(super) fn weekday(low: &str) -> Option<Weekday> {
    Some(match low {
        "mon" | "monday" | "mondy" => Weekday::Monday,
        "tue" | "tues" | "tuesday" | "teusday" | "tuseday" => Weekday::Tuesday,
        "wed" | "weds" | "wednesday" | "wensday" | "wednsday" | "wednes" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" | "thirsday" | "thrusday" => Weekday::Thursday,
        "fri" | "friday" | "firday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// A weekday in the plural, which means each of them: `tuesdays`.
pub(super) fn each_weekday(low: &str) -> Option<Weekday> {
    weekday(low.strip_suffix('s').filter(|it| it.ends_with("day"))?)
}

/// Weekdays that are common words too, or names.
pub(super) fn weak_weekday(low: &str) -> bool {
    matches!(low, "mon" | "sat" | "sun" | "wed")
}

pub(super) fn month(low: &str) -> Option<i8> {
    Some(match low {
        "jan" | "january" => 1,
        "feb" | "february" | "febuary" => 2,
        "mar" | "march" => 3,
        "apr" | "april" => 4,
        "may" => 5,
        "jun" | "june" => 6,
        "jul" | "july" => 7,
        "aug" | "august" => 8,
        "sep" | "sept" | "september" => 9,
        "oct" | "october" => 10,
        "nov" | "november" => 11,
        "dec" | "december" => 12,
        _ => return None,
    })
}

/// A number in words, below one hundred by one word.
pub(super) fn number(low: &str) -> Option<u32> {
    Some(match low {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "ninety" => 90,
        _ => return None,
    })
}

/// An ordinal in words.
pub(super) fn ordinal(low: &str) -> Option<u32> {
    Some(match low {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
}

pub(super) fn unit(low: &str) -> Option<Unit> {
    Some(match low {
        "second" | "seconds" | "sec" | "secs" => Unit::Second,
        "minute" | "minutes" | "min" | "mins" | "minute's" | "minutes'" => Unit::Minute,
        "hour" | "hours" | "hr" | "hrs" | "h" => Unit::Hour,
        "day" | "days" => Unit::Day,
        "week" | "weeks" | "wk" | "wks" => Unit::Week,
        "fortnight" | "fortnights" => Unit::Fortnight,
        "month" | "months" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" | "yr" | "yrs" => Unit::Year,
        _ => return None,
    })
}

/// Words before a number that make it the number of a thing.
pub(super) fn names_a_thing(low: &str) -> bool {
    matches!(
        low,
        "room"
            | "rooms"
            | "floor"
            | "suite"
            | "apt"
            | "apartment"
            | "unit"
            | "building"
            | "gate"
            | "no"
            | "number"
            | "ticket"
            | "issue"
            | "id"
            | "ref"
            | "reference"
            | "code"
            | "passcode"
            | "pin"
            | "ext"
            | "extension"
            | "page"
            | "pages"
            | "chapter"
            | "section"
            | "version"
            | "release"
            | "level"
            | "grade"
            | "score"
            | "scored"
            | "rating"
            | "rated"
            | "option"
            | "options"
            | "slot"
            | "round"
            | "step"
            | "task"
            | "question"
            | "line"
            | "invoice"
            | "order"
            | "case"
            | "bug"
            | "pr"
            | "phase"
            | "part"
            | "table"
            | "figure"
            | "item"
            | "desk"
            | "platform"
            | "track"
            | "terminal"
            | "flight"
            | "salary"
            | "budget"
            | "age"
            | "aged"
            | "usd"
            | "eur"
            | "gbp"
            | "port"
            | "build"
            | "iso"
            | "rfc"
            | "python"
            | "java"
            | "windows"
            | "area"
            | "team"
            | "tier"
            | "zip"
            | "box"
            | "win"
            | "won"
            | "lost"
            | "conference"
            | "hall"
            | "bus"
            | "highway"
            | "route"
            | "exit"
            | "zone"
            | "candidate"
            | "student"
            | "employee"
            | "badge"
            | "seat"
            | "group"
            | "panel"
            | "stage"
            | "class"
            | "vs"
            | "x"
            | "approx"
            | "over"
            | "under"
            | "only"
            | "nearly"
            | "almost"
            | "top"
    ) && !matches!(low, "only" | "over" | "approx")
}

/// Words after a number that make it a count of things.
pub(super) fn counts_things(low: &str) -> bool {
    if matches!(
        low,
        "people"
            | "percent"
            | "pct"
            | "of"
            | "out"
            | "more"
            | "other"
            | "others"
            | "different"
            | "x"
            | "k"
            | "eur"
            | "euro"
            | "euros"
            | "usd"
            | "dollar"
            | "dollars"
            | "gbp"
            | "pounds"
            | "million"
            | "thousand"
            | "hundred"
            | "times"
            | "points"
            | "stars"
            | "star"
            | "years"
            | "year"
            | "street"
            | "st"
            | "avenue"
            | "ave"
            | "road"
            | "rd"
            | "blvd"
            | "lane"
            | "km"
            | "miles"
            | "mph"
            | "kph"
            | "rpm"
            | "billion"
            | "kilos"
            | "kg"
            | "degrees"
            | "feet"
            | "staff"
            | "members"
            | "person"
            | "persons"
            | "candidate"
            | "interviewer"
            | "engineer"
            | "open"
            | "new"
            | "main"
            | "senior"
            | "junior"
            | "round"
            | "rounds"
            | "experience"
            | "rating"
            | "upvotes"
            | "kids"
            | "children"
            | "percentile"
            | "gb"
            | "mb"
            | "bits"
            | "bit"
            | "cents"
            | "offices"
            | "minutes"
            | "hours"
            | "days"
            | "weeks"
            | "months"
            | "minute"
            | "hour"
            | "day"
            | "week"
            | "month"
            | "mins"
            | "min"
            | "hrs"
            | "seconds"
    ) {
        return true;
    }
    // A plural noun: "engineers", "locations". Verbs and the like that end the same way are named.
    low.len() > 3
        && low.ends_with('s')
        && !low.ends_with("ss")
        && !matches!(
            low,
            "works"
                | "suits"
                | "looks"
                | "sounds"
                | "seems"
                | "fits"
                | "does"
                | "this"
                | "was"
                | "unless"
                | "always"
                | "perhaps"
                | "thanks"
                | "means"
                | "plus"
                | "has"
                | "yours"
                | "makes"
                | "gives"
                | "his"
                | "hers"
                | "ours"
                | "theirs"
                | "starts"
                | "begins"
                | "ends"
                | "onwards"
                | "afterwards"
                | "mondays"
                | "tuesdays"
                | "wednesdays"
                | "thursdays"
                | "fridays"
        )
}
