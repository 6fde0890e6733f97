// What runs cost in the engine, in process, with the memory store: CPU and live memory for each.
// `--smoke` runs a few only, to see that everything still works.

let isSmoke = CommandLine.arguments.contains("--smoke")
let scale = isSmoke ? 1000 : 1
let engine = try Engine()

_ = try engine.carry("three", count: 2000 / scale, batch: 100)
let three = try engine.carry("three", count: 100_000 / scale, batch: 100)
print("three steps, CPU for a run            \(Int(three.cpu / 10) / 100) µs")
print("three steps, completed                \(three.completed) of \(100_000 / scale)")
let many = try engine.carry("one", count: 1_000_000 / scale, batch: 100_000 / scale)
print("bulk starts, completed                \(many.completed) of \(1_000_000 / scale)")
print("bulk starts, CPU for a run            \(Int(many.cpu / 10) / 100) µs")
let parked = try engine.park(count: 100_000 / scale)
print("waiting, live memory for a run        \(Int(parked)) B")
