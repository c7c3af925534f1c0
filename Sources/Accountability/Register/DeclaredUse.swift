/// A use declaration, as far as the register compares it with what it sees.
package struct DeclaredUse: Sendable, Hashable {
    /// `UD-0001`.
    package let name: String
    package let version: Int
    package let product: String
    package let category: String
    package let dataCategories: Set<String>
    package let specialCategories: Set<String>
    package let hasChildren: Bool
    package let automatedDecisions: String
    /// `2026-11-24`: the day until which it is to be attested again; `nil` where none is named.
    package let reattestDue: String?
    /// Whether it counts: active, and not withdrawn or expired.
    package let isInForce: Bool
    /// What stands where the declaration has sealed it.
    package let isSealed: Bool

    /// A declaration by the API names of its fields, as the object and the log's entry have them.
    ///
    /// - Parameter isInForce: whether it has been neither withdrawn nor let lapse.
    package init(name: String, fields: [String: String], isInForce: Bool) {
        func list(_ text: String?) -> Set<String> {
            Set((text ?? "").split(separator: ";").map(String.init))
        }
        self.name = name
        version = Int(fields["Version"] ?? "") ?? 1
        product = fields["Product"] ?? ""
        category = fields["Category"] ?? ""
        dataCategories = list(fields["DataCategories"])
        specialCategories = list(fields["SpecialCategories"])
        hasChildren = fields["Children"] == "true"
        automatedDecisions = fields["AutomatedDecisions"] ?? ""
        reattestDue = fields["ReattestDue"]
        self.isInForce = isInForce
        isSealed = fields["Publicity"] == "Sealed"
    }

    /// Whether it is in force and not overdue on a day: `2026-11-24`.
    package func isCurrent(on date: String) -> Bool {
        isInForce && (reattestDue.map { date <= $0 } ?? true)
    }
}
