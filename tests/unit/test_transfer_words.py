"""Whatever is wrong with a file, there is a sentence for it."""

import ast

from tests.support.sources import APP

ROOM = APP / "transfer"


def list_problems() -> set[str]:
	return {
		call.args[0].value
		for path in ROOM.glob("*.py")
		for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
		if isinstance(call, ast.Call)
		and getattr(call.func, "id", "") == "Unreadable"
		and call.args
		and isinstance(call.args[0], ast.Constant)
	}


def list_sentences() -> set[str]:
	tree = ast.parse((ROOM / "words.py").read_text(encoding="utf-8"))
	explain = next(
		node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "explain"
	)
	table = next(node for node in ast.walk(explain) if isinstance(node, ast.Dict))
	return {key.value for key in table.keys if isinstance(key, ast.Constant)}


def test_every_problem_has_its_sentence_and_no_sentence_is_left_over() -> None:
	assert len(list_problems()) > 15
	assert list_problems() == list_sentences()
