//! `cargo xtask demo`: the page and the companion server, running, and the address to open.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tools::system::{self, System};
use crate::{build, server};

/// Builds both, starts the server, prints the address, and waits until the server ends.
pub(crate) fn run(project: &Project, listen: SocketAddr, cluster: &str) -> Result<()> {
    if !cluster.parse::<i64>().is_ok_and(|id| id > 0) {
        bail!("--cluster takes the id of a cluster, a whole number above 0, not {cluster:?}");
    }
    // The server refuses it, but only once it is built.
    if !listen.ip().is_loopback() {
        bail!(
            "--listen takes a loopback address such as 127.0.0.1:8080, not {listen}: the demo has no sign-in, so other \
             machines must not reach it"
        );
    }
    let listen = free(listen)?;
    system::provide(&[System::C, System::Node])?;
    let binary = build_both(project)?;
    say("starting the companion server");
    let mut running = Cmd::new(binary)
        .args(["demo", "--listen", &listen.to_string(), "--dist"])
        .arg(project.dist())
        .dir(&project.root)
        .start()?;
    let printed = running
        .child
        .stdout
        .take()
        .context("the server's output cannot be read")?;
    let mut address_shown = false;
    for line in BufReader::new(printed).lines() {
        let line = line.context("the server's output cannot be read")?;
        match server::address(&line) {
            Some(address) if !address_shown => {
                println!("{}", page(address, cluster));
                say("open it in a browser; Ctrl-C ends the server");
                address_shown = true;
            }
            _ => eprintln!("{line}"),
        }
    }
    let status = running.wait()?;
    if !address_shown || !status.success() {
        bail!("the companion server ended ({status})");
    }
    Ok(())
}

/// Builds the page and the server at once: the last part of the page's takes one core only. Gives the server's binary.
fn build_both(project: &Project) -> Result<PathBuf> {
    thread::scope(|scope| {
        let server = scope.spawn(|| server::build_quietly(project));
        let page = build::build(project);
        say("waiting for the companion server, which is compiled beside the page");
        let server = server
            .join()
            .map_err(|_| anyhow!("the build of the companion server stopped"))?;
        page.and(server)
    })
}

/// The page's address, as a browser on this machine can open it.
fn page(address: &str, cluster: &str) -> String {
    let address = address.trim_end_matches('/');
    format!("{address}/?cluster-id={cluster}&url-sync=query&storage-key=demo")
}

/// The address that was asked for, or the same one with port 0 (any free port) if it is taken.
fn free(listen: SocketAddr) -> Result<SocketAddr> {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(listen),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            say(format!(
                "port {} is taken; using another that is free",
                listen.port()
            ));
            Ok(SocketAddr::new(listen.ip(), 0))
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {listen}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_an_address_that_can_be_opened() {
        assert_eq!(
            page("http://127.0.0.1:8080", "1001240"),
            "http://127.0.0.1:8080/?cluster-id=1001240&url-sync=query&storage-key=demo"
        );
        assert_eq!(
            page("http://[::1]:9/", "1"),
            "http://[::1]:9/?cluster-id=1&url-sync=query&storage-key=demo"
        );
    }

    #[test]
    fn takes_another_port_if_this_one_is_taken() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        assert_eq!(free(address).unwrap(), "127.0.0.1:0".parse().unwrap());
        drop(taken);
        assert_eq!(free(address).unwrap(), address);
    }
}
