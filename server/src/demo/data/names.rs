//! Names for generated tasks: clusters, tenants, zones and backup locations.

use super::rng::Rng;

/// A cluster: its id in OCP, its name, its id in the kernel.
pub(super) type ClusterName = (i64, &'static str, i64);

const OTHERS: &[ClusterName] = &[
    (1_000_017, "ob_prod_hz", 17),
    (1_000_018, "ob_prod_sh", 18),
    (1_000_023, "ob_drill", 23),
    (1_000_031, "核心账务集群", 31),
    (1_000_032, "演练集群", 32),
    (1_000_044, "ob-report_bj.2", 44),
];

const TENANTS: &[&str] = &[
    "yctest",
    "trade",
    "pay_core",
    "member",
    "inventory",
    "report",
    "订单",
    "账务",
    "会员中心",
    "risk_ctl",
    "crm",
    "mysql_tenant_with_a_rather_long_name_that_somebody_chose_in_2019",
];

const ENDINGS: &[&str] = &["_restore", "_drill", "_verify", "_0820", "_bak", "演练", "_pitr"];

/// The name of a demo cluster.
pub(super) fn own(id: i64) -> ClusterName {
    let name = match id {
        1_000_009 => "ob_live",
        1_000_050 => "ob_small",
        1_001_240 => "yc0820_17",
        1_010_000 => "订单集群",
        _ => "ob_prod_main",
    };
    (id, name, id.rem_euclid(1_000_000))
}

/// Any cluster but the demo cluster itself.
pub(super) fn other(rng: &mut Rng) -> ClusterName {
    rng.pick(OTHERS)
}

/// A tenant: its id in OCP, its name, its id in the kernel.
pub(super) fn tenant(rng: &mut Rng) -> (i64, &'static str, i64) {
    let nth = rng.below(TENANTS.len() as u64);
    let name = TENANTS
        .get(usize::try_from(nth).unwrap_or(0))
        .copied()
        .unwrap_or_default();
    let nth = i64::try_from(nth).unwrap_or(0);
    (1_000_012 + nth, name, 1001 + nth)
}

/// The name of the restored tenant.
pub(super) fn target(rng: &mut Rng, source: &str) -> String {
    format!("{source}{}", rng.pick(ENDINGS))
}

/// One to three resource pools, in OCP's naming.
pub(super) fn pools(rng: &mut Rng, tenant: &str) -> String {
    let count = rng.pick(&[1, 1, 1, 2, 3]);
    let pool = |zone: i32, rng: &mut Rng| {
        let tail: String = (0..3)
            .map(|_| char::from(b'a' + u8::try_from(rng.below(26)).unwrap_or(0)))
            .collect();
        format!("pool_{tenant}_zone{zone}_{tail}")
    };
    (1..=count)
        .map(|zone| pool(zone, rng))
        .collect::<Vec<_>>()
        .join(",")
}

/// The location of the backup. Some contain credentials, as real ones do: the widget must mask them.
pub(super) fn uri(rng: &mut Rng, tenant: &str, cluster: &str) -> String {
    let secret = |rng: &mut Rng| format!("{:016x}{:014x}", rng.next(), rng.next() >> 8);
    match rng.below(10) {
        0 => "file:///obbackup/".to_owned(),
        1 => format!(
            "oss://bkt/prod/{cluster}?host=oss-cn.example.com&access_id=LTAI5t{:012X}&access_key={}",
            rng.next() >> 16,
            secret(rng)
        ),
        2 => format!(
            "oss://bkt/prod/{tenant}/data?host=oss-cn.example.com&access_id=LTAI4G{:012X}&access_key={},oss://bkt/prod/{tenant}/clog?host=oss-cn.example.com&access_id=LTAI4G{:012X}&access_key={}",
            rng.next() >> 16,
            secret(rng),
            rng.next() >> 16,
            secret(rng)
        ),
        3 => format!(
            "s3://ob-backup/{tenant}?host=s3.example.com&access_id=AKIA{:012X}&access_key={}&s3_region=cn-north-1",
            rng.next() >> 16,
            secret(rng)
        ),
        4 => format!(
            "cos://ob-backup-1250000000/{cluster}?host=cos.example.com&access_id=AKID{:012X}&access_key={}&appid=1250000000",
            rng.next() >> 16,
            secret(rng)
        ),
        5 => format!("file:///obbackup/{cluster}/{tenant}/data,file:///obbackup/{cluster}/{tenant}/clog"),
        6 => format!("oss://bkt/drill/{tenant}?host=oss-cn.example.com"),
        _ => format!("file:///obbackup/{cluster}/{tenant}"),
    }
}
