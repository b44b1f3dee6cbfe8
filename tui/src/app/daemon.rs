//! The daemon behind the loop's [`Backend`]: a connection that can be made anew.
//!
//! Owns which call of [`Client`] answers which request, one line a method.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};

use super::backend::Backend;
use crate::client::{Client, Target};

/// The longest wait for changes that one question asks for, when it names none.
const WAIT: Duration = Duration::from_secs(25);

/// The daemon of this user or machine.
pub struct Daemon {
    target: Target,
    client: Mutex<Option<Client>>,
}

impl Daemon {
    /// A daemon that is not spoken to yet.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            client: Mutex::new(None),
        }
    }

    fn client(&self) -> Option<Client> {
        self.client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn replace(&self, client: Option<Client>) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }
}

impl Backend for Daemon {
    fn connect(&self, workspace: Option<String>) -> BoxFuture<'_, Result<ServerHello, Error>> {
        async move {
            self.replace(None);
            let workspace = workspace.or_else(|| self.target.workspace.clone());
            let target = Target {
                workspace,
                ..self.target.clone()
            };
            let client = Client::open(&target).await?;
            let hello = client.hello().clone();
            self.replace(Some(client));
            Ok(hello)
        }
        .boxed()
    }

    fn call(&self, request: Q) -> BoxFuture<'_, Result<R, Error>> {
        async move {
            let Some(client) = self.client() else {
                return Err(Error::new(ErrorKind::Unreachable, "the daemon is away"));
            };
            answer(&client, request).await
        }
        .boxed()
    }
}

macro_rules! answers {
    ($client:ident, $request:ident: $($variant:ident $({ $argument:ident })? => $method:ident;)*) => {
        match $request {
            $(Q::$variant { $($argument)? } => R::$variant(unlost($client.$method($($argument)?).await)?),)*
            Q::Changes { query } => {
                let wait = query.wait_seconds.map_or(WAIT, |wait| Duration::from_secs(wait.into()));
                R::Changes(unlost($client.changes(query.after, wait).await)?)
            }
            Q::Hello { .. } => return Err(Error::usage("hello: it was said when the connection was made")),
        }
    };
}

async fn answer(client: &Client, request: Q) -> Result<R, Error> {
    Ok(answers! { client, request:
        Status => status;
        Doctor => doctor;
        Setup { setup } => setup;
        Shutdown => shutdown;
        WorkspaceList => workspace_list;
        WorkspaceAdd { workspace } => workspace_add;
        WorkspaceEdit { workspace } => workspace_edit;
        WorkspaceUse { workspace } => workspace_use;
        MemberList => member_list;
        MemberAdd { member } => member_add;
        MemberEdit { member } => member_edit;
        MemberRemove { member } => member_remove;
        MemberLink { link } => member_link;
        MemberUnlink { link } => member_unlink;
        ZoomStatus { query } => zoom_status;
        ZoomList => zoom_list;
        ZoomConnectStart { start } => zoom_connect_start;
        ZoomConnectFinish { finish } => zoom_connect_finish;
        ZoomConnectCancel { cancel } => zoom_connect_cancel;
        ZoomDisconnect { member } => zoom_disconnect;
        JobList => job_list;
        JobAdd { job } => job_add;
        JobEdit { job } => job_edit;
        StageAdd { stage } => stage_add;
        StageConfigure { stage } => stage_configure;
        CandidateList { query } => candidate_list;
        CandidateGet { candidate } => candidate_get;
        CandidateAdd { candidate } => candidate_add;
        CandidateEdit { candidate } => candidate_edit;
        CandidateMove { to } => candidate_move;
        CandidateImport { page } => candidate_import;
        InterviewList { query } => interview_list;
        InterviewGet { interview } => interview_get;
        InterviewNew { interview } => interview_new;
        InterviewConfirm { interview } => interview_confirm;
        InterviewCancel { interview } => interview_cancel;
        Busy { query } => busy;
        AuditList { query } => audit_list;
    })
}

/// What the daemon answered, or the failure when it did not.
fn unlost<T>(answer: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match answer {
        Err(error) if error.kind == ErrorKind::Unreachable => Err(error),
        answered => Ok(answered),
    }
}
