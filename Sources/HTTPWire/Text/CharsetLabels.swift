extension Charset {
    /// The labels of every encoding, in small letters (WHATWG Encoding, 4.2).
    static let labels: [String: Charset] = {
        var labels: [String: Charset] = [:]
        for (charset, text) in table {
            for label in text.split(separator: " ") { labels[String(label)] = charset }
        }
        for part in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] {
            guard let charset = Charset(rawValue: "ISO-8859-\(part)") else { continue }
            for label in ["iso-8859-\(part)", "iso8859-\(part)", "iso8859\(part)"] {
                labels[label] = charset
            }
        }
        for page in [1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258] {
            guard let charset = Charset(rawValue: "windows-\(page)") else { continue }
            for label in ["windows-\(page)", "cp\(page)", "x-cp\(page)"] { labels[label] = charset }
        }
        return labels
    }()

    private static let table: [(Charset, String)] = [
        (.utf8, "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"),
        (.utf16BE, "unicodefffe utf-16be"),
        (.utf16LE, "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"),
        (.ibm866, "866 cp866 csibm866 ibm866"),
        (.iso8859Part2, "csisolatin2 iso-ir-101 iso_8859-2 iso_8859-2:1987 l2 latin2"),
        (.iso8859Part3, "csisolatin3 iso-ir-109 iso_8859-3 iso_8859-3:1988 l3 latin3"),
        (.iso8859Part4, "csisolatin4 iso-ir-110 iso_8859-4 iso_8859-4:1988 l4 latin4"),
        (.iso8859Part5, "csisolatincyrillic cyrillic iso-ir-144 iso_8859-5 iso_8859-5:1988"),
        (
            .iso8859Part6,
            "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e "
                + "iso-8859-6-i iso-ir-127 iso_8859-6 iso_8859-6:1987"
        ),
        (
            .iso8859Part7,
            "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso_8859-7 iso_8859-7:1987 "
                + "sun_eu_greek"
        ),
        (
            .iso8859Part8,
            "csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8-e iso-8859-8-i iso-ir-138 "
                + "iso_8859-8 iso_8859-8:1988 logical visual"
        ),
        (.iso8859Part10, "csisolatin6 iso-ir-157 l6 latin6"),
        (.iso8859Part15, "csisolatin9 iso_8859-15 l9"),
        (.koi8R, "cskoi8r koi koi8 koi8-r koi8_r"), (.koi8U, "koi8-ru koi8-u"),
        (.macintosh, "csmacintosh mac macintosh x-mac-roman"),
        (.macCyrillic, "x-mac-cyrillic x-mac-ukrainian"),
        (.windows874, "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"),
        (
            .windows1252,
            "ansi_x3.4-1968 ascii cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 "
                + "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii"
        ),
        (
            .windows1254,
            "csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5"
        ),
        (
            .gb18030,
            "chinese csgb2312 csiso58gb231280 gb18030 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"
        ),
        (.big5, "big5 big5-hkscs cn-big5 csbig5 x-x-big5"),
        (.eucJP, "cseucpkdfmtjapanese euc-jp x-euc-jp"),
        (.iso2022JP, "csiso2022jp iso-2022-jp"),
        (.shiftJIS, "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"),
        (
            .eucKR,
            "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
                + "ksc_5601 windows-949"
        ),
    ]
}
