//! The options of `demo`.

use std::path::PathBuf;

use clap::Args;

use super::sign_in::RequiredSignIn;

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
    pub required: Option<RequiredSignIn>,
}
