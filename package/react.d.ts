import type { DetailedHTMLProps, ForwardRefExoticComponent, HTMLAttributes, ReactNode, RefAttributes } from "react";
import type { ObRestoreTasksElement, ObRestoreTasksEventMap, ObRestoreTasksProperties } from "./index.js";

type Handler<K extends keyof ObRestoreTasksEventMap> = (event: ObRestoreTasksEventMap[K]) => unknown;

export interface RestoreTasksProps
  extends Partial<ObRestoreTasksProperties>,
    Pick<HTMLAttributes<ObRestoreTasksElement>, "className" | "style" | "id" | "slot" | "lang" | "title" | "hidden"> {
  children?: ReactNode;
  // begin handlers: written by `cargo xtask api` from package/api.toml
  onLoad?: Handler<"obrt-load">;
  onError?: Handler<"obrt-error">;
  onAuthRequired?: Handler<"obrt-auth-required">;
  onStateChange?: Handler<"obrt-state-change">;
  onRowActivate?: Handler<"obrt-row-activate">;
  onRowAction?: Handler<"obrt-row-action">;
  // end handlers
}

/** The element as a component of React 18 or later; registers it. */
export const RestoreTasks: ForwardRefExoticComponent<RestoreTasksProps & RefAttributes<ObRestoreTasksElement>>;

type Listeners = { [K in keyof ObRestoreTasksEventMap as `on${K}`]?: Handler<K> };
// begin attributes: written by `cargo xtask api` from package/api.toml
type TagAttributes = {
  "base-url"?: string;
  "cluster-id"?: string;
  "page-size"?: string | number;
  "max-rows"?: string | number;
  "time-zone"?: string;
  "url-sync"?: "none" | "query" | "hash";
  "url-key"?: string;
  "storage-key"?: string;
  "job-href"?: string;
};
// end attributes

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      /** The tag itself, for React 19. */
      "ob-restore-tasks": DetailedHTMLProps<HTMLAttributes<ObRestoreTasksElement>, ObRestoreTasksElement> &
        Partial<ObRestoreTasksProperties> &
        TagAttributes &
        Listeners;
    }
  }
}
