//! The shell around every page, and which page an address shows.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::{HelpFooter, SignedIn, SiteHeader, ToastRegion};
use crate::i18n::Language;
use crate::pages::NotFoundPage;
use crate::pages::identity::{
    AccountPage, AccountsPage, ActingBanner, ActingOver, AssistantInvitationPage, ClerksPage, EnrolPage, HeldPage,
    HomePage, InvitationPage, LettersPage, LogInAgain, LogInPage, RecoverPage, RegisterPage, SecondFactorPage,
    TermsAgain, TermsGate, TermsPage,
};
use crate::pages::notices::{JointUsePage, SiteNotices};
use crate::pages::registry::{
    ComparePage, ContactPage, DuplicatesPage, EditPersonPage, ExportsPage, HelpPage, ImportPage, LeftMembers,
    MemberHistoryPage, MemberPage, MembersPage, MyHistoryPage, MyPage, WorkplacePage,
};
use crate::pages::workflow::{
    CasePage, CheckPage, EditPage, Kept, NewApplicationPage, TrainingFormPage, TrainingPage, WorkCasePage, WorkListPage,
};
use crate::state::{PageHead, Session, Toasts};
use crate::{dom, tr};

const MAIN_ID: &str = "main";

/// The application.
#[component]
pub fn App() -> impl IntoView {
    Language::provide();
    PageHead::provide();
    Toasts::provide();
    Kept::provide();
    LeftMembers::provide();
    Session::provide();
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        dom::focus(MAIN_ID);
    };
    view! {
        <Router>
            <a class="ui-skip" href=format!("#{MAIN_ID}") on:click=skip>
                {tr!(common.skip_to_main)}
            </a>
            <SiteHeader />
            <SiteNotices />
            <ActingBanner />
            <main class="ui-main ui-width" id=MAIN_ID tabindex="-1">
                <Routes fallback=|| view! { <NotFoundPage /> }>
                    <Route path=path!("/") view=HomePage />
                    <Route path=path!("/login") view=LogInPage />
                    <Route path=path!("/my") view=|| signed_in(|| view! { <MyPage /> }.into_any()) />
                    <Route
                        path=path!("/applications/new")
                        view=|| signed_in(|| view! { <NewApplicationPage /> }.into_any())
                    />
                    <Route
                        path=path!("/applications/:id/edit/:section")
                        view=|| signed_in(|| view! { <EditPage /> }.into_any())
                    />
                    <Route
                        path=path!("/applications/:id/check")
                        view=|| signed_in(|| view! { <CheckPage /> }.into_any())
                    />
                    <Route path=path!("/applications/:id") view=|| signed_in(|| view! { <CasePage /> }.into_any()) />
                    <Route path=path!("/enrol") view=EnrolPage />
                    <Route path=path!("/recover") view=RecoverPage />
                    <Route path=path!("/register") view=RegisterPage />
                    <Route path=path!("/training") view=|| signed_in(|| view! { <TrainingPage /> }.into_any()) />
                    <Route
                        path=path!("/training/:id")
                        view=|| signed_in(|| view! { <TrainingFormPage /> }.into_any())
                    />
                    <Route path=path!("/work") view=|| signed_in(|| view! { <WorkListPage /> }.into_any()) />
                    <Route path=path!("/work/clerks") view=|| signed_in(|| view! { <ClerksPage /> }.into_any()) />
                    <Route path=path!("/work/accounts") view=|| signed_in(|| view! { <AccountsPage /> }.into_any()) />
                    <Route path=path!("/work/letters") view=|| signed_in(|| view! { <LettersPage /> }.into_any()) />
                    <Route path=path!("/work/duplicates") view=|| signed_in(|| view! { <DuplicatesPage /> }.into_any()) />
                    <Route path=path!("/work/duplicates/compare") view=|| signed_in(|| view! { <ComparePage /> }.into_any()) />
                    <Route path=path!("/work/exports") view=|| signed_in(|| view! { <ExportsPage /> }.into_any()) />
                    <Route
                        path=path!("/work/members/import")
                        view=|| signed_in(|| view! { <ImportPage /> }.into_any())
                    />
                    <Route path=path!("/work/members") view=|| signed_in(|| view! { <MembersPage /> }.into_any()) />
                    <Route path=path!("/work/members/:id") view=|| signed_in(|| view! { <MemberPage /> }.into_any()) />
                    <Route
                        path=path!("/work/members/:id/edit")
                        view=|| signed_in(|| view! { <EditPersonPage /> }.into_any())
                    />
                    <Route
                        path=path!("/work/members/:id/work/:part")
                        view=|| signed_in(|| view! { <WorkplacePage /> }.into_any())
                    />
                    <Route
                        path=path!("/work/members/:id/contact/:part")
                        view=|| signed_in(|| view! { <ContactPage /> }.into_any())
                    />
                    <Route
                        path=path!("/work/members/:id/history")
                        view=|| signed_in(|| view! { <MemberHistoryPage /> }.into_any())
                    />
                    <Route path=path!("/my/history") view=|| signed_in(|| view! { <MyHistoryPage /> }.into_any()) />
                    <Route path=path!("/invitation") view=InvitationPage />
                    <Route path=path!("/work/:id") view=|| signed_in(|| view! { <WorkCasePage /> }.into_any()) />
                    <Route path=path!("/account") view=|| signed_in(|| view! { <AccountPage /> }.into_any()) />
                    <Route
                        path=path!("/account/second-factor")
                        view=|| signed_in(|| view! { <SecondFactorPage /> }.into_any())
                    />
                    <Route path=path!("/assistant-invitation") view=AssistantInvitationPage />
                    <Route path=path!("/physicians") view=|| signed_in(|| view! { <HeldPage /> }.into_any()) />
                    <Route path=path!("/help") view=HelpPage />
                    <Route path=path!("/terms") view=TermsPage />
                    <Route path=path!("/terms/:version") view=TermsPage />
                    <Route path=path!("/joint-use") view=JointUsePage />
                </Routes>
            </main>
            <HelpFooter />
            <ToastRegion />
            <TermsAgain />
            <LogInAgain />
            <ActingOver />
        </Router>
    }
}

fn signed_in(page: fn() -> AnyView) -> AnyView {
    view! {
        <SignedIn>
            <TermsGate page />
        </SignedIn>
    }
    .into_any()
}
