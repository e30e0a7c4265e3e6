import { useState } from "react";
import { RestoreTasks } from "ob-restore-tasks/react";

// Outside the component, so that it stays the same object from one render to the next.
const headers = { "X-Host": "react18" };

export function RestorePanel({ sort }: { sort: string }) {
  const [total, setTotal] = useState<number | null>(null);
  return (
    <section>
      <h1>
        Restore tasks: <output>{total}</output>
      </h1>
      <RestoreTasks
        clusterId="1001240"
        refreshInterval={0}
        sort={sort}
        headers={headers}
        onLoad={(event) => setTotal(event.detail.total)}
      />
    </section>
  );
}
