// The main job, from the phone of a resident to the desk of an agent and back, with real mails.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { PHONE, closeBrowser, inOrder, mailsTo, newPage, shot, shotBoth } from "./support/city.mjs";
import { SECRET_OF_THE_PHOTO, makePdf, makePhoto } from "./support/files.mjs";
import {
	asRole,
	changeStatus,
	findTicket,
	openDesk,
	openTicket,
	readTicket,
	replyInHelpdesk,
	writeOutcome,
} from "./support/helpdesk.mjs";
import { REFERENCE, aResident, fillPothole, readPromise, readReference, readText, send } from "./support/resident.mjs";

const DEPARTMENT = {
	name: "Streets and Roads",
	lead: "Maria Lopez, Head of Streets and Roads",
	phone: "+1 202-555-0120",
	email: "streets@riverton.example",
};
const PLACE = "Main Street at Mill Lane, in front of the bakery";
const DANGER = "Cars move into the oncoming lane.";
const REPLY = "We have closed the lane and will fill the hole on Tuesday.";
const ANSWER = "Thank you. It has become wider since, here is a drawing.";
const OUTCOME = "We filled the hole with hot asphalt and swept the street.";

after(closeBrowser);

test("a pothole, from the phone to the desk and back", async (t) => {
	const step = inOrder(t);
	const resident = aResident();
	const page = await newPage({ viewport: PHONE });
	let before, reference, promised, ticket, agent;

	await step("the resident finds the service by search and sees the promise", async () => {
		await page.goto("/services");
		await page.getByLabel("What can we do for you?").fill("pot hole");
		await page.keyboard.press("Enter");
		await page.getByRole("link", { name: "Pothole", exact: true }).click();
		await page.getByRole("heading", { level: 1, name: "Pothole" }).waitFor();
		before = await readPromise(page);
		assert.equal(before.length, 2);
	});

	await step("sends it with a photo and gets reference, dates and department at once", async () => {
		await fillPothole(page, resident, { place: PLACE, danger: DANGER, photo: await makePhoto() });
		await shotBoth(page, "service-filled-in");
		const response = await send(page);
		assert.equal(response.status(), 200);
		await page.getByRole("heading", { name: "Thank you. We have your request." }).waitFor();
		reference = await readReference(page);
		promised = await readPromise(page).then((times) => times.slice(-2));
		assert.deepEqual(promised, before, "what was promised before sending is promised after it");
		const text = await readText(page.locator("main"));
		for (const fact of Object.values(DEPARTMENT)) assert.ok(text.includes(fact), `${fact} stands on the page`);
		assert.equal(await page.locator("main a[href^='tel:']").getAttribute("href"), "tel:+12025550120");
		assert.equal(await page.locator("main a[href^='mailto:']").getAttribute("href"), `mailto:${DEPARTMENT.email}`);
		assert.ok(text.includes(PLACE) && text.includes(DANGER) && text.includes("photo.jpg"));
		await shotBoth(page, "confirmation");
	});

	await step("the mail that arrives says the same", async () => {
		const [mail, ...others] = await mailsTo(resident.email);
		assert.deepEqual(others, []);
		assert.ok(mail.subject.startsWith(`${reference}: we have your request`), mail.subject);
		for (const fact of [reference, ...Object.values(DEPARTMENT), ...promised.map((date) => date.text)]) {
			assert.ok(mail.text.includes(fact), `${fact} stands in the plain text`);
			assert.ok(mail.html.includes(fact), `${fact} stands in the HTML`);
		}
		const dates = [...mail.html.matchAll(/<time datetime="([^"]+)"/g)].map((found) => found[1]);
		assert.deepEqual(dates, promised.map((date) => date.iso));
		assert.deepEqual(mail.attachments, []);
		const letter = await newPage({ viewport: PHONE });
		await letter.setContent(mail.html);
		await shotBoth(letter, "mail-confirmation");
		await letter.context().close();
	});

	await step("behind it is one ticket, in the right team, with an agent, under a clock that runs to the same dates", async () => {
		ticket = await findTicket(reference, "Agent");
		assert.equal(ticket.agent_group, DEPARTMENT.name);
		assert.equal(JSON.parse(ticket._assign).length, 1);
		assert.ok(ticket.sla);
		const kept = [ticket.response_by, ticket.resolution_by].map((moment) => moment.slice(0, 16).replace(" ", "T"));
		assert.deepEqual(promised.map((date) => date.iso.slice(0, 16)), kept, "to the minute");
		for (const date of promised) assert.match(date.iso, /T\d\d:\d\d(:\d\d)?[+-]\d\d:\d\d$/, "with the zone's offset");
		assert.equal(ticket.priority, "High", "the rule for holes that traffic swerves around");
	});

	await step("the agent reads it in Helpdesk and answers there", async () => {
		agent = await openDesk("Agent");
		await openTicket(agent, ticket.name);
		const needed = [PLACE, DANGER, "Like a car tire", reference, DEPARTMENT.name, "photo.jpg", resident.name, "Why here"];
		const content = await readTicket(agent, needed);
		for (const fact of needed) assert.ok(content.includes(fact), `${fact} stands in Helpdesk`);
		await shot(agent, "helpdesk-ticket");
		await replyInHelpdesk(agent, REPLY);
	});

	await step("the answer arrives by mail, in the thread of the confirmation, and on the page", async () => {
		const [confirmation, answer] = await mailsTo(resident.email, { count: 2 });
		assert.ok(answer.text.includes(REPLY) && answer.html.includes(REPLY));
		const id = confirmation.headers["Message-Id"];
		assert.ok([answer.headers["In-Reply-To"], answer.headers.References].join().includes(id), "one thread");
		await page.getByRole("link", { name: "Follow your request" }).click();
		const talk = await readText(page.locator(".talk"));
		assert.ok(talk.includes(REPLY), talk);
		assert.ok(talk.includes(DEPARTMENT.name), "says who answers");
		await shotBoth(page, "tracking-answered");
	});

	await step("the resident answers on the page with a file, and the agent has both", async () => {
		await page.getByLabel("Your message").fill(ANSWER);
		await page.getByLabel("Photos or documents").setInputFiles(makePdf("drawing.pdf"));
		await send(page);
		await page.getByRole("status").filter({ hasText: `Your message is with ${DEPARTMENT.name}.` }).waitFor();
		const mine = await readText(page.locator(".talk .mine").last());
		assert.ok(mine.includes(ANSWER) && mine.includes("drawing.pdf"), mine);
		await shotBoth(page, "tracking-replied");
		assert.equal((await findTicket(reference)).status, "Open", "it is the city's turn again");
		await openTicket(agent, ticket.name);
		const content = await readTicket(agent, [ANSWER, "drawing.pdf"]);
		assert.ok(content.includes(ANSWER) && content.includes("drawing.pdf"));
	});

	await step("files come back only with the key, and without what the phone had written into them", async () => {
		const address = await page.locator(".files a", { hasText: "photo.jpg" }).first().getAttribute("href");
		const photo = await page.request.get(address);
		assert.equal(photo.headers()["content-type"], "image/jpeg");
		assert.ok(!(await photo.body()).includes(SECRET_OF_THE_PHOTO));
		const stranger = await newPage();
		assert.equal((await stranger.request.get(address)).status(), 403);
		await stranger.context().close();
	});

	await step("the agent says what was done and resolves it; the closing notice arrives with these words", async () => {
		await writeOutcome(agent, OUTCOME);
		await changeStatus(agent, "Open", "Resolved");
		await shot(agent, "helpdesk-resolved");
		const mails = await mailsTo(resident.email, { count: 3 });
		const closing = mails.at(-1);
		assert.ok(closing.subject.startsWith(`${reference}: your request is done`), closing.subject);
		assert.ok(closing.text.includes(OUTCOME) && closing.html.includes(OUTCOME));
	});

	await step("the page says so too, and the link in the mail opens it", async () => {
		const [confirmation] = await mailsTo(resident.email);
		const link = confirmation.text.match(/http\S+\/requests\/\S+key=\S+/)[0];
		const phone = await newPage({ viewport: PHONE });
		await phone.goto(link);
		assert.ok(!phone.url().includes("key="), "the key does not stay in the address");
		const text = await readText(phone.locator("main"));
		assert.ok(text.includes("Done") && text.includes(OUTCOME), text);
		assert.match(await readReference(phone), REFERENCE);
		await shotBoth(phone, "tracking-done");
		await phone.context().close();
	});

	await step("one confirmation, one answer, one closing notice: no mail too many, each in both forms", async () => {
		await new Promise((resolve) => setTimeout(resolve, 4000)); // a mail too many would come about now
		const mails = await mailsTo(resident.email, { count: 3 });
		const kinds = mails.map((mail) => mail.subject.replace(/^.*?: /, "").replace(/ \(#.*/, ""));
		assert.equal(mails.length, 3, kinds.join("; "));
		assert.equal(kinds.filter((kind) => kind === "we have your request").length, 1);
		assert.equal(kinds.filter((kind) => kind === "your request is done").length, 1);
		for (const mail of mails) assert.ok(mail.text.trim() && mail.html.trim(), `both forms: ${mail.subject}`);
		const waiting = await asRole("IT", (api) =>
			api.list("Email Queue", { filters: { reference_name: ticket.name, status: ["!=", "Sent"] } }),
		);
		assert.deepEqual(waiting, []);
	});

	await agent?.context().close();
	await page.context().close();
});
