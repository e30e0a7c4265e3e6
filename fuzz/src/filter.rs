//! The filter language: what is typed, what is picked, and what is suggested.

use ob_restore_tasks::core::api::response;
use ob_restore_tasks::core::domain::column::{IntField, TextField};
use ob_restore_tasks::core::domain::task::Outcome;
use ob_restore_tasks::core::i18n::locale::FixedLocale;
use ob_restore_tasks::core::privacy::mask::mask;
use ob_restore_tasks::core::query::filter::{
    Field, Filter, Hint, body, field, has_parts, has_token, is_readable, pick, picked, quoted, spans, toggle,
    token, without,
};
use ob_restore_tasks::core::query::suggest::{Known, byte_at, suggest, unit_at};
use ob_restore_tasks::core::table::Table;
use ob_restore_tasks::core::table::batch::{Batch, Int, Row};

const TASKS: &str = r#"[
 {"id":4,"status":"RESTORE_FAIL","successful":false,"finished":true,"backupMode":"PHYSICAL_BACKUP","backupClusterName":"yc0820_17",
  "backupTenantName":"yctest","restoreTenantName":"restoretest","ocpJobId":-1,"createTime":"2021-09-09T18:32:18.833+0800",
  "finishTime":"2021-09-09T18:32:20.066+0800","restoreEndTime":"2021-09-09T17:19:00.000+0800","restoreUri":"oss://b?access_key=hush",
  "errorMsg":"CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"1.1.1.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF"},
 {"id":"9223372036854775807","status":"RESTORE_SUCCESS","backupMode":"LOGICAL_BACKUP","backupTenantName":"订单","restoreTenantName":"Orders, two",
  "ocpJobId":77,"createTime":"2021-08-31T14:17:23.808+0800","finishTime":"2021-08-31T14:28:42.265+0800","restorePoolListStr":"pool_a,pool_b"},
 {"id":5,"status":"RESTORE_WAIT_LS","backupTenantName":"x","createTime":"2021-09-10T00:00:00.000+0800","errorMsg":""},
 {"id":6,"status":"ODD_ONE","backupTenantName":"İΣ"}
]"#;
const NOW: i64 = 1_631_206_800_000_000;

struct World {
    table: Table,
    rows: Vec<u32>,
    locale: FixedLocale,
}

impl World {
    /// A few tasks, and one whose texts are `value`.
    fn new(value: &str) -> Self {
        let mut table = Table::default();
        let mut rows = response::tasks(TASKS)
            .map(|page| table.absorb(&page.rows))
            .unwrap_or_default();
        let mut row = Row::default();
        row.ints[IntField::Id as usize] = Int::Value(7);
        row.texts = std::array::from_fn(|_| mask(value).into_owned());
        rows.extend(table.absorb(&Batch::from_iter([row])));
        rows.dedup();
        Self {
            table,
            rows,
            locale: FixedLocale {
                offset: 8 * 3600,
                ..FixedLocale::default()
            },
        }
    }

    fn rows(&self, text: &str) -> Vec<u32> {
        let mut rows = self.rows.clone();
        Filter::parse(text, &self.locale).retain(&mut rows, &self.table, NOW, &self.locale);
        rows
    }
}

fn texts(filter: &str) -> Vec<&str> {
    spans(filter).map(|span| &filter[span]).collect()
}

/// Input: a line with a value of the data; a filter.
pub fn filter(data: &[u8]) {
    let Some([value, filter]) = super::input::lines(data) else {
        return;
    };
    let world = World::new(value);
    parts(filter);
    meaning(&world, filter);
    picking(&world, filter);
    values(&world, value, filter);
    for caret in carets(filter) {
        for is_asked in [false, true] {
            suggestions(&world, filter, caret, is_asked);
        }
    }
}

/// Every position of a short text, some of a long one.
fn carets(filter: &str) -> impl Iterator<Item = usize> {
    let step = filter.len() / 8 + 1;
    (0..=filter.len()).step_by(step).chain([filter.len()])
}

/// The chips together are the text, and nothing but the text.
fn parts(filter: &str) {
    let mut end = 0;
    let all = texts(filter);
    for span in spans(filter) {
        assert!(!span.is_empty() && span.start >= end, "{span:?} of {filter:?}");
        assert!(
            filter[end..span.start].trim().is_empty(),
            "{:?} of {filter:?} is lost",
            &filter[end..span.start]
        );
        assert_eq!(byte_at(filter, unit_at(filter, span.end)), span.end, "{filter:?}");
        end = span.end;
    }
    assert!(
        filter[end..].trim().is_empty(),
        "{:?} of {filter:?} is lost",
        &filter[end..]
    );
    assert_eq!(texts(&all.join(" ")), all, "{filter:?}");
    assert_eq!(
        has_parts(filter),
        all.len() > 1 || all.iter().any(|token| field(token).is_some())
    );
    for number in 0..=all.len() {
        let rest = without(filter, number);
        let mut others = all.clone();
        if number < others.len() {
            others.remove(number);
        }
        assert_eq!(texts(&rest), others, "{filter:?} without {number} is {rest:?}");
    }
}

/// Each token alone means the same, and all of them must match.
fn meaning(world: &World, filter: &str) {
    let all = texts(filter);
    let read = Filter::parse(filter, &world.locale);
    assert_eq!(Filter::parse(&all.join("\t"), &world.locale), read, "{filter:?}");
    let mut rows = world.rows.clone();
    let mut hints = Vec::new();
    for (number, token) in all.iter().enumerate() {
        let alone = Filter::parse(token, &world.locale);
        let passed = world.rows(token);
        rows.retain(|row| passed.contains(row));
        hints.extend(alone.hints.iter().map(|(_, hint)| (number, hint.clone())));
        let is_wrong = alone
            .hints
            .iter()
            .any(|(_, hint)| matches!(hint, Hint::Unreadable(_)));
        assert!(!is_wrong || alone.is_empty(), "{token:?} is wrong, and filters");
        if !token.starts_with('-') && !alone.is_empty() {
            let negated = format!("-{token}");
            let failed = world.rows(&negated);
            let is_split = world
                .rows
                .iter()
                .all(|row| passed.contains(row) != failed.contains(row));
            assert!(
                is_split,
                "{token:?} passes {passed:?}, and its negation {failed:?}"
            );
            assert_eq!(body(&negated), (true, *token));
        }
    }
    assert_eq!(world.rows(filter), rows, "{filter:?}");
    assert_eq!(read.hints, hints, "{filter:?}");
}

/// Picking and typing lead to the same state.
fn picking(world: &World, filter: &str) {
    let kept = |text: &str| -> Vec<String> {
        let is_pick = |token: &&str| field(token) == Some(Field::Status) && !token.starts_with('-');
        texts(text)
            .into_iter()
            .filter(|token| !is_pick(token))
            .map(|token| token.replace('"', ""))
            .collect()
    };
    for outcomes in [&[][..], &[Outcome::Failed], &[Outcome::Running, Outcome::Unknown]] {
        let text = pick(filter, outcomes);
        assert_eq!(picked(&text), outcomes, "{filter:?} becomes {text:?}");
        assert_eq!(kept(&text), kept(filter), "{filter:?} becomes {text:?}");
        let rest = pick(filter, &[]);
        let mut want = world.rows(&rest);
        want.retain(|row| outcomes.is_empty() || outcomes.contains(&world.table.outcome(*row)));
        assert_eq!(world.rows(&text), want, "{filter:?} becomes {text:?}");
    }
}

/// A value that is picked is found.
fn values(world: &World, value: &str, filter: &str) {
    let row = world.rows[world.rows.len() - 1];
    let shown = world.table.text(row, TextField::BackupTenantName);
    assert_eq!(shown, mask(value));
    assert_eq!(quoted(shown).is_some(), token(Field::Uri, shown).is_some());
    for name in [
        Field::Tenant,
        Field::Cluster,
        Field::Mode,
        Field::Uri,
        Field::Pool,
        Field::Status,
    ] {
        let Some(token) = token(name, shown) else {
            assert!(
                shown.contains('"') || shown.trim().is_empty(),
                "{shown:?} cannot be said"
            );
            continue;
        };
        assert_eq!(texts(&token), [token.as_str()], "one value, several tokens");
        assert_eq!(field(&token), Some(name));
        assert!(is_readable(&token, &world.locale), "{token:?}");
        // A raw status that is the name of an outcome means the outcome.
        if name != Field::Status || Outcome::from_name(shown.trim()).is_none() {
            assert!(
                world.rows(&token).contains(&row),
                "{token:?} does not find what it was made of"
            );
        }
        let on = toggle(filter, &token);
        let (before, after) = (has_token(filter, &token), has_token(&on, &token));
        assert!(before != after, "{token:?}: {filter:?} becomes {on:?}");
        let off = if after { toggle(&on, &token) } else { on.clone() };
        let same =
            |text: &str| -> Vec<String> { texts(text).iter().map(|token| token.replace('"', "")).collect() };
        assert!(
            before || same(&off) == same(filter),
            "{token:?}: {filter:?} becomes {off:?}"
        );
    }
    if let Some(word) = Some(format!("\"{shown}\"")).filter(|_| quoted(shown).is_some()) {
        assert!(
            world.rows(&word).contains(&row),
            "{word:?} is not found in every column"
        );
    }
}

fn wrong(world: &World, filter: &str) -> usize {
    let read = Filter::parse(filter, &world.locale);
    read.hints
        .iter()
        .filter(|(_, hint)| matches!(hint, Hint::Unreadable(_)))
        .count()
}

fn suggestions(world: &World, filter: &str, caret: usize, is_asked: bool) {
    let known = Known {
        table: &world.table,
        rows: &world.rows,
        locale: &world.locale,
        now: NOW,
    };
    for suggestion in suggest(filter, caret, is_asked, known) {
        assert!(
            filter.get(suggestion.range.clone()).is_some(),
            "{suggestion:?} at {caret} of {filter:?}"
        );
        let (text, at) = suggestion.take(filter);
        assert!(
            text.is_char_boundary(at),
            "{suggestion:?} at {caret} of {filter:?}"
        );
        assert!(text[..at].ends_with(&suggestion.text));
        if suggestion.is_field() {
            let name = suggestion.text.trim_end_matches(':');
            let here = spans(&text).find(|span| (span.start..=span.end).contains(&at));
            let here = here.and_then(|span| field(&text[span]));
            assert_eq!(
                here.map(Field::name),
                Some(name),
                "at {caret} of {filter:?}: {text:?}"
            );
            continue;
        }
        // With an open quote, the text after the caret was no token before.
        let is_open = !filter.matches('"').count().is_multiple_of(2);
        assert!(
            is_open || wrong(world, &text) <= wrong(world, filter),
            "at {caret} of {filter:?}: {text:?} cannot be read"
        );
        let span = spans(&text).find(|span| (span.start..=span.end).contains(&at));
        let field = span.and_then(|span| field(&text[span]));
        let (Some(field), Some(count)) = (field, suggestion.count) else {
            continue;
        };
        let alone = format!("{}:{}", field.name(), suggestion.text);
        let found = world.rows(&alone).len();
        assert!(
            found >= count as usize,
            "{alone:?} finds {found}, and {count} were promised"
        );
    }
}
