// Payloads that show themselves only where a browser really runs them, and the watch over a browser that counts it.

import { readFileSync } from "node:fs";
import { address, newPage } from "./city.mjs";

const ELSEWHERE = "hostile.example";
const FACTOR = 7919; // a payload with a formula writes FACTOR * 10<number>, and whoever works it out has run it
const FIRST = 1000;

/** All payloads of tests/hostile/payloads.json, each with a number of its own: `{ number, kind, text }`. */
export function readPayloads() {
	const kinds = JSON.parse(readFileSync(new URL("../../hostile/payloads.json", import.meta.url), "utf8"));
	let number = FIRST;
	return Object.entries(kinds).flatMap(([kind, texts]) =>
		texts.map((text) => ({ kind, number: ++number, text: text.replaceAll("§", String(number)) })),
	);
}

/** What works a payload's formula out writes this. */
const product = (number) => String(FACTOR * Number(`10${number}`));

/**
 * As few texts as hold all payloads, none longer than `length`; or, one by one, a text for each.
 * A payload that is longer by itself is left out.
 */
export function bundle(payloads, length, oneByOne) {
	const texts = [];
	for (const { text } of payloads.filter((payload) => payload.text.length <= length)) {
		const last = texts.at(-1);
		if (oneByOne || last === undefined || last.length + 1 + text.length > length) texts.push(text);
		else texts[texts.length - 1] = `${last} ${text}`;
	}
	return texts;
}

/**
 * Watch a context. `executed` holds the numbers of payloads that ran or worked out a formula, `loaded` of those that had
 * something loaded from elsewhere, both as `number on address`; `refused` what a Content-Security-Policy kept from happening; `strangers`
 * what was asked of any other host; `broken` errors of scripts.
 */
export async function watch(page) {
	const seen = { executed: new Set(), loaded: new Set(), refused: new Set(), strangers: new Set(), broken: new Set() };
	const context = page.context();
	const note = (number) => seen.executed.add(`${number} on ${page.url()}`);
	await context.exposeBinding("hit", (_source, number) => note(String(number)));
	await context.route((url) => url.hostname.endsWith(ELSEWHERE), (route) => route.abort());
	context.on("request", (request) => {
		const url = request.url();
		if (!/^(https?|wss?):/.test(url) || new URL(url).host === new URL(address).host) return;
		seen.strangers.add(url);
		const found = /hostile\.example\/(\d+)/.exec(url);
		if (found) seen.loaded.add(`${found[1]} on ${page.url()}`);
	});
	page.on("dialog", (dialog) => dialog.dismiss().catch(() => {}));
	page.on("pageerror", (error) => seen.broken.add(error.message));
	page.on("console", (message) => {
		if (/Content.Security.Policy/i.test(message.text())) seen.refused.add(`${message.text()} on ${page.url()}`);
	});
	return { ...seen, look: () => look(page, note) };
}

/** A page that is watched: `[page, seen]`. */
export async function watchedPage(options) {
	const page = await newPage(options);
	return [page, await watch(page)];
}

/** Do to whatever came alive on a page what a person would do, and read what it says. */
async function look(page, note) {
	for (const frame of page.frames()) {
		const text = await frame.evaluate(provoke).catch(() => "");
		for (const [found] of text.matchAll(/\d{9,}/g)) {
			const number = Number(found) / FACTOR - 100000;
			if (Number.isInteger(number) && number > 10 ** 3 && number < 10 ** 4 && product(number) === found) note(number);
		}
	}
	await page.waitForTimeout(30);
}

/** Runs in the page. Points at, focuses and clicks whatever would run a payload or lead to one; returns its text. */
function provoke() {
	const isHarm = ({ name, value }) => /hit|hostile/.test(value) && (/^on/i.test(name) || /script:|^data:text/i.test(value.replace(/\s/g, "")));
	// A link to a page of the site, with the payload in its address, leads away and runs nothing.
	const leadsAway = ({ protocol }) => /^https?:$/.test(protocol);
	for (const element of document.querySelectorAll("*")) {
		if (leadsAway(element) || ![...element.attributes].some(isHarm)) continue;
		for (const name of ["mouseover", "focus", "click", "animationstart", "toggle"]) {
			element.dispatchEvent(new MouseEvent(name, { bubbles: true, cancelable: true }));
		}
	}
	return document.body?.innerText ?? "";
}
