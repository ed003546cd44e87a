"""Every text of the app that can be translated, read from its sources.

Frappe has `bench generate-pot-file`, but it needs a bench, and it refuses an app that is linked into one. This reads the same
texts under the same msgids (`frappe/gettext/extractors`): what is found here is what `_()` and `__()` ask for at runtime.
Texts of a city (`setup/starter_city`, catalogues) are content, not words of the app: they are left out.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.jslexer import Token, tokenize, unquote_string
from jinja2 import Environment, nodes

from devtools.records import read_record

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "citizen_support"
LEFT_OUT = frozenset({"node_modules", "__pycache__", "locale", "starter_city", "catalogues"})
TRANSLATING = frozenset({"_", "_lt", "__"})
# Functions that translate one of the texts they are given: which one.
TRANSLATING_INSIDE = {"_make_column": 1}
# Files whose dictionaries are fields of a form, made by Frappe and translated by it.
FILES_OF_FIELDS = frozenset({"setup/custom_fields.py"})
TITLES_IN_HOOKS = frozenset({"app_title", "title"})
HOOKS = "hooks.py"


class Text(NamedTuple):
	"""A text, where it is used, what a translator should know of it, and what keeps it apart from its like."""

	msgid: str
	file: str
	comment: str = ""
	context: str | None = None


def list_texts() -> list[Text]:
	"""Every text of the app, file by file, as often as it is used."""
	return [text for path in _list_files() for text in read_file(path) if _says_something(text.msgid)]


def read_file(path: Path) -> Iterator[Text]:
	"""The texts of one file."""
	read = READERS.get(path.suffix)
	name = path.relative_to(ROOT).as_posix()
	for found in read(path) if read else ():
		yield Text(found.msgid, name, found.comment, found.context)


def read_python(source: str, *, of_fields: bool = False, of_hooks: bool = False) -> Iterator[Text]:
	"""Texts in calls of `_`, and in dictionaries of fields if the file holds such."""
	for node in ast.walk(ast.parse(source)):
		if isinstance(node, ast.Call):
			yield from _read_python_call(node)
		elif isinstance(node, ast.Dict) and (of_fields or of_hooks):
			yield from _read_dictionary(node, TITLES_IN_HOOKS if of_hooks else {"label", "description"})
			if of_fields:
				yield from _read_options(node)
		elif isinstance(node, ast.Assign) and of_hooks and ast.unparse(node.targets[0]) in TITLES_IN_HOOKS:
			yield Text(ast.literal_eval(node.value), "", "Name of the app")


def read_template(source: str) -> Iterator[Text]:
	"""Texts in calls of `_` in a Jinja template."""
	tree = Environment(autoescape=True).parse(source)
	for call in tree.find_all(nodes.Call):
		if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
			for choice in _list_choices(call.args[0]):
				yield Text(choice, "")


def read_script(source: str) -> Iterator[Text]:
	"""Texts in calls of `__`, also inside template strings and as values of another text."""
	tokens = [
		token
		for token in tokenize(source, jsx=True, dotted=False)
		if token.type not in ("linecomment", "multilinecomment")
	]
	for at, token in enumerate(tokens):
		if token.type == "template_string":
			for expression in _list_expressions(token.value):
				yield from read_script(expression)
		elif token.type == "name" and token.value in TRANSLATING and _is_operator(tokens, at + 1, "("):
			yield Text(_join_strings(tokens[at + 2 :]), "")


def _says_something(msgid: str) -> bool:
	"""Whether anything is left of a text without its placeholders and tags."""
	return bool(re.sub(r"\{\w*\}|<[^>]*>", "", msgid).strip())


def _list_files() -> list[Path]:
	return sorted(
		path
		for path in APP.rglob("*")
		if path.suffix in READERS and not LEFT_OUT.intersection(path.relative_to(APP).parts)
	)


def _read_python_file(path: Path) -> Iterator[Text]:
	name = path.relative_to(APP).as_posix()
	source = path.read_text(encoding="utf-8")
	return read_python(source, of_fields=name in FILES_OF_FIELDS, of_hooks=name == HOOKS)


def _read_json_file(path: Path) -> Iterator[Text]:
	record = json.loads(path.read_text(encoding="utf-8"))
	for msgid, comment in read_record(record) if isinstance(record, dict) else ():
		yield Text(msgid, "", comment)


def _from_source(read: Callable[[str], Iterator[Text]]) -> Callable[[Path], Iterator[Text]]:
	return lambda path: read(path.read_text(encoding="utf-8"))


READERS: dict[str, Callable[[Path], Iterator[Text]]] = {
	".py": _read_python_file,
	".html": _from_source(read_template),
	".txt": _from_source(read_template),
	".js": _from_source(read_script),
	".json": _read_json_file,
}


def _read_python_call(call: ast.Call) -> Iterator[Text]:
	name = ast.unparse(call.func).removeprefix("frappe.")
	at = 0 if name in TRANSLATING else TRANSLATING_INSIDE.get(name)
	if at is None or len(call.args) <= at:
		return
	context = next((word.value for word in call.keywords if word.arg == "context"), None)
	for choice in _list_constants(call.args[at]):
		yield Text(choice, "", "", ast.literal_eval(context) if context else None)


def _list_constants(node: ast.expr) -> Iterator[str]:
	"""A plain text, or both of `"one" if … else "other"`."""
	if isinstance(node, ast.IfExp):
		yield from _list_constants(node.body)
		yield from _list_constants(node.orelse)
	elif isinstance(node, ast.Constant) and isinstance(node.value, str):
		yield node.value


def _list_choices(node: nodes.Node) -> Iterator[str]:
	if isinstance(node, nodes.CondExpr):
		yield from _list_choices(node.expr1)
		if node.expr2 is not None:
			yield from _list_choices(node.expr2)
	elif isinstance(node, nodes.Const) and isinstance(node.value, str):
		yield node.value


def _read_dictionary(node: ast.Dict, keys: frozenset[str] | set[str]) -> Iterator[Text]:
	for key, value in zip(node.keys, node.values, strict=True):
		if isinstance(key, ast.Constant) and key.value in keys and isinstance(value, ast.Constant):
			yield Text(value.value, "", f"{str(key.value).capitalize()} of a field")


def _read_options(node: ast.Dict) -> Iterator[Text]:
	field = {
		key.value: value.value
		for key, value in zip(node.keys, node.values, strict=True)
		if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
	}
	if field.get("fieldtype") == "Select":
		for option in str(field.get("options") or "").split("\n"):
			yield Text(option, "", f"Option of the field '{field.get('label')}'")


def _is_operator(tokens: list[Token], at: int, value: str) -> bool:
	return at < len(tokens) and tokens[at].type == "operator" and tokens[at].value == value


def _join_strings(tokens: list[Token]) -> str:
	"""The text that a call begins with: one string, or several with + between them."""
	text = ""
	for at in range(0, len(tokens), 2):
		if tokens[at].type not in ("string", "template_string"):
			break
		text += unquote_string(tokens[at].value)
		if not _is_operator(tokens, at + 1, "+"):
			break
	return text


def _list_expressions(template: str) -> Iterator[str]:
	"""What stands inside `${…}` of a template string."""
	at = 0
	while (start := template.find("${", at)) >= 0:
		depth, at = 1, start + 2
		while depth and at < len(template):
			depth += {"{": 1, "}": -1}.get(template[at], 0)
			at += 1
		yield template[start + 2 : at - 1]
