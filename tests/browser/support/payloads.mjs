// What people who mean harm type into forms. Each would show itself: by a dialog, by an element that carries
// `data-hostile`, by a request to hostile.example, or by a file that a mail brings along.

const ELSEWHERE = "http://hostile.example";

export const PAYLOADS = [
	`<script data-hostile>alert(1)</script>`,
	`"><script data-hostile>alert(2)</script>`,
	`'><img data-hostile src=x onerror=alert(3)>`,
	`<img data-hostile src=x onerror="alert(4)" srcset="${ELSEWHERE}/a.png 2x">`,
	`<svg data-hostile onload=alert(5)><script>alert(5)</script></svg>`,
	`<svg><animate data-hostile onbegin=alert(6) attributeName=x dur=1s>`,
	`<math><mtext><mglyph><style><img data-hostile src=x onerror=alert(7)></style></mglyph></mtext></math>`,
	`<iframe data-hostile srcdoc="<script>parent.alert(8)</script>"></iframe>`,
	`<a data-hostile href="javascript:alert(9)">click</a> javascript:alert(9)`,
	`[click](javascript:alert(10)) ![x](${ELSEWHERE}/b.png)`,
	`" autofocus onfocus=alert(11) data-hostile="`,
	`' onmouseover='alert(12)' data-hostile='`,
	`</textarea><script data-hostile>alert(13)</script>`,
	`</title><script data-hostile>alert(14)</script>`,
	`--><script data-hostile>alert(15)</script><!--`,
	`<form data-hostile action="${ELSEWHERE}"><button>Log in</button></form>`,
	`<link data-hostile rel=stylesheet href="${ELSEWHERE}/c.css"><style data-hostile>*{display:none}</style>`,
	`<base data-hostile href="${ELSEWHERE}/"><meta data-hostile http-equiv=refresh content="0;url=${ELSEWHERE}">`,
	`{"a":"\\"}</script><script data-hostile>alert(19)</script>"}`,
	`{{7*7}}{%raw%}{{ frappe.db.sql("select 1") }}`,
	"${7*7}#{7*7}<%= 7*7 %>`;alert(21)//",
	`&lt;script data-hostile&gt;alert(22)&lt;/script&gt;`,
	`<IMG DATA-HOSTILE SRC="jav&#x09;ascript:alert(23)"><img src=cid:x embed="/etc/passwd">`,
	`embed="/private/files/x.pdf" embed='/files/../site_config.json' embed=&quot;/etc/passwd&quot;`,
	`<input data-hostile type=image src=x onerror=alert(25)><video data-hostile><source onerror=alert(25)></video>`,
];

/** Line breaks that would begin a header of their own in a mail. */
export const HEADER_TRICK = "Eve\r\nBcc: victim@example.org\r\nSubject: Win";

/**
 * Watch a page, its frames and its traffic. `findings()` says what came alive; an empty list is good.
 */
export function watchForHarm(page) {
	const alive = [];
	page.on("dialog", (dialog) => {
		alive.push(`a dialog says ${dialog.message()} on ${page.url()}`);
		dialog.dismiss().catch(() => {});
	});
	page.on("request", (request) => {
		if (new URL(request.url()).host.endsWith("hostile.example")) alive.push(`asked for ${request.url()}`);
	});
	const findElements = (frame) =>
		frame.locator("[data-hostile], a[href^='javascript:'], [srcdoc*='hostile'] ").evaluateAll((all) =>
			all.filter((one) => one.tagName !== "IFRAME" || one.hasAttribute("data-hostile")).map((one) => one.outerHTML.slice(0, 150)),
		);
	return {
		findings: async () => {
			const found = await Promise.all(page.frames().map(findElements));
			return [...alive, ...found.flat().map((html) => `stands in the page ${page.url()}: ${html}`)];
		},
	};
}
