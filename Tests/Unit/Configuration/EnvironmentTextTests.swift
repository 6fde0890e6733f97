import Documents
import Testing

@testable import Configuration

@Suite struct EnvironmentTextTests {
    @Test func `names, quotes, comments and exports are read`() {
        let text = """
            # a comment
            PLAIN=value
            export EXPORTED=yes
            QUOTED="a # b"
            SINGLE='c d'
            TRAILING=x # said so
            EMPTY=
            WITH_EQUALS=a=b
            """
        let diagnostics = Diagnostics()
        let variables = EnvironmentText.parse(
            Array(text.utf8),
            file: ".env",
            diagnostics: diagnostics
        )
        #expect(diagnostics.all.isEmpty)
        #expect(
            variables == [
                "PLAIN": "value", "EXPORTED": "yes", "QUOTED": "a # b", "SINGLE": "c d",
                "TRAILING": "x", "EMPTY": "", "WITH_EQUALS": "a=b",
            ]
        )
    }

    @Test func `a line that is none is told with its place, not its text`() {
        let diagnostics = Diagnostics()
        _ = EnvironmentText.parse(
            Array("A=1\nhunter2\n".utf8),
            file: ".env",
            diagnostics: diagnostics
        )
        #expect(diagnostics.all.map(\.position.description) == [".env:2:1"])
        #expect(diagnostics.all.allSatisfy { !$0.message.contains("hunter2") })
    }
}
