//! A step that is not legal, as a fault with advice. The engine says what is wrong; what to do about it follows from which
//! table, file or person it concerns.

use tuf_ceremony::bundle::{FinalizeFault, MergeFault};
use tuf_ceremony::receive::arrivals::ArrivalFault;
use tuf_ceremony::seal::SealFault;
use tuf_ceremony::state::{Illegal, ImportFault};

use super::Fault;
use crate::operator::wording::{self, ceremony as said, planning};

impl From<Illegal> for Fault {
    fn from(why: Illegal) -> Fault {
        let (sentence, advice) = match &why {
            Illegal::Plan(_)
            | Illegal::Seal(SealFault::Predecessor(_) | SealFault::Roles(_) | SealFault::Targets(_))
            | Illegal::Seal(SealFault::Draft { .. } | SealFault::Part { .. } | SealFault::Past(_))
            | Illegal::Rule(_)
            | Illegal::Rehearsal { .. }
            | Illegal::OtherRoot
            | Illegal::FinalGone { .. } => (said::PLAN_NOT_ALLOWED, planning::MEND_THE_PLAN),
            Illegal::Missing { .. } | Illegal::Seal(SealFault::Missing { .. }) | Illegal::Length { .. } => {
                (said::SOMETHING_IS_GONE, said::BRING_THE_FILE)
            }
            Illegal::Trust { given: false } => (said::NO_OWN_ROOT, said::GIVE_YOUR_ROOT),
            Illegal::Trust { given: true } | Illegal::NotARoot { .. } => {
                (said::OTHER_ROOT, said::ASK_WHICH_ROOT)
            }
            Illegal::OneDevice => (said::ONE_DEVICE, said::GIVE_A_MIRROR),
            Illegal::Date { .. } => (said::NOT_A_DATE, wording::TYPE_A_DATE),
            Illegal::Import(ImportFault::Arrival(ArrivalFault::OlderCopy { .. })) => {
                (said::OLDER_COPY, wording::folder::FIND_THE_LATEST)
            }
            Illegal::Import(ImportFault::Arrival(ArrivalFault::Merge(MergeFault::DifferentGeneration {
                ..
            }))) => (said::OF_ANOTHER_PLAN, said::ASK_FOR_ONE_OF_THIS_PLAN),
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
