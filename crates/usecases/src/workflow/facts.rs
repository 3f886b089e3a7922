use mamis_domain::registry::Directory;
use mamis_domain::workflow::join_new::{DistrictFacts, JoinNewFacts};
use mamis_domain::workflow::training_account::{FacilityFacts, TrainingAccountFacts};
use mamis_domain::workflow::{Attachment, JoinNewDraft, TrainingAccountDraft};
use mamis_kernel::{AssociationId, Tier};
use mamis_persistence::Tx;

use crate::{App, AppError};

/// The associations that a choice of district joins, by tier.
pub(super) fn branch_of(directory: &Directory, district: AssociationId) -> [(Tier, Option<AssociationId>); 3] {
    let prefecture = directory.get(district).and_then(|a| a.parent);
    let nation = prefecture.and_then(|p| directory.get(p)).and_then(|a| a.parent);
    [(Tier::District, Some(district)), (Tier::Prefectural, prefecture), (Tier::National, nation)]
}

/// Gathers what the registry knows about a draft's choices.
pub(super) async fn join_facts(app: &App, tx: &mut Tx, draft: &JoinNewDraft) -> Result<JoinNewFacts, AppError> {
    let directory = app.directory().await?;
    let day = draft.effective_date.unwrap_or_else(|| app.clock.today());
    let municipality_exists = match &draft.workplace.municipality_code {
        Some(code) => tx.municipality_exists(code).await?,
        None => false,
    };
    let facility_exists = match draft.workplace.facility {
        Some(id) => tx.facility_get(id).await?.is_some(),
        None => false,
    };
    let mut facts = JoinNewFacts { municipality_exists, facility_exists, ..JoinNewFacts::default() };
    let Some(district) = draft.district_association.and_then(|id| directory.get(id)) else { return Ok(facts) };
    let branch = branch_of(&directory, district.id);
    for (tier, association) in branch {
        let options = association.map(|id| directory.categories(id, day)).unwrap_or_default();
        facts.options.push((tier, options.into_iter().cloned().collect()));
    }
    let mut codes: Vec<String> = draft.workplace.municipality_code.iter().cloned().collect();
    if let Some(postal_code) = &draft.contact.postal_code {
        let areas = tx.postal_code_get(postal_code).await?;
        codes.extend(areas.into_iter().map(|area| area.municipality_code));
    }
    let areas = tx.areas_of(&codes).await?;
    let serves = |code: &String| areas.iter().any(|(served, by)| served == code && *by == district.id);
    let workplace = usize::from(draft.workplace.municipality_code.is_some());
    facts.district = Some(DistrictFacts {
        id: district.id,
        tier: district.tier,
        kind: district.kind,
        serves_workplace: codes.iter().take(workplace).any(serves),
        serves_contact: codes.iter().skip(workplace).any(serves),
        prefecture: branch[1].1,
        nation: branch[2].1,
    });
    Ok(facts)
}

/// Gathers what the registry knows about the choices of a training account.
pub(super) async fn training_facts(
    app: &App,
    tx: &mut Tx,
    draft: &TrainingAccountDraft,
    attachments: &[Attachment],
) -> Result<TrainingAccountFacts, AppError> {
    /// How many digits of a municipality's code are its prefecture's.
    const PREFECTURE: usize = 2;
    let directory = app.directory().await?;
    let facility = match draft.workplace.facility {
        Some(id) => tx.facility_get(id).await?,
        None => None,
    };
    let facility = facility.map(|found| FacilityFacts { municipality_code: found.municipality_code });
    let prefecture = match draft.workplace.municipality_code.as_deref() {
        Some(code) if tx.municipality_exists(code).await? => {
            code.get(..PREFECTURE).and_then(|code| directory.prefectural(code))
        }
        Some(_) | None => None,
    };
    let attached = attachments.iter().map(|attachment| attachment.purpose).collect();
    Ok(TrainingAccountFacts { prefecture, facility, attached })
}
