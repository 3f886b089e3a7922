//! What needs one's action.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use mamis_contract::workflow::{ApplicationState, ApplicationSummary, ChangeKind};
use mamis_kernel::ApplicationId;

use crate::components::{ButtonKind, ButtonLink, Empty};
use crate::i18n::{Text, in_language};
use crate::{dom, format, routes, say, tr};

/// Something that waits for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Task {
    /// An association sent a case back.
    Correct { id: ApplicationId, by: Option<String>, since: DateTime<Utc> },
    /// A draft was begun.
    Finish { id: ApplicationId, since: DateTime<Utc>, training: bool },
    /// There is neither a membership nor an application.
    Join,
}

/// What waits, most pressing first.
fn tasks_of(applications: &[ApplicationSummary], has_membership: Option<bool>) -> Vec<Task> {
    let returned = applications.iter().filter(|case| case.state == ApplicationState::Returned).map(|case| {
        let by = case.current_association.as_ref().map(|association| association.name.clone());
        Task::Correct { id: case.id, by, since: case.since }
    });
    let drafts = applications.iter().filter(|case| case.state == ApplicationState::Draft).map(|case| Task::Finish {
        id: case.id,
        since: case.since,
        training: case.kinds.contains(&ChangeKind::TrainingAccount),
    });
    let mut tasks: Vec<Task> = returned.chain(drafts).collect();
    if has_membership == Some(false) && !applications.iter().any(|case| is_open(case.state)) {
        tasks.push(Task::Join);
    }
    tasks
}

/// Whether a case still goes on.
fn is_open(state: ApplicationState) -> bool {
    match state {
        ApplicationState::Draft
        | ApplicationState::Submitted
        | ApplicationState::InReview
        | ApplicationState::Returned => true,
        ApplicationState::Completed | ApplicationState::Rejected | ApplicationState::Retracted => false,
    }
}

/// What needs the reader's action.
#[component]
pub(super) fn Tasks(applications: Vec<ApplicationSummary>, has_membership: Signal<Option<bool>>) -> impl IntoView {
    let tasks = Memo::new(move |_| tasks_of(&applications, has_membership.get()));
    move || {
        let tasks = tasks.get();
        if tasks.is_empty() {
            view! { <Empty text=tr!(registry.tasks_none) /> }.into_any()
        } else {
            view! { <ul class="ui-tasks">{tasks.into_iter().map(task_view).collect_view()}</ul> }.into_any()
        }
    }
}

fn task_view(task: Task) -> AnyView {
    match task {
        Task::Correct { id, by, since } => {
            let text = in_language(move |locale| {
                let date = format::date(locale, dom::tokyo_day(since));
                let association = by.clone().unwrap_or_default();
                say!(locale, registry.task_returned_by, association = association, date = date)
            });
            card(tr!(registry.task_returned), text, routes::application(id), tr!(registry.task_correct))
        }
        Task::Finish { id, since, training } => {
            let text = in_language(move |locale| {
                let date = format::date(locale, dom::tokyo_day(since));
                say!(locale, registry.task_draft_since, date = date)
            });
            let href =
                if training { routes::training_form(id) } else { routes::edit_application(id, routes::FIRST_SECTION) };
            card(tr!(registry.task_draft), text, href, tr!(registry.task_continue))
        }
        Task::Join => card(
            tr!(registry.task_join),
            tr!(registry.task_join_text),
            routes::new_application(),
            tr!(registry.start_join),
        ),
    }
}

fn card(title: Text, text: Text, href: String, label: Text) -> AnyView {
    view! {
        <li class="ui-card ui-task">
            <h3 class="ui-card__title">{title}</h3>
            <p>{text}</p>
            <ButtonLink href kind=ButtonKind::Primary label />
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: ApplicationState, number: u8) -> ApplicationSummary {
        ApplicationSummary {
            id: format!("app_{number:032}").parse().unwrap(),
            number: None,
            state,
            kinds: Vec::new(),
            current_association: None,
            since: "2026-11-20T01:00:00Z".parse().unwrap(),
            effective_date: None,
        }
    }

    #[test]
    fn a_returned_case_comes_before_a_draft() {
        let cases = [case(ApplicationState::Draft, 1), case(ApplicationState::Returned, 2)];
        let tasks = tasks_of(&cases, Some(false));
        assert!(matches!(tasks.as_slice(), [Task::Correct { .. }, Task::Finish { .. }]), "{tasks:?}");
    }

    #[test]
    fn joining_is_offered_only_to_those_without_membership_or_open_case() {
        assert_eq!(tasks_of(&[], Some(false)), [Task::Join]);
        assert_eq!(tasks_of(&[], Some(true)), []);
        assert_eq!(tasks_of(&[], None), [], "memberships are not known yet");
        assert_eq!(tasks_of(&[case(ApplicationState::InReview, 1)], Some(false)), []);
        assert_eq!(tasks_of(&[case(ApplicationState::Rejected, 1)], Some(false)), [Task::Join]);
    }
}
