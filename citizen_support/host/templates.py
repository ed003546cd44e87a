"""Rendering with escaping on. Frappe's own Jinja has none (`frappe/utils/jinja.py`)."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from frappe import _

from citizen_support.languages.rules import mark_language, mark_text

FOLDER = Path(__file__).resolve().parents[1] / "templates"


def render(template: str, context: dict) -> str:
	"""Render a template of `citizen_support/templates` in the language of the moment."""
	return _get_environment().get_template(template).render(context)


@lru_cache(maxsize=1)
def _get_environment() -> Environment:
	environment = Environment(
		loader=FileSystemLoader(FOLDER),
		autoescape=select_autoescape(enabled_extensions=("html", "xml"), default=False),
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	environment.globals["_"] = _
	environment.globals.update(in_language=mark_language, spoken=mark_text)
	return environment
