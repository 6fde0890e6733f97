import JSONWire
import Testing

/// The documents of nst/JSONTestSuite.
@Suite struct JSONTestSuiteTests {
    /// What the suite leaves open and we accept; the other `i_` documents are refused because they are not UTF-8, or
    /// not JSON without a BOM of another encoding.
    static let acceptedOptional: Set<String> = [
        "i_number_double_huge_neg_exp.json", "i_number_huge_exp.json",
        "i_number_neg_int_huge_exp.json", "i_number_pos_double_huge_exp.json",
        "i_number_real_neg_overflow.json", "i_number_real_pos_overflow.json",
        "i_number_real_underflow.json", "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json", "i_number_very_big_negative_int.json",
        "i_object_key_lone_2nd_surrogate.json",
        "i_string_1st_surrogate_but_2nd_missing.json",
        "i_string_1st_valid_surrogate_2nd_invalid.json",
        "i_string_incomplete_surrogate_and_escape_valid.json",
        "i_string_incomplete_surrogate_pair.json",
        "i_string_incomplete_surrogates_escape_valid.json",
        "i_string_invalid_lonely_surrogate.json", "i_string_invalid_surrogate.json",
        "i_string_inverted_surrogates_U+1D11E.json", "i_string_lone_second_surrogate.json",
        "i_structure_500_nested_arrays.json", "i_structure_UTF-8_BOM_empty_object.json",
    ]

    @Test func `every y_ document is read and no n_ document is`() throws {
        let scanners = Scanners()
        var counts: [Character: Int] = [:]
        for (name, bytes) in try dataFiles("JSONTestSuite/test_parsing") {
            let outline = try #require(scanners.outline(bytes), "the scanners differ on \(name)")
            let isRead = if case .values = outline { true } else { false }
            let isWanted =
                name.hasPrefix("y_") || name.hasPrefix("i_") && Self.acceptedOptional.contains(name)
            #expect(isRead == isWanted, "\(name): \(outline)")
            counts[name.first ?? "?", default: 0] += 1
        }
        #expect(counts["y"] == 95 && counts["n"] == 188 && counts["i"] == 35)
    }

    @Test func `what is read is written and read the same again`() throws {
        for folder in ["test_parsing", "test_transform"] {
            for (name, bytes) in try dataFiles("JSONTestSuite/\(folder)") {
                guard let value = try? JSONValue.parse(bytes) else { continue }
                #expect(try JSONValue.parse(value.jsonBytes) == value, "\(name)")
                #expect(try JSONValue.parse(value.prettyJSONText) == value, "\(name)")
            }
        }
    }

    @Test(arguments: [
        ("number_-9223372036854775808", "[-9223372036854775808]"),
        ("number_-9223372036854775809", "[-9223372036854775809]"),
        ("number_1.0", "[1.0]"),
        ("number_1.000000000000000005", "[1.000000000000000005]"),
        ("number_1e-999", "[1E-999]"),
        ("number_1e6", "[1E6]"),
        ("number_10000000000000000999", "[10000000000000000999]"),
        ("object_same_key_different_values", #"{"a":2}"#),
        ("object_same_key_same_value", #"{"a":1}"#),
        ("object_key_nfc_nfd", "{\"é\":\"NFC\",\"e\u{301}\":\"NFD\"}"),
        ("object_key_nfd_nfc", "{\"e\u{301}\":\"NFD\",\"é\":\"NFC\"}"),
        ("string_1_escaped_invalid_codepoint", "[\"\u{FFFD}\"]"),
        ("string_2_escaped_invalid_codepoints", "[\"\u{FFFD}\u{FFFD}\"]"),
        ("string_with_escaped_NULL", #"["A\u0000B"]"#),
    ])
    func `values pass through as they came`(_ name: String, _ expected: String) throws {
        let files = try dataFiles("JSONTestSuite/test_transform")
        let bytes = try #require(files.first { $0.name == name + ".json" }).bytes
        #expect(try JSONValue.parse(bytes).jsonBytes == [UInt8](expected.utf8))
    }
}
