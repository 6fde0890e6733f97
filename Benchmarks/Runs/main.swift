// What runs cost in the engine, in process, with the memory store: CPU and live memory for each, and runs per second.
// `--quick` runs a tenth, `--smoke` a few only, to see that everything still works; `--json FILE` also writes the figures to a
// file.
import JSONWire
import Platform

let words = Array(CommandLine.arguments.dropFirst())
let part = words.contains("--smoke") ? 1000 : words.contains("--quick") ? 10 : 1
let sheet = try RunFigures(partOf: part).measure()
print(sheet.text)
if let place = words.firstIndex(of: "--json"), place + 1 < words.count {
    try FileText.write(Array(sheet.json.jsonText.utf8), to: words[place + 1])
}
