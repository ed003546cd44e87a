// Payloads on their way in: by the form, by replies, by mail. What comes back is where they can be read.

import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { request } from "playwright-core";
import { address } from "./city.mjs";
import { makePng } from "./files.mjs";
import { asRole } from "./helpdesk.mjs";

const TYPES = ["Short text", "Long text", "Place", "Number", "Date", "E-mail", "Phone", "Choice", "Multiple choice", "Yes or no"];
/** Fields of the form that keep any text, with the most they take. */
export const TEXTS = { "q.short_text": 200, "q.place": 300, "q.long_text": 5000, "contact.name": 140 };
/** Fields that take no such text, but show it again next to what is wrong with it. */
export const OTHERS = ["q.number", "q.date", "q.e_mail", "q.phone", "q.choice", "q.multiple_choice", "q.yes_or_no", "q.place.lat", "contact.email", "contact.phone"];

const keyOf = (type) => type.toLowerCase().replace(/[ -]/g, "_");

/** A published service that asks one question of each type. */
export async function makeHostileService(title) {
	const questions = TYPES.map((type) => ({
		label: `${type}?`,
		question_key: keyOf(type),
		question_type: type,
		choices: /choice/i.test(type) ? "One\nTwo" : undefined,
	}));
	questions.push({ label: "File?", question_key: "file", question_type: "Photo or document" });
	const service = {
		doctype: "Municipal Service",
		...{ title, status: "Published", kind: "Request", summary: "For tests.", category: "streets", department: "streets" },
		...{ response_target: 2, response_unit: "Working days", resolution_target: 10, resolution_unit: "Working days" },
		...{ ask_name: "Optional", ask_email: "Optional", ask_phone: "Optional", priority: "Medium", questions },
	};
	const made = await asRole("IT", (api) => api.call("frappe.client.insert", { doc: service }));
	return made.name;
}

/** Do something with every item, a few at a time. */
export async function each(items, work, atOnce = 3) {
	const results = new Array(items.length);
	let next = 0;
	const worker = async () => {
		while (next < items.length) {
			const at = next++;
			results[at] = await work(items[at], at);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
	return results;
}

/** Send the service's form once with these values, as a program does; gives back where the request is. */
export async function sendForm(service, values, fileName) {
	const context = await request.newContext({ baseURL: address });
	try {
		const html = await (await context.get(`/services/${service}`)).text();
		const form_key = /name="form_key" value="([^"]+)"/.exec(html)[1];
		const file = fileName ? { "q.file": { ...makePng(fileName, 2) } } : {};
		const response = await context.post(`/services/${service}`, { multipart: { form_key, ...values, ...file }, maxRedirects: 0 });
		assert.equal(response.status(), 303, `${JSON.stringify(values).slice(0, 300)}: ${(await response.text()).match(/class="[^"]*error[^]{0,300}/)?.[0]}`);
		const reference = /\/requests\/([0-9A-Z-]+)/.exec(response.headers().location)[1];
		const { cookies } = await context.storageState();
		return { reference, cookies: cookies.filter((cookie) => cookie.name === "cs_key"), name: values["contact.name"] };
	} finally {
		await context.dispose();
	}
}

/** Write a reply on the request's own page. */
export async function sendReply({ reference, cookies }, message, fileName) {
	const context = await request.newContext({ baseURL: address, storageState: { cookies, origins: [] } });
	try {
		const html = await (await context.get(`/requests/${reference}`)).text();
		const form_key = /name="form_key" value="([^"]+)"/.exec(html)[1];
		const file = fileName ? { files: { ...makePng(fileName, 2) } } : {};
		const response = await context.post(`/requests/${reference}`, { multipart: { form_key, message, ...file }, maxRedirects: 0 });
		assert.equal(response.status(), 303, await response.text());
	} finally {
		await context.dispose();
	}
}

/** A mail as a hostile sender writes it: sender's name, subject and HTML are payloads. */
export function makeMail({ from, name, subject, html }) {
	const encode = (text) => `=?utf-8?b?${Buffer.from(text).toString("base64")}?=`;
	const head = [
		`From: ${encode(name)} <${from}>`,
		"To: requests@riverton.example",
		`Subject: ${encode(subject)}`,
		`Message-ID: <${Math.random().toString(36).slice(2)}@hostile.example>`,
		"MIME-Version: 1.0",
		"Content-Type: text/html; charset=utf-8",
		"Content-Transfer-Encoding: base64",
	];
	return `${head.join("\r\n")}\r\n\r\n${Buffer.from(html).toString("base64")}\r\n`;
}

/** Run devtools/hostile_site.py in the site: what it prints last. */
export function inSite(command, input = "") {
	const python = `${process.env.CS_BENCH}/env/bin/python`;
	const done = spawnSync(python, ["-m", "devtools.hostile_site", command], {
		input,
		cwd: `${process.env.CS_BENCH}/sites`,
		env: { ...process.env, PYTHONPATH: new URL("../../..", import.meta.url).pathname },
		encoding: "utf8",
		maxBuffer: 2 ** 26,
	});
	assert.equal(done.status, 0, done.stderr?.slice(-3000));
	return JSON.parse(done.stdout.trim().split("\n").at(-1));
}
