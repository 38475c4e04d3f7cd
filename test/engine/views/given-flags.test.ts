import { describe, expect, it } from "vitest";
import { givenFlags } from "../../../src/engine/views/given-flags.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function flags(command: unknown, args?: unknown) {
  const spec = { containers: [{ name: "app", command, args }] };
  const [container] =
    viewResource({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec })?.podSpec?.all ?? [];
  return container && givenFlags(container).map(({ list, name, value }) => `${list} ${name} ${value}`);
}

describe("the flags that a container is given", () => {
  it("have their value behind an equals sign, or in the next element", () => {
    expect(flags(["app", "--a=1", "--b", "2"], ["--c-d", "3", "x"])).toEqual([
      "command a 1",
      "command b 2",
      "args c-d 3",
    ]);
  });

  it("may begin in the command and end in the args", () => {
    expect(flags(["app", "--a"], ["1"])).toEqual(["command a 1"]);
  });

  it("may have an empty value, one with an equals sign, or one of several lines", () => {
    expect(flags(undefined, ["--a=", "--b=x=y", "--c=1\n2", "--d", ""])).toEqual([
      "args a ",
      "args b x=y",
      "args c 1\n2",
      "args d ",
    ]);
  });

  it("are none without a value, with one dash, or inside a script", () => {
    expect(flags(["--a", "--b=1", "--c", "-d", "2", "-e=3", "--", "sh -c --f=4", "--g h", "5", "--i"])).toEqual([
      "command b 1",
    ]);
  });

  it("are none where there is no list", () => {
    expect(flags("--a=1", [{ "--b": 1 }, 2])).toEqual([]);
  });
});
