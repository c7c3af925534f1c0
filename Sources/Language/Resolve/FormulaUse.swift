import Metadata

/// A formula field that a query names, with the place of everything that it reads.
package struct FormulaUse: Sendable {
    package let formula: FieldFormula
    /// Where the query reads each path of the formula.
    package let columns: [FormulaPath: ColumnReference]
    /// The field's own table; it is worked out for each of its rows.
    private let table: Int

    init(formula: FieldFormula, table: Int, columns: [FormulaPath: ColumnReference]) {
        self.formula = formula
        self.table = table
        self.columns = columns
    }

    /// The tables that it reads.
    package var tables: Set<Int> { Set(columns.values.map(\.table)).union([table]) }
}

extension QueryResolution {
    /// A column of a table; a formula field brings the parents that it reads.
    mutating func reference(
        to field: FieldDefinition,
        of table: Int,
        at span: SourceSpan?
    ) throws(ResolveError) -> ColumnReference {
        let reference = ColumnReference(table: table, field: field)
        guard field.type.isFormula, formulas[reference] == nil else { return reference }
        let formula: FieldFormula
        do throws(FormulaError) {
            formula = try schema.formulaFields.formula(
                of: field,
                on: tables[table].object,
                in: schema
            )
        } catch {
            throw ResolveError(
                .invalidField,
                "the formula of '\(field.name)' has no value: \(error.message)",
                at: span
            )
        }
        var columns: [FormulaPath: ColumnReference] = [:]
        for path in formula.inputs { columns[path] = column(of: path, from: table) }
        formulas[reference] = FormulaUse(formula: formula, table: table, columns: columns)
        return reference
    }

    /// Where a formula's path ends; the parents on the way are joined for formulas.
    private mutating func column(of path: FormulaPath, from table: Int) -> ColumnReference {
        var place = path.root == .user ? ownRow(path.base) : table
        for step in path.steps {
            place = join(place, step.lookup, step.target, isForFormulas: true)
        }
        return ColumnReference(table: place, field: path.field)
    }

    /// The row of the caller, or of the caller's org: a table that no lookup leads to.
    private mutating func ownRow(_ object: ObjectDefinition) -> Int {
        let known = tables.indices.dropFirst().first { position in
            tables[position].join == nil && tables[position].object.name == object.name
        }
        if let known { return known }
        tables.append(ResolvedQuery.Table(object: object, join: nil, isForFormulas: true))
        return tables.count - 1
    }

    /// Groups are of values that stay: those of a formula that looks at the clock or at its reader
    /// do not.
    func checkGrouping(
        _ column: ColumnReference,
        in place: ExpressionPlace,
        _ path: SOQLStatement.Path
    ) throws(ResolveError) {
        guard place == .group, let use = formulas[column], !use.formula.isDeterministic else {
            return
        }
        throw .malformed(
            "field '\(column.field.name)' can not be grouped in a query call: its formula depends "
                + "on the time or on the user",
            at: path.span
        )
    }
}
