//! The people of the demo, as far as they have mail: they read what is written to them and their
//! calendars answer.
//!
//! Nothing leaves this machine: letters are files in one folder, answers are files in another.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::{Timestamp, ToSpan, Unit};

use super::people::CANDIDATES;
use crate::candidates::{self, Candidate};
use crate::post::{Folders, Found};

/// How often they look.
const LOOK: Duration = Duration::from_secs(1);

/// Who does something else than to accept an invitation.
const MOODS: [(&str, Mood); 4] = [
    ("noor.aziz@", Mood::AsksForAnotherTime),
    ("wen.zhang@", Mood::Perhaps),
    ("jun.tanaka@", Mood::IsSilent),
    ("hana.suzuki@", Mood::DoesNotExist),
];

/// How some of those whom times are proposed to answer; the others take turns.
const ANSWERS: [(&str, candidates::Mood); 4] = [
    ("priya.ramanathan@", candidates::Mood::Number),
    ("sami.haddad@", candidates::Mood::Time),
    ("bjorn.akesson@", candidates::Mood::Any),
    ("elif.yilmaz@", candidates::Mood::Asks),
];

/// What one of them writes of their own accord.
const FROM_JUN: &str = "\
From: Jun Tanaka <jun.tanaka@example.com>
To: interviews@acme.example
Message-ID: <dentist@example.com>
Subject: Our call
Content-Type: text/plain; charset=utf-8

Hello Dana,

could we talk half an hour later? I have to see the dentist first.

Best regards
Jun
";

/// What somebody does with an invitation.
#[derive(Clone, Copy)]
enum Mood {
    Accepts,
    Perhaps,
    AsksForAnotherTime,
    IsSilent,
    /// The address bounces.
    DoesNotExist,
}

/// People who answer, until dropped.
pub(super) struct Correspondents {
    stop: Option<Sender<()>>,
    people: Option<JoinHandle<()>>,
}

impl Correspondents {
    /// Lets them look at the daemon's mail, which is in `directory`.
    pub fn start(directory: PathBuf) -> Self {
        let (stop, stopped) = mpsc::channel();
        let people = thread::spawn(move || {
            let (mut answers, mut written_to) = (0, HashMap::new());
            // The folder is there by now; without it nobody writes.
            let _ = Folders::of(&directory).answer("jun.tanaka", FROM_JUN);
            while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                // A folder that is not there yet, or goes away with the demo, has no mail.
                let _ = look(&directory, &mut answers, &mut written_to);
            }
        });
        Self {
            stop: Some(stop),
            people: Some(people),
        }
    }
}

impl Drop for Correspondents {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(people) = self.people.take() {
            let _ = people.join();
        }
    }
}

fn look(
    directory: &Path,
    answers: &mut u32,
    written_to: &mut HashMap<String, Candidate>,
) -> anyhow::Result<()> {
    let folders = Folders::of(directory);
    for letter in folders.letters()? {
        folders.take(&letter)?;
        let candidate = written_to.entry(letter.to.clone());
        let candidate = candidate.or_insert_with(|| Candidate::new(mood(&letter.to)));
        for answer in [answer(&letter), candidate.gets(&letter)]
            .into_iter()
            .flatten()
        {
            *answers += 1;
            folders.answer(&format!("answer.{answers:06}"), &answer)?;
        }
    }
    Ok(())
}

/// How somebody answers when times are proposed to them.
fn mood(address: &str) -> candidates::Mood {
    let known = ANSWERS.iter().find(|(whose, _)| address.starts_with(whose));
    if let Some((_, mood)) = known {
        return *mood;
    }
    let local = address.split('@').next().unwrap_or_default();
    let place = CANDIDATES.iter().position(|(_, it, ..)| *it == local);
    let moods = candidates::Mood::ALL;
    moods[place.unwrap_or_default() % moods.len()]
}

fn answer(letter: &Found) -> Option<String> {
    if letter.method() != Some("REQUEST") {
        return None;
    }
    let mood = MOODS.iter().find(|(whose, _)| letter.to.starts_with(whose));
    let now = Timestamp::now();
    let stamp = basic(now);
    match mood.map_or(Mood::Accepts, |(_, mood)| *mood) {
        Mood::Accepts => Some(letter.reply("ACCEPTED", &stamp)),
        Mood::Perhaps => Some(letter.reply("TENTATIVE", &stamp)),
        Mood::IsSilent => None,
        Mood::DoesNotExist => Some(letter.bounce()),
        Mood::AsksForAnotherTime => {
            let hour = now.round(Unit::Hour).ok()?;
            let start = hour.checked_add(96.hours()).ok()?;
            let end = start.checked_add(45.minutes()).ok()?;
            let comment = "That day I am at a fair. Would this suit you?";
            Some(letter.counter(&basic(start), &basic(end), comment, &stamp))
        }
    }
}

fn basic(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M00Z").to_string()
}
