import { readdirSync } from "node:fs";
import nextVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";
import prettier from "eslint-config-prettier/flat";

const features = readdirSync(new URL("src/features/", import.meta.url));

// lib ← components ← features ← app: each may use what stands left of it.
const zones = [
  { target: "./src/lib", from: ["./src/components", "./src/features", "./src/app"] },
  { target: "./src/components", from: ["./src/features", "./src/app"] },
  { target: "./src/features", from: "./src/app" },
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: `./src/features/!(${feature})/**/*`,
    except: ["**/src/features/*/index.ts"],
    message: "Import another feature by its index.",
  })),
];

const html = {
  selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
  message: "What users write is text, never HTML.",
};

const spoken =
  "/^(aria-(label|description|roledescription|valuetext)|title|placeholder|alt|label|legend|text|hint|description)$/";
const words = [
  "JSXText",
  ...[
    `JSXAttribute[name.name=${spoken}]`,
    `JSXAttribute[name.name=${spoken}] > JSXExpressionContainer`,
    ":matches(JSXElement, JSXFragment) > JSXExpressionContainer",
    `Property[key.name=${spoken}]`,
    "CallExpression[callee.name=/^(notify|toast)$/]",
    "CallExpression[callee.object.name=/^(notify|toast)$/]",
  ].flatMap((place) => [
    `${place} > Literal`,
    `${place} > ConditionalExpression > Literal`,
    `${place} > LogicalExpression > Literal`,
    `${place} > TemplateLiteral > TemplateElement`,
  ]),
].map((place) => ({
  selector: `${place}[${place.endsWith("TemplateElement") ? "value.raw" : "value"}=/[a-z]/i]:not([value="Taskwire"])`,
  message: "Words belong into messages/: see “Words” in README.md.",
}));

// `ltr:pl-[env(safe-area-inset-left)]` is physical, and says so.
const physical =
  "/(^|[\\s:])-?([mp][lr]-|(left|right)-[\\d[]|(border|rounded)-[lr](\\s|-|$)|text-(left|right))(?!\\[env)/";
const sides = ["Literal[value", "TemplateElement[value.raw"].map((text) => ({
  selector: `JSXAttribute[name.name='className'] ${text}=${physical}]`,
  message: "Use ms-, pe-, start-, text-start…: a language may be written from right to left.",
}));

const config = [
  {
    ignores: [
      ".next/",
      "out/",
      "node_modules/",
      "next-env.d.ts",
      "test-results/",
      "public/",
      "src/lib/api/openapi.ts",
      "src/messages/",
    ],
  },
  ...nextVitals,
  ...nextTypescript,
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "import/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      eqeqeq: ["error", "always"],
      "no-restricted-syntax": ["error", html],
    },
  },
  {
    files: ["src/**"],
    ignores: ["**/*.test.*", "src/testing/**"],
    rules: { "no-restricted-syntax": ["error", html, ...words, ...sides] },
  },
  prettier,
];

export default config;
