//! Questions before a command is carried out: which one, and whether really.

use greenroom_protocol::id::JobId;
use greenroom_protocol::pipeline::CandidateMove;

use super::super::reason;
use super::screen::place;
use crate::panes::Layer;
use crate::panes::chooser::{Chooser, For, Moving};
use crate::panes::confirm::{Act, Confirm};
use crate::panes::connect::steps as connecting;
use crate::panes::interviews::Elsewhere;
use crate::state::State;
use crate::widgets::{Pick, text};
use crate::wording;
use crate::wording::zoom::{self, my_zoom};

pub(super) fn stage(state: &mut State) {
    let Some(place) = place(state) else { return };
    // On the candidates' screen the jobs may not be known yet: then the stages of the record serve.
    let mut picks: Vec<Pick> = match state.mirror.job(place.job) {
        Some(job) => job
            .stages
            .iter()
            .map(|stage| Pick::new(&stage.id.to_string(), &stage.name, ""))
            .collect(),
        None => stages_of_record(state, place.job),
    };
    let is_here = |pick: &Pick| pick.value == place.stage || pick.value == place.stage_name;
    let here = picks.iter().position(is_here);
    if let Some(here) = here {
        picks[here].note = "● here".to_owned();
    }
    // The stage after the one they are in: a move to where they are is none.
    let next = match here {
        Some(here) => picks.get(here + 1).or(picks.get(here)),
        None => picks.first(),
    };
    let next = next.map(|pick| pick.value.clone());
    let from = here.map(|here| picks[here].value.clone());
    let to = CandidateMove {
        candidate: place.candidate,
        job: Some(place.job.to_string()),
        stage: String::new(),
        expected_revision: Some(place.revision),
    };
    let title = format!("Move {} to", place.name);
    let moving = Moving {
        to,
        name: place.name,
        from: from.unwrap_or_default(),
    };
    let chooser = Chooser::new(title, For::Move(moving), picks, next.as_deref());
    state.layers.push(Layer::Chooser(chooser));
}

fn stages_of_record(state: &State, job: JobId) -> Vec<Pick> {
    let candidate = state.mirror.candidate.latest();
    let applications = candidate
        .into_iter()
        .flat_map(|candidate| &candidate.applications);
    let mut matching = applications.filter(|application| application.job == job);
    let stages = matching
        .next()
        .into_iter()
        .flat_map(|application| &application.stages);
    stages.map(|stage| Pick::new(stage, stage, "")).collect()
}

pub(super) fn job(state: &mut State) {
    let jobs = state.mirror.jobs.latest().into_iter().flatten();
    let picks: Vec<Pick> = jobs
        .map(|job| {
            let note = if job.open { "" } else { "closed" };
            Pick::new(&job.id.to_string(), &job.title, note)
        })
        .collect();
    let here = state.job_shown().map(|job| job.id.to_string());
    let chooser = Chooser::new("Show the board of".into(), For::Job, picks, here.as_deref());
    state.layers.push(Layer::Chooser(chooser));
}

/// To the zone of the selected interview's candidate, and back to one's own.
pub(super) fn switch_zone(state: &mut State) {
    if state.interviews.elsewhere.take().is_some() {
        return;
    }
    let selected = state.interview_selected();
    state.interviews.elsewhere = selected.and_then(|interview| {
        Some(Elsewhere {
            zone: interview.candidate.zone.clone()?,
            of: Some(wording::first_name(interview).to_owned()),
        })
    });
}

pub(super) fn zone(state: &mut State) {
    let mut zones: Vec<String> = vec!["UTC".into()];
    let members = state.mirror.members.latest().into_iter().flatten();
    zones.extend(members.map(|member| member.zone.clone()));
    let shown = state.interviews.shown(state).into_iter();
    zones.extend(shown.filter_map(|interview| interview.candidate.zone.clone()));
    zones.sort();
    zones.dedup();
    let mine = state.zone().iana_name().unwrap_or_default().to_owned();
    let mut picks = vec![Pick::new("", "your own", &mine)];
    picks.extend(zones.iter().map(|zone| Pick::new(zone, zone, "")));
    let here = state.interviews.elsewhere.as_ref();
    let here = here.map(|it| it.zone.clone()).unwrap_or_default();
    let chooser = Chooser::new("Show times in".into(), For::Zone, picks, Some(&here));
    state.layers.push(Layer::Chooser(chooser));
}

pub(super) fn erase(state: &mut State) {
    let Some(candidate) = reason::known_candidate(state) else {
        return;
    };
    let applications = match candidate.applications.len() {
        1 => "1 application and its history".to_owned(),
        many => format!("{many} applications and their history"),
    };
    let lines = vec![
        format!("{} <{}>", candidate.name, candidate.email),
        format!("Deletes the candidate, {applications}, and removes their name from interviews."),
        "Backups keep it until they rotate. This cannot be undone.".into(),
    ];
    let act = Act::Erase(candidate.id, candidate.revision);
    // A name without a letter that can be typed: then the address, which always can be.
    let name = match text::fold(&candidate.name).trim().is_empty() {
        true => &candidate.email,
        false => &candidate.name,
    };
    let confirm = Confirm::new("Erase the candidate", lines, "Erase Candidate", act).typed(name);
    state.layers.push(Layer::Confirm(confirm));
}

pub(super) fn disconnect(state: &mut State) {
    let subject = connecting::subject_of_disconnect(state);
    let Some(zoom) = subject.and_then(|id| zoom::connection_of(state, id)) else {
        return;
    };
    let own = my_zoom(state).is_some_and(|mine| mine.member.id == zoom.member.id);
    let booked = match zoom.booked {
        0 => "No upcoming meetings use it.".to_owned(),
        1 => "1 booked meeting keeps its link.".to_owned(),
        many => format!("{many} booked meetings keep their links."),
    };
    let title = match own {
        true => "Disconnect Zoom".to_owned(),
        false => format!("Disconnect {}'s Zoom", zoom.member.name),
    };
    let lines = vec![
        zoom::user(zoom),
        format!("Access is revoked and all keys are deleted. {booked}"),
        "Reconnect to schedule on it again.".into(),
    ];
    let act = Act::Disconnect(zoom.member.id.to_string());
    let confirm = Confirm::new(title, lines, "Confirm Disconnect", act);
    state.layers.push(Layer::Confirm(confirm));
}
