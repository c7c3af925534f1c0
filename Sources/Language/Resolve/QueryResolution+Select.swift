import Metadata

extension QueryResolution {
    mutating func select(
        _ item: SOQLStatement.SelectItem,
        into shape: inout ShapeBuilder,
        limit: SOQLStatement.NumberLiteral?
    ) throws(ResolveError) {
        switch item {
        case .expression(.path(let path), let alias):
            if let alias {
                throw .malformed("only aggregate expressions use field aliasing", at: alias.span)
            }
            try select(path, into: &shape)
        case .expression(.call(let call), let alias):
            try select(call, alias, into: &shape)
        case .expression(.literal(let value), _):
            throw .malformed("a field is expected here", at: value.span)
        case .child(let statement):
            try selectChild(statement, into: &shape, limit: limit)
        case .typeOf(let typeOf):
            try select(typeOf, into: &shape)
        case .fields(let kind, let span):
            try select(kind, span, into: &shape, limit: limit)
        }
    }

    private func add(
        _ item: OutputItem,
        _ key: String,
        under parents: [ShapeBuilder.Parent],
        to shape: inout ShapeBuilder,
        _ name: String,
        _ span: SourceSpan
    ) throws(ResolveError) {
        guard shape.add(item, key: key, under: parents[...]) else {
            throw ResolveError(.invalidField, "duplicate field selected: \(name)", at: span)
        }
    }

    private mutating func select(
        _ path: SOQLStatement.Path,
        into shape: inout ShapeBuilder
    ) throws(ResolveError) {
        let parents = try parents(of: path)
        let target = try target(path)
        let item = item(for: target)
        try add(item.item, item.key, under: parents, to: &shape, item.key, path.span)
    }

    private mutating func item(for target: PathTarget) -> (item: OutputItem, key: String) {
        switch target {
        case .field(let reference):
            let key = reference.field.name.text
            return (value(key, .column(reference)), key)
        case .common(let columns, _):
            let field = columns.first?.field
            let key = field.map { $0.isNameField ? "Name" : $0.name.text } ?? "Name"
            return (value(key, .firstOf(columns)), key)
        case .objectName(let lookup):
            return (value("Type", .objectName(lookup, objects: objects(of: lookup))), "Type")
        case .lookupID(let lookup):
            return (value("Id", .column(lookup)), "Id")
        case .compound(let table, let field):
            let parts = tables[table].object.components(of: field.name).map { part in
                OutputItem.CompoundPart(
                    key: QueryResolution.partKey(part, of: field),
                    column: column(.column(ColumnReference(table: table, field: part))),
                    type: part.valueType
                )
            }
            let visibleParts = zip(parts, tables[table].object.components(of: field.name))
                .filter { visible.isVisible($0.1, of: tables[table].object) }.map(\.0)
            return (.compound(key: field.name.text, parts: visibleParts), field.name.text)
        }
    }

    private mutating func value(_ key: String, _ expression: ResolvedExpression) -> OutputItem {
        .value(key: key, column: column(expression), type: expression.type)
    }

    /// `BillingPostalCode` → `postalCode`, `Site__Latitude__s` → `latitude`.
    private static func partKey(_ part: FieldDefinition, of compound: FieldDefinition) -> String {
        let names = [
            "Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude",
            "GeocodeAccuracy",
        ]
        let text = part.name.text
        let name = names.first { text.hasSuffix($0) || text.hasSuffix("\($0)__s") } ?? text
        return name.prefix(1).lowercased() + name.dropFirst()
    }

    /// The objects in which a path's value stands, outermost first.
    private mutating func parents(
        of path: SOQLStatement.Path
    ) throws(ResolveError) -> [ShapeBuilder.Parent] {
        let segments = absolute(path).dropLast()
        var parents: [ShapeBuilder.Parent] = []
        for count in segments.indices.map({ $0 + 1 }) {
            let place = try walk(segments.prefix(count), span: path.span)
            parents.append(parent(place, spelt: segments[count - 1].text))
        }
        return parents
    }

    private mutating func parent(_ place: PathPlace, spelt: String) -> ShapeBuilder.Parent {
        switch place {
        case .table(let table):
            let key = tables[table].join?.field.parentRelationshipName?.text ?? spelt
            return ShapeBuilder.Parent(
                key: key,
                object: .one(tables[table].object),
                id: column(.column(idColumn(of: table)))
            )
        case .polymorphic(let lookup, let places):
            let key = lookup.field.parentRelationshipName?.text ?? spelt
            let ids = places.map { idColumn(of: $0) }
            return ShapeBuilder.Parent(key: key, object: .any, id: column(.firstOf(ids)))
        }
    }

    private mutating func select(
        _ call: SOQLStatement.Call,
        _ alias: SOQLStatement.Name?,
        into shape: inout ShapeBuilder
    ) throws(ResolveError) {
        let expression = try expression(.call(call), in: .select)
        guard case .datePart = expression else {
            let path = QueryResolution.path(in: call)
            let parents =
                if let path, alias == nil { try parents(of: path) } else {
                    [] as [ShapeBuilder.Parent]
                }
            let key =
                alias?.text ?? path?.segments.last.map { speltField($0.text, path) } ?? "expr0"
            try add(value(key, expression), key, under: parents, to: &shape, key, call.span)
            return
        }
        throw .malformed(
            "\(call.function.text)() in SELECT needs the same in GROUP BY",
            at: call.span
        )
    }

    private mutating func speltField(_ text: String, _ path: SOQLStatement.Path?) -> String {
        guard let path, case .field(let column)? = try? target(path) else { return text }
        return column.field.name.text
    }

    private static func path(in call: SOQLStatement.Call) -> SOQLStatement.Path? {
        switch call.arguments.first {
        case .path(let path): call.function.text.uppercased() == "DISTANCE" ? nil : path
        case .call(let inner): path(in: inner)
        case .literal, nil: nil
        }
    }
}

// MARK: - FIELDS()

extension QueryResolution {
    static let fieldsLimitMax = 200

    private mutating func select(
        _ kind: SOQLStatement.FieldsKind,
        _ span: SourceSpan,
        into shape: inout ShapeBuilder,
        limit: SOQLStatement.NumberLiteral?
    ) throws(ResolveError) {
        if kind != .standard {
            guard let limit, let count = Int(limit.text), count <= QueryResolution.fieldsLimitMax
            else {
                throw .malformed(
                    "The SOQL FIELDS function must have a LIMIT of at most "
                        + "\(QueryResolution.fieldsLimitMax)",
                    at: span
                )
            }
        }
        for field in object.fields where visible.isVisible(field, of: object) {
            guard kind == .all || field.name.isCustom == (kind == .custom) else { continue }
            let target: PathTarget =
                field.isCompound
                ? .compound(table: 0, field) : .field(try reference(to: field, of: 0, at: span))
            let item = item(for: target)
            try add(item.item, item.key, under: [], to: &shape, item.key, span)
        }
    }
}

// MARK: - TYPEOF

extension QueryResolution {
    private mutating func select(
        _ typeOf: SOQLStatement.TypeOf,
        into shape: inout ShapeBuilder
    ) throws(ResolveError) {
        let segments = absolute(typeOf.path)
        guard let last = segments.last, segments.count == 1,
            let field = object.parentField(APIName(last.text)),
            visible.isVisible(field, of: object),
            let reference = field.reference, reference.isPolymorphic
        else {
            throw .malformed(
                "TYPEOF takes a polymorphic relationship of \(object.name)",
                at: typeOf.path.span
            )
        }
        var branches: [OutputItem.TypeBranch] = []
        for branch in typeOf.branches {
            let name = APIName(branch.type.text)
            guard reference.targets.contains(name), let target = schema.object(name),
                visible.isVisible(target)
            else { throw .noObject(branch.type.text, at: branch.type.span) }
            let table = join(0, field, target)
            let items = try items(branch.fields, from: table)
            branches.append(OutputItem.TypeBranch(object: target, items: items))
        }
        let lookup = ColumnReference(table: 0, field: field)
        let otherwise = try otherwiseItems(typeOf, field)
        let key = field.parentRelationshipName?.text ?? last.text
        let item = OutputItem.typeOf(
            key: key,
            id: column(.column(lookup)),
            branches: branches,
            otherwise: otherwise
        )
        try add(item, key, under: [], to: &shape, key, typeOf.span)
    }

    private mutating func items(
        _ paths: [SOQLStatement.Path],
        from table: Int
    ) throws(ResolveError) -> [OutputItem] {
        var items: [OutputItem] = []
        for path in paths {
            let target = tables[table].object
            guard let name = path.segments.first, path.segments.count == 1,
                let field = target.field(APIName(name.text)), visible.isVisible(field, of: target)
            else { throw .noColumn(path.description, on: target.name.text, at: path.span) }
            let place: PathTarget =
                field.isCompound
                ? .compound(table: table, field)
                : .field(try reference(to: field, of: table, at: path.span))
            items.append(item(for: place).item)
        }
        return items
    }

    private mutating func otherwiseItems(
        _ typeOf: SOQLStatement.TypeOf,
        _ field: FieldDefinition
    ) throws(ResolveError) -> [OutputItem] {
        var items: [OutputItem] = []
        guard let relationship = field.parentRelationshipName else { return [] }
        for path in typeOf.otherwise {
            let base = SOQLStatement.Name(relationship.text, span: path.span)
            let target = try target(SOQLStatement.Path([base] + path.segments, span: path.span))
            items.append(item(for: target).item)
        }
        return items
    }
}

// MARK: - Child queries

extension QueryResolution {
    private mutating func selectChild(
        _ statement: SOQLStatement,
        into shape: inout ShapeBuilder,
        limit: SOQLStatement.NumberLiteral?
    ) throws(ResolveError) {
        guard children.count < QueryResolution.childrenMax else {
            throw .malformed(
                "a query has at most \(QueryResolution.childrenMax) child queries",
                at: statement.span
            )
        }
        guard role.childDepth + 1 < QueryResolution.childDepthMax, !role.isSemiJoin else {
            throw .malformed("child queries nest too deeply here", at: statement.span)
        }
        let path = statement.from.object
        let segments = absolute(path)
        guard let name = segments.last, segments.count == 1 else {
            throw .noChildRelationship(path.description, at: path.span)
        }
        guard let relationship = schema.childRelationship(APIName(name.text), of: object.name),
            visible.isVisible(relationship.child),
            visible.isVisible(relationship.field, of: relationship.child)
        else { throw .noChildRelationship(name.text, at: name.span) }
        if let first = statement.select.first(where: isAggregate),
            case .expression(let inner, _) = first
        {
            throw .malformed("a child query cannot aggregate", at: inner.span)
        }
        if let group = statement.groupBy {
            throw .malformed("a child query cannot group", at: group.span)
        }
        var inner = QueryResolution(
            schema: schema,
            visible: visible,
            object: relationship.child,
            role: .child(
                depth: role.childDepth + 1,
                includesDeleted: includesDeleted,
                isParentSingle: limit.flatMap { Int($0.text) } == 1
            )
        )
        let query = try inner.resolve(statement)
        let key = relationship.name?.text ?? name.text
        children.append(
            ResolvedQuery.ChildQuery(name: key, field: relationship.field, query: query)
        )
        try add(
            .child(key: key, index: children.count - 1),
            key,
            under: [],
            to: &shape,
            key,
            statement.span
        )
    }
}
