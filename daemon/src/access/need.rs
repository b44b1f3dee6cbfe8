//! What a method may need of its caller; which method needs what is in `rpc/table.rs`.

use std::fmt;

/// What a method needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Anyone,
    /// The operator: root or the daemon's own user.
    Operator,
    /// A member, whatever their roles; the use case narrows to what they may see.
    Member,
    /// A member, or the operator.
    MemberOrOperator,
    /// A hiring manager (of the job concerned), a recruiter or an admin.
    Hiring,
    /// A recruiter or an admin.
    Staff,
    /// An admin.
    Admin,
    /// An admin, or the operator.
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
