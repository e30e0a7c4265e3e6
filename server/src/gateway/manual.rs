//! The manual of `gateway --help`.

/// The help text of `gateway --help` after the options.
pub(crate) const MANUAL: &str = "\
Requests that are passed on: GET /api/v2/ob/clusters/{id}/backup/task/restoreTasks with page, size (1 to 2000),
startTime and endTime. The gateway checks each value and writes the request anew. Nothing else reaches OCP: other
paths get 404, other methods 405, unreadable values 400. From OCP's answers, the status, the JSON, Retry-After and
RateLimit-* come back; cookies and redirects never do.

Credentials for OCP:
  --auth ak-sk    the gateway's own access key: OCP_ACCESS_KEY_ID and OCP_ACCESS_KEY_SECRET
  --auth basic    the gateway's own account: OCP_USERNAME and OCP_PASSWORD
  --auth session  each user's own OCP session: passes on the cookies JSESSIONID and SESSION, or those that
                  --session-cookie names, and no others
  An account needs no more than \"Read-only permission on cluster backup and recovery\".

Secrets come from the environment or from files: OCP_PASSWORD_FILE names the file that holds OCP_PASSWORD; the
other variables work the same way. Secrets on the command line, in --upstream or in the --config file are refused.
So is a variable that is set but empty.

Who may use the gateway:
  On loopback: every user of this machine, by a local name (localhost, 127.0.0.1, [::1], --host NAME).
  On any other address, the gateway starts only with one of these:
  OBRT_ACCESS_TOKEN (or ..._FILE), at least 16 characters: requests send it as `Authorization: Bearer TOKEN`,
    browsers as the password of HTTP Basic, with any name;
  --access-header NAME: a proxy that signs users in sets this header, and removes it from requests from outside.
    It needs --host NAME, the host name in the proxy's requests (see proxy_set_header Host).
  TLS to clients is the proxy's task; docs/deploying.md has a recipe for nginx.

Load on OCP:
  Identical requests at the same time become one. An answer is cached for --cache seconds, a failure for at least 1 s.
  At most --max-upstream requests run at one time; others wait up to 10 s.
  After a 429, or a 503 with Retry-After, everyone waits as long as it says, at most 5 minutes. With --auth session, a
  429 in OCP's own form holds back that session only.
  If OCP can't be reached, or three answers in a row fail or have status 502 to 504, one request at a time tries it
  (after 250 ms, then up to every 5 s). The others get 503 with Retry-After at once.
  Until OCP has accepted the gateway's own account, one request is sent alone. After a refusal the gateway tries again
  after 10 s, then less and less often, and after 8 refusals every 35 minutes, so that OCP does not lock the account.

Limits:
  Clients: headers up to 16 KiB and 64 fields, complete within 10 s; idle connections close after 75 s; a client must
  take its answer within 120 s.
  OCP: connection within 5 s (TLS included), first answer within 30 s, whole answer within 120 s, at most 64 MiB.
  Memory: all answers together take at most 256 MiB; beyond that 503 with Retry-After.

Monitoring:
  GET /healthz   always 200; says whether OCP was last seen up or down; no access rule
  GET /metrics   for Prometheus; under the access rule
  The log goes to standard error (--log json); RUST_LOG sets its level.
  SIGTERM ends the gateway once the answers in progress have ended, after 10 s at the latest.

The configuration file has the same names, for example:
  upstream = \"https://ocp.example.com:8080\"
  auth = \"ak-sk\"
  listen = \"127.0.0.1:8080\"
  host = [\"tasks.example.com\"]
  ca = \"/etc/obrt/ocp-ca.pem\"
  cache = 2";
