// What a page costs somebody with a slow line, and that nobody else hears of the visit.
// The web server of the tests does not compress, as nginx would in front of it: what comes uncompressed is
// counted as it would be after gzip at nginx's own level.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { closeBrowser, newPage, watchTraffic } from "./support/city.mjs";
import { aResident, fillPothole, send } from "./support/resident.mjs";

const KILOBYTE = 1024;
const NGINX_LEVEL = 1;
const MOST_OF_A_PAGE = 60 * KILOBYTE;
const MOST_OF_ITS_HTML = 12 * KILOBYTE;

after(closeBrowser);

/** Bytes of a body as they go over the wire. */
function weigh(response, body) {
	return response.headers()["content-encoding"] ? body.length : gzipSync(body, { level: NGINX_LEVEL }).length;
}

/** Load a page as for the first time; gives back the weight of each of its parts, with headers, and the hosts asked. */
async function load(page, go) {
	const parts = [];
	const collect = (response) => parts.push(weighPart(response));
	page.on("response", collect);
	await go();
	await page.waitForLoadState("networkidle");
	page.off("response", collect);
	return (await Promise.all(parts)).filter(Boolean);
}

async function weighPart(response) {
	if (!response.url().startsWith("http") || response.status() === 303) return null;
	const headers = JSON.stringify(response.headers()).length;
	return { url: response.url(), type: response.request().resourceType(), bytes: weigh(response, await response.body()) + headers };
}

function assertLight(parts, name) {
	const total = parts.reduce((sum, part) => sum + part.bytes, 0);
	const html = parts.find((part) => part.type === "document").bytes;
	const told = parts.map((part) => `${part.bytes} ${part.url}`).join("\n");
	assert.ok(total <= MOST_OF_A_PAGE, `${name} weighs ${total} bytes:\n${told}`);
	assert.ok(html <= MOST_OF_ITS_HTML, `the HTML of ${name} weighs ${html} bytes`);
	assert.ok(parts.length <= 3, `page, style and script:\n${told}`);
}

for (const path of ["/services", "/services?q=street", "/services/pothole", "/services/data-request", "/requests"]) {
	test(`${path} is light and asks nobody else`, async (t) => {
		const page = await newPage();
		const traffic = await watchTraffic(page);
		const parts = await load(page, () => page.goto(path));
		assertLight(parts, path);
		assert.deepEqual(traffic.strangers(), []);
		t.diagnostic(`${parts.reduce((sum, part) => sum + part.bytes, 0)} bytes in ${parts.length} parts`);
		await page.context().close();
	});
}

test("form with errors, confirmation and request are light and ask nobody else", async () => {
	const page = await newPage();
	const traffic = await watchTraffic(page);
	await page.goto("/services/pothole");
	assertLight(await load(page, () => send(page)), "form with errors");
	await fillPothole(page, aResident("Wendy Weight"));
	assertLight(await load(page, () => send(page)), "confirmation");
	assertLight(await load(page, () => page.getByRole("link", { name: "Follow your request" }).click()), "request");
	assert.deepEqual(traffic.strangers(), []);
	await page.context().close();
});

test("style and script are kept by the browser: the second page is its HTML alone", async () => {
	const page = await newPage();
	await load(page, () => page.goto("/services"));
	const traffic = await watchTraffic(page);
	await load(page, () => page.goto("/services/pothole"));
	const uncompressed = Buffer.byteLength(await (await page.request.get("/services/pothole")).text());
	assert.ok(traffic.bytes() < uncompressed + 4 * KILOBYTE, `${traffic.bytes()} bytes`);
	await page.context().close();
});
