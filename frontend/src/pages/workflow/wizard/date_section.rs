//! From which day.

use chrono::{Datelike, Months, NaiveDate};
use leptos::prelude::*;

use super::Fields;
use crate::components::{Button, ButtonKind, DateField};
use crate::format;
use crate::forms::{DateParts, Form};
use crate::i18n::{in_language, use_language};
use crate::pages::workflow::sections::Field;
use crate::{dom, say, tr};

/// From which day.
#[component]
pub(super) fn DateSection(form: Form, fields: Fields) -> impl IntoView {
    let language = use_language();
    let group = tr!(workflow.date_common);
    let buttons = common_days(dom::today()).into_iter().map(|day| {
        let words = in_language(move |locale| format::date_short(locale, day));
        let fill = move |()| fields.effective_date.set(DateParts::of(day));
        view! {
            <Button kind=ButtonKind::Quiet on_press=Callback::new(fill)>
                {move || say!(language.locale(), workflow.date_use, date = words.get())}
            </Button>
        }
    });
    view! {
        <p class="wf-lead">{tr!(workflow.date_lead)}</p>
        <DateField
            form
            pointer=Field::EffectiveDate.pointer()
            legend=Field::EffectiveDate.text()
            value=fields.effective_date
            required=true
        />
        <div class="wf-days" role="group" aria-label=move || group.get()>
            {buttons.collect_view()}
        </div>
    }
}

/// Days many people wish for: the first of the next month, and the first of April that comes.
fn common_days(today: NaiveDate) -> Vec<NaiveDate> {
    let next_month = today.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
    let april = |year: i32| NaiveDate::from_ymd_opt(year, 4, 1);
    let next_april = april(today.year()).filter(|day| *day > today).or_else(|| april(today.year() + 1));
    let mut days: Vec<NaiveDate> = [next_month, next_april].into_iter().flatten().collect();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_days_offered_lie_ahead() {
        assert_eq!(common_days(day("2026-11-23")), [day("2026-12-01"), day("2027-04-01")]);
        assert_eq!(common_days(day("2026-12-31")), [day("2027-01-01"), day("2027-04-01")]);
        assert_eq!(common_days(day("2027-03-10")), [day("2027-04-01")]);
        assert_eq!(common_days(day("2027-04-01")), [day("2027-05-01"), day("2028-04-01")]);
    }
}
