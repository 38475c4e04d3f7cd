import type { Board } from "../observability/board.ts";
import { namespace } from "../observability/boards/namespace.ts";
import { operator } from "../observability/boards/operator.ts";
import { overview } from "../observability/boards/overview.ts";
import { policy } from "../observability/boards/policy.ts";
import { team } from "../observability/boards/team.ts";
import { grafanaDashboard } from "../observability/grafana.ts";
import { type Generator, notice } from "./generator.ts";

export const boards: readonly Board[] = [overview, namespace, team, policy, operator];

/** Every board as Grafana imports it, in `config/grafana`. */
export const grafana: Generator = {
  name: "grafana",
  outputs: async () => new Map(boards.map((board) => [`config/grafana/${board.id}.json`, render(board)])),
};

function render(board: Board): string {
  const description = notice("grafana", `tools/observability/boards/${board.id}.ts`);
  return `${JSON.stringify(grafanaDashboard(board, description), null, 2)}\n`;
}
