//! What guidance is read as, and which times meet it.

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::*;

/// The chips of a text; a note has its mark before it.
fn chips(text: &str) -> Vec<String> {
    let Guidance { preferences, notes } = read(text);
    let chips = preferences.iter().map(Preference::words);
    let notes = notes.iter().map(|it| format!("note: {it}"));
    chips.chain(notes).collect()
}

#[test]
fn guidance_is_read_into_closed_preferences() {
    for (text, expected) in [
        ("Prefer mornings", "prefer before 12:00 · their clock"),
        ("mornings please", "prefer before 12:00 · their clock"),
        ("Mornings if possible.", "prefer before 12:00 · their clock"),
        ("Only afternoons, our time", "only 12:00–18:00 · our clock"),
        ("No Fridays", "never Fri · their clock"),
        (
            "Please don't schedule interviews on Fridays",
            "never Fri · their clock",
        ),
        ("Not on Mondays if possible", "avoid Mon · their clock"),
        (
            "avoid Friday afternoons",
            "avoid Fri, 12:00–18:00 · their clock",
        ),
        ("only Tue, Wed and Thu", "only Tue Wed Thu · their clock"),
        ("Only Monday to Wednesday", "only Mon Tue Wed · their clock"),
        ("mon-wed only", "only Mon Tue Wed · their clock"),
        (
            "Tuesday or Thursday preferred",
            "prefer Tue Thu · their clock",
        ),
        ("never before 10", "never before 10:00 · their clock"),
        ("nothing after 5", "note: nothing after 5"),
        (
            "no interviews after 5pm our time",
            "never from 17:00 · our clock",
        ),
        (
            "Prefer between 9 and 12",
            "prefer 09:00–12:00 · their clock",
        ),
        ("only 1-5", "only 13:00–17:00 · their clock"),
        ("only 9-5", "only 09:00–17:00 · their clock"),
        ("only 10:30-16:00", "only 10:30–16:00 · their clock"),
        ("only 9am to noon", "only 09:00–12:00 · their clock"),
        (
            "Prefer mornings for candidates in Asia",
            "prefer before 12:00 · candidates in Asia · their clock",
        ),
        (
            "For candidates in India prefer afternoons",
            "prefer 12:00–18:00 · candidates in India · their clock",
        ),
        (
            "prefer 8 to 10 for US candidates, their time",
            "prefer 08:00–10:00 · candidates in the US · their clock",
        ),
        ("prefer mornings for us", "note: prefer mornings for us"),
        (
            "Only weekdays for candidates based in New Zealand or Australia",
            "only weekdays · candidates in New Zealand, Australia · their clock",
        ),
        (
            "prefer the last week of the month",
            "prefer last week of the month · their clock",
        ),
        ("- Prefer mornings\n", "prefer before 12:00 · their clock"),
    ] {
        assert_eq!(chips(text), [expected], "{text}");
    }
}

#[test]
fn sentences_of_several_parts_are_read_whole_or_not_at_all() {
    assert_eq!(
        chips("Prefer mornings for candidates in Asia and afternoons for candidates in Europe"),
        [
            "prefer before 12:00 · candidates in Asia · their clock",
            "prefer 12:00–18:00 · candidates in Europe · their clock",
        ]
    );
    assert_eq!(
        chips("Prefer mornings, no Fridays. Be kind."),
        [
            "prefer before 12:00 · their clock",
            "never Fri · their clock",
            "note: Be kind",
        ]
    );
    for unread in [
        "Only mornings, unless they are in Asia",
        "Only mornings and Fridays for seniors",
        "Not only mornings",
        "In Asia only mornings in Europe",
        "Prefer mornings but Lena decides",
        "Mornings work best with Sam",
        "Make it 60 minutes",
        "Use Dana's Zoom",
        "Send it without approval",
        "Ignore the notice and book anything tomorrow",
        "Write to ana@mail.example",
        "Prefer only mornings",
        "never never Fridays",
        "first week",
        "only 5-1-2",
        "only",
        "prefer",
        "\u{202e}mornings",
    ] {
        assert_eq!(chips(unread), [format!("note: {unread}")], "{unread}");
    }
    assert_eq!(chips(" \n ;; "), Vec::<String>::new());
    let many = "No Fridays. ".repeat(40);
    assert_eq!(read(&many).preferences.len(), 12);
    let long = "mornings ".repeat(5000);
    assert_eq!(read(&long).preferences.len(), 0);
}

#[test]
fn a_time_is_wanted_whole_and_refused_by_any_part_by_the_clock_that_counts() {
    let at = |zone: &str, day: i8, hour: i8, minute: i8| {
        let at = date(2026, 12, day).at(hour, minute, 0, 0);
        let at = at.to_zoned(TimeZone::get(zone).unwrap()).unwrap();
        at.timestamp().as_second()
    };
    let utc = |day, hour, minute| at("UTC", day, hour, minute);
    let span = utc(1, 0, 0)..utc(31, 0, 0);
    let judged = |text: &str, candidate: Option<&str>, time: &Seconds| {
        let preferences = read(text).preferences;
        assert!(!preferences.is_empty(), "{text}");
        let ours = (candidate, &TimeZone::UTC);
        let wishes = guided(Wishes::default(), &preferences, ours, &span);
        (wishes.allow(time), wishes.prefer(time))
    };
    // 1 December 2026 is a Tuesday.
    for (text, time, allowed) in [
        ("only mornings", utc(1, 11, 0)..utc(1, 12, 0), true),
        ("only mornings", utc(1, 11, 30)..utc(1, 12, 15), false),
        ("never before 10", utc(1, 9, 45)..utc(1, 10, 30), false),
        ("never before 10", utc(1, 10, 0)..utc(1, 10, 45), true),
        ("only Tuesdays", utc(1, 9, 0)..utc(1, 10, 0), true),
        ("only Tuesdays", utc(2, 9, 0)..utc(2, 10, 0), false),
        ("no evenings", utc(1, 23, 30)..utc(2, 0, 30), false),
        ("only Tue and Wed", utc(1, 23, 30)..utc(2, 0, 30), true),
        (
            "only the first week of the month",
            utc(7, 9, 0)..utc(7, 10, 0),
            true,
        ),
        (
            "only the first week of the month",
            utc(8, 9, 0)..utc(8, 10, 0),
            false,
        ),
        (
            "only the last week of the month",
            utc(25, 9, 0)..utc(25, 10, 0),
            true,
        ),
        // Each narrows what the other leaves.
        (
            "only mornings. no Tuesdays",
            utc(1, 9, 0)..utc(1, 10, 0),
            false,
        ),
        (
            "only mornings. no Tuesdays",
            utc(2, 9, 0)..utc(2, 10, 0),
            true,
        ),
    ] {
        assert_eq!(
            judged(text, None, &time),
            (allowed, true),
            "{text} {time:?}"
        );
    }
    let kolkata = Some("Asia/Kolkata");
    let (early, late) = (
        at("Asia/Kolkata", 1, 10, 0)..at("Asia/Kolkata", 1, 11, 0),
        at("Asia/Kolkata", 1, 14, 0)..at("Asia/Kolkata", 1, 15, 0),
    );
    let text = "Prefer mornings for candidates in Asia";
    assert_eq!(judged(text, kolkata, &early), (true, true));
    assert_eq!(judged(text, kolkata, &late), (true, false));
    // By our clock the later one is in the morning, too; who is elsewhere is not meant.
    assert_eq!(
        judged("prefer mornings, our time", kolkata, &late),
        (true, true)
    );
    assert_eq!(judged(text, Some("Europe/Berlin"), &late), (true, true));
    assert_eq!(judged(text, None, &late), (true, true));
    let indian = "no Tuesdays for Indian candidates";
    assert_eq!(judged(indian, Some("Asia/Calcutta"), &early), (false, true));
    assert_eq!(judged(indian, Some("Asia/Tokyo"), &early), (true, true));
}
