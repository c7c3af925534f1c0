extension FieldType {
    /// A roll-up summary field's declaration: one number, date or moment worked out from the records
    /// that point to this one by a lookup.
    package struct Summary: Sendable, CustomStringConvertible {
        package enum Operation: String, Sendable, CaseIterable {
            case count, sum, min, max
        }

        /// What the field holds; that of the summarised field but for a count.
        package enum Result: String, Sendable {
            case number, currency, percent, date, dateTime
        }

        package let operation: Operation
        /// The object whose records are summarised.
        package let child: APIName
        /// The child's lookup or master-detail field to this object.
        package let lookup: APIName
        /// The child's field; none for a count.
        package let field: APIName?
        /// Which children count: those for which all of these hold.
        package let filters: [Criteria.Item]
        package let result: Result
        package let precision: Int
        package let scale: Int
        /// The field's declaration, for problems found later.
        package let declaration: ShapedMap?

        package init(
            operation: Operation,
            child: APIName,
            lookup: APIName,
            field: APIName?,
            filters: [Criteria.Item] = [],
            result: Result = .number,
            precision: Int = 18,
            scale: Int = 0,
            declaration: ShapedMap? = nil
        ) {
            self.operation = operation
            self.child = child
            self.lookup = lookup
            self.field = field
            self.filters = filters
            self.result = result
            self.precision = precision
            self.scale = scale
            self.declaration = declaration
        }

        /// The same summary, holding what the summarised field holds.
        func holding(_ result: Result, precision: Int, scale: Int) -> Summary {
            Summary(
                operation: operation,
                child: child,
                lookup: lookup,
                field: field,
                filters: filters,
                result: result,
                precision: precision,
                scale: scale,
                declaration: declaration
            )
        }

        /// What it says, wherever it stands.
        package var description: String {
            let conditions = filters.map { "\($0.field) \($0.operation.rawValue) \($0.value)" }
            return "\(operation.rawValue) \(child).\(field?.text ?? "") by \(lookup) "
                + "\(result.rawValue)(\(precision), \(scale)) \(conditions.joined(separator: ", "))"
        }

        /// What it is where no child counts: nothing counted or added is zero, and the least or
        /// greatest of nothing is no value.
        package var valueOfNone: FieldValue {
            switch operation {
            case .count, .sum: .number(ExactDecimal(unscaled: 0, scale: scale))
            case .min, .max: .null
            }
        }
    }
}
