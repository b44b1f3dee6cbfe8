//! A bare line to the daemon, on which anything can be sent.

use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_tests::harness::{World, add_candidate, add_job};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// A daemon with a job and one candidate, who must still be there whatever is sent.
pub async fn world() -> (World, Client) {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    add_candidate(&dana, "Ana Lima", "ana.lima@mail.example", "Designer")
        .await
        .unwrap();
    (world, dana)
}

/// The daemon answers, the connection that was there before lives, and nothing is lost.
pub async fn assert_unharmed(world: &World, dana: &Client) {
    for client in [dana, &world.client().await.unwrap()] {
        let page = client
            .candidate_list(CandidateQuery::default())
            .await
            .unwrap();
        assert_eq!((page.total, page.items[0].name.as_str()), (1, "Ana Lima"));
    }
}

pub struct Line(UnixStream);

impl Line {
    pub async fn open(world: &World) -> Self {
        Self(UnixStream::connect(world.socket()).await.unwrap())
    }

    /// One that said hello.
    pub async fn greeted(world: &World) -> Self {
        let mut line = Self::open(world).await;
        line.call(
            0,
            json!({"Hello": {"client": {"protocol": 1, "build": "test"}}}),
        )
        .await;
        line.answer().await.unwrap();
        line
    }

    /// Bytes as they are. The daemon may hang up before all of them are taken.
    pub async fn raw(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// No more will be sent.
    pub async fn hang_up(&mut self) {
        let _ = self.0.shutdown().await;
    }

    pub async fn frame(&mut self, body: &[u8]) {
        let length = u32::try_from(body.len()).unwrap();
        self.raw(&[&length.to_be_bytes(), body].concat()).await;
    }

    pub async fn call(&mut self, id: u64, message: Value) {
        let request = json!({"Request": {"id": id, "message": message}});
        self.frame(request.to_string().as_bytes()).await;
    }

    /// Sends these while the answers are read, as anyone who sends many must: a daemon whose answers
    /// nobody takes reads no more.
    pub async fn pipeline(
        self,
        calls: impl Iterator<Item = (u64, Value)> + Send + 'static,
    ) -> Answers {
        let (answers, mut line) = self.0.into_split();
        tokio::spawn(async move {
            for (id, message) in calls {
                let body = json!({"Request": {"id": id, "message": message}}).to_string();
                let length = u32::try_from(body.len()).unwrap();
                let frame = [&length.to_be_bytes(), body.as_bytes()].concat();
                line.write_all(&frame).await.unwrap();
            }
            // The line stays open until the answers are read.
            std::future::pending::<()>().await;
        });
        Answers(answers)
    }

    /// The next answer; nothing once the daemon hung up.
    pub async fn answer(&mut self) -> Option<Value> {
        next(&mut self.0).await
    }
}

/// The reading half of a line.
pub struct Answers(tokio::net::unix::OwnedReadHalf);

impl Answers {
    pub async fn next(&mut self) -> Option<Value> {
        next(&mut self.0).await
    }
}

async fn next(from: &mut (impl AsyncReadExt + Unpin)) -> Option<Value> {
    let length = from.read_u32().await.ok()?;
    let mut body = vec![0; length as usize];
    from.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}
