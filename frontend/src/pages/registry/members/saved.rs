//! Lists that are kept: keeping this one, opening another, throwing one away.

use leptos::prelude::*;
use mamis_contract::registry::{SaveList, SavedListView};
use mamis_kernel::{Role, SavedListId};

use super::list_page::Shown;
use super::table::Columns;
use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, Checkbox, ConfirmDialog, ErrorSummary, FailureBanner, TextField};
use crate::forms::Form;
use crate::i18n::{in_language, use_language};
use crate::pages::desk::own_associations;
use crate::state::use_toasts;
use crate::{routes, say, tr};

/// Asks for a name and keeps what is shown: filters, order and columns.
#[component]
pub(super) fn SaveAs(
    open: RwSignal<bool>,
    shown: Shown,
    columns: Columns,
    #[prop(into)] on_saved: Callback<()>,
) -> impl IntoView {
    let (api, form, toasts, language, intent) = (use_api(), Form::new(), use_toasts(), use_language(), Intent::new());
    let failure = RwSignal::new(None::<Failure>);
    let (name, shared) = (RwSignal::new(String::new()), RwSignal::new(false));
    let save = Action::new_local(move |(): &()| async move {
        failure.set(None);
        form.clear();
        let question = untrack(|| shown.question());
        let shared_now = shared.get_untracked();
        let mut filter = question.filter;
        if shared_now {
            // What was typed may be somebody's name (LIST-1).
            filter.text = None;
        }
        let command = SaveList {
            association_id: question.association_id,
            name: name.get_untracked().trim().to_owned(),
            shared: shared_now,
            filter,
            sort: shown.query.with_untracked(|query| query.sort),
            columns: columns.codes(),
        };
        let saved = api.save_list(&command, &intent.key()).await;
        if failure.is_disposed() {
            return;
        }
        intent.settle(&saved);
        match saved {
            Ok(list) => {
                open.set(false);
                name.set(String::new());
                toasts.show(say!(language.locale_now(), files.list_saved, name = list.name));
                on_saved.run(());
            }
            Err(refused) => form.refuse(refused, failure),
        }
    });
    Effect::new(move |_| {
        if open.get() {
            failure.set(None);
            form.clear();
            intent.change_of_mind();
        }
    });
    let may_share = move || own_associations(Role::Operator).contains(&shown.association.get());
    view! {
        <ConfirmDialog
            open
            title=tr!(files.save_list_title)
            confirm=tr!(files.save_list_confirm)
            pending=save.pending()
            on_confirm=Callback::new(move |()| {
                save.dispatch(());
            })
        >
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <p>{tr!(files.save_list_text)}</p>
                            <ErrorSummary form />
                            <FailureBanner failure />
                            <TextField form pointer="/name" label=tr!(files.list_name) value=name required=true />
                            {may_share()
                                .then(|| {
                                    view! {
                                        <Checkbox
                                            form
                                            pointer="/shared"
                                            label=tr!(files.list_share)
                                            hint=tr!(files.list_share_hint)
                                            value=shared
                                        />
                                    }
                                })}
                        }
                    })
            }}
        </ConfirmDialog>
    }
}

/// The lists that were kept, and the one that the address names.
#[component]
pub(super) fn SavedLists(
    shown: Shown,
    columns: Columns,
    /// Grows when one was kept.
    changed: RwSignal<u32>,
) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let failure = RwSignal::new(None::<Failure>);
    let request = Memo::new(move |_| (shown.association.with(|association| association.id), changed.get()));
    let lists = LocalResource::new(move || {
        let (association, _) = request.get();
        async move { api.saved_lists(association).await }
    });
    let named = Memo::new(move |_| shown.query.with(|query| query.list));
    // A list's own address has nothing but its id; what it stands for takes its place.
    let settled = StoredValue::new(None::<SavedListId>);
    let opened = LocalResource::new(move || {
        let id = named.get();
        async move {
            match id {
                Some(id) => Some(api.saved_list(id).await),
                None => None,
            }
        }
    });
    Effect::new(move |_| match opened.get() {
        Some(Some(Ok(list))) if named.get_untracked() == Some(list.id) => {
            if settled.get_value() != Some(list.id) {
                settled.set_value(Some(list.id));
                columns.become_those_of(&list.columns);
                shown.settle(&list);
            }
        }
        Some(Some(Err(refused))) => failure.set(Some(refused)),
        Some(Some(Ok(_)) | None) | None => settled.set_value(named.get_untracked().and(settled.get_value())),
    });
    let remove = Action::new_local(move |list: &(SavedListId, String)| {
        let (id, name) = list.clone();
        async move {
            let removed = api.remove_saved_list(id).await;
            if failure.is_disposed() {
                return;
            }
            match removed {
                Ok(()) => {
                    failure.set(None);
                    toasts.show(say!(language.locale_now(), files.list_removed, name = name));
                    changed.update(|count| *count += 1);
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let on_remove = Callback::new(move |list: (SavedListId, String)| {
        remove.dispatch(list);
    });
    let entries = move || {
        let items = lists.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        (!items.is_empty()).then(|| {
            view! {
                <details class="ui-details ui-no-print wf-column-choice">
                    <summary>{tr!(files.lists_title)}</summary>
                    <ul class="ui-list">
                        {items.into_iter().map(|list| view! { <Entry list named on_remove /> }).collect_view()}
                    </ul>
                </details>
            }
        })
    };
    view! {
        <FailureBanner failure />
        {entries}
    }
}

#[component]
fn Entry(
    list: SavedListView,
    named: Memo<Option<SavedListId>>,
    on_remove: Callback<(SavedListId, String)>,
) -> impl IntoView {
    let (language, id, label) = (use_language(), list.id, list.name.clone());
    let remove_label = move || say!(language.locale(), files.list_remove_named, name = label.clone());
    let owner = list.owner_name;
    let whose = in_language(move |locale| match list.shared {
        true => say!(locale, files.list_shared_by, name = owner.clone()),
        false => say!(locale, files.list_private),
    });
    let removed = list.name.clone();
    view! {
        <li>
            <a href=routes::saved_list(id) aria-current=move || (named.get() == Some(id)).then_some("true")>
                {list.name}
            </a>
            " "
            <span class="ui-soft">{whose}</span>
            " "
            {list
                .may_remove
                .then(|| {
                    view! {
                        <Button
                            kind=ButtonKind::Quiet
                            on_press=Callback::new(move |()| on_remove.run((id, removed.clone())))
                        >
                            {remove_label}
                        </Button>
                    }
                })}
        </li>
    }
}
