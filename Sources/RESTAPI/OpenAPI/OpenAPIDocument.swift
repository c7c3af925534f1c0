import Gateway
package import Metadata

/// The API described in the terms of OpenAPI 3.1, made from the table of routes.
package enum OpenAPIDocument {
    /// `GET /services/data/openapi.json`.
    @Sendable static func response(_ call: APICall) throws -> APIResponse {
        .ok(bytes)
    }

    private static let bytes: [UInt8] = {
        var writer = JSONWriter(capacity: 64 * 1_024)
        write(RouteTable.standard, to: &writer)
        return writer.bytes
    }()

    /// The document for a table of routes.
    package static func write(_ table: RouteTable, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("openapi", "3.1.0")
        writer.key("info")
        writer.beginObject()
        writer.member("title", "Steward")
        writer.member("version", APIVersion.newest.text)
        writer.member(
            "description",
            "Records, queries and bulk jobs of an org, in the dialect of the Salesforce REST API."
        )
        writer.endObject()
        writer.key("security")
        writer.beginArray()
        writer.beginObject()
        writer.emptyList("session")
        writer.endObject()
        writer.endArray()
        writer.key("paths")
        writer.beginObject()
        for (path, routes) in paths(of: table) {
            writer.key(path)
            writer.beginObject()
            for route in routes { write(route, to: &writer) }
            writer.endObject()
        }
        writer.endObject()
        writeComponents(to: &writer)
        writer.endObject()
    }

    private static func paths(of table: RouteTable) -> [(path: String, routes: [Route])] {
        let grouped = Dictionary(grouping: table.routes) { route in
            route.pattern.reduce(into: "") { path, part in
                path += part.hasPrefix(":") ? "/{\(part.dropFirst())}" : "/\(part)"
            }
        }
        return grouped.sorted { $0.key < $1.key }.map { path, routes in
            (path, routes.sorted { $0.method.rawValue < $1.method.rawValue })
        }
    }

    private static func write(_ route: Route, to writer: inout JSONWriter) {
        writer.key(route.method.rawValue.lowercased())
        writer.beginObject()
        writer.member("summary", route.summary)
        writer.member("operationId", operationID(route))
        if route.isOpen { writer.emptyList("security") }
        writer.key("parameters")
        writer.beginArray()
        for name in route.variables {
            writer.beginObject()
            writer.member("name", name)
            writer.member("in", "path")
            writer.member("required", true)
            writer.key("schema")
            writer.beginObject()
            writer.member("type", "string")
            if name == "version" {
                writer.member("pattern", "^[vV][0-9]{2}\\.0$")
                writer.member("default", "v\(APIVersion.newest.text)")
            }
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        writeResponses(to: &writer)
        writer.endObject()
    }

    /// `getSobjectsObjectDescribe`: the method and the path as one word.
    private static func operationID(_ route: Route) -> String {
        let words = route.pattern.filter { $0 != "services" && $0 != "data" && $0 != ":version" }
            .map { $0.filter { $0.isLetter || $0.isNumber } }
        let capitalized = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        let isVersioned = route.pattern.contains(":version")
        return route.method.rawValue.lowercased()
            + (words.isEmpty ? (isVersioned ? "Resources" : "Versions") : capitalized.joined())
    }

    private static func writeResponses(to writer: inout JSONWriter) {
        writer.key("responses")
        writer.beginObject()
        writer.key("2XX")
        writer.beginObject()
        writer.member("description", "Done.")
        writer.endObject()
        writer.key("default")
        writer.beginObject()
        writer.member("description", "Refused, and why.")
        writer.key("content")
        writer.beginObject()
        writer.key("application/json")
        writer.beginObject()
        writer.key("schema")
        writer.beginObject()
        writer.member("$ref", "#/components/schemas/Errors")
        writer.endObject()
        writer.endObject()
        writer.endObject()
        writer.endObject()
        writer.endObject()
    }

    private static func writeComponents(to writer: inout JSONWriter) {
        writer.key("components")
        writer.value([
            "securitySchemes": [
                "session": [
                    "type": "http", "scheme": "bearer",
                    "description": "The access token of /services/oauth2/token.",
                ]
            ],
            "schemas": [
                "Errors": [
                    "type": "array",
                    "items": [
                        "type": "object", "required": ["message", "errorCode"],
                        "properties": [
                            "message": ["type": "string"],
                            "errorCode": ["type": "string"],
                            "fields": ["type": "array", "items": ["type": "string"]],
                        ],
                    ],
                ]
            ],
        ])
    }
}
