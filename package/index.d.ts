/** What the user made of the view; `getState()` gives it, `setState()` takes it, every part may be missing. */
export interface RestoreTasksState {
  range: string;
  sort: string;
  filter: string;
  page: number;
  pageSize: number;
  columns: string[];
  density: "comfortable" | "compact";
  /** The zone that the person has chosen; empty is the host's. */
  timeZone: string;
  /** Widths in pixels, 48 to 800, of the columns that have another than usual. */
  widths: Record<string, number>;
  /** Whether the first column stays in sight. */
  pinned: boolean;
}

/** A task in the API's shape; 64-bit integers are strings, `restoreUri` is left out. */
export type RestoreTask = Readonly<Record<string, string | number | boolean | null>>;

export interface RestoreTasksLoad {
  total: number | null;
  loaded: number;
  complete: boolean;
  traceId: string | null;
  fetchedAt: string;
}

export type RestoreTasksErrorCode =
  | "config" | "network" | "timeout" | "http" | "auth" | "permission" | "rate-limit" | "api" | "decode" | "too-large"
  | "runtime";

export interface RestoreTasksError {
  code: RestoreTasksErrorCode;
  status: number | null;
  message: string;
  traceId: string | null;
  retryable: boolean;
  /** Which attribute cannot be used, by its HTML name; with code `config` only. */
  attribute: string | null;
}

export interface RestoreTasksAuthRequired {
  status: number | null;
  traceId: string | null;
}

export interface RestoreTasksRow {
  id: string | null;
  ocpJobId: string | null;
  status: string;
  task: RestoreTask;
}

export interface RestoreTasksAction {
  id: string | null;
  action: "job" | "pools";
}

export interface ObRestoreTasksEventMap {
  "obrt-load": CustomEvent<RestoreTasksLoad>;
  "obrt-error": CustomEvent<RestoreTasksError>;
  "obrt-auth-required": CustomEvent<RestoreTasksAuthRequired>;
  "obrt-state-change": CustomEvent<{ state: RestoreTasksState }>;
  /** Cancelable: unless prevented, the details open. */
  "obrt-row-activate": CustomEvent<RestoreTasksRow>;
  /** Cancelable: unless prevented, the link to the job is followed, or the names of the pools are copied. */
  "obrt-row-action": CustomEvent<RestoreTasksAction>;
}

/** The names of the texts; each is said by its English one in `src/core/text/en.rs`. */
export type MessageName =
  | "views" | "viewsNone" | "viewsFull" | "viewSave" | "viewName" | "viewKeep" | "viewReplace" | "viewReplaces"
  | "viewDelete" | "viewLink" | "viewReset" | "viewSaved" | "viewReplaced" | "viewDeleted" | "viewNotKept"
  | "linkCopied" | "whyStorageKey"
  | "lengthMillis" | "lengthTenths" | "lengthSeconds" | "lengthMinutes" | "lengthHours" | "lengthDays" | "help"
  | "since" | "until" | "timeZone" | "zoneBrowser" | "zoneServer" | "zoneOther" | "keySearch" | "keyPause" | "keyHelp" | "keyWalk" | "keyEnds" | "keyOpen" | "keyClose" | "helpRange" | "helpKeys" | "helpWhere" | "helpFilter" | "helpSyntax"
  | "filterLabel" | "status" | "statusIs" | "statusAny" | "timeRange" | "timeRangeIs" | "rangeHour" | "rangeDay" | "rangeWeek" | "rangeMonth"
  | "rangeQuarter" | "rangeAll" | "rangeCustom" | "zoneNote" | "refresh" | "pause" | "resume" | "columns" | "density"
  | "comfortable" | "compact" | "export" | "caption" | "tableRegion" | "colId" | "colBackupMode"
  | "colBackupClusterName" | "colBackupTenantName" | "colRestoreClusterName" | "colRestoreTenantName"
  | "colCreateTime" | "colFinishTime" | "colRestoreEndTime" | "colErrorMsg" | "colRestoreUri"
  | "colRestorePoolListStr" | "colOcpJobId" | "colBackupClusterId" | "colBackupObClusterId" | "colBackupTenantId"
  | "colBackupObTenantId" | "colRestoreClusterId" | "colRestoreObClusterId" | "colDuration" | "colRewind"
  | "completed" | "failed" | "running" | "unknown" | "physical" | "logical" | "stageCreateTenant" | "stageSysReplica"
  | "stageUpgradePre" | "stageUpgradePost" | "stageModifySchema" | "stageCreateUserPartitions" | "stageUserReplica"
  | "stageRebuildIndex" | "stagePostCheck" | "stagePre" | "stageCreateInitLs" | "stageConsistentScn"
  | "stageQuickRestore" | "stageWaitLs" | "stageStandbyTenant" | "stageUpgrade" | "stageWaitTenant" | "pagination"
  | "firstPage" | "previousPage" | "nextPage" | "lastPage" | "pageNumber" | "rowsPerPage" | "all" | "held"
  | "heldOnly" | "match" | "loading" | "empty" | "emptyAll" | "showAll" | "updatedAt" | "pausedNote" | "sortedUp"
  | "sortedDown" | "unsorted" | "shown" | "sentences" | "stages" | "stageDone" | "stageNow" | "stageNowSince"
  | "stageToCome" | "overdue" | "failedFast" | "failedAgain" | "isSource" | "isTarget" | "isBoth" | "pointAhead"
  | "chainSucceeded" | "chainFailed" | "chainAllFailed" | "chainAllSucceeded" | "chainRunning" | "chainUnknown"
  | "chainPartial" | "attemptsLeftOut" | "errConfig" | "errNetwork" | "errTimeout" | "errHttp" | "errBadRequest"
  | "errNotFound" | "errAuth" | "errPermission" | "errRateLimit" | "errApi" | "errDecode" | "errTooLarge"
  | "errRuntime" | "traceId" | "whyMissing" | "whyClusterId" | "whyBaseUrl" | "whyRange" | "whyRangeOrder"
  | "whyNumber" | "whyColumn" | "whyChoice" | "whyPage" | "whyKey" | "whyZone" | "whyHeaders" | "whyTasks" | "noField"
  | "badToken" | "badIds" | "badRows" | "detailsOf" | "detailsNoId" | "close" | "whatFailed" | "more" | "copy"
  | "copied" | "copyFailed" | "listChanged" | "notProven" | "maxRows" | "oversent" | "partial" | "fetchRest"
  | "progress" | "progressOnly" | "cancel" | "retry" | "retrying" | "staleNote" | "staleMinutes" | "staleHours"
  | "stale" | "new" | "newWait" | "pageOf" | "refreshed" | "pauseOn" | "pauseOff" | "rangeFrom" | "rangeTo" | "rangeOrder" | "rangeUnread" | "emptyFilter" | "clearFilter"
  | "matchSoFar" | "overview" | "summarize" | "summarizeAll" | "summarizing" | "nothing" | "barsHelp" | "barTitle"
  | "span" | "rateLabel" | "medianLabel" | "p95Label" | "runningLabel" | "runningNone" | "overdueLabel" | "outsideLabel" | "ofLabel"
  | "percent" | "csvRedacted" | "jsonRedacted" | "paper" | "paperNone" | "checkFirst" | "server" | "copyReport"
  | "copyLogSearch" | "reportLine" | "reportCluster" | "reportMessage" | "poolsLeft" | "poolsAction" | "breakdown"
  | "facetTenant"
  | "columnUp" | "columnDown" | "columnNarrower" | "columnWider" | "pinFirst" | "resetColumns"
  | "columnMoved" | "columnSized" | "columnUsual" | "columnsReset" | "keySize" | "keyMove"
  | "meaningMissing" | "meaningLogGap" | "meaningStorage" | "meaningPermission" | "meaningDestination"
  | "meaningDecryption" | "meaningPool" | "meaningTenantExists" | "meaningExhausted" | "meaningIo" | "meaningTimeout"
  | "meaningCorrupt" | "meaningUnsupported" | "meaningUnavailable" | "meaningInternal" | "checkMissing"
  | "checkLogGap" | "checkStorage" | "checkPermission" | "checkDestination" | "checkDecryption" | "checkPool"
  | "checkTenantExists" | "checkExhausted" | "checkIo" | "checkTimeout" | "checkCorrupt" | "checkUnsupported"
  | "checkUnavailable" | "checkInternal"
  | "suggestions" | "suggestionCount" | "fieldStatus" | "fieldTenant" | "fieldCluster" | "fieldMode" | "fieldError"
  | "fieldCreated" | "fieldFinished" | "fieldDuration" | "fieldRewind" | "fieldId" | "fieldJob" | "fieldUri"
  | "fieldPool" | "exampleDay" | "exampleAfter" | "exampleBefore" | "exampleDays" | "exampleLonger"
  | "exampleShorter" | "exampleLengths" | "filterParts" | "removeToken" | "takesStatus" | "takesDay" | "takesLength"
  | "takesNumber" | "takesText";

type HeaderValues = Record<string, string>;

/** The attributes as properties. `null` restores the default. */
export interface ObRestoreTasksProperties {
  baseUrl: string;
  /** A decimal int64 above 0. */
  clusterId: string;
  /** `1h` `24h` `7d` `30d` `90d` `all`, or `START/END` in ISO 8601. */
  range: string;
  pageSize: number;
  maxRows: number;
  /** A column's id, `-` before it for descending. */
  sort: string;
  filter: string;
  /** Column ids, space separated. */
  columns: string;
  /** The attribute `refresh`: seconds between refreshes, 0 = off. */
  refreshInterval: number;
  paused: boolean;
  /** An IANA name, `UTC` or `local`. */
  timeZone: string;
  theme: "auto" | "light" | "dark";
  density: "comfortable" | "compact";
  credentials: RequestCredentials;
  loading: "lazy" | "eager";
  /** Keeps the view in the page's address. */
  urlSync: "none" | "query" | "hash";
  /** The prefix of this element's keys in the address; `rt` by default. */
  urlKey: string;
  /** The name under which `localStorage` keeps the look and the named views; without it nothing is kept. */
  storageKey: string;
  /** A link template such as `/task/{ocpJobId}`; http(s) or relative only. */
  jobHref: string;
  /** The strip above the table: `auto` offers to fetch what it needs, `on` fetches it, `off` has none. */
  overview: "auto" | "on" | "off";
  /** Single keys such as `/` and `r`, while the focus is in the element. */
  shortcuts: "on" | "off";
  headers: HeaderValues | (() => HeaderValues | Promise<HeaderValues>) | null;
  fetcher: ((request: Request) => Promise<Response>) | null;
  /** Tasks in the API's shape; nothing is fetched. */
  tasks: readonly object[] | null;
  /** Texts of your own. Values stand in braces: `{n} tasks`. */
  messages: Partial<Record<MessageName, string>> | null;
}

export interface ObRestoreTasksElement extends ObRestoreTasksProperties {}

export class ObRestoreTasksElement extends HTMLElement {
  whenReady(): Promise<void>;
  /** Resolves once settled, failed or not: failures are told by `obrt-error`. */
  refresh(): Promise<void>;
  getState(): Partial<RestoreTasksState>;
  setState(state: Partial<RestoreTasksState>): Promise<void>;
  reset(): void;
  /** `redacted` leaves out addresses and trace ids. */
  exportData(options: { format: "csv" | "json"; scope?: "view" | "page"; redacted?: boolean }): Promise<Blob>;

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
