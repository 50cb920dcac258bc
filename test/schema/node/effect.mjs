// Compares our verdicts and issue paths with those of the original's schema module. Lines of
// schema-oracle come in on stdin.
import * as S from "@effect/schema/Schema"
import * as Either from "effect/Either"
import { createInterface } from "node:readline"

// Our optional(s) also takes null, as a field and elsewhere: the original's optional(nullable(s)).
const nullable = (schema) => S.union(schema, S.null)
const schemaOf = (description) => {
  switch (description.kind) {
    case "string": return S.string
    case "number": return S.number
    case "boolean": return S.boolean
    case "literals": return S.literal(...description.values)
    case "array": return S.array(schemaOf(description.item))
    case "nullable": return nullable(schemaOf(description.schema))
    case "struct": return S.struct(Object.fromEntries(description.fields.map(fieldOf)))
  }
  throw new Error("no such kind: " + description.kind)
}
const fieldOf = ({ name, optional, schema }) => {
  const inner = schemaOf(schema)
  if (!optional) return [name, inner]
  return [name, S.optional(schema.kind === "nullable" ? inner : nullable(inner))]
}

const escape = (segment) => "/" + String(segment).replaceAll("~", "~0").replaceAll("/", "~1")
const isNull = (error) => error._tag === "Type" && error.expected._tag === "Literal" && error.expected.literal === null
const isNullMember = (error) => error._tag === "UnionMember" && error.errors.every(isNull)
// Where a value is neither null nor what it may be besides, both members of the union complain; what
// is wrong with it is what the other one says.
const pathsOf = (errors, path = "") => {
  const telling = errors.filter((error) => !isNullMember(error))
  return (telling.length > 0 ? telling : errors).flatMap((error) => {
    if (error._tag === "Key") return pathsOf(error.errors, path + escape(error.key))
    if (error._tag === "Index") return pathsOf(error.errors, path + escape(error.index))
    if (error._tag === "UnionMember") return pathsOf(error.errors, path)
    return [path]
  })
}
const setOf = (paths) => JSON.stringify([...new Set(paths)].sort())

let pairs = 0, refused = 0, differences = 0
for await (const line of createInterface({ input: process.stdin })) {
  const { description, value, accepted, issues } = JSON.parse(line)
  const result = S.parseEither(schemaOf(description))(value, { errors: "all" })
  const theirs = Either.isRight(result) ? [] : pathsOf(result.left.errors)
  const ours = issues.map((issue) => issue.path)
  pairs += 1
  if (!accepted) refused += 1
  if (accepted === Either.isRight(result) && setOf(ours) === setOf(theirs)) continue
  differences += 1
  console.log(JSON.stringify({ description, value, ours, theirs, accepted }))
}
console.log(`${pairs} pairs, ${refused} of them refused, ${differences} differences`)
process.exit(pairs > 0 && refused > 0 && refused < pairs && differences === 0 ? 0 : 1)
