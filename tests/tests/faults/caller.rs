//! One caller: books on one host's Zoom, cancels some of it, and notes what was acknowledged.

use greenroom::client::{Client, is_lost};
use greenroom_protocol::interview::{InterviewNew, InterviewStatus};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

/// Bookings of one caller between two kills: a host's calls to Zoom are limited.
const MOST_A_ROUND: usize = 5;

/// How far a wish has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nobody wished it.
    None,
    /// Asked for; no answer came.
    Asked,
    /// The daemon said that it is so.
    Acknowledged,
}

/// An interview as its caller knows it.
#[derive(Debug)]
pub struct Booking {
    request: InterviewNew,
    /// Its id, once acknowledged.
    pub id: Option<String>,
    /// Whether it was cancelled.
    pub cancel: Wish,
}

impl Booking {
    /// How it may stand, going by what was acknowledged.
    pub fn may_stand(&self, status: InterviewStatus) -> bool {
        match self.cancel {
            Wish::None => status == InterviewStatus::Confirmed,
            Wish::Asked => true,
            Wish::Acknowledged => status == InterviewStatus::Cancelled,
        }
    }

    /// Asks for it, again if need be; the key makes it one interview.
    async fn book(&mut self, client: &Client) -> Result<(), Error> {
        let outcome = client.interview_new(self.request.clone()).await?;
        self.id = Some(outcome.interview.id.to_string());
        Ok(())
    }

    async fn cancel(&mut self, client: &Client) -> Result<(), Error> {
        let Some(id) = self.id.clone() else {
            return Ok(());
        };
        self.cancel = Wish::Asked;
        client.interview_cancel(Reference::to(id).into()).await?;
        self.cancel = Wish::Acknowledged;
        Ok(())
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
}

impl Caller {
    /// Someone who books this candidate on this host's Zoom.
    pub fn new(host: &str, candidate: &str) -> Self {
        let hour = Instant::now().second() / 3600 * 3600;
        Self {
            host: host.to_owned(),
            candidate: candidate.to_owned(),
            first_start: Instant::from_second(hour).plus_minutes(120),
            bookings: Vec::new(),
        }
    }

    /// Books and cancels until enough is booked, the daemon is gone, or the host's Zoom has to be reconnected.
    pub async fn work(&mut self, client: &Client) {
        for _ in 0..MOST_A_ROUND {
            if let Err(stopped) = self.book_one(client).await {
                assert!(
                    is_lost(&stopped) || stopped.kind == ErrorKind::Zoom,
                    "{stopped:?}"
                );
                return;
            }
        }
    }

    /// Asks again for everything that got no answer. Where the host's Zoom must be reconnected it stays unanswered.
    pub async fn ask_again(&mut self, client: &Client) {
        for booking in &mut self.bookings {
            if booking.id.is_none()
                && let Err(refused) = booking.book(client).await
            {
                assert_eq!(refused.kind, ErrorKind::Zoom, "{refused:?}");
            }
            if booking.cancel == Wish::Asked {
                booking.cancel(client).await.unwrap();
            }
        }
    }

    /// Books one more; returns its id.
    pub async fn book_last(&mut self, client: &Client) -> String {
        let booking = self.plan();
        booking.book(client).await.unwrap();
        booking.id.clone().unwrap()
    }

    /// Every third is cancelled at once, every fifth when Zoom has had some time for it.
    async fn book_one(&mut self, client: &Client) -> Result<(), Error> {
        let booking = self.plan();
        booking.book(client).await?;
        let booked = self.bookings.len();
        if booked.is_multiple_of(3) {
            self.bookings[booked - 1].cancel(client).await?;
        }
        if booked.is_multiple_of(5) {
            let earlier = &mut self.bookings[booked - 4];
            if earlier.cancel == Wish::None {
                earlier.cancel(client).await?;
            }
        }
        Ok(())
    }

    fn plan(&mut self) -> &mut Booking {
        let number = self.bookings.len();
        let start = self.first_start.plus_minutes(30 * number as i64);
        self.bookings.push(Booking {
            request: InterviewNew {
                candidate: self.candidate.clone(),
                start: start.to_string(),
                duration_minutes: Some(30),
                with: vec![self.host.clone()],
                zoom_user: Some(self.host.clone()),
                confirm: true,
                idempotency_key: Some(format!("{}-{number}", self.host)),
                ..InterviewNew::default()
            },
            id: None,
            cancel: Wish::None,
        });
        &mut self.bookings[number]
    }
}
