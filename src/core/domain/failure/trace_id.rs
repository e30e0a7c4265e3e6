//! Trace ids: decodes the server in an id, and makes the command that finds the id in a log.
//!
//! The layout is that of `deps/oblib/src/lib/profile/ob_trace_id.h` in oceanbase/oceanbase. An id has
//! four 64-bit numbers: the address, a sequence, and the two halves of an IPv6 address. The first one
//! holds the IPv4 address in bits 0 to 31, the port in bits 32 to 47, a flag for a user's request in bit
//! 48, and a flag for IPv6 in bit 49.
//!
//! | kernel | written as |
//! |---|---|
//! | to 3.x | `Y` address `-` sequence |
//! | 4.x | `Y` address `-` sequence `-` low `-` high |
//! | newer, IPv6 only | `Z` upper half of the address `-` sequence `-` low `-` high |

const IPV6: u64 = 1 << 49;

/// Where the servers of a usual installation write their logs (oceanbase-doc, “Physical restore
/// failures”).
const LOGS: &str = "/home/admin/oceanbase/log/";

/// The server that created the id, as the kernel writes it: `172.30.85.172:2882` or
/// `[fe80:0:0:0:0:0:0:1]:2882`. `None` if the id is malformed or holds no address.
pub fn server_of(trace_id: &str) -> Option<String> {
    let (kind, parts) = parts(trace_id)?;
    let [Some(first), Some(sequence), low, high] = parts else {
        return None;
    };
    let address = if kind == b'Z' {
        Some(first).filter(|first| *first <= u64::from(u32::MAX))? << 32
    } else {
        first
    };
    let port = address >> 32 & 0xffff;
    // An id that was never set has the sequence 0 (`is_invalid`).
    if sequence == 0 || port == 0 {
        return None;
    }
    let mut out = String::with_capacity(24);
    if address & IPV6 != 0 {
        let (low, high) = (low?, high?);
        // The halves are the bytes of the address as read by a little-endian machine.
        let (high, low) = (high.swap_bytes(), low.swap_bytes());
        if high | low == 0 {
            return None;
        }
        for group in 0..8 {
            let half = if group < 4 { high } else { low };
            out.push(if group == 0 { '[' } else { ':' });
            push(&mut out, half >> (48 - 16 * (group % 4)) & 0xffff, 16);
        }
        out.push(']');
    } else {
        let ip = address & u64::from(u32::MAX);
        if kind == b'Z' || ip == 0 {
            return None;
        }
        for byte in 0..4 {
            if byte > 0 {
                out.push('.');
            }
            push(&mut out, ip >> (24 - 8 * byte) & 0xff, 10);
        }
    }
    out.push(':');
    push(&mut out, port, 10);
    Some(out)
}

/// A shell command that finds the id in a server's logs. `None` if the id is malformed: it comes from an
/// untrusted message, and a person pastes the command into a shell.
pub fn log_search(trace_id: &str) -> Option<String> {
    parts(trace_id)?;
    let mut out = String::with_capacity(128);
    out.push_str("grep '");
    out.push_str(trace_id);
    out.push('\'');
    // No braces, since not all shells expand them. The star covers older files, which have a time in
    // their names.
    for file in ["observer.log*", "rootservice.log*"] {
        out.push(' ');
        out.push_str(LOGS);
        out.push_str(file);
    }
    Some(out)
}

/// The trace id at the start of the text.
pub(super) fn leading(text: &str) -> Option<&str> {
    let end = text
        .bytes()
        .position(|b| !b.is_ascii_alphanumeric() && b != b'-')
        .unwrap_or(text.len());
    let id = &text[..end];
    parts(id).map(|_| id)
}

/// The letter of an id and its two to four numbers. All are hexadecimal, so a shell sees nothing but a
/// plain word. An id that was cut off in its sequence still names its server, and the rest of it can be
/// found in a log.
fn parts(id: &str) -> Option<(u8, [Option<u64>; 4])> {
    let kind = *id.as_bytes().first()?;
    if kind != b'Y' && kind != b'Z' {
        return None;
    }
    let mut numbers = [None; 4];
    let mut count = 0;
    for part in id[1..].split('-') {
        *numbers.get_mut(count)? = Some(hexadecimal(part)?);
        count += 1;
    }
    (count >= 2).then_some((kind, numbers))
}

/// (The standard parser accepts signs as well.)
fn hexadecimal(part: &str) -> Option<u64> {
    if part.is_empty() || part.len() > 16 {
        return None;
    }
    let mut number = 0;
    for digit in part.chars() {
        number = number << 4 | u64::from(digit.to_digit(16)?);
    }
    Some(number)
}

/// Writes a number of at most 16 bits. (The standard formatter is much larger.)
fn push(out: &mut String, number: u64, radix: u32) {
    let base = u64::from(radix);
    if number >= base {
        push(out, number / base, radix);
    }
    let digit = u32::try_from(number % base).unwrap_or(0);
    out.push(char::from_digit(digit, radix).unwrap_or('0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_give_their_server() {
        let table = [
            // From the documentation's example, which masks the address in the message but not in the id.
            ("YB42AC1E55AC-0005CB53B2946DFF", Some("172.30.85.172:2882")),
            // From oceanbase-doc: three ids of 4.x, one of them with a shortened sequence.
            ("YB42C0A80C44-0005F637014C8DE6-0-0", Some("192.168.12.68:2882")),
            ("YFA00BA2D905-0005E5DEE6A2294E-0-0", Some("11.162.217.5:4000")),
            ("YFA40BA2D90B-005FA487348F363-0-0", Some("11.162.217.11:4004")),
            // A user's request, and higher bits, which newer kernels use for statements and tasks.
            ("Y10B42AC1E55AC-0005CB53B2946DFF", Some("172.30.85.172:2882")),
            (
                "YFFFD0B42AC1E55AC-0005CB53B2946DFF-0-0",
                Some("172.30.85.172:2882"),
            ),
            ("YFFFFFFFFFFFF-0000000000000001", Some("255.255.255.255:65535")),
            ("Y101000001-0000000000000001", Some("1.0.0.1:1")),
            ("Yb42ac1e55ac-0005cb53b2946dff", Some("172.30.85.172:2882")),
            // fe80::1 and 2001:db8:1:2::a0b, in both forms of an IPv6 id.
            (
                "Y20B4200000000-0005CB53B2946DFF-100000000000000-80fe",
                Some("[fe80:0:0:0:0:0:0:1]:2882"),
            ),
            (
                "Z20B42-0005CB53B2946DFF-100000000000000-80fe",
                Some("[fe80:0:0:0:0:0:0:1]:2882"),
            ),
            (
                "Z30B42-0005CB53B2946DFF-b0a000000000000-2000100b80d0120",
                Some("[2001:db8:1:2:0:0:0:a0b]:2882"),
            ),
            // Cut off, but the server is still complete.
            ("YB42AC1E55AC-0005", Some("172.30.85.172:2882")),
            ("YB42AC1E55AC-0005CB53B2946DFF-0", Some("172.30.85.172:2882")),
            // Never set; without an address, port or sequence; an IPv6 id without its address.
            ("Y0-0000000000000000-0-0", None),
            ("YB4200000000-0005CB53B2946DFF", None),
            ("YAC1E55AC-0005CB53B2946DFF", None),
            ("YB42AC1E55AC-0000000000000000", None),
            ("Y20B4200000000-0005CB53B2946DFF", None),
            ("Y20B4200000000-0005CB53B2946DFF-100000000000000", None),
            ("Z20B42-0005CB53B2946DFF-0-0", None),
            ("Z0B42-0005CB53B2946DFF-100000000000000-80fe", None),
            ("Z120B42AC1-0005CB53B2946DFF-100000000000000-80fe", None),
            // Not an id.
            ("", None),
            ("Y", None),
            ("Y-", None),
            ("YB42AC1E55AC", None),
            ("YB42AC1E55AC-", None),
            ("Y-0005CB53B2946DFF", None),
            ("yB42AC1E55AC-0005CB53B2946DFF", None),
            ("YB42AC1E55AG-0005CB53B2946DFF", None),
            ("Y+B42AC1E55AC-0005CB53B2946DFF", None),
            ("YB42AC1E55AC-0005CB53B2946DFF-0-0-0", None),
            ("Y0000B42AC1E55AC0-00005CB53B2946DFF", None),
            ("YB42AC1E55AC-0005CB53B2946DFF ", None),
            ("Ｙ-１", None),
        ];
        for (id, want) in table {
            assert_eq!(server_of(id).as_deref(), want, "{id}");
        }
    }

    #[test]
    fn every_address_comes_back() {
        for (ip, port) in [
            ([10, 0, 0, 1], 2882),
            ([127, 0, 0, 1], 1),
            ([1, 20, 200, 255], 65535_u16),
        ] {
            let id = format!("Y{port:X}{:08X}-0005CB53B2946DFF", u32::from_be_bytes(ip));
            let [a, b, c, d] = ip;
            assert_eq!(server_of(&id), Some(format!("{a}.{b}.{c}.{d}:{port}")));
        }
        let ip: [u8; 16] = std::array::from_fn(|at| u8::try_from(at * 16 + 1).unwrap_or(0));
        let (mut high, mut low) = ([0; 8], [0; 8]);
        high.copy_from_slice(&ip[..8]);
        low.copy_from_slice(&ip[8..]);
        let (high, low) = (u64::from_le_bytes(high), u64::from_le_bytes(low));
        let id = format!("Z20B42-0005CB53B2946DFF-{low:x}-{high:x}");
        let want = "[111:2131:4151:6171:8191:a1b1:c1d1:e1f1]:2882";
        assert_eq!(server_of(&id).as_deref(), Some(want));
    }

    #[test]
    fn the_command_holds_nothing_but_the_id() {
        assert_eq!(
            log_search("YB42AC1E55AC-0005CB53B2946DFF").as_deref(),
            Some(
                "grep 'YB42AC1E55AC-0005CB53B2946DFF' /home/admin/oceanbase/log/observer.log* \
                 /home/admin/oceanbase/log/rootservice.log*"
            )
        );
        for id in [
            "",
            "-f",
            "YB42",
            "YB42-1'; rm -rf ~; '",
            "YB42-1 /etc/passwd",
            "YB42-$(id)",
            "YB42-`id`",
            "YB42-1\n2",
            "YB42-１",
            "Y-e-x",
        ] {
            assert_eq!(log_search(id), None, "{id:?}");
        }
    }
}
