import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { RestorePanel } from "./RestorePanel";

function App() {
  const [sort, setSort] = useState("");
  const [shown, setShown] = useState(true);
  return (
    <>
      <button onClick={() => setSort("id")}>Sort by id</button>
      <button onClick={() => setShown(false)}>Unmount</button>
      <button onClick={() => setShown(true)}>Mount</button>
      {shown && <RestorePanel sort={sort} />}
    </>
  );
}

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
