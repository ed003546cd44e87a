// Why a request goes where it goes: for "Try it" on a service, and for requests that came in. Loaded by several forms, so
// nothing but functions stands here.

// The winner is marked, the rest struck through, each with its reason in words.
function reasons_describe_rules({ rules, has_default, reason }) {
	const labels = {
		wins: [__("Wins"), "green"],
		"matches too late": [__("Would match, but an earlier rule has won"), "orange"],
		"does not match": [__("Does not match"), "gray"],
	};
	const items = rules.map(({ sentence, value, state }) => {
		const [label, color] = labels[state];
		const because = value === null || state === "does not match" ? label : `${label}: ${value}`;
		return reasons_describe_rule(sentence, because, color, state === "wins");
	});
	const rest = __("Otherwise it goes to the department that answers this service.");
	const ending = has_default ? [__("Wins"), "green"] : [__("Not needed"), "gray"];
	items.push(reasons_describe_rule(rest, ...ending, has_default));
	return `<ol class="cs-rules">${items.join("")}</ol>${reasons_text(reason)}`;
}

function reasons_describe_rule(sentence, because, color, wins) {
	const words = frappe.utils.escape_html(sentence);
	const badge = `<span class="indicator-pill no-indicator-dot ${color}">${frappe.utils.escape_html(because)}</span>`;
	return `<li>${wins ? `<strong>${words}</strong>` : `<s class="text-muted">${words}</s>`} ${badge}</li>`;
}

function reasons_text(text) {
	const lines = (text || "").split("\n").filter(Boolean);
	return lines.map((line) => `<p class="text-muted">${frappe.utils.escape_html(line)}</p>`).join("");
}
