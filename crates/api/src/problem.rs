//! The only file that knows status codes.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use chrono::{DateTime, Utc};
use mamis_contract::{FieldError, FieldErrorCode, Problem, ProblemCode};
use mamis_domain::identity::Denied;
use mamis_domain::notices::MaintenanceWindow;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_persistence::StoreError;
use mamis_usecases::{AppError, tokyo};

use crate::middleware::RequestId;

/// A problem on its way to the client; the language and the request are filled in when it is sent.
#[derive(Debug, Clone)]
pub struct Trouble {
    code: ProblemCode,
    errors: Vec<FieldFault>,
    retry_after_seconds: Option<i64>,
    until: Option<DateTime<Utc>>,
    allow: Vec<Method>,
}

impl Trouble {
    /// A problem by its code alone.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self { code, errors: Vec::new(), retry_after_seconds: None, until: None, allow: Vec::new() }
    }

    /// Faults of single fields.
    #[must_use]
    pub const fn fields(errors: Vec<FieldFault>) -> Self {
        Self { code: ProblemCode::InvalidFields, errors, retry_after_seconds: None, until: None, allow: Vec::new() }
    }

    /// A request that cannot be read, with the place where reading stopped.
    #[must_use]
    pub fn malformed(pointer: String) -> Self {
        let errors = vec![FieldFault::new(pointer, FieldErrorCode::InvalidFormat)];
        Self { errors, ..Self::new(ProblemCode::MalformedRequest) }
    }

    /// A known address asked with another method.
    #[must_use]
    pub const fn method_not_allowed(allow: Vec<Method>) -> Self {
        Self { code: ProblemCode::MethodNotAllowed, errors: Vec::new(), retry_after_seconds: None, until: None, allow }
    }

    /// A planned stop, with the time when everything works again.
    #[must_use]
    pub fn stopped(code: ProblemCode, window: &MaintenanceWindow, now: DateTime<Utc>) -> Self {
        Self { until: Some(window.ends_at), ..Self::waiting(code, window.seconds_left(now)) }
    }

    fn waiting(code: ProblemCode, seconds: i64) -> Self {
        Self { retry_after_seconds: Some(seconds.max(1)), ..Self::new(code) }
    }

    /// The answer to a request.
    #[must_use]
    pub fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let language = Language::of(request);
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let (title, detail) = sentence(self.code, language);
        let detail = match self.until {
            Some(until) => format!("{detail}{}", tokyo_time(until, language)),
            None => detail.to_owned(),
        };
        let status = status(self.code);
        let body = Problem {
            kind: format!("/problems/{}", self.code),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: (!detail.is_empty()).then_some(detail),
            instance: Some(request.path().to_owned()),
            code: self.code,
            request_id,
            errors: self.errors.iter().map(|fault| field_error(fault, language)).collect(),
        };
        let mut response = HttpResponse::build(status);
        response.content_type("application/problem+json");
        response.insert_header(("Content-Language", language.tag()));
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        if !self.allow.is_empty() {
            let methods: Vec<&str> = self.allow.iter().map(Method::as_str).collect();
            response.insert_header(("Allow", methods.join(", ")));
        }
        response.json(body)
    }
}

/// A handler's error: the trouble with the request it belongs to.
#[derive(Debug)]
pub struct Rejection {
    trouble: Trouble,
    request: HttpRequest,
}

impl Rejection {
    /// The trouble of a request.
    #[must_use]
    pub fn new(request: &HttpRequest, trouble: impl Into<Trouble>) -> Self {
        Self { trouble: trouble.into(), request: request.clone() }
    }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.trouble.code.as_str())
    }
}

impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        status(self.trouble.code)
    }

    fn error_response(&self) -> HttpResponse {
        self.trouble.respond(&self.request)
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        let faults = error.field_faults().to_vec();
        match error {
            AppError::TermsNotAccepted => Self::new(ProblemCode::TermsNotAccepted),
            AppError::NotSignedIn => Self::new(ProblemCode::NotSignedIn),
            AppError::LoginFailed => Self::new(ProblemCode::LoginFailed),
            AppError::ActingEnded => Self::new(ProblemCode::ActingEnded),
            AppError::NotWhileActing => Self::new(ProblemCode::NotWhileActing),
            AppError::LoginIdTaken => Self::fields(vec![FieldFault::new("/login_id", FieldErrorCode::Taken)]),
            AppError::LoginThrottled { seconds } => Self::waiting(ProblemCode::TooManyRequests, seconds),
            AppError::ChallengeOver => Self::new(ProblemCode::ChallengeOver),
            AppError::ProofRequired => Self::new(ProblemCode::ProofRequired),
            AppError::NotFound | AppError::Denied(Denied::Hidden) => Self::new(ProblemCode::NotFound),
            AppError::Denied(Denied::Forbidden) => Self::new(ProblemCode::Forbidden),
            AppError::Denied(Denied::NotYourStep) => Self::new(ProblemCode::NotYourStep),
            AppError::Workflow(WorkflowError::InvalidFields(_)) => Self::fields(faults),
            AppError::Workflow(WorkflowError::WrongState | WorkflowError::AlreadyApproved) => {
                Self::new(ProblemCode::WrongState)
            }
            AppError::Workflow(WorkflowError::PersonHasAccount) => Self::new(ProblemCode::PersonHasAccount),
            AppError::Workflow(WorkflowError::IdentityMismatch) => Self::new(ProblemCode::IdentityMismatch),
            AppError::Workflow(WorkflowError::TooManyAttachments) => Self::new(ProblemCode::TooManyAttachments),
            AppError::TooLarge => Self::new(ProblemCode::BodyTooLarge),
            AppError::BrokenOff => Self::malformed("/file".to_owned()),
            AppError::ParallelApplication => Self::new(ProblemCode::ParallelApplication),
            AppError::PeriodOverlaps => Self::new(ProblemCode::PeriodOverlaps),
            AppError::LastAdministrator => Self::new(ProblemCode::LastAdministrator),
            AppError::AlreadyClerk => Self::new(ProblemCode::AlreadyClerk),
            AppError::LetterOver => Self::new(ProblemCode::LetterOver),
            AppError::AccountState => Self::new(ProblemCode::AccountState),
            AppError::ChangedSince => Self::new(ProblemCode::ChangedSince),
            AppError::InvitationUnusable => Self::new(ProblemCode::InvitationUnusable),
            AppError::StaleVersion => Self::new(ProblemCode::StaleVersion),
            AppError::IdempotencyKeyReused => Self::new(ProblemCode::IdempotencyKeyReused),
            AppError::Busy | AppError::Store(StoreError::Unavailable(_)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "unavailable");
                Self::waiting(ProblemCode::Unavailable, 2)
            }
            AppError::Workflow(WorkflowError::NoRoute) | AppError::Store(_) | AppError::Internal(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "unforeseen");
                Self::new(ProblemCode::Internal)
            }
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

/// Which language the client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

impl Language {
    /// By the request's `Accept-Language`; Japanese when it names neither.
    pub fn of(request: &HttpRequest) -> Self {
        let wanted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let first = |tag: &str| wanted.to_ascii_lowercase().find(tag);
        match (first("ja"), first("en")) {
            (None, Some(_)) => Self::English,
            (Some(ja), Some(en)) if en < ja => Self::English,
            (None | Some(_), _) => Self::Japanese,
        }
    }

    /// As in `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }
}

/// The end of a stop as people in Japan read it.
pub fn tokyo_time(at: DateTime<Utc>, language: Language) -> String {
    let form = match language {
        Language::Japanese => "%Y年%-m月%-d日 %-H時%M分",
        Language::English => "%-d %B %Y, %-H:%M (Japan)",
    };
    tokyo(at).format(form).to_string()
}

fn field_error(fault: &FieldFault, language: Language) -> FieldError {
    FieldError {
        pointer: fault.pointer.clone(),
        code: fault.code,
        detail: field_sentence(fault.code, language).to_owned(),
    }
}

/// The status of each problem.
#[must_use]
pub const fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::MalformedRequest => StatusCode::BAD_REQUEST,
        ProblemCode::NotSignedIn | ProblemCode::LoginFailed | ProblemCode::ChallengeOver => StatusCode::UNAUTHORIZED,
        ProblemCode::Forbidden
        | ProblemCode::ProofRequired
        | ProblemCode::NotYourStep
        | ProblemCode::AccountProvisional
        | ProblemCode::TermsNotAccepted
        | ProblemCode::CrossSite
        | ProblemCode::ActingEnded
        | ProblemCode::NotWhileActing => StatusCode::FORBIDDEN,
        ProblemCode::NotFound | ProblemCode::InvitationUnusable => StatusCode::NOT_FOUND,
        ProblemCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ProblemCode::WrongState
        | ProblemCode::ParallelApplication
        | ProblemCode::PeriodOverlaps
        | ProblemCode::PersonHasAccount
        | ProblemCode::IdentityMismatch
        | ProblemCode::TooManyAttachments
        | ProblemCode::LastAdministrator
        | ProblemCode::AlreadyClerk
        | ProblemCode::AccountState
        | ProblemCode::LetterOver
        | ProblemCode::ChangedSince
        | ProblemCode::IdempotencyKeyReused => StatusCode::CONFLICT,
        ProblemCode::StaleVersion => StatusCode::PRECONDITION_FAILED,
        ProblemCode::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ProblemCode::InvalidFields => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemCode::VersionRequired | ProblemCode::IdempotencyKeyRequired => StatusCode::PRECONDITION_REQUIRED,
        ProblemCode::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ProblemCode::ReadOnly | ProblemCode::Maintenance | ProblemCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What a problem says: a title, and what to do about it.
const fn sentence(code: ProblemCode, language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Japanese => match code {
            ProblemCode::MalformedRequest => {
                ("リクエストの形式が正しくありません", "本文とパラメーターの形式をご確認ください。")
            }
            ProblemCode::NotSignedIn => ("ログインが必要です", "もう一度ログインしてください。"),
            ProblemCode::LoginFailed => {
                ("ログインIDまたはパスワードが正しくありません", "入力内容をご確認のうえ、もう一度お試しください。")
            }
            ProblemCode::ChallengeOver => ("確認の時間が過ぎました", "もう一度最初からお試しください。"),
            ProblemCode::ProofRequired => {
                ("もう一度ご本人の確認が必要です", "パスワードか認証アプリのコードで確認してください。")
            }
            ProblemCode::Forbidden => ("この操作の権限がありません", ""),
            ProblemCode::NotYourStep => ("現在は他の医師会の審査中です", "順番が来ると操作できます。"),
            ProblemCode::AccountProvisional => {
                ("この操作は研修用アカウントの承認後に使えます", "審査の結果をお待ちください。")
            }
            ProblemCode::TermsNotAccepted => (
                "利用規約への同意が必要です",
                "GET /terms/current の版を PUT /account/terms-acceptance で受け入れてください。",
            ),
            ProblemCode::CrossSite => {
                ("他のサイトからの操作は受け付けられません", "このサイトの画面から操作してください。")
            }
            ProblemCode::ActingEnded => {
                ("代理の操作は終わっています", "期限が過ぎたか、解除されました。ご自分の画面に戻ってください。")
            }
            ProblemCode::NotWhileActing => ("代理ではできない操作です", "ご本人がログインして操作してください。"),
            ProblemCode::NotFound => ("見つかりません", ""),
            ProblemCode::MethodNotAllowed => ("このアドレスではその操作はできません", ""),
            ProblemCode::WrongState => {
                ("この申請は現在その操作ができる状態ではありません", "画面を読み直して、現在の状態をご確認ください。")
            }
            ProblemCode::ParallelApplication => {
                ("同じ医師会への申請が審査中です", "審査中の申請が終わってから申請してください。")
            }
            ProblemCode::PeriodOverlaps => ("この期間はすでに会員です", "入会日と所属をご確認ください。"),
            ProblemCode::PersonHasAccount => (
                "この医籍登録番号の医師にはすでにアカウントがあります",
                "理由を添えて差戻しまたは不承認としてください。",
            ),
            ProblemCode::IdentityMismatch => {
                ("登録されている生年月日と一致しません", "免許証と照合し、差戻しまたは記録の訂正をしてください。")
            }
            ProblemCode::TooManyAttachments => ("添付できる数を超えています", "不要な添付を削除してください。"),
            ProblemCode::IdempotencyKeyReused => {
                ("この Idempotency-Key は別のリクエストで使われています", "新しいキーを使ってください。")
            }
            ProblemCode::LastAdministrator => {
                ("最後の管理者です", "先に別の方を管理者にしてから、変更または終了してください。")
            }
            ProblemCode::AlreadyClerk => ("すでにこの団体の担当者です", "担当者の一覧で権限をご確認ください。"),
            ProblemCode::AccountState => (
                "このアカウントは現在その操作ができる状態ではありません",
                "画面を読み直して、現在の状態をご確認ください。",
            ),
            ProblemCode::ChangedSince => (
                "その後に変更があったため、元に戻せません",
                "記録の履歴をご確認のうえ、変更された項目を個別に直してください。",
            ),
            ProblemCode::LetterOver => (
                "このお手紙のIDとパスワードは、もう使えません",
                "期限が過ぎたか、すでに使われたか、新しいお手紙が発行されています。所属の医師会に再発行をお申し出ください。",
            ),
            ProblemCode::InvitationUnusable => (
                "この招待は使えません",
                "期限が切れたか、すでに使われたか、取り消されています。招待した方に、もう一度招待するようお伝えください。",
            ),
            ProblemCode::StaleVersion => ("他の方が先に更新しています", "最新の内容を読み直してください。"),
            ProblemCode::BodyTooLarge => ("送信された内容が大きすぎます", ""),
            ProblemCode::UnsupportedMediaType => ("この形式では受け取れません", "Content-Type をご確認ください。"),
            ProblemCode::InvalidFields => ("入力内容をご確認ください", "errors に項目ごとの内容があります。"),
            ProblemCode::VersionRequired => ("If-Match ヘッダーが必要です", "読み取り時の ETag を付けてください。"),
            ProblemCode::IdempotencyKeyRequired => ("Idempotency-Key ヘッダーが必要です", ""),
            ProblemCode::TooManyRequests => ("試行回数が多すぎます", "しばらく待ってからお試しください。"),
            ProblemCode::Internal => ("予期しない問題が起きました", "問い合わせの際は request_id をお知らせください。"),
            ProblemCode::ReadOnly => ("ただいま閲覧のみできます", "保守作業のため変更を受け付けられません。終了予定："),
            ProblemCode::Maintenance => ("保守のため休止しています", "終了予定："),
            ProblemCode::Unavailable => ("ただいま混み合っています", "少し待ってからお試しください。"),
        },
        Language::English => match code {
            ProblemCode::MalformedRequest => {
                ("The request cannot be read", "Check the form of the body and the parameters.")
            }
            ProblemCode::NotSignedIn => ("Please sign in", "Sign in again."),
            ProblemCode::LoginFailed => ("The login id or the password is wrong", "Check both and try again."),
            ProblemCode::ChallengeOver => ("The time for this step is over", "Begin again."),
            ProblemCode::ProofRequired => {
                ("Prove again who you are", "By password or by a code of the authenticator app.")
            }
            ProblemCode::Forbidden => ("You may not do this", ""),
            ProblemCode::NotYourStep => ("It is another association's turn", "You can act when it is yours."),
            ProblemCode::AccountProvisional => {
                ("Your account has not been approved yet", "Wait for the answer to your application.")
            }
            ProblemCode::TermsNotAccepted => (
                "The terms of use must be accepted",
                "Accept the version of GET /terms/current by PUT /account/terms-acceptance.",
            ),
            ProblemCode::CrossSite => ("Requests from other sites are refused", "Use this site's own pages."),
            ProblemCode::ActingEnded => {
                ("Acting for this person is over", "It has run out or was taken back. Go back to your own pages.")
            }
            ProblemCode::NotWhileActing => {
                ("Not while acting for somebody", "Only the person does this, signed in with the own account.")
            }
            ProblemCode::NotFound => ("Not found", ""),
            ProblemCode::MethodNotAllowed => ("This address does not know that method", ""),
            ProblemCode::WrongState => ("The case is not in a state for this", "Read it again to see where it stands."),
            ProblemCode::ParallelApplication => {
                ("A case with the same association is open", "File when that one has ended.")
            }
            ProblemCode::PeriodOverlaps => ("Already a member in these days", "Check the day and the association."),
            ProblemCode::PersonHasAccount => (
                "The physician with this registration number has an account",
                "Return or reject the case with a reason.",
            ),
            ProblemCode::IdentityMismatch => {
                ("The record has another birth date", "Compare with the licence; return the case or mend the record.")
            }
            ProblemCode::TooManyAttachments => ("No more files can be added", "Remove one that is not needed."),
            ProblemCode::IdempotencyKeyReused => ("The key was used for another request", "Use a new key."),
            ProblemCode::LastAdministrator => {
                ("This is the last administrator", "Make somebody else administrator first.")
            }
            ProblemCode::AlreadyClerk => ("Already a clerk there", "See the role in the list of clerks."),
            ProblemCode::AccountState => {
                ("The account is not in a state for this", "Read it again to see where it stands.")
            }
            ProblemCode::ChangedSince => (
                "It was changed since and cannot be taken back",
                "See the history of the record and correct what was changed.",
            ),
            ProblemCode::LetterOver => (
                "This letter works no longer",
                "It has expired, was used, or a newer one was sent. Ask your association for another one.",
            ),
            ProblemCode::InvitationUnusable => (
                "This invitation cannot be used",
                "It has expired, was used, or was taken back. Ask whoever invited you for another one.",
            ),
            ProblemCode::StaleVersion => ("Somebody else changed it first", "Read the latest version."),
            ProblemCode::BodyTooLarge => ("The body is too large", ""),
            ProblemCode::UnsupportedMediaType => ("Not of a type that is taken here", "Check the Content-Type."),
            ProblemCode::InvalidFields => ("Check the fields", "See errors for each field."),
            ProblemCode::VersionRequired => ("If-Match is required", "Send the ETag you read."),
            ProblemCode::IdempotencyKeyRequired => ("Idempotency-Key is required", ""),
            ProblemCode::TooManyRequests => ("Too many attempts", "Wait a while and try again."),
            ProblemCode::Internal => ("Something unforeseen happened", "Tell the help desk the request_id."),
            ProblemCode::ReadOnly => ("Read-only just now", "Nothing can be changed during maintenance. Planned end: "),
            ProblemCode::Maintenance => ("Stopped for maintenance", "Planned end: "),
            ProblemCode::Unavailable => ("Busy just now", "Wait a moment and try again."),
        },
    }
}

const fn field_sentence(code: FieldErrorCode, language: Language) -> &'static str {
    match language {
        Language::Japanese => match code {
            FieldErrorCode::Required => "入力してください。",
            FieldErrorCode::TooLong => "長すぎます。",
            FieldErrorCode::ControlCharacter => "使えない文字（制御文字・外字）が入っています。",
            FieldErrorCode::InvalidFormat => "形式が正しくありません。",
            FieldErrorCode::UnknownValue => "選択肢にない値です。",
            FieldErrorCode::DateOutOfEra => "その元号にない日付です。",
            FieldErrorCode::DateImpossible => "存在しない日付です。",
            FieldErrorCode::DateNoEra => "元号または西暦の年を入力してください。",
            FieldErrorCode::OutOfRange => "範囲外です。",
            FieldErrorCode::WrongAssociation => "この勤務先・住所を担当する医師会ではありません。",
            FieldErrorCode::Conflicting => "他の項目の内容と合いません。",
            FieldErrorCode::TooShort => "短すぎます。",
            FieldErrorCode::TooWeak => "推測されやすいパスワードです。氏名や番号を含まない、別のものにしてください。",
            FieldErrorCode::UnsupportedFile => "JPEG・PNG・PDF のファイルを選んでください。",
            FieldErrorCode::UnreadableTable => "CSV または Excel（.xlsx）の表として読み取れません。",
            FieldErrorCode::BadHeadings => {
                "「医籍登録番号」と「生年月日」の列が必要です。同じ見出しの列は1つにしてください。"
            }
            FieldErrorCode::TooManyRows => "10,000行までです。ファイルを分けてください。",
            FieldErrorCode::WrongPassword => "現在のパスワードと違います。",
            FieldErrorCode::WrongCode => "コードが違うか、すでに使われたものです。",
            FieldErrorCode::CodeSpent => "このコードはもう使えません。新しいコードを受け取ってください。",
            FieldErrorCode::Taken => "すでに使われています。別のものにしてください。",
            FieldErrorCode::MainOverlaps => {
                "同じ期間に、別の主たる勤務先があります。先にその終了日を入力してください。"
            }
            FieldErrorCode::Overlapping => "同じものがすでに登録されている期間と重なっています。",
        },
        Language::English => match code {
            FieldErrorCode::Required => "Please give it.",
            FieldErrorCode::TooLong => "Too long.",
            FieldErrorCode::ControlCharacter => "Holds control characters or private-use glyphs.",
            FieldErrorCode::InvalidFormat => "Not of the right form.",
            FieldErrorCode::UnknownValue => "Not one of the choices.",
            FieldErrorCode::DateOutOfEra => "The era does not have that day.",
            FieldErrorCode::DateImpossible => "No calendar has that day.",
            FieldErrorCode::DateNoEra => "Give the era or the Western year.",
            FieldErrorCode::OutOfRange => "Out of range.",
            FieldErrorCode::WrongAssociation => "That association serves neither the workplace nor the home.",
            FieldErrorCode::Conflicting => "Does not agree with another field.",
            FieldErrorCode::TooShort => "Too short.",
            FieldErrorCode::TooWeak => "Too easy to guess. Choose another, without your name or numbers.",
            FieldErrorCode::UnsupportedFile => "Choose a JPEG, PNG or PDF file.",
            FieldErrorCode::UnreadableTable => "Cannot be read as a CSV or Excel (.xlsx) table.",
            FieldErrorCode::BadHeadings => {
                "The columns 医籍登録番号 and 生年月日 are needed, and each heading only once."
            }
            FieldErrorCode::TooManyRows => "10,000 rows at most. Split the file.",
            FieldErrorCode::WrongPassword => "Not the current password.",
            FieldErrorCode::WrongCode => "Not the code, or one that was used.",
            FieldErrorCode::CodeSpent => "This code cannot be used any more. Please ask for a new one.",
            FieldErrorCode::Taken => "Taken already. Choose another one.",
            FieldErrorCode::MainOverlaps => "Another main workplace holds in these days. End that one first.",
            FieldErrorCode::Overlapping => "The same stands there already in some of these days.",
        },
    }
}
