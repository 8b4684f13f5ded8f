// A section[data-job] says how far a job has come; the page is loaded again once it has ended. Without scripts the page
// loads itself again now and then.

import "./desk.css";

interface Job {
  ended: boolean;
  state: string;
  stage: string;
  done: number;
}

const EVERY_MS = 1000;

for (const section of document.querySelectorAll<HTMLElement>("section[data-job]")) setTimeout(() => void look(section), EVERY_MS);

async function look(section: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(section.dataset["job"]!, { headers: { accept: "application/json" } });
    if (answer.ok) {
      const job = (await answer.json()) as Job;
      if (job.ended) return location.reload();
      if (job.state === "running" && job.stage) tell(section, "[data-stage]", job.stage);
      tell(section, "[data-done]", job.done > 0 ? job.done.toLocaleString("en") : "");
    }
  } catch {
    // The server may be away for a moment.
  }
  setTimeout(() => void look(section), EVERY_MS);
}

function tell(section: HTMLElement, where: string, said: string): void {
  const element = section.querySelector(where);
  if (element && element.textContent !== said) element.textContent = said;
}


