// Services whose questions depend on each other, filled in as a person would: with a mouse, and by keyboard alone.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { DESKTOP, closeBrowser, newPage, shot } from "./support/city.mjs";
import { makePdf, makePhoto } from "./support/files.mjs";
import { aResident, readText, send } from "./support/resident.mjs";

const FAR = "2030-01-01"; // the same whether the browser asks for the day or the month first

after(closeBrowser);

/** Answers as the confirmation repeats them, by question. */
async function readAnswers(page) {
	const rows = await page.locator("dl.pairs > div").all();
	const pairs = rows.map(async (row) => [await readText(row.locator("dt")), await readText(row.locator("dd"))]);
	return Object.fromEntries(await Promise.all(pairs));
}

async function isShown(page, ...labels) {
	return Promise.all(labels.map((label) => page.getByLabel(label).first().isVisible()));
}

test("parking permit: the first answer decides what else is asked, and only that is sent", async () => {
	const page = await newPage();
	const resident = aResident("Pia Parker");
	await page.goto("/services/parking-permit");
	const questions = ["License plate", "Number of your permit", "How many books", "Proof of address"];
	assert.deepEqual(await isShown(page, ...questions), [false, false, false, false]);
	await page.getByLabel("Change of car").check();
	assert.deepEqual(await isShown(page, ...questions), [true, true, false, true]);
	await page.getByLabel("License plate").fill("7ABC123");
	await page.getByLabel("Number of your permit").fill("P-100");
	await page.getByLabel("Guest permits", { exact: true }).check();
	assert.deepEqual(await isShown(page, ...questions), [false, false, true, false]);
	await page.getByLabel("New permit").check();
	assert.deepEqual(await isShown(page, ...questions), [true, false, false, true]);
	assert.equal(await page.getByLabel("License plate").inputValue(), "7ABC123", "nothing typed is lost");
	await page.getByLabel("Proof of address").setInputFiles([await makePhoto("registration.jpg"), makePdf("lease.pdf")]);
	await page.getByLabel("Your address").fill("5 Harbor Street");
	await page.getByLabel("Name").fill(resident.name);
	await page.getByLabel("E-mail").fill(resident.email);
	await send(page);
	const answers = await readAnswers(page);
	assert.deepEqual(answers, {
		"What do you need?": "New permit",
		"Your address": "5 Harbor Street",
		"License plate": "7ABC123",
	});
	const files = await readText(page.locator("main .files"));
	assert.ok(files.includes("registration.jpg") && files.includes("lease.pdf"), files);
	const pictures = page.locator("main .files img");
	await pictures.first().scrollIntoViewIfNeeded();
	await page.waitForFunction(() => document.querySelector("main .files img").naturalWidth > 0);
	assert.equal(await pictures.count(), 1, "a small picture of the photo, a sign for the document");
	await page.context().close();
});

test("data request: of several ticked answers each brings its own question", async () => {
	const page = await newPage();
	const resident = aResident("Dora Data");
	await page.goto("/services/data-request");
	const questions = ["What is wrong, and what would be right?", "Which record would you like to see?", "Power of attorney"];
	assert.deepEqual(await isShown(page, ...questions), [false, false, false]);
	await page.getByLabel("See my data").check();
	await page.getByLabel("Have it corrected").check();
	assert.deepEqual(await isShown(page, ...questions), [true, false, false]);
	await page.getByLabel("A public record that is not about me").check();
	assert.deepEqual(await isShown(page, ...questions), [true, true, false]);
	await page.getByLabel(questions[0]).fill("My street is Oak Street, not Elm Street.");
	await page.getByLabel(questions[1]).fill("Council minutes of 2019.");
	await page.getByLabel("Have it corrected").uncheck();
	await page.getByLabel("No", { exact: true }).check();
	await page.getByLabel("Name").fill(resident.name);
	await page.getByLabel("E-mail").fill(resident.email);
	await send(page);
	assert.deepEqual(await readAnswers(page), {
		"What would you like?": "See my data A public record that is not about me",
		"Which record would you like to see?": "Council minutes of 2019.",
		"Are you asking for someone else?": "No",
	});
	assert.ok((await readText(page.locator(".dept"))).includes("City Clerk"), "public records are kept there");
	await page.context().close();
});

test("picnic shelter: by keyboard alone, in a window of a desk", async () => {
	const page = await newPage({ viewport: DESKTOP });
	const resident = aResident("Kai Keys");
	const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
	const tabTo = async (locator) => {
		for (let tries = 0; tries < 40; tries++) {
			if (await locator.evaluate((element) => element === document.activeElement)) return;
			await press("Tab");
		}
		assert.fail(`Tab does not lead to ${locator}`);
	};
	await page.goto("/services/park-shelter");
	await press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
	await shot(page, "keyboard-skip");
	await press("Enter");
	await tabTo(page.getByLabel("Lakeside Park"));
	await press("Space", "ArrowDown", "ArrowDown");
	assert.ok(await page.getByLabel("Riverbank Park").isChecked());
	const day = page.getByLabel("Which day?");
	await tabTo(day);
	await page.keyboard.type("01012030");
	assert.equal(await day.inputValue(), FAR);
	await tabTo(page.getByLabel("Morning, 9 a.m."));
	await press("Space");
	await tabTo(page.getByLabel("How many guests?"));
	await page.keyboard.type("25");
	const bounceHouse = page.getByLabel("Who installs the bounce house");
	assert.equal(await bounceHouse.isVisible(), false);
	await tabTo(page.getByLabel("Own grill"));
	await press("Space", "Tab", "Space");
	assert.equal(await bounceHouse.isVisible(), true);
	await tabTo(bounceHouse);
	await page.keyboard.type("Jump Inc., insured by the same");
	await tabTo(page.getByLabel("Name"));
	await page.keyboard.type(resident.name);
	await tabTo(page.getByLabel("E-mail"));
	await page.keyboard.type(resident.email);
	await shot(page, "keyboard-filled-in");
	await Promise.all([page.waitForURL(/sent=1/), press("Enter")]);
	assert.deepEqual(await readAnswers(page), {
		"Which park?": "Riverbank Park",
		"Which day?": "January 1, 2030",
		"Which part of the day?": "Morning, 9 a.m. to 2 p.m.",
		"How many guests?": "25",
		"What will you bring?": "Own grill Bounce house",
		"Who installs the bounce house, and who insures it?": "Jump Inc., insured by the same",
	});
	await page.context().close();
});
