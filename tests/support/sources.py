"""The app's own source code, read as syntax trees."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "citizen_support"


@lru_cache(maxsize=1)
def list_modules() -> list[Path]:
	"""Every Python file of the app, by its path from the root."""
	return sorted(path.relative_to(ROOT) for path in APP.rglob("*.py") if "node_modules" not in path.parts)


@lru_cache(maxsize=512)
def parse(path: Path) -> ast.Module:
	"""The syntax tree of a file."""
	return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def get_room(path: Path) -> str:
	"""The folder of the app a file stands in; "" for the app's own files."""
	return path.parts[1] if len(path.parts) > 2 else ""


def list_imports(path: Path) -> Iterator[str]:
	"""Dotted names of what a file imports; of `from a import b` it is `a.b`."""
	for node in ast.walk(parse(path)):
		if isinstance(node, ast.Import):
			yield from (alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			yield from (f"{node.module}.{alias.name}" for alias in node.names)


def list_calls(path: Path, *names: str) -> Iterator[ast.Call]:
	"""Calls of functions with these dotted names."""
	for node in ast.walk(parse(path)):
		if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
			yield node


def list_whitelisted(path: Path) -> Iterator[tuple[ast.FunctionDef, ast.Call | None]]:
	"""Functions that can be called from a browser, with the call of their decorator (None if it has no arguments)."""
	for node in ast.walk(parse(path)):
		for decorator in getattr(node, "decorator_list", []):
			function = decorator.func if isinstance(decorator, ast.Call) else decorator
			if ast.unparse(function) in ("frappe.whitelist", "whitelist"):
				yield node, decorator if isinstance(decorator, ast.Call) else None
