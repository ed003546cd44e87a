// Only on a form that came back for a proof: finds the number the server asks for, then sends the form again.
(async () => {
	"use strict";
	const status = document.querySelector("[data-proof]");
	if (!status || !window.crypto || !crypto.subtle) return;
	const form = status.closest("form");
	const { parameters } = JSON.parse(form.elements.proof_challenge.value);
	const toBytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
	const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	const salt = toBytes(parameters.salt);
	const password = new Uint8Array([...toBytes(parameters.nonce), 0, 0, 0, 0]);
	const derive = async (number) => {
		new DataView(password.buffer).setUint32(password.length - 4, number);
		const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
		const method = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
		return toHex(new Uint8Array(await crypto.subtle.deriveBits(method, key, parameters.keyLength * 8)));
	};

	// Whoever goes on typing meanwhile sends the form when they are done.
	let isTyping = false;
	form.addEventListener("input", () => {
		isTyping = true;
	});
	status.textContent = status.dataset.working;
	const most = Number(status.dataset.most);
	for (let number = 0; number <= most; number += 1) {
		const derived = await derive(number);
		if (derived.startsWith(parameters.keyPrefix)) {
			form.elements.proof_answer.value = `${number}:${derived}`;
			status.textContent = isTyping ? status.dataset.ready : status.dataset.sending;
			if (!isTyping) form.requestSubmit();
			return;
		}
	}
})();
