import { type Browser, chromium } from "playwright-core";
import type { Say } from "../control-plane/progress.ts";
import { findChromium } from "../debian/chromium.ts";

/**
 * A headless Chromium; close it.
 * @throws NoChromiumError
 */
export async function openBrowser(env: NodeJS.ProcessEnv, say: Say): Promise<Browser> {
  const { path, env: own } = findChromium(env, say);
  return chromium.launch({ executablePath: path, env: { ...env, ...own } as Record<string, string> });
}

export interface View {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** What a page looks like and whether it can be read. */
export interface Look {
  /** The whole page as PNG, one pixel a CSS pixel. */
  readonly picture: Buffer;
  /** The innermost elements that reach beyond the screen, so that a reader has to scroll sideways; empty is good. */
  readonly tooWide: readonly string[];
  /**
   * Texts that stand out from what is behind them by less than 4.5 : 1, which WCAG asks for, or have a background that is not the page's
   * but left to the program that shows it; empty is good.
   */
  readonly faint: readonly string[];
  /** What the page tried to load; empty is good. */
  readonly loaded: readonly string[];
}

/** Opens HTML as a mail program does: without scripts of its own, without network. */
export async function lookAt(browser: Browser, html: string, { width, scheme }: View): Promise<Look> {
  const context = await browser.newContext({
    // As low as can be: the picture is as high as the page, but no lower than this.
    viewport: { width, height: 100 },
    colorScheme: scheme,
    offline: true,
    deviceScaleFactor: 1,
  });
  try {
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) loaded.push(request.url());
    });
    await page.setContent(html, { waitUntil: "load" });
    const tooWide = await page.evaluate<string[]>(findTooWide);
    const faint = await page.evaluate<string[]>(findFaint);
    return { picture: await page.screenshot({ fullPage: true }), tooWide, faint, loaded };
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
const findTooWide = `(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const beyond = (one) => Math.max(one.getBoundingClientRect().right, one.getBoundingClientRect().left + one.scrollWidth);
  return [...document.querySelectorAll("body *")]
    .filter((one) => beyond(one) > width && ![...one.children].some((child) => beyond(child) > width))
    .map((one) => one.tagName + ": " + one.textContent.trim().slice(0, 60));
})()`;

/** Runs in the page: each text against the next background above it that is not transparent. */
const findFaint = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = numbers(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((numbers(colour)[3] ?? 1) === 1) return colour;
    }
    return undefined;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (text === "" || element.getClientRects().length === 0) continue;
    const background = behind(element);
    if (background === undefined) {
      faint.push("no background: " + text.slice(0, 60));
      continue;
    }
    const [dark, light] = [luminance(getComputedStyle(element).color), luminance(background)].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) faint.push(ratio.toFixed(2) + ": " + text.slice(0, 60));
  }
  return faint;
})()`;
