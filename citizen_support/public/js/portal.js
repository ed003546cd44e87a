// Comfort on top of pages that work without it. Nothing here decides anything: the server does.
(() => {
	"use strict";
	const MB = 1048576;
	const CONTROLS = "input, select, textarea";
	const all = (selector, root = document) => [...root.querySelectorAll(selector)];
	const holder = document.querySelector("[data-texts]");
	const text = (name, ...values) =>
		values.reduce((line, value, at) => line.split(`{${at}}`).join(value), (holder && holder.dataset[name]) || "");
	const make = (tag, className, content) => {
		const element = document.createElement(tag);
		if (className) element.className = className;
		if (content) element.textContent = content;
		return element;
	};
	const makeButton = (className, content, onClick) => {
		const button = make("button", className, content);
		button.type = "button";
		button.addEventListener("click", onClick);
		return button;
	};
	const makeStatus = (className, role = "status") => {
		const status = make("div", className);
		status.setAttribute("role", role);
		return status;
	};

	// Questions that depend on an earlier answer, and answers that end the form: nothing after one can be filled in or
	// sent. What is hidden is disabled, so it is not sent.
	const fold = (value) => String(value).trim().toLowerCase();
	const read = (controls) =>
		controls
			.filter((control) => !control.disabled)
			.filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
			.map((control) => fold(control.value));
	const answersTo = (form, name) =>
		read(all(CONTROLS, form).filter((control) => [name, `q.${name}`].includes(control.name)));
	const isOneOf = (answers, json) => {
		const wanted = JSON.parse(json).map(fold);
		return answers.some((answer) => wanted.includes(answer));
	};
	const showWhatApplies = (form) => {
		let ended = false;
		for (const part of all(".field, .send, h2, p.muted", form).filter((one) => one.parentElement === form)) {
			const { depends, values } = part.dataset;
			const applies = !ended && (!depends || isOneOf(answersTo(form, depends), values));
			part.hidden = !applies;
			for (const control of all(`${CONTROLS}, button`, part)) control.disabled = !applies;
			const ending = part.querySelector("[data-ending]");
			if (!ending) continue;
			const ends = applies && isOneOf(read(all(CONTROLS, part)), ending.dataset.ending);
			if (ending.hidden === ends) ending.hidden = !ends;
			ended = ended || ends;
		}
	};

	// Sending once is enough. The button stays focusable, and works again after "back" or a while.
	const guardSending = (form) => {
		const button = form.querySelector("[type=submit]");
		const label = button.textContent;
		let sending = false;
		const set = (now) => {
			sending = now;
			button.textContent = (now && text("sending")) || label;
			if (now) button.setAttribute("aria-disabled", "true");
			else button.removeAttribute("aria-disabled");
		};
		form.addEventListener("submit", (event) => {
			if (sending) {
				event.preventDefault();
				return;
			}
			set(true);
			setTimeout(set, 20000, false);
		});
		window.addEventListener("pageshow", () => set(false));
	};

	// How many characters are left in a long answer.
	const countCharacters = (area) => {
		const most = Number(area.dataset.max);
		const count = make("p", "count");
		const spoken = makeStatus("vh");
		let timer;
		count.id = `${area.id}-count`;
		const update = () => {
			const left = most - [...area.value].length;
			count.textContent = left < 0 ? text("over", -left) : text("left", left);
			count.classList.toggle("over", left < 0);
			count.hidden = left > most / 2;
			clearTimeout(timer);
			timer = setTimeout(() => {
				spoken.textContent = left < most / 10 ? count.textContent : "";
			}, 1000);
		};
		area.after(count, spoken);
		area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") || ""} ${count.id}`.trim());
		area.addEventListener("input", update);
		window.addEventListener("pageshow", update);
	};

	// "Use my location" beside a place.
	const offerLocation = (place) => {
		const words = place.querySelector("input:not([type=hidden])");
		const [latitude, longitude] = all("input[type=hidden]", place);
		const status = makeStatus("status");
		const fill = (lat, lon) => {
			latitude.value = lat;
			longitude.value = lon;
			button.textContent = text(lat ? "unlocate" : "locate");
		};
		const found = ({ coords }) => {
			const lat = coords.latitude.toFixed(6);
			const lon = coords.longitude.toFixed(6);
			if (!words.value.trim()) words.value = `${lat}, ${lon}`;
			fill(lat, lon);
			status.textContent = text("located");
		};
		const lost = () => {
			status.textContent = text("lost");
		};
		const forget = () => {
			if (words.value === `${latitude.value}, ${longitude.value}`) words.value = "";
			fill("", "");
			status.textContent = text("unlocated");
		};
		const button = makeButton("button quiet", text("locate"), () => {
			if (latitude.value) {
				forget();
				return;
			}
			status.textContent = text("locating");
			navigator.geolocation.getCurrentPosition(found, lost, { enableHighAccuracy: true, timeout: 15000 });
		});
		if (latitude.value) fill(latitude.value, longitude.value);
		place.append(button, status);
	};

	// Chosen files: shown, checked, taken back one by one.
	const isAccepted = (file, accept) =>
		!accept.length || accept.some((kind) => {
			if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
			return kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
		});
	const showFiles = (input) => {
		const accept = input.accept.toLowerCase().match(/[^\s,]+/g) || [];
		const mostMb = Number(input.dataset.maxMb) || Infinity;
		const mostTotal = Number(input.dataset.maxTotal) || Infinity;
		const most = Number(input.dataset.maxFiles) || Infinity;
		const field = input.closest(".field");
		const list = make("ul", "files");
		const problems = makeStatus("", "alert");
		const status = makeStatus("vh");
		let chosen = [];
		list.setAttribute("aria-label", text("chosen"));
		const isSame = (one, other) => ["name", "size", "lastModified"].every((trait) => one[trait] === other[trait]);
		const room = () => most - all(".kept input", field).filter((box) => !box.checked).length - chosen.length;
		const put = () => {
			const transfer = new DataTransfer();
			for (const file of chosen) transfer.items.add(file);
			input.files = transfer.files;
			list.replaceChildren(...chosen.map(makeRow));
			list.hidden = !chosen.length;
		};
		const makeRow = (file) => {
			const row = make("li");
			const size = file.size < MB ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / MB).toFixed(1)} MB`;
			const name = make("span", "file-name", `${file.name} `);
			name.append(make("span", "muted", size));
			const remove = makeButton("button quiet slim", text("remove"), () => {
				chosen = chosen.filter((other) => other !== file);
				put();
				status.textContent = text("removed", file.name);
				input.focus();
			});
			remove.setAttribute("aria-label", text("removeNamed", file.name));
			row.append(name, remove);
			return row;
		};
		const problemWith = (file) => {
			if (!isAccepted(file, accept)) return text("kind", file.name);
			if (file.size > mostMb * MB) return text("heavy", file.name, mostMb);
			if (room() < 1) return text("many", most, file.name);
			const others = all("input[type=file]", input.form).flatMap((other) => (other === input ? chosen : [...other.files]));
			const total = [...others, file].reduce((sum, { size }) => sum + size, 0);
			return total > mostTotal * MB ? text("total", mostTotal, file.name) : "";
		};
		const add = () => {
			problems.replaceChildren();
			for (const file of input.files) {
				if (chosen.some((other) => isSame(other, file))) continue;
				const problem = problemWith(file);
				if (problem) problems.append(make("p", "error", problem));
				else chosen.push(file);
			}
			put();
		};
		input.after(problems, list, status);
		input.addEventListener("change", add);
		window.addEventListener("pageshow", () => {
			if (input.files.length && !chosen.length) add();
		});
		list.hidden = true;
	};

	// Each link in the list of errors leads into its control.
	const leadToErrors = (summary) => {
		summary.focus();
		summary.addEventListener("click", (event) => {
			const link = event.target.closest("a");
			const target = link && document.getElementById(link.hash.slice(1));
			if (!target) return;
			const control = target.matches(CONTROLS) ? target : target.querySelector(CONTROLS);
			if (!control) return;
			event.preventDefault();
			target.closest(".field").scrollIntoView();
			control.focus({ preventScroll: true });
		});
	};

	document.documentElement.classList.add("scripted");
	for (const form of all("form[data-once]")) {
		const show = () => showWhatApplies(form);
		guardSending(form);
		form.addEventListener("input", show);
		form.addEventListener("change", show);
		window.addEventListener("pageshow", show);
	}
	all("textarea[data-max]").forEach(countCharacters);
	if (navigator.geolocation && window.isSecureContext) all("[data-place]").forEach(offerLocation);
	if (window.DataTransfer) all("input[type=file]").forEach(showFiles);
	for (const form of all("form[data-once]")) showWhatApplies(form);
	for (const spot of all("[data-print]")) {
		spot.replaceWith(makeButton("button quiet print", spot.dataset.print, () => window.print()));
	}
	all("[data-summary]").forEach(leadToErrors);
})();
