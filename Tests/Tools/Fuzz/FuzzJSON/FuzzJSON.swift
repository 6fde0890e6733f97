internal import JSONWire

/// Reads arbitrary bytes as JSON; what is accepted must read back the same after it was written, and all scanners must say
/// the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzJSON(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    let ends = JSONScanner.Engine.allCases.map { engine in
        JSONScanner(engine: engine).read(input.span) { result in
            switch result {
            case .success(let document): document.root.rawRange.upperBound
            case .failure(let error): -1 - error.offset
            }
        }
    }
    precondition(ends.allSatisfy { $0 == ends[0] }, "the scanners differ")
    let value: JSONValue
    do throws(JSONError) {
        value = try JSONValue.parse(input)
    } catch {
        precondition(error.offset >= 0 && error.offset <= count, "an error beyond the input")
        return 0
    }
    do throws(JSONError) {
        let again = try JSONValue.parse(value.jsonText)
        precondition(again == value, "it reads back as something else")
    } catch {
        preconditionFailure("what was written cannot be read: \(error)")
    }
    return 0
}
