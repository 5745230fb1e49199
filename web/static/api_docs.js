// Shows the OpenAPI description. Text is set as text, never as markup.

const STEP = "  ";

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// A schema as a reader would sketch it: {"question": 文字, "top_k": 整数 …}
function sketch(schema, schemas, indent = "", seen = []) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return seen.includes(name) ? name : sketch(schemas[name], schemas, indent, [...seen, name]);
  }
  if (schema.anyOf) return schema.anyOf.map((one) => sketch(one, schemas, indent, seen)).join(" 或 ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") {
    const items = schema.items ?? schema.prefixItems?.[0] ?? {};
    return `[${sketch(items, schemas, indent, seen)}, …]`;
  }
  if (schema.properties) {
    const within = indent + STEP;
    const lines = Object.entries(schema.properties).map(([key, value]) => {
      const optional = (schema.required ?? []).includes(key) ? "" : "?";
      return `${within}"${key}"${optional}: ${sketch(value, schemas, within, seen)}${limits(value)}`;
    });
    return `{\n${lines.join(",\n")}\n${indent}}`;
  }
  return { string: "文字", integer: "整数", number: "数", boolean: "true | false", null: "null", object: "{…}" }[schema.type] ?? "任意";
}

function limits(schema) {
  const said = [];
  if (schema.minimum !== undefined) said.push(`${schema.minimum}–${schema.maximum ?? ""}`);
  if (schema.maxLength !== undefined) said.push(`至多 ${schema.maxLength} 字`);
  if (schema.maxItems !== undefined) said.push(`至多 ${schema.maxItems} 项`);
  if (schema.default !== undefined && typeof schema.default !== "object") said.push(`默认 ${JSON.stringify(schema.default)}`);
  return said.length ? `（${said.join("，")}）` : "";
}

function contents(title, content, schemas) {
  return Object.entries(content ?? {}).flatMap(([type, { schema }]) => {
    const streamed = Object.entries(schema["x-events"] ?? {}).map(([name, data]) => `event: ${name}\ndata: ${sketch(data, schemas)}`);
    return [element("h3", `${title} · ${type}`), element("pre", streamed.join("\n\n") || sketch(schema, schemas))];
  });
}

function operation(path, method, described, schemas) {
  const box = element("details");
  box.id = described.operationId;
  const summary = element("summary");
  const heading = element("h2");
  heading.append(element("span", method.toUpperCase(), "method"), element("code", path));
  summary.append(heading, element("span", described.summary, "told"));
  box.append(summary);
  const parameters = (described.parameters ?? []).map(({ name, in: where, schema }) =>
    `${name}（${{ path: "地址", query: "查询", header: "标头" }[where]}）：${sketch(schema, schemas)}${limits(schema)}`);
  if (parameters.length) box.append(element("h3", "参数"), element("pre", parameters.join("\n")));
  box.append(...contents("请求", described.requestBody?.content, schemas));
  const list = element("dl");
  for (const [status, reply] of Object.entries(described.responses)) {
    if (status < "400") box.append(...contents(`答复 ${status}`, reply.content, schemas));
    else list.append(element("dt", status), element("dd", reply.description));
  }
  box.append(element("h3", "可能的拒绝"), list);
  return box;
}

function problem(code, { status, title }) {
  const box = element("div");
  box.id = code;
  box.append(element("dt", `${status} ${code}`), element("dd", title));
  return box;
}

async function show() {
  const place = document.getElementById("operations");
  try {
    const reply = await fetch("/api/v1/openapi.json");
    if (!reply.ok) throw new Error(String(reply.status));
    const { paths, components, "x-problems": problems } = await reply.json();
    const boxes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => operation(path, method, described, components.schemas)));
    const codes = element("dl");
    codes.append(...Object.entries(problems).map(([code, told]) => problem(code, told)));
    place.replaceChildren(...boxes, element("h3", "拒绝的代码"), codes);
    const wanted = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (wanted) { wanted.open = true; wanted.scrollIntoView(); }
  } catch {
    place.replaceChildren(element("p", "接口说明没有取到。请刷新这一页再试。"));
  } finally {
    place.setAttribute("aria-busy", "false");
  }
}

show();
