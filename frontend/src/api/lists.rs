//! Lists as files and back: exports, kept lists, changes by a file.

use gloo_net::http::Method;
use mamis_contract::page::{Page, PageQuery};
use mamis_contract::registry::{
    CreateExport, ExportView, ImportRowView, MemberImportView, SaveList, SavedListView, UnwritableCellView,
};
use mamis_kernel::{AssociationId, ExportId, ImportOutcome, MemberImportId, SavedListId};
use web_sys::{File, FormData};

use super::files::{Fetched, upload};
use super::transport::Call;
use super::{Api, Failure, IdempotencyKey};

impl Api {
    /// Asks for a list as a file.
    ///
    /// # Errors
    /// `invalid_fields`, `forbidden`, or any other [`Failure`].
    pub async fn create_export(self, command: &CreateExport, key: &IdempotencyKey) -> Result<ExportView, Failure> {
        self.json(Call::post("/exports").body(command)?.key(key)).await
    }

    /// The files one asked for, newest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn exports(self, page: PageQuery) -> Result<Page<ExportView>, Failure> {
        self.json(Call::get("/exports").query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Where a file stands.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn export(self, id: ExportId) -> Result<ExportView, Failure> {
        self.json(Call::get(format!("/exports/{id}"))).await
    }

    /// Takes a file back.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn cancel_export(self, id: ExportId) -> Result<ExportView, Failure> {
        self.json(Call::post(format!("/exports/{id}/cancel"))).await
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn export_file(self, id: ExportId) -> Result<Fetched, Failure> {
        self.fetch(Method::GET, &format!("/exports/{id}/file"), None).await
    }

    /// What a file could not hold.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn unwritable_cells(self, id: ExportId, page: PageQuery) -> Result<Page<UnwritableCellView>, Failure> {
        let call = Call::get(format!("/exports/{id}/unwritable"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// The kept lists one sees.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn saved_lists(self, association: AssociationId) -> Result<Page<SavedListView>, Failure> {
        self.json(Call::get("/saved-lists").query("association_id", Some(association)).query("limit", Some(200))).await
    }

    /// A kept list.
    ///
    /// # Errors
    /// `not_found`, or any other [`Failure`].
    pub async fn saved_list(self, id: SavedListId) -> Result<SavedListView, Failure> {
        self.json(Call::get(format!("/saved-lists/{id}"))).await
    }

    /// Keeps a list.
    ///
    /// # Errors
    /// `invalid_fields`, `forbidden`, or any other [`Failure`].
    pub async fn save_list(self, command: &SaveList, key: &IdempotencyKey) -> Result<SavedListView, Failure> {
        self.json(Call::post("/saved-lists").body(command)?.key(key)).await
    }

    /// Throws a kept list away, as it is now.
    ///
    /// # Errors
    /// `stale_version`, or any other [`Failure`].
    pub async fn remove_saved_list(self, id: SavedListId) -> Result<(), Failure> {
        let path = format!("/saved-lists/{id}");
        let now = self.versioned::<SavedListView>(Call::get(path.clone())).await?;
        self.send(Call::delete(path).if_match(&now.etag)).await.map(|_| ())
    }

    /// Has a file with changes looked through.
    ///
    /// # Errors
    /// `invalid_fields`, `body_too_large`, or any other [`Failure`].
    pub async fn check_member_import(
        self,
        association: AssociationId,
        file: &File,
        key: &IdempotencyKey,
        progress: impl Fn(f64) + 'static,
    ) -> Result<MemberImportView, Failure> {
        let token = self.session.fresh_token().await?;
        let form = FormData::new().map_err(|_| Failure::Unreadable)?;
        form.append_with_str("association_id", &association.to_string()).map_err(|_| Failure::Unreadable)?;
        form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| Failure::Unreadable)?;
        upload("/member-imports", (&token, Some(key)), &form, progress).await
    }

    /// A workbook with the headings that are understood.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn import_template(self) -> Result<Fetched, Failure> {
        self.fetch(Method::GET, "/member-import-template", None).await
    }

    /// The files with changes of an association, newest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn member_imports(
        self,
        association: AssociationId,
        page: PageQuery,
    ) -> Result<Page<MemberImportView>, Failure> {
        let call = Call::get("/member-imports").query("association_id", Some(association));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Where a file with changes stands.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn member_import(self, id: MemberImportId) -> Result<MemberImportView, Failure> {
        self.json(Call::get(format!("/member-imports/{id}"))).await
    }

    /// Its rows that came out so.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn import_rows(
        self,
        id: MemberImportId,
        outcome: ImportOutcome,
        page: PageQuery,
    ) -> Result<Page<ImportRowView>, Failure> {
        let call = Call::get(format!("/member-imports/{id}/rows")).query("outcome", Some(outcome));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Writes a file's changes, or takes them back.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn move_import(
        self,
        id: MemberImportId,
        undo: bool,
        key: &IdempotencyKey,
    ) -> Result<MemberImportView, Failure> {
        let how = if undo { "undo" } else { "apply" };
        self.json(Call::post(format!("/member-imports/{id}/{how}")).key(key)).await
    }
}
