// What is wrong with a form is said at the field, and nothing a resident has done is lost.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { closeBrowser, newPage, shotBoth } from "./support/city.mjs";
import { makeFake, makePdf, makePhoto, makePng } from "./support/files.mjs";
import { asRole, findTicket } from "./support/helpdesk.mjs";
import { aResident, arriveAtConfirmation, fillPothole, readReference, readText, send, sendPothole } from "./support/resident.mjs";

const MEGABYTE = 1024 * 1024;

after(closeBrowser);

/** The references under which a resident's requests came in. */
async function sentBy(resident) {
	const filters = { contact_email: resident.email };
	const rows = await asRole("IT", (api) => api.list("Service Submission", { filters }));
	return rows.map((row) => row.name);
}

async function summaryOf(page) {
	return page.locator("[data-summary] a").allInnerTexts();
}

test("an empty form: each missing answer is named, and each name leads to its field", async () => {
	const page = await newPage();
	await page.goto("/services/pothole");
	const response = await send(page);
	assert.equal(response.status(), 422);
	assert.match(await page.title(), /^Error: /);
	assert.equal(await page.evaluate(() => document.activeElement.hasAttribute("data-summary")), true, "read out first");
	assert.deepEqual(await summaryOf(page), [
		"Where is the pothole?: Please answer this question.",
		"Which part of the street is it in?: Please answer this question.",
		"About how wide is it?: Please answer this question.",
		"Do drivers or cyclists have to swerve around it?: Please answer this question.",
	]);
	for (const [at, name] of ["q.place", "q.street_part", "q.size", "q.swerve"].entries()) {
		await page.locator("[data-summary] a").nth(at).click();
		assert.equal(await page.evaluate(() => document.activeElement.name), name);
		const box = await page.evaluate(() => document.activeElement.closest(".field").getBoundingClientRect().top);
		assert.ok(box >= 0 && box < 600, "the question itself is in view");
	}
	assert.equal(await page.getByLabel("Where is the pothole?").getAttribute("aria-invalid"), "true");
	await shotBoth(page, "service-errors");
	await page.context().close();
});

test("too long, no address, no number: all said at once, all kept", async () => {
	const page = await newPage();
	const story = "The music starts at ten. ".repeat(260);
	await page.goto("/services/noise");
	await page.getByLabel("Where does the noise come from?").fill("9 Harbor Street");
	await page.getByLabel("What makes the noise?").selectOption("Barking dog");
	await page.getByLabel("Evening").check();
	await page.getByLabel("Night").check();
	await page.getByLabel("Every week").check();
	await page.getByLabel("Tell us more").fill(story);
	assert.match(await readText(page.locator(".count.over")), /^Characters too many: 1500$/);
	await page.getByLabel("E-mail").fill("nobody@nowhere");
	await page.getByLabel("Phone").fill("call me");
	const response = await send(page);
	assert.equal(response.status(), 422);
	const errors = await summaryOf(page);
	assert.equal(errors.length, 3, errors.join("\n"));
	assert.match(errors[0], /^Tell us more: This is too long. Please use at most 5000 characters\.$/);
	assert.match(errors[1], /^E-mail: /);
	assert.match(errors[2], /^Phone: /);
	assert.equal((await page.getByLabel("Tell us more").inputValue()).length, story.length, "not a letter is lost");
	assert.equal(await page.getByLabel("What makes the noise?").inputValue(), "Barking dog");
	assert.ok((await page.getByLabel("Night").isChecked()) && (await page.getByLabel("Every week").isChecked()));
	assert.equal(await page.getByLabel("E-mail").inputValue(), "nobody@nowhere");
	assert.equal(await page.getByLabel("Phone").inputValue(), "call me");
	await page.context().close();
});

test("files: what cannot be taken is named, the rest is kept and arrives after correction", async (t) => {
	const photo = await makePhoto();
	const huge = { ...makePdf("huge.pdf"), buffer: Buffer.concat([makePdf().buffer, Buffer.alloc(11 * MEGABYTE, 32)]) };

	await t.test("the script says so before anything is sent", async () => {
		const page = await newPage();
		await page.goto("/services/pothole");
		await page.getByLabel("Photos").setInputFiles([photo, makeFake("letter.txt", "text/plain"), huge]);
		const problems = await readText(page.locator(".field [role=alert]"));
		assert.ok(problems.includes("We cannot take a file of this kind: letter.txt"), problems);
		assert.ok(problems.includes("huge.pdf is too large. A file can have up to 10 MB."), problems);
		const pictures = [1, 2, 3, 4, 5, 6].map((number) => makePng(`picture-${number}.png`));
		await page.getByLabel("Photos").setInputFiles(pictures);
		assert.match(await readText(page.locator(".field [role=alert]")), /You can add up to 5 files\. Not added: picture-5\.png/);
		assert.equal(await page.locator(".field .files li").count(), 5);
		await page.getByRole("button", { name: "Remove picture-3.png" }).click();
		assert.equal(await page.locator(".field .files li").count(), 4);
		await shotBoth(page, "service-files");
		await page.context().close();
	});

	await t.test("without the script the server says it", async () => {
		const page = await newPage({ javaScript: false });
		await page.goto("/services/pothole");
		await page.getByLabel("Photos").setInputFiles([photo, makeFake("letter.txt", "text/plain"), huge]);
		assert.equal((await send(page)).status(), 422);
		const errors = (await summaryOf(page)).find((line) => line.startsWith("Photos"));
		assert.ok(errors.includes("“letter.txt” is neither a photo nor a PDF."), errors);
		assert.ok(errors.includes("“huge.pdf” is larger than 10 MB."), errors);
		assert.ok((await readText(page.locator(".kept"))).includes("photo.jpg"));
		const pictures = [1, 2, 3, 4, 5].map((number) => makePng(`picture-${number}.png`));
		await page.getByLabel("Photos").setInputFiles(pictures);
		assert.equal((await send(page)).status(), 422);
		const tooMany = (await summaryOf(page)).find((line) => line.startsWith("Photos"));
		assert.ok(tooMany.includes("You can add up to 5 files. “picture-5.png” was left out."), tooMany);
		assert.equal(await page.locator(".kept li").count(), 5);
		await page.context().close();
	});

	await t.test("a text that calls itself photo.jpg is found out by its content; the real one arrives", async () => {
		const page = await newPage();
		const resident = aResident("Fay Files");
		await page.goto("/services/pothole");
		await fillPothole(page, resident, { photo: [photo, makeFake("fake.jpg"), makePdf("map.pdf")] });
		assert.equal((await send(page)).status(), 422);
		assert.deepEqual(await summaryOf(page), [
			"Photos: “fake.jpg” is neither a photo nor a PDF. Please choose a JPEG, PNG, WebP, HEIC or PDF file.",
		]);
		const kept = await readText(page.locator(".kept"));
		assert.ok(kept.includes("photo.jpg") && kept.includes("map.pdf") && !kept.includes("fake.jpg"), kept);
		await shotBoth(page, "service-file-error");
		await page.getByLabel("Remove map.pdf").check();
		assert.equal((await send(page)).status(), 200);
		const files = await readText(page.locator("main .files"));
		assert.ok(files.includes("photo.jpg") && !files.includes("map.pdf"), files);
		const ticket = await findTicket(await readReference(page));
		const filters = { attached_to_doctype: "HD Ticket", attached_to_name: ticket.name };
		const attached = await asRole("IT", (api) => api.list("File", { filters, fields: ["file_name", "is_private"] }));
		assert.deepEqual(attached, [{ file_name: "photo.jpg", is_private: 1 }]);
		await page.context().close();
	});

	await t.test("more megabytes than Frappe takes at once are not even added", async () => {
		const page = await newPage();
		await page.goto("/services/pothole");
		assert.ok((await readText(page.locator("#q-photos-note"))).includes("10 MB each and 24 MB together"));
		const nine = Buffer.concat([makePdf().buffer, Buffer.alloc(9 * MEGABYTE, 32)]);
		const parts = [1, 2, 3].map((number) => ({ ...makePdf(`part-${number}.pdf`), buffer: nine }));
		await page.getByLabel("Photos").setInputFiles(parts);
		const problem = await readText(page.locator(".field [role=alert]"));
		assert.equal(problem, "You can send up to 24 MB at once. Not added: part-3.pdf");
		assert.equal(await page.locator(".field .files li").count(), 2);
		assert.equal(await page.getByLabel("Photos").evaluate((input) => input.files.length), 2);
		await page.context().close();
	});
});

test("a double click is one request", async () => {
	const page = await newPage();
	const resident = aResident("Dan Double");
	await page.goto("/services/pothole");
	await fillPothole(page, resident);
	await page.locator("form[data-once] [type=submit]").dblclick();
	await arriveAtConfirmation(page);
	assert.deepEqual(await sentBy(resident), [await readReference(page)]);
	await findTicket(await readReference(page));
	await page.context().close();
});

test("back and send again leads to the same request; with another answer it is another one", async () => {
	const page = await newPage();
	const resident = aResident("Bea Back");
	const reference = await sendPothole(page, resident);
	await page.goBack();
	await page.getByRole("heading", { level: 1, name: "Pothole" }).waitFor();
	assert.ok(await page.getByLabel("Like a car tire").isChecked(), "the browser has kept the answers");
	await send(page);
	assert.equal(await readReference(page), reference);
	await page.reload();
	assert.equal(await readReference(page), reference);
	assert.deepEqual(await sentBy(resident), [reference]);
	await page.goto("/services/pothole");
	await fillPothole(page, resident, { place: "Another hole, at 40 Oak Street" });
	await send(page);
	assert.equal((await sentBy(resident)).length, 2);
	await page.context().close();
});
