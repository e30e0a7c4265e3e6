// For React 18, which sets only attributes and does not know custom events. React 19 can use the tag itself.

import { createElement, forwardRef, useCallback, useLayoutEffect, useRef } from "react";
import "./define.js";

// begin events: written by `cargo xtask api` from package/api.toml
const EVENTS = {
  onLoad: "obrt-load",
  onError: "obrt-error",
  onAuthRequired: "obrt-auth-required",
  onStateChange: "obrt-state-change",
  onRowActivate: "obrt-row-activate",
  onRowAction: "obrt-row-action",
};
// end events
const RESERVED = new Set(["className", "style", "id", "slot", "lang", "title", "hidden", "role", "tabIndex", "dir"]);
const isPlain = (name) => RESERVED.has(name) || /^(data|aria)-/.test(name);

export const RestoreTasks = forwardRef(function RestoreTasks({ children, ...props }, outer) {
  const element = useRef(null);
  const handlers = useRef({});
  const set = useRef({});

  const ref = useCallback(
    (node) => {
      element.current = node;
      if (typeof outer === "function") outer(node);
      else if (outer) outer.current = node;
    },
    [outer],
  );

  // In the same task in which the element is inserted: it starts later than that.
  useLayoutEffect(() => {
    const node = element.current;
    const next = {};
    for (const [name, value] of Object.entries(props)) {
      if (name in EVENTS) handlers.current[name] = value;
      else if (!isPlain(name)) next[name] = value;
    }
    for (const name in handlers.current) if (!(name in props)) delete handlers.current[name];
    for (const name in set.current) if (!(name in next)) node[name] = null;
    for (const name in next) if (!Object.is(set.current[name], next[name])) node[name] = next[name];
    set.current = next;
  });

  useLayoutEffect(() => {
    const node = element.current;
    const listen = Object.entries(EVENTS).map(([name, type]) => [type, (event) => handlers.current[name]?.(event)]);
    for (const [type, tell] of listen) node.addEventListener(type, tell);
    return () => {
      for (const [type, tell] of listen) node.removeEventListener(type, tell);
    };
  }, []);

  const plain = Object.fromEntries(Object.entries(props).filter(([name]) => isPlain(name)));
  const { className, ...rest } = plain;
  // React 18 passes `className` to a custom element unchanged.
  return createElement("ob-restore-tasks", { ...rest, ...(className && { class: className }), ref }, children);
});
