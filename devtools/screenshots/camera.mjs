// Browsers, and pictures of what they show.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { chromium } = createRequire(new URL("../../tests/browser/package.json", import.meta.url))("playwright-core");
const [address = "http://city.localhost:8000", folder = "docs/images", ...only] = process.argv.slice(2);
const PYTHON = process.env.PYTHON || ".run/unit-env/bin/python";
export const PHONE = { width: 360, height: 780 };
export const DESKTOP = { width: 1280, height: 900 };
const TALLEST = { 360: 1500, 1280: 1700 };

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--disable-gpu", "--no-first-run", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
mkdirSync(folder, { recursive: true });

export async function open(viewport, options = {}) {
	const scale = viewport === PHONE ? 2 : 1;
	const look = { viewport, deviceScaleFactor: scale, locale: "en-US", reducedMotion: "reduce" };
	const context = await browser.newContext({ baseURL: address, ...look, ...options });
	context.setDefaultTimeout(30_000);
	return context.newPage();
}

/** A browser in which somebody is logged in. By a form's own request, as only the browser knows *.localhost. */
export async function openAs([user, password], viewport = { width: 1360, height: 860 }) {
	const page = await open(viewport);
	await page.goto("/services");
	const status = await page.evaluate(
		async ([usr, pwd]) => (await fetch("/api/method/login", { method: "POST", body: new URLSearchParams({ usr, pwd }) })).status,
		[user, password],
	);
	if (status !== 200) throw new Error(`${user} cannot log in: ${status}`);
	return page;
}

/** A picture of the page from its top, as far down as a reader of the documentation wants to scroll. */
export async function shoot(page, name, { height } = {}) {
	if (only.length && !only.some((part) => name.includes(part))) return;
	const width = page.viewportSize().width;
	const whole = await page.evaluate(() => document.documentElement.scrollHeight);
	const tallest = height || TALLEST[width];
	const path = join(folder, `${name}.png`);
	const clip = tallest ? { x: 0, y: 0, width, height: Math.min(whole, tallest) } : undefined;
	await page.screenshot({ path, clip, fullPage: Boolean(clip), animations: "disabled" });
	shrink(path);
	console.log(path);
}

/** The same page as on a desk: another browser with the visitor's cookies. */
export async function shootWide(page, name, options) {
	const wide = await open(DESKTOP, { storageState: await page.context().storageState() });
	await wide.goto(page.url());
	await shoot(wide, name, options);
	await wide.context().close();
}

/** 256 colours are enough for a picture of a page, and a quarter of the bytes. */
function shrink(path) {
	if (!existsSync(PYTHON)) return;
	const code = [
		"import sys; from PIL import Image",
		"picture = Image.open(sys.argv[1]).convert('RGB')",
		"picture.quantize(256, dither=Image.Dither.NONE).save(sys.argv[1], optimize=True)",
	];
	execFileSync(PYTHON, ["-c", code.join("\n"), path]);
}

export const close = () => browser.close();
