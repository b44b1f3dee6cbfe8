//! A client over MCP: lines of JSON to the real program and back.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use greenroom_tests::harness::World;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::timeout;

use crate::cli::for_people;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// As the client names itself.
pub const NAME: &str = "acme-ide";

/// The program and the client before it.
pub struct Caller {
    process: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
    next: u64,
    /// What a person answers when they are asked; `None`: the client can't ask.
    person: Option<&'static str>,
    /// The questions that were asked.
    pub asked: Vec<String>,
}

impl Caller {
    /// A client that can't ask its person.
    pub async fn start(world: &World, options: &[&str]) -> anyhow::Result<Self> {
        Self::with(world, options, None).await
    }

    /// The same; `person` is what its person answers.
    pub async fn with(
        world: &World,
        options: &[&str],
        person: Option<&'static str>,
    ) -> anyhow::Result<Self> {
        let mut command = for_people(world, &[&["mcp"], options].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let output = process.stdout.take().context("its output")?;
        let mut caller = Self {
            input: process.stdin.take(),
            output: BufReader::new(output).lines(),
            process,
            next: 0,
            person,
            asked: Vec::new(),
        };
        let capabilities = match person {
            Some(_) => json!({ "elicitation": {} }),
            None => json!({}),
        };
        let hello = json!({
            "protocolVersion": "2025-06-18",
            "capabilities": capabilities,
            "clientInfo": { "name": NAME, "version": "1.0" },
        });
        let answer = caller.request("initialize", hello).await?;
        anyhow::ensure!(
            answer["result"]["serverInfo"]["name"] == "greenroom",
            "{answer}"
        );
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        caller.line(&ready.to_string()).await?;
        Ok(caller)
    }

    /// Sends a line as it is.
    pub async fn line(&mut self, line: &str) -> anyhow::Result<()> {
        let input = self.input.as_mut().context("its input")?;
        input.write_all(format!("{line}\n").as_bytes()).await?;
        Ok(input.flush().await?)
    }

    /// The next message; everything on its output has to be one.
    pub async fn message(&mut self) -> anyhow::Result<Value> {
        let line = timeout(PATIENCE, self.output.next_line()).await??;
        let line = line.context("it hung up")?;
        let message: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
        anyhow::ensure!(message["jsonrpc"] == "2.0", "{line}");
        Ok(message)
    }

    /// Asks, and returns the answer; what is asked back is answered by the person.
    pub async fn request(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        self.next += 1;
        let id = self.next;
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.line(&request.to_string()).await?;
        loop {
            let message = self.message().await?;
            if message["method"] == "elicitation/create" {
                let question = message["params"]["message"]
                    .as_str()
                    .context("a question")?;
                self.asked.push(question.to_owned());
                let action = self.person.context("nobody can be asked")?;
                let result = json!({ "action": action, "content": {} });
                let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
                self.line(&answer.to_string()).await?;
                continue;
            }
            if message["id"] == id {
                return Ok(message);
            }
        }
    }

    /// The names of the tools.
    pub async fn tools(&mut self) -> anyhow::Result<Vec<String>> {
        let answer = self.request("tools/list", json!({})).await?;
        let tools = answer["result"]["tools"].as_array().context("tools")?;
        let names = tools.iter().filter_map(|it| it["name"].as_str());
        Ok(names.map(str::to_owned).collect())
    }

    /// Calls a tool: whether that failed, and what it said.
    pub async fn call(&mut self, tool: &str, arguments: Value) -> anyhow::Result<(bool, Value)> {
        let params = json!({ "name": tool, "arguments": arguments });
        let answer = self.request("tools/call", params).await?;
        let result = &answer["result"];
        let said = result["structuredContent"].clone();
        anyhow::ensure!(said.is_object(), "{tool}: {answer}");
        // Clients that know no structure read the same as text.
        let text = result["content"][0]["text"].as_str().context("a text")?;
        anyhow::ensure!(serde_json::from_str::<Value>(text)? == said, "{answer}");
        Ok((result["isError"] == true, said))
    }

    /// A call that works.
    pub async fn done(&mut self, tool: &str, arguments: Value) -> anyhow::Result<Value> {
        let (failed, said) = self.call(tool, arguments).await?;
        anyhow::ensure!(!failed, "{tool}: {said}");
        Ok(said)
    }

    /// A call that is refused: its error.
    pub async fn refused(&mut self, tool: &str, arguments: Value) -> anyhow::Result<Value> {
        let (failed, said) = self.call(tool, arguments).await?;
        anyhow::ensure!(failed, "{tool}: {said}");
        Ok(said["error"].clone())
    }

    /// Hangs up, and waits until the program has ended well.
    pub async fn hang_up(mut self) -> anyhow::Result<()> {
        self.input = None;
        let ended = timeout(PATIENCE, self.process.wait()).await??;
        anyhow::ensure!(ended.success(), "{ended}");
        Ok(())
    }
}
