//! A page as people use it. Every step waits until what it needs is there.

use std::fmt::Display;
use std::time::Duration;

use anyhow::{Error, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{Key, WebDriver, WebElement};
use tokio::time::Instant;

use crate::journeys::browser::Chromedriver;

const FINDERS: &str = include_str!("page.js");
/// How long a step may wait for what it needs.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// The page in the browser.
pub(super) struct Page {
    pub(super) driver: WebDriver,
    base: String,
    profile: TempDir,
}

impl Page {
    pub(super) async fn open(chromedriver: &Chromedriver, base: &str) -> Result<Self> {
        let (driver, profile) = chromedriver.open_browser().await?;
        Ok(Self { driver, base: base.to_owned(), profile })
    }

    /// Closes the browser, which must have had nothing to complain about: no script that failed, nothing that the content
    /// policy refused.
    pub(super) async fn close(self) -> Result<()> {
        let log = self.driver.browser_log().await;
        self.driver.quit().await?;
        let complaints: Vec<String> =
            log?.into_iter().map(|entry| entry.message).filter(|said| is_fault(said)).collect();
        ensure!(complaints.is_empty(), "the browser complains:\n{}", complaints.join("\n"));
        Ok(())
    }

    /// Waits for a file that the browser saves, whole.
    pub(super) async fn saved_file(&self, name: &str) -> Result<std::path::PathBuf> {
        let path = self.profile.path().join(name);
        self.until(format!("the saved file “{name}”"), async || Ok(path.exists())).await?;
        Ok(path)
    }

    /// Types an address.
    pub(super) async fn goto(&self, path: &str) -> Result<()> {
        Ok(self.driver.goto(format!("{}{path}", self.base)).await?)
    }

    /// Path and query of the address.
    pub(super) async fn path(&self) -> Result<String> {
        let url = self.driver.current_url().await?;
        Ok(url.as_str().strip_prefix(&self.base).unwrap_or(url.as_str()).to_owned())
    }

    /// Waits for the page with this heading.
    pub(super) async fn at(&self, heading: &str) -> Result<()> {
        let here = "return [...document.querySelectorAll('h1')].some(h => words(textOf(h)).includes(words(arguments[0]))) && isSettled()";
        self.until(format!("the page “{heading}”"), async || self.is(here, json!([heading])).await).await
    }

    /// Waits for a text in sight.
    pub(super) async fn sees(&self, text: &str) -> Result<()> {
        let seen = "return textInSight().includes(words(arguments[0]))";
        self.until(format!("the text “{text}”"), async || self.is(seen, json!([text])).await).await
    }

    /// Whether a text is in sight now. For what must not be there, after something that must.
    pub(super) async fn has(&self, text: &str) -> Result<bool> {
        Ok(self.is("return textInSight().includes(words(arguments[0]))", json!([text])).await?)
    }

    /// The text of a role that has this name or these words.
    pub(super) async fn text_of(&self, role: &str, name: &str) -> Result<String> {
        let found = self.wait(format!("{role} “{name}”"), async || {
            let text =
                "const [first] = byRole(arguments[0], arguments[1]); return first ? words(first.innerText) : null";
            Ok(self.run(text, json!([role, name])).await?.as_str().map(str::to_owned))
        });
        found.await
    }

    /// Presses a button.
    pub(super) async fn press(&self, name: &str) -> Result<()> {
        self.click("button", name).await
    }

    /// Presses a button of the first entry in a list that has these words.
    pub(super) async fn press_in_card(&self, entry: &str, button: &str) -> Result<()> {
        let press = "const found = byRole('button', arguments[1])
            .find(button => textOf(button.closest('li') ?? button).includes(arguments[0]));
            found?.click(); return Boolean(found)";
        let pressed = async || self.is(press, json!([entry, button])).await;
        self.until(format!("the button “{button}” of “{entry}”"), pressed).await
    }

    /// Ticks the box of the entry in a list that has these words.
    pub(super) async fn tick_card(&self, entry: &str) -> Result<()> {
        let boxes = "return [...document.querySelectorAll('li:has(input[type=checkbox])')]
            .filter(entry => textOf(entry).includes(arguments[0])).map(entry => entry.querySelector('input'))";
        let ticked = self.wait(format!("the box of “{entry}”"), async || {
            let Some(found) = self.first(boxes, json!([entry])).await? else { return Ok(None) };
            found.click().await.map(Some)
        });
        ticked.await
    }

    /// Unfolds what is folded away under these words, or folds it again.
    pub(super) async fn unfold(&self, words: &str) -> Result<()> {
        self.click("disclosure", words).await
    }

    /// Opens the tab with this name.
    pub(super) async fn open_tab(&self, name: &str) -> Result<()> {
        self.click("tab", name).await
    }

    /// Presses the first of several buttons with this name, and waits until there is one fewer.
    pub(super) async fn press_and_see_it_go(&self, name: &str) -> Result<()> {
        let count = "return byRole('button', arguments[0]).length";
        let before = self.run(count, json!([name])).await?.as_u64();
        self.press(name).await?;
        self.until(format!("one button “{name}” fewer"), async || {
            Ok(self.run(count, json!([name])).await?.as_u64() < before)
        })
        .await
    }

    /// Follows a link.
    pub(super) async fn follow(&self, name: &str) -> Result<()> {
        self.click("link", name).await
    }

    /// Follows the link in the header of the row that this name heads.
    pub(super) async fn follow_row(&self, name: &str) -> Result<()> {
        let link = "return byRole('row', arguments[0]).map(row => row.querySelector('th a[href]')).filter(Boolean)";
        let clicked = self.wait(format!("the link of the row “{name}”"), async || {
            let Some(element) = self.first(link, json!([name])).await? else { return Ok(None) };
            element.click().await.map(Some)
        });
        clicked.await
    }

    /// Waits for so many rows, and says what the links in their headers are called, from the top. A count of the list may stand there
    /// before its rows do.
    pub(super) async fn row_names(&self, count: usize) -> Result<Vec<String>> {
        let names = "return byRole('row', '').map(row => row.querySelector('th a[href]')).filter(Boolean).map(nameOf)";
        let all = self.wait(format!("{count} rows"), async || {
            let names: Vec<String> = serde_json::from_value(self.run(names, json!([])).await?).unwrap_or_default();
            Ok((names.len() == count).then_some(names))
        });
        all.await
    }

    async fn click(&self, role: &str, name: &str) -> Result<()> {
        let clicked = self.wait(format!("{role} “{name}”"), async || {
            let Some(element) = self.first("return byRole(arguments[0], arguments[1])", json!([role, name])).await?
            else {
                return Ok(None);
            };
            element.click().await.map(Some)
        });
        clicked.await
    }

    /// Types into the field with this label, over what is there.
    pub(super) async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let typed = self.wait(format!("the field “{label}”"), async || {
            let Some(field) = self.field(label, None).await? else { return Ok(None) };
            field.send_keys(Key::Control + "a").await?;
            field.send_keys(text).await.map(Some)
        });
        typed.await
    }

    /// The same for a field whose label stands in several groups.
    pub(super) async fn fill_in(&self, group: &str, label: &str, text: &str) -> Result<()> {
        let typed = self.wait(format!("the field “{label}” of “{group}”"), async || {
            let Some(field) = self.field(label, Some(group)).await? else { return Ok(None) };
            field.send_keys(Key::Control + "a").await?;
            field.send_keys(text).await.map(Some)
        });
        typed.await
    }

    /// Chooses a file.
    pub(super) async fn attach(&self, label: &str, file: &std::path::Path) -> Result<()> {
        let chosen = self.wait(format!("the file field “{label}”"), async || {
            let Some(field) = self.field(label, None).await? else { return Ok(None) };
            field.send_keys(file.to_string_lossy().as_ref()).await.map(Some)
        });
        chosen.await
    }

    /// Types into the field with this label, behind what is there.
    pub(super) async fn add(&self, label: &str, text: &str) -> Result<()> {
        let typed = self.wait(format!("the field “{label}”"), async || {
            let Some(field) = self.field(label, None).await? else { return Ok(None) };
            field.send_keys(Key::End + text).await.map(Some)
        });
        typed.await
    }

    /// What stands in the field with this label.
    pub(super) async fn value(&self, label: &str) -> Result<String> {
        let value = self.wait(format!("the field “{label}”"), async || match self.field(label, None).await? {
            Some(field) => field.prop("value").await,
            None => Ok(None),
        });
        value.await
    }

    /// Takes an option of a list whose label stands in several groups.
    pub(super) async fn select_in(&self, group: &str, label: &str, option: &str) -> Result<()> {
        let offered = "return [...byLabel(arguments[0], arguments[2])[0]?.options ?? []]
            .filter(o => words(o.text) === words(arguments[1]))";
        let selected = self.wait(format!("“{option}” in the list “{label}” of “{group}”"), async || {
            let Some(offered) = self.first(offered, json!([label, option, group])).await? else { return Ok(None) };
            offered.click().await.map(Some)
        });
        selected.await
    }

    /// Takes an option of the list with this label.
    pub(super) async fn select(&self, label: &str, option: &str) -> Result<()> {
        let offered =
            "return [...byLabel(arguments[0])[0]?.options ?? []].filter(o => words(o.text) === words(arguments[1]))";
        let selected = self.wait(format!("“{option}” in the list “{label}”"), async || {
            let Some(offered) = self.first(offered, json!([label, option])).await? else { return Ok(None) };
            offered.click().await.map(Some)
        });
        selected.await
    }

    /// Answers the question with one of its choices.
    pub(super) async fn choose(&self, question: &str, answer: &str) -> Result<()> {
        self.tick_in(answer, Some(question)).await
    }

    /// Whether this answer is given.
    pub(super) async fn chosen(&self, question: &str, answer: &str) -> Result<()> {
        let chosen = "return byLabel(arguments[0], arguments[1])[0]?.checked === true";
        self.until(format!("“{question}” answered with “{answer}”"), async || {
            self.is(chosen, json!([answer, question])).await
        })
        .await
    }

    /// Ticks a box.
    pub(super) async fn tick(&self, label: &str) -> Result<()> {
        self.tick_in(label, None).await
    }

    async fn tick_in(&self, label: &str, group: Option<&str>) -> Result<()> {
        let ticked = self.wait(format!("the choice “{label}”"), async || match self.field(label, group).await? {
            Some(field) => field.click().await.map(Some),
            None => Ok(None),
        });
        ticked.await
    }

    /// Presses keys where the focus is.
    pub(super) async fn keys(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// Waits until the focus is on something with this name or label.
    pub(super) async fn focus_is_on(&self, name: &str) -> Result<()> {
        let focused = "const at = document.activeElement; if (!at) return false;
            const label = at.labels?.length ? labelOf(at.labels[0]) : nameOf(at);
            return label.includes(words(arguments[0]))";
        self.until(format!("the focus on “{name}”"), async || self.is(focused, json!([name])).await).await
    }

    /// Waits until nothing is being read any more.
    pub(super) async fn settled(&self) -> Result<()> {
        self.until("a page that is read", async || self.is("return isSettled()", json!([])).await).await
    }

    /// Runs a script behind the finders.
    pub(super) async fn run(&self, script: &str, arguments: Value) -> WebDriverResult<Value> {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        let answer = self.driver.execute(format!("{FINDERS}\n{script}"), arguments).await?;
        Ok(answer.json().clone())
    }

    async fn is(&self, script: &str, arguments: Value) -> WebDriverResult<bool> {
        Ok(self.run(script, arguments).await? == Value::Bool(true))
    }

    async fn field(&self, label: &str, group: Option<&str>) -> WebDriverResult<Option<WebElement>> {
        self.first("return byLabel(arguments[0], arguments[1])", json!([label, group])).await
    }

    async fn first(&self, script: &str, arguments: Value) -> WebDriverResult<Option<WebElement>> {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        let found = self.driver.execute(format!("{FINDERS}\n{script}"), arguments).await?.elements()?;
        Ok(found.into_iter().next())
    }

    pub(super) async fn until(&self, what: impl Display, holds: impl AsyncFn() -> WebDriverResult<bool>) -> Result<()> {
        self.wait(what, async || Ok(holds().await?.then_some(()))).await
    }

    /// Tries until there is something. A page that is just being redrawn is no failure.
    async fn wait<T>(&self, what: impl Display, attempt: impl AsyncFn() -> WebDriverResult<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            match attempt().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(Error::from(error).context(format!("waiting for {what}"))),
            }
            if Instant::now() > deadline {
                bail!("waited for {what}, {} s", PATIENCE.as_secs());
            }
        }
    }

    /// Adds to a failure where the browser was and what it showed, and leaves a picture of it.
    pub(super) async fn explain(&self, journey: &str, error: Error) -> Error {
        let path = self.path().await.unwrap_or_default();
        let text = self.run("return textInSight()", json!([])).await;
        let text = text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
        let log = self.driver.browser_log().await.unwrap_or_default();
        let log: Vec<String> = log.into_iter().map(|entry| entry.message).collect();
        let picture = match self.picture(&format!("failed-{journey}")).await {
            Ok(path) => path.display().to_string(),
            Err(failure) => format!("(no picture: {failure})"),
        };
        error.context(format!(
            "journey {journey}, at {path}, see {picture}; the browser says: {}; the page reads: {text}",
            log.join("\n")
        ))
    }
}

/// Answers of 4xx and 5xx are in the log too; journeys ask for those on purpose.
fn is_fault(message: &str) -> bool {
    !message.contains("Failed to load resource")
}

/// What an element answers while the page is being redrawn around it.
fn is_passing(error: &thirtyfour::error::WebDriverError) -> bool {
    matches!(
        **error,
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
            | WebDriverErrorInner::NoSuchElement(_)
            | WebDriverErrorInner::JavascriptError(_)
    )
}
