//! A daemon with a sandbox whose limits are nobody's, hosts who book on it, and as many hosts again
//! whose tokens are used bare.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use futures::future::try_join_all;
use greenroom::client::Client;
use greenroom_protocol::workspace::Role;
use greenroom_tests::figures::processor;
use greenroom_tests::harness::{World, add_candidate, add_job, add_member};
use greenroom_tests::sandbox::{Config, Endpoint, Fault, FaultKind, Often, User, http_client};

use crate::bare::Host;
use crate::desk::{Desk, Watch};
use crate::tally::{Run, Step};

pub struct Office {
    world: World,
    daemon: u32,
    client: Client,
    desks: Vec<Desk>,
    hosts: Vec<Host>,
    kept: reqwest::Client,
    unkept: reqwest::Client,
}

impl Office {
    pub async fn open(parent: &Path, hosts: usize) -> Result<Self> {
        let world = World::under(parent, env!("CARGO_BIN_EXE_demo"), config(hosts)).await?;
        let (client, _) = world.set_up().await?;
        let job = add_job(&client, "Backend Engineer").await?.title;
        let kept = http_client()?;
        let unkept = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0);
        let unkept = unkept.build()?;
        let watch = Watch::begin(world.client().await?);
        let (mut desks, mut bare) = (Vec::new(), Vec::new());
        for number in 0..hosts {
            let [ours, theirs] = users(number);
            add_member(&client, "Robin Lee", &ours, &[Role::Recruiter]).await?;
            world.connect_zoom(&client, &ours).await?;
            let candidate = format!("candidate-{number}@mail.example");
            add_candidate(&client, "Priya Nair", &candidate, &job).await?;
            let client = world.client().await?;
            desks.push(Desk::new(client, watch.clone(), ours, candidate));
            bare.push(Host::connect(&world.zoom, &kept, &theirs).await?);
        }
        Ok(Self {
            daemon: client.status().await?.pid,
            world,
            client,
            desks,
            hosts: bare,
            kept,
            unkept,
        })
    }

    /// From now on Zoom takes so long for every answer about a meeting, in milliseconds.
    pub fn answers_after(&self, ms: u64) {
        use Endpoint as E;
        for endpoint in [
            E::CreateMeeting,
            E::GetMeeting,
            E::UpdateMeeting,
            E::DeleteMeeting,
        ] {
            let slow = Fault::once(endpoint, FaultKind::SlowAnswer { ms });
            self.world.zoom.fault(slow.often(Often::Always));
        }
    }

    /// Everybody books so many interviews, then moves them, then calls them off; each is half an
    /// hour, the first after `earlier` others.
    pub async fn ours(&self, earlier: usize, interviews: usize) -> Result<Run> {
        let mut run = Run::default();
        let mut booked: Vec<_> = self.desks.iter().map(|_| Vec::new()).collect();
        let (before, used) = (self.revision().await?, processor(self.daemon)?);
        for step in Step::ALL {
            let begun = Instant::now();
            let each = self.desks.iter().zip(&mut booked);
            let each = each.map(|(desk, booked)| desk.go(step, earlier, interviews, booked));
            let took = try_join_all(each).await?.concat();
            run.add(step, begun.elapsed(), took);
        }
        run.commits = self.revision().await? - before;
        run.processor = processor(self.daemon)?.saturating_sub(used);
        Ok(run)
    }

    /// The same calls to Zoom, over connections that are kept.
    pub async fn bare(&self, meetings: usize) -> Result<Run> {
        self.bare_over(&self.kept, meetings).await
    }

    /// The same over a connection each, as the daemon calls.
    pub async fn bare_unkept(&self, meetings: usize) -> Result<Run> {
        self.bare_over(&self.unkept, meetings).await
    }

    async fn bare_over(&self, http: &reqwest::Client, meetings: usize) -> Result<Run> {
        let mut run = Run::default();
        let mut made: Vec<_> = self.hosts.iter().map(|_| Vec::new()).collect();
        for step in Step::ALL {
            let begun = Instant::now();
            let each = self.hosts.iter().zip(&mut made);
            let each = each.map(|(host, made)| host.go(http, step, meetings, made));
            let took = try_join_all(each).await?.concat();
            run.add(step, begun.elapsed(), took);
        }
        Ok(run)
    }

    async fn revision(&self) -> Result<u64> {
        Ok(self.client.status().await?.revision)
    }
}

fn users(number: usize) -> [String; 2] {
    ["host", "bare"].map(|kind| format!("{kind}-{number}@acme.example"))
}

fn config(hosts: usize) -> Config {
    let mut config = Config {
        host_calls_a_day: u32::MAX,
        account_limits: false,
        ..Config::default()
    };
    let users = (0..hosts).flat_map(users);
    config.users.extend(users.map(|email| User::new(&email)));
    config
}
