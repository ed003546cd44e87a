// Every payload of tests/hostile/payloads.json in every field, then every place where somebody reads it, in a browser
// that would run it. Bundled; with CS_HOSTILE_LONG=1 each payload stands alone, so that none hides behind another.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { allMails, closeBrowser, DESKTOP, inOrder, login, person } from "./support/city.mjs";
import { asRole, readTicket } from "./support/helpdesk.mjs";
import { bundle, readPayloads, watchedPage } from "./support/hits.mjs";
import { each, inSite, makeHostileService, makeMail, OTHERS, sendForm, sendReply, TEXTS } from "./support/senders.mjs";

const LONG = Boolean(process.env.CS_HOSTILE_LONG);
const PAYLOADS = readPayloads();
const NAMES = bundle(PAYLOADS, TEXTS["contact.name"], LONG);
const LETTERS = bundle(PAYLOADS, LONG ? 140 : 4000, LONG);
const IN_MAILS = bundle(PAYLOADS, LONG ? 140 : 500, LONG);
// What an address may hold before its @.
const LOCAL_PARTS = ["{{7919*10§}}", "${7919*10§}", "#{7919*10§}", "%3Csvg/onload=hit`§`%3E", "embed=/etc/passwd-§"];
const RUN = Date.now();
const counts = [];

after(async () => {
	await fileRequests("In the background when busy");
	await closeBrowser();
});

/** Places in a page where text may stand, without any care taken. */
const CARELESS = {
	text: (text) => `<p>${text}</p>`,
	"a value": (text) => `<input value="${text}">`,
	"a link": (text) => `<a href="${text}">x</a>`,
	"a script": (text) => `<script>const a = '${text}';</script>`,
	"JSON in a page": (text) => `<script>try { document.write(Object.entries(JSON.parse(${JSON.stringify(text).replaceAll("</", "<\\/")})).flat().join("")) } catch {}</script>`,
	"text decoded once more": (text) => `<p>${text.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("%253C", "<")}</p>`,
};

/**
 * Nothing ran in what was looked at; for pages of our own, nothing was even tried. Helpdesk shows pictures in mails from
 * wherever they are, so those may load there.
 */
function judge(seen, sink, pages, { isOurs = false, mayLoad = false } = {}) {
	counts.push([sink, pages, seen.executed.size, seen.loaded.size]);
	assert.deepEqual([...seen.executed], [], `${sink}: payloads ran`);
	if (!mayLoad) assert.deepEqual([...seen.loaded], [], `${sink}: loaded from elsewhere`);
	if (!isOurs) return;
	assert.deepEqual([...seen.strangers], [], `${sink}: asked others`);
	assert.deepEqual([...seen.refused], [], `${sink}: kept from running only by the policy`);
	assert.deepEqual([...seen.broken], [], `${sink}: broke a script`);
}

const ticketsOf = (service) => asRole("IT", (api) => api.list("HD Ticket", { filters: { cs_service: service }, fields: ["name", "cs_reference"] }));

/** Choose when tickets are made. */
async function fileRequests(filing) {
	const setting = { doctype: "Citizen Support Settings", name: "Citizen Support Settings", fieldname: "filing", value: filing };
	await asRole("IT", (api) => api.call("frappe.client.set_value", setting));
}

const take = (list, at) => list[at % list.length];

/** What the request with this number carries: each payload comes to stand in each field. */
function fillIn(at) {
	const local = at < LOCAL_PARTS.length ? LOCAL_PARTS[at].replaceAll("§", String(9000 + at)) : `eve-${at}`;
	return {
		"contact.name": NAMES[at],
		"contact.email": `${local}-${RUN}@example.org`,
		"q.short_text": take(NAMES, at + 1),
		"q.place": `needle${at} ${take(NAMES, at + 2)}`,
		"q.long_text": `needle${at} ${take(LETTERS, at)}`,
	};
}

test("the watch counts what runs, and nothing else", async () => {
	const [page, seen] = await watchedPage();
	await page.setContent("<p>&lt;img src=x onerror=hit(1001)&gt; hit(1001) {{7919*101001}}</p>");
	await seen.look();
	assert.deepEqual([...seen.executed], []);
	await page.setContent("<img src=x onerror=hit(1001)>");
	await page.waitForTimeout(200);
	assert.deepEqual([...seen.executed], ["1001 on about:blank"]);
	await page.context().close();
});

test("most payloads run where nothing stops them, so that their not running means something", async (t) => {
	const ran = new Set();
	for (const put of Object.values(CARELESS)) {
		const [page, seen] = await watchedPage();
		await page.setContent("<body></body>");
		for (let at = 0; at < PAYLOADS.length; at += 125) {
			const pages = PAYLOADS.slice(at, at + 125).map(({ text }) => put(text));
			await page.evaluate((all) => document.body.replaceChildren(...all.map((srcdoc) => Object.assign(document.createElement("iframe"), { srcdoc }))), pages);
			await page.waitForTimeout(300);
			await seen.look();
		}
		for (const entry of [...seen.executed, ...seen.loaded]) ran.add(entry.split(" ")[0]);
		await page.context().close();
	}
	t.diagnostic(`${ran.size} of ${PAYLOADS.length} payloads ran where nothing stops them`);
	assert.ok(PAYLOADS.length >= 120 && ran.size >= 120, `${ran.size} of ${PAYLOADS.length}`);
});

test("no payload runs anywhere", { timeout: (LONG ? 120 : 20) * 60_000 }, async (t) => {
	const step = inOrder(t);
	let service, sent, tickets;

	await step("sent by the form, by replies and by mail", async () => {
		service = await makeHostileService(`Hostile ${RUN}`);
		await fileRequests("At once");
		sent = await each(NAMES, (_name, at) => sendForm(service, fillIn(at), take(NAMES, at + 3)));
		assert.equal((await ticketsOf(service)).length, sent.length, "each request has become a ticket");
		await each(LETTERS, (text, at) => sendReply(take(sent, at), `reply ${text}`, take(NAMES, at)));
		const mails = IN_MAILS.map((html, at) =>
			makeMail({ html, name: take(NAMES, at), subject: take(NAMES, at + 1), from: `mail-${at}-${RUN}@example.org` }),
		);
		tickets = inSite("receive", JSON.stringify(mails));
		assert.equal(tickets.length, IN_MAILS.length);
	});

	await step("in a form that comes back with what was typed", async () => {
		const [page, seen] = await watchedPage();
		for (const [at, text] of NAMES.entries()) {
			await page.goto(`/services/${service}`);
			const values = Object.fromEntries([...Object.keys(TEXTS).map((name, more) => [name, take(NAMES, at + more)]), ...OTHERS.map((name) => [name, text])]);
			await Promise.all([page.waitForNavigation(), page.evaluate(sendAnyway, values)]);
			await seen.look();
			assert.ok((await page.locator("[aria-invalid=true]").count()) >= 5, page.url());
		}
		judge(seen, "portal: form with errors", NAMES.length, { isOurs: true });
		await page.context().close();
	});

	await step("on the page of the request, right after it was sent", async () => {
		const [page, seen] = await watchedPage();
		for (const one of sent) {
			await page.context().addCookies(one.cookies);
			await page.goto(`/requests/${one.reference}?sent=1`);
			assert.ok(await page.locator("main").innerText().then((text) => text.includes("needle")), page.url());
			await seen.look();
		}
		judge(seen, "portal: request with conversation and files", sent.length, { isOurs: true });
		await page.context().close();
	});

	await step("in addresses, in the search and in the form for a lost link", async () => {
		const [page, seen] = await watchedPage();
		const texts = LONG ? NAMES : bundle(PAYLOADS, 700);
		for (const text of texts) {
			const typed = encodeURIComponent(text);
			for (const path of [`services?q=${typed}`, `services?category=${typed}`, `services/${typed}`, `requests/${typed}`, `requests/7K3M-92QX?key=${typed}`, `requests/${typed}/files/${typed}`, `no/${typed}`]) {
				const response = await page.goto(`/${path}`);
				assert.ok(response.status() < 500 || path.startsWith("no/"), `${response.status()} ${path}`); // those are Frappe's own
				await seen.look();
			}
			await page.goto("/requests");
			await Promise.all([page.waitForNavigation(), page.evaluate(sendAnyway, { reference: text, contact: text })]);
			await seen.look();
		}
		judge(seen, "portal: search, addresses, 404, lost link", texts.length * 8, { isOurs: true });
		await page.context().close();
	});

	await step("in the mails", async () => {
		const [page, seen] = await watchedPage({ baseURL: undefined });
		const confirmed = () => allMails().then((all) => all.filter((mail) => mail.to[0].includes(`-${RUN}@`) && /confirmation/.test(mail.headers["X-Auto-Generated"])));
		for (let tries = 0; (await confirmed()).length < sent.length; tries++) {
			assert.ok(tries < 60, `${(await confirmed()).length} of ${sent.length} requests are confirmed`);
			await page.waitForTimeout(5000);
		}
		const mails = (await allMails()).filter((mail) => Number(mail.id) / 1e6 > RUN);
		for (const mail of mails) {
			assert.deepEqual(mail.attachments, []);
			assert.ok(!/embed\s*=/i.test(mail.html), mail.html);
			assert.ok(!JSON.stringify([mail.to, mail.headers.Bcc ?? "", mail.headers.Cc ?? ""]).includes("victim"));
			await page.setContent(mail.html, { waitUntil: "commit" });
			await seen.look();
		}
		judge(seen, "mails to residents and agents", mails.length);
		await page.context().close();
	});

	await step("in Helpdesk: lists, tickets, notifications, contacts", async () => {
		const [page, seen] = await watchedDesk("Agent");
		for (const path of ["notifications", "contacts", "tickets"]) {
			await page.goto(`/helpdesk/${path}`);
			await page.waitForLoadState("networkidle");
			await seen.look();
		}
		const known = new Map((await ticketsOf(service)).map(({ name, cs_reference }) => [cs_reference, name]));
		for (const [at, { reference }] of sent.entries()) {
			await showInHelpdesk(page, known.get(reference));
			const facts = [`needle${at} `, "Long text?"];
			const text = await readTicket(page, facts);
			assert.ok(facts.every((fact) => text.includes(fact)), `the message of ticket ${known.get(reference)} is shown`);
			await seen.look();
		}
		const byMail = [...new Set(tickets)];
		for (const name of byMail) {
			await showInHelpdesk(page, name);
			await page.frameLocator("iframe").first().locator("body").waitFor({ state: "attached" });
			await page.waitForTimeout(300);
			await seen.look();
		}
		judge(seen, "Helpdesk: lists, tickets, notifications, contacts", sent.length + byMail.length + 3, { mayLoad: true });
		await page.context().close();
	});

	await step("in Helpdesk's search", async () => {
		assert.ok(inSite("index") > sent.length);
		const [page, seen] = await watchedDesk("Agent");
		const words = [...sent.keys()].map((at) => `needle${at}`).concat("reply", "hit", "script", "img", "svg", "onerror", "embed");
		let found = 0;
		await page.goto("/helpdesk/search");
		for (const word of words) {
			const answer = page.waitForResponse(/helpdesk\.api\.search\.search/);
			await page.getByPlaceholder("Search tickets, comments").fill(word);
			await page.keyboard.press("Enter");
			found += (await (await answer).json()).message.results.length;
			await page.waitForTimeout(100); // until it is shown
			await seen.look();
		}
		assert.ok(found >= sent.length, `${found} found`);
		judge(seen, "Helpdesk: search", words.length);
		await page.context().close();
	});

	await step("in the desk: lists, reports and forms", async () => {
		const [page, seen] = await watchedDesk("IT");
		const doctypes = ["Service Submission", "Citizen", "Resident Notice", "HD Ticket", "Contact", "Communication"];
		for (const [at, doctype] of doctypes.entries()) {
			for (const view of ["list", "report"]) {
				await page.goto(`/app/${doctype.toLowerCase().replace(" ", "-")}/view/${view}`);
				await page.waitForFunction(() => window.cur_list?.data?.length);
				await page.evaluate(showMore);
				await page.waitForLoadState("networkidle");
				await seen.look();
			}
			assert.ok(at || (await page.evaluate(() => window.cur_list.data.length)) >= sent.length);
		}
		const opened = LONG ? sent : sent.slice(0, 2 * LETTERS.length);
		for (const { reference } of opened) {
			await page.evaluate((name) => window.frappe.set_route("Form", "Service Submission", name), reference);
			await page.waitForFunction((name) => window.cur_frm?.docname === name, reference);
			await seen.look();
		}
		const count = 2 * doctypes.length + opened.length;
		judge(seen, "desk: lists, reports, forms", count);
		await page.context().close();
	});

	for (const [sink, pages, ran, loaded] of counts) t.diagnostic(`${ran} ran, ${loaded} loaded on ${pages} pages: ${sink}`);
	t.diagnostic(`${PAYLOADS.length} payloads, ${sent?.length} requests, ${tickets?.length} mails`);
});

/** A watched page with somebody logged in. */
async function watchedDesk(role) {
	const [page, seen] = await watchedPage({ viewport: DESKTOP });
	await login(page, person(role));
	return [page, seen];
}

/** Open another ticket without loading Helpdesk anew, as a click in its list does. */
async function showInHelpdesk(page, ticket) {
	await page.evaluate((path) => {
		window.history.pushState({}, "", path);
		window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
	}, `/helpdesk/tickets/${ticket}`);
	await page.getByText(`#${ticket}`, { exact: true }).first().waitFor();
}

/** Runs in the desk: as many rows as a list shows. */
function showMore() {
	window.cur_list.page_length = 500;
	return window.cur_list.refresh();
}

/** Runs in the page: puts values into the form's fields, past all that a browser would not let a person type. */
function sendAnyway(values) {
	const form = document.querySelector("form[method=post i]");
	for (const [name, value] of Object.entries(values)) {
		for (const old of form.querySelectorAll(`[name="${name}"]`)) old.remove();
		const field = Object.assign(document.createElement("textarea"), { name });
		field.value = value;
		form.append(field);
	}
	HTMLFormElement.prototype.submit.call(form);
}
