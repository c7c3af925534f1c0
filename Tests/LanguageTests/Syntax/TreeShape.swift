import Language

/// A tree as text, without the places in the text it was read from: two trees with the same shape
/// say the same.
func shape(of value: Any) -> String {
    guard !(value is SourceSpan) else { return "" }
    if let text = value as? String { return "\"\(text)\"" }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
        return mirror.children.first.map { shape(of: $0.value) } ?? "nil"
    case .collection:
        return "[" + mirror.children.map { shape(of: $0.value) }.joined(separator: ", ") + "]"
    case .none:
        return "\(value)"
    case .enum where mirror.children.isEmpty:
        return "\(value)"
    default:
        let parts = mirror.children.filter { !($0.value is SourceSpan) }
        return "("
            + parts.map { "\($0.label ?? "") \(shape(of: $0.value))" }.joined(separator: ", ")
            + ")"
    }
}

/// Chance that is the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// True once in `count` times.
    mutating func once(in count: Int) -> Bool { below(count) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}

/// The mistake that a query is refused for, as its writer reads it; `nil` if it is accepted.
func refusal(of query: String) -> String? {
    do throws(SyntaxError) {
        _ = try SOQLParser.parse(query)
        return nil
    } catch {
        return error.message(in: query)
    }
}
