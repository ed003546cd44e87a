const SEVERITY_COLORS = { Serious: "red", Advice: "orange" };

frappe.ui.form.on("Citizen Support Settings", {
	refresh(frm) {
		frm.set_query("front_desk_department", () => ({ filters: { enabled: 1 } }));
		frm.add_custom_button(__("Open the portal"), () => window.open("/services", "_blank", "noopener"));
		const may_write = Boolean(frm.perm[0]?.write);
		frm.toggle_display("fill_holidays", may_write && Boolean(frm.doc.holiday_country));
		offer_countries(frm);
		if (may_write) show_health(frm);
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
				? __("One thing needs mending. See the tab “Health”.")
				: __("{0} things need mending. See the tab “Health”.", [serious]),
			"red"
		);
	}
	frm.fields_dict.health_html.html(
		message.length
			? `<ul class="list-unstyled">${message.map(make_finding).join("")}</ul>`
			: `<p><span class="indicator-pill green">${__("All is well")}</span></p>
				<p class="text-muted">${__("Every department can take requests, and mail goes out.")}</p>`
	);
}

function make_finding(finding) {
	const color = SEVERITY_COLORS[finding.severity] || "gray";
	const link = finding.link
		? ` <a style="text-decoration: underline" href="${frappe.utils.escape_html(finding.link)}">${__("Go there")}</a>`
		: "";
	return `<li style="margin-bottom: var(--margin-lg)">
		<span class="indicator-pill ${color}">${__(finding.severity)}</span>
		<div style="margin-top: var(--margin-xs)">${frappe.utils.escape_html(finding.sentence)}</div>
		<div class="text-muted">${frappe.utils.escape_html(finding.remedy)}${link}</div>
	</li>`;
}
