"""The house's own rules, checked on its source: what is pure, who may know whom, what may commit."""

import ast
import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.sources import (
	APP,
	ROOT,
	get_room,
	list_calls,
	list_imports,
	list_modules,
	list_whitelisted,
	parse,
)

LONGEST_FILE = 400
# Pure like every rules.py: plain data in, plain data out.
PURE = frozenset(
	{
		"catalogue/sanitize.py",
		"catalogue/search.py",
		"designer/frame.py",
		"host/plain.py",
		"intake/files.py",
		"intake/keys.py",
		"notices/delivery.py",
		"portal/colors.py",
		"portal/message_html.py",
		"portal/origin.py",
		"publishing/changes.py",
		"publishing/examine.py",
		"publishing/reach.py",
		"publishing/shadows.py",
		"routing/geojson.py",
		"routing/geometry.py",
		"routing/places.py",
		"routing/times.py",
		"setup/custom_fields.py",
		"transfer/addresses.py",
		"transfer/batch.py",
		"transfer/catalogue_file.py",
		"transfer/charset.py",
		"transfer/open311.py",
		"transfer/plain_xml.py",
		"transfer/schema.py",
		"transfer/sheets.py",
	}
)
PACKAGES_OF_RULES = frozenset(
	"PIL bleach email_validator lxml markupsafe phonenumbers pillow_heif pypdf rapidfuzz yaml".split()
)
ROOMS = frozenset(
	"catalogue health intake languages limits notices promise publishing replay requests residents routing tracking transfer".split()
)
# A commit outside the request's own, and why it has to be one.
COMMITS = {
	"intake/service.py": "the submission, so that nothing that fails afterwards can lose the request",
	"intake/filing.py": "each submission of a sweep by itself, and that it is tried, in case the try kills its worker",
	"portal/early.py": "Frappe does not commit what a form did when its answer is raised past the routing",
	"notices/attempts.py": "each message by itself, and that it is tried, in case the try kills its worker",
	"notices/mail_sweep.py": "what became of each mail, whatever comes of the next one",
	"notices/sms_sweep.py": "that a text is handed over, before the gateway can say anything",
	"notices/sweep.py": "that one part of the work failed, before the next one begins",
	"notices/fresh_links.py": "each link by itself, and that it is tried, in case the try kills its worker",
	"host/mail.py": "what the mail server took has to stand, whatever comes after",
	"setup/demo.py": "called from the command line, where nothing else commits",
}
# What of Frappe is replaced while it runs, and why it has to be.
PATCHES = {
	"citizen_support/host/door.py": {
		"frappe.app.init_request": "what fails before any hook would be told by a bare page (decision 19)",
	}
}
# Of one request, and made to be written to.
STATE = frozenset({"frappe.local", "frappe.flags", "frappe.response", "frappe.session"})
GUEST_METHODS: frozenset[str] = frozenset()


def is_pure(path: Path) -> bool:
	return path.name == "rules.py" or str(path.relative_to("citizen_support")) in PURE


def name_package(dotted: str) -> str:
	return dotted.partition(".")[0]


def find_room_file(dotted: str) -> Path | None:
	"""The file `citizen_support.<room>.<module>[.<name>]` means; None for what the room itself exports."""
	parts = dotted.split(".")
	if parts[0] != "citizen_support" or len(parts) < 3:
		return None
	path = Path("citizen_support", parts[1], f"{parts[2]}.py")
	return path if (ROOT / path).exists() else None


MODULES = list_modules()
each_module = pytest.mark.parametrize("path", MODULES, ids=str)


@pytest.mark.parametrize("path", [path for path in MODULES if is_pure(path)], ids=str)
def test_rules_know_neither_frappe_nor_anything_impure(path: Path) -> None:
	foreign = {
		dotted
		for dotted in list_imports(path)
		if name_package(dotted) not in sys.stdlib_module_names | PACKAGES_OF_RULES | {"citizen_support"}
	}
	own = {
		dotted
		for dotted in list_imports(path)
		if name_package(dotted) == "citizen_support"
		and not (find_room_file(dotted) and is_pure(find_room_file(dotted)))
		and not (APP / Path(*dotted.split(".")[1:], "rules.py")).exists()
	}

	assert (foreign, own) == (set(), set())


def test_every_pure_module_is_where_we_say() -> None:
	assert {path for path in PURE if not (APP / path).exists()} == set()


@each_module
def test_only_the_host_room_knows_helpdesk(path: Path) -> None:
	imported = {dotted for dotted in list_imports(path) if name_package(dotted) == "helpdesk"}
	named = {
		node.value
		for node in ast.walk(parse(path))
		if isinstance(node, ast.Constant)
		and isinstance(node.value, str)
		and node.value.startswith("helpdesk.")
	}

	assert get_room(path) == "host" or not imported | named


@pytest.mark.parametrize("path", [path for path in MODULES if get_room(path) in ROOMS], ids=str)
def test_rooms_know_each_other_only_by_what_they_export(path: Path) -> None:
	deep = {
		dotted
		for dotted in list_imports(path)
		if (found := find_room_file(dotted))
		and get_room(found) not in ("host", get_room(path))
		and not is_pure(found)
	}

	assert deep == set()


@pytest.mark.parametrize("path", [path for path in MODULES if get_room(path) in ROOMS | {"host"}], ids=str)
def test_rooms_do_not_know_who_uses_them(path: Path) -> None:
	outside = {"api", "citizen_support", "desk", "designer", "doc_events", "portal", "setup"}

	assert not {
		dotted
		for dotted in list_imports(path)
		if name_package(dotted) == "citizen_support"
		and dotted.split(".")[1] in outside
		and not ((found := find_room_file(dotted)) and is_pure(found))
	}


@pytest.mark.parametrize("path", [path for path in MODULES if get_room(path) == "host"], ids=str)
def test_the_host_room_knows_nothing_of_the_rooms_but_rules(path: Path) -> None:
	known = {dotted for dotted in list_imports(path) if dotted.startswith("citizen_support.")}

	assert {dotted for dotted in known if dotted.split(".")[1] != "host" and ".rules" not in dotted} == set()


def test_nothing_commits_but_where_it_has_to() -> None:
	committing = Counter(
		str(path.relative_to("citizen_support"))
		for path in MODULES
		for _call in list_calls(path, "frappe.db.commit")
	)

	assert set(committing) == set(COMMITS)


@each_module
def test_texts_to_translate_are_plain(path: Path) -> None:
	wrong = [
		ast.unparse(call)
		for call in list_calls(path, "_", "_lt", "frappe._")
		if not call.args
		or isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
		or (isinstance(call.args[0], ast.Call) and ast.unparse(call.args[0].func).endswith(".format"))
	]

	assert wrong == []


@each_module
def test_nothing_is_translated_while_the_module_is_imported(path: Path) -> None:
	inside = {
		id(call)
		for node in ast.walk(parse(path))
		if isinstance(node, ast.FunctionDef | ast.Lambda)
		for call in ast.walk(node)
	}

	assert [ast.unparse(call) for call in list_calls(path, "_", "frappe._") if id(call) not in inside] == []


@each_module
def test_what_a_browser_can_call_names_its_methods_and_types(path: Path) -> None:
	wrong = []
	for function, decorator in list_whitelisted(path):
		keywords = {keyword.arg for keyword in decorator.keywords} if decorator else set()
		arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
		untyped = [
			argument.arg
			for argument in arguments
			if argument.arg != "self"
			and (not argument.annotation or isinstance(argument.annotation, ast.Constant))
		]
		if "methods" not in keywords or untyped or function.args.kwarg or not function.returns:
			wrong.append((function.name, sorted(keywords), untyped))

	assert wrong == []


@each_module
def test_types_of_what_a_browser_can_call_are_checked(path: Path) -> None:
	# With postponed annotations Frappe sees strings and checks nothing.
	assert not any(list_whitelisted(path)) or "__future__.annotations" not in set(list_imports(path))


def test_visitors_without_an_account_can_call_only_what_is_listed() -> None:
	open_to_guests = {
		function.name
		for path in MODULES
		for function, decorator in list_whitelisted(path)
		for keyword in (decorator.keywords if decorator else [])
		if keyword.arg == "allow_guest" and ast.literal_eval(keyword.value)
	}

	assert open_to_guests == GUEST_METHODS


@each_module
def test_no_file_is_too_long_to_read(path: Path) -> None:
	assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@each_module
def test_database_statements_are_not_put_together_from_values(path: Path) -> None:
	built = [
		ast.unparse(call)
		for call in list_calls(path, "frappe.db.sql")
		if not isinstance(call.args[0], ast.Constant)
	]

	assert built == []


@each_module
def test_nothing_is_evaluated_or_printed(path: Path) -> None:
	assert list(list_calls(path, "eval", "exec", "print", "frappe.render_template", "frappe.safe_eval")) == []


@pytest.mark.parametrize(
	"line",
	[
		line.strip()
		for line in (APP / "patches.txt").read_text().splitlines()
		if line.strip() and not line.startswith(("[", "#", "execute:"))
	]
	or ["citizen_support.patches"],
)
def test_every_patch_can_be_found(line: str) -> None:
	module = line.split()[0]

	assert importlib.util.find_spec(module) is not None


def test_hooks_are_data_and_name_what_exists() -> None:
	tree = parse(Path("citizen_support/hooks.py"))
	named = {
		node.value
		for node in ast.walk(tree)
		if isinstance(node, ast.Constant)
		and isinstance(node.value, str)
		and node.value.startswith("citizen_support.")
	}

	missing = []
	for dotted in sorted(named):
		module, _dot, name = dotted.rpartition(".")
		file = ROOT / Path(*module.split(".")).with_suffix(".py")
		source = file.read_text() if file.exists() else ""
		if f"def {name}(" not in source and f"class {name}" not in source:
			missing.append(dotted)
	assert missing == []
	assert all(isinstance(node, ast.Assign | ast.Expr) for node in tree.body)


def list_jobs() -> dict[str, Path]:
	"""Functions that workers are given to do, with the file each stands in: on a schedule, or by `frappe.enqueue`."""
	(schedule,) = (
		node.value
		for node in parse(Path("citizen_support/hooks.py")).body
		if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "scheduler_events"
	)
	events = ast.literal_eval(schedule)
	dotted = [*events.pop("cron").values(), *events.values()]
	jobs = {name: Path(*name.split(".")[:-1]).with_suffix(".py") for names in dotted for name in names}
	for path in MODULES:
		for call in list_calls(path, "frappe.enqueue", "enqueue"):
			method = call.args[0]
			if isinstance(method, ast.Constant):
				jobs[method.value] = Path(*method.value.split(".")[:-1]).with_suffix(".py")
			else:
				jobs[f"{path}.{ast.unparse(method)}"] = path
	return jobs


@pytest.mark.parametrize(("job", "path"), list_jobs().items(), ids=str)
def test_every_job_fails_without_its_values(job: str, path: Path) -> None:
	(function,) = (
		node
		for node in parse(path).body
		if isinstance(node, ast.FunctionDef) and node.name == job.rpartition(".")[2]
	)

	assert "background_job" in map(ast.unparse, function.decorator_list)


def list_patches(path: Path) -> set[str]:
	"""What of Frappe's or Helpdesk's own a module assigns to, by its dotted name."""
	hosts = {}
	for node in ast.walk(parse(path)):
		if isinstance(node, ast.Import):
			hosts |= {
				(name.asname or name.name.partition(".")[0]): name.name for name in node.names if name.asname
			}
			hosts |= {
				root: root for name in node.names if (root := name_package(name.name)) and not name.asname
			}
		elif isinstance(node, ast.ImportFrom):
			hosts |= {(name.asname or name.name): f"{node.module}.{name.name}" for name in node.names}
	hosts = {name: dotted for name, dotted in hosts.items() if name_package(dotted) in ("frappe", "helpdesk")}
	return {
		dotted
		for target in list_targets(parse(path))
		if (dotted := read_dotted(target, hosts)) and not dotted.startswith(tuple(f"{one}." for one in STATE))
	}


def list_targets(tree: ast.Module) -> list[ast.Attribute]:
	"""Attributes that are assigned to, also by `setattr`."""
	targets = []
	for node in ast.walk(tree):
		if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
			targets.append(node)
		elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr":
			name = node.args[1].value if isinstance(node.args[1], ast.Constant) else "?"
			targets.append(ast.Attribute(node.args[0], name, ast.Store()))
	return targets


def read_dotted(node: ast.expr, hosts: dict[str, str]) -> str:
	"""The dotted name of what is below a module or class of a host; empty for anything else."""
	if isinstance(node, ast.Attribute):
		owner = read_dotted(node.value, hosts)
		return f"{owner}.{node.attr}" if owner else ""
	return hosts.get(node.id, "") if isinstance(node, ast.Name) else ""


def test_nothing_of_the_hosts_is_replaced_but_what_is_listed() -> None:
	found = {str(path): patches for path in MODULES if (patches := list_patches(path))}

	assert found == {path: set(reasons) for path, reasons in PATCHES.items()}
