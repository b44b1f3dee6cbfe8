//! One who connects Zoom and disconnects it again, over and over, and notes how far the daemon said
//! it was.

use std::time::{Duration, Instant};

use greenroom::client::{Client, is_lost};
use greenroom_protocol::Error;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::{
    ConnectFinish, ConnectStart, Connection, ConnectionQuery, ConnectionState as S,
};
use greenroom_tests::harness::{connect_zoom, connection_when, finish_of};
use greenroom_tests::sandbox::{Decision, consent};
use greenroomd::zoom::{Reason, WORDS};

pub const GUS: &str = "gus.olsen@acme.example";

/// Within this a connection says what became of an answer that was lost.
const A_MINUTE: Duration = Duration::from_secs(60);

/// How far it is, as far as they know.
#[derive(Debug, Clone)]
enum Far {
    Disconnected,
    /// The browser was asked for.
    Starting,
    /// What the browser brought was handed in.
    Finishing(ConnectFinish),
    Connected,
    Disconnecting,
}

#[derive(Debug)]
pub struct Newcomer {
    far: Far,
    /// How often it was acknowledged.
    pub connects: usize,
    /// How often an answer was lost instead.
    pub lost: usize,
}

impl Newcomer {
    pub fn new() -> Self {
        Self {
            far: Far::Disconnected,
            connects: 0,
            lost: 0,
        }
    }

    /// Connects and disconnects until the daemon is gone.
    pub async fn work(&mut self, client: &Client) {
        loop {
            let done = match self.far {
                Far::Connected => self.disconnect(client).await,
                _ => self.connect(client).await,
            };
            match done {
                Ok(()) => {}
                Err(error) if is_lost(&error) => return,
                // Zoom's answer was lost on the way to the daemon, which said so.
                Err(_) => match status(client).await {
                    Ok(ended) => self.is_lost(&ended),
                    Err(_) => return,
                },
            }
        }
    }

    /// Holds what the next daemon says against what the last one did.
    pub async fn compare(&mut self, client: &Client, when: &str) {
        let found = status(client).await.unwrap();
        let fits = match self.far {
            Far::Disconnected => found.state == S::Disconnected,
            Far::Starting => [S::Disconnected, S::Authorizing].contains(&found.state),
            Far::Connected => found.state == S::Connected,
            Far::Disconnecting => [S::Connected, S::Disconnected].contains(&found.state),
            Far::Finishing(_) => true,
        };
        assert!(fits, "{when}: {self:?} found {found:?}");
        if let Far::Finishing(back) = &self.far {
            let begun = Instant::now();
            // It may wait for its code still; whatever else this is answered, the connection says.
            let _ = client.zoom_connect_finish(back.clone()).await;
            let decided = connection_when(client, GUS, |now| now.state != S::Authorizing);
            let decided = decided.await.unwrap();
            assert!(begun.elapsed() < A_MINUTE, "{when}: {decided:?}");
            if decided.state == S::Disconnected {
                self.is_lost(&decided);
            }
        }
        self.far = match status(client).await.unwrap().state {
            S::Connected => Far::Connected,
            _ => Far::Disconnected,
        };
    }

    /// Whatever happened before, they can connect.
    pub async fn connects_at_last(&mut self, client: &Client) {
        connect_zoom(client, GUS).await.unwrap();
    }

    async fn connect(&mut self, client: &Client) -> Result<(), Error> {
        self.far = Far::Starting;
        let start = ConnectStart {
            member: Some(GUS.to_owned()),
            redirect_uri: "http://127.0.0.1:1/callback".to_owned(),
        };
        let started = client.zoom_connect_start(start).await?;
        let location = consent(&started.authorize_url, GUS, Decision::Allow).await;
        let back = finish_of(&started.attempt, &location.unwrap()).unwrap();
        self.far = Far::Finishing(back.clone());
        client.zoom_connect_finish(back).await?;
        self.far = Far::Connected;
        self.connects += 1;
        Ok(())
    }

    async fn disconnect(&mut self, client: &Client) -> Result<(), Error> {
        self.far = Far::Disconnecting;
        client.zoom_disconnect(Reference::to(GUS)).await?;
        self.far = Far::Disconnected;
        Ok(())
    }

    #[track_caller]
    fn is_lost(&mut self, ended: &Connection) {
        let text = Reason::AnswerLost.text(&WORDS);
        let lost = (S::Disconnected, Some(text.as_str()));
        assert_eq!((ended.state, ended.reason.as_deref()), lost, "{self:?}");
        self.far = Far::Disconnected;
        self.lost += 1;
    }
}

async fn status(client: &Client) -> Result<Connection, Error> {
    let member = Some(GUS.to_owned());
    let query = ConnectionQuery { member };
    client.zoom_status(query).await
}
