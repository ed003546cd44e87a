const SECONDS_BETWEEN_LOOKS = 2;

frappe.ui.form.on("Routing Replay", {
	setup(frm) {
		// Comes in where Frappe's realtime server runs; the looks below do without it.
		frappe.realtime.on("citizen_support_replay", (told) => {
			if (told.name === frm.doc?.name) follow(frm, told);
		});
	},

	on_hide(frm) {
		stop_looking(frm);
	},

	async refresh(frm) {
		frm.disable_save();
		stop_looking(frm);
		await new Promise((loaded) =>
			frappe.require("/assets/citizen_support/css/desk.css", loaded)
		);
		frm.add_custom_button(__("Open the service"), () =>
			frappe.set_route("Form", "Municipal Service", frm.doc.service)
		);
		if (frm.doc.state === "Under way") look(frm);
		else if (frm.doc.state === "Done") show_report(frm);
		else show_note(frm);
	},
});

async function look(frm) {
	const name = frm.doc.name;
	const { message } = await frappe.call({
		method: "citizen_support.api.replay.get_replay_progress",
		type: "GET",
		args: { name },
	});
	// Meanwhile the form may show another one, or none.
	if (frm.doc.name !== name || cur_frm !== frm) return;
	follow(frm, message);
	if (message.state === "Under way" && !message.stopped) {
		frm.looking = setTimeout(() => look(frm), SECONDS_BETWEEN_LOOKS * 1000);
	}
}

function stop_looking(frm) {
	clearTimeout(frm.looking);
}

function follow(frm, told) {
	if (frm.doc.state !== "Under way") return;
	if (told.state && told.state !== "Under way") {
		stop_looking(frm);
		frm.reload_doc();
		return;
	}
	if (told.stopped) {
		show_text(
			frm,
			__("Nothing has been heard of it for a while: no worker is at it. Cancel it and try again, or ask IT whether background jobs run.")
		);
		add_cancel(frm);
		return;
	}
	show_progress(frm, told);
}

function show_progress(frm, { done, total, is_waiting }) {
	const part = total ? Math.min(Math.round((done / total) * 100), 100) : 0;
	const text = is_waiting
		? __("It waits for its turn …")
		: __("{0} of {1} requests tried", [format_number(done, null, 0), format_number(total, null, 0)]);
	const body = frm.fields_dict.result_html.$wrapper;
	if (!body.find(".cs-progress").length) {
		body.html(`<div class="cs-replay">
			<div class="progress cs-progress" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-label="${__("Requests tried")}">
				<div class="progress-bar"></div>
			</div>
			<p class="cs-progress-text text-muted" aria-live="polite"></p>
		</div>`);
		add_cancel(frm);
	}
	body.find(".cs-progress").attr("aria-valuenow", part);
	body.find(".progress-bar").css("width", `${part}%`);
	body.find(".cs-progress-text").text(text);
}

function add_cancel(frm) {
	const label = __("Cancel the trial");
	if (frm.custom_buttons[label]) return;
	frm.add_custom_button(label, async () => {
		stop_looking(frm);
		await frappe.call({
			method: "citizen_support.api.replay.cancel_replay",
			type: "POST",
			args: { name: frm.doc.name },
		});
		frm.reload_doc();
	});
}

async function show_report(frm) {
	const name = frm.doc.name;
	const { message } = await frappe.call({
		method: "citizen_support.api.replay.get_replay_report",
		type: "GET",
		args: { name },
	});
	// Comes escaped from the server (templates/desk/replay.html).
	if (frm.doc.name === name) frm.fields_dict.result_html.$wrapper.html(message);
}

function show_note(frm) {
	const notes = {
		Cancelled: __("It was cancelled before it was through. Nothing was changed."),
		Failed: __("It could not be brought to an end. Nothing was changed. Try again; if it fails again, ask IT to look into the Error Log."),
	};
	show_text(frm, notes[frm.doc.state] || "");
}

function show_text(frm, text) {
	frm.fields_dict.result_html.$wrapper.html($("<p>").text(text));
}
