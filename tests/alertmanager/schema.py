"""As much of JSON Schema as the schemas here use. A keyword that is not known is an error in the schema."""
import json
import pathlib
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def load(name):
    return json.loads((pathlib.Path(__file__).parent / name).read_text(encoding="utf-8"))


def _type(name, value):
    if isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool)):
        return []
    return [f"is {json.dumps(value)[:80]}, no {name}"]


# What a keyword demands of a value, as a list of faults. One that isn't about the value's type passes.
RULES = {
    "type": _type,
    "const": lambda wanted, value: [] if value == wanted else [f"is not {wanted!r}"],
    "enum": lambda wanted, value: [] if value in wanted else [f"is {value!r}, none of {wanted}"],
    "minLength": lambda least, value: (
        [f"has {len(value)} characters, fewer than {least}"]
        if isinstance(value, str) and len(value) < least else []),
    "maxLength": lambda most, value: (
        [f"has {len(value)} characters, more than {most}"]
        if isinstance(value, str) and len(value) > most else []),
    "pattern": lambda pattern, value: (
        [f"is {value[:80]!r}, which is not {pattern}"]
        if isinstance(value, str) and not re.search(pattern, value) else []),
    "minItems": lambda least, value: (
        [f"has {len(value)} items, fewer than {least}"]
        if isinstance(value, list) and len(value) < least else []),
    "maxItems": lambda most, value: (
        [f"has {len(value)} items, more than {most}"]
        if isinstance(value, list) and len(value) > most else []),
    "required": lambda names, value: (
        [f"has no {name}" for name in names if name not in value] if isinstance(value, dict) else []),
}
STRUCTURE = {"$comment", "properties", "additionalProperties", "items", "if", "then", "else"}


def faults(schema, value, where="it"):
    """What is wrong with `value`, each with where it stands; empty if nothing is."""
    unknown = schema.keys() - RULES.keys() - STRUCTURE
    if unknown:
        raise ValueError(f"schema of {where}: keywords {sorted(unknown)} are not implemented")
    found = [f"{where} {fault}" for key, rule in RULES.items() if key in schema
             for fault in rule(schema[key], value)]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for key in value.keys() & known.keys():
            found += faults(known[key], value[key], f"{where}.{key}")
        if schema.get("additionalProperties") is False:
            found += [f"{where} has {key!r}, which is not known" for key in value.keys() - known.keys()]
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            found += faults(schema["items"], item, f"{where}[{index}]")
    if "if" in schema:
        branch = "else" if faults(schema["if"], value) else "then"
        found += faults(schema.get(branch, {}), value, where)
    return found
