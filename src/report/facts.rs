//! temp
use serde::Serialize;
use tuf_ceremony::bundle::Part;
/// t
#[derive(Serialize)]
pub struct TallyFacts {
    /// t
    pub authority: String,
    /// t
    pub side: &'static str,
    /// t
    pub role: String,
    /// t
    pub threshold: u64,
    /// t
    pub valid: u64,
    /// t
    pub counted: Vec<String>,
    /// t
    pub waiting: Vec<String>,
    /// t
    pub met: bool,
}
impl TallyFacts {
    /// t
    pub fn of(part: &Part) -> Vec<TallyFacts> {
        part.tallies()
            .iter()
            .enumerate()
            .map(|(i, t)| TallyFacts {
                authority: t.authority.to_string(),
                side: if part.draft().metadata().role_type() == tuf_ceremony::metadata::RoleType::Root {
                    ["new", "old"][i]
                } else {
                    "trusted"
                },
                role: t.role.clone(),
                threshold: t.threshold,
                valid: t.valid(),
                counted: t.counted.iter().map(|v| v.keyid.clone()).collect(),
                waiting: t.waiting.iter().map(|v| v.keyid.clone()).collect(),
                met: t.is_met(),
            })
            .collect()
    }
}
