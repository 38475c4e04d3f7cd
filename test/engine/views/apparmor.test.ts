import { expect, it } from "vitest";
import { appArmorAnnotations } from "../../../src/engine/views/apparmor.ts";
import { podSpecOf } from "../samples.ts";

it("AppArmor annotations name a container and a profile that is not empty", () => {
  const prefix = "container.apparmor.security.beta.kubernetes.io/";
  const pod = podSpecOf(
    {},
    {
      [`${prefix}app`]: "unconfined",
      [`${prefix}empty`]: "",
      "example.com/app": "unconfined",
      [`x${prefix}app`]: "custom",
    },
  );
  expect(appArmorAnnotations(pod)).toEqual([{ key: `${prefix}app`, container: "app", profile: "unconfined" }]);
});
