//! Who of a stage's panel would take part in an interview, and why they.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pipeline::PanelRule;
use crate::workspace::MemberBrief;

/// The people a stage's panel comes to at a time: everyone of "all of", and of each "any of" the
/// one who has done least.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PanelProposal {
    /// Who is proposed: everyone of "all of" first, then one of each "any of", in the order of the
    /// panel. Optional people are not among them.
    pub interviewers: Vec<MemberBrief>,
    /// The groups of the panel, in its order.
    pub groups: Vec<PanelChoice>,
}

/// One group of a panel, and what decides among its members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PanelChoice {
    /// How many of the group take part.
    pub rule: PanelRule,
    /// Its members, as the panel lists them; who left the workspace is not among them.
    pub members: Vec<PanelMember>,
}

/// A member of a panel at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PanelMember {
    /// Who.
    pub member: MemberBrief,
    /// Whether they are the one proposed for this group, or one of all of it.
    pub proposed: bool,
    /// Whether they have no other interview then.
    pub free: bool,
    /// Their interviews of this job from 28 days before the date to 7 days after it, cancelled
    /// ones left out.
    pub interviews: u32,
    /// Minutes of those in the ISO week of the date.
    pub week_minutes: u32,
}
