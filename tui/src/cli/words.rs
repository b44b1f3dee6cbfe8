//! The contract's values as words of the command line: choices to type, states to read, moments to
//! show.

use clap::ValueEnum;
use greenroom_protocol::assistant_switch::AssistantSwitch;
use greenroom_protocol::interview::{Interview, InterviewStatus, MeetingState, MeetingType, Side};
use greenroom_protocol::mail_settings::{MailSystem, MailTransport};
use greenroom_protocol::pipeline::{ApplicationState, Approval};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{AccountPlan, Role};
use jiff::tz::TimeZone;
use serde::Serialize;

/// A switch.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl From<Switch> for bool {
    fn from(switch: Switch) -> Self {
        matches!(switch, Switch::On)
    }
}

/// How the assistant's switch stands, where it is paused.
pub(crate) fn paused(switch: &AssistantSwitch) -> Option<String> {
    if switch.on {
        return None;
    }
    let since = switch.since.map(|at| format!(" since {}", here(at)));
    let by = switch.by.as_ref().map(|name| format!(" by {name}"));
    let why = switch.why.as_ref().map(|why| format!(": {why}"));
    let parts = [since, by, why].into_iter().flatten();
    Some(format!("paused{}", parts.collect::<String>()))
}

/// Declares a choice with the same words as an enum of the contract.
macro_rules! choice {
    ($name:ident = $contract:ident { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        #[doc = concat!("[`", stringify!($contract), "`], to type.")]
        #[derive(Debug, Clone, Copy, ValueEnum)]
        pub(crate) enum $name {
            $($(#[$doc])* $variant),+
        }

        impl From<$name> for $contract {
            fn from(choice: $name) -> Self {
                match choice { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}

choice!(
    RoleWord = Role {
        Admin,
        Recruiter,
        HiringManager,
        Interviewer
    }
);
choice!(PlanWord = AccountPlan { Unknown, Business });
choice!(
    ApprovalWord = Approval {
        Auto,
        Draft,
        Shadow
    }
);
choice!(
    TypeWord = MeetingType {
        Zoom,
        Link,
        Phone,
        Place
    }
);
choice!(SideWord = Side { Us, Candidate });
choice!(
    MailSystemWord = MailSystem {
        Google,
        Microsoft,
        Exchange,
        Fastmail,
        Icloud,
        Zoho,
        Other
    }
);
choice!(
    TransportWord = MailTransport {
        Smtp,
        Maildir,
        Graph,
        Sandbox
    }
);
choice!(
    StateWord = ApplicationState {
        Active,
        OnHold,
        Rejected,
        Withdrawn,
        Hired
    }
);
choice!(
    StatusWord = InterviewStatus {
        ToBeConfirmed,
        Confirmed,
        Cancelled,
        Completed,
        NoShow,
    }
);

/// A value of the contract in its own word, such as `to-be-confirmed`.
pub(crate) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// How far an interview's meeting is, for people.
pub(crate) fn meeting(interview: &Interview) -> &'static str {
    let over = interview.status != InterviewStatus::Confirmed;
    match interview.meeting.state {
        MeetingState::None => "",
        MeetingState::Pending if over => "being removed",
        MeetingState::Pending if interview.meeting.join_url.is_some() => "being updated",
        MeetingState::Pending => "being created",
        MeetingState::Ready => "ready",
        MeetingState::Failed => "failed",
        MeetingState::Gone => "removed",
    }
}

/// A moment where this machine is, to the minute.
pub(crate) fn here(moment: Instant) -> String {
    let local = moment.timestamp().to_zoned(TimeZone::system());
    local.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A length in bytes, for people.
pub(crate) fn size(bytes: u64) -> String {
    let mut rest = bytes as f64;
    let mut units = ["B", "kB", "MB", "GB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if rest < 1000.0 {
            break;
        }
        rest /= 1000.0;
        unit = larger;
    }
    match unit {
        "B" => format!("{bytes} B"),
        unit => format!("{rest:.1} {unit}"),
    }
}

/// `Name <address>`.
pub(crate) fn person(name: &str, email: &str) -> String {
    format!("{name} <{email}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_500, "1.5 kB"),
            (12_345_678, "12.3 MB"),
            (7_000_000_000_000, "7000.0 GB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn words_are_the_contracts() {
        assert_eq!(word(InterviewStatus::ToBeConfirmed), "to-be-confirmed");
        assert_eq!(word(MeetingState::Gone), "gone");
    }
}
