"""Sites of the bench: making one with the app in it, keeping it up to date, dropping it."""

import hashlib
import json
import shutil
from typing import Any

from devtools import database
from devtools.bench import APP, CHECKOUT, HOST_APPS, Bench
from devtools.say import Problem, note, step


def exists(bench: Bench, site: str) -> bool:
	"""Whether the bench has a site of that name, finished or not."""
	return (bench.sites / site / "site_config.json").exists()


def installed_apps(bench: Bench, site: str) -> list[str]:
	"""The apps in a site; nothing for a site whose making was broken off."""
	try:
		listing = bench.frappe("list-apps", "--format", "json", site=site)
	except Problem:
		return []
	start = listing.find("{")
	return json.loads(listing[start:]).get(site, []) if start >= 0 else []


def make_site(bench: Bench, site: str, admin_password: str) -> None:
	"""A new site with Helpdesk and the app, the setup wizard out of the way. A half-made one is removed again."""
	step(f"Making site {site} (about a minute)")
	installs = [word for app in (*HOST_APPS[1:], APP) for word in ("--install-app", app)]
	try:
		with database.administrator(bench) as login:
			bench.frappe("new-site", site, "--admin-password", admin_password, *login.options, *installs)
		bench.execute(site, "citizen_support.setup.demo.finish_setup")
	except BaseException:
		drop_site(bench, site)
		raise
	remember_state(bench, site)


def ensure_site(bench: Bench, site: str, admin_password: str) -> bool:
	"""The site with everything in it and up to date; True when it is new."""
	if not exists(bench, site):
		make_site(bench, site, admin_password)
		return True
	present = installed_apps(bench, site)
	if "frappe" not in present:
		raise Problem(f"Site {site} is broken or half-made. Start again with: bin/demo --fresh")
	for app in (*HOST_APPS[1:], APP):
		if app not in present:
			step(f"Installing {app} into {site}")
			bench.frappe("install-app", app, site=site)
	migrate_if_changed(bench, site)
	return False


def migrate_if_changed(bench: Bench, site: str) -> None:
	"""Run `migrate` when something it would bring into the site is not what it was last time."""
	stamp = bench.sites / site / f".{APP}-state"
	if stamp.exists() and stamp.read_text() == schema_fingerprint(bench):
		return
	step(f"The app has changed: migrating {site}")
	bench.frappe("migrate", "--skip-search-index", site=site)
	remember_state(bench, site)


def remember_state(bench: Bench, site: str) -> None:
	"""Note which state of the apps is in the site."""
	(bench.sites / site / f".{APP}-state").write_text(schema_fingerprint(bench))


def schema_fingerprint(bench: Bench) -> str:
	"""Of all that ends up in a site's database: doctypes, fixtures, setup code, patches, hooks, host versions."""
	package = CHECKOUT / APP
	files = {*package.rglob("*.json"), *package.glob("*.py"), *package.glob("*.txt")}
	for room in ("setup", "host"):
		files.update((package / room).rglob("*.py"))
	digest = hashlib.sha256()
	for file in sorted(file for file in files if file.is_file() and "public" not in file.parts):
		digest.update(str(file.relative_to(package)).encode() + file.read_bytes())
	for app in HOST_APPS:
		digest.update(bench.version(app).encode())
	return digest.hexdigest()


def set_config(bench: Bench, site: str, **values: Any) -> None:
	"""Write into the site's site_config.json; None takes a value out."""
	file = bench.sites / site / "site_config.json"
	config = {**json.loads(file.read_text()), **values}
	kept = {key: value for key, value in config.items() if value is not None}
	file.write_text(json.dumps(kept, indent=1, sort_keys=True))


def drop_site(bench: Bench, site: str) -> None:
	"""Remove a site for good: database, database user, files. No archive is kept."""
	if not exists(bench, site):
		shutil.rmtree(bench.sites / site, ignore_errors=True)
		return
	archive = bench.path / "archived" / "citizen-support-dropped"
	archive.mkdir(parents=True, exist_ok=True)
	try:
		with database.administrator(bench) as login:
			bench.frappe(
				"drop-site",
				site,
				"--no-backup",
				"--force",
				"--archived-sites-path",
				str(archive),
				*login.options,
			)
	except Problem as problem:
		note(f"{site} could not be dropped: {problem}")
	finally:
		shutil.rmtree(archive, ignore_errors=True)
