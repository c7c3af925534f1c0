import Metadata

/// Where a chain of relationships leads.
enum PathPlace {
    case table(Int)
    /// A polymorphic lookup: a table for each object it may point to.
    case polymorphic(ColumnReference, tables: [Int])
}

/// What a whole path names.
enum PathTarget {
    case field(ColumnReference)
    case compound(table: Int, FieldDefinition)
    /// A field of a polymorphic parent: the tables that have it.
    case common([ColumnReference], lookup: ColumnReference)
    case objectName(ColumnReference)
    case lookupID(ColumnReference)
}

extension QueryResolution {
    /// The segments of a path from the FROM object: its name or an alias in front is dropped.
    func absolute(_ path: SOQLStatement.Path) -> [SOQLStatement.Name] {
        guard path.segments.count > 1, let first = path.segments.first else { return path.segments }
        if let base = aliases[first.text.lowercased()] { return base + path.segments.dropFirst() }
        let isObject = APIName(first.text) == object.name
        if isObject && object.parentField(APIName(first.text)) == nil {
            return Array(path.segments.dropFirst())
        }
        return path.segments
    }

    mutating func target(_ path: SOQLStatement.Path) throws(ResolveError) -> PathTarget {
        let segments = absolute(path)
        guard let last = segments.last else {
            throw .malformed("a field is missing", at: path.span)
        }
        switch try walk(segments.dropLast(), span: path.span) {
        case .table(let table):
            let object = tables[table].object
            guard let field = object.field(APIName(last.text)), visible.isVisible(field, of: object)
            else { throw .noColumn(last.text, on: object.name.text, at: last.span) }
            if field.isCompound { return .compound(table: table, field) }
            return .field(try reference(to: field, of: table, at: last.span))
        case .polymorphic(let lookup, let places):
            return try common(last, lookup, places)
        }
    }

    private func common(
        _ name: SOQLStatement.Name,
        _ lookup: ColumnReference,
        _ places: [Int]
    ) throws(ResolveError) -> PathTarget {
        let apiName = APIName(name.text)
        if apiName == "Type" { return .objectName(lookup) }
        if apiName == "Id" { return .lookupID(lookup) }
        let columns = places.compactMap { table -> ColumnReference? in
            let object = tables[table].object
            let field = apiName == "Name" ? object.nameField : object.field(apiName)
            guard let field, field.isStored, visible.isVisible(field, of: object) else {
                return nil
            }
            return ColumnReference(table: table, field: field)
        }
        let isOneKind = Set(columns.map(\.field.valueType)).count == 1
        guard !columns.isEmpty, isOneKind else {
            throw .noColumn(name.text, on: "Name", at: name.span)
        }
        return .common(columns, lookup: lookup)
    }

    /// Follows relationships from the FROM object; each becomes a table, once.
    mutating func walk(
        _ segments: some Collection<SOQLStatement.Name>,
        span: SourceSpan
    ) throws(ResolveError) -> PathPlace {
        guard segments.count <= QueryResolution.parentDepthMax else {
            throw .malformed(
                "a path goes at most \(QueryResolution.parentDepthMax) levels up",
                at: span
            )
        }
        var place = PathPlace.table(0)
        for segment in segments { place = try step(segment, from: place) }
        return place
    }

    private mutating func step(
        _ segment: SOQLStatement.Name,
        from place: PathPlace
    ) throws(ResolveError) -> PathPlace {
        let name = APIName(segment.text)
        switch place {
        case .table(let table):
            return try step(name, segment, from: table)
        case .polymorphic(_, let places):
            // Beyond a polymorphic parent a path goes on only where one of its objects can.
            let capable = places.filter { table in
                let object = tables[table].object
                return object.parentField(name).map { visible.isVisible($0, of: object) } ?? false
            }
            guard let table = capable.first, capable.count == 1 else {
                throw .noRelationship(segment.text, at: segment.span)
            }
            return try step(name, segment, from: table)
        }
    }

    private mutating func step(
        _ name: APIName,
        _ segment: SOQLStatement.Name,
        from table: Int
    ) throws(ResolveError) -> PathPlace {
        let object = tables[table].object
        guard let field = object.parentField(name), visible.isVisible(field, of: object),
            let reference = field.reference
        else { throw .noRelationship(segment.text, at: segment.span) }
        let targets = reference.targets.compactMap { schema.object($0) }.filter(visible.isVisible)
        guard let first = targets.first else {
            throw .noRelationship(segment.text, at: segment.span)
        }
        if !reference.isPolymorphic { return .table(join(table, field, first)) }
        let lookup = ColumnReference(table: table, field: field)
        let places = targets.map { join(table, field, $0) }
        return .polymorphic(lookup, tables: places)
    }

    mutating func join(
        _ table: Int,
        _ field: FieldDefinition,
        _ target: ObjectDefinition,
        isForFormulas: Bool = false
    ) -> Int {
        let key = JoinKey(
            from: table,
            field: field.name,
            target: target.name,
            isForFormulas: isForFormulas
        )
        if let known = joins[key] { return known }
        tables.append(
            ResolvedQuery.Table(
                object: target,
                join: ResolvedQuery.Join(from: table, field: field),
                isForFormulas: isForFormulas
            )
        )
        joins[key] = tables.count - 1
        return tables.count - 1
    }
}
