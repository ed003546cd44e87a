// Translating in place: the texts of a record beside their translation, saved one by one.
// Used by the tab Languages of a service, and by the button "Languages" on other records.
frappe.provide("citizen_support");

citizen_support.TextsInLanguages = class {
	/**
	 * @param {jQuery} wrapper where to draw
	 * @param {string} doctype of the record whose texts are translated
	 * @param {string} name of the record
	 */
	constructor(wrapper, doctype, name) {
		Object.assign(this, { doctype, name, language: null, rows: [], only_open: false });
		this.wrapper = $(wrapper).empty().addClass("cs-languages");
		frappe.require("/assets/citizen_support/css/desk.css");
		this.load();
	}

	async load() {
		const known = await this.ask("get_languages");
		Object.assign(this, { source: known.source, languages: known.languages, may_write: known.may_write });
		this.language = this.find(this.language?.code) || this.languages[0] || null;
		this.draw();
		if (this.language) this.load_rows();
	}

	async load_rows() {
		const code = this.language.code;
		const rows = await this.ask("get_texts", { language: code });
		if (this.language.code !== code) return; // another one was chosen meanwhile
		this.rows = rows;
		this.draw_rows();
	}

	ask(method, values = {}, type = "GET") {
		const args = { doctype: this.doctype, name: this.name, ...values };
		return frappe
			.call({ method: `citizen_support.api.languages.${method}`, type, args })
			.then((answer) => answer.message);
	}

	find(code) {
		return this.languages.find((language) => language.code === code);
	}

	draw() {
		this.wrapper.empty();
		this.head = $('<div class="cs-languages-head">').appendTo(this.wrapper);
		this.progress = $('<div class="cs-languages-progress" role="status">').appendTo(this.wrapper);
		this.table = $('<div class="cs-languages-rows">').appendTo(this.wrapper);
		this.draw_choice();
		if (!this.language) {
			$('<p class="text-muted">')
				.text(
					__(
						"Choose a language to translate these texts into. Residents can read it once it is one of the languages of the portal (Citizen Support Settings, Languages)."
					)
				)
				.appendTo(this.table);
		}
	}

	draw_choice() {
		const choice = $('<div class="btn-group cs-languages-choice" role="group">').appendTo(this.head);
		for (const language of this.languages) {
			$('<button type="button" class="btn btn-sm">')
				.addClass(language === this.language ? "btn-primary" : "btn-default")
				.attr({ lang: language.code, "aria-pressed": language === this.language })
				.append(this.name_choice(language))
				.on("click", () => this.choose(language))
				.appendTo(choice);
		}
		if (this.may_write) {
			$('<button type="button" class="btn btn-default btn-sm">')
				.text(this.languages.length ? __("Another language") : __("Choose a language"))
				.on("click", () => this.add_language())
				.appendTo(choice);
		}
		const filter = $('<label class="cs-languages-filter">').appendTo(this.head);
		$('<input type="checkbox">')
			.prop("checked", this.only_open)
			.on("change", (event) => {
				this.only_open = event.target.checked;
				this.draw_rows();
			})
			.appendTo(filter);
		filter.append(document.createTextNode(" " + __("Only what is left to do"))).toggle(!!this.language);
	}

	/** A language and how far it is; names written from the right keep to themselves. */
	name_choice({ name, done, total }) {
		const percent = Math.floor((100 * done) / (total || 1));
		return [$("<bdi>").text(name), document.createTextNode(` · ${percent} %`)];
	}

	choose(language) {
		Object.assign(this, { language, rows: [] });
		this.draw();
		this.load_rows();
	}

	add_language() {
		frappe.prompt(
			{ fieldname: "language", fieldtype: "Link", options: "Language", label: __("Language"), reqd: 1 },
			async ({ language: code }) => {
				if (code === this.source.code) {
					frappe.msgprint(__("The catalogue is written in this language. Change the text itself."));
					return;
				}
				const name = (await frappe.db.get_value("Language", code, "language_name")).message.language_name;
				const rtl = new Intl.Locale(code).maximize().script?.match(/^(Arab|Hebr|Thaa|Syrc)$/);
				if (!this.find(code)) this.languages.push({ code, name, rtl: !!rtl, done: 0, total: 0 });
				this.choose(this.find(code));
			},
			__("Translate into"),
			__("Choose")
		);
	}

	draw_rows() {
		const left = this.rows.filter((row) => row.state !== "done");
		this.draw_progress(this.rows.length - left.length, this.rows.length);
		this.table.empty();
		const head = $('<div class="cs-languages-row cs-languages-titles" aria-hidden="true">').appendTo(this.table);
		head.append($("<div>").text(this.source.name), $("<div>").text(this.language.name));
		for (const row of this.only_open ? left : this.rows) this.draw_row(row).appendTo(this.table);
		if (!this.rows.length) {
			$('<p class="text-muted">').text(__("There is no text to translate yet.")).appendTo(this.table);
		} else if (this.only_open && !left.length) {
			$('<p class="text-muted">').text(__("Nothing is left to do.")).appendTo(this.table);
		}
	}

	draw_progress(done, total) {
		Object.assign(this.language, { done, total });
		const percent = total ? Math.floor((100 * done) / total) : 0;
		this.progress.empty();
		$('<div class="progress">')
			.append($('<div class="progress-bar">').css("width", `${percent}%`))
			.appendTo(this.progress);
		$('<span class="text-muted">')
			.text(__("{0} of {1} texts are translated", [done, total]))
			.appendTo(this.progress);
		this.head.find(`button[lang="${this.language.code}"]`).empty().append(this.name_choice(this.language));
	}

	draw_row(row) {
		const element = $('<div class="cs-languages-row">');
		const source = $('<div class="cs-languages-source">').appendTo(element);
		const title = $('<div class="cs-languages-label">').text(row.label).appendTo(source);
		this.make_pill(row).appendTo(title);
		this.show_text(row.source, row.form, this.source).appendTo(source);
		if (row.source_before) {
			const before = $('<details class="text-muted">').appendTo(source);
			$("<summary>").text(__("What it said when it was translated")).appendTo(before);
			this.show_text(row.source_before, row.form, this.source).appendTo(before);
		}
		const target = $('<div class="cs-languages-target">').appendTo(element);
		(row.form === "formatted" ? this.make_button(row) : this.make_input(row)).appendTo(target);
		if (row.inherited) this.show_inherited(row).appendTo(target);
		if (row.state === "outdated" && row.translation && row.may_write) this.make_confirm(row).appendTo(target);
		row.element = element;
		return element;
	}

	make_pill(row) {
		const [color, word] = {
			missing: ["red", __("Missing")],
			outdated: ["orange", __("Source has changed")],
			done: ["green", __("Translated")],
		}[row.state];
		return $(`<span class="indicator-pill no-margin ${color}">`).text(word);
	}

	show_text(text, form, language) {
		const plain = form === "formatted" ? this.make_plain(text || "") : text;
		return $('<div class="cs-languages-text">')
			.attr({ lang: language.code, dir: language.rtl ? "rtl" : "ltr" })
			.text(plain || "");
	}

	/** What residents read as long as the language of a region has no words of its own: those of its general language. */
	show_inherited({ inherited, form }) {
		return $('<div class="cs-languages-inherited text-muted">')
			.append($("<bdi>").text(inherited.name))
			.append(this.show_text(inherited.translation, form, inherited));
	}

	/** The words of formatted text; it is parsed apart from the page, so nothing in it runs or loads. */
	make_plain(html) {
		const lines = html.replace(/\s+/g, " ").replace(/<\/(p|li|h\d|div|tr)>|<br\s*\/?>/gi, "$&\n");
		return new DOMParser().parseFromString(lines, "text/html").body.textContent.replace(/\n\s+/g, "\n").trim();
	}

	make_input(row) {
		const input = row.form === "line" ? $('<input type="text">') : $('<textarea rows="2">');
		return input
			.addClass("form-control")
			.attr({
				lang: this.language.code,
				dir: this.language.rtl ? "rtl" : "ltr",
				"aria-label": `${row.label} (${this.language.name})`,
				placeholder: row.form === "words" ? __("Words in this language, with commas or one a line") : "",
			})
			.prop("readonly", !row.may_write)
			.val(row.translation)
			.on("change", () => this.save(row, input.val()));
	}

	make_button(row) {
		const box = $("<div>");
		if (row.translation) this.show_text(row.translation, row.form, this.language).appendTo(box);
		if (row.may_write) {
			$('<button type="button" class="btn btn-default btn-xs">')
				.text(row.translation ? __("Change the translation") : __("Translate"))
				.attr("aria-label", `${row.translation ? __("Change the translation") : __("Translate")}: ${row.label}`)
				.on("click", () => this.edit(row))
				.appendTo(box);
		}
		return box;
	}

	make_confirm(row) {
		return $('<button type="button" class="btn btn-default btn-xs cs-languages-confirm">')
			.text(__("The translation still fits"))
			.on("click", () => this.save(row, row.translation));
	}

	edit(row) {
		const dialog = new frappe.ui.Dialog({
			title: `${row.label}: ${this.language.name}`,
			size: "extra-large",
			// The first field is only read.
			no_focus: true,
			fields: [
				{ fieldtype: "Text Editor", fieldname: "source", label: this.source.name, read_only: 1, default: row.source },
				{ fieldtype: "Column Break" },
				{ fieldtype: "Text Editor", fieldname: "text", label: this.language.name, default: row.translation },
			],
			primary_action_label: __("Save"),
			primary_action: ({ text }) => {
				dialog.hide();
				this.save(row, text || "");
			},
		});
		dialog.show();
	}

	async save(row, translation) {
		const language = this.language;
		row.element?.addClass("cs-languages-saving");
		try {
			const values = { language: language.code, path: row.path, translation };
			const saved = await this.ask("save_text", { ...values, doctype: row.doctype, name: row.name }, "POST");
			const before = row.element;
			Object.assign(row, saved);
			before.replaceWith(this.draw_row(row));
			const done = this.rows.filter((each) => each.state === "done").length;
			if (this.language === language) this.draw_progress(done, this.rows.length);
			frappe.show_alert({ message: __("Saved"), indicator: "green" }, 2);
		} finally {
			row.element?.removeClass("cs-languages-saving");
		}
	}
};

citizen_support.show_languages_dialog = (frm) => {
	const dialog = new frappe.ui.Dialog({
		title: __("Languages: {0}", [frm.get_title()]),
		size: "extra-large",
		fields: [{ fieldtype: "HTML", fieldname: "texts" }],
	});
	dialog.show();
	new citizen_support.TextsInLanguages(dialog.fields_dict.texts.$wrapper, frm.doctype, frm.doc.name);
};

/** How far each language of the portal is, over the whole catalogue. */
citizen_support.show_languages_coverage = async (frm) => {
	frappe.require("/assets/citizen_support/css/desk.css");
	const answer = await frappe.call({ method: "citizen_support.api.languages.get_coverage", type: "GET" });
	const box = frm.fields_dict.languages_html.$wrapper.empty().addClass("cs-languages");
	for (const { code, name, done, total } of answer.message) {
		const line = $('<div class="cs-languages-progress">').appendTo(box);
		$("<strong>").attr("lang", code).text(name).appendTo(line);
		$('<div class="progress">')
			.append($('<div class="progress-bar">').css("width", `${total ? Math.floor((100 * done) / total) : 0}%`))
			.appendTo(line);
		$('<span class="text-muted">')
			.text(__("{0} of {1} texts of the whole catalogue are translated", [done, total]))
			.appendTo(line);
	}
	if (!answer.message.length) {
		$('<p class="text-muted">')
			.text(
				__(
					"The portal speaks one language. Add another one above, and translate each service on its own page, tab Languages."
				)
			)
			.appendTo(box);
	}
};
