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
		"transfer/open311.py",
		"transfer/plain_xml.py",
		"transfer/schema.py",
		"transfer/sheets.py",
	}
)
PACKAGES_OF_RULES = frozenset(
	"PIL bleach email_validator markupsafe phonenumbers pillow_heif pypdf rapidfuzz yaml".split()
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
