//! Somebody who books on a Zoom of their own, and sees when Zoom has it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use greenroom::client::Client;
use greenroom_protocol::interview::{
    Interview, InterviewNew, InterviewReschedule, MeetingState, Side,
};
use greenroom_protocol::time::Instant as Time;
use greenroom_protocol::workspace::Reference;
use tokio::sync::watch;

use crate::tally::Step;

/// How long one look for changes waits.
const LOOK: Duration = Duration::from_secs(20);

/// When everybody's first interview begins: 2030-01-01T00:00:00Z.
const FIRST: i64 = 1_893_456_000;

/// From an interview's time to the time it is moved to, in minutes.
const MOVED_BY: i64 = 90 * 24 * 60;

pub struct Desk {
    client: Client,
    watch: Watch,
    host: String,
    candidate: String,
}

/// One look for changes for everybody, as a screen that shows them all takes it: the latest of
/// every interview.
#[derive(Clone)]
pub struct Watch(watch::Receiver<Arc<HashMap<String, Interview>>>);

impl Watch {
    pub fn begin(client: Client) -> Self {
        let (tell, told) = watch::channel(Arc::<HashMap<_, _>>::default());
        tokio::spawn(async move {
            let mut revision = client.hello().revision;
            while let Ok(changes) = client.changes(revision, LOOK).await {
                revision = changes.revision;
                let changed = changes.changed.into_iter();
                let mut latest = Vec::new();
                for row in changed.filter(|row| row.table == "interview") {
                    let Ok(interview) = client.interview_get(Reference::to(&row.id)).await else {
                        return;
                    };
                    latest.push((row.id, interview));
                }
                tell.send_modify(|all| Arc::make_mut(all).extend(latest));
            }
        });
        Self(told)
    }

    /// Waits until nothing about its meeting is under way.
    async fn settled(&mut self, interview: &Interview) -> Result<Interview> {
        let id = interview.id.to_string();
        let is_settled = |it: &&Interview| {
            it.change >= interview.change && it.meeting.state != MeetingState::Pending
        };
        let all = self
            .0
            .wait_for(|all| all.get(&id).filter(is_settled).is_some());
        let all = all.await?;
        match all.get(&id) {
            Some(settled) => Ok(settled.clone()),
            None => bail!("the interview is gone"),
        }
    }
}

impl Desk {
    pub fn new(client: Client, watch: Watch, host: String, candidate: String) -> Self {
        Self {
            client,
            watch,
            host,
            candidate,
        }
    }

    /// One step of so many interviews, one after the other; `booked` are those there are.
    pub async fn go(
        &self,
        step: Step,
        earlier: usize,
        count: usize,
        booked: &mut Vec<Interview>,
    ) -> Result<Vec<Duration>> {
        let mut took = Vec::with_capacity(count);
        let mut watch = self.watch.clone();
        for number in 0..count {
            let begun = Instant::now();
            let (outcome, expected) = match step {
                Step::Book => {
                    let new = self.plan((earlier + number) as i64);
                    (self.client.interview_new(new).await?, MeetingState::Ready)
                }
                Step::Move => {
                    let to = moved(&booked[number]);
                    let outcome = self.client.interview_reschedule(to).await?;
                    (outcome, MeetingState::Ready)
                }
                Step::CallOff => {
                    let it = Reference::to(booked[number].id.to_string());
                    let outcome = self.client.interview_cancel(it.into()).await?;
                    (outcome, MeetingState::Gone)
                }
            };
            let settled = watch.settled(&outcome.interview).await?;
            took.push(begun.elapsed());
            let meeting = &settled.meeting;
            ensure!(meeting.state == expected, "{step}: {meeting:?}");
            match step {
                Step::Book => booked.push(settled),
                _ => booked[number] = settled,
            }
        }
        Ok(took)
    }

    fn plan(&self, number: i64) -> InterviewNew {
        let start = Time::from_second(FIRST).plus_minutes(30 * number);
        InterviewNew {
            candidate: self.candidate.clone(),
            start: start.to_string(),
            duration_minutes: Some(30),
            with: vec![self.host.clone()],
            zoom_user: Some(self.host.clone()),
            confirm: true,
            ..InterviewNew::default()
        }
    }
}

fn moved(interview: &Interview) -> InterviewReschedule {
    InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: Reference::to(interview.id.to_string()),
        start: interview.start.plus_minutes(MOVED_BY).to_string(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    }
}
