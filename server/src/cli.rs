//! The command line. The help text lists the demo clusters and the faults.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::auth::Required;
use crate::gateway::{GATEWAY_MANUAL, GatewayArgs};

/// The help text of `demo --help` after the options.
pub(crate) const MANUAL: &str = "\
The API (as in OCP V4.3.4, \"Query recovery tasks of a cluster\"):
  GET /api/v2/ob/clusters/{id}/backup/task/restoreTasks?page=1&size=20[&startTime=...][&endTime=...]
  page and size (1 to 2000) are required. startTime and endTime limit createTime, both included. They are
  ISO 8601 with an offset; write '+' as %2B. Newest first. statusDesc follows Accept-Language (en, zh-CN).

With --require-auth, each request below /api needs one of:
  a signature with the access key in OCP_ACCESS_KEY_ID and OCP_ACCESS_KEY_SECRET
    (Authorization: OCP-ACCESS-KEY-HMACSHA1 AK:signature; Date less than 15 minutes off);
  HTTP Basic with the name and password in OCP_USERNAME and OCP_PASSWORD.
  Each variable may end in _FILE and name a file with the value. Other requests get 401 with IAM10000, or with
  IAM10004 if the password is wrong.

Clusters:
  1000001  no task
  1000005  2 tasks: the documented sample
  1000009  some 200 tasks, live: a new one every 20 s; running ones go through their stages and end
  1000050  50 tasks
  1001240  1,240 tasks
  1010000  10,000 tasks, a few with ids beyond 2^53
  1100000  100,000 tasks
  1300000  300,000 tasks
  1000403  403: stands for a missing permission
  any other: 404
  The tasks of a cluster are made on the first request for it; for the largest that takes some seconds.
  Dates reach back 400 days from that moment; --db keeps the tasks for the next start.

Faults (only with --faults; otherwise these addresses are 404):
  /faults/SPEC/api/v2/...   applies SPEC to this request; use /faults/SPEC as a widget's base-url
  POST /faults              {\"spec\": \"SPEC\", \"times\": N, \"path\": \"/api/\"} applies SPEC to the next N requests,
                            page files included, whose path contains \"path\" (optional). With \"body\": \"TEXT\"
                            the answer is 200 with that text as JSON; \"spec\" is then optional
  DELETE /faults            removes what POST set
  GET /faults/log           lists the API requests: path, start, end (ms since 1970), status; maxInFlight
  DELETE /faults/log        clears the log
  POST /faults/clock        {\"offsetMs\": N} shifts the clock of the live cluster and of the answers' timestamps;
                            the log keeps the true time
  DELETE /faults/clock      returns to the true time
  SPEC is one or more items, joined by commas. Write a comma inside an item as %2C:
    latency=MS       answers MS later               stall-headers    never answers
    stall            sends headers, no body         drip=MS          sends one byte of the body each MS
    reset            resets the connection          reset-body       resets it in the middle of the body
    truncate=N       ends the body after N bytes    status=CODE      sends an error with that status
    header=NAME:VAL  adds a header                  html             sends a login page, with 200
    envelope         successful:false, with 200     empty            sends 204
    cap=N            sends at most N rows a page    ignore-paging    sends all rows on each page
    neither          leaves totalPages out          pad=BYTES        puts BYTES spaces before the body";

/// The companion server of the restore-task widget.
#[derive(Debug, Parser)]
#[command(name = "ob-restore-tasks-server", version, after_long_help = MANUAL, after_help = MANUAL)]
pub struct Cli {
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of the server.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page, and OCP's documented API with demo data (on SQLite)
    #[command(after_long_help = MANUAL, after_help = MANUAL)]
    Demo(DemoArgs),
    /// Serve the page, and pass its one request on to a real OCP
    #[command(after_long_help = GATEWAY_MANUAL, after_help = GATEWAY_MANUAL)]
    Gateway(GatewayArgs),
}

/// Options of the demo.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Address to listen on, loopback only; port 0 picks a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// SQLite file that keeps the generated data; without it the data is in memory
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Folder of the page [default: the page in this binary if it was built with one, else dist]
    #[arg(long, value_name = "DIR")]
    pub dist: Option<PathBuf>,
    /// Allow requests to set faults (see below)
    #[arg(long)]
    pub faults: bool,
    /// Require a signature or a password, as OCP does (see below)
    #[arg(long)]
    pub require_auth: bool,
    /// The required credentials; read from the environment if not set.
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
