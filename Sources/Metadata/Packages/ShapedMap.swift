import Yams

/// A mapping of a YAML document that has exactly the keys of its shape.
package struct ShapedMap: Sendable {
    package indirect enum Content: Sendable {
        case text(String)
        case boolean(Bool)
        case integer(Int)
        case texts([String])
        case map(ShapedMap)
        case list([ShapedMap])
        case values([Value])
    }

    /// A name of the writer's choosing, and what stands beside it.
    package struct Value: Sendable, Hashable {
        package let name: String
        /// `nil` for nothing: `null` or `~`.
        package let text: String?
    }

    struct Entry: Sendable {
        let content: Content
        let line: Int
        let column: Int
        /// Where the value's text stands, if it is text.
        var text: TextPlace?
    }

    package let file: String
    package let line: Int
    package let column: Int
    private let entries: [String: Entry]

    init(file: String, line: Int, column: Int, entries: [String: Entry]) {
        self.file = file
        self.line = line
        self.column = column
        self.entries = entries
    }

    package func has(_ key: String) -> Bool { entries[key] != nil }

    package func text(_ key: String) -> String? {
        switch entries[key]?.content {
        case .text(let value): value
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .texts(let values): values.first
        case .map, .list, .values, nil: nil
        }
    }

    package func name(_ key: String) -> APIName? { text(key).map { APIName($0) } }

    package func boolean(_ key: String) -> Bool? {
        if case .boolean(let value) = entries[key]?.content { value } else { nil }
    }

    package func integer(_ key: String) -> Int? {
        if case .integer(let value) = entries[key]?.content { value } else { nil }
    }

    package func texts(_ key: String) -> [String] {
        if case .texts(let values) = entries[key]?.content { values } else { [] }
    }

    package func map(_ key: String) -> ShapedMap? {
        if case .map(let value) = entries[key]?.content { value } else { nil }
    }

    package func list(_ key: String) -> [ShapedMap] {
        if case .list(let values) = entries[key]?.content { values } else { [] }
    }

    /// A problem inside a key's text, such as a formula.
    ///
    /// - Parameters:
    ///   - line: of the text, counted from one.
    ///   - column: counted from one, in characters.
    package func problem(
        _ message: String,
        in key: String,
        line: Int,
        column: Int
    ) -> PackageProblem {
        guard let place = entries[key]?.text?.place(ofLine: line, column: column) else {
            return problem(message, at: key)
        }
        return PackageProblem(
            file: file,
            line: place.line,
            column: place.column,
            message: message
        )
    }

    package func values(_ key: String) -> [Value] {
        if case .values(let values) = entries[key]?.content { values } else { [] }
    }

    /// A problem at a key's place, or at the mapping's own.
    package func problem(_ message: String, at key: String? = nil) -> PackageProblem {
        let entry = key.flatMap { entries[$0] }
        return PackageProblem(
            file: file,
            line: entry?.line ?? line,
            column: entry?.column ?? column,
            message: message
        )
    }
}

extension ShapedMap {
    /// Reads one file that is no part of a metadata package, as strictly as if it were.
    ///
    /// - Throws: `PackageProblems`, with all that is wrong.
    package static func read(
        _ file: MetadataPackage.File,
        as shape: Shape
    ) throws(PackageProblems) -> ShapedMap {
        var reader = ShapeReader(file: file.path)
        let map = reader.read(file.text, as: shape)
        guard let map, reader.problems.isEmpty else { throw PackageProblems(reader.problems) }
        return map
    }
}

/// Reads YAML text by a shape: unknown keys, wrong types and missing keys are problems with a place.
struct ShapeReader {
    let file: String
    private(set) var problems: [PackageProblem] = []
    private var lines: [Substring] = []

    init(file: String) {
        self.file = file
    }

    mutating func read(_ text: String, as shape: Shape) -> ShapedMap? {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        do {
            guard let node = try Yams.compose(yaml: text) else {
                problems.append(problem("is empty; expected \(shape.title)", nil))
                return nil
            }
            return map(node, shape)
        } catch let error as YamlError {
            problems.append(ShapeReader.problem(of: error, in: file))
        } catch {
            problems.append(problem("cannot be read: \(error)", nil))
        }
        return nil
    }

    private mutating func map(_ node: Node, _ shape: Shape) -> ShapedMap? {
        guard case .mapping(let mapping) = node else {
            problems.append(problem("expected \(shape.title): a mapping of keys", node))
            return nil
        }
        var entries: [String: ShapedMap.Entry] = [:]
        for (keyNode, valueNode) in mapping {
            guard let name = keyNode.string else {
                problems.append(problem("a key must be text", keyNode))
                continue
            }
            guard let key = shape.keys.first(where: { $0.name == name }) else {
                let hint = Suggestion.phrase(for: name, among: shape.keys.map(\.name))
                problems.append(problem("unknown key `\(name)` in \(shape.title)\(hint)", keyNode))
                continue
            }
            guard let content = content(valueNode, key) else { continue }
            entries[name] = ShapedMap.Entry(
                content: content,
                line: keyNode.mark?.line ?? 0,
                column: keyNode.mark?.column ?? 0,
                text: TextPlace(valueNode, in: lines)
            )
        }
        for key in shape.keys where key.isRequired && entries[key.name] == nil {
            if !mapping.contains(where: { $0.key.string == key.name }) {
                problems.append(problem("\(shape.title) needs the key `\(key.name)`", node))
            }
        }
        return ShapedMap(
            file: file,
            line: node.mark?.line ?? 0,
            column: node.mark?.column ?? 0,
            entries: entries
        )
    }

    private mutating func content(_ node: Node, _ key: Shape.Key) -> ShapedMap.Content? {
        switch key.kind {
        case .text, .scalar:
            if let text = node.scalar?.string { return .text(text) }
        case .boolean:
            if let text = node.scalar?.string, text == "true" || text == "false" {
                return .boolean(text == "true")
            }
            problems.append(problem("`\(key.name)` must be true or false", node))
            return nil
        case .integer:
            if let text = node.scalar?.string, let value = Int(text) { return .integer(value) }
            problems.append(problem("`\(key.name)` must be a whole number", node))
            return nil
        case .name:
            if let text = node.scalar?.string, APIName.isWellFormed(text) { return .text(text) }
            problems.append(
                problem("`\(key.name)` must be a name: letters, digits and underscores", node)
            )
            return nil
        case .choice(let choices):
            return choice(node, key, choices)
        case .texts:
            return texts(node, key)
        case .map(let shape):
            return map(node, shape).map { .map($0) }
        case .list(let shape):
            return list(node, key, shape)
        case .variants(let variants):
            return list(node, key, variants)
        case .values:
            return values(node, key)
        }
        problems.append(problem("`\(key.name)` must be text\(ShapeReader.advice(node))", node))
        return nil
    }

    private mutating func choice(
        _ node: Node,
        _ key: Shape.Key,
        _ choices: [String]
    ) -> ShapedMap.Content? {
        let text = node.scalar?.string ?? ""
        if choices.contains(text) { return .text(text) }
        let hint = Suggestion.phrase(for: text, among: choices)
        problems.append(
            problem(
                "`\(key.name)` cannot be `\(text)`\(hint); one of \(choices.joined(separator: ", "))",
                node
            )
        )
        return nil
    }

    private mutating func texts(_ node: Node, _ key: Shape.Key) -> ShapedMap.Content? {
        if let text = node.scalar?.string { return .texts([text]) }
        if case .sequence(let sequence) = node {
            let values = sequence.compactMap { $0.scalar?.string }
            if values.count == sequence.count { return .texts(values) }
        }
        problems.append(problem("`\(key.name)` must be text or a list of texts", node))
        return nil
    }

    private mutating func list(
        _ node: Node,
        _ key: Shape.Key,
        _ shape: Shape
    ) -> ShapedMap.Content? {
        guard case .sequence(let sequence) = node else {
            problems.append(problem("`\(key.name)` must be a list, each item \(shape.title)", node))
            return nil
        }
        var maps: [ShapedMap] = []
        for item in sequence {
            if let map = map(item, shape) { maps.append(map) }
        }
        return .list(maps)
    }

    private mutating func values(_ node: Node, _ key: Shape.Key) -> ShapedMap.Content? {
        guard case .mapping(let mapping) = node else {
            problems.append(problem("`\(key.name)` must be a mapping of names to values", node))
            return nil
        }
        var values: [ShapedMap.Value] = []
        for (nameNode, valueNode) in mapping {
            guard let name = nameNode.string, let scalar = valueNode.scalar else {
                problems.append(problem("`\(key.name)` takes names with one value each", valueNode))
                continue
            }
            let isNothing = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            values.append(ShapedMap.Value(name: name, text: isNothing ? nil : scalar.string))
        }
        return .values(values)
    }

    /// A list of several kinds of items: each has one key that says of which kind it is.
    private mutating func list(
        _ node: Node,
        _ key: Shape.Key,
        _ variants: Shape.Variants
    ) -> ShapedMap.Content? {
        guard case .sequence(let sequence) = node else {
            problems.append(
                problem("`\(key.name)` must be a list, each item a \(variants.name)", node)
            )
            return nil
        }
        let shapes = variants.shapes()
        var maps: [ShapedMap] = []
        for item in sequence {
            guard let shape = shape(of: item, variants, shapes) else { continue }
            if let map = map(item, shape) { maps.append(map) }
        }
        return .list(maps)
    }

    private mutating func shape(
        of item: Node,
        _ variants: Shape.Variants,
        _ shapes: [(key: String, shape: Shape)]
    ) -> Shape? {
        guard case .mapping(let mapping) = item else {
            problems.append(problem("expected a \(variants.name): a mapping of keys", item))
            return nil
        }
        let names = mapping.compactMap { $0.key.string }
        if let found = shapes.first(where: { names.contains($0.key) }) { return found.shape }
        let known = shapes.map(\.key)
        let hint = names.lazy.compactMap { Suggestion.nearest(to: $0, among: known) }.first
            .map { " (did you mean `\($0)`?)" }
        problems.append(
            problem(
                "a \(variants.name) says what it is by one of the keys "
                    + "\(known.joined(separator: ", "))\(hint ?? "")",
                item
            )
        )
        return nil
    }

    /// What may have been meant where a mapping stands in the place of text.
    private static func advice(_ node: Node) -> String {
        guard case .mapping = node else { return "" }
        return "; text that begins with `{` needs quotes: \"{!…}\""
    }

    private func problem(_ message: String, _ node: Node?) -> PackageProblem {
        PackageProblem(
            file: file,
            line: node?.mark?.line ?? 0,
            column: node?.mark?.column ?? 0,
            message: message
        )
    }

    private static func problem(of error: YamlError, in file: String) -> PackageProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            PackageProblem(
                file: file,
                line: mark.line,
                column: mark.column,
                message: "is no YAML: \(problem)"
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            PackageProblem(
                file: file,
                line: context.mark.line,
                column: context.mark.column,
                message: "a key stands twice: \(duplicates.map(String.init(describing:)))"
            )
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            PackageProblem(file: file, line: 0, column: 0, message: "is no YAML: \(error)")
        }
    }
}
