//! The forms about the workspace, its members, and its Zoom app.

pub(super) mod account_app;
pub(super) mod app_steps;
pub(super) mod approval;
pub(super) mod calendar;
pub(super) mod days_off;
pub(super) mod edit;
mod guide;
pub(super) mod hours;
mod letter;
pub(super) mod mail;
pub(super) mod member;
pub(super) mod member_edit;
pub(super) mod new;
pub(super) mod setup;
pub(super) mod zoom_app;
