//! The clerks of one's association: who holds which role until when, inviting, changing and ending.

mod change_form;
mod invitations;
mod invite_form;
mod recover;
mod roles;

use leptos::prelude::*;
use mamis_contract::identity::ClerkInvitationView;
use mamis_contract::registry::AssociationRef;
use mamis_kernel::{ClerkRoleId, Role, Tier};

use self::invitations::{Invitations, Vacancies};
use self::invite_form::{InviteForm, Invited};
use self::roles::Roles;
use crate::components::{Button, ButtonKind, Choice};
use crate::i18n::codes::Label;
use crate::pages::desk::for_association;
use crate::tr;

/// Which form is open; one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Open {
    Nothing,
    /// An invitation: to the own association, or as the first administrator of one below.
    Invite(AssociationRef),
    Change(ClerkRoleId),
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    open: RwSignal<Open>,
    /// Lists are read anew whenever it changes.
    changed: RwSignal<u32>,
    /// What was made last, with its code if it is to be handed over.
    invited: RwSignal<Option<ClerkInvitationView>>,
}

impl Desk {
    fn settle(self) {
        self.open.set(Open::Nothing);
        self.changed.update(|count| *count = count.wrapping_add(1));
    }
}

/// The clerks of the association whose administrator one is.
#[component]
pub fn ClerksPage() -> impl IntoView {
    for_association(tr!(clerks.title), Role::Administrator, tr!(clerks.not_administrator), |association| {
        view! { <Association association /> }.into_any()
    })
}

#[component]
fn Association(association: AssociationRef) -> impl IntoView {
    let desk = Desk { open: RwSignal::new(Open::Nothing), changed: RwSignal::new(0), invited: RwSignal::new(None) };
    let (id, is_above) = (association.id, association.tier > Tier::District);
    let own = StoredValue::new(association);
    let invite = Callback::new(move |()| {
        desk.invited.set(None);
        desk.open.set(Open::Invite(own.get_value()));
    });
    view! {
        <p>{tr!(clerks.lead)}</p>
        {move || desk.invited.get().map(|invitation| view! { <Invited invitation /> })}
        {move || match desk.open.get() {
            Open::Invite(place) => {
                let first = place.id != id;
                view! { <InviteForm desk place first /> }.into_any()
            }
            // One thing at a time.
            Open::Change(_) => ().into_any(),
            Open::Nothing => {
                view! {
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Primary on_press=invite>
                            {tr!(clerks.invite)}
                        </Button>
                    </div>
                }
                    .into_any()
            }
        }}
        <section class="ui-section" aria-labelledby="roles-title">
            <h2 class="ui-subheading" id="roles-title">
                {tr!(clerks.roles_title)}
            </h2>
            <Roles desk association=id />
        </section>
        <section class="ui-section" aria-labelledby="invitations-title">
            <h2 class="ui-subheading" id="invitations-title">
                {tr!(clerks.invitations_title)}
            </h2>
            <Invitations desk association=id />
        </section>
        {is_above
            .then(|| {
                view! {
                    <section class="ui-section" aria-labelledby="vacant-title">
                        <h2 class="ui-subheading" id="vacant-title">
                            {tr!(clerks.vacant_title)}
                        </h2>
                        <Vacancies desk />
                    </section>
                }
            })}
    }
}

/// The roles a clerk may hold, each with what it may do.
fn role_choices() -> Vec<Choice> {
    vec![
        Choice::new(Role::Viewer.as_str(), Role::Viewer.text()).with_hint(tr!(clerks.viewer_hint)),
        Choice::new(Role::Operator.as_str(), Role::Operator.text()).with_hint(tr!(clerks.operator_hint)),
        Choice::new(Role::Approver.as_str(), Role::Approver.text()).with_hint(tr!(clerks.approver_hint)),
        Choice::new(Role::Administrator.as_str(), Role::Administrator.text()).with_hint(tr!(clerks.administrator_hint)),
    ]
}
