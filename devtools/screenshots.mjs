// Takes every picture of the documentation again, from a demo site that runs: first it plays a short story
// of made-up residents and an agent, then it looks at it. Each run adds the story's requests once more, so use
// a site for the purpose, such as `bin/demo --site docs.localhost --fresh --detach`. Needs what `bin/test browser`
// installs (Node, Chromium, playwright-core) and, to make the files small, a Python that has Pillow.
//
//   node devtools/screenshots.mjs http://docs.localhost:8000 docs/images [name …]
//
// MAILS (http://127.0.0.1:8025)  where the site's mails can be read
// MANAGER, AGENT                 log-ins as user:password; by default those of bin/demo
// CHROMIUM (/usr/bin/chromium), PYTHON (the one of the unit tests)

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { chromium } = createRequire(new URL("../tests/browser/package.json", import.meta.url))("playwright-core");
const [address = "http://city.localhost:8000", folder = "docs/images", ...only] = process.argv.slice(2);
const mailsAddress = process.env.MAILS || "http://127.0.0.1:8025";
const AGENT = (process.env.AGENT || "tanya.reid@riverton.example:riverton").split(":");
const MANAGER = (process.env.MANAGER || "maria.manager@riverton.example:riverton").split(":");
const PYTHON = process.env.PYTHON || ".run/unit-env/bin/python";
const PHONE = { width: 360, height: 780 };
const DESKTOP = { width: 1280, height: 900 };
const TALLEST = { 360: 1500, 1280: 1700 };
// Windows of Frappe and Helpdesk that a documentation is better without.
const IN_THE_WAY = ".onboarding-widget-box, #freeze, .desk-alert { display: none !important }";

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--disable-gpu", "--no-first-run", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
mkdirSync(folder, { recursive: true });

/* Browsers, pictures */

async function open(viewport, options = {}) {
	const scale = viewport === PHONE ? 2 : 1;
	const look = { viewport, deviceScaleFactor: scale, locale: "en-US", reducedMotion: "reduce" };
	const context = await browser.newContext({ baseURL: address, ...look, ...options });
	context.setDefaultTimeout(30_000);
	return context.newPage();
}

/** A browser in which somebody is logged in. By a form's own request, as only the browser knows *.localhost. */
async function openAs([user, password], viewport = { width: 1360, height: 860 }) {
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
async function shoot(page, name, { height } = {}) {
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
async function shootWide(page, name, options) {
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

/** A JPEG of a hole in the road. Runs in the browser, which can draw and write one. */
function drawPothole() {
	const canvas = document.createElement("canvas");
	[canvas.width, canvas.height] = [1200, 900];
	const pen = canvas.getContext("2d");
	let seed = 11;
	const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
	const blot = (x, y, rx, ry, rough, color) => {
		pen.fillStyle = color;
		pen.beginPath();
		for (let at = 0; at <= 40; at++) {
			const angle = (at / 40) * 2 * Math.PI;
			const reach = 1 + rough * (random() - 0.5);
			pen.lineTo(x + Math.cos(angle) * rx * reach, y + Math.sin(angle) * ry * reach);
		}
		pen.fill();
	};
	const road = pen.createLinearGradient(0, 0, 0, 900);
	road.addColorStop(0, "#8b8c8c");
	road.addColorStop(1, "#5f6162");
	pen.fillStyle = road;
	pen.fillRect(0, 0, 1200, 900);
	pen.fillStyle = "#d9c26a";
	pen.setTransform(1, 0, -0.5, 1, 330, 0);
	pen.fillRect(0, 0, 34, 900);
	pen.setTransform(1, 0, 0, 1, 0, 0);
	blot(660, 520, 380, 210, 0.3, "#6f6a62");
	blot(660, 525, 340, 180, 0.3, "#3b3733");
	blot(690, 560, 260, 120, 0.4, "#26272a");
	blot(700, 580, 180, 62, 0.25, "#59666f");
	for (let at = 0; at < 60000; at++) {
		const light = Math.round(random() * 255);
		pen.fillStyle = `rgba(${light},${light},${light},0.16)`;
		pen.fillRect(random() * 1200, random() * 900, 1 + random() * 3, 1 + random() * 3);
	}
	return canvas.toDataURL("image/jpeg", 0.85).split(",")[1];
}

/* What residents and staff do */

async function answer(page, answers) {
	for (const [name, value] of Object.entries(answers)) {
		const controls = page.locator(`[name="${name}"]`);
		const kind = await controls.first().evaluate((one) => one.type);
		if (kind === "file") await controls.setInputFiles(value);
		else if (["radio", "checkbox"].includes(kind)) await page.locator(`[name="${name}"][value="${value}"]`).check();
		else if (kind === "select-one") await controls.selectOption(value);
		else await controls.first().fill(value);
	}
}

async function send(page) {
	await Promise.all([page.waitForNavigation(), page.locator("form[data-once] [type=submit]").click()]);
}

async function request(page, service, answers) {
	await page.goto(`/services/${service}`);
	await answer(page, answers);
	await send(page);
	return (await page.locator(".reference").innerText()).trim();
}

/** A call of Frappe's API by whoever is logged in; a form of the portal has the token that it asks for. */
async function call(page, method, args) {
	const result = await page.evaluate(
		async ([method, args]) => {
			const form = new DOMParser().parseFromString(await (await fetch("/services/pothole")).text(), "text/html");
			const token = form.querySelector("[name=csrf_token]").value;
			const headers = { "Content-Type": "application/json", "X-Frappe-CSRF-Token": token };
			const answer = await fetch(`/api/method/${method}`, { method: "POST", headers, body: JSON.stringify(args) });
			return { status: answer.status, body: await answer.json() };
		},
		[method, args],
	);
	if (result.status !== 200) throw new Error(`${method}: ${result.status} ${JSON.stringify(result.body).slice(0, 500)}`);
	return result.body.message;
}

const getValue = (page, filters, fieldname) => call(page, "frappe.client.get_value", { doctype: "HD Ticket", filters, fieldname });

const findTicket = async (agent, reference) => (await getValue(agent, { cs_reference: reference }, "name")).name;

const change = (agent, ticket, fields) =>
	call(agent, "frappe.client.set_value", { doctype: "HD Ticket", name: ticket, fieldname: fields });

const reply = (agent, ticket, message) =>
	call(agent, "run_doc_method", { dt: "HD Ticket", dn: ticket, method: "reply_via_agent", args: { message: `<p>${message}</p>` } });

async function readMail(receiver) {
	for (let tries = 0; tries < 100; tries++) {
		const mails = await (await fetch(`${mailsAddress}/mails.json?to=${encodeURIComponent(receiver)}`)).json();
		if (mails.length) return mails[0];
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	throw new Error(`no mail for ${receiver} arrived at ${mailsAddress}`);
}

/* The story */

const number = Date.now().toString(36).slice(-4);
const person = (name) => ({
	"contact.name": name,
	"contact.email": `${name.toLowerCase().replace(/\W+/g, ".")}.${number}@example.org`,
});
const SAM = person("Sam Rivera");
const POTHOLE = {
	"q.place": "Main Street at Mill Lane, in front of the bakery",
	"q.street_part": "Traffic lane",
	"q.size": "Larger than a car tire",
	"q.swerve": "Yes",
	"q.danger": "Cars move into the oncoming lane to get around it, also at night.",
};
const OTHERS = [
	["street-light", "Noah Patel", { "q.place": "48 Harbor Road", "q.fault": "It flickers", "q.stands_in": "On a street" }],
	["traffic-signal", "Emma Novak", { "q.place": "Oak Street and 3rd Avenue", "q.item": "Traffic signal", "q.signal_fault": "Stuck on one color" }],
	["pothole", "Grace Okafor", { "q.place": "210 Cedar Avenue", "q.street_part": "Bike lane", "q.size": "Like a dinner plate", "q.swerve": "No" }],
];
const BIN = { "q.place": "14 Elm Street", "q.bins": "Recycling (blue)", "q.out_on_time": "Yes", "q.tagged": "No" };
const SIDEWALK = { "q.place": "77 Willow Street", "q.damage": "Slab lifted or sunk", "q.hurt": "No", "q.details": "A root has lifted the slab. My neighbor with a walker has to use the street." };
const GRAFFITI = { "q.place": "Footbridge at River Walk", "q.surface": "Street, bridge or traffic sign", "q.hateful": "No" };

async function showCatalogue() {
	const page = await open(DESKTOP);
	await page.goto("/services");
	await shoot(page, "portal-catalogue-1280", { height: 1110 });
	await page.goto("/services?q=stret+lihgt");
	await shoot(page, "portal-search-1280", { height: 800 });
	await page.goto("/services/pothole");
	await shoot(page, "portal-service-1280", { height: 1500 });
	const phone = await open(PHONE);
	await phone.goto("/services");
	await shoot(phone, "portal-catalogue-360");
	await phone.goto("/requests");
	await shoot(phone, "portal-find-360");
	const dark = await open(PHONE, { colorScheme: "dark" });
	await dark.goto("/services/pothole");
	await shoot(dark, "portal-dark-360");
}

async function sendWithErrors(page) {
	await page.goto("/services/pothole");
	await answer(page, { "q.street_part": "Traffic lane", "q.size": "Larger than a car tire", "contact.email": "sam.rivera@example" });
	await send(page);
	await shoot(page, "portal-errors-360", { height: 1300 });
}

async function sendPothole(page) {
	const photo = Buffer.from(await page.evaluate(drawPothole), "base64");
	await page.goto("/services/pothole");
	await answer(page, { ...POTHOLE, "q.photos": { name: "pothole-main-street.jpg", mimeType: "image/jpeg", buffer: photo }, ...SAM });
	await page.locator("h1").click();
	await shoot(page, "portal-service-360", { height: 1900 });
	await send(page);
	await shoot(page, "portal-confirmation-360", { height: 1700 });
	await shootWide(page, "portal-confirmation-1280", { height: 1290 });
	return (await page.locator(".reference").innerText()).trim();
}

async function showMail() {
	const mail = await readMail(SAM["contact.email"]);
	const page = await open({ width: 680, height: 900 });
	await page.setContent(`<body style="margin:24px;background:#fff">${mail.html}</body>`);
	await shoot(page, "mail-confirmation", { height: 1200 });
}

async function showTracking(page, agent, reference) {
	const ticket = await findTicket(agent, reference);
	await reply(agent, ticket, "Thank you, Sam. We have put a barrier around the hole this morning and will fill it on Thursday.");
	await page.goto(`/requests/${reference}`);
	await answer(page, { message: "Thank you for the quick barrier. The bakery says the garbage truck has to pass there on Wednesday at six." });
	await send(page);
	await page.goto(`/requests/${reference}`);
	await shoot(page, "portal-tracking-360", { height: 2100 });
	await shootWide(page, "portal-tracking-1280", { height: 1450 });
	return ticket;
}

async function showHandOver(agent) {
	const page = await open(DESKTOP);
	const reference = await request(page, "sidewalk-damage", { ...SIDEWALK, ...person("Lena Fischer") });
	const ticket = await findTicket(agent, reference);
	await change(agent, ticket, { cs_department: "parks" });
	await page.goto(`/requests/${reference}`);
	await shoot(page, "portal-handed-over-1280", { height: 1260 });
	await openTicket(agent, ticket);
	await shoot(agent, "helpdesk-handed-over");
}

async function showDone(agent) {
	const page = await open(PHONE);
	const reference = await request(page, "graffiti", { ...GRAFFITI, ...person("Amir Haddad") });
	const ticket = await findTicket(agent, reference);
	await reply(agent, ticket, "Thank you. Our cleaning crew will be there tomorrow.");
	await openTicket(agent, ticket);
	await agent.getByPlaceholder("What was done, in words for").fill("We removed the graffiti and treated the wall so that new paint comes off easily.");
	await shoot(agent, "helpdesk-outcome");
	await change(agent, ticket, { cs_outcome: "We removed the graffiti and treated the wall so that new paint comes off easily." });
	await change(agent, ticket, { status: "Resolved" });
	await page.goto(`/requests/${reference}`);
	await shoot(page, "portal-done-360", { height: 1500 });
}

async function openTicket(agent, ticket) {
	await agent.goto(`/helpdesk/tickets/${ticket}`);
	const shown = agent.getByText("Why here", { exact: true }).filter({ visible: true });
	await agent.getByText("Ticket Info").waitFor();
	await agent.waitForTimeout(1500);
	// Helpdesk remembers whether the fields were unfolded.
	if (!(await shown.count())) await agent.getByText("Ticket Info").click();
	await shown.waitFor();
	await agent.waitForTimeout(1500);
}

async function showHelpdesk(agent, ticket) {
	await agent.setViewportSize({ width: 1360, height: 1060 });
	await openTicket(agent, ticket);
	await shoot(agent, "helpdesk-ticket");
	await agent.setViewportSize({ width: 1360, height: 760 });
	await agent.goto("/helpdesk/tickets");
	await agent.getByText("Streets and Roads").first().click();
	await agent.waitForTimeout(3000);
	await shoot(agent, "helpdesk-view");
}

/* The desk of the citizen-support team */

async function goto(page, path, wait = 3000) {
	await page.goto(path);
	await page.addStyleTag({ content: IN_THE_WAY });
	await page.waitForTimeout(wait);
}

async function openTab(page, label) {
	await page.locator(".form-tabs .nav-link", { hasText: label }).first().click();
	await page.waitForTimeout(1200);
}

async function openRow(page, field, row) {
	const grid = page.locator(`.frappe-control[data-fieldname="${field}"]`);
	await grid.locator(`.grid-row[data-idx="${row}"] .btn-open-row`).first().click();
	await page.waitForTimeout(1200);
	await grid.locator(".grid-row-open").first().evaluate((one) => one.scrollIntoView({ block: "start" }));
	await page.evaluate(() => window.scrollBy(0, -160));
	await page.waitForTimeout(500);
}

async function showSettings(page) {
	await goto(page, "/app/citizen-support", 4000);
	await shoot(page, "desk-workspace");
	await goto(page, "/app/citizen-support-settings");
	await shoot(page, "desk-settings");
	await openTab(page, "Holidays");
	await shoot(page, "desk-holidays");
	await openTab(page, "Health");
	await shoot(page, "desk-health");
	await goto(page, "/app/service-category/view/tree");
	await shoot(page, "desk-categories");
	await goto(page, "/app/municipal-department/streets");
	await shoot(page, "desk-department");
}

async function showService(page) {
	await goto(page, "/app/municipal-service/pothole");
	await shoot(page, "desk-service");
	await page.getByRole("button", { name: "Confirmation", exact: true }).click();
	await page.waitForTimeout(1500);
	await shoot(page, "desk-preview");
	await openTab(page, "Try it");
	await page.locator('.cs-trial [data-fieldname="answer_4"] select').selectOption({ label: "Yes" });
	await page.waitForTimeout(2500);
	await shoot(page, "desk-try");
	await openTab(page, "Questions");
	await shoot(page, "desk-questions");
	await openRow(page, "questions", 5);
	await shoot(page, "desk-question");
	await goto(page, "/app/municipal-service/pothole");
	await openTab(page, "Routing");
	await openRow(page, "routing_rules", 1);
	await shoot(page, "desk-routing");
}

/** A new area with its border drawn on the map, as nobody has made one yet. */
async function showArea(page) {
	await goto(page, "/app/service-area/new");
	await page.locator('[data-fieldname="area_name"] input').fill("Old Town");
	await page.locator('[data-fieldname="postcodes"] textarea').fill("92901");
	await page.locator('[data-fieldname="names"] textarea').fill("Old Town\nMarket Street");
	const map = page.locator(".leaflet-container");
	await map.evaluate((one) => one.scrollIntoView({ block: "center" }));
	await page.locator(".leaflet-draw-draw-rectangle").click();
	const { x, y } = await map.boundingBox();
	await page.mouse.move(x + 200, y + 80);
	await page.mouse.down();
	await page.mouse.move(x + 480, y + 260, { steps: 5 });
	await page.mouse.up();
	await page.waitForTimeout(1500);
	await shoot(page, "desk-area", { height: 1000 });
}

async function showNotice(page) {
	await goto(page, "/app/notice-template/new");
	await page.locator('[data-fieldname="notice"] select').first().selectOption("Confirmation");
	await page.waitForTimeout(2500);
	await shoot(page, "desk-notice");
	await page.getByRole("button", { name: "Preview", exact: true }).first().click();
	await page.waitForTimeout(2500);
	await shoot(page, "desk-notice-preview");
}

async function showCitizen(page, agent, ticket) {
	const { cs_citizen: citizen } = await getValue(agent, ticket, "cs_citizen");
	await goto(page, `/app/citizen/${citizen}`);
	await shoot(page, "desk-citizen");
}

/* Everything, in the order in which it happens */

const agent = await openAs(AGENT);
const manager = await openAs(MANAGER);
await showCatalogue();
const visitor = await open(DESKTOP);
for (const [service, name, answers] of OTHERS) await request(visitor, service, { ...answers, ...person(name) });
const sam = await open(PHONE);
await sendWithErrors(sam);
const reference = await sendPothole(sam);
const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
await request(visitor, "missed-bin", { ...BIN, "q.missed_on": threeDaysAgo, ...SAM });
await showMail();
const ticket = await showTracking(sam, agent, reference);
await showHandOver(agent);
await showDone(agent);
await showHelpdesk(agent, ticket);
await showSettings(manager);
await showService(manager);
await showArea(manager);
await showNotice(manager);
await showCitizen(manager, agent, ticket);
await browser.close();
