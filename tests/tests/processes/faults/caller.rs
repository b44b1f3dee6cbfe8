//! One caller: books on one host's Zoom, confirms, moves and cancels, and notes what was
//! acknowledged.

use greenroom::client::{Client, is_lost};
use greenroom_protocol::interview::{
    Interview, InterviewNew, InterviewReschedule, InterviewStatus, Side,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

/// Days from now to a caller's first interview: nobody is reminded of any meanwhile.
const FIRST: i64 = 7;

/// From the first interview to the first time one is moved to, in half hours.
const MOVED: usize = 1000;

/// Interviews that are changed over and over. All others are left alone for a while, so that their
/// letters leave.
const RESTLESS: usize = 3;

/// What callers do between two kills. A host's changes are limited, as Zoom's are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wishes {
    /// One interview more, and a change.
    Book,
    /// Changes of a few.
    Change,
    /// Changes of all, also of those that people were invited to.
    ChangeAll,
}

/// How an interview stands, as far as kills matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub status: InterviewStatus,
    pub start: Instant,
}

impl Standing {
    pub fn of(interview: &Interview) -> Self {
        Self {
            status: interview.status,
            start: interview.start,
        }
    }
}

/// An interview as its caller knows it.
#[derive(Debug)]
pub struct Booking {
    request: InterviewNew,
    /// Its id, once acknowledged.
    pub id: Option<String>,
    /// As it was acknowledged last; as it was asked for, before that.
    stands: Standing,
    /// As it was asked to be; no answer came.
    asked: Option<Standing>,
}

impl Booking {
    /// Whether it may stand so, going by what was acknowledged.
    pub fn may_stand(&self, found: Standing) -> bool {
        found == self.stands || Some(found) == self.asked
    }

    /// Whether something got no answer.
    pub fn is_open(&self) -> bool {
        self.id.is_none() || self.asked.is_some()
    }

    /// Asks for it, again if need be; the key makes it one interview.
    async fn book(&mut self, client: &Client) -> Result<(), Error> {
        let outcome = client.interview_new(self.request.clone()).await?;
        self.id = Some(outcome.interview.id.to_string());
        Ok(())
    }

    /// Asks for a change. Asked a second time it changes nothing.
    async fn change(&mut self, client: &Client, to: Standing) -> Result<(), Error> {
        let Some(id) = &self.id else { return Ok(()) };
        self.asked = Some(to);
        let reference = Reference::to(id);
        let outcome = match to.status {
            InterviewStatus::Cancelled => client.interview_cancel(reference.into()).await,
            _ if self.stands.status != to.status => client.interview_confirm(reference).await,
            _ => {
                client
                    .interview_reschedule(moved(reference, to.start))
                    .await
            }
        };
        match outcome {
            Ok(_) => self.stands = to,
            Err(lost) if is_lost(&lost) => return Err(lost),
            Err(refused) => {
                self.asked = None;
                return Err(refused);
            }
        }
        self.asked = None;
        Ok(())
    }
}

fn moved(interview: Reference, start: Instant) -> InterviewReschedule {
    InterviewReschedule {
        start_shown: None,
        locale: None,
        interview,
        start: start.to_string(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    }
}

/// A caller and all they booked.
#[derive(Debug)]
pub struct Caller {
    /// Whose Zoom they book on.
    pub host: String,
    candidate: String,
    first_start: Instant,
    /// In the order in which they were asked for.
    pub bookings: Vec<Booking>,
    changes: usize,
}

impl Caller {
    /// Someone who books this candidate on this host's Zoom.
    pub fn new(host: &str, candidate: &str) -> Self {
        let hour = Instant::now().second() / 3600 * 3600;
        Self {
            host: host.to_owned(),
            candidate: candidate.to_owned(),
            first_start: Instant::from_second(hour).plus_minutes(FIRST * 24 * 60),
            bookings: Vec::new(),
            changes: 0,
        }
    }

    /// Books and changes until that is enough, the daemon is gone, or the host's Zoom has to be
    /// reconnected.
    pub async fn work(&mut self, client: &Client, wishes: Wishes) {
        let done = match wishes {
            Wishes::Book => self.book_and_change(client).await,
            Wishes::Change => self.change_two(client, RESTLESS).await,
            Wishes::ChangeAll => self.change_two(client, usize::MAX).await,
        };
        if let Err(stopped) = done {
            assert!(
                is_lost(&stopped) || stopped.kind == ErrorKind::Zoom,
                "{stopped:?}"
            );
        }
    }

    /// Asks again for everything that got no answer. Where the host's Zoom must be reconnected it
    /// stays unanswered.
    pub async fn ask_again(&mut self, client: &Client) {
        for booking in &mut self.bookings {
            let answer = match (&booking.id, booking.asked) {
                (None, _) => booking.book(client).await,
                (Some(_), Some(asked)) => booking.change(client, asked).await,
                (Some(_), None) => Ok(()),
            };
            if let Err(refused) = answer {
                assert_eq!(refused.kind, ErrorKind::Zoom, "{refused:?}");
            }
        }
    }

    /// Books one more; returns its id.
    pub async fn book_last(&mut self, client: &Client) -> String {
        let booking = self.plan(true);
        booking.book(client).await.unwrap();
        booking.id.clone().unwrap()
    }

    /// Every other one is planned first, and confirmed then.
    async fn book_and_change(&mut self, client: &Client) -> Result<(), Error> {
        let at_once = self.bookings.len().is_multiple_of(2);
        let booking = self.plan(at_once);
        booking.book(client).await?;
        if !at_once {
            let confirmed = Standing {
                status: InterviewStatus::Confirmed,
                ..booking.stands
            };
            booking.change(client, confirmed).await?;
        }
        self.change_one(client, RESTLESS).await
    }

    async fn change_two(&mut self, client: &Client, among: usize) -> Result<(), Error> {
        self.change_one(client, among).await?;
        self.change_one(client, among).await
    }

    /// One of the first `among` is moved; every fourth time it is cancelled. What has no answer
    /// yet, or is off, is left alone.
    async fn change_one(&mut self, client: &Client, among: usize) -> Result<(), Error> {
        self.changes += 1;
        let number = self.changes * 5 % among.min(self.bookings.len());
        let half_hours = (MOVED + self.changes) as i64;
        let start = self.first_start.plus_minutes(30 * half_hours);
        let booking = &mut self.bookings[number];
        if booking.is_open() || booking.stands.status != InterviewStatus::Confirmed {
            return Ok(());
        }
        let to = match self.changes.is_multiple_of(4) {
            true => Standing {
                status: InterviewStatus::Cancelled,
                ..booking.stands
            },
            false => Standing {
                start,
                ..booking.stands
            },
        };
        booking.change(client, to).await
    }

    fn plan(&mut self, confirm: bool) -> &mut Booking {
        let number = self.bookings.len();
        let start = self.first_start.plus_minutes(30 * number as i64);
        let status = match confirm {
            true => InterviewStatus::Confirmed,
            false => InterviewStatus::ToBeConfirmed,
        };
        self.bookings.push(Booking {
            request: InterviewNew {
                candidate: self.candidate.clone(),
                start: start.to_string(),
                duration_minutes: Some(30),
                with: vec![self.host.clone()],
                zoom_user: Some(self.host.clone()),
                confirm,
                idempotency_key: Some(format!("{}-{number}", self.host)),
                ..InterviewNew::default()
            },
            id: None,
            stands: Standing { status, start },
            asked: None,
        });
        &mut self.bookings[number]
    }
}
