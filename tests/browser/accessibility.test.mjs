// Every page in every state: nothing for axe to find, nothing to scroll sideways, always visible where the focus is.

import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { DESKTOP, PHONE, axeFindings, closeBrowser, newPage, shot, shotBoth } from "./support/city.mjs";
import { makeFake, makePdf, makePhoto } from "./support/files.mjs";
import { asRole, findTicket, replyByApi } from "./support/helpdesk.mjs";
import { aResident, fillPothole, readReference, send, sendPothole } from "./support/resident.mjs";

const NARROWEST = { width: 320, height: 640 };
const LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
let photo;

before(async () => {
	photo = await makePhoto();
});
after(closeBrowser);

/** Pages that are there by their address alone. */
const OPEN_PAGES = {
	catalogue: "/services",
	category: "/services?category=streets",
	results: "/services?q=broken street",
	"one-result": "/services?q=pothole",
	typo: "/services?q=pasportt",
	"no-results": `/services?q=${LONG_WORD}`,
	service: "/services/pothole",
	"service-question": "/services/ask-the-city",
	"service-complaint": "/services/noise",
	find: "/requests",
	locked: "/requests/7K3M-92QX",
	"not-found": "/services/no-such-service",
	privacy: "/privacy",
	accessibility: "/accessibility",
};

/** Everything we ask of a page, in the page as it stands: light and dark, phone and desk, and very narrow. */
async function check(page, name) {
	assert.equal(await page.locator("html").getAttribute("lang"), "en");
	assert.equal(await page.locator("h1").count(), 1, `one main heading on ${name}`);
	const findings = [];
	for (const viewport of [PHONE, DESKTOP]) {
		await page.setViewportSize(viewport);
		for (const colorScheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme });
			const found = await axeFindings(page, colorScheme === "dark" ? ["color-contrast"] : undefined);
			findings.push(...found.map((line) => `${name}, ${viewport.width} px, ${colorScheme}: ${line}`));
		}
		if (viewport === PHONE) await shot(page, `${name}-dark`);
		await page.emulateMedia({ colorScheme: "light" });
		await shot(page, name);
	}
	await page.setViewportSize(PHONE);
	findings.push(...(await findWide(page)).map((line) => `${name}, 320 px, too wide: ${line}`));
	assert.deepEqual(findings, []);
}

/** What is wider than the narrowest screen we serve. */
async function findWide(page) {
	const before = page.viewportSize();
	await page.setViewportSize(NARROWEST);
	const wide = await page.evaluate(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		const elements = [...document.body.querySelectorAll("*")];
		return elements.filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 120));
	});
	await page.setViewportSize(before);
	return wide;
}

for (const [name, path] of Object.entries(OPEN_PAGES)) {
	test(name, async () => {
		const page = await newPage();
		await page.goto(path);
		await check(page, name);
		await page.context().close();
	});
}

test("forms with errors", async () => {
	const page = await newPage();
	await page.goto("/services/pothole");
	await page.getByLabel("E-mail").fill("nobody");
	await page.getByLabel("Photos").setInputFiles([photo, makeFake("fake.jpg")]);
	await send(page);
	await check(page, "service-with-errors");
	await page.goto("/requests");
	await send(page);
	await check(page, "find-with-errors");
	await page.context().close();
});

test("a request, from its confirmation to its end", async () => {
	const page = await newPage();
	const resident = aResident("Axel Access");
	const reference = await sendPothole(page, resident, { photo, place: `${LONG_WORD} 1`, danger: "It is deep.\n\nVery deep." });
	await check(page, "request-sent");
	await page.goto(`/requests/${reference}`);
	await check(page, "request-open");
	await page.getByLabel("Photos or documents").setInputFiles(makeFake("fake.jpg"));
	await send(page);
	await check(page, "request-reply-errors");
	const { name } = await findTicket(reference);
	const link = `<a href="https://example.org/${LONG_WORD}">A link</a>`;
	await replyByApi(name, resident.email, `<p>Thank you. <b>${LONG_WORD}</b></p><ul><li>One</li></ul><p>${link}</p>`);
	await page.goto(`/requests/${reference}`);
	await page.getByLabel("Your message").fill("Thank you as well.");
	await page.getByLabel("Photos or documents").setInputFiles([photo, makePdf()]);
	await send(page);
	await check(page, "request-conversation");
	await asRole("Agent", (api) =>
		api.call("frappe.client.set_value", {
			doctype: "HD Ticket",
			name,
			fieldname: { cs_outcome: "We have filled the hole.", status: "Resolved" },
		}),
	);
	await page.goto(`/requests/${reference}`);
	await check(page, "request-done");
	await send(page, "Send feedback");
	await check(page, "request-feedback-errors");
	await page.getByLabel("Very good").check();
	await page.getByLabel("Anything you want to tell us about it").fill(`Thank you. ${LONG_WORD}`);
	await send(page, "Send feedback");
	await check(page, "request-feedback-said");
	await page.goto("/requests");
	await page.getByLabel("Your reference").fill(reference);
	await page.getByLabel("Your e-mail address or phone number").fill("somebody.else@example.org");
	await send(page);
	await page.getByRole("heading", { name: "Have a look at your messages" }).waitFor();
	await check(page, "find-sent");
	await page.context().close();
});

test("every service, with every question shown", async () => {
	const page = await newPage();
	await page.goto("/services");
	const addresses = new Set();
	const categories = await page.locator(".tile a.cover").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
	for (const category of categories) {
		await page.goto(category);
		const found = await page.locator(".door-title a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
		found.forEach((address) => addresses.add(address));
	}
	assert.ok(addresses.size >= 45, `${addresses.size} services`);
	const findings = [];
	await page.setViewportSize(NARROWEST);
	for (const address of addresses) {
		await page.goto(address);
		await page.evaluate(() => document.querySelectorAll("[data-depends]").forEach((field) => (field.hidden = false)));
		const found = [...(await axeFindings(page)), ...(await findWide(page))];
		findings.push(...found.map((line) => `${address}: ${line}`));
	}
	assert.deepEqual(findings, []);
	await page.context().close();
});

test("wherever the focus goes it can be seen", async () => {
	const page = await newPage({ viewport: DESKTOP });
	for (const path of ["/services", "/services/pothole", "/requests"]) {
		await page.goto(path);
		const looks = () => page.evaluate(describeFocus);
		const unseen = [];
		for (let stops = 0; stops < 80; stops++) {
			await page.keyboard.press("Tab");
			const { name, shown, end } = await looks();
			if (end) break;
			if (!shown) unseen.push(name);
		}
		assert.deepEqual(unseen, [], path);
	}
	await page.context().close();
});

/** Runs in the page: whether an outline or a ring stands around what has the focus, or around its label. */
function describeFocus() {
	const focused = document.activeElement;
	const around = [focused, focused.parentElement, focused.closest("label, li, .search-row")].filter(Boolean);
	const isRing = ({ outlineStyle, outlineWidth, boxShadow }) =>
		(outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || / 0px 0px 0px [2-9]/.test(boxShadow);
	const styles = around.flatMap((element) => [getComputedStyle(element), getComputedStyle(element, "::after")]);
	return { name: focused.outerHTML.slice(0, 100), shown: styles.some(isRing), end: focused === document.body };
}

test("a language that is written from right to left", async () => {
	const page = await newPage({ locale: "ar" });
	const findings = [];
	for (const [name, path] of Object.entries({ catalogue: "/services", service: "/services/pothole", find: "/requests" })) {
		await page.goto(path);
		assert.equal(await page.locator("html").getAttribute("dir"), "rtl", name);
		assert.equal(await page.locator("html").getAttribute("lang"), "ar", name);
		findings.push(...(await axeFindings(page)), ...(await findWide(page)));
		await shotBoth(page, `${name}-rtl`);
	}
	await page.goto("/services/pothole");
	await page.locator("form[data-once] [type=submit]").click();
	await page.locator("[data-summary]").waitFor();
	assert.equal(await page.locator("html").getAttribute("dir"), "rtl", "sending keeps the language of the browser");
	await shotBoth(page, "service-errors-rtl");
	assert.deepEqual(findings, []);
	await page.context().close();
});

test("text twice as large, and the colours of the system", async () => {
	const page = await newPage({ forcedColors: "active", viewport: { width: 640, height: 800 } });
	await page.goto("/services/pothole");
	await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
	await fillPothole(page, aResident("Vera Vision"), { photo });
	await shot(page, "service-large-forced-colours");
	await send(page);
	await readReference(page);
	await page.context().close();
});
