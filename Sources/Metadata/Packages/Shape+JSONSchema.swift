extension Shape {
    /// The shape as a JSON Schema (draft 2020-12), by which editors complete and check while one
    /// types.
    package var jsonSchema: [UInt8] {
        var writer = JSONWriter(isPretty: true)
        writer.beginObject()
        writer.key("$schema")
        writer.string("https://json-schema.org/draft/2020-12/schema")
        writer.key("title")
        writer.string(title)
        body(&writer)
        definitions(&writer)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// The lists of several kinds of items that it holds at any depth, each once: they may hold
    /// themselves.
    private func definitions(_ writer: inout JSONWriter) {
        var found: [Variants] = []
        collectVariants(into: &found)
        guard !found.isEmpty else { return }
        writer.key("$defs")
        writer.beginObject()
        for variants in found {
            writer.key(variants.name)
            writer.beginObject()
            writer.key("oneOf")
            writer.beginArray()
            for (_, shape) in variants.shapes() {
                writer.beginObject()
                writer.key("title")
                writer.string(shape.title)
                shape.body(&writer)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endObject()
    }

    private func collectVariants(into found: inout [Variants]) {
        for key in keys {
            switch key.kind {
            case .map(let shape), .list(let shape): shape.collectVariants(into: &found)
            case .variants(let variants):
                guard !found.contains(where: { $0.name == variants.name }) else { continue }
                found.append(variants)
                for (_, shape) in variants.shapes() { shape.collectVariants(into: &found) }
            case .text, .boolean, .integer, .name, .choice, .scalar, .texts, .values: break
            }
        }
    }

    private func body(_ writer: inout JSONWriter) {
        writer.key("description")
        writer.string(summary)
        writer.key("type")
        writer.string("object")
        writer.key("additionalProperties")
        writer.bool(false)
        let required = keys.filter(\.isRequired)
        if !required.isEmpty {
            writer.key("required")
            writer.beginArray()
            for key in required { writer.string(key.name) }
            writer.endArray()
        }
        writer.key("properties")
        writer.beginObject()
        for key in keys {
            writer.key(key.name)
            writer.beginObject()
            if case .map = key.kind {
            } else {
                writer.key("description")
                writer.string(key.summary)
            }
            Shape.kind(key.kind, &writer)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func kind(_ kind: Kind, _ writer: inout JSONWriter) {
        switch kind {
        case .text: type(["string"], &writer)
        case .boolean: type(["boolean"], &writer)
        case .integer: type(["integer"], &writer)
        case .name:
            type(["string"], &writer)
            writer.key("pattern")
            writer.string("^[A-Za-z][A-Za-z0-9_]{0,78}[A-Za-z0-9]?$")
        case .choice(let choices):
            writer.key("enum")
            writer.beginArray()
            for choice in choices { writer.string(choice) }
            writer.endArray()
        case .scalar: type(["string", "number", "boolean"], &writer)
        case .values:
            type(["object"], &writer)
            writer.key("additionalProperties")
            writer.beginObject()
            writer.key("type")
            writer.beginArray()
            for name in ["string", "number", "boolean", "null"] { writer.string(name) }
            writer.endArray()
            writer.endObject()
        case .texts:
            writer.key("anyOf")
            writer.beginArray()
            writer.beginObject()
            type(["string"], &writer)
            writer.endObject()
            writer.beginObject()
            type(["array"], &writer)
            writer.key("items")
            writer.beginObject()
            type(["string"], &writer)
            writer.endObject()
            writer.endObject()
            writer.endArray()
        case .map(let shape): shape.body(&writer)
        case .list(let shape):
            type(["array"], &writer)
            writer.key("items")
            writer.beginObject()
            shape.body(&writer)
            writer.endObject()
        case .variants(let variants):
            type(["array"], &writer)
            writer.key("items")
            writer.beginObject()
            writer.key("$ref")
            writer.string("#/$defs/\(variants.name)")
            writer.endObject()
        }
    }

    private static func type(_ names: [String], _ writer: inout JSONWriter) {
        writer.key("type")
        guard names.count > 1 else {
            writer.string(names.first ?? "string")
            return
        }
        writer.beginArray()
        for name in names { writer.string(name) }
        writer.endArray()
    }
}
