use super::*;

const SAMPLE: &str =
    "CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"xxx.xxx.xxx.xxx:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF";
const ID: &str = "YB42AC1E55AC-0005CB53B2946DFF";
const ID4: &str = "YFA40BA2D90B-005FA487348F363-0-0";
const COMMENT: &str = "(server)ls_id: 1002,addr: 11.162.217.11:4004,module:RESTORE_DATA,result: -4016(Internal error),trace_id: YFA40BA2D90B-005FA487348F363-0-0";

type Parts<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    Option<i32>,
    Option<&'a str>,
    Option<&'a str>,
);

/// Messages with their module, name, code, server and trace id.
const TABLE: &[(&str, Parts)] = &[
    // As the kernel writes them: the documented sample, each module, IPv6 as `ObAddr` prints it, 4.x ids,
    // IPv6 ids.
    (
        SAMPLE,
        (
            Some("CLOG"),
            Some("OB_ENTRY_NOT_EXIST"),
            Some(-4018),
            Some("xxx.xxx.xxx.xxx:2882"),
            Some(ID),
        ),
    ),
    (
        "ROOTSERVICE : OB_TIMEOUT(-4012) on \"10.0.0.1:2882\" with traceid YB420A000001-0005E5DEE6A2294E-0-0",
        (
            Some("ROOTSERVICE"),
            Some("OB_TIMEOUT"),
            Some(-4012),
            Some("10.0.0.1:2882"),
            Some("YB420A000001-0005E5DEE6A2294E-0-0"),
        ),
    ),
    (
        "STORAGE : OB_ERR_UNEXPECTED(-4016) on \"[fe80:0:0:0:0:0:0:1]:2882\" with traceid Z20B42-0005CB53B2946DFF-100000000000000-80fe",
        (
            Some("STORAGE"),
            Some("OB_ERR_UNEXPECTED"),
            Some(-4016),
            Some("[fe80:0:0:0:0:0:0:1]:2882"),
            Some("Z20B42-0005CB53B2946DFF-100000000000000-80fe"),
        ),
    ),
    (
        "STORAGE : OB_IO_ERROR(-4009) on \"[fe80::1]:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF",
        (
            Some("STORAGE"),
            Some("OB_IO_ERROR"),
            Some(-4009),
            Some("[fe80::1]:2882"),
            Some(ID),
        ),
    ),
    (
        "STORAGE : OB_BACKUP_FILE_NOT_EXIST(-9011)",
        (
            Some("STORAGE"),
            Some("OB_BACKUP_FILE_NOT_EXIST"),
            Some(-9011),
            None,
            None,
        ),
    ),
    // The kernel prints a missing address as 0.0.0.0:0. A message without an error's name has no parts.
    (
        "CLOG : OB_EAGAIN(-4023) on \"0.0.0.0:0\" with traceid YB42AC1E55AC-0005CB53B2946DFF",
        (Some("CLOG"), Some("OB_EAGAIN"), Some(-4023), None, Some(ID)),
    ),
    (
        "CLOG : Unknown Error(-1) on \"10.0.0.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF",
        (None, None, None, None, None),
    ),
    // Other quotes or none, and other white space.
    (
        "CLOG : OB_NOT_MASTER(-4038) on '10.0.0.1:2882' with traceid YB42AC1E55AC-0005CB53B2946DFF",
        (
            Some("CLOG"),
            Some("OB_NOT_MASTER"),
            Some(-4038),
            Some("10.0.0.1:2882"),
            Some(ID),
        ),
    ),
    (
        r#"CLOG : OB_NOT_MASTER(-4038) on \"10.0.0.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF"#,
        (
            Some("CLOG"),
            Some("OB_NOT_MASTER"),
            Some(-4038),
            Some("10.0.0.1:2882"),
            Some(ID),
        ),
    ),
    (
        "CLOG:OB_NOT_MASTER ( -4038 )\n on  ob-1.example_net:2882, with trace_id=YB42AC1E55AC-0005CB53B2946DFF;",
        (
            Some("CLOG"),
            Some("OB_NOT_MASTER"),
            Some(-4038),
            Some("ob-1.example_net:2882"),
            Some(ID),
        ),
    ),
    // In the middle of other text.
    (
        "restore job fail, job_id=17; STORAGE : OB_IO_LIMIT(-9061) on \"10.0.0.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF; retry on 10.9.9.9:2882 later",
        (
            Some("STORAGE"),
            Some("OB_IO_LIMIT"),
            Some(-9061),
            Some("10.0.0.1:2882"),
            Some(ID),
        ),
    ),
    (
        "恢复失败：OB_IO_ERROR(-4009)，请检查",
        (None, Some("OB_IO_ERROR"), Some(-4009), None, None),
    ),
    (
        "恢复失败OB_IO_ERROR(-4009)",
        (None, Some("OB_IO_ERROR"), Some(-4009), None, None),
    ),
    (
        "🙂 STORAGE : OB_IO_ERROR(-4009) on \"10.0.0.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF🙂",
        (
            Some("STORAGE"),
            Some("OB_IO_ERROR"),
            Some(-4009),
            Some("10.0.0.1:2882"),
            Some(ID),
        ),
    ),
    (
        "系统STORAGE : OB_IO_ERROR(-4009)",
        (None, Some("OB_IO_ERROR"), Some(-4009), None, None),
    ),
    // Several names: the kernel's form comes before one with a code, that before one without, then the
    // first counts.
    (
        "OB_EAGAIN(-4023) twice, then CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"10.0.0.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF",
        (
            Some("CLOG"),
            Some("OB_ENTRY_NOT_EXIST"),
            Some(-4018),
            Some("10.0.0.1:2882"),
            Some(ID),
        ),
    ),
    (
        "ret=OB_TIMEOUT after OB_RPC_SEND_ERROR(-4121) and OB_EAGAIN(-4023)",
        (None, Some("OB_RPC_SEND_ERROR"), Some(-4121), None, None),
    ),
    (
        "OB_TIMEOUT or OB_EAGAIN",
        (None, Some("OB_TIMEOUT"), None, None, None),
    ),
    // The text after another name belongs to that one.
    (
        "CLOG : OB_TIMEOUT(-4012) and OB_EAGAIN with traceid YB42AC1E55AC-0005CB53B2946DFF",
        (Some("CLOG"), Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    // The comment of 4.x: as documented, in its Chinese form, and with missing parts.
    (
        COMMENT,
        (
            Some("RESTORE_DATA"),
            None,
            Some(-4016),
            Some("11.162.217.11:4004"),
            Some(ID4),
        ),
    ),
    (
        "(server)ls_id: 1002，addr: 11.xx.xx.xx:4004，module:BACKUP_DATA，result: -4016(Internal error)，trace_id: YFA40BA2D90B-005FA487348F363-0-0",
        (
            Some("BACKUP_DATA"),
            None,
            Some(-4016),
            Some("11.xx.xx.xx:4004"),
            Some(ID4),
        ),
    ),
    (
        "(rootservice)addr: \"10.0.0.1:2882\", result: -4012(Timeout)",
        (None, None, Some(-4012), Some("10.0.0.1:2882"), None),
    ),
    (
        "(server)addr: ,module:,result: ,trace_id: ",
        (None, None, None, None, None),
    ),
    // Malformed.
    ("", (None, None, None, None, None)),
    ("disk is full", (None, None, None, None, None)),
    ("OB_", (None, None, None, None, None)),
    ("OB_1", (None, None, None, None, None)),
    ("BLOB_X jOB_X _OB_X", (None, None, None, None, None)),
    (
        "ob_io_error(-4009) on \"10.0.0.1:2882\"",
        (None, None, None, None, None),
    ),
    ("OB_Io_Error(-4009)", (None, None, None, None, None)),
    ("ret=OB_TIMEOUT", (None, Some("OB_TIMEOUT"), None, None, None)),
    (
        "OB_TIMEOUT(abc) on \"10.0.0.1:2882\"",
        (None, Some("OB_TIMEOUT"), None, None, None),
    ),
    ("OB_TIMEOUT()", (None, Some("OB_TIMEOUT"), None, None, None)),
    ("OB_TIMEOUT(-)", (None, Some("OB_TIMEOUT"), None, None, None)),
    ("OB_TIMEOUT(4-0)", (None, Some("OB_TIMEOUT"), None, None, None)),
    (
        "OB_TIMEOUT(-99999999999999)",
        (None, Some("OB_TIMEOUT"), None, None, None),
    ),
    (
        "OB_TIMEOUT(-9999999999)",
        (None, Some("OB_TIMEOUT"), None, None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on \"10.0.0.1:28",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on tuesday 12:30 ",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on \"10.0.0.1\"",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on \"fe80::1:2882\"",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on \"[fe80::1:2882\"",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on \":2882\" with traceid",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) on \"10.0.0.1:65536\" with traceid Y-",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) with traceid 0005CB53B2946DFF",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        "OB_TIMEOUT(-4012) traced by trace trace_id: [YB42AC1E55AC-0005CB53B2946DFF]",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, Some(ID)),
    ),
    (
        "error : OB_TIMEOUT(-4012)",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
    (
        " : OB_TIMEOUT(-4012)",
        (None, Some("OB_TIMEOUT"), Some(-4012), None, None),
    ),
];

fn parts(failure: Failure) -> Parts {
    (
        failure.module,
        failure.name,
        failure.code,
        failure.server,
        failure.trace_id,
    )
}

#[test]
fn messages_and_their_parts() {
    for (message, want) in TABLE {
        assert_eq!(parts(read(message)), *want, "{message}");
    }
}

/// A cut message gives no part that the whole does not have: each part is missing or unchanged. A name or
/// an id at the end may be cut, which cannot be detected.
#[test]
fn cut_anywhere_nothing_is_made_up() {
    for message in [SAMPLE, TABLE[1].0, TABLE[2].0, TABLE[3].0, COMMENT] {
        let whole = read(message);
        for (at, _) in message.char_indices() {
            let cut = read(&message[..at]);
            assert!(cut.code.is_none() || cut.code == whole.code, "{at} {message}");
            assert!(
                cut.server.is_none() || cut.server == whole.server,
                "{at} {message}"
            );
            assert!(
                cut.module.is_none() || cut.module == whole.module,
                "{at} {message}"
            );
            let begins = |cut: Option<&str>, whole: Option<&str>| {
                cut.is_none_or(|cut| whole.is_some_and(|whole| whole.starts_with(cut)))
            };
            assert!(begins(cut.name, whole.name), "{at} {message}");
            assert!(begins(cut.trace_id, whole.trace_id), "{at} {message}");
        }
    }
}

#[test]
fn no_cut_and_no_odd_letter_panics() {
    let all = |message: &str| {
        let failure = read(message);
        let _ = cause(&failure);
        if let Some(id) = failure.trace_id {
            let _ = server_of(id);
            assert!(log_search(id).is_some(), "{id}");
        }
    };
    for (message, _) in TABLE {
        let cuts: Vec<usize> = message.char_indices().map(|(at, _)| at).collect();
        for &at in &cuts {
            all(&message[..at]);
            all(&message[at..]);
            for odd in ["é", "，", "🙂", "\0", "\n", "(", ")", "-", ":", "\"", "OB_X"] {
                all(&format!("{}{odd}{}", &message[..at], &message[at..]));
            }
        }
    }
}

/// Nothing is read twice: a text eight times as long takes eight times as long, not 64 times. The machine
/// may be busy, so one of several tries is enough.
#[test]
fn a_huge_message_is_read_in_one_pass() {
    const SHORT: usize = 1 << 9;
    let took = |[before, part, behind]: [&str; 3], times: usize| {
        let message = [before, &part.repeat(times), behind].concat();
        let begun = std::time::Instant::now();
        std::hint::black_box(read(std::hint::black_box(&message)));
        begun.elapsed()
    };
    for part in [
        "OB_A(",
        "OB_A (-1",
        "OB_A(-4012) on ",
        "x : OB_A ",
        "OB_A",
        "trace",
        "trace_id: Y1-",
        "(server)addr: ",
        "result: -1",
        "长长的",
    ] {
        // Before an error, alone, and where the parts of an error or a comment are searched.
        for message in [
            ["", part, SAMPLE],
            ["", part, ""],
            ["OB_TIMEOUT(-4012) ", part, ""],
            ["(server)", part, ""],
        ] {
            let is_linear = || took(message, 8 * SHORT) < 24 * took(message, SHORT);
            assert!((0..9).any(|_| is_linear()), "{message:?}");
        }
    }
    let name = format!("OB_{}", "A".repeat(1 << 20));
    assert_eq!(read(&name), Failure::default());
}

#[test]
fn the_server_is_the_one_that_the_message_names_unless_it_is_masked() {
    let id = "with traceid YB42AC1E55AC-0005CB53B2946DFF";
    let table = [
        ("\"10.0.0.9:2882\"", Some("10.0.0.9:2882")),
        ("\"xxx.xxx.xxx.xxx:2882\"", Some("172.30.85.172:2882")),
        ("\"***:2882\"", Some("172.30.85.172:2882")),
        ("\"[fe80::1]:2882\"", Some("[fe80::1]:2882")),
    ];
    for (server, want) in table {
        let message = format!("CLOG : OB_TIMEOUT(-4012) on {server} {id}");
        assert_eq!(server_at(&read(&message)).as_deref(), want, "{server}");
    }
    assert_eq!(server_at(&read("OB_TIMEOUT(-4012)")), None);
}
