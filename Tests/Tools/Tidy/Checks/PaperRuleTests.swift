import Testing

@Suite struct PaperRuleTests {
    @Test func `a code without an entry, and an entry without a code, are found`() {
        let page = "# Errors\n\n### `known`\n\nText.\n\n### gone\n\nText.\n"
        let found = PaperRule.codes(["known", "new"], page: page).map(\.what).sorted()
        #expect(found == ["gone is no problem code", "new has no entry"])
    }

    @Test func `an entry without a text, and a second one, are found`() {
        let page = "### a\n\n### b\n\nText.\n\n### b\n\nText.\n"
        let found = PaperRule.codes(["a", "b"], page: page).map(\.what).sorted()
        #expect(found == ["a has no text", "b twice"])
    }

    @Test func `a folder that is not named is found`() {
        let page = "| `Sources/Loops` | threads |"
        #expect(PaperRule.folders(["Sources/Loops"], page: page) == [])
        #expect(PaperRule.folders(["Sources/Loops", "Sources/Attic"], page: page).count == 1)
    }

    @Test func `a link to nothing is found`() {
        let page = "See [a](../README.md), [b](gone.md#part) and [c](https://example.com)."
        let found = PaperRule.links(in: "docs/x.md", page) { $0 == "README.md" }
        #expect(found == [Finding("docs/x.md", 1, "gone.md is not there")])
    }

    @Test func `a path of one machine, and a paper nobody has, are found`() {
        #expect(PaperRule.placeNames(in: "a", "the bounds are those of des" + "ign 3").count == 1)
        #expect(PaperRule.placeNames(in: "a", "cd /ho" + "me/ann/sluice").count == 1)
        #expect(PaperRule.placeNames(in: "a", "cd /etc/sluice") == [])
    }
}
