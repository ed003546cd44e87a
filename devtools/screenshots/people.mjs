// What residents and staff do: a form sent in, a ticket changed, a mail read.

const mailsAddress = process.env.MAILS || "http://127.0.0.1:8025";
// Milliseconds: the portal asks again where a form comes sooner than a person can type it.
const TYPING = 3000;

export async function answer(page, answers) {
	for (const [name, value] of Object.entries(answers)) {
		const controls = page.locator(`[name="${name}"]`);
		const kind = await controls.first().evaluate((one) => one.type);
		if (kind === "file") await controls.setInputFiles(value);
		else if (["radio", "checkbox"].includes(kind)) await page.locator(`[name="${name}"][value="${value}"]`).check();
		else if (kind === "select-one") await controls.selectOption(value);
		else await controls.first().fill(value);
	}
}

export async function send(page) {
	await page.waitForTimeout(TYPING);
	await Promise.all([page.waitForNavigation(), page.locator("form[data-once] [type=submit]").click()]);
}

export async function request(page, service, answers) {
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

export const getValue = (page, filters, fieldname) => call(page, "frappe.client.get_value", { doctype: "HD Ticket", filters, fieldname });

export const findTicket = async (agent, reference) => (await getValue(agent, { cs_reference: reference }, "name")).name;

export const change = (agent, ticket, fields) =>
	call(agent, "frappe.client.set_value", { doctype: "HD Ticket", name: ticket, fieldname: fields });

export const reply = (agent, ticket, message) =>
	call(agent, "run_doc_method", { dt: "HD Ticket", dn: ticket, method: "reply_via_agent", args: { message: `<p>${message}</p>` } });

export async function readMail(receiver) {
	for (let tries = 0; tries < 100; tries++) {
		const mails = await (await fetch(`${mailsAddress}/mails.json?to=${encodeURIComponent(receiver)}`)).json();
		if (mails.length) return mails[0];
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	throw new Error(`no mail for ${receiver} arrived at ${mailsAddress}`);
}

/** A JPEG of a hole in the road. Runs in the browser, which can draw and write one. */
export function drawPothole() {
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
