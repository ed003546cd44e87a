// Whatever is typed into a form is text: on the portal, in mails, in Helpdesk and in the desk.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { closeBrowser, inOrder, mailsTo, newPage, shot, site } from "./support/city.mjs";
import { makePhoto } from "./support/files.mjs";
import { asRole, findTicket, openDesk, openTicket, readTicket, replyByApi } from "./support/helpdesk.mjs";
import { HEADER_TRICK, PAYLOADS, watchForHarm } from "./support/payloads.mjs";
import { aResident, readReference, send, sendPothole } from "./support/resident.mjs";

const ALL = PAYLOADS.join("\n");
const SHORT = PAYLOADS.filter((payload) => payload.length <= 90);
const WORD_JOINER = /\u2060/g; // breaks the one word that Frappe's mails would take for an instruction

after(closeBrowser);

/** The payloads that fit into a field, as many as it takes, in one line. */
function fit(length, from = 0) {
	let text = "";
	for (const payload of [...SHORT.slice(from), ...SHORT.slice(0, from)]) {
		if (text.length + payload.length < length) text += payload;
	}
	return text;
}

const compact = (text) => text.replace(WORD_JOINER, "").replace(/\s+/g, " ");
// Helpdesk's own search shows what it finds unescaped, so the app hands it look-alikes of angle brackets.
const asInHelpdesk = (text) => compact(text).replaceAll("<", "‹").replaceAll(">", "›");

test("the payloads do harm where nothing stops them, so that the other tests mean something", async () => {
	const page = await newPage();
	const harm = watchForHarm(page);
	await page.setContent(ALL);
	await page.waitForTimeout(500);
	assert.ok((await harm.findings()).length > 10);
	await page.context().close();
});

test("scripts, markup, templates and headers stay text everywhere", async (t) => {
	const step = inOrder(t);
	const resident = aResident("Eve Evil");
	const photo = { ...(await makePhoto()), name: `"><img data-hostile src=x onerror=alert(30)>.jpg` };
	const page = await newPage();
	const portal = watchForHarm(page);
	let reference, ticket;

	await step("in a form that comes back with errors", async () => {
		await page.goto("/services/staff-complaint");
		await page.locator("#q-about").selectOption({ index: 2 });
		await page.locator("#q-place").fill(fit(300));
		await page.locator("#q-details").fill(ALL);
		await page.locator("#q-who").fill(fit(200, 7));
		await page.locator("#q-wish").fill(ALL);
		await page.getByLabel("Name").fill(fit(140, 12));
		await page.getByLabel("E-mail").fill(`"><script>alert(31)</script>@example.org`);
		await page.getByLabel("Phone").fill(`<svg onload=alert(1)>`);
		assert.equal((await send(page)).status(), 422);
		assert.equal(await page.locator("#q-details").inputValue(), ALL);
		assert.equal(await page.locator("#q-place").inputValue(), fit(300));
		assert.deepEqual(await portal.findings(), []);
		await shot(page, "hostile-form");
	});

	await step("on the page of the request, and after a reply", async () => {
		await page.locator("#q-day").fill("2026-01-02");
		await page.locator("[name='q.discrimination'][value=No]").check();
		await page.getByLabel("E-mail").fill(resident.email);
		await page.getByLabel("Phone").fill("");
		const response = await send(page);
		assert.equal(response.status(), 200, await page.locator("[data-summary]").allInnerTexts().then(String));
		reference = await readReference(page);
		await page.getByRole("link", { name: "Follow your request" }).click();
		await page.getByLabel("Your message").fill(ALL);
		await page.getByLabel("Photos or documents").setInputFiles(photo);
		await send(page);
		const text = compact(await page.locator("main").innerText());
		for (const payload of PAYLOADS) assert.ok(text.includes(compact(payload)), `shown as it was typed: ${payload}`);
		assert.deepEqual(await portal.findings(), []);
		await shot(page, "hostile-request");
	});

	await step("in the search, in addresses and in the way to a lost link", async () => {
		for (const payload of PAYLOADS) {
			await page.goto(`/services?q=${encodeURIComponent(payload)}`);
			assert.deepEqual(await portal.findings(), []);
		}
		for (const path of ["/services/", "/requests/", "/services?category=", "/requests/7K3M-92QX?key="]) {
			await page.goto(path + encodeURIComponent(`"><script data-hostile>alert(40)</script>{{7*7}}`));
			assert.ok(!(await page.content()).includes(">49<"));
		}
		await page.goto("/requests");
		await page.getByLabel("Your reference").fill(`"><svg onload=alert(1)`);
		await page.getByLabel("Your e-mail address or phone number").fill(fit(140, 3));
		await send(page);
		assert.deepEqual(await portal.findings(), []);
	});

	await step("in the mail", async () => {
		const [mail, ...others] = await mailsTo(resident.email);
		assert.deepEqual(others, []);
		assert.deepEqual(mail.attachments, []);
		const letter = await newPage();
		const harm = watchForHarm(letter);
		await letter.setContent(mail.html);
		assert.deepEqual(await harm.findings(), []);
		await letter.context().close();
	});

	await step("on Helpdesk's ticket and in its lists", async () => {
		ticket = await findTicket(reference);
		const desk = await openDesk("Agent");
		const harm = watchForHarm(desk);
		await openTicket(desk, ticket.name);
		const text = await readTicket(desk, PAYLOADS.map(asInHelpdesk));
		for (const payload of PAYLOADS) assert.ok(text.includes(asInHelpdesk(payload)), `shown as it was typed: ${payload}`);
		assert.deepEqual(await harm.findings(), []);
		await shot(desk, "hostile-helpdesk");
		await desk.goto("/helpdesk/tickets");
		await desk.getByText(ticket.name, { exact: true }).first().waitFor();
		assert.deepEqual(await harm.findings(), []);
		await shot(desk, "hostile-helpdesk-list");
		await desk.context().close();
	});

	await step("in the desk: what was sent in, and who sent it", async () => {
		const desk = await openDesk("Citizen Support Manager");
		const harm = watchForHarm(desk);
		const [{ citizen }] = await asRole("IT", (api) =>
			api.list("Service Submission", { filters: { name: reference }, fields: ["citizen"] }),
		);
		const report = `service-submission/view/report?name=${reference}`;
		for (const path of [`service-submission/${reference}`, "service-submission", report, `citizen/${citizen}`, "citizen"]) {
			await desk.goto(`/app/${path}`);
			await desk.locator(".page-container:visible .layout-main").first().waitFor();
			await desk.waitForLoadState("networkidle");
			assert.deepEqual(await harm.findings(), []);
			await shot(desk, `hostile-desk-${path.replace(/\/view\/.*/, "-report").replace(/\/.*/, "-form")}`);
		}
		await desk.context().close();
	});

	await step("in the answer of an agent that quotes all of it: no file of the server goes out", async () => {
		const [message] = await asRole("IT", (api) =>
			api.list("Communication", {
				filters: { reference_doctype: "HD Ticket", reference_name: ticket.name, sent_or_received: "Received" },
				fields: ["content"],
			}),
		);
		const quoting = `<p>We look into it.</p><blockquote>${message.content}</blockquote>`;
		await replyByApi(ticket.name, resident.email, quoting);
		const mails = await mailsTo(resident.email, { count: 2 });
		for (const mail of mails) assert.deepEqual(mail.attachments, []);
		const letter = await newPage();
		const harm = watchForHarm(letter);
		await letter.setContent(mails.at(-1).html);
		assert.deepEqual(await harm.findings(), []);
		await letter.context().close();
	});

	await page.context().close();
});

test("two people with the same name, as long as a name may be", async () => {
	const page = await newPage();
	const name = `${Date.now()} `.padEnd(140, "Wolfeschlegelsteinhausenbergerdorff ");
	for (const resident of [aResident("Hubert Long"), aResident("Huberta Long")]) {
		const reference = await sendPothole(page, { ...resident, name });
		assert.equal((await findTicket(reference)).cs_service, "pothole");
	}
	await page.context().close();
});

test("line breaks in a name or an address begin no header of a mail", async () => {
	const page = await newPage();
	const resident = aResident("Hedda Header");
	await page.goto("/services/pothole");
	const [form_key, ...rest] = await page.locator("[name=form_key]").evaluateAll((all) => all.map((one) => one.value));
	assert.deepEqual(rest, []);
	const answers = { "q.place": HEADER_TRICK, "q.street_part": "Alley", "q.size": "Like a car tire", "q.swerve": "No" };
	const submit = (email) =>
		page.request.post("/services/pothole", {
			multipart: { form_key, ...answers, "contact.name": HEADER_TRICK, "contact.email": email },
			maxRedirects: 0,
		});
	assert.equal((await submit(`${resident.email}\r\nBcc: victim@example.org`)).status(), 422);
	assert.equal((await submit(resident.email)).status(), 303);
	const [mail] = await mailsTo(resident.email);
	assert.deepEqual(mail.to, [resident.email]);
	assert.equal(mail.headers.Bcc, undefined);
	assert.match(mail.subject, /: we have your request/);
	assert.ok(!JSON.stringify(mail.headers).includes("victim"), site);
	await page.context().close();
});
