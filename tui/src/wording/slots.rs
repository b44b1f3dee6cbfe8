//! Why a time is better or worse than others that work, as a recruiter would say it.
//!
//! The points stay out of it: they order the times and mean nothing to people.

use greenroom_protocol::schedule::{SlotReason, SlotReasonCode as Code};

/// What speaks for a time and what against it, in one line.
pub(crate) fn why(reasons: &[SlotReason]) -> String {
    let said = |good: bool| {
        let of_it = reasons.iter().filter(|it| (it.points > 0) == good);
        of_it.map(reason).collect::<Vec<_>>().join("; ")
    };
    let (good, bad) = (said(true), said(false));
    match (good.is_empty(), bad.is_empty()) {
        (true, true) => "Nothing speaks against it".to_owned(),
        (false, true) => format!("For it: {good}"),
        (true, false) => format!("Against it: {bad}"),
        (false, false) => format!("For it: {good}. Against it: {bad}"),
    }
}

fn reason(reason: &SlotReason) -> String {
    let names: Vec<_> = reason
        .who
        .iter()
        .filter_map(|it| it.name.as_deref())
        .collect();
    let who = listed(&names);
    let has = if names.len() > 1 { "each have" } else { "has" };
    let amount = reason.amount.unwrap_or_default();
    match reason.code {
        Code::Later if amount == 1 => "a working day later than possible".to_owned(),
        Code::Later => format!("{amount} working days later than possible"),
        Code::OutsideUsualHours => format!("{amount} h outside 09:00–17:00 for {who}"),
        Code::NotPreferred => "outside the preferred hours".to_owned(),
        Code::OptionalBusy => format!("{who} (optional) can't come"),
        Code::OverLunch => format!("over lunch for {who}"),
        Code::OtherInterviews if amount == 1 => format!("{who} {has} another interview that day"),
        Code::OtherInterviews => format!("{who} {has} {amount} other interviews that day"),
        Code::NextToAnother => format!("right before or after another interview of {who}"),
        Code::ShortBreak => format!("only {amount} min between two interviews for {who}"),
        Code::SplitsFreeTime if amount == 1 => format!("breaks up 90 free minutes of {who}"),
        Code::SplitsFreeTime => {
            format!("breaks up {amount} stretches of 90 free minutes of {who}")
        }
    }
}

/// `Sam Ito, Lena Bauer and Mina Okafor`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::schedule::{FindingWho, LaneKind};

    use super::*;

    fn of(code: Code, points: i32, amount: Option<u32>, names: &[&str]) -> SlotReason {
        let who = names.iter().map(|name| FindingWho {
            kind: LaneKind::Member,
            id: (*name).to_owned(),
            name: Some((*name).to_owned()),
        });
        SlotReason {
            code,
            points,
            amount,
            who: who.collect(),
        }
    }

    #[test]
    fn what_speaks_for_a_time_comes_before_what_speaks_against_it() {
        let next = of(Code::NextToAnother, 4, None, &["Mina"]);
        let later = of(Code::Later, -3, Some(1), &[]);
        for (reasons, words) in [
            (vec![], "Nothing speaks against it"),
            (
                vec![next.clone()],
                "For it: right before or after another interview of Mina",
            ),
            (
                vec![later.clone()],
                "Against it: a working day later than possible",
            ),
            (
                vec![later, next],
                "For it: right before or after another interview of Mina. Against it: a working \
                 day later than possible",
            ),
        ] {
            assert_eq!(why(&reasons), words);
        }
    }

    #[test]
    fn every_reason_is_a_clause_with_its_unit_and_its_people() {
        let sam = &["Sam"][..];
        let all = &["Sam", "Lena", "Kofi"][..];
        for (it, words) in [
            (
                of(Code::Later, -6, Some(2), &[]),
                "2 working days later than possible",
            ),
            (
                of(Code::OutsideUsualHours, -10, Some(1), sam),
                "1 h outside 09:00–17:00 for Sam",
            ),
            (
                of(Code::NotPreferred, -15, None, &[]),
                "outside the preferred hours",
            ),
            (
                of(Code::OptionalBusy, -5, None, sam),
                "Sam (optional) can't come",
            ),
            (
                of(Code::OverLunch, -18, None, all),
                "over lunch for Sam, Lena and Kofi",
            ),
            (
                of(Code::OtherInterviews, -2, Some(1), sam),
                "Sam has another interview that day",
            ),
            (
                of(Code::OtherInterviews, -12, Some(2), all),
                "Sam, Lena and Kofi each have 2 other interviews that day",
            ),
            (
                of(Code::ShortBreak, -6, Some(15), sam),
                "only 15 min between two interviews for Sam",
            ),
            (
                of(Code::SplitsFreeTime, -5, Some(1), sam),
                "breaks up 90 free minutes of Sam",
            ),
            (
                of(Code::SplitsFreeTime, -10, Some(2), sam),
                "breaks up 2 stretches of 90 free minutes of Sam",
            ),
        ] {
            assert_eq!(reason(&it), words);
        }
    }
}
