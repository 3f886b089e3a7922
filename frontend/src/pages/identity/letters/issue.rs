//! Who has no account in use, and letters to one, some or all of them.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{IssueLetters, NotRegisteredQuery, NotRegisteredView, SearchNotRegistered};
use mamis_contract::page::{MAX_LIMIT, PageQuery};
use mamis_kernel::{AssociationId, PersonId};

use crate::api::{Api, Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, Checkbox, ConfirmDialog, FailureBanner, TextField};
use crate::forms::{Form, given};
use crate::i18n::{Locale, in_language, use_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{dom, format, say, tr};

/// The most letters of one batch; the next batch goes on.
const MOST: usize = 5_000;

/// To whom letters are about to be issued.
#[derive(Clone)]
enum To {
    One(PersonId, String),
    Chosen(Vec<PersonId>),
    All(NotRegisteredQuery, usize),
}

impl To {
    fn command(self, association_id: AssociationId) -> IssueLetters {
        let (person_ids, not_registered) = match self {
            Self::One(person, _) => (Some(vec![person]), None),
            Self::Chosen(persons) => (Some(persons), None),
            Self::All(query, _) => (None, Some(query)),
        };
        IssueLetters { association_id, purpose: None, person_ids, not_registered }
    }

    fn question(&self, locale: Locale) -> String {
        match self {
            Self::One(_, name) => say!(locale, letters.ask_one, name = name.clone()),
            Self::Chosen(persons) => say!(locale, letters.ask_count, count = persons.len()),
            Self::All(_, count) if *count >= MOST => say!(locale, letters.ask_most, count = *count),
            Self::All(_, count) => say!(locale, letters.ask_count, count = *count),
        }
    }
}

fn search(association_id: AssociationId, query: NotRegisteredQuery, page: PageQuery) -> SearchNotRegistered {
    let NotRegisteredQuery { kana_prefix, without_open_letter } = query;
    let PageQuery { cursor, limit } = page;
    SearchNotRegistered { association_id, kana_prefix, without_open_letter, cursor, limit }
}

/// How many match; counting ends with the largest batch.
async fn count(api: Api, association: AssociationId, query: NotRegisteredQuery) -> Result<usize, Failure> {
    let (mut counted, mut cursor) = (0, None);
    loop {
        let page = PageQuery { cursor, limit: Some(MAX_LIMIT) };
        let found = api.not_registered(search(association, query.clone(), page)).await?;
        counted += found.items.len();
        cursor = found.next_cursor;
        if cursor.is_none() || counted >= MOST {
            return Ok(counted.min(MOST));
        }
    }
}

/// Who has no account in use, and issuing letters.
#[component]
pub(super) fn Issue(association: AssociationId, on_issued: Callback<()>) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (kana, without_letter) = (RwSignal::new(String::new()), RwSignal::new(true));
    let asked = move || NotRegisteredQuery {
        kana_prefix: given(&kana.get_untracked()),
        without_open_letter: without_letter.get_untracked(),
    };
    let query = RwSignal::new(asked());
    let chosen = RwSignal::new(Vec::<PersonId>::new());
    let (to, asking) = (RwSignal::new(None::<To>), RwSignal::new(false));
    let (failure, intent) = (RwSignal::new(None::<Failure>), Intent::new());
    let ask = Callback::new(move |whom: To| {
        intent.change_of_mind();
        failure.set(None);
        to.set(Some(whom));
        asking.set(true);
    });
    let count_all = Action::new_local(move |(): &()| async move {
        let query = query.get_untracked();
        let counted = count(api, association, query.clone()).await;
        if failure.is_disposed() {
            return;
        }
        match counted {
            Ok(0) => toasts.show(say!(language.locale_now(), letters.nobody)),
            Ok(count) => ask.run(To::All(query, count)),
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let issue = Action::new_local(move |whom: &To| {
        let command = whom.clone().command(association);
        async move {
            let result = api.issue_letters(&command, &intent.key()).await;
            intent.settle(&result);
            if failure.is_disposed() {
                return;
            }
            asking.set(false);
            match result {
                Ok(batch) => {
                    toasts.show(say!(language.locale_now(), letters.issued, count = batch.letters));
                    // The question gives the focus back to a button that is about to go.
                    request_animation_frame(move || {
                        on_issued.run(());
                        request_animation_frame(|| dom::focus("tab-log"));
                    });
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        chosen.set(Vec::new());
        query.set(asked());
    };
    let question =
        in_language(move |locale| to.with(|to| to.as_ref().map(|to| to.question(locale))).unwrap_or_default());
    let some = move |()| ask.run(To::Chosen(chosen.get_untracked()));
    view! {
        <p>{tr!(letters.lead)}</p>
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer="/kana_prefix"
                label=tr!(letters.kana)
                hint=tr!(letters.kana_hint)
                value=kana
                width=12
            />
            <Checkbox form pointer="/without_open_letter" label=tr!(letters.without_letter) value=without_letter />
            <div class="ui-actions">
                <Button submit=true>{tr!(letters.find)}</Button>
            </div>
        </form>
        <FailureBanner failure />
        <div class="ui-actions">
            {move || {
                let count = chosen.with(Vec::len);
                (count > 0)
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Primary on_press=Callback::new(some)>
                                {tr!(letters.issue_chosen, count = count)}
                            </Button>
                        }
                    })
            }}
            <Button
                pending=count_all.pending()
                on_press=Callback::new(move |()| {
                    count_all.dispatch(());
                })
            >
                {tr!(letters.issue_all)}
            </Button>
        </div>
        {paged(
            move |page| api.not_registered(search(association, query.get(), page)),
            tr!(letters.none),
            move |person| view! { <Entry person chosen ask /> }.into_any(),
        )}
        <ConfirmDialog
            open=asking
            title=tr!(letters.ask_title)
            confirm=tr!(letters.ask_confirm)
            pending=issue.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(whom) = to.get_untracked() {
                    issue.dispatch(whom);
                }
            })
        >
            <p>{question}</p>
            <p>{tr!(letters.ask_void)}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Entry(person: NotRegisteredView, chosen: RwSignal<Vec<PersonId>>, ask: Callback<To>) -> impl IntoView {
    let NotRegisteredView { person_id, display_name, name_kana, issue_number, issued_at, expires_at } = person;
    let control = format!("choose-{person_id}");
    let letter = in_language(move |locale| match (issue_number, issued_at, expires_at) {
        (Some(number), Some(issued), Some(until)) => {
            let (issued, until) = (dom::tokyo_day(issued), dom::tokyo_day(until));
            let (issued, until) = (format::date_short(locale, issued), format::date_short(locale, until));
            say!(locale, letters.latest, number = number, issued = issued, until = until)
        }
        _ => say!(locale, letters.no_letter),
    });
    let tick = move |event| {
        let ticked = event_target_checked(&event);
        chosen.update(|chosen| {
            chosen.retain(|id| *id != person_id);
            if ticked {
                chosen.push(person_id);
            }
        });
    };
    let name = StoredValue::new(display_name.clone());
    view! {
        <li class="ui-card">
            <div class="ui-choice">
                <input
                    class="ui-choice__control"
                    type="checkbox"
                    id=control.clone()
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&person_id))
                    on:change=tick
                />
                <label class="ui-choice__text" for=control>
                    <strong>{display_name}</strong>
                    <span class="ui-choice__hint">"（" {name_kana} "）"</span>
                </label>
            </div>
            <div class="ui-actions">
                <span>{letter}</span>
                <Button on_press=Callback::new(move |()| ask.run(To::One(person_id, name.get_value())))>
                    {tr!(letters.issue_one)}
                </Button>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_named_or_all_who_match_are_meant_never_both() {
        let association: AssociationId = "ast_01900000000070008000000000000001".parse().unwrap();
        let person: PersonId = "per_01900000000070008000000000000001".parse().unwrap();
        let one = To::One(person, String::new()).command(association);
        assert_eq!((one.person_ids, one.not_registered), (Some(vec![person]), None));
        let all = To::All(NotRegisteredQuery::default(), 3).command(association);
        assert_eq!((all.person_ids, all.not_registered), (None, Some(NotRegisteredQuery::default())));
    }
}
