import Gateway
import Kernel
import Metadata

/// Tabs, theme, and the resources that are truthfully empty.
enum TabRoutes {
    /// `GET tabs`: the objects that the org's apps show, once each.
    @Sendable static func tabs(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let objects = tabObjects(reader)
        return .json { writer in
            writer.beginArray()
            for object in objects {
                writer.beginObject()
                writer.emptyList("colors")
                writer.member("custom", object.isCustom)
                writer.member("iconUrl", nil)
                writer.emptyList("icons")
                writer.member("label", object.pluralLabel)
                writer.member("miniIconUrl", nil)
                writer.member(
                    "name",
                    object.isCustom ? object.name.text : "standard-\(object.name.text)"
                )
                writer.member("sobjectName", object.name.text)
                writer.member("url", "\(call.request.origin)/\(object.keyPrefix.description)/o")
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// `GET theme`: which objects have tabs; they have no colours or icons of their own.
    @Sendable static func theme(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let objects = tabObjects(reader)
        return .json { writer in
            writer.beginObject()
            writer.key("themeItems")
            writer.beginArray()
            for object in objects {
                writer.beginObject()
                writer.emptyList("colors")
                writer.emptyList("icons")
                writer.member("name", object.name.text)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    private static func tabObjects(_ reader: RecordReader) -> [ObjectDefinition] {
        var seen: Set<APIName> = []
        return reader.snapshot.schema.presentation.apps.flatMap(\.tabs)
            .filter { seen.insert($0).inserted }
            .compactMap { reader.snapshot.schema.object($0) }
            .filter { reader.access.mayRead($0) }
    }

    /// `GET quickActions`: there are none.
    @Sendable static func quickActions(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        if !call["object"].isEmpty { _ = try reader.object(call["object"]) }
        return .json { writer in
            writer.beginArray()
            writer.endArray()
        }
    }

    /// `GET process/rules`: there are no workflow rules; what follows a save is a flow.
    @Sendable static func rules(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        .json { writer in
            writer.beginObject()
            writer.key("rules")
            writer.beginObject()
            writer.endObject()
            writer.endObject()
        }
    }

    /// `GET process`: what there is below it.
    @Sendable static func processes(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        .json { writer in
            writer.beginObject()
            writer.memberNamed("rules", call.url("process/rules"))
            writer.endObject()
        }
    }
}
