//! The access table: what each method needs of its caller. A method without a row is refused.

use std::fmt;

/// What a method needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Anyone,
    /// Whoever looks after the daemon.
    Operator,
    /// A member, whatever their roles; the use case narrows to what they may see.
    Member,
    /// A member, or whoever looks after the daemon.
    MemberOrOperator,
    /// A hiring manager (of the job concerned), a recruiter or an admin.
    Hiring,
    /// A recruiter or an admin.
    Staff,
    /// An admin.
    Admin,
    /// An admin, or whoever looks after the daemon.
    AdminOrOperator,
}

impl fmt::Display for Need {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Anyone => "nothing",
            Self::Operator => "the daemon's own user or root",
            Self::Member => "a member",
            Self::MemberOrOperator => "a member or the daemon's own user",
            Self::Hiring => "a hiring manager, recruiter or admin",
            Self::Staff => "a recruiter or admin",
            Self::Admin => "an admin",
            Self::AdminOrOperator => "an admin or the daemon's own user",
        })
    }
}

/// Every method, in the contract's order.
pub const TABLE: &[(&str, Need)] = &[
    ("hello", Need::Anyone),
    ("status", Need::Anyone),
    ("doctor", Need::AdminOrOperator),
    ("setup", Need::Operator),
    ("shutdown", Need::Operator),
    ("changes", Need::MemberOrOperator),
    ("workspace_list", Need::MemberOrOperator),
    ("workspace_add", Need::Operator),
    ("workspace_edit", Need::AdminOrOperator),
    ("workspace_use", Need::MemberOrOperator),
    ("member_list", Need::MemberOrOperator),
    ("member_add", Need::AdminOrOperator),
    // Anyone may change their own name, zone and Zoom address; the use case asks for an admin for
    // the rest.
    ("member_edit", Need::MemberOrOperator),
    ("member_remove", Need::AdminOrOperator),
    ("member_link", Need::Operator),
    ("member_unlink", Need::Operator),
    ("zoom_status", Need::MemberOrOperator),
    ("zoom_list", Need::MemberOrOperator),
    // One's own, or an admin for somebody else.
    ("zoom_connect_start", Need::MemberOrOperator),
    ("zoom_connect_finish", Need::MemberOrOperator),
    ("zoom_connect_cancel", Need::MemberOrOperator),
    ("zoom_disconnect", Need::MemberOrOperator),
    ("job_list", Need::Member),
    ("job_add", Need::Staff),
    ("job_edit", Need::Staff),
    ("stage_add", Need::Staff),
    ("stage_configure", Need::Hiring),
    ("candidate_list", Need::Member),
    ("candidate_get", Need::Member),
    ("candidate_add", Need::Hiring),
    ("candidate_edit", Need::Hiring),
    ("candidate_move", Need::Hiring),
    ("candidate_import", Need::Staff),
    ("interview_list", Need::Member),
    ("interview_get", Need::Member),
    ("interview_new", Need::Hiring),
    ("interview_confirm", Need::Hiring),
    ("interview_cancel", Need::Hiring),
    ("busy", Need::Hiring),
    ("audit_list", Need::AdminOrOperator),
    // One's own, or an admin for somebody else.
    ("zoom_request_approval", Need::MemberOrOperator),
    ("backup_take", Need::Operator),
    ("backup_read", Need::Operator),
    ("backup_forget", Need::Operator),
    ("restore_begin", Need::Operator),
    ("restore_part", Need::Operator),
    ("restore_finish", Need::Operator),
    ("candidate_export_all", Need::Admin),
    ("candidate_export", Need::Staff),
    ("candidate_erase", Need::Admin),
    ("interview_reschedule", Need::Hiring),
    ("interview_edit", Need::Hiring),
    ("interview_complete", Need::Hiring),
    ("interview_no_show", Need::Hiring),
    ("interview_undo", Need::Hiring),
    ("interview_check", Need::Staff),
    ("drift_list", Need::Staff),
    ("interview_repair", Need::Hiring),
    ("orphan_delete", Need::Staff),
    ("insight_list", Need::Member),
    // Of an interview that the caller may see.
    ("insight_note", Need::Member),
    ("interview_invite", Need::Member),
    // Of interviews they see, and of what is for themselves.
    ("mail_list", Need::Member),
    ("mail_get", Need::Member),
    ("mail_retry", Need::Hiring),
    ("zoom_tell", Need::Hiring),
    ("mail_drop", Need::Hiring),
    // One's own, or an admin for somebody else.
    ("zoom_test", Need::MemberOrOperator),
    ("zoom_test_show", Need::MemberOrOperator),
    // About interviews they see, and from candidates whose every application they see.
    ("mail_received", Need::Member),
    ("mail_received_get", Need::Member),
    ("mail_received_read", Need::Member),
    ("mail_received_accept", Need::Hiring),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_contract_has_one_row() {
        let schema = greenroom_protocol::service::schema();
        let methods = schema["request"]["oneOf"].as_array().expect("the methods");
        let name = |method: &serde_json::Value| {
            let camel = method["required"][0].as_str().expect("a name").to_owned();
            camel
                .char_indices()
                .fold(String::new(), |mut snake, (place, letter)| {
                    if letter.is_uppercase() && place > 0 {
                        snake.push('_');
                    }
                    snake.push(letter.to_ascii_lowercase());
                    snake
                })
        };
        let methods: Vec<_> = methods.iter().map(name).collect();
        let rows: Vec<_> = TABLE.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(rows, methods);
    }
}
