//! The device grant: the command shows an address, which a person opens elsewhere.

use std::fs::{self, File};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::browser::{Browser, Mood};
use super::{Issuer, WRONG};
use crate::Result;
use crate::peers::USER;
use crate::peers::answer::Answer;
use crate::peers::checks::Checks;
use crate::peers::send::{ACCEPTED, NO_PERSON, NO_TOKEN, Send, Sent};
use crate::peers::server::{Folder, stop};

const GRANT: &str = "device_code";

/// How long the address may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Consent, which is asked for at the pace that the server wants, none, and a wrong secret.
pub(super) fn check(checks: &mut Checks, issuer: &Issuer) {
    let send = || issuer.grants(GRANT);
    checks.check("device: agreed to, once it has slowed down", || {
        let before = issuer.count("slow_down")?;
        let sent = led(&send().args(&["--raw"]), Mood::Agrees, "device-granted")?.ends(ACCEPTED)?;
        Answer::new(200, sent.text()?).names(USER)?;
        match issuer.count("slow_down")? - before {
            1 => Ok(()),
            times => Err(format!("told to slow down {times} times").into()),
        }
    });
    checks.check("device: declined", || {
        let device = led(&send(), Mood::Declines, "device-declined")?;
        device.ends(NO_PERSON)?.says("access_denied").map(drop)
    });
    checks.check("device: nobody enters the code", || {
        let sent = send().within(3).exits(NO_PERSON)?;
        sent.says("enter the code")?
            .says("nobody consented")
            .map(drop)
    });
    checks.check("device: wrong secret", || {
        let sent = send().set("clientSecret", WRONG).exits(NO_TOKEN)?;
        sent.legs(0)?.hides(&[WRONG]).map(drop)
    });
}

/// The command as it waits, and what it has printed.
struct Device {
    child: Child,
    folder: Folder,
}

/// A command whose address is opened by a person of this mood.
fn led(send: &Send, mood: Mood, picture: &str) -> Result<Device> {
    let device = Device::start(send)?;
    Browser::new(mood, picture)?.open(&device.address()?)?;
    Ok(device)
}

impl Device {
    fn start(send: &Send) -> Result<Self> {
        let folder = Folder::new()?;
        let file = |name| File::create(folder.path().join(name));
        let mut command = send.clone().within(30).command();
        command.stdin(Stdio::null());
        let child = command
            .stdout(file("stdout")?)
            .stderr(file("stderr")?)
            .spawn()?;
        Ok(Self { child, folder })
    }

    fn printed(&self, name: &str) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join(name))?)
    }

    /// Where a person enters the code.
    fn address(&self) -> Result<String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let told = self.printed("stderr")?;
            let lines = told
                .split_inclusive('\n')
                .map(|line| line.strip_suffix('\n'));
            let mut urls = lines.filter_map(|line| line?.strip_prefix("or open "));
            if let Some(url) = urls.next() {
                return Ok(url.to_owned());
            }
            sleep(Duration::from_millis(50));
        }
        Err(format!("it shows no address: {}", self.printed("stderr")?).into())
    }

    fn ends(mut self, code: i32) -> Result<Sent> {
        let status = self.child.wait()?.code();
        let sent = Sent::new(self.printed("stdout")?, &self.printed("stderr")?);
        match status {
            Some(status) if status == code => sent,
            _ => Err(format!("exit code {status:?} in place of {code}: {:?}", sent?).into()),
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
