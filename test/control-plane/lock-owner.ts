/** Takes the lock named as its argument, prints a line, and keeps it until stdin ends. */
import { buffer } from "node:stream/consumers";
import { withLock } from "../../tools/control-plane/lock.ts";

const [path = ""] = process.argv.slice(2);
await withLock(path, { what: "an owner's work", say: () => undefined }, async () => {
  console.log("taken");
  await buffer(process.stdin);
});
