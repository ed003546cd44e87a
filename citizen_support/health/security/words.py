"""What opens the site, in plain sentences."""

from frappe import _

from citizen_support.health.rules import IT, MANAGER


def get_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends it, what is wrong, and the remedy, by problem."""
	return {**_version_words(), **_developer_words(), **_guest_words(), **_address_words(), **_proxy_words()}


def _version_words() -> dict[str, tuple[str, str, str]]:
	return {
		"frappe hole for everyone": (
			IT,
			_("Frappe {0} has a published hole that can be used without a log-in ({1})."),
			_("Bring Frappe to {2} or later with “bench update”, now."),
		),
		"frappe hole": (
			IT,
			_("Frappe {0} has published holes that people with a log-in can use ({1})."),
			_("Bring Frappe to {2} or later with “bench update”."),
		),
	}


def _developer_words() -> dict[str, tuple[str, str, str]]:
	return {
		"developer switch": (
			IT,
			_("“{0}” is on. It is meant for developers’ own machines and takes protections away."),
			_("Run: bench --site … set-config {0} 0"),
		),
		"server scripts": (
			IT,
			_("Server scripts are on: whoever becomes System Manager can run code on the server."),
			_("Unless you use them, run: bench set-config -g server_script_enabled 0"),
		),
		"calls from everywhere": (
			IT,
			_("Any web site may call this site’s API (“allow_cors” is “*”)."),
			_("Name the sites that need it in “allow_cors”, or take the line out of the configuration."),
		),
		"addresses logged": (
			IT,
			_(
				"Frappe logs the whole address of every request (“enable_frappe_logger”), and with it the keys in residents’ links."
			),
			_(
				"Run: bench --site … set-config enable_frappe_logger 0, and delete logs/frappe.web.log of the bench and the site."
			),
		),
		"easy password": (
			IT,
			_("The password of Administrator is the first one everybody tries."),
			_("Run: bench --site … set-admin-password"),
		),
	}


def _guest_words() -> dict[str, tuple[str, str, str]]:
	return {
		"tracebacks shown": (
			IT,
			_("Errors outside the portal show visitors the inside of the server."),
			_("Switch off “Show Full Error and Allow Reporting of Issues to the Developer”."),
		),
		"guest uploads": (
			IT,
			_("Anyone may upload files to this site without logging in, and attach them to any record."),
			_("Switch off “Allow Guests to Upload Files”. The portal does not need it."),
		),
		"sign-up": (
			IT,
			_(
				"Anyone may open an account on this site. Residents need none, and an account sees more than a guest."
			),
			_(
				"Tick “Disable Signup for your site” in the Website Settings, unless you offer accounts on purpose."
			),
		),
		"guests read": (
			IT,
			_("Everybody may read {0}, which holds residents’ data."),
			_("Take the roles Guest and All off {0} in the Role Permissions Manager."),
		),
	}


def _address_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no host name": (
			IT,
			_("The site does not know its public address, so links in messages may lead nowhere."),
			_("Run: bench --site … set-config host_name https://your-address"),
		),
		"no TLS": (
			IT,
			_(
				"The site’s address is {0}: what residents send, and the keys to their requests, can be read on the way."
			),
			_("Set up a certificate, then run: bench --site … set-config host_name https://your-address"),
		),
		"no encryption key": (
			IT,
			_("The site has no encryption key yet, on which the links to requests rest."),
			_("Add “encryption_key” to the site’s configuration, and back that file up."),
		),
	}


def _proxy_words() -> dict[str, tuple[str, str, str]]:
	return {
		"proxy silent": (
			IT,
			_(
				"The settings count {0} proxies, but fewer named a client: we see you as {1}, like everybody else."
			),
			_("Let the proxy set X-Forwarded-For, or correct the number in the settings under “Limits”."),
		),
		"visitors unnamed": (
			IT,
			_(
				"Requests today that fewer proxies named a client for than the settings count: {0}. Their limits may be shared."
			),
			_(
				"Let every proxy set X-Forwarded-For, keep visitors from going round them, or correct the number in the settings under “Limits”."
			),
		),
		"proxy not counted": (
			IT,
			_(
				"A proxy stands in front, but the settings count none: we see everybody as {0}, and limit them as one."
			),
			_("Enter the number of servers of yours in front in the settings under “Limits”."),
		),
		"everybody alike": (
			IT,
			_(
				"We see you as {0}, which is no address of the internet. If residents look so too, they share one limit."
			),
			_(
				"If you are not inside the city’s own network, let every proxy in front pass X-Forwarded-For on."
			),
		),
		"site limit reached": (
			MANAGER,
			_(
				"The limit for the whole site turned requests away today: {0} times. It may be an attack, or a busy day."
			),
			_("If residents really write that much, raise the limit in the settings under “Limits”."),
		),
		"keys guessed": (
			IT,
			_(
				"Wrong keys to requests today: {0}. Somebody may be guessing; guesses beyond the limit are refused."
			),
			_("See in the web server’s log where they come from, and shut that address out."),
		),
		"scheme not told": (
			MANAGER,
			_("You use this page without TLS, or the proxy does not say that you use it."),
			_(
				"Open it by its https address. If you did, let the proxy set X-Forwarded-Proto; if it runs in another container or on another machine, start gunicorn with its address in FORWARDED_ALLOW_IPS."
			),
		),
	}
