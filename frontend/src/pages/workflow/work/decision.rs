//! What a clerk decides, and sending it once.

use leptos::prelude::*;
use mamis_contract::problem::ProblemCode;
use mamis_contract::workflow::{
    ApplicationAction, ApplicationView, ApproveApplication, RejectApplication, ReturnApplication,
};
use mamis_kernel::ApplicationId;

use crate::api::{Api, ETag, Failure, Intent};
use crate::forms::{DateParts, Form};
use crate::pages::workflow::case::day_to_propose;
use crate::pages::workflow::sections::Field;

/// The three ways to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages::workflow) enum Kind {
    Approve,
    Return,
    Reject,
}

impl Kind {
    pub(in crate::pages::workflow) const ALL: [Self; 3] = [Self::Approve, Self::Return, Self::Reject];

    pub(in crate::pages::workflow) const fn action(self) -> ApplicationAction {
        match self {
            Self::Approve => ApplicationAction::Approve,
            Self::Return => ApplicationAction::Return,
            Self::Reject => ApplicationAction::Reject,
        }
    }

    /// The key that opens its form.
    pub(in crate::pages::workflow) const fn key(self) -> &'static str {
        match self {
            Self::Approve => "a",
            Self::Return => "r",
            Self::Reject => "x",
        }
    }

    pub(in crate::pages::workflow) fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The id of its form.
    pub(in crate::pages::workflow) const fn panel_id(self) -> &'static str {
        match self {
            Self::Approve => "decide-approve",
            Self::Return => "decide-return",
            Self::Reject => "decide-reject",
        }
    }
}

/// What goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Approve(ApproveApplication),
    Return(ReturnApplication),
    Reject(RejectApplication),
}

impl Command {
    const fn kind(&self) -> Kind {
        match self {
            Self::Approve(_) => Kind::Approve,
            Self::Return(_) => Kind::Return,
            Self::Reject(_) => Kind::Reject,
        }
    }

    async fn send(&self, api: Api, id: ApplicationId, etag: &ETag, intent: Intent) -> Result<(), Failure> {
        let key = intent.key();
        let result = match self {
            Self::Approve(command) => api.approve_application(id, etag, command, &key).await,
            Self::Return(command) => api.return_application(id, etag, command, &key).await,
            Self::Reject(command) => api.reject_application(id, etag, command, &key).await,
        };
        intent.settle(&result);
        result.map(|_| ())
    }
}

/// What was typed into the forms; outlives a reload of the case.
#[derive(Clone, Copy)]
pub(in crate::pages::workflow) struct Typed {
    pub(super) day: RwSignal<DateParts>,
    pub(super) comment: RwSignal<String>,
    pub(super) return_reason: RwSignal<String>,
    /// Each text outlives the form that shows it.
    pub(super) field_comments: RwSignal<Vec<(Field, ArcRwSignal<String>)>>,
    pub(super) reject_reason: RwSignal<String>,
}

impl Typed {
    pub(in crate::pages::workflow) fn new() -> Self {
        Self {
            day: RwSignal::new(DateParts::default()),
            comment: RwSignal::new(String::new()),
            return_reason: RwSignal::new(String::new()),
            field_comments: RwSignal::new(Vec::new()),
            reject_reason: RwSignal::new(String::new()),
        }
    }

    /// Whether the page was left.
    pub(in crate::pages::workflow) fn is_disposed(self) -> bool {
        self.day.is_disposed()
    }

    /// The day that is most likely, unless one was typed already.
    pub(in crate::pages::workflow) fn propose_day(self, case: &ApplicationView) {
        if self.day.with_untracked(DateParts::is_empty)
            && let Some(day) = day_to_propose(case)
        {
            self.day.set(DateParts::of(day));
        }
    }
}

/// Deciding: which form is open, what is under way, what came of it.
#[derive(Clone, Copy)]
pub(in crate::pages::workflow) struct Decide {
    pub(in crate::pages::workflow) open: RwSignal<Option<Kind>>,
    pub(in crate::pages::workflow) done: RwSignal<Option<Kind>>,
    pub(in crate::pages::workflow) failure: RwSignal<Option<Failure>>,
    pub(in crate::pages::workflow) stale: RwSignal<bool>,
    send: Action<(Command, Form), ()>,
}

impl Decide {
    /// `etag` is the version on the screen; `reload` reads the case anew once it was decided.
    pub(in crate::pages::workflow) fn new(
        api: Api,
        id: ApplicationId,
        etag: Signal<Option<ETag>>,
        reload: Callback<()>,
    ) -> Self {
        let (open, done) = (RwSignal::new(None::<Kind>), RwSignal::new(None::<Kind>));
        let (failure, stale) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
        let intent = Intent::new();
        let last = StoredValue::new(None::<(Command, ETag)>);
        let send = Action::new_local(move |(command, form): &(Command, Form)| {
            let (command, form, etag) = (command.clone(), *form, etag.get_untracked());
            async move {
                let Some(etag) = etag else { return };
                let this = (command.clone(), etag.clone());
                if last.get_value().is_some_and(|earlier| earlier != this) {
                    intent.change_of_mind();
                }
                last.set_value(Some(this));
                failure.set(None);
                stale.set(false);
                let result = command.send(api, id, &etag, intent).await;
                if open.is_disposed() {
                    // The page was left meanwhile.
                    return;
                }
                match result {
                    Ok(()) => {
                        open.set(None);
                        done.set(Some(command.kind()));
                        reload.run(());
                    }
                    Err(refused) if refused.code() == Some(ProblemCode::StaleVersion) => stale.set(true),
                    Err(refused) => form.refuse(refused, failure),
                }
            }
        });
        Self { open, done, failure, stale, send }
    }

    pub(super) fn send(self, command: Command, form: Form) {
        if !self.pending().get_untracked() {
            form.clear();
            self.send.dispatch((command, form));
        }
    }

    pub(super) fn pending(self) -> Memo<bool> {
        self.send.pending()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_its_own_key() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_key(kind.key()), Some(kind));
        }
        assert_eq!(Kind::of_key("n"), None);
    }
}
