//! Why no time works, in a sentence, and what would help. Pure.

use greenroom_protocol::schedule::{FindingCode, NoneBecause};

/// Reasons that are named: the commonest ones.
const NAMED: usize = 2;

/// That no time works, why, and what would help.
pub(super) fn none_works(because: &[NoneBecause]) -> String {
    // That what is past has passed helps nobody.
    let because = because.iter();
    let because: Vec<_> = because
        .filter(|it| it.code != FindingCode::InThePast)
        .take(NAMED)
        .collect();
    if because.is_empty() {
        return "No time works for everyone. Choose one".to_owned();
    }
    let why: Vec<_> = because.iter().map(|it| &*it.message).collect();
    let mut helps: Vec<&str> = Vec::new();
    for help in because.iter().map(|it| helps_against(it.code)) {
        if !help.is_empty() && !helps.contains(&help) {
            helps.push(help);
        }
    }
    let why = why.join("; ");
    match helps.is_empty() {
        true => format!("No time works for everyone: {why}"),
        false => format!("No time works for everyone: {why}. {}", or(&helps)),
    }
}

/// What would help against a reason; empty where nothing in this form or near it does.
fn helps_against(code: FindingCode) -> &'static str {
    match code {
        FindingCode::PersonBusy | FindingCode::OutsideHours | FindingCode::BusyElsewhere => {
            "choose other interviewers or a shorter interview"
        }
        FindingCode::HostBusy => "choose another host",
        FindingCode::CandidateBusy => "move the candidate's other interview",
        FindingCode::Buffer => "lower the buffers in the stage settings",
        FindingCode::NobodyOfGroup => "add people to the panel in the stage settings",
        FindingCode::OutsideWindows => "widen the windows in the stage settings",
        FindingCode::ShortNotice => "lower the notice in the stage settings",
        FindingCode::BeyondHorizon => "raise the days ahead in the stage settings",
        FindingCode::DayCap => "raise the limit per day, the stage's or the interviewer's own",
        FindingCode::WeekCap => "raise the limit per week, the stage's or the interviewer's own",
        FindingCode::DayOff => "choose other interviewers or a later time",
        FindingCode::StaleCalendar => "refresh that calendar in Settings",
        FindingCode::CandidateNight => "choose interviewers whose day is the candidate's",
        _ => "",
    }
}

/// As a sentence: `Choose this, or lower that`.
fn or(ways: &[&str]) -> String {
    let words = ways.join(", or ");
    let mut letters = words.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn because(code: FindingCode, share: u32, message: &str) -> NoneBecause {
        NoneBecause {
            code,
            who: None,
            share,
            message: message.into(),
        }
    }

    #[test]
    fn the_commonest_reasons_are_named_with_what_helps() {
        let past = because(
            FindingCode::InThePast,
            90,
            "in the past (90 % of the times)",
        );
        let sam = because(FindingCode::PersonBusy, 80, "Sam Ito has other interviews");
        let hours = because(FindingCode::OutsideHours, 70, "outside Lena Bauer's hours");
        let notice = because(FindingCode::ShortNotice, 60, "sooner than the notice");
        let cap = because(FindingCode::DayCap, 50, "not said any more");
        for (reasons, words) in [
            (vec![], "No time works for everyone. Choose one"),
            (vec![past.clone()], "No time works for everyone. Choose one"),
            (
                vec![past, sam.clone(), hours, cap.clone()],
                "No time works for everyone: Sam Ito has other interviews; outside Lena Bauer's \
                 hours. Choose other interviewers or a shorter interview",
            ),
            (
                vec![sam, notice, cap],
                "No time works for everyone: Sam Ito has other interviews; sooner than the \
                 notice. Choose other interviewers or a shorter interview, or lower the notice in \
                 the stage settings",
            ),
        ] {
            assert_eq!(none_works(&reasons), words);
        }
    }
}
