import Ajv from "ajv";
import addFormats from "ajv-formats";
import xSchema from "../fixtures/x-api.schema.json";

const ajv = new Ajv({ strict: false });
addFormats(ajv);
ajv.addSchema(xSchema, "x");

/** A check against a definition of X's OpenAPI. @param name for example `GetRulesResponse` */
export function schemaOf(name: keyof typeof xSchema.definitions): (value: unknown) => boolean {
  const validate = ajv.compile({ $ref: `x#/definitions/${name}` });
  return (value) => validate(value) === true;
}
