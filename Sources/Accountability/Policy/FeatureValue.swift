/// What is known of one fact of a policy or one feature of the register.
///
/// What is not known has no value.
package enum FeatureValue: Hashable, Sendable {
    case flag(Bool)
    /// A step of a scale or a band, from 0.
    case level(Int)
    /// One of a closed list.
    case code(String)
    /// Some of a closed list.
    case codes(Set<String>)

    /// As the policy's files write it: `true`, `3`, `opposition`, `health;biometrics`.
    package var text: String {
        switch self {
        case .flag(let flag): String(flag)
        case .level(let level): String(level)
        case .code(let code): code
        case .codes(let codes): codes.sorted().joined(separator: ";")
        }
    }
}

/// What a fact or a feature can be.
package enum FeatureKind: Hashable, Sendable {
    case flag
    /// Whole steps.
    case level(ClosedRange<Int>)
    case code([String])
    case codes([String])

    /// Whether a value is one of these.
    package func admits(_ value: FeatureValue) -> Bool {
        switch (self, value) {
        case (.flag, .flag): true
        case (.level(let range), .level(let level)): range.contains(level)
        case (.code(let known), .code(let code)): known.contains(code)
        case (.codes(let known), .codes(let codes)): codes.isSubset(of: known)
        case (.flag, _), (.level, _), (.code, _), (.codes, _): false
        }
    }

    /// Reads a value as the policy's files write it; `nil` for what this cannot be.
    package func value(_ text: String) -> FeatureValue? {
        let value: FeatureValue? =
            switch self {
            case .flag: text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
            case .level: Int(text).map { .level($0) }
            case .code: .code(text)
            case .codes: .codes(Set(text.split(separator: ";").map(String.init)))
            }
        return value.flatMap { admits($0) ? $0 : nil }
    }

    /// What would be right, for messages.
    package var advice: String {
        switch self {
        case .flag: "true or false"
        case .level(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .code(let known): "one of \(known.joined(separator: ", "))"
        case .codes(let known): "some of \(known.joined(separator: ", ")), between semicolons"
        }
    }
}
