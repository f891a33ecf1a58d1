#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, missing_docs)]
#[path = "../benches/work/jwt.rs"]
mod jwt;
#[path = "../benches/work/oauth1.rs"]
mod oauth1;
#[path = "../benches/work/limit.rs"]
mod limit;
pub(crate) struct Contender { pub(crate) name: &'static str, pub(crate) run: Box<dyn FnMut()> }
pub(crate) struct Work { pub(crate) name: &'static str, pub(crate) contenders: Vec<Contender> }
impl Work {
    fn new(name: &'static str, limit: impl FnMut() + 'static) -> Self { Self { name, contenders: Vec::new() }.with("limit", limit) }
    fn with(mut self, name: &'static str, run: impl FnMut() + 'static) -> Self { self.contenders.push(Contender { name, run: Box::new(run) }); self }
}
fn main() {
    let mut args = std::env::args().skip(1);
    let (which, n, times) = (args.next().unwrap(), args.next().unwrap().parse::<usize>().unwrap(), args.next().unwrap().parse::<usize>().unwrap());
    let mut work = if which == "jwt" { jwt::work() } else { oauth1::work() };
    let run = &mut work.contenders[n].run;
    for _ in 0..times { run(); }
}
