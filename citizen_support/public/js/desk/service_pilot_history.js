/* The tabs Pilot and History of a service, drawn when they are looked at. Loaded after service_publishing.js. */
{
	const { ask, send, can_publish, show_dialog, finish } = citizen_support.publishing;

	frappe.ui.form.on("Municipal Service", {
		setup(frm) {
			on_tab(frm, "tab_pilot", () => show_pilot(frm));
			on_tab(frm, "tab_history", () => show_history(frm));
		},

		refresh(frm) {
			for (const name of ["pilot_report_html", "history_html"]) frm.fields_dict[name].html("");
			if (!frm.is_new()) refresh_open_tab(frm);
		},
	});

	function on_tab(frm, name, show) {
		const tab = frm.layout.tabs?.find((entry) => entry.df.fieldname === name);
		tab?.tab_link.on("shown.bs.tab", show);
	}

	function refresh_open_tab(frm) {
		const open = frm.get_active_tab?.()?.df.fieldname;
		if (open === "tab_pilot") show_pilot(frm);
		if (open === "tab_history") show_history(frm);
	}

	/* Pilot */

	async function show_pilot(frm) {
		const field = frm.fields_dict.pilot_report_html;
		if (frm.is_new() || !can_publish(frm)) {
			field.html("");
			return;
		}
		draw_pilot(frm, await ask("get_pilot", { service: frm.doc.name }));
	}

	function draw_pilot(frm, pilot) {
		const field = frm.fields_dict.pilot_report_html;
		const parts = [];
		if (pilot.link) {
			parts.push(draw_link("link", __("Link to the pilot"), pilot.link, __("It lets in whoever has it.")));
		}
		if (pilot.report_link) {
			const note = __("For leaders, without a login: figures and goals, nothing about anybody. It can be printed.");
			parts.push(draw_link("report_link", __("Link to the report"), pilot.report_link, note));
			parts.push(`<p><button type="button" class="btn btn-default btn-sm cs-new-key">${__(
				"Make new links"
			)}</button></p>`);
		}
		if (pilot.report) parts.push(draw_report(pilot.report));
		if (!parts.length) parts.push(`<p class="text-muted">${__("The report begins with the pilot.")}</p>`);
		field.html(`<div class="cs-pilot">${parts.join("")}</div>`);
		field.$wrapper.find(".cs-copy").on("click", (event) => {
			frappe.utils.copy_to_clipboard(pilot[event.currentTarget.dataset.link]);
		});
		field.$wrapper.find(".cs-new-key").on("click", () => {
			const question = __("Make new links? Those you have given out stop working at once.");
			frappe.confirm(question, async () => {
				await send("make_new_key", { service: frm.doc.name });
				frm.reload_doc();
			});
		});
	}

	function draw_link(name, label, address, note) {
		const shown = frappe.utils.escape_html(address);
		return `<div class="cs-link">
			<label class="control-label" for="cs-${name}">${label}</label>
			<div class="cs-link-row">
				<input class="form-control" id="cs-${name}" readonly value="${shown}">
				<button type="button" class="btn btn-default btn-sm cs-copy" data-link="${name}">${__("Copy")}</button>
				<a class="btn btn-default btn-sm" href="${shown}" target="_blank" rel="noopener">${__("Open")}</a>
			</div>
			<p class="help-box small text-muted">${note}</p>
		</div>`;
	}

	function draw_report(report) {
		const day = frappe.datetime.str_to_user;
		const span = report.until
			? __("{0} to {1}", [day(report.since), day(report.until)])
			: __("Since {0}", [day(report.since)]);
		const colors = { reached: "green", missed: "orange", open: "gray", dropped: "gray" };
		const small = (...lines) => `<div class="text-muted small">${lines.filter(Boolean).map(safe).join("<br>")}</div>`;
		const goals = report.goals.map(
			(goal) => `<tr><td>${safe(goal.text)}${small(goal.note, goal.changed)}</td>
				<td>${safe(goal.value)}</td>
				<td><span class="indicator-pill ${colors[goal.state]}">${safe(goal.label)}</span></td></tr>`
		);
		const figures = report.figures.map(
			(figure) => `<tr><td>${safe(figure.label)}${small(figure.note)}</td>
				<td>${safe(figure.value)}</td></tr>`
		);
		const goal_table = goals.length
			? `<h5>${__("Goals stated beforehand")}</h5><div class="cs-scroll"><table class="table">${goals.join(
					""
				)}</table></div>`
			: "";
		return `<p>${span}</p>${goal_table}<h5>${__("What the pilot has shown")}</h5>
			<div class="cs-scroll"><table class="table">${figures.join("")}</table></div>`;
	}

	/* History */

	async function show_history(frm, before = 0, shown = []) {
		const field = frm.fields_dict.history_html;
		if (frm.is_new() || !frappe.model.can_read("Service Version")) return;
		const history = await ask("get_history", { service: frm.doc.name, before });
		const versions = [...shown, ...history.versions];
		if (!versions.length) {
			field.html(
				`<p class="text-muted">${__(
					"Versions are kept from the first pilot or publication on: at each step, and after each change while residents can use the service."
				)}</p>`
			);
			return;
		}
		const more = history.more
			? `<button type="button" class="btn btn-default btn-sm cs-more">${__("Earlier versions")}</button>`
			: "";
		const cards = versions.map((version) => draw_version(frm, version, history.current));
		field.html(`<ol class="cs-history">${cards.join("")}</ol>${more}`);
		field.$wrapper
			.find(".cs-more")
			.on("click", () => show_history(frm, versions[versions.length - 1].number, versions));
		field.$wrapper
			.find(".cs-back")
			.on("click", (event) => begin_going_back(frm, cint(event.currentTarget.dataset.number)));
	}

	function draw_version(frm, version, current) {
		const may_return = can_publish(frm) && version.number !== current;
		const button = may_return
			? `<button type="button" class="btn btn-default btn-xs cs-back" data-number="${version.number}">${__(
					"Go back to this version"
				)}</button>`
			: "";
		const now = version.number === current ? ` <span class="indicator-pill blue">${__("Now")}</span>` : "";
		const at = frappe.datetime.str_to_user(version.on.split(".")[0]);
		return `<li>
			<p><strong>${__("Version {0}", [version.number])}</strong> · ${safe(version.title)}${now}</p>
			<p class="text-muted">${__("{0}, {1}", [safe(version.by), at])}</p>
			${draw_changes(version.changes)}${button}
		</li>`;
	}

	function draw_changes(changes) {
		const rows = changes.map((change) => {
			const sentence = safe(change.sentence);
			if (change.before === undefined) return `<li>${sentence}</li>`;
			return `<li><details><summary>${sentence}</summary>
				<p class="small"><strong>${__("Before")}</strong></p><p class="small cs-text">${safe(change.before)}</p>
				<p class="small"><strong>${__("After")}</strong></p><p class="small cs-text">${safe(change.after)}</p>
			</details></li>`;
		});
		return rows.length ? `<ul>${rows.join("")}</ul>` : "";
	}

	async function begin_going_back(frm, number) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save your changes first."));
			return;
		}
		const changes = await ask("compare_version", { service: frm.doc.name, number });
		if (!changes.length) {
			frappe.msgprint(__("The service is as it was in version {0}. Nothing would change.", [number]));
			return;
		}
		const question = __("Go back to version {0}? Status, pilot and goals stay. This is what would change:", [
			number,
		]);
		frappe.confirm(`<p>${question}</p>${draw_changes(changes)}`, () => go_back(frm, number, 0));
	}

	async function go_back(frm, number, confirmed) {
		const outcome = await send("go_back", { service: frm.doc.name, number, confirmed });
		if (outcome.is_done || confirmed) {
			finish(frm, outcome, __("Go back"));
			return;
		}
		show_dialog(frm, {
			title: __("Go back"),
			question: __("This is what was found in version {0}:", [number]),
			findings: outcome.findings,
			label: __("Go back"),
			act: () => go_back(frm, number, 1),
		});
	}

	/* Texts */

	function safe(text) {
		return frappe.utils.escape_html(text || "");
	}
}
