/// What is known of a statement: that it holds, that it does not, or neither.
///
/// The logic is Kleene's: what is not known stays so unless the rest decides without it. So
/// whatever is decided stays decided, whatever else becomes known.
package enum ThreeValued: Int, Hashable, Sendable, CaseIterable {
    case no, unknown, yes

    package init(_ flag: Bool) {
        self = flag ? .yes : .no
    }

    package static prefix func ! (value: ThreeValued) -> ThreeValued {
        switch value {
        case .no: .yes
        case .unknown: .unknown
        case .yes: .no
        }
    }

    /// Whether all hold.
    package static func all(_ values: some Sequence<ThreeValued>) -> ThreeValued {
        values.reduce(.yes) { ThreeValued.lesser($0, $1) }
    }

    /// Whether any holds.
    package static func any(_ values: some Sequence<ThreeValued>) -> ThreeValued {
        !all(values.lazy.map { !$0 })
    }

    private static func lesser(_ one: ThreeValued, _ other: ThreeValued) -> ThreeValued {
        one.rawValue <= other.rawValue ? one : other
    }
}
