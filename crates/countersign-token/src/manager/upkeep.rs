//! What a manager does to its token beside fetching it. Each runs in a task of its own, so that nobody can stop it
//! halfway.

use std::future::Future;
use std::sync::Arc;

use countersign_core::{Error, ErrorKind};

use super::{Held, Manager, Shared};
use crate::refused::{Refused, RefusedKind};
use crate::settings::Change;
use crate::token::Token;

impl Manager {
    /// Stores and uses `token`, which came from elsewhere.
    ///
    /// # Errors
    ///
    /// That it could not be stored; then it is not used.
    pub async fn set(&self, token: Token) -> Result<Arc<Held>, Refused> {
        let shared = Arc::clone(&self.0);
        self.apart(async move {
            let mut lease = shared.store.lock(shared.source.key().id()).await?;
            let entry = shared.entry(lease.get().await?, token.clone());
            lease.put(entry).await?;
            shared.tell(Change::Obtained(&token));
            let held = shared.ready(Held::new(token, &shared.settings));
            shared.state().set(&held);
            Ok(held)
        })
        .await
    }

    /// Deletes the token, here and in the store, and does not tell the server.
    ///
    /// # Errors
    ///
    /// That the store could not be changed.
    pub async fn delete(&self) -> Result<(), Refused> {
        let shared = Arc::clone(&self.0);
        self.apart(async move {
            let mut lease = shared.store.lock(shared.source.key().id()).await?;
            lease.delete().await?;
            shared.remove();
            Ok(())
        })
        .await
    }

    /// Revokes the token at the server (RFC 7009) and deletes it. Without a token there is nothing to do.
    ///
    /// # Errors
    ///
    /// That the server did not revoke it, or the store could not be changed; then it is kept.
    pub async fn revoke(&self) -> Result<(), Refused> {
        let shared = Arc::clone(&self.0);
        self.apart(async move {
            let mut lease = shared.store.lock(shared.source.key().id()).await?;
            if let Some(entry) = shared.newest(lease.get().await?) {
                shared.source.revoke(entry.token).await?;
                lease.delete().await?;
            }
            shared.remove();
            Ok(())
        })
        .await
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refused>> + Send + 'static,
    ) -> Result<T, Refused> {
        let done = self.0.runtime()?.spawn(work).await;
        done.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Shared {
    fn remove(&self) {
        self.state().drop_token();
        self.tell(Change::Removed);
    }
}

fn stopped() -> Refused {
    let message = "changing the token was ended before its end; look what is stored and try again";
    Refused::new(RefusedKind::Stopped, Error::new(ErrorKind::Fetch, message))
}
