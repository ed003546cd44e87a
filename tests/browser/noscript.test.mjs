// Nobody needs JavaScript: the whole way in a browser that has none.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { PHONE, closeBrowser, inOrder, mailsTo, newPage, shotBoth } from "./support/city.mjs";
import { makePhoto } from "./support/files.mjs";
import { asRole, findTicket } from "./support/helpdesk.mjs";
import { aResident, arriveAtConfirmation, fillPothole, readPromise, readReference, readText, send } from "./support/resident.mjs";

after(closeBrowser);

test("the whole way without JavaScript", async (t) => {
	const step = inOrder(t);
	const resident = aResident("Noah Script");
	const page = await newPage({ viewport: PHONE, javaScript: false });
	const photo = await makePhoto();
	let reference;

	await step("search leads to the form, which shows every question and says when one applies", async () => {
		await page.goto("/services");
		await page.getByLabel("What can we do for you?").fill("potholle");
		await page.getByRole("button", { name: "Search" }).click();
		await page.getByRole("link", { name: "Pothole", exact: true }).click();
		await page.getByLabel("What happens there?").waitFor();
		const condition = await readText(page.locator(".depends"));
		assert.equal(condition, "Only if your answer to “Do drivers or cyclists have to swerve around it?” is “Yes”");
		assert.equal(await page.getByRole("button", { name: "Use my location" }).count(), 0);
		await shotBoth(page, "noscript-service");
	});

	await step("errors come back with everything kept, the photo too", async () => {
		await fillPothole(page, resident, { photo });
		await page.getByLabel("Where is the pothole?").fill("");
		const response = await send(page);
		assert.equal(response.status(), 422);
		assert.equal(await page.getByLabel("Name").inputValue(), resident.name);
		assert.ok((await readText(page.locator(".kept"))).includes("photo.jpg"));
		await page.locator("[data-summary] a").click();
		assert.ok(page.url().endsWith("#q-place"), page.url());
		await shotBoth(page, "noscript-errors");
	});

	await step("put right, it is sent, once, however often the button is pressed", async () => {
		await page.getByLabel("Where is the pothole?").fill("8 Station Square");
		await page.locator("form[data-once] [type=submit]").dblclick();
		await arriveAtConfirmation(page);
		reference = await readReference(page);
		assert.equal((await readPromise(page)).length, 3, "sent, answer, end");
		assert.ok((await readText(page.locator("main"))).includes("photo.jpg"));
		await findTicket(reference);
		const sent = await asRole("IT", (api) =>
			api.list("Service Submission", { filters: { contact_email: resident.email } }),
		);
		assert.deepEqual(sent, [{ name: reference }]);
		await shotBoth(page, "noscript-confirmation");
	});

	await step("the page of the request takes a reply", async () => {
		await page.getByRole("link", { name: "Follow your request" }).click();
		await send(page);
		assert.ok((await readText(page.locator("[data-summary]"))).includes("Please write a message or add a file."));
		await page.getByLabel("Your message").fill("It is in front of the ticket office.");
		await page.getByLabel("Photos or documents").setInputFiles({ ...photo, name: "closer.jpg" });
		await send(page);
		const mine = await readText(page.locator(".talk .mine").last());
		assert.ok(mine.includes("ticket office") && mine.includes("closer.jpg"), mine);
		assert.ok((await readText(page.locator("main"))).includes("Your message is with Streets and Roads."));
	});

	await step("once it is done the page asks how it went, and Helpdesk knows", async () => {
		const { name } = await findTicket(reference);
		await asRole("Agent", (api) =>
			api.call("frappe.client.set_value", { doctype: "HD Ticket", name, fieldname: "status", value: "Resolved" }),
		);
		await page.goto(`/requests/${reference}`);
		await page.getByLabel("Anything you want to tell us about it").fill("The crew was kind.");
		assert.equal((await send(page, "Send feedback")).status(), 422);
		await page.locator("[data-summary] a").click();
		assert.ok(page.url().endsWith("#rating"), page.url());
		await page.getByRole("group", { name: "How did it go?" }).getByLabel("Good", { exact: true }).check();
		await shotBoth(page, "noscript-feedback");
		await send(page, "Send feedback");
		await page.getByRole("status").filter({ hasText: "Thank you, you said: Good" }).waitFor();
		assert.ok((await readText(page.locator("#how"))).includes("The crew was kind."));
		const ticket = await asRole("IT", (api) => api.get("HD Ticket", name));
		assert.deepEqual([ticket.feedback_rating, ticket.feedback_extra, ticket.status], [0.8, "The crew was kind.", "Resolved"]);
	});

	await step("a lost link is sent again, and opens the request in another browser", async () => {
		const other = await newPage({ viewport: PHONE, javaScript: false });
		const response = await other.goto(`/requests/${reference}`);
		assert.equal(response.status(), 403);
		await other.getByRole("link", { name: "Find a request" }).first().click();
		await other.getByLabel("Your reference").fill(reference.toLowerCase().replace("-", " "));
		await other.getByLabel("Your e-mail address or phone number").fill(resident.email.toUpperCase());
		await send(other);
		await other.getByRole("heading", { name: "Have a look at your messages" }).waitFor();
		const [mail] = await mailsTo(resident.email, { subject: /the link to your request/ });
		await other.goto(mail.text.match(/http\S+\/requests\/\S+key=\S+/)[0]);
		assert.equal(await readReference(other), reference);
		assert.ok((await readText(other.locator(".talk"))).includes("ticket office"));
		await other.context().close();
	});

	await page.context().close();
});
