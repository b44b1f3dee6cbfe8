//! Everybody's Zoom, and the request to an admin.

use greenroom_protocol::zoom::{
    AppApproval, ApprovalAsk, ApprovalRequest, Connection, ConnectionState, PERMISSIONS, ZoomPlan,
    ZoomUser,
};

use super::{NOW, TEAM, at, brief, days_ago, hello_elsewhere};

pub(crate) fn connection(number: usize) -> Connection {
    let (name, email, _, _, state) = TEAM[number];
    let has_user = state != ConnectionState::Disconnected;
    let reason = match state {
        ConnectionState::ReconnectRequired => Some("consent was replaced elsewhere"),
        ConnectionState::Retrying => Some("Zoom answers 503"),
        _ => None,
    };
    Connection {
        member: brief(number),
        state,
        reason: reason.map(str::to_owned),
        hint: None,
        reason_code: None,
        approval: None,
        admin_reply: None,
        zoom_user: has_user.then(|| ZoomUser {
            name: name.into(),
            email: format!("{email}@acme.example"),
            plan: if number == 0 {
                ZoomPlan::Basic
            } else {
                ZoomPlan::Licensed
            },
        }),
        scopes: match has_user {
            true => PERMISSIONS.iter().map(|it| it.scope.to_owned()).collect(),
            false => Vec::new(),
        },
        missing_scopes: Vec::new(),
        expires_at: has_user.then(|| at(NOW).plus_minutes(48)),
        last_refresh: has_user.then(|| at(NOW).plus_minutes(-12)),
        since: Some(days_ago(9)),
        client_id: Some("sandbox-app".into()),
        shared: true,
        booked: if number == 0 { 4 } else { 0 },
        meetings_at_once: Some(1),
        calls_today: None,
        attempt: None,
        revision: 3,
    }
}

pub(crate) fn connections() -> Vec<Connection> {
    (0..TEAM.len()).map(connection).collect()
}

pub(crate) fn connection_elsewhere() -> Connection {
    let mut connection = connection(1);
    connection.member = hello_elsewhere().caller.unwrap().member;
    connection
}

/// Never connected, and a Zoom admin was asked.
pub(crate) fn wait_for_approval(connection: &mut Connection, approval: AppApproval) {
    connection.approval = Some(approval);
    (connection.state, connection.reason, connection.hint) = match approval.approved_at {
        None => (
            ConnectionState::PreApprovalRequested,
            Some("a Zoom admin has to approve the app first".into()),
            Some("try again once approved; everyone waiting is notified".into()),
        ),
        Some(_) => (
            ConnectionState::Disconnected,
            Some("the app was approved: a colleague could connect with it".into()),
            Some("connect now".into()),
        ),
    };
    connection.since = Some(approval.requested_at);
    connection.zoom_user = None;
    connection.scopes.clear();
    (connection.expires_at, connection.last_refresh) = (None, None);
    connection.revision += 1;
}

pub(crate) fn approval_request(connection: Connection, ask: ApprovalAsk) -> ApprovalRequest {
    ApprovalRequest {
        connection,
        admin: ask.admin,
        app: "Greenroom".into(),
        client_id: "sandbox-app".into(),
        link: "https://marketplace.zoom.us/".into(),
        scopes: Vec::new(),
        subject: "Please approve Greenroom for Zoom at Acme".into(),
        text: "Dana Reyes <dana@acme.example> would like to connect Zoom to Greenroom.\n\n\
               App:        Greenroom\nClient id:  sandbox-app\n\
               Approve at: https://marketplace.zoom.us/\n\n\
               - View a meeting (meeting:read:meeting): to check that meetings we made exist\n\
               - Create a meeting for a user (meeting:write:meeting): to make the meeting\n\
               - View a user (user:read:user): to verify that the Zoom user is who we expect\n\
               - View a meeting's summary (meeting:read:summary): for interview insights\n\n\
               Each person connects their own Zoom user and can disconnect at any time."
            .into(),
        sent: false,
        mail: None,
        not_before: None,
        dry_run: ask.dry_run,
    }
}
