//! The command line. Its help is the manual: the clusters that can be asked for, and how to spoil answers.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::auth::Required;
use crate::gateway::{GATEWAY_MANUAL, GatewayArgs};

/// What `demo --help` says beyond the options.
pub(crate) const MANUAL: &str = "\
The API (as in OCP V4.3.4, \"Query recovery tasks of a cluster\"):
  GET /api/v2/ob/clusters/{id}/backup/task/restoreTasks?page=1&size=20[&startTime=...][&endTime=...]
  page and size (1 to 2000) are required. The times are ISO 8601 with an offset ('+' as %2B); both
  bounds are inclusive and bound createTime. Newest first. statusDesc follows Accept-Language (en, zh-CN).

With --require-auth each request below /api must be signed with the access key in OCP_ACCESS_KEY_ID and
OCP_ACCESS_KEY_SECRET (Authorization: OCP-ACCESS-KEY-HMACSHA1 AK:signature, Date within 15 minutes), or
bring the name and password in OCP_USERNAME and OCP_PASSWORD by HTTP Basic; each variable also as ..._FILE,
the name of a file. What is refused is 401, IAM10000 or (a wrong password) IAM10004.

Clusters:
  1000001  no task
  1000005  2 tasks: the documented sample
  1000009  some 200 tasks, live: a new one every 20 s; running ones go through their stages and end
  1000050  50 tasks
  1001240  1,240 tasks
  1010000  10,000 tasks, a few with ids beyond 2^53
  1100000  100,000 tasks
  1300000  300,000 tasks, made when they are first asked for (some seconds)
  1000403  403: stands for a missing permission
  any other: 404
  Dates reach back 400 days from the moment of generation; with --db that is the file's first use.

Faults (only with --faults; otherwise these addresses are 404):
  /faults/SPEC/api/v2/...   this one request; so /faults/SPEC serves as a widget's base-url
  POST /faults              {\"spec\": \"SPEC\", \"times\": N, \"path\": \"/api/\"} spoils the next N requests (page's
                            files included) whose path contains `path` (optional); \"body\": \"TEXT\" answers
                            with that text, as JSON with 200, and needs no spec
  DELETE /faults            forgets what POST asked for
  GET /faults/log           the API requests so far: path, start, end (ms since 1970), status; maxInFlight
  DELETE /faults/log        starts the log anew
  POST /faults/clock        {\"offsetMs\": N} shifts the clock that the live cluster and the answers' timestamps go by;
                            the log keeps the true time
  DELETE /faults/clock      goes by the true time again
  SPEC is one or more items joined by commas; %2C stands for a comma within an item:
    latency=MS       answers MS later               stall-headers    never answers
    stall            headers, then nothing          drip=MS          one byte of the body each MS
    reset            resets the connection          reset-body       resets it halfway through the body
    truncate=N       body ends after N bytes        status=CODE      error envelope with that status
    header=NAME:VAL  adds a header                  html             a login page, with 200
    envelope         successful:false, with 200     empty            204
    cap=N            serves at most N rows a page   ignore-paging    serves everything on each page
    neither          leaves totalPages out          pad=BYTES        so many spaces before the body";

/// The companion server of the restore-task widget.
#[derive(Debug, Parser)]
#[command(name = "ob-restore-tasks-server", version, after_long_help = MANUAL, after_help = MANUAL)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the server can be.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the documented API on SQLite, with demo data, and the page
    #[command(after_long_help = MANUAL, after_help = MANUAL)]
    Demo(DemoArgs),
    /// Serve the page, and pass its one request on to a real OCP
    #[command(after_long_help = GATEWAY_MANUAL, after_help = GATEWAY_MANUAL)]
    Gateway(GatewayArgs),
}

/// How to serve the demo.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Address to listen on, loopback only; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// SQLite file for the data, generated once and used again; in memory without it
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Folder of the page [default: the page within this binary if it was built with one, else dist]
    #[arg(long, value_name = "DIR")]
    pub dist: Option<PathBuf>,
    /// Let requests ask for faults (see below)
    #[arg(long)]
    pub faults: bool,
    /// Ask for a signature or a password, as OCP does (see below)
    #[arg(long)]
    pub require_auth: bool,
    /// What is asked for then; without it the environment says so.
    #[arg(skip)]
    pub required: Option<Required>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_manual_names_every_cluster_and_fault() {
        for cluster in crate::demo::CLUSTERS {
            assert!(MANUAL.contains(&cluster.id.to_string()), "{}", cluster.id);
        }
        for item in crate::faults::ITEMS {
            assert!(MANUAL.contains(item), "{item}");
        }
    }
}
