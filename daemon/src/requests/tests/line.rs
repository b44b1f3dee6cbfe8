//! A form in one line.
//!
//! ```text
//! act · candidate=… with=… out=… host=… job=… stage=… min=… shift=… type=… pick=… option=…
//!     · times: + has to be, ~ is wished; ! not then; NAME: whose · left: words that were not read
//! ```

use greenroom_protocol::conversation::{Named, RequestForm, RequestPick, Stated, StatedWhen};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

pub(super) fn of(form: &RequestForm) -> String {
    let mut parts = vec![word(&form.act)];
    let mut add = |what: &str, value: Option<String>| {
        parts.extend(value.map(|value| format!("{what}={value}")));
    };
    let several = |all: &[Named]| {
        let names: Vec<String> = all.iter().map(name).collect();
        (!names.is_empty()).then(|| names.join(","))
    };
    add("candidate", form.candidate.as_ref().map(name));
    add("with", several(&form.people));
    add("others", several(&form.others));
    add("of", several(&form.spoken_of));
    add("out", several(&form.without));
    add("host", form.host.as_ref().map(name));
    add("job", form.job.as_ref().map(name));
    add("stage", form.stage.as_ref().map(name));
    add("min", form.minutes.map(|it| it.to_string()));
    add("shift", form.shift_minutes.map(|it| it.to_string()));
    add("type", form.kind.as_ref().map(word));
    let pick = (form.pick != RequestPick::Best).then(|| word(&form.pick));
    add("pick", pick);
    add("option", form.option.map(|it| it.to_string()));
    let about: Vec<String> = form.about.iter().map(stated).collect();
    if !about.is_empty() {
        parts.push(format!("about={}", about.join(",")));
    }
    parts.extend(form.times.iter().map(stated));
    parts.extend(form.doubtful.iter().map(|it| format!("?{}", it.why)));
    if !form.unplaced.is_empty() {
        parts.push(format!("left={}", form.unplaced.join(",")));
    }
    parts.join("; ")
}

fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).expect("a word");
    value.as_str().unwrap_or_default().to_owned()
}

/// `Sam`; `Priya Nair/Priya Ramanathan` where both are meant; `Sam?` where he is optional.
fn name(named: &Named) -> String {
    let names: Vec<&str> = named.matches.iter().map(|it| it.name.as_str()).collect();
    let optional = if named.optional { "?" } else { "" };
    format!("{}{optional}", names.join("/"))
}

fn stated(stated: &Stated) -> String {
    let sign = if stated.must { "+" } else { "~" };
    let not = if stated.not { "!" } else { "" };
    let who = match stated.who.is_empty() {
        true => String::new(),
        false => format!("{}: ", stated.who.join("/")),
    };
    let when: Vec<String> = stated.when.iter().map(when).collect();
    format!("{sign}{not}{who}{}", when.join(" or "))
}

fn when(when: &StatedWhen) -> String {
    match when {
        StatedWhen::At { start } => format!("{} {}", day(*start), clock(*start)),
        StatedWhen::Between { start, end } => {
            let length = end.second() - start.second();
            let whole = clock(*start) == "00:00" && clock(*end) == "00:00";
            let last = day(end.plus_seconds(-1));
            match (whole, length / 86_400) {
                (_, 50..) => {
                    // 2 December 2026.
                    let now = 1_796_198_400;
                    match start.second() < now {
                        true if clock(*end) == "00:00" => format!("..{last}"),
                        true => format!("..{} {}", day(*end), clock(*end)),
                        false if clock(*start) == "00:00" => format!("{}..", day(*start)),
                        false => format!("{} {}..", day(*start), clock(*start)),
                    }
                }
                (true, 1) => day(*start),
                (true, _) => format!("{}..{last}", day(*start)),
                _ if day(*start) == last && clock(*end) == "00:00" => {
                    format!("{} {}..24:00", day(*start), clock(*start))
                }
                _ if day(*start) == last => {
                    format!("{} {}..{}", day(*start), clock(*start), clock(*end))
                }
                _ => format!(
                    "{} {}..{} {}",
                    day(*start),
                    clock(*start),
                    day(*end),
                    clock(*end)
                ),
            }
        }
        StatedWhen::Hours { days, from, until } => {
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            let days: Vec<&str> = days.iter().map(|it| names[usize::from(*it) - 1]).collect();
            let minute = |it: &u16| format!("{:02}:{:02}", it / 60, it % 60);
            let hours = match from == until {
                true => format!("@{}", minute(from)),
                false => format!("{}-{}", minute(from), minute(until)),
            };
            match days.is_empty() {
                true => hours,
                false => format!("{} {hours}", days.join("/")),
            }
        }
    }
}

fn local(instant: Instant) -> jiff::Zoned {
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    instant.timestamp().to_zoned(zone)
}

fn day(instant: Instant) -> String {
    let local = local(instant);
    let year = if local.year() == 2026 { "" } else { "%Y-" };
    local.strftime(&format!("{year}%m-%d")).to_string()
}

fn clock(instant: Instant) -> String {
    local(instant).strftime("%H:%M").to_string()
}
