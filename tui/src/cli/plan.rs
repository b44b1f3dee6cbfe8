//! The options that change how a stage's interviews are planned.

use std::str::FromStr;

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::{PanelGroup, PanelRule, StageInterview};
use greenroom_protocol::workspace::Member;

use super::words::{ApprovalWord, Switch};
use crate::typed::TypedNight;
use crate::typed::duration::Minutes;
use crate::typed::window::Stretch;

/// What of the plan changes.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// Whether the assistant schedules the interviews
    #[arg(long)]
    ai: Option<Switch>,
    /// Whose Zoom account hosts; empty: the organizer's, which needs AI scheduling off
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    /// Who invites to what the assistant schedules; empty: the Zoom user
    #[arg(long, value_name = "EMAIL")]
    organizer: Option<String>,
    /// Duration, such as 45m
    #[arg(long)]
    duration: Option<Minutes>,
    /// The interviewers: all-of:EMAIL,EMAIL, any-of:… or optional:…; repeatable; replaces the whole
    /// panel
    #[arg(long, value_name = "RULE:EMAIL,…")]
    panel: Vec<Group>,
    /// When, in each interviewer's time zone: mon-fri:09:00-17:00 or "mon-fri 9-17"; repeatable;
    /// replaces all windows
    #[arg(long = "window", value_name = "DAYS:FROM-TO")]
    windows: Vec<Stretch>,
    /// Free time before, such as 15m
    #[arg(long, value_name = "DURATION")]
    buffer_before: Option<Minutes>,
    /// Free time after
    #[arg(long, value_name = "DURATION")]
    buffer_after: Option<Minutes>,
    /// Minimum notice before the start
    #[arg(long, value_name = "DURATION")]
    notice: Option<Minutes>,
    /// Maximum number of days ahead
    #[arg(long, value_name = "DAYS")]
    horizon: Option<u32>,
    /// Maximum interviews per interviewer per day; 0: no limit
    #[arg(long, value_name = "N")]
    daily_cap: Option<u32>,
    /// Maximum interviews per interviewer per week; 0: no limit
    #[arg(long, value_name = "N")]
    weekly_cap: Option<u32>,
    /// Minutes between two starts that are offered
    #[arg(long, value_name = "5|10|15|20|30|60")]
    step: Option<Minutes>,
    /// The IANA time zone by whose clock starts are offered; empty: the workspace's
    #[arg(long)]
    zone: Option<String>,
    /// When candidates are not asked to interview, by their own clock: 21:00-07:00, or off
    #[arg(long, value_name = "FROM-TO|off")]
    night: Option<TypedNight>,
    /// How the assistant's emails are sent: automatically, after approval (draft), or never, to watch
    /// what it would do (shadow); must be chosen before AI scheduling is turned on
    #[arg(long)]
    approval: Option<ApprovalWord>,
    /// Guidance for the assistant
    #[arg(long, value_name = "TEXT")]
    guidance: Option<String>,
    /// Whether Zoom writes summaries of the interviews, and the invitation says so
    #[arg(long, value_name = "SWITCH")]
    zoom_notes: Option<Switch>,
}

/// `any-of:ana@acme.example,Ben Ode`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    rule: PanelRule,
    members: Vec<String>,
}

impl FromStr for Group {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shape = || "write it as any-of:ana@acme.example,ben@acme.example".to_owned();
        let (rule, members) = text.split_once(':').ok_or_else(shape)?;
        let rule = match rule {
            "all-of" => PanelRule::AllOf,
            "any-of" => PanelRule::AnyOf,
            "optional" => PanelRule::Optional,
            _ => return Err("the rule is all-of, any-of or optional".to_owned()),
        };
        let members: Vec<String> = members
            .split(',')
            .map(|member| member.trim().to_owned())
            .filter(|member| !member.is_empty())
            .collect();
        if members.is_empty() {
            return Err(shape());
        }
        Ok(Self { rule, members })
    }
}

impl Plan {
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            ai: None,
            zoom_user: None,
            organizer: None,
            duration: None,
            panel,
            windows,
            buffer_before: None,
            buffer_after: None,
            notice: None,
            horizon: None,
            daily_cap: None,
            approval: None,
            guidance: None,
            zoom_notes: None,
            weekly_cap: None,
            step: None,
            zone: None,
            night: None,
        } = self
        else {
            return false;
        };
        panel.is_empty() && windows.is_empty()
    }

    /// `plan` with the changes made to it; people are looked up among `members`.
    pub(crate) fn applied_to(
        self,
        plan: StageInterview,
        members: &[Member],
    ) -> Result<StageInterview, Error> {
        let minutes = |given: Option<Minutes>, old| given.map_or(old, |Minutes(minutes)| minutes);
        let zoom_user = match self.zoom_user.as_deref() {
            None => plan.zoom_user,
            Some("") => None,
            Some(email) => Some(member(members, email)?),
        };
        let organizer = match self.organizer.as_deref() {
            None => plan.organizer,
            Some("") => None,
            Some(email) => Some(member(members, email)?),
        };
        let panel = match self.panel.is_empty() {
            true => plan.panel,
            false => self
                .panel
                .iter()
                .map(|group| group.among(members))
                .collect::<Result<_, _>>()?,
        };
        let windows = match self.windows.is_empty() {
            true => plan.windows,
            false => self
                .windows
                .into_iter()
                .map(|Stretch(window)| window)
                .collect(),
        };
        Ok(StageInterview {
            ai: self.ai.map_or(plan.ai, Into::into),
            zoom_user,
            duration_minutes: minutes(self.duration, plan.duration_minutes),
            panel,
            windows,
            buffer_before_minutes: minutes(self.buffer_before, plan.buffer_before_minutes),
            buffer_after_minutes: minutes(self.buffer_after, plan.buffer_after_minutes),
            notice_minutes: minutes(self.notice, plan.notice_minutes),
            horizon_days: self.horizon.unwrap_or(plan.horizon_days),
            daily_cap: self.daily_cap.unwrap_or(plan.daily_cap),
            approval_chosen: match self.approval {
                Some(_) => plan.approval_chosen.map(|_| true),
                None => plan.approval_chosen,
            },
            approval: self.approval.map_or(plan.approval, Into::into),
            organizer,
            guidance: self.guidance.unwrap_or(plan.guidance),
            zoom_notes: self
                .zoom_notes
                .map_or(plan.zoom_notes, |it| Some(it.into())),
            zone: match self.zone {
                None => plan.zone,
                Some(zone) => Some(zone).filter(|zone| !zone.is_empty()),
            },
            step_minutes: self
                .step
                .map_or(plan.step_minutes, |Minutes(step)| Some(step)),
            weekly_cap: self.weekly_cap.or(plan.weekly_cap),
            night: self
                .night
                .map_or(plan.night, |TypedNight(night)| Some(night)),
        })
    }
}

impl Group {
    fn among(&self, members: &[Member]) -> Result<PanelGroup, Error> {
        let members = self
            .members
            .iter()
            .map(|reference| member(members, reference));
        Ok(PanelGroup {
            rule: self.rule,
            members: members.collect::<Result<_, _>>()?,
        })
    }
}

fn member(members: &[Member], reference: &str) -> Result<MemberId, Error> {
    let by_address = members
        .iter()
        .find(|member| member.email.eq_ignore_ascii_case(reference));
    if let Some(member) = by_address {
        return Ok(member.id);
    }
    let all = members.iter().collect();
    super::stage::pick("member", reference, all, |member| {
        (member.id.to_string(), &member.name)
    })
    .map(|member| member.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_read_or_refused() {
        let group: Group = "any-of: ana@acme.example ,Ben Ode".parse().unwrap();
        assert_eq!(group.rule, PanelRule::AnyOf);
        assert_eq!(group.members, ["ana@acme.example", "Ben Ode"]);
        for text in [
            "",
            "ana@acme.example",
            "some-of:ana",
            "all-of:",
            "all-of: ,",
        ] {
            assert!(text.parse::<Group>().is_err(), "{text}");
        }
    }
}
