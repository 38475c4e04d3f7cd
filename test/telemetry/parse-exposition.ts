export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const samplePattern = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPattern = /([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/y;

/**
 * Reads the Prometheus text format strictly.
 * @throws Error on a line that is none, a sample outside its family, a family or a sample that comes twice, a missing end of line
 */
export function parseExposition(text: string): Sample[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Set<string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  let family = "";
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, word, name = ""] = comment;
      if (word === "HELP") {
        if (families.has(name)) throw new Error(`the family ${name} comes twice`);
        families.add(name);
        family = name;
      } else if (name !== family) throw new Error(`TYPE of ${name} stands in ${family}`);
      continue;
    }
    const sample = samplePattern.exec(line);
    if (sample === null) throw new Error(`not a sample: ${line}`);
    const [, name = "", labelText = "", valueText = ""] = sample;
    if (name.replace(/_(?:bucket|sum|count)$/, "") !== family && name !== family)
      throw new Error(`${name} stands in ${family}`);
    const value = valueText === "+Inf" ? Number.POSITIVE_INFINITY : Number(valueText);
    if (Number.isNaN(value) && valueText !== "Nan") throw new Error(`not a number: ${line}`);
    const labels = parseLabels(labelText);
    const key = `${name} ${Object.entries(labels)
      .map(([label, content]) => JSON.stringify([label, content]))
      .toSorted()
      .join()}`;
    if (seen.has(key)) throw new Error(`the sample comes twice: ${line}`);
    seen.add(key);
    samples.push({ name, labels, value });
  }
  return samples;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    labelPattern.lastIndex = at;
    const label = labelPattern.exec(text);
    if (label === null) throw new Error(`not labels: ${text}`);
    const [whole, name = "", value = ""] = label;
    labels[name] = value.replace(/\\(.)/g, (_, character) => (character === "n" ? "\n" : character));
    at += whole.length;
  }
  return labels;
}
