use std::net::{IpAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;
use clap::Args;
use mamis_api::{HttpConfig, Spa};
use mamis_usecases::identity::TokenKeys;
use mamis_usecases::{App, AppConfig, AttachmentStore, SystemClock};
use mamis_worker::PostOffice;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, joint_use};
use crate::database::Database;
use crate::demo;
use crate::say::say;

/// How to serve.
#[derive(Args)]
pub(crate) struct ServeArgs {
    /// The address to listen at.
    #[arg(long, default_value = "127.0.0.1", env = "MAMIS_BIND")]
    bind: IpAddr,
    /// The port to listen at; 0 takes a free one.
    #[arg(long, default_value_t = 8080, env = "MAMIS_PORT")]
    port: u16,
    /// The built front end.
    #[arg(long, default_value = "frontend/dist", env = "MAMIS_SPA_DIR")]
    spa_dir: PathBuf,
    /// Fills an empty installation with a demonstration and prints its log-ins.
    #[arg(long)]
    demo: bool,
    /// Where the demonstration's reference data lie.
    #[arg(long, default_value = "reference", env = "MAMIS_REFERENCE_DIR")]
    reference_dir: PathBuf,
    /// The address people use, `https://…` in production: cookies then travel over TLS alone.
    #[arg(long, default_value = "http://localhost:8080", env = "MAMIS_PUBLIC_URL")]
    public_url: String,
}

pub(crate) async fn run(config: &Config, args: &ServeArgs) -> anyhow::Result<()> {
    log_as_json();
    let listener = TcpListener::bind((args.bind, args.port))
        .with_context(|| format!("listening at {}:{}", args.bind, args.port))?;
    let database = Database::open(config).await?;
    let demonstrated = args.demo && demo::prepare(&database, &args.reference_dir).await?;
    let secret = secret(&config.data_dir)?;
    let file = &config.file;
    let default = AppConfig::default();
    let app_config = AppConfig {
        access_token_seconds: file.access_token_seconds.unwrap_or(default.access_token_seconds).min(900),
        session_days: file.session_days.unwrap_or(default.session_days),
        hashing_at_once: file.hashing_at_once.unwrap_or(default.hashing_at_once),
        joint_use: joint_use(file)?,
        public_url: args.public_url.trim_end_matches('/').to_owned(),
        attachments: attachments(config)?,
        second_factor_from: match file.second_factor_from {
            Some(configured) => configured.0,
            // The demonstration's clerks show everything by password, and say so.
            None if demonstrated => None,
            None => default.second_factor_from,
        },
        letter_days: file.letter_days.unwrap_or(default.letter_days),
        export_holds: file.export_hours.map_or(default.export_holds, |hours| TimeDelta::hours(i64::from(hours))),
    };
    let app = Arc::new(App::new(database.store()?, Arc::new(SystemClock), TokenKeys::from_secret(&secret), app_config));
    let spa = load_spa(&args.spa_dir);
    let http = HttpConfig {
        workers: file.workers,
        secure_cookies: args.public_url.starts_with("https://"),
        behind_proxy: file.behind_proxy.unwrap_or(false),
    };
    let (server, handle, address) = mamis_api::start(Arc::clone(&app), http, spa, listener)?;
    let (stop, stopped) = watch::channel(false);
    let post = post_office(config, &args.public_url)?;
    let worker = tokio::spawn(mamis_worker::run(Arc::clone(&app), post, stopped));
    say!("MAMIS: http://{address}/  (API: http://{address}/api/docs/)");
    if demonstrated {
        demo::print_log_ins(app.config.second_factor_from.is_none());
    }
    tokio::task::spawn_local(async move {
        if until_told_to_stop().await.is_ok() {
            tracing::info!("stopping: open requests may finish");
            handle.stop(true).await;
        }
    });
    server.await.context("serving")?;
    // The worker writes what is still waiting, before the database goes.
    let _ = stop.send(true);
    worker.await.context("the worker")?;
    database.close();
    tracing::info!("stopped");
    Ok(())
}

/// Where mail goes: to the SMTP server that is configured, else into files below the data folder.
fn post_office(config: &Config, public_url: &str) -> anyhow::Result<PostOffice> {
    let host = public_url.split("//").last().unwrap_or_default().split([':', '/']).next().unwrap_or_default();
    let from = config.file.mail_from.clone().unwrap_or_else(|| format!("MAMIS <no-reply@{host}>"));
    let folder = config.data_dir.join("mail");
    let Some(url) = &config.smtp_url else {
        say!("mail is kept in {} (set MAMIS_SMTP_URL to send it)", folder.display());
        return PostOffice::folder(folder, &from, host);
    };
    PostOffice::smtp(url, &from, host)
}

async fn until_told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn load_spa(folder: &Path) -> Option<Spa> {
    match Spa::load(folder) {
        Ok(spa) => Some(spa),
        Err(error) => {
            say!("the front end is not served: {}: {error}", folder.display());
            None
        }
    }
}

/// Where the files of cases lie.
fn attachments(config: &Config) -> anyhow::Result<AttachmentStore> {
    let folder = config.data_dir.join("attachments");
    let megabytes = config.file.largest_attachment_mib.map(|mib| u64::from(mib) * 1024 * 1024);
    let largest = megabytes.unwrap_or(AttachmentStore::LARGEST);
    AttachmentStore::local(&folder, largest).with_context(|| format!("using {}", folder.display()))
}

/// The installation's secret: from the environment, else made once in the data folder.
pub(crate) fn secret(data_dir: &Path) -> anyhow::Result<Vec<u8>> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    const SHORTEST: usize = 32;
    if let Ok(text) = std::env::var("MAMIS_TOKEN_SECRET") {
        anyhow::ensure!(text.len() >= SHORTEST, "MAMIS_TOKEN_SECRET needs {SHORTEST} characters or more");
        return Ok(text.into_bytes());
    }
    let path = data_dir.join("token.secret");
    if let Ok(found) = std::fs::read(&path)
        && found.len() >= SHORTEST
    {
        return Ok(found);
    }
    let mut fresh = vec![0_u8; SHORTEST];
    getrandom::fill(&mut fresh).map_err(|error| anyhow::anyhow!("the random source failed: {error}"))?;
    std::fs::create_dir_all(data_dir)?;
    let mut file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?;
    file.write_all(&fresh)?;
    Ok(fresh)
}

fn log_as_json() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = subscriber.try_init();
}
