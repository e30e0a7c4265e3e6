import { useState } from "react";
import "ob-restore-tasks/define";
import type {} from "ob-restore-tasks/react";

// Outside the component, so that it stays the same object from one render to the next.
const headers = { "X-Host": "react19" };

export function RestorePanel({ sort }: { sort: string }) {
  const [total, setTotal] = useState<number | null>(null);
  return (
    <section>
      <h1>
        Restore tasks: <output>{total}</output>
      </h1>
      <ob-restore-tasks
        cluster-id="1001240"
        refreshInterval={0}
        sort={sort}
        headers={headers}
        onobrt-load={(event) => setTotal(event.detail.total)}
      />
    </section>
  );
}
