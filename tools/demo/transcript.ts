/** An age as kubectl prints it in a table: `7s`, `2m3s`, `1h`; and the blanks that fill its column. */
const age = /(?<=^|\s)((?:\d+[dhms])+)(?=\s|$)( *)/g;

/** A time as a digest writes it. */
const time = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2} \d{4}, \d{2}:\d{2}/g;

/** Rounds the ages in one line of a table down to minutes, in the width that they had, so that every run prints the same; times of a digest are left out. */
export function steady(line: string): string {
  return line.replace(time, "<time>").replace(age, (_, text: string, fill: string) => {
    const rounded = toMinutes(text);
    return fill === "" ? rounded : rounded.padEnd(text.length + fill.length);
  });
}

function toMinutes(text: string): string {
  const unit = { d: 1440, h: 60, m: 1, s: 1 / 60 };
  const minutes = [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, amount, letter]) => sum + Number(amount) * unit[letter as keyof typeof unit],
    0,
  );
  return minutes < 1 ? "<1m" : `${Math.floor(minutes)}m`;
}
