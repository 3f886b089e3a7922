use mamis_contract::identity::{
    AccountView, CapabilityView, FactorsView, PasskeyChallengeView, PasskeyView, QrView, RecordAccessView,
    SecondStepView, SessionListItem, TermsListItem, TotpSetupView,
};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Capability, Place, TermsVersion};
use mamis_domain::registry::Directory;
use mamis_kernel::{AccessKind, SessionId};
use mamis_persistence::audit::RecordAccess;
use mamis_persistence::identity::{AccountState, Factors, Passkey, Session};
use mamis_usecases::identity::{AccountFacts, PasskeyChallenge, SecondStep, TotpSetup};
use mamis_usecases::registry;

use crate::registry::wire::{association_ref, person_ref};

/// Who is signed in.
pub fn account_view(facts: AccountFacts, directory: &Directory) -> AccountView {
    let capability = |capability: Capability| CapabilityView {
        role: capability.role,
        association: capability.association().and_then(|id| association_ref(directory, id)),
        organisation_id: capability.place.and_then(Place::organisation),
    };
    AccountView {
        id: facts.account.id,
        login_id: facts.account.login_id,
        display_name: facts.account.display_name,
        class: facts.account.class,
        email: facts.account.email,
        person: facts.person.map(person_ref),
        assurance: facts.assurance,
        capabilities: facts.capabilities.into_iter().map(capability).collect(),
        provisional: facts.account.state == AccountState::Provisional,
        held_back: facts.held_back.into_iter().map(capability).collect(),
        terms_to_accept: facts.terms.to_accept.map(|terms| terms.version),
        terms_coming: facts.terms.coming.map(terms_list_item),
        acting: None,
    }
}

/// A version of the terms of use.
pub fn terms_list_item(terms: TermsVersion) -> TermsListItem {
    let TermsVersion { version, announced_on, effective_from } = terms;
    TermsListItem { version, announced_on, effective_from }
}

/// The second step of a log-in.
pub fn second_step_view(step: SecondStep) -> SecondStepView {
    SecondStepView { challenge: step.challenge, factors: step.factors, expires_at: step.expires_at }
}

/// What one can show beside the password.
pub fn factors_view(factors: Factors, passkeys: Vec<Passkey>) -> FactorsView {
    let passkey = |passkey: Passkey| PasskeyView {
        id: passkey.id,
        label: passkey.label,
        added_at: passkey.added_at,
        last_used_at: passkey.last_used_at,
    };
    FactorsView {
        totp_since: factors.totp_since,
        passkeys: passkeys.into_iter().map(passkey).collect(),
        recovery_codes_left: factors.recovery_codes,
    }
}

/// What one's device is asked to sign.
pub fn passkey_challenge_view(asked: PasskeyChallenge) -> PasskeyChallengeView {
    PasskeyChallengeView { challenge: asked.challenge, options: asked.options, expires_at: asked.expires_at }
}

/// An authenticator app that is being set up.
pub fn totp_setup_view(setup: TotpSetup) -> TotpSetupView {
    let qr = QrView { size: u32::try_from(setup.qr.size).unwrap_or(u32::MAX), path: setup.qr.path };
    TotpSetupView { secret: setup.secret, uri: setup.uri, qr, expires_at: setup.expires_at }
}

/// One of one's own log-ins.
pub fn session_list_item(session: Session, current: SessionId) -> SessionListItem {
    SessionListItem {
        id: session.id,
        is_current: session.id == current,
        browser: session.device.browser,
        system: session.device.system,
        address: session.address,
        started_at: session.started_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        ended_at: session.ended.map(|(at, _)| at),
        end_reason: session.ended.map(|(_, reason)| reason),
    }
}

/// Somebody else's look at one's own record.
pub fn record_access(access: RecordAccess, directory: &Directory) -> RecordAccessView {
    RecordAccessView {
        at: access.at,
        kind: match access.outcome {
            _ if access.action == registry::REVEALED => AccessKind::Revealed,
            AuditOutcome::Seen => AccessKind::Viewed,
            AuditOutcome::Done | AuditOutcome::Denied => AccessKind::Changed,
        },
        action: access.action,
        by: access.by,
        association: access.association.and_then(|id| association_ref(directory, id)),
        acting: access.acting,
    }
}
