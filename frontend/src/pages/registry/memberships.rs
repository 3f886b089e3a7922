//! Memberships, by tier.

use leptos::prelude::*;
use mamis_contract::registry::MembershipView;
use mamis_kernel::MembershipState;

use crate::components::{Empty, TableFrame};
use crate::i18n::codes::Label;
use crate::i18n::{Text, in_language};
use crate::{format, tr};

/// Memberships in force and to come; those that ended are folded away below.
#[component]
pub(in crate::pages) fn Memberships(
    list: Vec<MembershipView>,
    /// What to say when there is none.
    #[prop(optional, into)]
    none: Option<Text>,
) -> impl IntoView {
    let none = none.unwrap_or_else(|| tr!(registry.memberships_none));
    let (past, present) = divided(list);
    let count = past.len();
    view! {
        {if present.is_empty() {
            view! { <Empty text=none /> }.into_any()
        } else {
            table(tr!(registry.memberships_caption), present)
        }}
        {(count > 0)
            .then(|| {
                view! {
                    <details class="ui-details">
                        <summary>{tr!(registry.memberships_past, count = count)}</summary>
                        {table(tr!(registry.memberships_past_caption), past)}
                    </details>
                }
            })}
    }
}

/// Ended ones, and the others; both by tier from the district up, latest first.
fn divided(mut list: Vec<MembershipView>) -> (Vec<MembershipView>, Vec<MembershipView>) {
    list.sort_by(|a, b| a.association.tier.cmp(&b.association.tier).then(b.valid_from.cmp(&a.valid_from)));
    list.into_iter().partition(|membership| membership.state == MembershipState::Ended)
}

fn table(caption: Text, rows: Vec<MembershipView>) -> AnyView {
    view! {
        <TableFrame caption stacked=true caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{tr!(registry.column_association)}</th>
                    <th scope="col">{tr!(registry.column_category)}</th>
                    <th scope="col">{tr!(registry.column_from)}</th>
                    <th scope="col">{tr!(registry.column_until)}</th>
                    <th scope="col">{tr!(registry.column_state)}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn row(membership: MembershipView) -> AnyView {
    let MembershipView { association, category, valid_from, last_day, state, end_reason, .. } = membership;
    let from = in_language(move |locale| format::date(locale, valid_from));
    let until = last_day.map(|day| in_language(move |locale| format::date(locale, day)));
    let badge = match state {
        MembershipState::Current => "ui-badge ui-badge--good",
        MembershipState::Future => "ui-badge ui-badge--key",
        MembershipState::Ended => "ui-badge",
    };
    let (category_name, from_name) = (tr!(registry.column_category), tr!(registry.column_from));
    let (until_name, state_name) = (tr!(registry.column_until), tr!(registry.column_state));
    let open = tr!(registry.until_open_text);
    view! {
        <tr>
            <th scope="row">
                {association.name} <span class="ui-soft ui-block">{association.tier.text()}</span>
            </th>
            <td data-label=category_name>{category.map(|category| category.label).unwrap_or_else(|| "―".to_owned())}</td>
            <td data-label=from_name>{from}</td>
            <td data-label=until_name>{move || until.map_or_else(|| open.get(), |until| until.get())}</td>
            <td data-label=state_name>
                <span class=badge>{state.text()}</span>
                {end_reason.map(|reason| view! { <span class="ui-soft ui-block">{reason.text()}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use mamis_kernel::{MembershipState, Tier};

    use super::*;

    fn membership(tier: Tier, from: &str, state: MembershipState) -> MembershipView {
        serde_json::from_value(serde_json::json!({
            "id": "mem_01900000000070008000000000000001",
            "association": {
                "id": "ast_01900000000070008000000000000001", "code": "25001", "name": "大津市医師会", "tier": tier
            },
            "valid_from": from, "state": state, "known_from": "2026-04-01T00:00:00Z"
        }))
        .unwrap()
    }

    #[test]
    fn the_district_comes_first_and_the_past_apart() {
        let list = vec![
            membership(Tier::National, "2020-04-01", MembershipState::Current),
            membership(Tier::District, "2010-04-01", MembershipState::Ended),
            membership(Tier::District, "2020-04-01", MembershipState::Current),
            membership(Tier::District, "2027-04-01", MembershipState::Future),
        ];
        let (past, present) = divided(list);
        let tiers: Vec<_> = present.iter().map(|m| (m.association.tier, m.valid_from.to_string())).collect();
        assert_eq!(
            tiers,
            [
                (Tier::District, "2027-04-01".to_owned()),
                (Tier::District, "2020-04-01".to_owned()),
                (Tier::National, "2020-04-01".to_owned())
            ]
        );
        assert_eq!(past.len(), 1);
    }
}
