/// A mail with gaps, which a record's values fill: `{!Case.Subject}`, `{!$User.Name}`.
///
/// What stands in a gap is a formula of the object; the object's name before a field may be left
/// out.
package struct EmailTemplate: Sendable {
    package let name: APIName
    package let label: String
    package let description: String?
    package let object: APIName
    package let subject: String
    package let textBody: String
    /// Values are escaped where they fill it.
    package let htmlBody: String?
    package let source: ShapedMap

    static let shape = Shape(
        title: "an email template",
        summary: "A mail with gaps that a record's values fill.",
        keys: [
            .init("emailTemplate", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "When it is sent."),
            .init("object", .name, required: true, "The object whose values fill the gaps."),
            .init("subject", .text, required: true, "The subject: `{!Case.CaseNumber}` is a gap."),
            .init("textBody", .text, required: true, "The mail as plain text."),
            .init("htmlBody", .text, "The mail as HTML; values are escaped."),
        ]
    )

    init(_ map: ShapedMap) {
        name = map.name("emailTemplate") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        object = map.name("object") ?? ""
        subject = map.text("subject") ?? ""
        textBody = map.text("textBody") ?? ""
        htmlBody = map.text("htmlBody")
        source = map
    }
}

extension EmailTemplate {
    /// A stretch of a template: text as it is, or a gap's formula.
    package enum Piece: Hashable, Sendable {
        case text(String)
        /// - Parameter offset: where the formula begins, in characters of the template.
        case gap(String, offset: Int)
    }

    /// The pieces of a text; `nil` where a gap is not closed.
    ///
    /// A brace within a text in quotation marks does not close the gap.
    package static func pieces(of text: String) -> [Piece]? {
        var pieces: [Piece] = []
        var plain = ""
        var rest = Array(text)[...]
        while let character = rest.first {
            guard character == "{", rest.dropFirst().first == "!" else {
                plain.append(character)
                rest = rest.dropFirst()
                continue
            }
            let start = rest.startIndex + 2
            guard let end = closing(rest[start...]) else { return nil }
            if !plain.isEmpty { pieces.append(.text(plain)) }
            plain = ""
            pieces.append(.gap(String(rest[start..<end]), offset: start))
            rest = rest[(end + 1)...]
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return pieces
    }

    private static func closing(_ text: ArraySlice<Character>) -> Int? {
        var quote: Character?
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\", quote != nil {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "}" {
                return index
            }
        }
        return nil
    }
}
