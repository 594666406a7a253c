"""Renders templates.json with Jinja itself, set up as transformers sets it up, and writes reference.json.

Run in this directory, with Jinja 3.1: python3 make_reference.py
"""

import json
import platform

import jinja2
import jinja2.ext
import jinja2.sandbox

MESSAGES = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": " a\n"}]


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def render(template):
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    try:
        return environment.from_string(template).render(messages=MESSAGES, d={"k": 1})
    except Exception:
        return None


with open("templates.json", encoding="utf-8") as file:
    templates = json.load(file)
reference = {
    "made_by": f"make_reference.py, jinja2 {jinja2.__version__}, Python {platform.python_version()}",
    "variables": {"messages": MESSAGES, "d": {"k": 1}},
    "cases": [{"template": template, "text": render(template)} for template in templates],
}
with open("reference.json", "w", encoding="utf-8") as file:
    json.dump(reference, file, ensure_ascii=False, indent=1)
    file.write("\n")
