import { formatInstant, type Instant } from "../../engine/ledger/instant.ts";
import type { Moment } from "../../formats/moment.ts";

/** Words instants in one time zone; English, whatever the locale of the process. */
export class Calendar {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError if there is no such time zone */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "2-digit",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      calendar: "gregory",
      numberingSystem: "latn",
    });
  }

  /** `Sat 21 Nov 2026, 09:00`. */
  moment(instant: Instant): Moment {
    const { weekday, day, month, year, hour, minute } = this.#parts(instant);
    const text = `${weekday} ${Number(day)} ${months[Number(month) - 1] ?? month} ${year}, ${hour}:${minute}`;
    return { at: formatInstant(instant), text };
  }

  /** `2026-11-21`. */
  day(instant: Instant): string {
    const { day = "", month = "", year = "" } = this.#parts(instant);
    return `${year.padStart(4, "0")}-${month}-${day.padStart(2, "0")}`;
  }

  #parts(instant: Instant): Readonly<Partial<Record<string, string>>> {
    return Object.fromEntries(this.#format.formatToParts(instant).map(({ type, value }) => [type, value]));
  }
}

/** Not left to the locale data, whose short names change between releases: `Sep`, `Sept`. */
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
