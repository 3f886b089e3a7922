//! Help and contact, in the same place on every page (WCAG 3.2.6).

use leptos::prelude::*;

use crate::{routes, tr};

/// Help and contact.
#[component]
pub fn HelpFooter() -> impl IntoView {
    let (title, text, link) =
        (tr!(common.footer_help_title), tr!(common.footer_help_text), tr!(common.footer_help_link));
    let (links, joint_use, terms) = (tr!(common.footer_links), tr!(common.footer_joint_use), tr!(common.footer_terms));
    let site = tr!(common.site_name);
    view! {
        <footer class="ui-footer">
            <div class="ui-width">
                <section aria-labelledby="footer-help">
                    <h2 class="ui-footer__title" id="footer-help">
                        {title}
                    </h2>
                    <p>{text}</p>
                    <p>
                        <a href=routes::help()>{link}</a>
                    </p>
                </section>
                <nav aria-label=links>
                    <ul class="ui-footer__links">
                        <li>
                            <a href=routes::joint_use()>{joint_use}</a>
                        </li>
                        <li>
                            <a href=routes::terms()>{terms}</a>
                        </li>
                    </ul>
                </nav>
                <p class="ui-footer__site">{site}</p>
            </div>
        </footer>
    }
}
