//! A step that is not legal, as a fault with advice. The engine says what is wrong; what to do about it follows from which
//! table, file or person it concerns.

use tuf_ceremony::bundle::{FinalizeFault, MergeFault};
use tuf_ceremony::policy::ceremony::PlanRefusal;
use tuf_ceremony::receive::arrivals::ArrivalFault;
use tuf_ceremony::seal::{PredecessorFault, RolesFault, SealFault};
use tuf_ceremony::state::{Illegal, ImportFault};

use super::Fault;
use crate::operator::wording::{self, ceremony as said, planning};

/// What to do about a plan that gives no drafts.
pub(crate) fn advice_for_seal(fault: &SealFault) -> &'static str {
    match fault {
        SealFault::Missing { .. } => said::BRING_THE_FILE,
        SealFault::Predecessor(PredecessorFault::NotPublished { .. }) => said::BUILD_ON_THE_PUBLISHED,
        SealFault::Predecessor(PredecessorFault::Mark { .. }) | SealFault::Roles(RolesFault::Mark { .. }) => {
            said::KEEP_PRACTICE_APART
        }
        SealFault::Roles(RolesFault::Card { .. } | RolesFault::Holders { .. } | RolesFault::File { .. }) => {
            said::ASK_FOR_THE_CARD
        }
        _ => planning::MEND_THE_PLAN,
    }
}

fn advice_for_merge(fault: &MergeFault) -> &'static str {
    match fault {
        MergeFault::RehearsalAndReal => said::KEEP_PRACTICE_APART,
        _ => said::ASK_FOR_THE_RIGHT_ONE,
    }
}

impl From<Illegal> for Fault {
    fn from(why: Illegal) -> Fault {
        let (sentence, advice) = match &why {
            Illegal::Missing { .. } | Illegal::Seal(SealFault::Missing { .. }) | Illegal::Length { .. } => {
                (said::SOMETHING_IS_GONE, said::BRING_THE_FILE)
            }
            Illegal::Seal(fault) => (said::PLAN_NOT_ALLOWED, advice_for_seal(fault)),
            Illegal::Rule(PlanRefusal::Expired { .. }) => (said::PLAN_NOT_ALLOWED, said::CHECK_THE_DATE),
            Illegal::Rule(PlanRefusal::Unasked { .. }) => (said::PLAN_NOT_ALLOWED, said::ASK_OR_CHANGE),
            Illegal::Rehearsal { .. } => (said::PLAN_NOT_ALLOWED, said::KEEP_PRACTICE_APART),
            Illegal::Plan(_) | Illegal::Rule(_) | Illegal::OtherRoot | Illegal::FinalGone { .. } => {
                (said::PLAN_NOT_ALLOWED, planning::MEND_THE_PLAN)
            }
            Illegal::Trust { given: false } => (said::NO_OWN_ROOT, said::GIVE_YOUR_ROOT),
            Illegal::NotARoot { what: "the trusted root", .. } => {
                (said::PLAN_NOT_ALLOWED, planning::MEND_THE_PLAN)
            }
            Illegal::Trust { given: true } | Illegal::NotARoot { .. } => {
                (said::OTHER_ROOT, said::ASK_WHICH_ROOT)
            }
            Illegal::OneDevice { needed: true } => (said::ONE_DEVICE, said::GIVE_A_MIRROR),
            Illegal::OneDevice { needed: false } => (said::NO_REASON_NEEDED, said::LEAVE_ONE_DEVICE_OUT),
            Illegal::Date { .. } => (said::NOT_A_DATE, wording::TYPE_A_DATE),
            Illegal::Import(ImportFault::Arrival(ArrivalFault::OlderCopy { .. })) => {
                (said::OLDER_COPY, wording::folder::FIND_THE_LATEST)
            }
            Illegal::Import(ImportFault::Arrival(ArrivalFault::Merge(MergeFault::DifferentGeneration {
                ..
            }))) => (said::OF_ANOTHER_PLAN, said::ASK_FOR_ONE_OF_THIS_PLAN),
            Illegal::Import(ImportFault::Bundle(_) | ImportFault::Foreign(_)) => {
                (said::CANNOT_BE_READ, wording::ASK_FOR_IT_AGAIN)
            }
            Illegal::Import(ImportFault::Arrival(ArrivalFault::Merge(merge))) => {
                (said::DOES_NOT_BELONG_HERE, advice_for_merge(merge))
            }
            Illegal::Import(_) | Illegal::Brought { .. } | Illegal::Chain { .. } => {
                (said::DOES_NOT_BELONG_HERE, said::ASK_FOR_THE_RIGHT_ONE)
            }
            Illegal::AuthorityFirst { .. } => (said::NOT_FINAL_YET, said::FINALIZE_THE_AUTHORITY),
            Illegal::Finalize { ungranted, fault, .. } => match (**fault).clone() {
                FinalizeFault::NoQuorum(_) if *ungranted > 0 => (said::NOT_FINAL_YET, said::ASK_FOR_GRANTS),
                FinalizeFault::NoQuorum(_) => (said::NOT_FINAL_YET, wording::COLLECT_MORE),
                FinalizeFault::VersionZero { .. } => (said::NOT_FINAL_YET, wording::VERSIONS_START_AT_ONE),
                _ => (said::NOT_FINAL_YET, wording::REPORT_THIS),
            },
            Illegal::Expired { .. } => (said::NOT_FINAL_YET, said::CHECK_THE_DATE),
            Illegal::AlreadyFinal { .. } => (said::FINAL_ALREADY, wording::NOTHING_LEFT_TO_DO),
            Illegal::Phase { .. } | Illegal::OnBreak { .. } | Illegal::HasLeft { .. } => {
                (said::NOT_NOW, said::LOOK_AT_THE_STATUS)
            }
            Illegal::NoSuchDraft { .. } => (said::NO_SUCH_DRAFT, said::LOOK_AT_THE_STATUS),
            _ => (said::NOT_POSSIBLE, said::LOOK_AT_THE_STATUS),
        };
        Fault::refused(sentence).because(&why).now(advice)
    }
}
