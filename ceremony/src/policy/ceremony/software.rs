//! Keys of a real root or of real targets on tokens that are programs. What a token is shows only when it is inserted, so the plan
//! says it beforehand: who asks for the exception finds it before each draft that the key may sign, and every signer grants it.
//! Without it such a token is refused where signatures are made; nothing here can see one.

use super::{Case, Control, Said};
use crate::metadata::RoleType;

pub(super) fn software(case: &Case<'_>, said: &mut Said) {
    if case.plan.rehearsal {
        return;
    }
    for wish in case.plan.exceptions.iter().filter(|wish| wish.control == Control::SoftwareToken) {
        let Some(key) = case.names.get(&wish.about) else { continue };
        for part in case.parts {
            let draft = part.part.draft();
            let guarded = matches!(draft.metadata().role_type(), RoleType::Root | RoleType::Targets);
            let may_sign = part.part.authorities().iter().any(|a| a.key(*key).is_some());
            if guarded && !draft.is_delegated() && may_sign {
                let says = "its key lies on a token that is a program, and a program can be copied unseen";
                said.find(Control::SoftwareToken, &part.letter, &wish.about, says, true);
            }
        }
    }
}
