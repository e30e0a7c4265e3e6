//! Error messages of failed restores as the kernel writes them: `MODULE : NAME(code) on "ip:port" with
//! traceid Y…`, often surrounded by log text, and sometimes something else.

use super::rng::Rng;

/// Names and codes as in the kernel's `ob_errno`.
const ERRORS: &[(&str, i32)] = &[
    ("OB_ENTRY_NOT_EXIST", -4018),
    ("OB_IO_ERROR", -4009),
    ("OB_TIMEOUT", -4012),
    ("OB_ALLOCATE_MEMORY_FAILED", -4013),
    ("OB_CHECKSUM_ERROR", -4103),
    ("OB_ERR_UNEXPECTED", -4016),
    ("OB_EAGAIN", -4023),
    ("OB_DISCONTINUOUS_LOG", -4028),
    ("OB_TENANT_OUT_OF_MEM", -4030),
    ("OB_NOT_MASTER", -4038),
    ("OB_BACKUP_FILE_NOT_EXIST", -9011),
    ("OB_BACKUP_PERMISSION_DENIED", -9071),
    ("OB_IO_LIMIT", -9061),
];

const FREE: &[&str] = &[
    "restore tenant failed: the resource pool list is empty",
    "恢复任务被用户取消",
    "java.net.SocketTimeoutException: connect timed out",
    "Failed to create the tenant; see the job log in OCP.",
    "ERROR 1235 (0A000): Not supported feature or function",
];

const LOG: &[&str] = &[
    "fail to get restore piece info, piece_id=",
    "read single file failed, path=oss://bkt/prod/clog/1_1_1?access_key=K3yInsideTheLog, offset=",
    "restore job fail, will be moved to history, job_id=",
    "failed to schedule restore task, tenant_id=",
    "log group entry is not continuous, start_lsn=",
    "macro block checksum mismatch, macro_id=",
    "备份文件读取失败, file_id=",
    "<replica is not ready & will retry>, retry_count=",
];

/// The message of a failure, of at most `limit` characters.
pub(super) fn message(rng: &mut Rng, limit: usize) -> String {
    if rng.once_in(12) {
        return rng.pick(FREE).to_owned();
    }
    let kernel = kernel(rng);
    let length = usize::try_from(rng.spread(200, 4000)).unwrap_or(200).min(limit);
    // The kernel's line is alone, as in the documented sample, or first, or inside log text.
    match rng.below(10) {
        0..=2 => kernel,
        3..=7 => {
            let mut text = kernel;
            text.push_str("; ");
            fill(rng, text, length)
        }
        _ => {
            let before = length / 3;
            let mut text = fill(rng, String::new(), before.min(limit.saturating_sub(200)));
            text.push('\n');
            text.push_str(&kernel);
            text.push('\n');
            fill(rng, text, length)
        }
    }
}

/// The kernel's own line. The trace id encodes the server's port and address.
fn kernel(rng: &mut Rng) -> String {
    let module = rng.pick(&["CLOG", "STORAGE", "ROOTSERVICE"]);
    let at = usize::try_from(rng.below(ERRORS.len() as u64)).unwrap_or(0);
    let (name, code) = ERRORS.get(at).copied().unwrap_or(("OB_ERR_UNEXPECTED", -4016));
    let ip = [10, 20 + rng.below(4), rng.below(256), 1 + rng.below(254)]
        .map(|part| u8::try_from(part).unwrap_or(1));
    let port: u16 = if rng.once_in(8) { 3882 } else { 2882 };
    let [a, b, c, d] = ip;
    let sequence = 0x0005_0000_0000_0000 | (rng.next() & 0x000F_FFFF_FFFF_FFFF);
    format!(
        "{module} : {name}({code}) on \"{a}.{b}.{c}.{d}:{port}\" with traceid Y{port:X}{:08X}-{sequence:016X}",
        u32::from_be_bytes(ip)
    )
}

/// Appends log text until the length is reached.
fn fill(rng: &mut Rng, mut text: String, length: usize) -> String {
    let mut count = text.chars().count();
    while count < length {
        let piece = format!(
            "{}{}, ret=-{}; ",
            rng.pick(LOG),
            rng.below(1_000_000),
            4000 + rng.below(200)
        );
        for c in piece.chars().take(length - count) {
            text.push(c);
            count += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn trace_ids_decode_to_the_server_and_lengths_hold() {
        let (mut formed, mut free, mut longest) = (0, 0, 0);
        for seed in 0..2000 {
            let limit = if seed % 2 == 0 { 1024 } else { 4096 };
            let text = message(&mut Rng::new(seed), limit);
            let length = text.chars().count();
            assert!(length <= limit, "{length}");
            longest = longest.max(length);
            let Some((before, trace)) = text.split_once("\" with traceid Y") else {
                free += 1;
                continue;
            };
            formed += 1;
            let server = before.rsplit('"').next().unwrap();
            let (port, rest) = trace.split_at(3);
            let ip = u32::from_str_radix(&rest[..8], 16).unwrap();
            let decoded = format!(
                "{}:{}",
                std::net::Ipv4Addr::from(ip),
                u16::from_str_radix(port, 16).unwrap()
            );
            assert_eq!(decoded, server);
        }
        assert!(
            formed > 1700 && free > 80 && longest > 3500,
            "{formed} {free} {longest}"
        );
    }
}
