// Compiles messages/<language>/<part>.json, in ICU MessageFormat, into src/messages: a module for each part, whose
// functions hold the English text, and one catalogue for each other language. Fails if a translation does not fit.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import compile from "icu-minify/compile";

const source = new URL("../messages/", import.meta.url);
const target = new URL("../src/messages/", import.meta.url);
const main = "en";

const read = (language, part) =>
  JSON.parse(readFileSync(new URL(`${language}/${part}.json`, source), "utf8"));

/** The arguments of a message by name, each with the TypeScript type of its values. */
function argumentsOf(text) {
  const found = new Map();
  const visit = (elements) => {
    for (const element of elements) {
      switch (element.type) {
        case TYPE.argument:
          found.set(element.value, found.get(element.value) ?? "string | number");
          break;
        case TYPE.number:
          found.set(element.value, "number");
          break;
        case TYPE.date:
        case TYPE.time:
          found.set(element.value, "Date");
          break;
        case TYPE.plural:
          found.set(element.value, "number");
          for (const { value } of Object.values(element.options)) visit(value);
          break;
        case TYPE.select: {
          const cases = Object.keys(element.options).filter((name) => name !== "other");
          found.set(
            element.value,
            [...cases.map((name) => JSON.stringify(name)), "(string & {})"].join(" | "),
          );
          for (const { value } of Object.values(element.options)) visit(value);
          break;
        }
        case TYPE.tag:
          found.set(element.value, "Tag");
          visit(element.children);
          break;
      }
    }
  };
  visit(parse(text));
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const shape = (text) =>
  [...argumentsOf(text)].map(([name, type]) => (type === "Tag" ? `<${name}>` : name)).join(", ");

function check(language, part, english, translated) {
  const problems = [];
  for (const [key, text] of Object.entries(english)) {
    const where = `messages/${language}/${part}.json: ${key}`;
    if (!(key in translated)) problems.push(`${where} is missing`);
    else if (shape(translated[key]) !== shape(text)) {
      problems.push(`${where} takes (${shape(translated[key])}), the English one (${shape(text)})`);
    }
  }
  for (const key of Object.keys(translated)) {
    if (!(key in english)) problems.push(`messages/${language}/${part}.json: ${key} has no English text`);
  }
  return problems;
}

function moduleOf(part, english, first) {
  const lines = Object.entries(english).map(([key, text], index) => {
    const args = argumentsOf(text);
    const rich = [...args.values()].includes("Tag");
    const values = [...args].map(([name, type]) => `${JSON.stringify(name)}: ${type}`).join("; ");
    const make = rich ? "richMessage" : "message";
    return `/** ${text.replaceAll("*/", "* /")} */\nexport const ${key} = ${make}${args.size ? `<{ ${values} }>` : ""}(${first + index}, ${JSON.stringify(compile(text))});`;
  });
  const body = lines.join("\n");
  const imports = [
    ...(body.includes(" = message") ? [`import { message } from "@/lib/words/message";`] : []),
    ...(body.includes(" = richMessage")
      ? [
          `import { ${body.includes(": Tag") ? "type Tag, " : ""}richMessage } from "@/lib/words/rich-message";`,
        ]
      : []),
  ];
  return `// Made by scripts/messages.mjs from messages/${main}/${part}.json.\n${imports.join("\n")}\n\n${body}\n`;
}

const catalogueOf = (messages) =>
  `// Made by scripts/messages.mjs.\nimport type { CompiledMessage } from "icu-minify/format";\n\n` +
  `export const catalogue: readonly CompiledMessage[] = [\n${messages.map((m) => `  ${JSON.stringify(m)},\n`).join("")}];\n`;

/** Writes only what has changed, so that watchers and caches see no change where there is none. */
function write(name, content) {
  const file = new URL(name, target);
  try {
    if (readFileSync(file, "utf8") === content) return;
  } catch {
    // It is new.
  }
  writeFileSync(file, content);
}

export function compileMessages() {
  const parts = readdirSync(new URL(`${main}/`, source))
    .map((name) => name.replace(/\.json$/, ""))
    .sort();
  const others = readdirSync(source).filter((language) => language !== main);
  const catalogues = Object.fromEntries(others.map((language) => [language, []]));
  const problems = [];
  const written = new Set();
  mkdirSync(target, { recursive: true });
  let first = 0;
  for (const part of parts) {
    const english = read(main, part);
    write(`${part}.ts`, moduleOf(part, english, first));
    written.add(`${part}.ts`);
    for (const language of others) {
      const translated = read(language, part);
      problems.push(...check(language, part, english, translated));
      for (const key of Object.keys(english))
        catalogues[language].push(compile(translated[key] ?? english[key]));
    }
    first += Object.keys(english).length;
  }
  for (const language of others) {
    write(`${language}.ts`, catalogueOf(catalogues[language]));
    written.add(`${language}.ts`);
  }
  for (const name of readdirSync(target)) if (!written.has(name)) rmSync(new URL(name, target));
  if (problems.length) throw new Error(problems.join("\n"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) compileMessages();
