//! Keeping a picture of a screen, and looking it over.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::journeys::page::Page;
use crate::journeys::stage::workspace;

/// A desk and a phone.
const WIDTHS: [(u32, u32); 2] = [(1280, 900), (390, 844)];
/// WCAG 2.2, levels A and AA.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

impl Page {
    /// Keeps the screen as `<name>-<width>.png` at each width, and looks it over there: nothing that axe-core objects to,
    /// nothing that makes one scroll sideways.
    pub(super) async fn screen(&self, name: &str) -> Result<()> {
        self.settled().await?;
        for (width, height) in WIDTHS {
            let (shown_at, path) = (format!("{name} at {width} px"), format!("{name}-{width}"));
            self.resize(width, height).await?;
            self.picture(&path).await?;
            let overhang = self.run("return document.documentElement.scrollWidth - innerWidth", json!([])).await?;
            ensure!(overhang.as_i64().is_some_and(|pixels| pixels <= 0), "{shown_at} is {overhang} px too wide");
            self.look_over(&shown_at).await?;
        }
        let (width, height) = WIDTHS[0];
        self.resize(width, height).await
    }

    async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let painted = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.driver.execute_async(painted, Vec::new()).await?;
        let fits = "return innerWidth === arguments[0]";
        self.until(format!("a window of {width} px"), async || {
            Ok(self.run(fits, json!([width])).await? == Value::Bool(true))
        })
        .await
    }

    /// The whole page, also what one would have to scroll to.
    pub(super) async fn picture(&self, name: &str) -> Result<PathBuf> {
        let parameters = json!({ "format": "png", "captureBeyondViewport": true });
        let answer = self.driver.cdp().send_raw("Page.captureScreenshot", parameters).await?;
        let picture = STANDARD.decode(answer["data"].as_str().context("a picture")?)?;
        let folder = workspace().join("target/screenshots");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, picture)?;
        Ok(path)
    }

    /// Asks axe-core about the page as it is now.
    async fn look_over(&self, shown_at: &str) -> Result<()> {
        let axe = workspace().join("frontend/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&axe)
            .with_context(|| format!("{} is missing: `cargo xtask spa` installs it", axe.display()))?;
        let script = format!(
            "{axe}
            const [rules, done] = arguments;
            axe.run(document, {{ runOnly: {{ type: 'tag', values: rules }}, resultTypes: ['violations'] }}).then(
                ({{ violations }}) => done(violations.map(({{ id, impact, help, nodes }}) =>
                    `${{impact}} ${{id}}: ${{help}}\\n${{nodes.map(node => '    ' + node.html + '\\n      ' + node.failureSummary).join('\\n')}}`)),
                error => done([`axe-core failed: ${{error}}`]))"
        );
        let answer = self.driver.execute_async(script, vec![json!(RULES)]).await?;
        let objections: Vec<String> = answer.convert()?;
        ensure!(objections.is_empty(), "axe-core objects to {shown_at}:\n{}", objections.join("\n"));
        Ok(())
    }
}
