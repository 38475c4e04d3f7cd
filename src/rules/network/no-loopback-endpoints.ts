import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isLoopbackOrLinkLocal } from "../../engine/values/ip-address.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textAt, textsAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";

export const rule = defineRule({
  id: "no-loopback-endpoints",
  revision: 1,
  title: "No endpoint is the node itself",
  category: "network",
  severity: "Medium",
  kinds: ["EndpointSlice.discovery.k8s.io", "Endpoints", "Service"],
  why: "Traffic to a loopback or link-local endpoint ends at whichever node or proxy sends it: at services that trust everybody on localhost, or at the metadata service of the cloud, which hands out credentials of the node (CVE-2021-25737).",
  fix: "Name the address of the Pod or server that is meant.",
  packs: { strict: {}, network: {} },
  aliases: [{ id: "ENDPOINTSLICE_CVE2021_25373_INCORRECT_ADDRESSES_VALUE" }],
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2021-25737",
    "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors",
  ],
  params: z.strictObject({}),
  messages: {
    endpoint: "The endpoint {address} is a loopback or link-local address",
    externalName: "The Service is an alias of {address}, which is whoever asks",
  },
  check({ resource, report }) {
    const external = externalNameOf(resource);
    if (isLocalName(external)) {
      const address = printable(external);
      report("externalName", { path: path("spec", "externalName"), class: address, data: { address }, value: address });
    }
    for (const { at, address } of endpointsOf(resource))
      if (isLoopbackOrLinkLocal(address))
        report("endpoint", { path: at, class: address, data: { address }, value: address });
  },
});

/** Empty for whatever is no alias. */
function externalNameOf({ object }: ResourceView): string {
  if (textAt(object, "spec", "type") !== "ExternalName") return "";
  return textAt(object, "spec", "externalName") ?? "";
}

/** Names are compared as DNS does: in any letter case, with or without the dot at the end. */
function isLocalName(name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain === "localhost" || isLoopbackOrLinkLocal(plain);
}

/** Addresses of an EndpointSlice, or of Endpoints; neither list has a merge key. */
function endpointsOf({ object }: ResourceView): readonly { readonly at: string; readonly address: string }[] {
  const slice = recordsAt(object, "endpoints").flatMap((endpoint) => textsAt(endpoint, "addresses"));
  const subsets = recordsAt(object, "subsets").flatMap((subset) => [
    ...recordsAt(subset, "addresses"),
    ...recordsAt(subset, "notReadyAddresses"),
  ]);
  return [
    ...slice.map((address) => ({ at: "endpoints", address })),
    ...subsets.map((one) => ({ at: "subsets", address: textAt(one, "ip") ?? "" })),
  ];
}
