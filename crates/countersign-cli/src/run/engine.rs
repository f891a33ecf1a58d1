//! [`Engine`], the order in which requests go out, and what ends them.

use std::future::Future;

use countersign_postman::{Item, Prepared, Variables};

use super::clock::{Clock, Late};
use super::one;
use super::outcome::{End, Outcome, Summary};
use super::plan::Plan;
use super::profile::Profile;
use super::report::Reports;
use crate::args::RunArgs;
use crate::collection::Source;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::tokens::Person;

/// What becomes of requests that are ready.
pub(super) trait Way {
    /// Has it its way, and notes how it ended.
    fn go(
        &mut self,
        prepared: Prepared,
        profile: &Profile,
        outcome: &mut Outcome,
    ) -> impl Future<Output = ()>;
}

/// Everything that a run needs.
pub(super) struct Engine<'a> {
    pub(super) args: &'a RunArgs,
    pub(super) source: &'a Source,
    pub(super) plan: &'a Plan<'a>,
    pub(super) person: &'a Person,
    pub(super) clock: Clock,
    pub(super) reports: &'a mut Reports,
}

/// Why no more requests are begun.
enum Stop {
    Interrupted,
    Late,
    Failed,
}

impl Engine<'_> {
    /// All of it, until the end or something that ends it.
    pub(super) async fn run<W: Way>(&mut self, way: &mut W) -> Summary {
        let mut summary = Summary::default();
        let interrupted = std::pin::pin!(interrupt::interrupted());
        let stop = tokio::select! {
            biased;
            () = interrupted => Some(Stop::Interrupted),
            stop = self.all(way, &mut summary) => stop,
        };
        match stop {
            Some(Stop::Interrupted) => {
                summary.interrupted = true;
                summary.worsen(Exit::Interrupted);
            }
            Some(Stop::Late) => summary.worsen(Exit::Transport),
            Some(Stop::Failed) | None => {}
        }
        let done = summary.done();
        summary.left = self.plan.len() - done;
        summary.took = self.clock.elapsed();
        summary
    }

    async fn all<W: Way>(&mut self, way: &mut W, summary: &mut Summary) -> Option<Stop> {
        for (row, data) in self.plan.rows.iter().enumerate() {
            let variables = self.source.variables.clone().data(data.clone());
            for item in &self.plan.items {
                if let Err(stop) = self.pause(summary).await {
                    return Some(stop);
                }
                if let Err(stop) = self.one(*item, row + 1, &variables, way, summary).await {
                    return Some(stop);
                }
            }
        }
        None
    }

    /// Waits between two requests.
    async fn pause(&self, summary: &Summary) -> Result<(), Stop> {
        let delay = self.args.delay.filter(|_| summary.done() > 0);
        let sleep = tokio::time::sleep(delay.unwrap_or_default());
        let slept = self.clock.within(None, async {
            if delay.is_some() {
                sleep.await;
            }
        });
        slept.await.map_err(|_| Stop::Late)
    }

    async fn one<W: Way>(
        &mut self,
        item: Item<'_>,
        iteration: usize,
        variables: &Variables,
        way: &mut W,
        summary: &mut Summary,
    ) -> Result<(), Stop> {
        let mut outcome = one::unknown(item, iteration);
        self.reports.starting(&outcome.name, summary.done() + 1);
        let begin = self.clock.elapsed();
        let visit = one::visit(self.source, item, variables, way, &mut outcome);
        let visited = self.clock.within(self.args.timeout_request, visit).await;
        if let Err(late) = visited {
            outcome.end = End::Failed(self.late(late));
        }
        outcome.took = self.clock.elapsed().saturating_sub(begin);
        summary.add(&outcome);
        self.reports.done(&outcome);
        match visited {
            Err(Late::Run) => Err(Stop::Late),
            _ if self.args.bail && outcome.exit() != Exit::Accepted => Err(Stop::Failed),
            _ => Ok(()),
        }
    }

    fn late(&self, late: Late) -> Failure {
        match late {
            _ if self.person.is_awaited() => Failure::nobody(),
            Late::Run => Failure::timeout(),
            Late::Request => Failure::slow(),
        }
    }
}
