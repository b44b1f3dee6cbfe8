//! Interviews under their days, as a person reads a week.

use greenroom_protocol::interview::Interview;
use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::words::word;
use crate::output::Table;
use crate::widgets::times;
use crate::wording;

/// The interviews, which come by start, under their days in `now`'s zone.
pub(super) fn table(interviews: &[Interview], now: &Zoned) -> Table {
    let zone = now.time_zone();
    let mut table = Table::default();
    let mut day = None;
    for interview in interviews {
        let start = times::at(interview.start.timestamp(), zone);
        if day.replace(start.date()) != Some(start.date()) {
            table.section(&heading(start.date(), now, zone));
        }
        let end = interview
            .start
            .plus_minutes(interview.duration_minutes.into());
        let end = times::at(end.timestamp(), zone);
        table.row([
            format!("  {}–{}", times::clock(&start), times::clock(&end)),
            interview.candidate.name.clone(),
            format!("{}, {}", interview.job_title, interview.stage_name),
            format!("with {}", wording::people(&interview.interviewers)),
            how(interview),
            interview.id.to_string(),
        ]);
    }
    table
}

fn heading(date: Date, now: &Zoned, zone: &TimeZone) -> String {
    let mut words = times::day(date, now.date());
    if date == now.date() {
        words.push_str("  today");
    }
    if let Some(change) = times::clock_change(date, zone) {
        words.push_str(&format!("  {change}"));
    }
    words
}

/// How it stands, and where they meet.
fn how(interview: &Interview) -> String {
    let kind = wording::meeting_type(interview.meeting.kind);
    let mark = if interview.warnings.is_empty() {
        ""
    } else {
        " !"
    };
    format!("{}, {kind}{mark}", word(interview.status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::interview as at;

    #[test]
    fn a_week_in_which_the_clock_goes_back_keeps_every_hour_apart() {
        let now: Zoned = "2026-10-24T12:00[Europe/Berlin]".parse().unwrap();
        // The hour from two to three comes twice on that Sunday.
        let interviews = [
            at("2026-10-24T10:00:00Z", 45),
            at("2026-10-25T00:30:00Z", 30),
            at("2026-10-25T01:30:00Z", 30),
            at("2026-10-25T10:00:00Z", 90),
        ];
        let text = table(&interviews, &now).render(false);
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.split("  Ana").next().unwrap())
            .collect();
        assert_eq!(
            lines,
            [
                "Sat 24 Oct  today",
                "  12:00–12:45",
                "Sun 25 Oct  clocks go back an hour",
                "  02:30–02:00",
                "  02:30–03:00",
                "  11:00–12:30",
            ]
        );
        assert!(
            text.contains("Ana Lima  Designer, Onsite  with Sam Ito  confirmed, phone"),
            "{text}"
        );
    }
}
