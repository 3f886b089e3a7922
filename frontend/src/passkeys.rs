//! Passkeys: the browser asks the device, in the words of WebAuthn.
//!
//! The options come from the server as JSON and go back as JSON; both translations are the browser's own.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::window;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What the device is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// To make a passkey.
    Make,
    /// To sign with one.
    Sign,
}

impl Ask {
    /// The translation of the options, and the browser's function.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Make => ("parseCreationOptionsFromJSON", "create"),
            Self::Sign => ("parseRequestOptionsFromJSON", "get"),
        }
    }
}

/// Whether this browser can do both.
#[must_use]
pub fn are_possible() -> bool {
    let Ok(kind) = get(&window(), "PublicKeyCredential") else { return false };
    [Ask::Make, Ask::Sign].into_iter().all(|ask| function(&kind, ask.names().0).is_ok())
}

/// Asks the device; `None` when its owner would not, or it cannot.
pub async fn ask(ask: Ask, options: &Value) -> Option<Value> {
    let answer = credential(ask, &options.to_string()).await.ok()?;
    serde_json::from_str(&answer).ok()
}

async fn credential(ask: Ask, options: &str) -> Result<String, JsValue> {
    let (parse, act) = ask.names();
    let kind = get(&window(), "PublicKeyCredential")?;
    let options = function(&kind, parse)?.call1(&kind, &JSON::parse(options)?)?;
    let argument = Object::new();
    Reflect::set(&argument, &JsValue::from_str("publicKey"), &options)?;
    let credentials = get(&get(&window(), "navigator")?, "credentials")?;
    let promise: Promise = function(&credentials, act)?.call1(&credentials, &argument)?.dyn_into()?;
    // Calls the credential's `toJSON`.
    let text = JSON::stringify(&JsFuture::from(promise).await?)?;
    Ok(String::from(text))
}

fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
}

fn function(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    get(object, name)?.dyn_into()
}
