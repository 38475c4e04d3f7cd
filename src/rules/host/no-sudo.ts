import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { textsAt } from "../../engine/views/fields.ts";

/** What stands between the words of a command line. */
const separators = /[\s;|&()<>{}`'"$=]/;

export const rule = defineRule({
  id: "no-sudo",
  revision: 1,
  title: "No container calls sudo",
  category: "host",
  severity: "Low",
  kinds: "workloads",
  why: "sudo works only where the container may gain privileges and its image lets a user become root. It brings back what runAsNonRoot is to prevent.",
  fix: "Do in the image what needs root, and run the program as the user that it needs.",
  packs: { strict: {} },
  references: [
    "https://docs.docker.com/build/building/best-practices/#user",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  ],
  params: z.strictObject({}),
  messages: {
    sudo: "Container {container} calls sudo in its {field}",
  },
  check({ resource: { podSpec }, report }) {
    for (const container of podSpec?.all ?? [])
      for (const field of ["command", "args"])
        if (textsAt(container.fields, field).some(callsSudo))
          report("sudo", { path: container.at(field), data: { container: container.name, field }, value: "sudo" });
  },
});

/** As a word of its own, or as the last segment of a path: `/usr/bin/sudo`, not `sudoers` and not `no-sudo`. */
function callsSudo(text: string): boolean {
  return text.includes("sudo") && text.split(separators).some((word) => word === "sudo" || word.endsWith("/sudo"));
}
