//! Mail as the receiving end has it: what was taken, how often and in what order, against what the
//! daemon has recorded and how interviews stand.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use greenroom::client::Client;
use greenroom_protocol::interview::{AttendeeState, Interview, InterviewStatus};
use greenroom_protocol::mail::{Mail, MailQuery, MailState};
use greenroom_tests::harness::{PATIENCE, World};
use greenroom_tests::post::{Folders, Found};
use greenroom_tests::post_office::{self, PASSWORD, PostOffice};

pub struct Receiver {
    place: Place,
    /// How often each letter had been taken when it was first seen to be recorded as sent.
    recorded: BTreeMap<String, usize>,
}

enum Place {
    Office(Box<PostOffice>),
    /// Where nothing can come twice, for files are named after the Message-ID.
    Folder(Folders),
}

impl Receiver {
    /// A mail server, where this machine has one, and the daemon started anew to use it.
    pub async fn open(world: &mut World) -> Self {
        let place = match post_office::is_there() {
            // Then to a folder.
            false => Place::Folder(Folders::of(&world.directory().join("data/mail"))),
            true => {
                let office = PostOffice::open(&world.directory().join("post")).unwrap();
                office.set_password(PASSWORD).unwrap();
                let authority = [("SSL_CERT_FILE", office.authority())];
                let configured = world.reconfigure(&office.config(), &authority).await;
                configured.unwrap();
                Place::Office(Box::new(office))
            }
        };
        Self {
            place,
            recorded: BTreeMap::new(),
        }
    }

    /// Message-IDs in the order in which letters were taken, each as often as it was.
    pub fn taken(&self) -> Vec<String> {
        match &self.place {
            Place::Office(office) => office.taken().unwrap(),
            Place::Folder(folder) => {
                let letters = folder.letters().unwrap();
                letters.into_iter().map(|it| it.message_id).collect()
            }
        }
    }

    /// What is recorded as sent was taken, and is never taken again.
    pub async fn nothing_recorded_is_taken_again(&mut self, client: &Client, when: &str) {
        let sent = mail(client, true).await;
        let taken = counted(&self.taken());
        let times = |id: &String| taken.get(id).copied().unwrap_or_default();
        for mail in sent.iter().filter(|it| it.state == MailState::Sent) {
            let id = mail.message_id.clone();
            self.recorded.entry(id).or_insert_with_key(times);
        }
        for (id, before) in &self.recorded {
            assert!(
                *before > 0,
                "{when}: {id} is recorded as sent and was never taken"
            );
            assert_eq!(
                times(id),
                *before,
                "{when}: {id} was taken again after it was recorded"
            );
        }
    }

    /// Everybody's letters came in order, none of them in two versions, and the newest says how it
    /// stands.
    pub async fn everybody_knows(&self, interviews: &BTreeMap<String, Interview>, when: &str) {
        let letters = self.letters(when).await;
        for interview in interviews.values() {
            let readers = interview.interviewers.iter().map(|it| &it.email);
            for reader in readers.chain([&interview.candidate.email]) {
                let id = interview.id.to_string();
                let theirs: Vec<_> = letters
                    .iter()
                    .filter(|it| it.to == *reader && is_about(it, &id))
                    .collect();
                let why = format!("{when}: to {reader} about {id} {:?}", interview.status);
                came_in_order(&theirs, &why);
                newest_is_true(interview, theirs.last().copied(), &why);
            }
        }
    }

    /// What was taken, in order, once it is all delivered.
    async fn letters(&self, when: &str) -> Vec<Found> {
        let office = match &self.place {
            Place::Folder(folder) => return folder.letters().unwrap(),
            Place::Office(office) => office,
        };
        let taken = self.taken();
        let until = Instant::now() + PATIENCE;
        let delivered = loop {
            let delivered = office.delivered().unwrap();
            if delivered.len() == taken.len() {
                break delivered;
            }
            assert!(Instant::now() < until, "{when}: not delivered");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let mut by_id: HashMap<_, Vec<Found>> = HashMap::new();
        for letter in delivered {
            by_id
                .entry(letter.message_id.clone())
                .or_default()
                .push(letter);
        }
        // Which of two copies came first does not matter where they say the same.
        taken
            .iter()
            .map(|id| by_id.get_mut(id).unwrap().pop().unwrap())
            .collect()
    }

    /// How many letters were taken, and how many of them more than once.
    pub fn tell(&self) -> String {
        let taken = self.taken();
        let twice = taken.len() - counted(&taken).len();
        format!("{} letters taken, {twice} of them again", taken.len())
    }
}

/// What has left, or what has not.
pub async fn mail(client: &Client, past: bool) -> Vec<Mail> {
    let mut query = MailQuery {
        past,
        limit: Some(200),
        ..MailQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let page = client.mail_list(query.clone()).await.unwrap();
        all.extend(page.items);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return all;
        }
    }
}

fn counted(taken: &[String]) -> HashMap<String, usize> {
    let mut times = HashMap::new();
    for id in taken {
        *times.entry(id.clone()).or_default() += 1;
    }
    times
}

fn is_about(letter: &Found, interview: &str) -> bool {
    let uid = letter.values("UID").into_iter().next();
    uid.is_some_and(|uid| uid.starts_with(interview))
}

fn sequence(letter: &Found) -> u32 {
    letter.values("SEQUENCE")[0].parse().unwrap()
}

/// A later letter has a higher number; one that came twice said the same.
fn came_in_order(letters: &[&Found], why: &str) {
    for pair in letters.windows(2) {
        let [former, later] = pair else { continue };
        let numbers = (sequence(former), sequence(later));
        if former.message_id == later.message_id {
            let says = |it: &Found| (sequence(it), it.method().map(str::to_owned), start(it));
            assert_eq!(
                says(former),
                says(later),
                "{why}: one letter in two versions"
            );
        } else {
            assert!(numbers.0 < numbers.1, "{why}: {numbers:?}");
        }
    }
}

fn start(letter: &Found) -> String {
    letter.values("DTSTART")[0].to_owned()
}

fn newest_is_true(interview: &Interview, newest: Option<&Found>, why: &str) {
    match (interview.status, newest) {
        // Nobody has heard of it.
        (InterviewStatus::Cancelled | InterviewStatus::ToBeConfirmed, None) => {}
        (InterviewStatus::Cancelled, Some(newest)) => {
            assert_eq!(newest.method(), Some("CANCEL"), "{why}");
        }
        (InterviewStatus::Confirmed, Some(newest)) => {
            let zone = interview
                .start
                .timestamp()
                .to_zoned(jiff::tz::TimeZone::get(&interview.zone).unwrap());
            let local = zone.strftime("%Y%m%dT%H%M%S").to_string();
            assert_eq!(newest.method(), Some("REQUEST"), "{why}");
            assert!(
                start(newest).contains(&local),
                "{why}: {} {local}",
                start(newest)
            );
            let is_invited =
                |it: &greenroom_protocol::interview::Attendee| it.state == AttendeeState::Invited;
            assert!(
                interview.attendees.iter().all(is_invited),
                "{why}: {:?}",
                interview.attendees
            );
        }
        (status, newest) => panic!("{why}: {status:?} with {newest:?}"),
    }
}
