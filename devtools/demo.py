"""`bin/demo`: a believable city to click through, on this machine, with everything it needs."""

import argparse
import os
import signal
import time
from typing import Any

from devtools import bench_maker, linking, services, sites
from devtools.bench import CHECKOUT, STATE, Bench, find_bench
from devtools.processes import Processes
from devtools.say import Problem, loud, note, step
from devtools.servers import City, pick_ports

SETUP = "citizen_support.setup"


def main(arguments: list[str]) -> int:
	"""Do what was asked; the exit code is 0 when it went well."""
	given = _parse(arguments)
	processes = Processes(STATE / "demo")
	if given.stop:
		stopped = processes.stop()
		print(f"Stopped: {', '.join(stopped)}." if stopped else "The demo was not running.")
		return 0
	for told_to_end in (signal.SIGTERM, signal.SIGHUP):
		if signal.getsignal(told_to_end) != signal.SIG_IGN:  # as `nohup` wants it
			signal.signal(told_to_end, _interrupt)
	try:
		_run(given, processes)
		return 0  # only when detached: what was started goes on
	except Problem as problem:
		loud(str(problem))
		exit_code = 1
	except KeyboardInterrupt:
		step("Stopping. MariaDB and Redis stay on; the city stays as it is for next time.")
		exit_code = 0
	processes.stop()
	return exit_code


def _parse(arguments: list[str]) -> argparse.Namespace:
	options = argparse.ArgumentParser(prog="bin/demo", description=__doc__)
	options.add_argument(
		"--port", type=int, default=8000, help="the site's port (8000, or the next free one)"
	)
	options.add_argument("--site", default="city.localhost", help="the site's name (city.localhost)")
	options.add_argument(
		"--no-starter", action="store_true", help="an empty city, without the starter services"
	)
	options.add_argument("--fresh", action="store_true", help="throw the site away first, and make it anew")
	options.add_argument("--detach", action="store_true", help="leave it running and give the terminal back")
	options.add_argument("--stop", action="store_true", help="stop a demo that was left running")
	return options.parse_args(arguments)


def _interrupt(signum: int, frame: object) -> None:
	"""Being told to end is the same as Ctrl-C: what was started is stopped."""
	raise KeyboardInterrupt


def _run(given: argparse.Namespace, processes: Processes) -> None:
	"""From nothing to a city that answers."""
	linking.require_app()
	bench = find_bench() or bench_maker.make_bench()
	step(f"Bench: {bench.path} (Frappe {bench.version('frappe')}, Helpdesk {bench.version('helpdesk')})")
	if processes.stop():
		note("stopped the demo that was still running")
	services.start_services(bench)
	linking.link_app(bench, "demo")
	password = _prepare_site(bench, given)
	city = City(bench, given.site, processes, *pick_ports(given.port), host=given.site)
	people = fill_city(city, starter=not given.no_starter)
	city.start(with_realtime=True)
	print(welcome(city, [{"role": "IT", "user": "Administrator", "password": password}, *people]), flush=True)
	if given.detach:
		print("It goes on running; stop it with: bin/demo --stop")
	else:
		print("Stop it with Ctrl-C.")
		_watch(processes)


def _prepare_site(bench: Bench, given: argparse.Namespace) -> str:
	"""The site, made or brought up to date; returns what to say about Administrator's password."""
	password = os.environ.get("ADMIN_PASSWORD", "admin")
	if given.fresh and sites.exists(bench, given.site):
		step(f"Throwing {given.site} away")
		sites.drop_site(bench, given.site)
	is_new = sites.ensure_site(bench, given.site, password)
	bench.frappe("enable-scheduler", site=given.site)
	return (
		password if is_new or "ADMIN_PASSWORD" not in os.environ else "(as it was set when the site was made)"
	)


def fill_city(city: City, starter: bool) -> list[dict[str, Any]]:
	"""Services, mail and people, each only where it is missing. Returns the people and their passwords."""
	if starter:
		step("Loading the starter city")
		city.bench.execute(city.site, f"{SETUP}.starter_city.load")
	city.bench.execute(city.site, f"{SETUP}.demo.connect_mail", host="127.0.0.1", port=city.smtp_port)
	return city.bench.execute(city.site, f"{SETUP}.demo.make_users") or []


def _watch(processes: Processes) -> None:
	"""Stay until Ctrl-C, or until a server dies."""
	while True:
		processes.require_alive()
		time.sleep(1)


def welcome(city: City, people: list[dict[str, Any]]) -> str:
	"""Addresses and log-ins, short enough to be read."""
	places = {
		"Portal": f"{city.address}/services",
		"Helpdesk": f"{city.address}/helpdesk",
		"Set up the city": f"{city.address}/app/citizen-support",
		"Mails sent": city.mails_address,
	}
	lines = ["", "The city is open.", ""]
	lines += [f"  {name:16}  {address}" for name, address in places.items()]
	lines += ["", "Log in as", ""]
	wide = max(len(str(person["user"])) for person in people)
	lines += [f"  {p['user']:{wide}}  {p['password']:14}  {p['role']}" for p in people]
	lines += ["", f"Logs: {city.processes.folder.relative_to(CHECKOUT)}", ""]
	return "\n".join(lines)
