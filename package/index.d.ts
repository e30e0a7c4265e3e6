// begin state: written by `cargo xtask api` from package/api.toml
/** What the user made of the view; every part may be missing. */
export interface RestoreTasksState {
  /** As in the attribute `range`. */
  range: string;
  /** As in the attribute `sort`; empty = the server's order. */
  sort: string;
  /** The filter's text, secrets masked. */
  filter: string;
  /** From 1. */
  page: number;
  /** Rows per page, up to 2000; 0 = all rows on one page. */
  pageSize: number;
  /** Column ids in order. */
  columns: string[];
  /** As in the attribute `density`. */
  density: "comfortable" | "compact";
  /** The zone that the user picked; empty = the attribute's. */
  timeZone: string;
  /** Widths in pixels, 48 to 800, of the columns that do not have their usual width. */
  widths: Record<string, number>;
  /** Whether the first column stays in sight. */
  pinned: boolean;
}
// end state

/** A task in the API's shape; 64-bit integers are strings, `restoreUri` is left out. */
export type RestoreTask = Readonly<Record<string, string | number | boolean | null>>;

// begin events: written by `cargo xtask api` from package/api.toml
export type RestoreTasksErrorCode =
  | "config" | "network" | "timeout" | "http" | "auth" | "permission" | "rate-limit" | "api" | "decode"
  | "too-large" | "runtime";

export interface RestoreTasksLoad {
  /** Tasks in the range as the server counts them; `null` if it names no number. */
  total: number | null;
  /** Tasks that the element holds. */
  loaded: number;
  /** Whether these are all tasks of the range. */
  complete: boolean;
  /** OCP's trace id of the last answer. */
  traceId: string | null;
  /** When the load ended, ISO 8601 in UTC. */
  fetchedAt: string;
}

export interface RestoreTasksError {
  /** One of the error codes in api.md. */
  code: RestoreTasksErrorCode;
  /** HTTP status, if there was one. */
  status: number | null;
  /** What the server, the browser or the decoder said; for `config` the reason in the element's language. May be empty. */
  message: string;
  /** OCP's trace id. */
  traceId: string | null;
  /** Whether the same request may work a moment later. */
  retryable: boolean;
  /** With code `config` only: the attribute or property that cannot be used, by its HTML name. */
  attribute: string | null;
}

export interface RestoreTasksAuthRequired {
  /** HTTP status, if there was one. */
  status: number | null;
  /** OCP's trace id. */
  traceId: string | null;
}

export interface RestoreTasksRow {
  /** The task's id; `null` if it is no int64 above 0. */
  id: string | null;
  /** Id of the OCP job, if above 0. */
  ocpJobId: string | null;
  /** Raw status. */
  status: string;
  /** The task in the API's shape: 64-bit integers as strings, secrets masked, without `restoreUri`. */
  task: RestoreTask;
}

export interface RestoreTasksAction {
  /** The task's id. */
  id: string | null;
  /** Which of the two. */
  action: "job" | "pools";
}

export interface ObRestoreTasksEventMap {
  /** After each settled load, and when `tasks` is set. */
  "obrt-load": CustomEvent<RestoreTasksLoad>;
  /** Something failed, after all automatic retries. The rows on the screen stay. */
  "obrt-error": CustomEvent<RestoreTasksError>;
  /** Follows an `obrt-error` with code `auth`. Sign in, then call `refresh()`. */
  "obrt-auth-required": CustomEvent<RestoreTasksAuthRequired>;
  /** The user changed the view: range, sort, filter, page, rows per page, columns, their widths or pin, density, time zone, a named view, Back or Forward. Not sent for what the host sets. */
  "obrt-state-change": CustomEvent<{ state: RestoreTasksState }>;
  /** Cancelable. A click, Enter or Space on a row. Unless prevented, the details open. */
  "obrt-row-activate": CustomEvent<RestoreTasksRow>;
  /** Cancelable. The link to the OCP job, or “Resource pools…” in the details of a failed task. Unless prevented, the link is followed or the names of the pools are copied. */
  "obrt-row-action": CustomEvent<RestoreTasksAction>;
}
// end events

// begin messages: written by `cargo xtask api` from src/core/i18n
/** The names of the texts. The English ones are in `src/core/i18n/en.rs`. */
export type MessageName =
  | "filterLabel" | "status" | "statusIs" | "statusAny" | "timeRange" | "timeRangeIs" | "rangeHour"
  | "rangeDay" | "rangeWeek" | "rangeMonth" | "rangeQuarter" | "rangeAll" | "rangeCustom" | "zoneNote"
  | "refresh" | "pause" | "resume" | "columns" | "density" | "comfortable" | "compact" | "export" | "caption"
  | "tableRegion" | "colId" | "colBackupMode" | "colBackupClusterName" | "colBackupTenantName"
  | "colRestoreClusterName" | "colRestoreTenantName" | "colCreateTime" | "colFinishTime" | "colRestoreEndTime"
  | "colErrorMsg" | "colRestoreUri" | "colRestorePoolListStr" | "colOcpJobId" | "colBackupClusterId"
  | "colBackupObClusterId" | "colBackupTenantId" | "colBackupObTenantId" | "colRestoreClusterId"
  | "colRestoreObClusterId" | "colDuration" | "colRewind" | "completed" | "failed" | "running" | "unknown"
  | "physical" | "logical" | "stageCreateTenant" | "stageSysReplica" | "stageUpgradePre" | "stageUpgradePost"
  | "stageModifySchema" | "stageCreateUserPartitions" | "stageUserReplica" | "stageRebuildIndex"
  | "stagePostCheck" | "stagePre" | "stageCreateInitLs" | "stageConsistentScn" | "stageQuickRestore"
  | "stageWaitLs" | "stageStandbyTenant" | "stageUpgrade" | "stageWaitTenant" | "pagination" | "firstPage"
  | "previousPage" | "nextPage" | "lastPage" | "pageNumber" | "rowsPerPage" | "all" | "held" | "heldOnly"
  | "match" | "loading" | "empty" | "emptyAll" | "showAll" | "updatedAt" | "pausedNote" | "sortedUp"
  | "sortedDown" | "unsorted" | "shown" | "sentences" | "lengthMillis" | "lengthTenths" | "lengthSeconds"
  | "lengthMinutes" | "lengthHours" | "lengthDays" | "help" | "errConfig" | "errNetwork" | "errTimeout"
  | "errHttp" | "errBadRequest" | "errNotFound" | "errAuth" | "errPermission" | "errRateLimit" | "errApi"
  | "errDecode" | "errTooLarge" | "errRuntime" | "traceId" | "whyMissing" | "whyClusterId" | "whyBaseUrl"
  | "whyRange" | "whyRangeOrder" | "whyNumber" | "whyColumn" | "whyChoice" | "whyPage" | "whyKey" | "whyZone"
  | "whyHeaders" | "whyTasks" | "noField" | "badToken" | "badIds" | "badRows" | "detailsOf" | "detailsNoId"
  | "close" | "whatFailed" | "more" | "copy" | "copied" | "copyFailed" | "listChanged" | "notProven"
  | "maxRows" | "oversent" | "partial" | "fetchRest" | "progress" | "progressOnly" | "cancel" | "retry"
  | "retrying" | "staleNote" | "staleMinutes" | "staleHours" | "stale" | "new" | "newWait" | "pageOf"
  | "refreshed" | "pauseOn" | "pauseOff" | "rangeFrom" | "rangeTo" | "rangeOrder" | "rangeUnread"
  | "emptyFilter" | "clearFilter" | "matchSoFar" | "overview" | "summarize" | "summarizeAll" | "summarizing"
  | "nothing" | "barsHelp" | "barTitle" | "span" | "rateLabel" | "medianLabel" | "p95Label" | "runningLabel"
  | "runningNone" | "overdueLabel" | "outsideLabel" | "ofLabel" | "percent" | "csvRedacted" | "jsonRedacted"
  | "paper" | "paperNone" | "checkFirst" | "server" | "copyReport" | "copyLogSearch" | "reportLine"
  | "reportCluster" | "reportMessage" | "poolsLeft" | "poolsAction" | "breakdown" | "facetTenant" | "stages"
  | "stageDone" | "stageNow" | "stageNowSince" | "stageToCome" | "overdue" | "failedFast" | "failedAgain"
  | "isSource" | "isTarget" | "isBoth" | "pointAhead" | "chainSucceeded" | "chainFailed" | "chainAllFailed"
  | "chainAllSucceeded" | "chainRunning" | "chainUnknown" | "chainPartial" | "attemptsLeftOut" | "since"
  | "until" | "timeZone" | "zoneBrowser" | "zoneServer" | "zoneOther" | "keySearch" | "keyPause" | "keyHelp"
  | "keyWalk" | "keyEnds" | "keyOpen" | "keyClose" | "helpRange" | "helpKeys" | "helpWhere" | "helpFilter"
  | "helpSyntax" | "suggestions" | "suggestionCount" | "fieldStatus" | "fieldTenant" | "fieldCluster"
  | "fieldMode" | "fieldError" | "fieldCreated" | "fieldFinished" | "fieldDuration" | "fieldRewind" | "fieldId"
  | "fieldJob" | "fieldUri" | "fieldPool" | "exampleDay" | "exampleAfter" | "exampleBefore" | "exampleDays"
  | "exampleLonger" | "exampleShorter" | "exampleLengths" | "filterParts" | "removeToken" | "takesStatus"
  | "takesDay" | "takesLength" | "takesNumber" | "takesText" | "views" | "viewsNone" | "viewsFull" | "viewSave"
  | "viewName" | "viewKeep" | "viewReplace" | "viewReplaces" | "viewDelete" | "viewLink" | "viewReset"
  | "viewSaved" | "viewReplaced" | "viewDeleted" | "viewNotKept" | "linkCopied" | "whyStorageKey" | "columnUp"
  | "columnDown" | "columnNarrower" | "columnWider" | "pinFirst" | "resetColumns" | "columnMoved"
  | "columnSized" | "columnUsual" | "columnsReset" | "keySize" | "keyMove" | "meaningMissing" | "meaningLogGap"
  | "meaningStorage" | "meaningPermission" | "meaningDestination" | "meaningDecryption" | "meaningPool"
  | "meaningTenantExists" | "meaningExhausted" | "meaningIo" | "meaningTimeout" | "meaningCorrupt"
  | "meaningUnsupported" | "meaningUnavailable" | "meaningInternal" | "checkMissing" | "checkLogGap"
  | "checkStorage" | "checkPermission" | "checkDestination" | "checkDecryption" | "checkPool"
  | "checkTenantExists" | "checkExhausted" | "checkIo" | "checkTimeout" | "checkCorrupt" | "checkUnsupported"
  | "checkUnavailable" | "checkInternal";
// end messages

type HeaderValues = Record<string, string>;

// begin properties: written by `cargo xtask api` from package/api.toml
/** The attributes as properties, and the others. `null` restores the default. */
export interface ObRestoreTasksProperties {
  /** URL prefix before `/api/v2/ob/clusters/…`: http(s) or relative, without user, `?` or `#`. Where the API is. With a bad value no request is sent. */
  baseUrl: string;
  /** decimal int64 above 0. The cluster, by its id in OCP. Required unless `tasks` is set. With a bad value no request is sent. */
  clusterId: string;
  /** `1h` `24h` `7d` `30d` `90d` `all`, or `START/END` in ISO 8601, either may be empty. Which tasks, by `createTime`. See Time range in api.md. */
  range: string;
  /** 1 to 2000. Rows per page. */
  pageSize: number;
  /** 1 to 10000000. The most rows that the element holds. Beyond that it stops fetching and says how many are missing. */
  maxRows: number;
  /** column id, with `-` in front for descending. Order of the rows. See Sort order in api.md. */
  sort: string;
  /** words and `field:value` tokens. See Filter language in api.md. */
  filter: string;
  /** column ids, separated by spaces, in order. Which columns are shown. Repeated ids count once, unknown ids are reported and left out. */
  columns: string;
  /** seconds, 0 to 86400; 0 = off. Time between automatic refreshes. The property is `refreshInterval`, since `refresh()` is a method. */
  refreshInterval: number;
  /** Holds automatic refresh. */
  paused: boolean;
  /** IANA name, offset such as `+08:00`, `UTC` or `local`. Zone of the times, and of the days in `range` and `filter`. `local` is the browser's zone. */
  timeZone: string;
  /** Light, dark, or as the page and the system have it. */
  theme: "auto" | "light" | "dark";
  /** Height of the rows. */
  density: "comfortable" | "compact";
  /** Whether cookies are sent, as in `fetch`. */
  credentials: "same-origin" | "omit" | "include";
  /** Keeps the view in the page's address. See View in the address in api.md. */
  urlSync: "none" | "query" | "hash";
  /** 1 to 64 of `A–Z a–z 0–9 - _ .`. Prefix of this element's keys in the address. */
  urlKey: string;
  /** 1 to 64 of `A–Z a–z 0–9 - _ .`. Lets the element use `localStorage`. See What the browser stores in api.md. */
  storageKey: string;
  /** link template such as `/task/{ocpJobId}`: http(s) or relative. Makes the OCP job ids links. */
  jobHref: string;
  /** `lazy` loads the WebAssembly when the element comes within 200 px of the viewport, `eager` at once. Any other value is `lazy`. */
  loading: "lazy" | "eager";
  /** The strip above the table with figures and a chart. `auto` fills it when the whole range is loaded and otherwise offers a button; `on` fetches the whole range; `off` removes it. */
  overview: "auto" | "on" | "off";
  /** Single keys while the focus is in the element. See Keyboard in api.md. */
  shortcuts: "on" | "off";
  /** Extra request headers: an object, a `Headers`, or a function that returns one, perhaps as a promise. The function is called before each request. If it throws or rejects, no request is sent and `obrt-error` has code `config` and attribute `headers`. */
  headers: HeaderValues | (() => HeaderValues | Promise<HeaderValues>) | null;
  /** Called in place of `fetch`. */
  fetcher: ((request: Request) => Promise<Response>) | null;
  /** Tasks in the API's shape, see [Requests](#requests). Nothing is fetched while it is set. */
  tasks: readonly object[] | null;
  /** Replaces texts by their names. Values are in braces: `{n} tasks`. The names are `MessageName` in `index.d.ts`; with an unknown name none of the texts is used. */
  messages: Partial<Record<MessageName, string>> | null;
}
// end properties

export interface ObRestoreTasksElement extends ObRestoreTasksProperties {}

export class ObRestoreTasksElement extends HTMLElement {
  // begin methods: written by `cargo xtask api` from package/api.toml
  /** Resolves once the table is in place. Rejects if the WebAssembly cannot start. */
  whenReady(): Promise<void>;
  /** Fetches again. Resolves when that has ended, failed or not: failures come as `obrt-error`. */
  refresh(): Promise<void>;
  /** The view as a plain object. `{}` before the table is in place. */
  getState(): Partial<RestoreTasksState>;
  /** Takes such an object. Missing or unusable parts keep what holds now. Resolves when the needed rows are loaded or loading has failed. */
  setState(state: Partial<RestoreTasksState>): Promise<void>;
  /** Back to what the attributes say. Also forgets the stored look. */
  reset(): void;
  /** See Export in api.md. Rejects with a `TypeError` for an unknown format or scope, and with an `Error` if the rest of the range cannot be fetched. */
  exportData(options: { format: "csv" | "json"; scope?: "view" | "page"; redacted?: boolean }): Promise<Blob>;
  // end methods

  addEventListener<K extends keyof ObRestoreTasksEventMap>(
    type: K,
    listener: (this: ObRestoreTasksElement, event: ObRestoreTasksEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: ObRestoreTasksElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof ObRestoreTasksEventMap>(
    type: K,
    listener: (this: ObRestoreTasksElement, event: ObRestoreTasksEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: ObRestoreTasksElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** `ob-restore-tasks`. */
export const TAG: "ob-restore-tasks";

/** Loads the style sheet and the WebAssembly, once per page, for those who know that they will be needed. */
export function init(): Promise<void>;

declare global {
  interface HTMLElementTagNameMap {
    "ob-restore-tasks": ObRestoreTasksElement;
  }
}
