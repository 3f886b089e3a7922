//! Prefecture and municipality: filled in by the postal code, chosen by hand where it is unknown.

use leptos::prelude::*;

use crate::api::use_api;
use crate::components::{Choice, FailureNote, SelectField};
use crate::forms::Form;
use crate::i18n::in_language;
use crate::pages::workflow::prefectures;
use crate::pages::workflow::sections::{Field, field};
use crate::tr;

/// Prefecture and municipality.
#[component]
pub(super) fn MunicipalityFields(
    form: Form,
    /// Its code, JIS X 0402.
    municipality: RwSignal<String>,
) -> impl IntoView {
    let api = use_api();
    let chosen_prefecture = RwSignal::new(String::new());
    // A known municipality tells its prefecture; until there is one, the list does.
    let prefecture = Memo::new(move |_| {
        let known = municipality.with(|code| prefectures::of_municipality(code).map(str::to_owned));
        known.unwrap_or_else(|| chosen_prefecture.get())
    });
    let shown_prefecture = RwSignal::new(prefecture.get_untracked());
    Effect::new(move |_| shown_prefecture.set(prefecture.get()));
    let list = LocalResource::new(move || {
        let code = prefecture.get();
        async move {
            match code.as_str() {
                "" => Ok(Vec::new()),
                code => api.municipalities(code).await.map(|page| page.items),
            }
        }
    });
    let prefecture_choices = Signal::derive(|| {
        let choice = |code: &'static str| {
            Choice::new(code, in_language(move |locale| prefectures::name(locale, code).to_owned()))
        };
        prefectures::codes().map(choice).collect::<Vec<_>>()
    });
    let choices = Signal::derive(move || {
        let items = list.get().and_then(Result::ok).unwrap_or_default();
        items.into_iter().map(|place| Choice::new(place.code, Signal::stored(place.name))).collect::<Vec<_>>()
    });
    let failed = move || list.get().and_then(Result::err);
    view! {
        <div on:change=move |_| {
            let code = shown_prefecture.get_untracked();
            if prefecture.get_untracked() != code {
                municipality.set(String::new());
                chosen_prefecture.set(code);
            }
        }>
            <SelectField
                form
                pointer=field("/workplace/prefecture")
                label=tr!(workflow.prefecture)
                value=shown_prefecture
                choices=prefecture_choices
                required=true
            />
        </div>
        <SelectField
            form
            pointer=Field::Municipality.pointer()
            label=Field::Municipality.text()
            hint=tr!(workflow.municipality_hint)
            value=municipality
            choices
            required=true
        />
        {move || failed().map(|failure| view! { <FailureNote failure retry=Callback::new(move |()| list.refetch()) /> })}
    }
}
