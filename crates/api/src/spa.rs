//! The single-page application: its files in memory, precompressed, with the right headers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// A built front end.
#[derive(Debug, Default)]
pub struct Spa {
    files: HashMap<String, File>,
    content_security_policy: String,
}

#[derive(Debug, Default)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    content_type: &'static str,
    etag: String,
    immutable: bool,
}

const INDEX: &str = "index.html";

impl Spa {
    /// Reads a folder that Trunk has built and the build has compressed.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read, or it has no `index.html`.
    pub fn load(folder: &Path) -> std::io::Result<Self> {
        let mut found = Vec::new();
        list(folder, folder, &mut found)?;
        let mut files: HashMap<String, File> = HashMap::new();
        for (name, path) in &found {
            let (base, encoding) = match name.rsplit_once('.') {
                Some((base, "br")) => (base, "br"),
                Some((base, "gz")) => (base, "gz"),
                _ => (name.as_str(), ""),
            };
            let bytes = Bytes::from(std::fs::read(path)?);
            let file = files.entry(base.to_owned()).or_default();
            match encoding {
                "br" => file.brotli = Some(bytes),
                "gz" => file.gzip = Some(bytes),
                _ => {
                    file.etag = format!("\"{}\"", STANDARD.encode(&Sha256::digest(&bytes)[..12]));
                    file.content_type = content_type(base);
                    file.immutable = is_hashed(base);
                    file.plain = bytes;
                }
            }
        }
        let index = files.get(INDEX).map(|file| String::from_utf8_lossy(&file.plain).into_owned());
        let index = index.ok_or_else(|| std::io::Error::new(std::io::ErrorKind::NotFound, "there is no index.html"))?;
        Ok(Self { files, content_security_policy: policy(&index) })
    }

    /// The answer to a request for a page or a file; `None` when there is no such file.
    #[must_use]
    pub fn respond(&self, request: &HttpRequest) -> Option<HttpResponse> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let path = request.path().trim_start_matches('/');
        let is_page = !path.rsplit('/').next().unwrap_or("").contains('.');
        let name = if is_page { INDEX } else { path };
        let file = self.files.get(name)?;
        let mut response = HttpResponse::Ok();
        response.insert_header((ETAG, file.etag.clone())).insert_header((VARY, "Accept-Encoding"));
        let cache = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.insert_header((CACHE_CONTROL, cache));
        if name == INDEX {
            response.insert_header(("Content-Security-Policy", self.content_security_policy.clone()));
        }
        if request.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == file.etag.as_bytes()) {
            return Some(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        response.insert_header((CONTENT_TYPE, file.content_type));
        let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        let accepts =
            |coding: &str| accepted.split(',').any(|part| part.split(';').next().unwrap_or("").trim() == coding);
        let body = match (&file.brotli, &file.gzip) {
            (Some(bytes), _) if accepts("br") => {
                response.insert_header((CONTENT_ENCODING, "br"));
                bytes.clone()
            }
            (_, Some(bytes)) if accepts("gzip") => {
                response.insert_header((CONTENT_ENCODING, "gzip"));
                bytes.clone()
            }
            _ => file.plain.clone(),
        };
        Some(response.body(body))
    }
}

fn list(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, found)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push((relative.to_string_lossy().replace('\\', "/"), path));
        }
    }
    Ok(())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Trunk puts sixteen hexadecimal digits of a file's hash into its name.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '.', '_']).any(|part| part.len() == 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Strict but for the one script that Trunk writes into the page, which is allowed by its hash.
fn policy(index: &str) -> String {
    let mut scripts = String::from("'self' 'wasm-unsafe-eval'");
    let mut rest = index;
    while let Some(begin) = rest.find("<script") {
        rest = &rest[begin..];
        let Some(open_end) = rest.find('>') else { break };
        let (tag, after) = rest.split_at(open_end + 1);
        let Some(close) = after.find("</script>") else { break };
        let body = &after[..close];
        if !tag.contains("src=") && !body.is_empty() {
            let hash = STANDARD.encode(Sha256::digest(body.as_bytes()));
            scripts.push_str(&format!(" 'sha256-{hash}'"));
        }
        rest = &after[close..];
    }
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_allowed_by_hash() {
        let policy = policy("<script type=module>init()</script><script src=\"/a.js\"></script>");
        let hash = STANDARD.encode(Sha256::digest(b"init()"));
        assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}';")), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
    }

    #[test]
    fn hashed_names_are_for_ever() {
        assert!(is_hashed("mamis-frontend-0f1e2d3c4b5a6978_bg.wasm"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("fonts/noto-sans-jp.woff2"));
    }
}
