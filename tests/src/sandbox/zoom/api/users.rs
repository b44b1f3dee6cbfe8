//! GET /users/me and its settings.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{ApiError, admit, only_me};
use crate::sandbox::zoom::control::Zoom;
use crate::sandbox::zoom::directory::{Account, Licence, Passcodes, Plan, User};
use crate::sandbox::zoom::limits::Weight;

pub(super) async fn profile(
    State(zoom): State<Zoom>,
    Path(named): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let scope = "user:read:user";
    zoom.with(|world| {
        let user = admit(world, &headers, scope, Weight::Light)?;
        only_me(world, &user, &named, scope)?;
        Ok(Json(profile_of(&user)))
    })
}

pub(super) async fn settings(
    State(zoom): State<Zoom>,
    Path(named): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let scope = "user:read:settings";
    zoom.with(|world| {
        let user = admit(world, &headers, scope, Weight::Medium)?;
        only_me(world, &user, &named, scope)?;
        let account = world.accounts.get(&user.account);
        let free = Account::new(&user.account, Plan::Free);
        Ok(Json(settings_of(&user, account.unwrap_or(&free))))
    })
}

fn profile_of(user: &User) -> Value {
    let (first, last) = user
        .display_name
        .split_once(' ')
        .unwrap_or((&user.display_name, ""));
    json!({
        "id": user.id,
        "account_id": user.account,
        "email": user.email,
        "first_name": first,
        "last_name": last,
        "display_name": user.display_name,
        "type": user.licence.number(),
        "status": "active",
        "use_pmi": false,
        "timezone": user.timezone,
        "language": "en-US",
        "role_name": "Member",
        "role_id": "2",
        "verified": 1,
        "cluster": "us04",
        "login_types": [100],
    })
}

fn settings_of(user: &User, account: &Account) -> Value {
    let capacity = match (user.licence, account.plan) {
        (Licence::Licensed, Plan::Business) => 300,
        _ => 100,
    };
    let passcodes = account.plan == Plan::Free || account.passcodes != Passcodes::Off;
    let summary = user.may_have_summaries(account);
    let locked_on = account.locked.auto_start_meeting_summary == Some(true);
    json!({
        "schedule_meeting": {
            "join_before_host": false,
            "require_password_for_scheduling_new_meetings": passcodes,
            "embed_password_in_join_link": true,
            "use_pmi_for_scheduled_meetings": false,
            "meeting_password_requirement": account.passcode_rules,
        },
        "in_meeting": {
            "waiting_room": account.force_waiting_room,
            "meeting_summary_with_ai_companion": {
                "enable": summary,
                "auto_enable": summary && (user.auto_summaries || locked_on),
            },
        },
        "recording": { "auto_recording": "none" },
        "feature": { "meeting_capacity": capacity, "concurrent_meeting": "None" },
    })
}
