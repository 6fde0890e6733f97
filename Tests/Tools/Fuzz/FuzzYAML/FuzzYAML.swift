internal import Documents

/// Reads arbitrary bytes as a configuration; whatever is wrong is a diagnostic with a place that can be printed.
@c(LLVMFuzzerTestOneInput)
public func fuzzYAML(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    let diagnostics = Diagnostics()
    _ = YAMLReader.read(input, file: "fuzz.yml", diagnostics: diagnostics)
    for diagnostic in diagnostics.all {
        precondition(diagnostic.position.line >= 1 && diagnostic.position.column >= 1, "no place")
    }
    return 0
}
