// The workload of bench/memory.cpp on the module that this library is a port of: one JSON line for each
// operation, the median of the rounds in nanoseconds.

import * as Persistance from "@effect/experimental/Persistance"
import * as Schema from "@effect/schema/Schema"
import * as Effect from "effect/Effect"

const KEYS = 10_000
const MANY = 100
const ROUNDS = 9

const User = Schema.struct({
  name: Schema.string,
  email: Schema.string,
  age: Schema.Int,
  tags: Schema.array(Schema.string)
})

const user = (i) => ({
  name: `Ada Lovelace ${i}`,
  email: `ada.lovelace.${i}@example.org`,
  age: i % 90,
  tags: ["mathematics", "poetry", "analytical engine"]
})

const keys = Array.from({ length: KEYS }, (_, i) => `user:${i}`)
const users = keys.map((_, i) => user(i))

// A fixed pseudo-random order: neither side profits from walking through its memory.
const order = []
for (let i = 0, state = 42; i < KEYS; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  order.push(state % KEYS)
}
const batches = Array.from({ length: KEYS / MANY }, (_, b) =>
  order.slice(b * MANY, (b + 1) * MANY).map((i) => keys[i]))

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

// `work` does `count` operations; the first rounds warm the compiler up.
const measure = (name, count, work) =>
  Effect.gen(function*(_) {
    const rounds = []
    for (let round = -3; round < ROUNDS; round++) {
      const start = process.hrtime.bigint()
      yield* _(work)
      if (round >= 0) rounds.push(Number(process.hrtime.bigint() - start) / count)
    }
    console.log(JSON.stringify({ name, ns: Math.round(median(rounds)) }))
  })

const program = Effect.gen(function*(_) {
  const persistance = yield* _(Persistance.SchemaPersistance)
  const store = yield* _(persistance.make("users", User))
  for (let i = 0; i < KEYS; i++) yield* _(store.set(keys[i], users[i]))

  yield* _(measure("set", KEYS, Effect.gen(function*(_) {
    for (const i of order) yield* _(store.set(keys[i], users[i]))
  })))
  yield* _(measure("get", KEYS, Effect.gen(function*(_) {
    for (const i of order) {
      const found = yield* _(store.get(keys[i]))
      if (found._tag === "None") throw new Error("a key is gone")
    }
  })))
  yield* _(measure("getMany a key", KEYS, Effect.gen(function*(_) {
    for (const batch of batches) {
      const found = yield* _(store.getMany(batch))
      if (found.some((slot) => slot._tag === "None")) throw new Error("a key is gone")
    }
  })))
})

await Effect.runPromise(Effect.provide(program, Persistance.layerSchemaMemory))
