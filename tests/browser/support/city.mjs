// What a browser test needs: where the city is, a browser, the mails it sends, Helpdesk's side of it.
// bin/test brings the city up and puts everything into the environment.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, request } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };
export const address = needed("CS_ADDRESS");
export const site = needed("CS_SITE");
/** Another city with nothing in it but its people; only there for the test that bin/test starts it for. */
export const secondAddress = process.env.CS_SECOND_ADDRESS;
const mailsAddress = needed("CS_MAILS");
const shots = needed("CS_SHOTS");
const people = JSON.parse(needed("CS_PEOPLE"));

function needed(name) {
	if (!process.env[name]) throw new Error(`${name} is not set: start the browser tests with bin/test browser`);
	return process.env[name];
}

const pagesWithoutJavaScript = new WeakSet();
let browser;

/** One Chromium for the whole file; closed by closeBrowser(). Root may not use Chromium's sandbox. */
async function theBrowser() {
	browser ??= await chromium.launch({
		executablePath: process.env.CHROMIUM,
		args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
	});
	return browser;
}

/** For `after(closeBrowser)` in every test file: without it the file does not end. */
export async function closeBrowser() {
	await browser?.close();
	browser = undefined;
}

/**
 * A page in a fresh browser profile. Options are Playwright's for a context, plus
 * `javaScript: false` for a browser that has none. Close it with `page.context().close()`.
 */
export async function newPage({ javaScript = true, viewport = PHONE, ...more } = {}) {
	const context = await (await theBrowser()).newContext({
		baseURL: address,
		javaScriptEnabled: javaScript,
		viewport,
		locale: "en-GB",
		reducedMotion: "reduce", // pictures show the end of an animation, not a moment of it
		...more,
	});
	context.setDefaultTimeout(15_000);
	const page = await context.newPage();
	if (!javaScript) pagesWithoutJavaScript.add(page);
	return page;
}

/**
 * What axe finds on the page as it stands: one readable line a node, so that `deepEqual(…, [])` tells all.
 * `rules` names the only rules that can find anything new, where the page was looked at before.
 */
export async function axeFindings(page, rules) {
	if (pagesWithoutJavaScript.has(page)) throw new Error("axe is JavaScript itself: use a page that has it");
	if (!(await page.evaluate(() => "axe" in window))) {
		await page.evaluate(axe); // not as a script element, which the page's own rules would forbid
	}
	const violations = await page.evaluate(async (runOnly) => {
		const found = await window.axe.run({ runOnly, resultTypes: ["violations"] });
		return found.violations.map(({ id, help, nodes }) => ({ id, help, targets: nodes.map((node) => node.target.join(" ")) }));
	}, rules ?? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
	return violations.flatMap(({ id, help, targets }) => targets.map((target) => `${id}: ${target}: ${help}`));
}

/**
 * What the page fetches from now on. `bytes()` is what went over the wire, compressed, with headers;
 * `strangers()` are the hosts that are not ours.
 */
export async function watchTraffic(page) {
	const session = await page.context().newCDPSession(page);
	let total = 0;
	const hosts = new Set();
	await session.send("Network.enable");
	session.on("Network.loadingFinished", (event) => (total += event.encodedDataLength));
	session.on("Network.requestWillBeSent", (event) => {
		const url = new URL(event.request.url);
		if (url.protocol.startsWith("http")) hosts.add(url.host);
	});
	return { bytes: () => total, strangers: () => [...hosts].filter((host) => host !== new URL(address).host) };
}

/** A picture of the whole page, to look at: .run/shots/<name>-<width>.png */
export async function shot(page, name) {
	mkdirSync(shots, { recursive: true });
	const path = join(shots, `${name}-${page.viewportSize().width}.png`);
	for (const image of await page.locator("img[loading=lazy]:visible").all()) {
		await image.scrollIntoViewIfNeeded();
		await image.evaluate((element) => element.decode().catch(() => {}));
	}
	await page.screenshot({ path, fullPage: true });
	return path;
}

/** The same page as a picture in both widths we promise to look at; leaves the page as wide as it was. */
export async function shotBoth(page, name) {
	const before = page.viewportSize();
	for (const size of [PHONE, DESKTOP]) {
		await page.setViewportSize(size);
		await shot(page, name);
	}
	await page.setViewportSize(before);
}

/** The mails somebody has received, oldest first; waits until there are `count`, and whose subject fits. */
export async function mailsTo(receiver, { count = 1, subject = /./, seconds = 40 } = {}) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const response = await fetch(`${mailsAddress}/mails.json?to=${encodeURIComponent(receiver)}`);
		const mails = (await response.json()).filter((mail) => subject.test(mail.subject));
		if (mails.length >= count) return mails;
		if (Date.now() > end) {
			throw new Error(`${mails.length} of ${count} mails to ${receiver} came within ${seconds} seconds`);
		}
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
}

/** Everything the city has sent so far, to whomever, oldest first. */
export async function allMails() {
	return (await fetch(`${mailsAddress}/mails.json`)).json();
}

/** The demo user whose role begins so, such as "Agent"; Administrator as "IT". */
export function person(role) {
	const administrator = { role: "IT", user: "Administrator", password: needed("CS_ADMIN_PASSWORD") };
	const found = [administrator, ...people].find((one) => one.role.startsWith(role));
	if (!found) throw new Error(`no demo user is "${role}", only: ${people.map((one) => one.role).join(", ")}`);
	return found;
}

/** Log a page's browser in, as the log-in form would. */
export async function login(page, { user, password }) {
	const response = await page.request.post("/api/method/login", { form: { usr: user, pwd: password } });
	if (!response.ok()) throw new Error(`${user} cannot log in: ${response.status()}`);
}

/**
 * Frappe's API as somebody who is logged in, without a browser: `get(doctype, name)`,
 * `list(doctype, {filters, fields})`, `call(method, args)`. Close it with `close()`.
 */
export async function desk({ user, password }, baseURL = address) {
	const context = await request.newContext({ baseURL });
	const checked = async (promise) => {
		const response = await promise;
		if (!response.ok()) throw new Error(`${response.status()} ${response.url()}: ${(await response.text()).slice(0, 500)}`);
		return response.json();
	};
	await checked(context.post("/api/method/login", { form: { usr: user, pwd: password } }));
	return {
		get: async (doctype, name) =>
			(await checked(context.get(`/api/resource/${encodeURIComponent(doctype)}/${encodeURIComponent(name)}`))).data,
		list: async (doctype, { filters = {}, fields = ["name"] } = {}) =>
			(
				await checked(
					context.get(`/api/resource/${encodeURIComponent(doctype)}`, {
						params: { filters: JSON.stringify(filters), fields: JSON.stringify(fields), limit_page_length: 0 },
					}),
				)
			).data,
		insert: async (doctype, values) =>
			(await checked(context.post(`/api/resource/${encodeURIComponent(doctype)}`, { data: values }))).data,
		update: async (doctype, name, values) =>
			(
				await checked(
					context.put(`/api/resource/${encodeURIComponent(doctype)}/${encodeURIComponent(name)}`, { data: values }),
				)
			).data,
		call: async (method, args = {}) => (await checked(context.post(`/api/method/${method}`, { data: args }))).message,
		close: () => context.dispose(),
	};
}

/**
 * Steps that build on each other: `const step = inOrder(t)`, then `await step(name, work)`.
 * After one that failed the others are skipped instead of waiting for what cannot come.
 */
export function inOrder(t) {
	let broken = false;
	return (name, work) =>
		t.test(name, { skip: broken && "an earlier step failed" }, async () => {
			try {
				await work();
			} catch (error) {
				broken = true;
				throw error;
			}
		});
}
