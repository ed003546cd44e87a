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

import { DESKTOP, PHONE, close, open, openAs, shoot, shootWide } from "./screenshots/camera.mjs";
import { answer, change, drawPothole, findTicket, getValue, readMail, reply, request, send } from "./screenshots/people.mjs";

const AGENT = (process.env.AGENT || "tanya.reid@riverton.example:riverton").split(":");
const MANAGER = (process.env.MANAGER || "maria.manager@riverton.example:riverton").split(":");
// Windows of Frappe and Helpdesk that a documentation is better without.
const IN_THE_WAY = ".onboarding-widget-box, #freeze, .desk-alert { display: none !important }";

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
await close();
