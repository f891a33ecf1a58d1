//! [`Open`], what opens an address.

use std::env;
use std::io;

use countersign_token::BoxFuture;

/// Opens an address in a browser.
pub trait Open: Send + Sync + 'static {
    /// Opens `url`; returns once the browser was told, not once it is closed.
    ///
    /// # Errors
    ///
    /// That there is none.
    fn open(&self, url: &str) -> BoxFuture<'static, io::Result<()>>;
}

/// The browser that the person chose in the system, or by the variable `BROWSER`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser;

impl Open for SystemBrowser {
    fn open(&self, url: &str) -> BoxFuture<'static, io::Result<()>> {
        let url = url.to_owned();
        Box::pin(async move {
            if has_no_display() {
                return Err(io::ErrorKind::NotFound.into());
            }
            let opened = tokio::task::spawn_blocking(move || open(&url)).await;
            opened.unwrap_or_else(|error| Err(io::Error::other(error)))
        })
    }
}

fn open(url: &str) -> io::Result<()> {
    let mut options = webbrowser::BrowserOptions::new();
    options.with_suppress_output(true);
    webbrowser::open_browser_with_options(webbrowser::Browser::Default, url, &options)
}

/// A browser that is started without a display ends at once, and nobody would know.
fn has_no_display() -> bool {
    let shows = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];
    cfg!(target_os = "linux") && shows.iter().all(|name| env::var_os(name).is_none())
}

impl<F> Open for F
where
    F: Fn(&str) -> io::Result<()> + Send + Sync + 'static,
{
    fn open(&self, url: &str) -> BoxFuture<'static, io::Result<()>> {
        Box::pin(std::future::ready(self(url)))
    }
}
