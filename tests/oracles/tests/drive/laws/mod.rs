//! What holds for any scheme, any answers and any redirects. The fuzz target `drive` runs the same laws.

mod body;
mod check;
mod draw;
mod fickle;
mod server;
mod stack;

use draw::Draw;

/// How many requests one input makes at most.
const REQUESTS: usize = 4;

/// Lets a client make requests; every choice of the client, its scheme and the server is a byte of the input. Behind
/// its end every byte is 0, with which a server refuses for ever.
pub(crate) fn hold(bytes: &[u8]) {
    let draw = Draw::new(bytes);
    let mut stack = stack::Stack::new(&draw);
    for _ in 0..=draw.below(REQUESTS) {
        let asked = stack::Asked::new(&draw);
        let outcome = stack.send(&asked);
        check::request(&stack, &asked, &outcome);
    }
    check::counts(&stack.server.log());
}
