// What runs cost in the engine, in process, with the memory store: CPU and live memory for each, and runs per second.
// `--smoke` runs a few only, to see that everything still works; `--json FILE` also writes the figures to a file.
import JSONWire
import Platform

let words = Array(CommandLine.arguments.dropFirst())
let sheet = try RunFigures(isSmoke: words.contains("--smoke")).measure()
print(sheet.text)
if let place = words.firstIndex(of: "--json"), place + 1 < words.count {
    try FileText.write(Array(sheet.json.jsonText.utf8), to: words[place + 1])
}
