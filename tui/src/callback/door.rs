//! The way out to the provider's page: an address on this machine that sends the browser on, once.
//!
//! The provider's address carries the attempt's `state`, and every user of a machine can read a browser's
//! command line. So the browser is started with an address that says nothing: its path cannot be
//! guessed, works once, and where the system says which user a connection comes from, works for
//! this user and root alone. Must not know what the address means.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::peer;

/// Doors that are open at once, at most: one for each time a person opens the browser.
const MOST: usize = 16;

/// Bytes of a path: as many as cannot be guessed.
const SECRET_BYTES: usize = 24;

/// The doors of one port.
#[derive(Default)]
pub(super) struct Doors(Mutex<Vec<(String, String)>>);

/// What somebody finds who comes to a door.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// The address to go on to. The door is gone now.
    Address(String),
    /// The door is another user's; it stays.
    NotYours,
    /// There is none, or not any more.
    Nothing,
}

impl Doors {
    /// Opens a door to an address; its path.
    pub(super) fn open(&self, address: &str) -> Result<String, getrandom::Error> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret)?;
        let secret = secret.map(|byte| format!("{byte:02x}")).concat();
        let path = format!("/open/{secret}");
        let mut doors = self.doors();
        if doors.len() == MOST {
            doors.remove(0);
        }
        doors.push((path.clone(), address.to_owned()));
        Ok(path)
    }

    /// Goes through a door.
    pub(super) fn through(
        &self,
        path: &str,
        from: Option<SocketAddr>,
        port: Option<u16>,
    ) -> Behind {
        let mut doors = self.doors();
        let Some(at) = doors.iter().position(|(door, _)| door == path) else {
            return Behind::Nothing;
        };
        let user = from
            .zip(port)
            .and_then(|(from, port)| peer::user_of(from, port));
        if user.is_some_and(|user| !peer::may_pass(user)) {
            return Behind::NotYours;
        }
        Behind::Address(doors.remove(at).1)
    }

    fn doors(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_leads_on_once() {
        let doors = Doors::default();
        let one = doors.open("https://zoom.example/1").unwrap();
        let two = doors.open("https://zoom.example/2").unwrap();
        assert_ne!(one, two);
        assert!(!one.contains("zoom"));
        let through = |path: &str| doors.through(path, None, None);
        assert_eq!(through("/open/"), Behind::Nothing);
        let first = Behind::Address("https://zoom.example/1".into());
        assert_eq!(through(&one), first);
        assert_eq!(through(&one), Behind::Nothing);
        for _ in 0..MOST {
            doors.open("https://zoom.example/3").unwrap();
        }
        assert_eq!(through(&two), Behind::Nothing, "the oldest is closed");
    }
}
