// A sign each, for those who cannot tell the colours.
const SEVERITIES = { Serious: { color: "red", sign: "▲" }, Advice: { color: "orange", sign: "○" } };

frappe.ui.form.on("Citizen Support Settings", {
	refresh(frm) {
		frm.set_query("front_desk_department", () => ({ filters: { enabled: 1 } }));
		frm.add_custom_button(__("Open the portal"), () => window.open("/services", "_blank", "noopener"));
		frm.add_custom_button(__("Languages"), () => citizen_support.show_languages_dialog(frm));
		const may_write = Boolean(frm.perm[0]?.write);
		frm.toggle_display("fill_holidays", may_write && Boolean(frm.doc.holiday_country));
		offer_countries(frm);
		if (may_write) {
			show_health(frm);
			citizen_support.show_languages_coverage(frm);
		}
	},

	holiday_country(frm) {
		frm.set_value("holiday_subdivision", "");
		offer_regions(frm);
	},

	async fill_holidays(frm) {
		if (frm.is_dirty()) await frm.save();
		const { message } = await frappe.call({
			method: "citizen_support.api.desk.fill_holidays_now",
			type: "POST",
			freeze: true,
		});
		await frm.reload_doc();
		frappe.show_alert({
			message: message
				? __("Holidays added: {0}.", [message])
				: __("Nothing to add: the list is filled to the end of {0}.", [frm.doc.holidays_filled_to]),
			indicator: "green",
		});
	},
});

/* Holidays */

async function offer_countries(frm) {
	const { message } = await frappe.call({
		method: "citizen_support.api.desk.get_holiday_countries",
		type: "GET",
	});
	offer(frm.fields_dict.holiday_country, message);
	offer_regions(frm);
}

async function offer_regions(frm) {
	const country = frm.doc.holiday_country;
	if (!country) return;
	const { message } = await frappe.call({
		method: "citizen_support.api.desk.get_holiday_regions",
		type: "GET",
		args: { country },
	});
	frm.set_df_property("holiday_subdivision", "placeholder", __("The whole country"));
	offer(frm.fields_dict.holiday_subdivision, message);
}

function offer(field, options) {
	field.set_data(options);
	field.refresh();
}

/* Health */

async function show_health(frm) {
	const { message } = await frappe.call({ method: "citizen_support.api.desk.get_health", type: "GET" });
	const serious = message.filter((finding) => finding.severity === "Serious").length;
	if (serious) {
		frm.set_intro(
			serious === 1
				? __("One problem needs your attention. See the tab “Health”.")
				: __("{0} problems need your attention. See the tab “Health”.", [serious]),
			"red"
		);
	}
	frm.fields_dict.health_html.html(message.length ? make_findings(message) : make_all_well());
}

function make_all_well() {
	return `<p><span class="indicator-pill green">${__("All is well")}</span></p>
		<p class="text-muted">${__("Everything checked: nothing to fix.")}</p>`;
}

function make_findings(findings) {
	const areas = [...new Set(findings.map((finding) => finding.area_title))];
	return areas.map((area) => make_area(area, findings)).join("");
}

function make_area(area, findings) {
	const own = findings.filter((finding) => finding.area_title === area);
	return `<section class="mb-4">
		<h5>${frappe.utils.escape_html(area)}</h5>
		<ul class="list-unstyled">${own.map(make_finding).join("")}</ul>
	</section>`;
}

function make_finding(finding) {
	const { color, sign } = SEVERITIES[finding.severity] || { color: "gray", sign: "" };
	const mender = finding.mender === "manager" ? __("You can fix this") : __("For IT");
	const link = finding.link
		? ` <a style="text-decoration: underline" href="${frappe.utils.escape_html(finding.link)}">${__("Go there")}</a>`
		: "";
	return `<li style="margin-bottom: var(--margin-md); overflow-wrap: anywhere" data-problem="${frappe.utils.escape_html(finding.problem)}">
		<span class="indicator-pill no-indicator-dot ${color}"><span aria-hidden="true">${sign}&nbsp;</span>${__(finding.severity)}</span>
		<span class="text-muted small">${mender}</span>
		<div style="margin-top: var(--margin-xs)">${frappe.utils.escape_html(finding.sentence)}</div>
		<div class="text-muted">${frappe.utils.escape_html(finding.remedy)}${link}</div>
	</li>`;
}
