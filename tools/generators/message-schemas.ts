import { z } from "zod";
import { DigestDocument } from "../../src/formats/digest.ts";
import { TransitionsDocument } from "../../src/formats/transitions.ts";
import { WebhookDocument } from "../../src/notify/sinks/webhook-document.ts";
import { type Generator, notice } from "./generator.ts";

/** JSON Schemas of what `-o json` prints and of what a webhook gets, for those who read it by a program. */
export const messageSchemas: Generator = {
  name: "message-schemas",
  outputs: async () =>
    new Map([
      ["docs/reference/digest-v1.schema.json", schemaOf(DigestDocument, "src/formats/digest.ts")],
      ["docs/reference/transitions-v1.schema.json", schemaOf(TransitionsDocument, "src/formats/transitions.ts")],
      ["docs/reference/webhook-v1.schema.json", schemaOf(WebhookDocument, "src/notify/sinks/webhook-document.ts")],
    ]),
};

/** Readers must take fields that they do not know: they are added without a new version. */
function schemaOf(document: z.ZodType, source: string): string {
  const { $schema, ...schema } = z.toJSONSchema(document, {
    target: "draft-2020-12",
    io: "input",
    override: simplify,
    // A digest stands in a webhook's schema twice.
    reused: document === WebhookDocument ? "ref" : "inline",
  });
  return `${JSON.stringify({ $schema, $comment: notice("message-schemas", source), ...schema }, null, 2)}\n`;
}

/** That our values are immutable is nobody else's business, and the pattern of a time says what its format says. */
function simplify({
  jsonSchema,
}: {
  readonly jsonSchema: { readOnly?: boolean; format?: string; pattern?: string };
}): void {
  delete jsonSchema.readOnly;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}
