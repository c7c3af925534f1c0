/// What the register knows of one question about an org; a question without an answer is left out.
package enum UseFeature: Sendable, Hashable {
    case truth(Bool)
    /// A band's number, or a number of declarations or days; never a number of records.
    case number(Int)
    /// Codes of a closed list.
    case codes(Set<String>)

    var json: CanonicalJSON {
        switch self {
        case .truth(let value): .boolean(value)
        case .number(let value): .integer(value)
        case .codes(let values): .array(values.sorted().map { .string($0) })
        }
    }

    init?(_ json: CanonicalJSON) {
        switch json {
        case .boolean(let value): self = .truth(value)
        case .integer(let value): self = .number(value)
        case .array(let values):
            let texts = values.compactMap { value in
                if case .string(let text) = value { text } else { nil }
            }
            guard texts.count == values.count else { return nil }
            self = .codes(Set(texts))
        case .null, .string, .object: return nil
        }
    }

    /// For people: `2`, `yes`, `contact-details, health`.
    package var text: String {
        switch self {
        case .truth(let value): value ? "yes" : "no"
        case .number(let value): "\(value)"
        case .codes(let values): values.isEmpty ? "none" : values.sorted().joined(separator: ", ")
        }
    }

    package var codes: Set<String>? {
        if case .codes(let values) = self { values } else { nil }
    }

    package var number: Int? {
        if case .number(let value) = self { value } else { nil }
    }
}
