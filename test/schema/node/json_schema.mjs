// Checks our JSON Schemas against the published meta-schema, and compares our verdicts with those of
// an independent validator. Lines of schema-oracle come in on stdin.
import Ajv2020 from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { createInterface } from "node:readline"

const ajv = new Ajv2020.default({ strict: false, allErrors: true })
addFormats.default(ajv)

let pairs = 0, refused = 0, differences = 0, invalid = 0
const compiled = new Map()
const validatorOf = (schema) => {
  const text = JSON.stringify(schema)
  if (!compiled.has(text)) {
    if (!ajv.validateSchema(schema)) {
      invalid += 1
      console.log(JSON.stringify({ schema, errors: ajv.errors }))
    }
    compiled.set(text, ajv.compile(schema))
  }
  return compiled.get(text)
}
for await (const line of createInterface({ input: process.stdin })) {
  const { jsonSchema, value, accepted, issues } = JSON.parse(line)
  const theirs = validatorOf(jsonSchema)(value)
  pairs += 1
  if (!accepted) refused += 1
  if (accepted === theirs) continue
  differences += 1
  console.log(JSON.stringify({ jsonSchema, value, accepted, theirs, issues }))
}
console.log(`${compiled.size} schemas, ${invalid} invalid; ${pairs} pairs, ${refused} of them refused, ${differences} differences`)
process.exit(pairs > 0 && refused > 0 && refused < pairs && differences + invalid === 0 ? 0 : 1)
