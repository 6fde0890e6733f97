// What verifying a signature costs beside OpenSSL's own message code, and whether a wrong signature takes the same time
// however much of it is right.
//
// Times are those of the processor, so that a machine that is busy with other things changes them little.
//
// `--smoke` runs a few only, to see that everything still works. `--forge N` sends N wrong signatures of each kind.

import CMeasure
import Documents
import Primitives
import Security
import Verification

let arguments = Array(CommandLine.arguments.dropFirst())
let secret = "a-secret-of-more-than-sixteen-bytes"

/// A verifier of the configuration's form.
func verifier(_ yaml: String) -> Verifier? {
    let diagnostics = Diagnostics()
    let node = YAMLReader.read(yaml, file: "bench.yml", diagnostics: diagnostics).first
    return node.flatMap { VerifierReader(diagnostics: diagnostics).read($0) }
}

/// A request with the headers that a preset signs a body with.
func signed(_ verifier: Verifier, _ body: [UInt8], _ now: WallTime) -> SenderRequest? {
    var request = SenderRequest(method: "POST", target: "/hook")
    do throws(SigningMistake) {
        for header in try verifier.sign(request, body: body, id: "msg_1", now: now) {
            request.add(header.name, header.value)
        }
        return request
    } catch {
        return nil
    }
}

/// The least, the median and the most nanoseconds of a call, over nine rounds.
func measure(_ count: Int, _ body: () -> UInt64) -> (min: Double, median: Double, max: Double) {
    var times: [Double] = []
    var hash: UInt64 = 0
    for round in 0...9 {
        let start = sluice_cpu_ns()
        for _ in 0..<count { hash = hash &* 31 &+ body() }
        let elapsed = sluice_cpu_ns() &- start
        if round > 0 { times.append(Double(elapsed) / Double(count)) }
    }
    times.sort()
    precondition(hash != 1, "the work was done")
    return (times[0], times[times.count / 2], times[times.count - 1])
}

/// A number with a width.
func column(_ value: Double, _ width: Int = 10) -> String {
    let text = String(Int(value.rounded()))
    return String(repeating: " ", count: max(1, width - text.count)) + text
}

/// Verifying beside the bare code of the same bytes.
func compare(isSmoke: Bool) {
    let now = WallTime(milliseconds: 1_800_000_000_000)
    print(
        "preset     bytes   OpenSSL HMAC ns (min median max)   verified ns (min median max)   times"
    )
    for preset in ["github", "stripe", "standard"] {
        for (bytes, count) in [(1024, 20_000), (65_536, 500)] {
            let text = preset == "standard" ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : secret
            guard let verifier = verifier("{ preset: \(preset), secret: \(text) }") else { return }
            let body = [UInt8](repeating: UInt8(ascii: "a"), count: bytes)
            guard let request = signed(verifier, body, now) else { return }
            let key = Array(secret.utf8)
            let turns = isSmoke ? 3 : count
            let bare = measure(turns) {
                UInt64(MessageCode.of(body.span, key: key, by: .sha256)[0])
            }
            let whole = measure(turns) {
                if case .verified = verifier.check(request, body: body.span, now: now) {
                    1
                } else {
                    0
                }
            }
            let times = Int((whole.median / bare.median * 100).rounded())
            print(
                preset + String(repeating: " ", count: 9 - preset.count) + column(Double(bytes), 7)
                    + column(bare.min) + column(bare.median) + column(bare.max)
                    + column(whole.min) + column(whole.median) + column(whole.max)
                    + "   \(times / 100).\(times % 100 < 10 ? "0" : "")\(times % 100)"
            )
        }
    }
}

/// Wrong signatures whose first 0 or 31 bytes are right, in turns: their means must not tell them apart.
func forge(_ count: Int) {
    let now = WallTime(milliseconds: 1_800_000_000_000)
    guard let verifier = verifier("{ preset: github, secret: \(secret) }") else { return }
    let body = [UInt8](repeating: UInt8(ascii: "a"), count: 256)
    let code = MessageCode.of(body, key: Array(secret.utf8), by: .sha256)
    let requests = [0, 31].map { right -> SenderRequest in
        var wrong = code
        for index in right..<wrong.count { wrong[index] ^= 0xff }
        var request = SenderRequest(method: "POST", target: "/hook")
        request.add("X-Hub-Signature-256", "sha256=\(Hex.text(of: wrong))")
        return request
    }
    var times: [[Double]] = [[], []]
    for turn in 0..<(2 * count) {
        // In pairs of changing order, so that neither is always second.
        let kind = (turn / 2) % 2 == 0 ? turn % 2 : 1 - turn % 2
        let start = sluice_cpu_ns()
        let outcome = verifier.check(requests[kind], body: body.span, now: now)
        let elapsed = sluice_cpu_ns() &- start
        guard case .refused = outcome else { return print("a wrong signature was taken") }
        times[kind].append(Double(elapsed))
    }
    // What the machine did in between is not the check's: the slowest hundredth is left out of both.
    let trimmed = times.map { Array($0.sorted().prefix(count * 99 / 100)) }
    let means = trimmed.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
    let errors = zip(trimmed, means).map { values, mean in
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(max(1, values.count - 1)) / Double(max(1, values.count)))
            .squareRoot()
    }
    for (kind, right) in [0, 31].enumerated() {
        let (mean, error) = (means[kind], errors[kind])
        print(
            "right bytes \(right): n \(trimmed[kind].count), mean \(mean) ns, standard error \(error) ns"
        )
    }
    let error = (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
    print(
        "difference \(means[1] - means[0]) ns, \((means[1] - means[0]) / max(error, 0.001)) standard errors"
    )
}

if let place = arguments.firstIndex(of: "--forge") {
    forge(place + 1 < arguments.count ? Int(arguments[place + 1]) ?? 100_000 : 100_000)
} else {
    compare(isSmoke: arguments.contains("--smoke"))
}
