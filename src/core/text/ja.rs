//! The texts in Japanese.

use super::{Key, Later};
use crate::core::failure::Cause;

/// Separate, so that the first row need not load it for readers of other languages.
#[inline(never)]
pub(super) fn text(key: Key) -> &'static str {
    match key {
        Key::FilterLabel => "復元タスクを絞り込む",
        Key::Status => "状態",
        Key::StatusIs => "状態：{value}",
        Key::StatusAny => "すべて",
        Key::TimeRange => "期間",
        Key::TimeRangeIs => "期間：{value}",
        Key::RangeHour => "過去 1 時間",
        Key::RangeDay => "過去 24 時間",
        Key::RangeWeek => "過去 7 日",
        Key::RangeMonth => "過去 30 日",
        Key::RangeQuarter => "過去 90 日",
        Key::RangeAll => "全期間",
        Key::RangeCustom => "指定",
        Key::ZoneNote => "時刻は {zone} で表示",
        Key::Refresh => "更新",
        Key::Pause => "一時停止",
        Key::Resume => "再開",
        Key::Columns => "列",
        Key::Density => "行の高さ",
        Key::Comfortable => "標準",
        Key::Compact => "コンパクト",
        Key::Export => "書き出し",
        Key::Caption => "復元タスク",
        Key::TableRegion => "復元タスク（スクロール可）",
        Key::ColId => "ID",
        Key::ColBackupMode => "方式",
        Key::ColBackupClusterName => "元クラスター",
        Key::ColBackupTenantName => "元テナント",
        Key::ColRestoreClusterName => "先クラスター",
        Key::ColRestoreTenantName => "先テナント",
        Key::ColCreateTime => "開始",
        Key::ColFinishTime => "終了",
        Key::ColRestoreEndTime => "復元時点",
        Key::ColErrorMsg => "失敗の理由",
        Key::ColRestoreUri => "バックアップ先",
        Key::ColRestorePoolListStr => "リソースプール",
        Key::ColOcpJobId => "OCP ジョブ",
        Key::ColBackupClusterId => "元クラスター ID",
        Key::ColBackupObClusterId => "元 OB クラスター ID",
        Key::ColBackupTenantId => "元テナント ID",
        Key::ColBackupObTenantId => "元 OB テナント ID",
        Key::ColRestoreClusterId => "先クラスター ID",
        Key::ColRestoreObClusterId => "先 OB クラスター ID",
        Key::ColDuration => "所要時間",
        Key::ColRewind => "巻き戻し",
        Key::Completed => "完了",
        Key::Failed => "失敗",
        Key::Running => "実行中",
        Key::Unknown => "不明",
        Key::Physical => "物理",
        Key::Logical => "論理",
        Key::StageCreateTenant => "テナント作成中",
        Key::StageSysReplica => "システムレプリカ復元中",
        Key::StageUpgradePre => "アップグレード前チェック",
        Key::StageUpgradePost => "アップグレード後チェック",
        Key::StageModifySchema => "スキーマ変更中",
        Key::StageCreateUserPartitions => "ユーザーパーティション作成中",
        Key::StageUserReplica => "ユーザーレプリカ復元中",
        Key::StageRebuildIndex => "インデックス再作成中",
        Key::StagePostCheck => "インデックス確認中",
        Key::StagePre => "構成項目の設定中",
        Key::StageCreateInitLs => "ベースラインログストリーム作成中",
        Key::StageConsistentScn => "一貫した時点まで復元中",
        Key::StageQuickRestore => "クイック復元の完了待ち",
        Key::StageWaitLs => "ベースラインログストリーム復元中",
        Key::StageStandbyTenant => "スタンバイテナント設定中",
        Key::StageUpgrade => "テナントのアップグレード中",
        Key::StageWaitTenant => "テナントの復元待ち",
        Key::Pagination => "ページ移動",
        Key::FirstPage => "最初のページ",
        Key::PreviousPage => "前のページ",
        Key::NextPage => "次のページ",
        Key::LastPage => "最後のページ",
        Key::PageNumber => "{n} ページ",
        Key::RowsPerPage => "1 ページの行数",
        Key::All => "すべて",
        Key::Held => "{total} 件中 {held} 件",
        Key::HeldOnly => "{held} 件",
        Key::Match => "{n} 件一致",
        Key::Loading => "復元タスクを読み込み中…",
        Key::Empty => "この期間に復元タスクはありません",
        Key::EmptyAll => "このクラスターに復元タスクはありません",
        Key::ShowAll => "全期間を表示",
        Key::UpdatedAt => "{time} に更新",
        Key::PausedNote => "一時停止中",
        Key::SortedUp => "{column} の昇順で並べ替え。",
        Key::SortedDown => "{column} の降順で並べ替え。",
        Key::Unsorted => "サーバーの順序。",
        Key::Shown => "表示対象は {n} 件。",
        Key::Sentences => "{first}{second}",
        Key::LengthMillis => "{a}ミリ秒",
        Key::LengthTenths => "{a}.{b}秒",
        Key::LengthSeconds => "{a}秒",
        Key::LengthMinutes => "{a}分{bb}秒",
        Key::LengthHours => "{a}時間{bb}分",
        Key::LengthDays => "{a}日{b}時間",
        Key::Help => "ヘルプ",
        Key::Later(later) => self::later(later),
        Key::Meaning(cause) => meaning(cause),
        Key::Check(cause) => check(cause),
    }
}

/// The texts that rows do not use. Separate, so that the first row need not load them.
#[inline(never)]
fn later(later: Later) -> &'static str {
    match later {
        Later::ErrConfig => "「{attribute}」の値は使えません：{why}",
        Later::ErrNetwork => "OCP に接続できません。ネットワークとアドレスを確認してください。",
        Later::ErrTimeout => "OCP から時間内に応答がありませんでした。",
        Later::ErrHttp => {
            "OCP が HTTP {status} を返しました。しばらくしてから再試行してください。詳細は OCP のログにあります。"
        }
        Later::ErrBadRequest => "OCP が要求を拒否しました（HTTP 400）。期間を確認してください。",
        Later::ErrNotFound => {
            "このクラスターは OCP にありません（HTTP 404）。クラスター ID を確認してください。"
        }
        Later::ErrAuth => {
            "セッションが切れたか、サインインしていません。OCP にサインインしてから再試行してください。"
        }
        Later::ErrPermission => {
            "権限がありません。「クラスターのバックアップと復元の読み取り専用権限」が必要です。"
        }
        Later::ErrRateLimit => "OCP が要求を制限しています。しばらくしてから再試行してください。",
        Later::ErrApi => "OCP がエラーを返しました。",
        Later::ErrDecode => "応答が OCP の復元タスク一覧の形式ではありません。アドレスを確認してください。",
        Later::ErrTooLarge => "応答が 64 MiB を超えたため、途中で打ち切りました。",
        Later::ErrRuntime => "ウィジェットを続行できません。",
        Later::TraceId => "Trace ID {id}",
        Later::WhyMissing => "指定されていません",
        Later::WhyClusterId => "「{value}」は 0 より大きい整数ではありません",
        Later::WhyBaseUrl => "「{value}」は相対または http(s) のアドレスではありません",
        Later::WhyRange => "「{value}」は 7d や 2021-09-01/2021-09-30 のような期間ではありません",
        Later::WhyRangeOrder => "「{value}」の開始が終了より後です",
        Later::WhyNumber => "「{value}」は {min} から {max} までの整数ではありません",
        Later::WhyColumn => "「{value}」という列はありません",
        Later::WhyChoice => "「{value}」は {choices} のどれでもありません",
        Later::WhyPage => "「{value}」はページ番号ではありません",
        Later::WhyKey => "「{value}」は 64 文字以内の英数字と「-」「_」「.」からなる接頭辞ではありません",
        Later::WhyZone => "「{value}」はこのブラウザーでは認識できないタイムゾーンです",
        Later::WhyHeaders => "関数が例外を投げたか、結果が使えません",
        Later::WhyTasks => "タスクの配列ではありません",
        Later::NoField => "「{word}」という項目はないため、文字として探します。",
        Later::BadToken => "「{token}」は読み取れないため、除外しました。",
        Later::BadIds => "ID が無効な行：{n}",
        Later::BadRows => "読み取れない行：{n}",
        Later::DetailsOf => "復元 {id}",
        Later::DetailsNoId => "復元",
        Later::Close => "閉じる",
        Later::WhatFailed => "失敗の内容",
        Later::More => "その他",
        Later::Copy => "コピー",
        Later::Copied => "コピーしました",
        Later::CopyFailed => "ブラウザーがコピーを拒否しました",
        Later::ListChanged => "読み取り中に一覧が変わったため、読み直しました。",
        Later::NotProven => "読み取り中に一覧が変わり続けたため、欠けているタスクがあるかもしれません。",
        Later::MaxRows => "上限の {max} 件で停止しました。残り {missing} 件は期間を狭めると見られます。",
        Later::Oversent => "サーバーは要求より多くのタスクを返しました。",
        Later::Partial => "期間の一部だけが読み込まれています。並べ替えと絞り込みはその部分のものです。",
        Later::FetchRest => "残りを取得",
        Later::Progress => "期間全体を取得中：{total} 件中 {held} 件",
        Later::ProgressOnly => "期間全体を取得中：{held} 件",
        Later::Cancel => "中止",
        Later::Retry => "再試行",
        Later::Retrying => "再試行しています…",
        Later::StaleNote => "表示中の内容は {time} 時点のものです。",
        Later::StaleMinutes => "表示中の内容は {time}（{m} 分前）時点のものです。",
        Later::StaleHours => "表示中の内容は {time}（{h} 時間 {m} 分前）時点のものです。",
        Later::Stale => "最新ではありません",
        Later::New => "新着 {n} 件",
        Later::NewWait => "表示待ちの新しいタスクがあります。",
        Later::PageOf => "{total} ページ中 {n} ページ目。",
        Later::Refreshed => "更新しました。",
        Later::PauseOn => "自動更新を一時停止しました。",
        Later::PauseOff => "自動更新を再開しました。",
        Later::RangeFrom => "開始",
        Later::RangeTo => "終了",
        Later::RangeOrder => "開始が終了より後です",
        Later::RangeUnread => "日時が不完全か存在しません。前の指定のままです",
        Later::EmptyFilter => "条件に合う復元タスクはありません",
        Later::ClearFilter => "絞り込みを解除",
        Later::MatchSoFar => "今のところ {n} 件一致",
        Later::Overview => "期間の概要",
        Later::Summarize => "{n} 件すべてを集計",
        Later::SummarizeAll => "期間全体を集計",
        Later::Summarizing => "期間全体の取得後に集計を表示します",
        Later::Nothing => "集計するものがありません",
        Later::BarsHelp => "時間ごとのタスク。矢印キーで移動、Shift で複数選択、Enter で期間を狭めます",
        Later::BarTitle => {
            "{when}：全 {n}、完了 {succeeded}、失敗 {failed}、実行中 {running}、不明 {unknown}"
        }
        Later::Span => "{from} – {to}",
        Later::RateLabel => "成功率",
        Later::MedianLabel => "中央値",
        Later::P95Label => "95 パーセンタイル",
        Later::RunningLabel => "実行中、最長 {length}",
        Later::RunningNone => "実行中",
        Later::OverdueLabel => "超過",
        Later::OutsideLabel => "グラフ外",
        Later::OfLabel => "全 {total} 件",
        Later::Percent => "{n}%",
        Later::CsvRedacted => "CSV（アドレスなし）",
        Later::JsonRedacted => "JSON（アドレスなし）",
        Later::Paper => {
            "クラスター {cluster}。期間：{range}。絞り込み：{filter}。順序：{order}。{total} 件中 {held} 件を取得、{shown} 件が該当。このページは {first} 件目から。取得 {fetched}、タイムゾーン {zone}。OCP の最後の応答の Trace ID：{trace}。"
        }
        Later::PaperNone => "なし",
        Later::CheckFirst => "最初に",
        Later::Server => "サーバー",
        Later::CopyReport => "レポートをコピー",
        Later::CopyLogSearch => "ログ検索コマンドをコピー",
        Later::ReportLine => "{name}：{value}",
        Later::ReportCluster => "クラスター ID",
        Later::ReportMessage => "メッセージ",
        Later::PoolsLeft => "残っている可能性のあるリソースプール",
        Later::PoolsAction => "リソースプール…",
        Later::Breakdown => "内訳",
        Later::FacetTenant => "テナント（ソースまたはターゲット）",
        Later::Stages => "ステージ",
        Later::StageDone => "{stage}：完了",
        Later::StageNow => "{stage}：現在",
        Later::StageNowSince => "{stage}：現在、開始から {time}",
        Later::StageToCome => "{stage}：これから",
        Later::Overdue => {
            "超過：このテナントへの成功した復元 {n} 件のうち、半数は {p50} 以内、95% は {p95} 以内に終わりました"
        }
        Later::FailedFast => "{n} 秒以内に失敗",
        Later::FailedAgain => "以前の試行も同じエラーで失敗",
        Later::IsSource => "このクラスターは復元元です",
        Later::IsTarget => "このクラスターは復元先です",
        Later::IsBoth => "このクラスターは復元元であり、復元先でもあります",
        Later::PointAhead => "復元時点が開始より後です",
        Later::ChainSucceeded => "{n} 回の試行のうち {failed} 回が失敗し、最後は成功しました",
        Later::ChainFailed => "{n} 回の試行のうち、最後を含む {failed} 回が失敗しました",
        Later::ChainAllFailed => "{n} 回の試行はすべて失敗しました",
        Later::ChainAllSucceeded => "{n} 回の試行はすべて成功しました",
        Later::ChainRunning => "{n} 回の試行のうち {failed} 回が失敗し、最後は実行中です",
        Later::ChainUnknown => "{n} 回の試行のうち {failed} 回が失敗し、最後の結果は不明です",
        Later::ChainPartial => "読み込まれた部分に限ります。ほかにも試行があるかもしれません。",
        Later::AttemptsLeftOut => "表示していない試行：{n}",
        Later::Since => "{from} 以降",
        Later::Until => "{to} まで",
        Later::TimeZone => "タイムゾーン",
        Later::ZoneBrowser => "このブラウザー（{zone}）",
        Later::ZoneServer => "サーバー（{zone}）",
        Later::ZoneOther => "その他",
        Later::KeySearch => "絞り込み欄へ移動",
        Later::KeyPause => "自動更新の一時停止と再開",
        Later::KeyHelp => "このヘルプを表示",
        Later::KeyWalk => "行を移動",
        Later::KeyEnds => "ページの最初または最後の行へ移動",
        Later::KeyOpen => "行の詳細を開く",
        Later::KeyClose => "開いているものを閉じる",
        Later::HelpRange => {
            "並べ替え、絞り込み、数値はいずれも期間全体を対象とします。不足分は先に取得します。期間内のタスクがすべて揃うと、下部にチェックマークが付きます。"
        }
        Later::HelpKeys => "キーボード",
        Later::HelpWhere => {
            "文字や記号のキーは、フォーカスがこの表またはツールバーにあり、文字入力中でないときに働きます。"
        }
        Later::HelpFilter => "絞り込み",
        Later::HelpSyntax => {
            "語とフィールドはすべて満たす必要があります。カンマは「いずれか」、先頭の「-」は除外、引用符は空白やカンマを含む値を表します。語は日時と所要時間を除くすべての列から検索します。日時と所要時間には専用のフィールドがあります。"
        }
        Later::Suggestions => "候補",
        Later::SuggestionCount => "候補 {n} 件。矢印キーで選べます。",
        Later::FieldStatus => "結果または状態",
        Later::FieldTenant => "元または先のテナント",
        Later::FieldCluster => "元または先のクラスター",
        Later::FieldMode => "バックアップ方式",
        Later::FieldError => "エラーの名前またはコード",
        Later::FieldCreated => "開始日",
        Later::FieldFinished => "終了日",
        Later::FieldDuration => "所要時間",
        Later::FieldRewind => "巻き戻しの長さ",
        Later::FieldId => "タスク ID",
        Later::FieldJob => "OCP ジョブ ID",
        Later::FieldUri => "バックアップ先の一部",
        Later::FieldPool => "リソースプール",
        Later::ExampleDay => "その日",
        Later::ExampleAfter => "その日より後",
        Later::ExampleBefore => "その日より前",
        Later::ExampleDays => "両日を含む",
        Later::ExampleLonger => "それより長い",
        Later::ExampleShorter => "それより短い",
        Later::ExampleLengths => "その間",
        Later::FilterParts => "絞り込みの条件",
        Later::RemoveToken => "{token} を外す",
        Later::TakesStatus => {
            "status: には succeeded、failed、running、unknown、または RESTORE_FAIL のような状態を書きます。複数はカンマで区切ります。"
        }
        Later::TakesDay => {
            "{field}: には 2021-09-01、>2021-09-01、2021-09-01..2021-09-30 のような日付を書きます。"
        }
        Later::TakesLength => "{field}: には >10m、<90s、1h..2d のような時間の長さを書きます。",
        Later::TakesNumber => "{field}: には 4 のような整数を書きます。複数はカンマで区切ります。",
        Later::TakesText => "{field}: には文字の一部を書きます。空白やカンマを含むものは引用符で囲みます。",
        Later::Views => "ビュー",
        Later::ViewsNone => "保存済みのビューはありません",
        Later::ViewsFull => "ビューはすでに {n} 個あります。先に 1 つ削除してください。",
        Later::ViewSave => "現在のビューを保存…",
        Later::ViewName => "名前",
        Later::ViewKeep => "保存",
        Later::ViewReplace => "置き換え",
        Later::ViewReplaces => "同じ名前のビューがあり、置き換えられます",
        Later::ViewDelete => "ビュー {name} を削除",
        Later::ViewLink => "リンクをコピー",
        Later::ViewReset => "ビューをリセット",
        Later::ViewSaved => "ビュー「{name}」を保存しました",
        Later::ViewReplaced => "ビュー「{name}」を置き換えました",
        Later::ViewDeleted => "ビュー「{name}」を削除しました",
        Later::ViewNotKept => "ブラウザーに保存できませんでした。ストレージが無効か、空きがありません",
        Later::LinkCopied => "リンクをコピーしました",
        Later::WhyStorageKey => {
            "「{value}」は 64 文字以内の英数字と「-」「_」「.」からなる名前ではありません"
        }
        Later::ColumnUp => "「{column}」を上へ移動",
        Later::ColumnDown => "「{column}」を下へ移動",
        Later::ColumnNarrower => "「{column}」の列幅を狭くする",
        Later::ColumnWider => "「{column}」の列幅を広くする",
        Later::PinFirst => "先頭の列を固定",
        Later::ResetColumns => "列をリセット",
        Later::ColumnMoved => "「{column}」は {total} 列中 {n} 列目になりました",
        Later::ColumnSized => "「{column}」の列幅は {n} ピクセルです",
        Later::ColumnUsual => "「{column}」の列幅を既定に戻しました",
        Later::ColumnsReset => "列の設定をリセットしました",
        Later::KeySize => "見出しで列幅を変更（Shift と Home で既定に戻す）",
        Later::KeyMove => "列メニューで列を移動",
    }
}

/// What a cause means. Separate, since only the details of a failed task use it.
#[inline(never)]
fn meaning(cause: Cause) -> &'static str {
    match cause {
        Cause::Missing => "復元に必要なデータが、バックアップまたはクラスターに見つかりません。",
        Cause::LogGap => "復元時点までのアーカイブログが連続していません。",
        Cause::Storage => "バックアップ先のストレージに接続できないか、ストレージがエラーを返しました。",
        Cause::Permission => "サーバーにバックアップ先のストレージへのアクセス権がありません。",
        Cause::Destination => "バックアップ先のアドレスが無効か、別のバックアップのものです。",
        Cause::Decryption => "バックアップを復号できませんでした。",
        Cause::Pool => {
            "リソースプールがないか、使用中か、空きリソースを超えているため、テナントを置けません。"
        }
        Cause::TenantExists => "同名のテナントがすでにあるか、復元中です。",
        Cause::Exhausted => "サーバーまたはテナントのメモリーかディスク容量が不足しました。",
        Cause::Io => "サーバーでの読み書きに失敗しました。",
        Cause::Timeout => "処理が時間内に終わりませんでした。",
        Cause::Corrupt => "データがチェックサムと一致しないか、無効です。",
        Cause::Unsupported => "先クラスターはこの復元に対応していないか、許可していません。",
        Cause::Unavailable => {
            "その時点で、サーバーがビジーか、接続できないか、リーダーではありませんでした。"
        }
        Cause::Internal => "OceanBase が内部エラーを報告しました。理由は示されていません。",
    }
}

/// What to check first.
#[inline(never)]
fn check(cause: Cause) -> &'static str {
    match cause {
        Cause::Missing => {
            "復元時点が復元可能な範囲にあるか、バックアップのファイルが残っているかを確認してください。"
        }
        Cause::LogGap => "ログアーカイブが中断していないか、ログが回収されていないかを確認してください。",
        Cause::Storage => {
            "ネットワーク、各 OBServer ノードの NFS マウント、ストレージ側のエラーや制限を確認してください。"
        }
        Cause::Permission => "アクセスキーの権限、またはマウントしたディレクトリーの権限を確認してください。",
        Cause::Destination => {
            "バックアップ先、エンドポイント、リージョンと、このテナントのディレクトリーかどうかを確認してください。"
        }
        Cause::Decryption => "バックアップのパスワードと鍵管理の設定を確認してください。",
        Cause::Pool => "復元に指定したリソースプールと、各ゾーンの空きリソースとサーバーを確認してください。",
        Cause::TenantExists => "先テナントに別の名前を指定してください。",
        Cause::Exhausted => {
            "テナントのメモリーと、サーバーのデータディスクとログディスクの空き容量を確認してください。"
        }
        Cause::Io => "サーバーのディスク、マウント、システムログを確認してください。",
        Cause::Timeout => {
            "サーバー、ネットワーク、バックアップ先の負荷を確認してから、もう一度復元してください。"
        }
        Cause::Corrupt => {
            "バックアップとディスクの破損を確認してください。以前のバックアップは無事かもしれません。"
        }
        Cause::Unsupported => {
            "バージョンを確認してください。古いバージョンへの復元と、2.x、3.x から 4.x への復元はできません。"
        }
        Cause::Unavailable => {
            "すべてのサーバーが稼働し、リーダーがいることを確認してから、もう一度復元してください。"
        }
        Cause::Internal => {
            "サーバーの当時のログで警告とエラーを探してください。Trace ID があれば、それで検索できます。"
        }
    }
}
