"""The page ``/docs``: the HTTP interface described from its own schema.

FastAPI's own page loads its script from another site; this one loads nothing.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from assistant.ui.safety import escape

_CSS = """
body {
  max-width: 960px; margin: 0 auto; padding: 16px; color: #1f2937; background: #fff;
  font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
h1 { font-size: 22px; }
h2 { font-size: 18px; margin: 32px 0 4px; }
h3 { font-size: 15px; margin: 14px 0 4px; }
code, pre { font-family: ui-monospace, Consolas, monospace; font-size: 14px; }
pre { background: #f1f5f9; padding: 10px 12px; border-radius: 6px; overflow-x: auto; }
.method { background: #1d4ed8; color: #fff; border-radius: 4px; padding: 1px 8px; margin-right: 8px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 15px; }
th, td { border: 1px solid #d8dee9; padding: 4px 8px; text-align: left; vertical-align: top; }
th { background: #eff4ff; font-weight: 600; } a { color: #1d4ed8; }
"""
_TYPE_NAMES = {
    "string": "字符串",
    "integer": "整数",
    "number": "数",
    "boolean": "真假",
    "null": "空",
    "object": "对象",
}


def reference_html(schema: dict[str, Any]) -> str:
    """Every operation of an OpenAPI schema: parameters, body, reply, and a call to copy.

    Args:
        schema: OpenAPI 3.1, as ``FastAPI.openapi()`` returns it.
    """
    operations = "".join(
        _operation(schema, path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )
    title = escape(schema["info"]["title"])
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_CSS}</style></head><body><h1>{title}</h1><p>{escape(schema['info']['description'])}</p>"
        '<p>机器可读的描述（OpenAPI）：<a href="openapi.json">openapi.json</a>　<a href="./">返回网页</a></p>'
        f"{operations}</body></html>"
    )


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    body = _content_schema(operation.get("requestBody"))
    reply = _content_schema(next(reply for code, reply in operation["responses"].items() if code[0] == "2"))
    sections = [
        f'<h2 id="{escape(operation["operationId"])}">{escape(operation["summary"])}</h2>',
        f'<p><span class="method">{method.upper()}</span><code>{escape(path)}</code></p>',
        f"<p>{escape(operation.get('description', ''))}</p>",
        _parameters(operation.get("parameters", [])),
        _model_tables(schema, "请求", body),
        f"<h3>例</h3><pre>{escape(_example(schema, path, method, operation, body))}</pre>",
        _model_tables(schema, "回应", reply),
    ]
    return "".join(sections)


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = [
        (
            each["name"],
            _type_name(each["schema"]),
            each.get("description") or each["schema"].get("description", ""),
        )
        for each in parameters
    ]
    return f"<h3>参数</h3>{_table(rows)}" if rows else ""


def _model_tables(schema: dict[str, Any], heading: str, content: dict[str, Any]) -> str:
    names = list(dict.fromkeys(_references(schema, content)))
    if not names:
        return ""
    models = [schema["components"]["schemas"][name] for name in names]
    tables = (f"<p>{escape(each.get('description', ''))}</p>{_table(_fields(each))}" for each in models)
    return f"<h3>{heading}{'（数组）' if content.get('type') == 'array' else ''}</h3>{''.join(tables)}"


def _fields(model: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (name, _type_name(field), field.get("description", "")) for name, field in model["properties"].items()
    ]


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(kind)}</td><td>{escape(text)}</td></tr>"
        for name, kind, text in rows
    )
    return f'<div class="scroll"><table><tr><th>名称</th><th>类型</th><th>说明</th></tr>{lines}</table></div>'


def _references(schema: dict[str, Any], content: dict[str, Any]) -> Iterator[str]:
    """Names of the models a schema uses, outermost first."""
    if "$ref" in content:
        name = content["$ref"].rpartition("/")[2]
        yield name
        for field in schema["components"]["schemas"][name]["properties"].values():
            yield from _references(schema, field)
    elif "items" in content:
        yield from _references(schema, content["items"])


def _type_name(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " 或 ".join(_type_name(each) for each in field["anyOf"])
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if "const" in field:
        return str(field["const"])
    if field.get("type") == "array":
        return f"{_type_name(field['items'])}数组"
    return _TYPE_NAMES.get(field.get("type", "object"), "对象")


def _content_schema(described: dict[str, Any] | None) -> dict[str, Any]:
    content = (described or {}).get("content", {}).get("application/json", {})
    found: dict[str, Any] = content.get("schema", {})
    return found


def _example(
    schema: dict[str, Any], path: str, method: str, operation: dict[str, Any], body: dict[str, Any]
) -> str:
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        return f"curl -X {method.upper()} '地址{path}' -F 'file=@公文.docx'"
    if body:
        model = schema["components"]["schemas"][body["$ref"].rpartition("/")[2]]
        sent = json.dumps(model["examples"][0], ensure_ascii=False)
        return f"curl -X {method.upper()} 地址{path} -H 'Content-Type: application/json' -d '{sent}'"
    given = {
        each["name"]: each["schema"]["examples"][0]
        for each in operation.get("parameters", [])
        if each["schema"].get("examples") and each["in"] == "query"
    }
    output = " -OJ" if path.endswith((".xlsx", "/original")) else ""
    verb = "" if method == "get" else f" -X {method.upper()}"
    return f"curl{verb}{output} '地址{path}{f'?{urlencode(given)}' if given else ''}'"
