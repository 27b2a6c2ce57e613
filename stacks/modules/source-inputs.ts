import type { TerraformVariableValidationConfig } from "cdktf";
import { bounds } from "../constructs/checks/bounds";
import { optional } from "../constructs/terraform/optional";
import { CONTAINERS_MAX_BYTES } from "../constructs/worker/container";
import { namedKey, streamKey } from "../ingestion/coverage-keys";
import {
  COUNT_OF_RULES,
  FITTING_SIZE,
  MAX_RULES,
  TOO_MANY_BYTES,
} from "../ingestion/rules/filtered-stream-rules";
import { COUNT_OF_QUERIES, MAX_QUERIES } from "../ingestion/rules/query-rules";
import { NAMED_KEY } from "../ingestion/rules/settings-rules";
import type { EitherSource, NamedQuery, StreamRule } from "../ingestion/source";
import { validation } from "./bound-validation";
import { listOrEmpty, listValidations } from "./list-validation";
import type { ModuleInputs } from "./module-inputs";

const inText = (expression: string) => `\${${expression}}`;
const trimmed = (text: string) => `trimspace(${text})`;
const normalized = (text: string) => trimmed(`replace(${text}, "/\\\\s+/", " ")`);

/** One query, several, or the rules of the filtered stream: the caller gives exactly one of the three. */
export function sourceInputs(inputs: ModuleInputs, metricsNamespace: string): EitherSource {
  const rules = streamRules(inputs);
  return {
    mode: "either",
    search: {
      query: inputs.optionalString("search_query", {
        description: "X query to search for. Null: `search_queries` or `stream_rules` say what to read.",
        bound: "searchQuery",
        pairs: [exactlyOne()],
      }),
      queries: searchQueries(inputs),
      pollSeconds: inputs.number("search_poll_seconds", {
        description: "Seconds between two polls when caught up.",
        default: 60,
        bound: "pollSeconds",
      }),
      start: inputs.string("search_start", {
        description:
          "Where a query without coverage begins: `now`, `window` (X's seven days, which cost) or a time.",
        default: "now",
        bound: "searchStart",
        pairs: [nowForStream()],
      }),
    },
    stream: {
      mode: "stream",
      rules,
      fill: inputs.boolean("stream_fill", {
        description: "Whether search fills the holes that disconnections of the filtered stream leave.",
        default: true,
      }),
    },
    watched: watched(inputs, { metricsNamespace, rules }),
  };
}

function searchQueries(inputs: ModuleInputs): readonly NamedQuery[] {
  const rule = { max: MAX_QUERIES, fix: COUNT_OF_QUERIES };
  return inputs.optionalList<NamedQuery>(
    "search_queries",
    "list(object({ name = string, query = string }))",
    {
      description:
        "Several X queries in one task, under one budget: names and queries are unique. Each has alarms of its own and the coverage `<checkpoint_key>/<name>`. Alarms of the first keep their names when others are added.",
      pairs: listValidations("search_queries", {
        ...rule,
        members: [
          { name: "name", bound: bounds.queryName, tidied: (text) => text },
          { name: "query", bound: bounds.searchQuery, tidied: normalized },
        ],
      }),
    },
  );
}

function streamRules(inputs: ModuleInputs): readonly StreamRule[] {
  const rule = { max: MAX_RULES, fix: COUNT_OF_RULES };
  return inputs.optionalList<StreamRule>("stream_rules", "list(object({ value = string, tag = string }))", {
    description:
      "Rules of X's filtered stream, whose values and tags are unique: the ingester listens to it in place of searching. X allows one connection for an app, so no second service may use the token.",
    pairs: [
      ...listValidations("stream_rules", {
        ...rule,
        members: [
          { name: "value", bound: bounds.ruleValue, tidied: normalized },
          { name: "tag", bound: bounds.ruleTag, tidied: trimmed },
        ],
      }),
      fittingSize(),
    ],
  });
}

/** Base64 has four characters for three bytes, which Terraform cannot count. */
function fittingSize(): TerraformVariableValidationConfig {
  const encoded = `length(base64encode(jsonencode(jsonencode(${listOrEmpty("stream_rules")}))))`;
  return validation("stream_rules", `${encoded} <= ${Math.ceil(CONTAINERS_MAX_BYTES / 3) * 4}`, {
    allowed: FITTING_SIZE,
    got: `floor(${encoded} * 3 / 4)`,
    fix: TOO_MANY_BYTES,
  });
}

function exactlyOne(): TerraformVariableValidationConfig {
  const names = ["search_query", "search_queries", "stream_rules"];
  const given = `[for given in [${names.map((name) => `var.${name} != null`).join(", ")}] : given if given]`;
  return {
    condition: `\${length(${given}) == 1}`,
    errorMessage: `${names[0]}, ${names[1]} or ${names[2]} must be set, exactly one of them, got \${length(${given})}. It is what the ingester reads from X.`,
  };
}

function nowForStream(): TerraformVariableValidationConfig {
  return validation("search_start", 'var.stream_rules == null || var.search_start == "now"', {
    allowed: '"now" where stream_rules are given',
    fix: "A stream begins when the ingester connects.",
  });
}

/** A key and a name can be valid separately, and too long together. */
export function namedKeyValidation(): TerraformVariableValidationConfig {
  const keys = `[for query in ${listOrEmpty("search_queries")} : "${namedKey(inText("var.checkpoint_key"), inText("query.name"))}"]`;
  const long = `[for key in ${keys} : key if length(key) > ${bounds.checkpointKey.maxLength}]`;
  return validation("checkpoint_key", `length(${long}) == 0`, { ...NAMED_KEY, got: `jsonencode(${long})` });
}

/** Keys of coverage and metrics. With several queries there are further ones, which only Terraform can list. */
function watched(
  inputs: ModuleInputs,
  { metricsNamespace, rules }: { readonly metricsNamespace: string; readonly rules: readonly StreamRule[] },
): EitherSource["watched"] {
  const key = inText("var.checkpoint_key");
  const first = "local.first_query_name";
  const name = optional(
    inputs.local("first_query_name", "try(var.search_queries[0].name, null)").asString,
    first,
  );
  const searched = `${first} != null ? "${namedKey(key, inText(first))}" : var.checkpoint_key`;
  const checkpointKey = inputs.local(
    "first_checkpoint_key",
    `var.stream_rules != null ? "${streamKey(key)}" : ${searched}`,
  ).asString;
  inputs.local(
    "further_checkpoint_keys",
    `{ for index, query in ${listOrEmpty("search_queries")} : query.name => "${namedKey(key, inText("query.name"))}" if index > 0 }`,
  );
  const poll = inputs.local("pause_seconds", "var.stream_rules != null ? 0 : var.search_poll_seconds");
  const filled = inputs.local("filled_stream", "var.stream_rules != null && var.stream_fill ? true : null");
  return {
    metricsNamespace,
    pollSeconds: poll.asNumber,
    queries: [{ name, checkpointKey }],
    furtherQueries: "local.further_checkpoint_keys",
    filteredStream: {
      metricsNamespace,
      checkpointKey,
      fillsHoles: true,
      onlyWith: rules,
      fillsHolesOnlyWith: optional(filled.asString, "local.filled_stream"),
    },
  };
}
