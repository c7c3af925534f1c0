import Kernel
import Language
import Metadata

/// Whatever has a value for each record, or for each group.
extension SQLCompiler {
    /// An expression's value as a column of the result.
    ///
    /// `FORMAT` is the output's part: the value itself is read.
    mutating func selected(_ expression: ResolvedExpression) -> String {
        guard dialect == .postgres, !scope.keys.isEmpty, !scope.isInAggregate,
            isFolded(expression.type), let key = scope.keys.firstIndex(of: expression)
        else { return value(expression) }
        // Grouped are the upper-case forms: any of the spellings stands for them.
        let spelling = "MIN(\(value(expression)))"
        guard scope.hasSubtotals else { return spelling }
        return "CASE WHEN GROUPING(\(compared(scope.keys[key]))) = 0 THEN \(spelling) END"
    }

    /// An expression's value.
    mutating func value(_ expression: ResolvedExpression) -> String {
        if !scope.absentKeys.isEmpty, !scope.isInAggregate,
            let key = scope.keys.firstIndex(of: expression), scope.absentKeys.contains(key)
        {
            return "NULL"
        }
        switch expression {
        case .column(let column): return fieldValue(column)
        case .firstOf(let columns):
            let all = columns.map { column($0) }
            return all.count == 1 ? all[0] : "COALESCE(\(all.joined(separator: ", ")))"
        case .objectName(let column, let objects): return objectName(column, objects)
        case .aggregate(let function, let argument): return aggregate(function, argument)
        case .datePart(let part, let inner, let isInUserZone):
            return datePart(part, of: inner, isInUserZone: isInUserZone)
        case .label(let column): return label(column)
        case .formatted(let inner): return formatted(inner)
        case .distance(let from, let to, let unit): return distance(from, to, unit)
        case .isSubtotal(let key): return isSubtotal(key)
        }
    }

    /// An expression as it is compared for equality, and grouped: text without regard to case.
    mutating func compared(_ expression: ResolvedExpression) -> String {
        let text = value(expression)
        guard isFolded(expression.type), text != "NULL" else { return text }
        switch dialect {
        // A column brings its own collation.
        case .sqlite: return isColumn(expression) ? text : "\(text) COLLATE STEWARD"
        case .postgres: return "upper(\(text))"
        }
    }

    /// An expression as it is sorted, and compared with `<`: text by its bytes in upper case.
    mutating func ordered(_ expression: ResolvedExpression) -> String {
        let text = compared(expression)
        return dialect == .postgres && isText(expression.type) ? "\(text) COLLATE \"C\"" : text
    }

    /// Whether values of the type are compared without regard to case.
    func isFolded(_ type: ValueType) -> Bool {
        switch type {
        case .text(let isCaseSensitive): !isCaseSensitive
        case .longText, .multiPicklist: true
        case .id, .boolean, .integer, .decimal, .real, .date, .dateTime, .time, .encrypted, .file:
            false
        }
    }

    func isText(_ type: ValueType) -> Bool {
        if case .text = type { true } else { isFolded(type) }
    }

    func isColumn(_ expression: ResolvedExpression) -> Bool {
        switch expression {
        case .column(let column): !column.field.type.isFormula
        case .firstOf(let columns): columns.count == 1
        case .formatted, .objectName, .aggregate, .datePart, .label, .distance, .isSubtotal: false
        }
    }

    /// Text of the schema's own, such as an object's name.
    func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

// MARK: - Names, labels and formats

extension SQLCompiler {
    /// A value as the caller's locale writes it.
    private mutating func formatted(_ inner: ResolvedExpression) -> String {
        let text = value(inner)
        guard text != "NULL", let kind = formatKind(inner) else { return text }
        let scale =
            switch inner.type {
            case .decimal(let scale): String(scale)
            case .integer: "0"
            case .id, .text, .longText, .multiPicklist, .boolean, .real, .date, .dateTime, .time,
                .encrypted, .file:
                "NULL"
            }
        let locale = share(.text(scope.context?.locale ?? "en_US"))
        return "steward_format('\(kind)', \(text), \(scale), \(locale), \(zone()))"
    }

    /// How a value is written for people; `nil` for one that is text already.
    private func formatKind(_ inner: ResolvedExpression) -> String? {
        switch inner.type {
        case .integer, .decimal, .real: numberKind(inner)
        case .date: "date"
        case .dateTime: "datetime"
        case .time: "time"
        case .id, .text, .longText, .multiPicklist, .boolean, .encrypted, .file: nil
        }
    }

    private func numberKind(_ inner: ResolvedExpression) -> String {
        switch inner {
        case .column(let column):
            switch column.field.type {
            case .currency: "currency"
            case .percent: "percent"
            case .formula(let formula):
                switch formula.returns {
                case .currency: "currency"
                case .percent: "percent"
                case .checkbox, .date, .dateTime, .number, .text, .time: "number"
                }
            case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
                .number, .date, .dateTime, .time, .picklist, .multiselectPicklist, .lookup,
                .masterDetail, .autoNumber, .address, .location, .coordinate, .file, .summary:
                "number"
            }
        case .aggregate(let function, let argument?)
        where function != .count && function != .countDistinct:
            numberKind(argument)
        case .firstOf, .objectName, .aggregate, .datePart, .label, .formatted, .distance,
            .isSubtotal:
            "number"
        }
    }
}

extension SQLCompiler {
    private func objectName(
        _ lookup: ColumnReference,
        _ objects: [ResolvedExpression.ObjectReference]
    ) -> String {
        guard !objects.isEmpty else { return "NULL" }
        let cases = objects.map { "WHEN \($0.prefix.number) THEN \(literal($0.name))" }
        // An id's upper bits say which object it belongs to.
        let prefix = "\(column(lookup)) >> \(RecordID.sequenceBits)"
        return "CASE \(prefix) \(cases.joined(separator: " ")) END"
    }

    /// A picklist's value in the words shown for it, where they differ.
    private mutating func label(_ reference: ColumnReference) -> String {
        // Of a group its key is known, unless the label is a key itself.
        let isKey = scope.keys.contains(.label(reference))
        let column = isKey ? fieldValue(reference) : selected(.column(reference))
        let translated = (reference.field.picklist?.values ?? []).filter { $0.name != $0.label }
        guard !translated.isEmpty, column != "NULL" else { return column }
        var cases = ""
        for value in translated {
            let name = share(.text(value.name))
            cases += " WHEN \(dialect == .postgres ? "upper(\(name))" : name)"
            cases += " THEN \(share(.text(value.label)))"
        }
        let key = dialect == .postgres ? "upper(\(self.column(reference)))" : column
        return "CASE \(key)\(cases) ELSE \(column) END"
    }
}

// MARK: - Dates

extension SQLCompiler {
    private mutating func datePart(
        _ part: DatePart,
        of inner: ResolvedExpression,
        isInUserZone: Bool
    ) -> String {
        // A part of a date that is summed over may be a key of its own.
        let wasInAggregate = scope.isInAggregate
        scope.isInAggregate = true
        defer { scope.isInAggregate = wasInAggregate }
        let moment = LocalMoment(
            value: value(inner),
            zone: inner.type == .dateTime ? .some(isInUserZone ? zone() : nil) : nil
        )
        switch part {
        case .fiscalYear, .fiscalQuarter, .fiscalMonth: return fiscal(part, moment)
        case .calendarYear, .calendarQuarter, .calendarMonth, .dayInYear, .dayInMonth, .dayInWeek,
            .dayOnly, .hourInDay, .weekInMonth, .weekInYear:
            return calendar(part, moment)
        }
    }

    /// A date, or a moment on some clock.
    private struct LocalMoment {
        let value: String
        /// `nil` for a date; within, `nil` for UTC.
        let zone: String??
    }

    private mutating func zone() -> String { share(.text(scope.context?.timeZone ?? "UTC")) }

    private func calendar(_ part: DatePart, _ moment: LocalMoment) -> String {
        switch dialect {
        case .sqlite:
            let name = "'\(part.rawValue.lowercased())'"
            guard let zone = moment.zone else {
                return "steward_datepart_days(\(name), \(moment.value))"
            }
            return "steward_datepart(\(name), \(moment.value), \(zone ?? "NULL"))"
        case .postgres:
            guard let zone = moment.zone else { return postgres(part, of: moment.value) }
            return postgres(part, of: "(\(moment.value) AT TIME ZONE \(zone ?? "'UTC'"))")
        }
    }

    private func postgres(_ part: DatePart, of local: String) -> String {
        func extract(_ field: String) -> String { "EXTRACT(\(field) FROM \(local))::integer" }
        return switch part {
        case .calendarYear, .fiscalYear: extract("YEAR")
        case .calendarQuarter, .fiscalQuarter: extract("QUARTER")
        case .calendarMonth, .fiscalMonth: extract("MONTH")
        case .dayInYear: extract("DOY")
        case .dayInMonth: extract("DAY")
        case .dayInWeek: "(\(extract("DOW")) + 1)"
        case .dayOnly: "\(local)::date"
        case .hourInDay: extract("HOUR")
        case .weekInMonth: "((\(extract("DAY")) - 1) / 7 + 1)"
        case .weekInYear: "((\(extract("DOY")) - 1) / 7 + 1)"
        }
    }

    /// A part of the fiscal year, which begins with a month of the org's own.
    private func fiscal(_ part: DatePart, _ moment: LocalMoment) -> String {
        let settings = scope.context?.calendar ?? CalendarSettings()
        let start = settings.fiscalYearStartMonth
        let month = calendar(.calendarMonth, moment)
        let monthsIn = "(\(month) + \(12 - start)) % 12"
        switch part {
        case .fiscalMonth: return "(\(monthsIn) + 1)"
        case .fiscalQuarter: return "((\(monthsIn)) / 3 + 1)"
        case .fiscalYear, .calendarYear, .calendarQuarter, .calendarMonth, .dayInYear, .dayInMonth,
            .dayInWeek, .dayOnly, .hourInDay, .weekInMonth, .weekInYear:
            let year = calendar(.calendarYear, moment)
            guard start > 1 else { return year }
            return settings.namesFiscalYearByEnd
                ? "(\(year) + CASE WHEN \(month) >= \(start) THEN 1 ELSE 0 END)"
                : "(\(year) - CASE WHEN \(month) < \(start) THEN 1 ELSE 0 END)"
        }
    }
}

// MARK: - Distance

extension SQLCompiler {
    private mutating func distance(
        _ from: ResolvedExpression.Place,
        _ to: ResolvedExpression.Place,
        _ unit: DistanceUnit
    ) -> String {
        let (latitude1, longitude1) = place(from)
        let (latitude2, longitude2) = place(to)
        switch dialect {
        case .sqlite:
            return """
                steward_distance(\(latitude1), \(longitude1), \(latitude2), \(longitude2), \
                '\(unit.rawValue)')
                """
        case .postgres:
            let radius =
                switch unit {
                case .kilometres: "6371.0088"
                case .miles: "(6371.0088 / 1.609344)"
                }
            return """
                (2 * \(radius) * asin(least(1, sqrt(\
                power(sin(radians(\(latitude2) - \(latitude1)) / 2), 2) \
                + cos(radians(\(latitude1))) * cos(radians(\(latitude2))) \
                * power(sin(radians(\(longitude2) - \(longitude1)) / 2), 2)))))
                """
        }
    }

    private mutating func place(_ place: ResolvedExpression.Place) -> (String, String) {
        switch place {
        case .columns(let latitude, let longitude): return (column(latitude), column(longitude))
        case .point(let latitude, let longitude):
            let cast = dialect == .postgres ? "::double precision" : ""
            return (share(.real(latitude)) + cast, share(.real(longitude)) + cast)
        }
    }
}
