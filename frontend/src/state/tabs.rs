//! The other tabs of this browser: one lock, one channel.

use js_sys::Promise;
use leptos::prelude::StoredValue;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "mamis-session";

/// What tabs tell one another. Ids only, never a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    SignedIn(String),
    SignedOut,
}

impl Message {
    fn encode(&self) -> String {
        match self {
            Self::SignedIn(account) => format!("signed-in {account}"),
            Self::SignedOut => "signed-out".to_owned(),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            Some(("signed-in", account)) => Some(Self::SignedIn(account.to_owned())),
            Some(_) => None,
            None => (text == "signed-out").then_some(Self::SignedOut),
        }
    }
}

/// Tells the other tabs.
pub(super) fn tell(message: &Message) {
    if let Ok(channel) = BroadcastChannel::new(NAME) {
        // A tab that does not hear it finds out with its next request.
        let _ = channel.post_message(&JsValue::from_str(&message.encode()));
        channel.close();
    }
}

/// Listens to the other tabs for as long as the page lives.
pub(super) fn on_message(mut heard: impl FnMut(Message) + 'static) {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = event.data().as_string().as_deref().and_then(Message::decode) {
            heard(message);
        }
    });
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The application's root owns both, so that neither is collected.
    StoredValue::new_local((channel, listener));
}

/// This tab's turn; it ends when dropped.
pub(super) struct Turn(Option<js_sys::Function>);

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits until no other tab is refreshing. Browsers without locks (and pages without TLS) go ahead at once.
pub(super) async fn wait_for_turn() -> Turn {
    let (granted, release) = (StoredValue::new_local(None), StoredValue::new_local(None));
    let turn = Promise::new(&mut |resolve, _reject| granted.set_value(Some(resolve)));
    let hold = Promise::new(&mut |resolve, _reject| release.set_value(Some(resolve)));
    let callback = Closure::once_into_js(move || {
        if let Some(granted) = granted.get_value() {
            let _: Result<JsValue, JsValue> = js_sys::Function::call0(&granted, &JsValue::UNDEFINED);
        }
        hold
    });
    if request_lock(&callback).is_none() {
        return Turn(None);
    }
    // The promise only ever resolves.
    let _ = JsFuture::from(turn).await;
    Turn(release.get_value())
}

/// `navigator.locks.request(NAME, callback)`, where there is such a thing.
fn request_lock(callback: &JsValue) -> Option<JsValue> {
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &JsValue::from_str(name)).ok();
    let locks = get(window().navigator().as_ref(), "locks").filter(JsValue::is_object)?;
    let request: js_sys::Function = get(&locks, "request")?.dyn_into().ok()?;
    request.call2(&locks, &JsValue::from_str(NAME), callback).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_channel() {
        for message in [Message::SignedIn("acc_1".to_owned()), Message::SignedOut] {
            assert_eq!(Message::decode(&message.encode()), Some(message));
        }
        assert_eq!(Message::decode("hello there"), None);
        assert_eq!(Message::decode(""), None);
    }
}
