//! What is measured: for each work the limit, then this project, then its peers.

mod digest;
mod edgegrid;
mod hawk;
mod header;
mod jwt;
mod layer;
mod limit;
mod loopback;
mod ntlm;
mod oauth1;
mod sigv4;

/// One way of doing a work; `run` does it once.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut()>,
}

/// Ways of doing the same; the first is the limit that the others are held against.
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) contenders: Vec<Contender>,
}

impl Work {
    fn new(name: &'static str, limit: impl FnMut() + 'static) -> Self {
        let work = Self {
            name,
            contenders: Vec::new(),
        };
        work.with("limit", limit)
    }

    fn with(mut self, name: &'static str, run: impl FnMut() + 'static) -> Self {
        let run = Box::new(run);
        self.contenders.push(Contender { name, run });
        self
    }
}

/// Everything that is measured.
pub(crate) fn all() -> Vec<Work> {
    let signed = digest::works().into_iter().chain(sigv4::works());
    let signed = signed.chain([oauth1::work(), hawk::work(), edgegrid::work(), jwt::work()]);
    let signed = signed.chain([ntlm::work()]);
    let computed = signed.chain(header::works());
    let carried = layer::works().into_iter().chain(loopback::works());
    computed.chain(carried).collect()
}
