//! Acting for somebody: the banner over every page, how it begins and ends, assistants, and who can see one's record.

mod assistants;
mod audience;
mod banner;
mod begin;
mod held_page;
mod invitation_page;
mod on_behalf_list;

pub(super) use assistants::Assistants;
pub(super) use audience::Audience;
pub use banner::{ActingBanner, ActingOver};
pub use begin::BeginOnBehalf;
pub use held_page::HeldPage;
pub use invitation_page::AssistantInvitationPage;
pub(super) use on_behalf_list::OnBehalfList;

use crate::state::begin_acting;
use crate::{dom, routes};

/// From here on this tab acts for somebody: the page is loaded anew, so that nothing of the own account stays on it.
fn act(id: &str) {
    begin_acting(id);
    dom::reload_at(&routes::home());
}
