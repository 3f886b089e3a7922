//! All faults of a form, at the top, each leading to its field.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::dom;
use crate::forms::{Form, SUMMARY_ID};
use crate::i18n::use_language;
use crate::tr;

/// All faults of a form, at the top, each leading to its field. Takes the focus when [`Form::show`] is called.
#[component]
pub fn ErrorSummary(
    /// The form.
    form: Form,
) -> impl IntoView {
    let (language, title) = (use_language(), tr!(common.summary_title));
    move || {
        form.has_faults().then(|| {
            let lines = form.summary(language.locale());
            view! {
                <div class="ui-error-summary" id=SUMMARY_ID tabindex="-1" role="alert" aria-labelledby="error-summary-title">
                    <h2 class="ui-error-summary__title" id="error-summary-title">
                        {title}
                    </h2>
                    <ul class="ui-error-summary__list">
                        {lines
                            .into_iter()
                            .map(|line| match line.target {
                                Some(target) => {
                                    let href = format!("#{target}");
                                    let go = move |event: MouseEvent| {
                                        event.prevent_default();
                                        dom::focus(&target);
                                    };
                                    view! {
                                        <li>
                                            <a href=href on:click=go>
                                                {line.text}
                                            </a>
                                        </li>
                                    }
                                        .into_any()
                                }
                                None => view! { <li>{line.text}</li> }.into_any(),
                            })
                            .collect_view()}
                    </ul>
                </div>
            }
        })
    }
}
