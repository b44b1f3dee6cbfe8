//! How the figures of the assistant's scheduling read.

use greenroom_protocol::outreach::SchedulingFigures;

use super::outreach::watched;

/// What stands where nothing can be said yet.
const NOTHING: &str = "-";

/// All of them, each with its name.
pub(crate) fn figures(figures: &SchedulingFigures) -> Vec<(&'static str, String)> {
    let mut shown = vec![
        ("started", figures.started.to_string()),
        ("booked", figures.booked.to_string()),
        ("entered to booked", format!("{} (median)", median(figures))),
        (
            "emails per booking",
            goal(
                emails(figures),
                figures.emails_per_booking,
                SchedulingFigures::MOST_EMAILS,
                "",
            ),
        ),
        (
            "touched by a person",
            goal(
                touched(figures),
                figures.touched_percent,
                SchedulingFigures::MOST_TOUCHED,
                " %",
            ),
        ),
        ("rescheduled", figures.reschedules.to_string()),
        ("undone bookings", figures.undone.to_string()),
        (
            "still waiting",
            format!(
                "{}, {} for a person",
                figures.waiting + figures.needs_person,
                figures.needs_person
            ),
        ),
        ("ended without one", figures.ended.to_string()),
    ];
    if figures.shadow.total() > 0 {
        shown.push(("watched", watched(figures.shadow)));
    }
    shown
}

/// `2.1 (goal: at most 3)`, or that the goal is missed.
fn goal(shown: String, value: Option<f64>, most: f64, unit: &str) -> String {
    match value {
        None => shown,
        Some(value) if value <= most => format!("{shown} (goal: at most {most}{unit})"),
        Some(_) => format!("{shown} (above the goal of at most {most}{unit})"),
    }
}

/// From entering the stage to the booking.
pub(crate) fn median(figures: &SchedulingFigures) -> String {
    match figures.median_hours {
        None => NOTHING.to_owned(),
        Some(hours) if hours < 1.0 => format!("{:.0} min", hours * 60.0),
        Some(hours) if hours < 48.0 => format!("{hours:.1} h"),
        Some(hours) => format!("{:.1} d", hours / 24.0),
    }
}

/// Emails a booking.
pub(crate) fn emails(figures: &SchedulingFigures) -> String {
    let emails = figures.emails_per_booking;
    emails.map_or_else(|| NOTHING.to_owned(), |it| format!("{it:.1}"))
}

/// The share that a person touched.
pub(crate) fn touched(figures: &SchedulingFigures) -> String {
    let touched = figures.touched_percent;
    touched.map_or_else(|| NOTHING.to_owned(), |it| format!("{it:.0} %"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_whether_it_meets_its_goal() {
        let some = SchedulingFigures {
            started: 10,
            booked: 4,
            median_hours: Some(0.25),
            emails_per_booking: Some(2.04),
            touched: 3,
            touched_percent: Some(37.5),
            waiting: 2,
            needs_person: 1,
            ..SchedulingFigures::default()
        };
        let shown = figures(&some);
        let of = |name: &str| {
            let found = shown.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(of("entered to booked"), Some("15 min (median)"));
        assert_eq!(of("emails per booking"), Some("2.0 (goal: at most 3)"));
        let missed = Some("38 % (above the goal of at most 20 %)");
        assert_eq!(of("touched by a person"), missed);
        assert_eq!(of("still waiting"), Some("3, 1 for a person"));
        assert_eq!(of("watched"), None);
        assert_eq!(median(&SchedulingFigures::default()), "-");
    }
}
