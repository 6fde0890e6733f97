import HTTPWire
import Testing

/// Clients that speak something else are told what they speak.
@Suite struct OtherProtocolTests {
    @Test(
        arguments: [
            ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00], "TLS"),
            ([0x16, 0x03, 0x03], "TLS"),
            (Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), "HTTP/2"),
            ([5, 1, 0], "SOCKS"), ([4, 1, 0, 80, 127, 0, 0, 1, 0], "SOCKS"),
            (Array("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n".utf8), "PROXY"),
            ([13, 10, 13, 10, 0, 13, 10] + Array("QUIT\n".utf8) + [0x21, 0x11, 0, 12], "PROXY"),
            (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), "SSH"),
        ] as [([UInt8], String)]
    )
    func `another protocol is named`(_ bytes: [UInt8], _ name: String) {
        let run = ParserRun([bytes])
        #expect(run.refusal?.status == 400)
        #expect(run.refusal?.detail.contains(name) == true, "\(run.refusal?.detail ?? "-")")
    }

    @Test func `TLS is told in the words of the log`() {
        let run = ParserRun([[0x16, 0x03, 0x01, 0x00, 0x05]])
        #expect(run.refusal?.detail == "The client speaks TLS, this port is plain HTTP.")
    }

    @Test(arguments: ["\u{1}\u{2}", "garbage here\r\n", "PROPFIN / HTTP/1.1\r\n", "{}\r\n"])
    func `what is no known protocol is not called one`(_ text: String) {
        let run = ParserRun(text)
        #expect(run.refusal != nil)
        #expect(run.refusal?.detail.contains("The client") == false)
    }
}
