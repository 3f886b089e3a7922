//! Codes of accounts, sessions and acting for somebody.

use crate::wire_codes;

wire_codes! {
    /// What somebody did with a person's record.
    AccessKind {
        /// Looked at it.
        Viewed => "viewed",
        /// Changed it, or decided something about it.
        Changed => "changed",
        /// Looked at what is masked otherwise, for a reason.
        Revealed => "revealed",
    }
}

wire_codes! {
    /// How one account acts for somebody else.
    ActingKind {
        /// 代理操作: a clerk of one of the physician's associations.
        OnBehalf => "on_behalf",
        /// 補助者: somebody the physician has invited.
        Assistant => "assistant",
    }
}

wire_codes! {
    /// What a physician lets an assistant do. `draft` and `submit` bring reading with them: nobody can work on what is not
    /// shown.
    DelegationScope {
        /// 閲覧: read the record and the cases.
        View => "view",
        /// 研修: register for training and see credits.
        Training => "training",
        /// 下書き: begin and change drafts.
        Draft => "draft",
        /// 提出: file cases and take them back.
        Submit => "submit",
    }
}

wire_codes! {
    /// Where an assistant's delegation stands.
    DelegationState {
        /// 招待中: not accepted yet.
        Invited => "invited",
        /// 招待の期限切れ: not accepted in time.
        InvitationExpired => "invitation_expired",
        /// 有効
        Active => "active",
        /// 期間終了
        Ended => "ended",
        /// 解除: taken back, or given up.
        Revoked => "revoked",
    }
}

wire_codes! {
    /// Why an association can see a person's record.
    AudienceReason {
        /// 会員: the person is or was a member there.
        Membership => "membership",
        /// 申請: a case of the person was filed with it.
        Application => "application",
    }
}

wire_codes! {
    /// A browser's family.
    Browser {
        /// Google Chrome and what is built like it.
        Chrome => "chrome",
        /// Microsoft Edge
        Edge => "edge",
        /// Firefox
        Firefox => "firefox",
        /// Safari
        Safari => "safari",
        /// Another, or a program.
        Other => "other",
    }
}

wire_codes! {
    /// An operating system's family.
    System {
        /// Windows
        Windows => "windows",
        /// macOS
        Macos => "macos",
        /// iOS, iPadOS
        Ios => "ios",
        /// Android
        Android => "android",
        /// Linux
        Linux => "linux",
        /// Another.
        Other => "other",
    }
}

wire_codes! {
    /// How sure a session is of who opened it; later is surer.
    Assurance {
        /// By password alone.
        Password => "password",
        /// By password and a second factor.
        SecondFactor => "second_factor",
        /// By a passkey, for which its device asked for a finger, a face or a PIN.
        Passkey => "passkey",
    }
}

wire_codes! {
    /// What an account can show beside its password.
    FactorKind {
        /// A code of an authenticator app.
        Totp => "totp",
        /// A code from the printed sheet.
        RecoveryCode => "recovery_code",
        /// A passkey.
        Passkey => "passkey",
    }
}

wire_codes! {
    /// Why a session ended before its time.
    SessionEndReason {
        /// Its owner signed out.
        LoggedOut => "logged_out",
        /// A copy of its refresh token was shown.
        TokenReused => "token_reused",
        /// Its owner ended it from another one.
        Revoked => "revoked",
        /// The password was changed.
        PasswordChanged => "password_changed",
        /// The account was suspended or closed.
        AccountStopped => "account_stopped",
    }
}

wire_codes! {
    /// 種別 of an account: what kind of user it is for.
    AccountClass {
        /// 会員
        Member => "member",
        /// 研修用: a physician without membership who takes part in training
        TrainingOnly => "training_only",
        /// 事務担当者
        Clerk => "clerk",
        /// 補助者
        Assistant => "assistant",
    }
}

wire_codes! {
    /// 状態 of an account.
    AccountState {
        /// 仮登録
        Provisional => "provisional",
        /// 有効
        Active => "active",
        /// 利用停止
        Suspended => "suspended",
        /// 終了
        Closed => "closed",
    }
}

wire_codes! {
    /// 利用停止事由: the four grounds of the terms' article 8 on which an account is suspended.
    SuspensionReason {
        /// 退会・除名: left or was expelled from the associations that gave eligibility.
        LeftOrExpelled => "left_or_expelled",
        /// 死亡
        Death => "death",
        /// 規約違反
        BreachOfTerms => "breach_of_terms",
        /// 日本医師会の判断
        NationalJudgement => "national_judgement",
    }
}

wire_codes! {
    /// What kind of organisation it is that is no association.
    OrganisationKind {
        /// 各科医会
        SpecialistBody => "specialist_body",
        /// 日本医学会
        Academy => "academy",
        /// 学会 of 日本医学会
        Society => "society",
    }
}

wire_codes! {
    /// In which language somebody is written to.
    Language {
        /// 日本語
        Ja => "ja",
        /// English
        En => "en",
    }
}
