//! The manual of `demo --help`: the API, the clusters and the faults.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{data, faults};

    #[test]
    fn the_manual_names_every_cluster_and_fault() {
        for cluster in data::CLUSTERS {
            assert!(MANUAL.contains(&cluster.id.to_string()), "{}", cluster.id);
        }
        for item in faults::ITEMS {
            assert!(MANUAL.contains(item), "{item}");
        }
    }
}
