/// A piece of a page: made of elements and escaped text alone, so that it is whole and nobody's words
/// become anything but words.
struct HTML: Sendable, Equatable {
    let markup: String

    private init(markup: String) {
        self.markup = markup
    }

    static let empty = HTML(markup: "")

    /// Somebody's words, as words.
    init(_ text: String) {
        markup = HTMLPage.escaped(HTML.readable(text))
    }

    /// An element.
    ///
    /// - Parameters:
    ///   - name: of an element that has an end tag.
    ///   - attributes: their values are escaped; without one where it is `nil`.
    init(
        _ name: StaticString,
        _ attributes: [(StaticString, String?)] = [],
        _ children: HTML...
    ) {
        self.init(name, attributes, of: children)
    }

    init(
        _ name: StaticString,
        _ attributes: [(StaticString, String?)] = [],
        of children: [HTML]
    ) {
        var markup = "<\(name)"
        for (name, value) in attributes {
            guard let value else { continue }
            markup += " \(name)=\"\(HTMLPage.escaped(HTML.readable(value)))\""
        }
        markup += ">"
        for child in children { markup += child.markup }
        self.markup = markup + "</\(name)>"
    }

    /// An element that has no end tag.
    static func void(_ name: StaticString, _ attributes: [(StaticString, String?)]) -> HTML {
        let whole = HTML(name, attributes).markup
        return HTML(markup: String(whole.dropLast("></\(name)>".utf8.count)) + "/>")
    }

    static func + (one: HTML, other: HTML) -> HTML { HTML(markup: one.markup + other.markup) }

    /// Characters that no HTML has are shown as missing ones.
    private static func readable(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !isStrange($0) }
        guard !isPlain else { return text }
        var readable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isBlank = scalar == "\n" || scalar == "\t"
            let isMissing = scalar.value < 0x20 && !isBlank || isStrange(scalar)
            readable.append(isMissing ? "\u{fffd}" : scalar)
        }
        return String(readable)
    }

    private static func isStrange(_ scalar: Unicode.Scalar) -> Bool {
        0x7f...0x9f ~= scalar.value || scalar.value & 0xfffe == 0xfffe
            || 0xfdd0...0xfdef ~= scalar.value
    }
}

extension HTML {
    /// Pieces, one after the other.
    static func all(_ parts: [HTML]) -> HTML {
        HTML(markup: parts.map(\.markup).joined())
    }

    static func heading(_ level: Int, _ text: String, id: String? = nil) -> HTML {
        switch level {
        case 1: HTML("h1", [("id", id)], HTML(text))
        case 2: HTML("h2", [("id", id)], HTML(text))
        default: HTML("h3", [("id", id)], HTML(text))
        }
    }

    static func paragraph(_ text: String, class name: String? = nil) -> HTML {
        HTML("p", [("class", name)], HTML(text))
    }

    /// A text of several paragraphs, which may be in any language.
    static func prose(_ text: String) -> HTML {
        let parts = text.split(whereSeparator: \.isNewline)
        return all(parts.map { HTML("p", [("dir", "auto")], HTML(String($0))) })
    }

    /// A link within this deployment, or to a page on the web; any other address is shown as text.
    static func link(_ address: String, _ text: String) -> HTML {
        let isOurs = address.hasPrefix("/") && !address.hasPrefix("//")
        guard isOurs || address.hasPrefix("https://") || address.hasPrefix("#") else {
            return HTML(text)
        }
        return HTML("a", [("href", address)], HTML(text))
    }

    static func list(_ items: [HTML]) -> HTML {
        HTML("ul", [], of: items.map { HTML("li", [], $0) })
    }

    /// Names with what they say; what says nothing is left out.
    static func facts(_ pairs: [(name: String, value: HTML?)]) -> HTML {
        let told = pairs.compactMap { pair in pair.value.map { (pair.name, $0) } }
        guard !told.isEmpty else { return .empty }
        return HTML(
            "dl",
            [],
            of: told.flatMap { [HTML("dt", [], HTML($0)), HTML("dd", [("dir", "auto")], $1)] }
        )
    }

    /// A table that can be scrolled sideways where the screen is narrow, by keys too.
    static func table(
        _ caption: String,
        _ columns: [String],
        _ rows: [[HTML]],
        none: String = "There is none."
    ) -> HTML {
        guard !rows.isEmpty else { return paragraph("\(caption): \(none)") }
        let head = HTML(
            "thead",
            [],
            HTML("tr", [], of: columns.map { HTML("th", [("scope", "col")], HTML($0)) })
        )
        let body = HTML(
            "tbody",
            [],
            of: rows.map { row in
                HTML(
                    "tr",
                    [],
                    of: row.enumerated().map { place, cell in
                        place == 0
                            ? HTML("th", [("scope", "row"), ("dir", "auto")], cell)
                            : HTML("td", [("dir", "auto")], cell)
                    }
                )
            }
        )
        return HTML(
            "div",
            [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)],
            HTML("table", [], HTML("caption", [], HTML(caption)), head, body)
        )
    }
}
