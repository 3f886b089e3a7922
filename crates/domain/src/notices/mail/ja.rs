use mamis_kernel::{Browser, Role, System};

use super::{FactorChange, Mail, Message};
use crate::identity::Device;

/// Below every mail.
pub(super) const CLOSING: &str = "医師会会員情報システム（MAMIS）\nこのメールは自動でお送りしています。返信はお受けできません。\nお心当たりのない場合は、所属の医師会までお知らせください。";

/// The texts in Japanese.
pub(super) fn message(mail: &Mail) -> Message {
    match mail {
        Mail::OnBehalfEnded { association, clerk, reason, from, to, seen, done } => Message::new(
            "【MAMIS】医師会の担当者が代理で操作しました",
            [
                format!("{association}の{clerk}が、先生の代理で操作しました。"),
                format!("時間：{from} から {to} まで\n理由：{reason}"),
                if seen + done == 0 {
                    "この間、閲覧や変更はありませんでした。".to_owned()
                } else {
                    format!("この間に行ったこと：閲覧 {seen}件、手続き・変更 {done}件")
                },
                "くわしい内容は、ログインして「ログインと安全」の画面でご覧になれます。お心当たりがない場合は、すぐに医師会へご連絡ください。".to_owned(),
            ],
        ),
        Mail::AssistantInvited { physician, code, url } => Message::new(
            "【MAMIS】補助者への招待",
            [
                format!("{physician} 先生から、医師会会員情報システムの補助者として招待されました。"),
                "次のページを開き、7日以内にお手続きください（1回限り）。".to_owned(),
                url.clone(),
                format!("招待コード：{code}"),
            ],
        ),
        Mail::ContactCode { code, minutes } => Message::new(
            "【MAMIS】確認コードのお知らせ",
            [
                "メールアドレスの確認コードをお知らせします。画面に入力してください。".to_owned(),
                format!("確認コード：{code}"),
                format!("{minutes}分間有効です。職員がこのコードをお尋ねすることはありません。"),
            ],
        ),
        Mail::EmailChanged { new_address } => Message::new(
            "【MAMIS】メールアドレスが変更されました",
            [
                format!(
                    "ご登録のメールアドレスが {new_address} に変更されました。今後のお知らせは新しいアドレスにお送りします。"
                ),
                "ご自身で変更されていない場合は、すぐに所属の医師会へご連絡ください。".to_owned(),
            ],
        ),
        Mail::PasswordReset { links, minutes } => {
            let mut paragraphs = vec![
                "パスワード再設定のお申し出を受け付けました。".to_owned(),
                format!("次のページで新しいパスワードを設定してください（{minutes}分間有効、1回限り）。"),
            ];
            paragraphs.extend(links.iter().map(|link| format!("ログインID「{}」\n{}", link.login_id, link.url)));
            paragraphs.push("お申し出でない場合は、このメールを破棄してください。パスワードは変わりません。".to_owned());
            Message::new("【MAMIS】パスワードの再設定", paragraphs)
        }
        Mail::PasswordChanged => Message::new(
            "【MAMIS】パスワードが変更されました",
            [
                "パスワードが変更され、ほかの端末はログアウトしました。".to_owned(),
                "ご自身で変更されていない場合は、すぐに所属の医師会へご連絡ください。".to_owned(),
            ],
        ),
        Mail::FactorChanged { change } => Message::new(
            "【MAMIS】ログインの設定が変更されました",
            [
                match change {
                    FactorChange::TotpAdded => "認証アプリが設定されました。",
                    FactorChange::TotpRemoved => "認証アプリの設定が解除されました。",
                    FactorChange::PasskeyAdded => "パスキーが追加されました。",
                    FactorChange::PasskeyRemoved => "パスキーが削除されました。",
                    FactorChange::RecoveryCodesRenewed => "リカバリーコードが作り直されました。前のコードは使えません。",
                }
                .to_owned(),
                "ご自身で変更されていない場合は、すぐに所属の医師会へご連絡ください。".to_owned(),
            ],
        ),
        Mail::NewDevice { device, at, address } => Message::new(
            "【MAMIS】新しい端末からのログイン",
            [
                "これまでと違う端末からログインがありました。".to_owned(),
                format!("日時：{at}\n端末：{}\n接続元：{address}", name_of(*device)),
                "ご自身によるものでない場合は、「ログインと安全」の画面でその端末をログアウトさせ、パスワードを変更してください。"
                    .to_owned(),
            ],
        ),
        Mail::Enrolled { login_id, url } => Message::new(
            "【MAMIS】ご登録が完了しました",
            [
                "会員情報システムのご登録が完了しました。次回からは、設定されたパスワードでログインしてください。".to_owned(),
                format!("ログインID：{login_id}"),
                url.clone(),
                "お手元の手紙のパスワードは使えなくなりました。手紙は破棄してください。".to_owned(),
                "ご自身で登録されていない場合は、すぐに所属の医師会へご連絡ください。".to_owned(),
            ],
        ),
        Mail::Registered { login_id, url } => Message::new(
            "【MAMIS】研修用アカウントの登録",
            [
                "研修用アカウントの登録を受け付けました。".to_owned(),
                format!("ログインID：{login_id}"),
                "続けて、医師免許証の写しを添えて申請してください。勤務先の都道府県医師会が確認したあと、お使いいただけます。".to_owned(),
                url.clone(),
            ],
        ),
        Mail::TrainingApproved { login_id, url } => Message::new(
            "【MAMIS】研修用アカウントが承認されました",
            [
                "研修用アカウントが承認されました。研修会への申込みや単位の確認ができます。".to_owned(),
                format!("ログインID：{login_id}"),
                url.clone(),
            ],
        ),
        Mail::ClerkInvited { place, role, url, days } => Message::new(
            "【MAMIS】担当者への招待",
            [
                format!("{place}の{}として招待されました。", role_name(*role)),
                format!("次のページを開いて、招待をお受けください（{days}日間有効、1回限り）。"),
                url.clone(),
                "このページを開ける方が招待を受けられます。ほかの方に転送しないでください。".to_owned(),
            ],
        ),
        Mail::CaseReturned { number, reason, url } => Message::new(
            "【MAMIS】申請の修正のお願い",
            [
                format!("受付番号 {number} の申請に、修正のお願いがあります。"),
                format!("理由：{reason}"),
                "詳しくは次のページをご覧ください。".to_owned(),
                url.clone(),
            ],
        ),
        Mail::CaseRejected { number, reason, url } => Message::new(
            "【MAMIS】申請の結果のお知らせ",
            [
                format!("受付番号 {number} の申請は、承認されませんでした。"),
                format!("理由：{reason}"),
                "詳しくは次のページをご覧ください。".to_owned(),
                url.clone(),
            ],
        ),
    }
}

fn name_of(device: Device) -> String {
    let browser = match device.browser {
        Browser::Chrome => "Chrome",
        Browser::Edge => "Edge",
        Browser::Firefox => "Firefox",
        Browser::Safari => "Safari",
        Browser::Other => "その他のブラウザー",
    };
    let system = match device.system {
        System::Windows => "Windows",
        System::Macos => "Mac",
        System::Ios => "iPhone・iPad",
        System::Android => "Android",
        System::Linux => "Linux",
        System::Other => "その他の機器",
    };
    format!("{system}（{browser}）")
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Physician => "医師",
        Role::Organiser => "運営担当者",
        Role::Viewer => "閲覧者",
        Role::Operator => "入力担当者",
        Role::Approver => "承認者",
        Role::Administrator => "管理者",
    }
}
