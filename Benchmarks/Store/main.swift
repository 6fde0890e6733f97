// What the store behind the journal costs: records a second and CPU for each callback, on this disk.
// `--smoke` runs a few only, to see that everything still works. `--fill DIRECTORY COUNT` makes a store with so many ended runs.
import Glibc
import Primitives

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "--fill" {
    guard arguments.count == 3, let path = arguments.dropFirst().first,
        let count = arguments.last.flatMap(Int.init), count > 0
    else {
        print("usage: store --fill DIRECTORY COUNT")
        exit(2)
    }
    try Filling(directory: path).fill(count: count)
    exit(0)
}

let isSmoke = CommandLine.arguments.contains("--smoke")
let count = isSmoke ? 2_000 : 200_000
let cases = [
    ("at once", 0, false), ("2,000 runs later", 2_000, false),
    ("100,000 runs later", 100_000, false), ("100,000 runs later, in no order", 100_000, true),
]
for (name, lag, isShuffled) in cases {
    let load = try Load(lag: isSmoke ? lag / 100 : lag, isShuffled: isShuffled)
    let cost = try load.run(count: count)
    print("callbacks that come \(name)")
    print("  callbacks a second                  \(Int(Double(count) / cost.seconds))")
    print("  CPU for a callback                  \(Double(Int(cost.cpu * 100)) / 100) µs")
    print("  bytes in the database for each      \(cost.bytes / count)")
}
