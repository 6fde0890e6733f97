// What a callback costs inside the process, stage by stage: nanoseconds and allocations for one callback of 194 bytes.
// `--smoke` runs a few only, to see that everything still works.

let isSmoke = CommandLine.arguments.contains("--smoke")
let stages = Stages(count: isSmoke ? 10 : 200_000)
print(Measurement.heading)
for measurement in stages.measure() { print(measurement.line) }
