/// Reads texts and says of each what the scanners make of it; `scripts/json_diff.py` compares that with another reader.
///
/// Input: for each text its length, four bytes, the least first, and the text. The first line of output names the scanners this
/// processor has; then comes a line for each text: `yes HASH`, `no OFFSET REASON`, or `differ` with what each scanner says. The
/// hash is the SHA-256 of the value's canonical form.
import Foundation
import JSONWire
import Security

/// Adds the canonical form of a value: of numbers the text and whether they are integers of 64 bits, of texts the length
/// and UTF-8, of objects the members in order, of repeated ones the last in the place of the first.
func write(_ value: JSONValue, to out: inout [UInt8]) {
    switch value {
    case .null: out.append(UInt8(ascii: "n"))
    case .bool(let bool): out.append(UInt8(ascii: bool ? "t" : "f"))
    case .integer(let number):
        out.append(UInt8(ascii: "i"))
        out += Array(number.description.utf8)
        out.append(UInt8(ascii: ";"))
    case .number(let number):
        out.append(UInt8(ascii: "d"))
        out += Array(number.text.utf8)
        out.append(UInt8(ascii: ";"))
    case .string(let text): write(text, to: &out)
    case .array(let elements):
        out.append(UInt8(ascii: "["))
        for element in elements { write(element, to: &out) }
        out.append(UInt8(ascii: "]"))
    case .object(let object):
        out.append(UInt8(ascii: "{"))
        for member in object.members {
            write(member.name, to: &out)
            write(member.value, to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }
}

/// Adds the canonical form of a text.
func write(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "s"))
    out += Array(text.utf8.count.description.utf8)
    out.append(UInt8(ascii: ":"))
    out += Array(text.utf8)
}

/// What a scanner makes of a text.
func verdict(_ scanner: JSONScanner, _ text: [UInt8]) -> String {
    scanner.read(text.span) { result in
        switch result {
        case .failure(let error): return "no \(error.offset) \(error.reason)"
        case .success(let document):
            var form: [UInt8] = []
            write(document.root.value(), to: &form)
            let hash = Digest.of(form, by: .sha256).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }
            return "yes " + hash.joined()
        }
    }
}

/// So many bytes of the input; fewer where it ends.
func take(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
        guard let more = try FileHandle.standardInput.read(upToCount: count - bytes.count),
            !more.isEmpty
        else { break }
        bytes += more
    }
    return bytes
}

let engines = JSONScanner.Engine.allCases.filter { $0.isAvailable }
let scanners = engines.map { JSONScanner(engine: $0) }
try FileHandle.standardOutput.write(
    contentsOf: Data("\(engines.map { "\($0)" }.joined(separator: " "))\n".utf8)
)
while true {
    let head = try take(4)
    if head.isEmpty { break }
    guard head.count == 4 else { fatalError("the input ends inside a length") }
    let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
    let text = try take(length)
    guard text.count == length else { fatalError("the input ends inside a text") }
    let verdicts = scanners.map { verdict($0, text) }
    let line =
        Set(verdicts).count == 1
        ? verdicts[0]
        : "differ " + zip(engines, verdicts).map { "\($0): \($1)" }.joined(separator: ", ")
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
}
