use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use mamis_api::{HttpConfig, Spa};
use mamis_usecases::App;

/// The real server on a free port, on a thread of its own: what it runs stays on its thread, as in production.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(app: Arc<App>, spa: Option<Spa>, listener: TcpListener) -> Self {
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let config = HttpConfig { workers: Some(2), secure_cookies: false, behind_proxy: false };
                let (server, handle, address) =
                    mamis_api::start(app, config, spa, listener).expect("starting the server");
                tell.send((handle, address)).expect("the test waits for its server");
                server.await.expect("serving");
            });
        });
        let (handle, address) = told.recv().expect("the server starts");
        Self { address, handle, thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The order is given at once; waiting for it is the thread's business.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
